"""How an official number is written and read."""

import re
from dataclasses import dataclass

# Handbook 0.5: 1–10 characters, the year in six-cornered brackets, 1–4 digits without leading zeros.
PREFIX = re.compile(r"[\u4e00-\u9fa5]{1,10}")
NUMBER = re.compile(r"(?P<prefix>[\u4e00-\u9fa5]{1,10})〔(?P<year>(?:19|20)\d{2})〕(?P<serial>\d{1,4})号")
MOST = 9999


@dataclass(frozen=True)
class DocumentNumber:
    prefix: str
    year: int
    serial: int

    def __str__(self) -> str:
        return f"{self.prefix}〔{self.year}〕{self.serial}号"


def is_prefix(text: str) -> bool:
    return PREFIX.fullmatch(text) is not None


def read_number(text: str) -> DocumentNumber | None:
    """The parts of an official number; None for anything else, square or round brackets included."""
    found = NUMBER.fullmatch(text)
    if found is None:
        return None
    return DocumentNumber(found["prefix"], int(found["year"]), int(found["serial"]))
