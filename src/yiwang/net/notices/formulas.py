"""What must not stand in a public notice."""

import re
from collections.abc import Iterable, Mapping

FIELDS = ("name", "unit", "matter", "people")
LONG_NUMBER = re.compile(r"\d{5,}")


def telltale(rows: Iterable[Mapping[str, object]]) -> str:
    """The first thing that would tell who somebody is: another field, a whole name, a long number."""
    for row in rows:
        for key, value in row.items():
            text = str(value)
            if key not in FIELDS:
                return key
            if key == "name" and "*" not in text:
                return text
            if LONG_NUMBER.search(text):
                return text
    return ""
