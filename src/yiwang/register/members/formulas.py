"""Sums about members; plain arithmetic."""

import datetime as dt


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
