"""What bank statements say, and what they must never say: data, not code."""

import tomllib
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "data" / "wording.toml"
LONGEST = 60


@cache
def _data() -> dict[str, Any]:
    with FILE.open("rb") as file:
        return tomllib.load(file)


def purpose_of(item: str) -> str:
    """Neutral words for the statement of whoever receives it."""
    purposes = _data()["purposes"]
    return str(purposes.get(item, purposes["other"]))


@lru_cache(maxsize=1000)
def telltale(purpose: str) -> str:
    """The first word in a purpose that tells of illness or hardship, or nothing."""
    return next((word for word in _data()["refused"]["words"] if word in purpose), "")


@lru_cache(maxsize=1000)
def return_code(reason: str) -> str:
    """The code of a bank's reason in words; codes stand for themselves."""
    returns: dict[str, list[str]] = _data()["returns"]
    if reason in (*returns, "other"):
        return reason
    return next((code for code, words in returns.items() if any(word in reason for word in words)), "other")


def batch_word() -> str:
    return str(_data()["batch"])
