"""The rule files that come with the program: every app keeps its own in its folder ``rules/``."""

import csv
import datetime as dt
from functools import lru_cache
from pathlib import Path

from django.apps import apps

from yiwang.platform.rules.library.book import Book, read_book
from yiwang.platform.rules.library.model import Parameter

WORKDAYS = "workdays.csv"


def rule_folders() -> list[Path]:
    folders = [Path(config.path) / "rules" for config in apps.get_app_configs()]
    return [folder for folder in folders if folder.is_dir() and any(folder.glob("*.toml"))]


@lru_cache(maxsize=1)
def packaged_book() -> Book:
    """Read once per process: these files change only with the program."""
    return read_book(rule_folders())


def packaged_parameters(book: Book) -> dict[str, Parameter]:
    """Every parameter by its full name: shared ones as they are, a programme's own as ``programme.name``."""
    own = {
        f"{key}.{name}": parameter
        for key, parameters in book.own_parameters.items()
        for name, parameter in parameters.items()
    }
    return {**book.parameters, **own}


def packaged_workdays() -> dict[dt.date, tuple[bool, str, bool]]:
    """day -> (works, note, provisional)"""
    days = {}
    for folder in rule_folders():
        path = folder / WORKDAYS
        if path.exists():
            with path.open(encoding="utf-8-sig", newline="") as file:
                for row in csv.DictReader(file):
                    day = dt.date.fromisoformat(row["date"])
                    days[day] = (row["is_workday"] == "yes", row["note"], row["provisional"] == "yes")
    return days
