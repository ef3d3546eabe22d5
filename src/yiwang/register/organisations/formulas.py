"""Names, codes and places of union bodies: plain functions."""

import re
from dataclasses import dataclass

from yiwang.platform.text.chinese import SIMPLIFIED

_SPACES = re.compile(r"[\s\u3000\u200b\ufeff]+")
_BESIDE_WIDE = re.compile(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])")
_SUFFIX = re.compile(r"(总工会|工会联合会|工会委员会|工会)$")


@dataclass(frozen=True)
class NormalName:
    """A name as it is stored, and what had to be mended (GT 1.11): stable words for reports."""

    name: str
    fixes: tuple[str, ...]


def _without_spaces(name: str) -> str:
    """One space between two Latin words at most, none beside a Chinese character."""
    return _BESIDE_WIDE.sub("", _SPACES.sub(" ", name).strip())


def normal_name(text: str) -> NormalName:
    """Simplified characters, full-width brackets, no needless spaces, 工会 instead of the common slip 公会."""
    fixes = []
    name = text
    # In this order, mending a mended name changes nothing: a bracket made full-width needs no space beside it,
    # and 公 会 is found once its space is gone.
    for fix, mend in (
        ("traditional", lambda name: name.translate(SIMPLIFIED)),
        ("brackets", lambda name: name.replace("(", "（").replace(")", "）")),
        ("spaces", _without_spaces),
        ("guild", lambda name: name.replace("公会", "工会")),
    ):
        mended = mend(name)
        if mended != name:
            fixes.append(fix)
            name = mended
    return NormalName(name, tuple(fixes))


def place_of(name: str) -> str:
    """“昆山市” of “昆山市总工会”: what people call the place."""
    return _SUFFIX.sub("", name) or name


def luhn(digits: str) -> str:
    """The check digit (mod 10) to put behind ``digits``."""
    total = 0
    for place, char in enumerate(reversed(digits)):
        value = int(char) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def organisation_code(division: str, kind: str, serial: int) -> str:
    """Six digits of the division, two of the kind, eight of the serial, a Luhn digit over the digits (GT 1.3)."""
    body = f"{division[:6]:0<6}{kind}{serial:08d}"
    return body + luhn("".join(char for char in body if char.isdigit()))


def is_organisation_code(code: str) -> bool:
    if not re.fullmatch(r"\d{6}[A-G]\d\d{8}\d", code):
        return False
    return luhn("".join(char for char in code[:-1] if char.isdigit())) == code[-1]


@dataclass(frozen=True)
class Founded:
    """The body that stands for a division: its kind and level, its name, and whether a person should look at it."""

    kind: str
    level: int
    name: str
    doubt: bool = False


_TOWNS = re.compile(r"(街道|镇|乡)$")
_ZONES = re.compile(r"(区|园|园区|城|谷|港|基地|中心)$")


def body_of(level: str, name: str) -> Founded:
    """Which union body stands for a division of this level (GT 1.2)."""
    if level in _UPPER:
        kind, number = _UPPER[level]
        return Founded(kind, number, f"{name}总工会")
    if level == "town":
        return _town(name)
    return Founded("C3", 6, _village(name), doubt=not re.search(r"(村|社区|居|委员会|委会)", name))


_UPPER = {"province": ("A2", 2), "city": ("A3", 3), "county": ("A4", 4)}


def _town(name: str) -> Founded:
    plain = name.removesuffix("办事处")
    if _TOWNS.search(re.sub(r"（.*?）$", "", plain)):
        return Founded("C1", 5, f"{plain}总工会")
    plain = re.sub(r"(管理委员会|管委会)$", "", name)
    return Founded("C2", 5, f"{plain}工会", doubt=not _ZONES.search(re.sub(r"（.*?）$", "", plain)))


def _village(name: str) -> str:
    plain = re.sub(r"（含.*?）$", "", name.replace("(", "（").replace(")", "）"))
    for ending, kept in _VILLAGE_ENDINGS:
        if plain.endswith(ending):
            stem = plain.removesuffix(ending)
            return f"{stem}工会" if kept and stem.endswith(kept) else f"{stem}{kept}工会"
    return f"{plain}工会"


# Longest first: what villages and communities of the list are called, and the word that stays in the union's name.
_VILLAGE_ENDINGS = (
    ("社区居民委员会", "社区"),
    ("社区居委会", "社区"),
    ("社区居委", "社区"),
    ("村民委员会", "村"),
    ("居民委员会", "社区"),
    ("村委员会", "村"),
    ("村民委会", "村"),
    ("村委委会", "村"),
    ("居委会", "社区"),
    ("村委会", "村"),
    ("居委", "社区"),
    ("村委", "村"),
)


def division_level(code: str) -> str | None:
    return {2: "province", 4: "city", 6: "county", 9: "town", 12: "village"}.get(len(code))


def full_division(code: str) -> str:
    """At least six digits: “32” → “320000”."""
    return f"{code:0<6}"


_AREA_DIGITS = {2: 2, 3: 4, 4: 6}
AREA_KINDS = frozenset({"A2", "A3", "A4", "C1", "C2", "C3"})


def area_prefix(kind: str, level: int, division_code: str) -> str:
    """The beginning of the division codes of a body's area; nothing for a body that stands for no area."""
    if kind not in AREA_KINDS:
        return ""
    if digits := _AREA_DIGITS.get(level):
        return division_code[:digits]
    return division_code if len(division_code) > _AREA_DIGITS[4] else ""


def share(part: int, whole: int) -> int | None:
    """Tenths of a percent, rounded down so that 100 % means all; None where there is nothing to share."""
    return part * 1000 // whole if whole else None
