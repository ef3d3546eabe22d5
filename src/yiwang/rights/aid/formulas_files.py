"""Numbers of files, masked rows of a notice, months above the line. Plain Python."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from math import exp, factorial, log10


def file_number(region: str, year: int, serial: int) -> str:
    """Region, year, serial and a check digit (RI E1)."""
    body = f"{region:0<6}"[:6] + f"{year:04}{serial:06}"
    return body + str(sum(int(char) * (place % 7 + 2) for place, char in enumerate(body)) % 10)


def age_on(birth: dt.date, day: dt.date) -> int:
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def fits_stage(age: int, *, usual: tuple[int, int], slack: int) -> bool:
    """Whether the age is within ``slack`` years of the usual ages of a stage of school (RI 1.14)."""
    low, high = usual
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


def first_digits_odd(amounts: Sequence[Decimal], *, enough: int, chance: float) -> bool:
    """Whether the first digits stray from Benford's law further than chance alone does that often (8 degrees)."""
    if len(amounts) < enough:
        return False
    counts = [0] * 10
    for amount in amounts:
        counts[int(f"{amount:e}"[0])] += 1
    expected = [len(amounts) * log10(1 + 1 / digit) for digit in range(1, 10)]
    chi = sum((count - want) ** 2 / want for count, want in zip(counts[1:], expected, strict=True))
    # The upper tail of the chi-square distribution has a closed form where the degrees are even.
    return exp(-chi / 2) * sum((chi / 2) ** k / factorial(k) for k in range(4)) < chance


def mostly_round(amounts: Sequence[Decimal], *, enough: int, share: float) -> bool:
    """Whether more than that share of many amounts are whole hundreds; of real bills it is one in a hundred."""
    return len(amounts) >= enough and sum(amount % 100 == 0 for amount in amounts) > share * len(amounts)
