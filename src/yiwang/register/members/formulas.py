"""Sums about members; plain arithmetic."""

import datetime as dt
from dataclasses import dataclass


def luhn_digit(digits: str) -> str:
    """The check digit that makes a number pass the Luhn test."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def member_number(serial: int) -> str:
    """“32”, ten digits, a check digit (GT 2.4): never anything of the identity number."""
    body = f"32{serial:010d}"
    return body + luhn_digit(body)


def age_on(birth: dt.date, day: dt.date) -> int:
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def years_before(day: dt.date, years: int) -> dt.date:
    """The same day so many years ago; the 28th for a 29 February that year has not."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


@dataclass(frozen=True)
class Retirement:
    """One track of the statutory age: years, raised by a month for each ``step`` months of birth, up to ``most``."""

    years: int
    step: int
    most: int
    raised_from: int  # the year in which the raising began

    def delay(self, birth_month: int) -> int:
        """Months later than at ``years``; months count from the year 0."""
        first = (self.raised_from - self.years) * MONTHS
        return 0 if birth_month < first else min((birth_month - first) // self.step + 1, self.most)

    def latest_birth(self, upto: dt.date) -> dt.date:
        """The last day on which somebody was born who reaches the age in the month of ``upto`` or before."""
        wanted = upto.year * MONTHS + upto.month - 1
        born = wanted - self.years * MONTHS
        while born + self.years * MONTHS + self.delay(born) > wanted:
            born -= 1
        year, month = divmod(born + 1, MONTHS)
        return dt.date(year, month + 1, 1) - dt.timedelta(days=1)


MONTHS = 12
