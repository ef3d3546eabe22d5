"""Words in both languages, and values as a person reads them."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

# Rates are held as ten-thousandths: 15 % is 1500.
RATE_SCALE = 4
EPOCH = dt.date(1970, 1, 1)

# unit -> (Chinese suffix, English singular, English plural)
UNITS: dict[str, tuple[str, str, str]] = {
    "": ("", "", ""),
    "year": ("岁", " year", " years"),
    "years": ("年", " year", " years"),
    "month": ("个月", " month", " months"),
    "day": ("天", " day", " days"),
    "workday": ("个工作日", " working day", " working days"),
    "hour": ("小时", " hour", " hours"),
    "minute": ("分钟", " minute", " minutes"),
    "person": ("人", " person", " people"),
    "time": ("次", " time", " times"),
    "level": ("级", "", ""),
}


@dataclass(frozen=True, slots=True)
class Words:
    """One text in Chinese and in English."""

    zh: str
    en: str

    def read(self, language: str) -> str:
        return self.en if language.startswith("en") else self.zh


def day_number(day: dt.date) -> int:
    return (day - EPOCH).days


def day_of(number: int) -> dt.date:
    return EPOCH + dt.timedelta(days=number)


def date_text(day: dt.date, language: str) -> str:
    if language.startswith("en"):
        return f"{day.day} {day:%B %Y}"
    return f"{day.year}年{day.month}月{day.day}日"


def yuan_text(fen: int, language: str) -> str:
    yuan, cents = divmod(abs(fen), 100)
    sign = "−" if fen < 0 else ""
    figure = f"{sign}{yuan:,}.{cents:02d}" if cents else f"{sign}{yuan:,}"
    return f"{figure} yuan" if language.startswith("en") else f"{figure}元"


def rate_text(value: int) -> str:
    whole, rest = divmod(value, 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".") + "%"


def _months_text(months: int, language: str) -> str:
    years, rest = divmod(months, 12)
    if language.startswith("en"):
        return f"{years} years" + (f" {number_text(rest, 'month', language)}" if rest else "")
    return f"{years}年" + (f"{rest}个月" if rest else "")


def number_text(value: int, unit: str, language: str) -> str:
    """A number with its unit: fen as yuan, rates in percent, all else with its counting word."""
    special = SPECIAL.get(unit)
    if special is not None:
        return special(value, language)
    if unit == "month" and abs(value) >= 24:
        return _months_text(value, language)
    zh, one, many = UNITS[unit]
    if language.startswith("en"):
        return f"{value:,}{one if value == 1 else many}"
    return f"{value:,}{zh}"


def _month_day_text(value: int, language: str) -> str:
    month, day = divmod(value, 100)
    return f"{dt.date(2024, month, day):%B} {day}" if language.startswith("en") else f"{month}月{day}日"


SPECIAL: dict[str, Callable[[int, str], str]] = {
    "yuan": yuan_text,
    "rate": lambda value, language: rate_text(value),
    "date": lambda value, language: date_text(day_of(value), language),
    "month_day": _month_day_text,
}
