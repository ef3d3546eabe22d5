"""What wings know of a person beyond the register: each registers the facts it keeps, in words of the vocabulary."""

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # wings register before the models are loaded
    from yiwang.register.members.models import Person

Known = Callable[["Person", dt.date], dict[str, Any]]
KNOWN: dict[str, Known] = {}


def register_facts_of(source: str, known: Known) -> None:
    """Called from ``AppConfig.ready``: asked whenever the rules look at a person, so one query and no writing."""
    KNOWN[source] = known


def known_by_wings(person: "Person", on: dt.date) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for known in KNOWN.values():
        found |= known(person, on)
    return found
