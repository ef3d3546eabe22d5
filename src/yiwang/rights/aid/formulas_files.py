"""Numbers of files, masked rows of a notice, months above the line. Plain Python."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from math import log10

ADULT = 18
ENOUGH_DIGITS, STRAY = 100, 20.09
ENOUGH_ROUND = 20
STAGE_AGES = {"preschool": (3, 6), "compulsory": (6, 15), "high_school": (15, 18), "higher": (18, 26)}


def file_number(region: str, year: int, serial: int) -> str:
    """Region, year, serial and a check digit (RI E1)."""
    body = f"{region:0<6}"[:6] + f"{year:04}{serial:06}"
    return body + str(sum(int(char) * (place % 7 + 2) for place, char in enumerate(body)) % 10)


def age_on(birth: dt.date, day: dt.date) -> int:
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def fits_stage(stage: str, age: int, slack: int) -> bool:
    """Whether the age is within ``slack`` years of the usual ages of the stage (RI 1.14)."""
    low, high = STAGE_AGES[stage]
    return low - slack <= age <= high + slack


def months_above(nets: Sequence[tuple[dt.date, Decimal]], line: Decimal) -> int:
    """How many months in a row, up to the last one written, were strictly above the line."""
    run, before = 0, None
    for month, net in sorted(nets):
        follows = before is None or (month.year * 12 + month.month) - (before.year * 12 + before.month) == 1
        run = (run + 1 if follows else 1) if net > line else 0
        before = month
    return run


def part_of(count: int, percent: int) -> int:
    """That share of a number of files, rounded up: of one file, one."""
    return -(-count * percent // 100)


def first_digits_odd(amounts: Sequence[Decimal]) -> bool:
    """Whether the first digits stray from Benford's law: by chance once in a hundred times at most (8 degrees)."""
    if len(amounts) < ENOUGH_DIGITS:
        return False
    counts = [0] * 10
    for amount in amounts:
        counts[int(f"{amount:e}"[0])] += 1
    expected = [len(amounts) * log10(1 + 1 / digit) for digit in range(1, 10)]
    chi = sum((count - want) ** 2 / want for count, want in zip(counts[1:], expected, strict=True))
    return chi > STRAY


def mostly_round(amounts: Sequence[Decimal]) -> bool:
    """Whether a third of many amounts are whole hundreds; of real bills it is one in a hundred."""
    return len(amounts) >= ENOUGH_ROUND and 3 * sum(amount % 100 == 0 for amount in amounts) > len(amounts)
