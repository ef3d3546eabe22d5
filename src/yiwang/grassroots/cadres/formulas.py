"""Sums about cadres: hours that count once, the load of one officer, points and grades, a distance."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from math import asin, cos, radians, sin, sqrt

EARTH = 6_371_000  # metres
TENTH = Decimal("0.1")


@dataclass(frozen=True)
class Stretch:
    """Hours of one training, spread evenly over its days."""

    starts_on: dt.date
    ends_on: dt.date
    hours: Decimal

    @property
    def days(self) -> int:
        return (self.ends_on - self.starts_on).days + 1

    @property
    def per_day(self) -> Decimal:
        return self.hours / self.days


def hours_counted(stretches: Iterable[Stretch]) -> Decimal:
    """Overlapping days count once: of two trainings on one day, the longer (GT 3.6)."""
    by_day: dict[dt.date, Decimal] = {}
    for stretch in stretches:
        for n in range(stretch.days):
            day = stretch.starts_on + dt.timedelta(days=n)
            by_day[day] = max(by_day.get(day, Decimal(0)), stretch.per_day)
    return sum(by_day.values(), Decimal(0)).quantize(TENTH, ROUND_HALF_UP)


def is_too_much(stretch: Stretch, most_per_day: int) -> bool:
    return stretch.per_day > most_per_day


def metres_between(lon1: float, lat1: float, lon2: float, lat2: float) -> int:
    """Along the surface of the earth."""
    x1, y1, x2, y2 = (radians(value) for value in (lon1, lat1, lon2, lat2))
    half = sin((y2 - y1) / 2) ** 2 + cos(y1) * cos(y2) * sin((x2 - x1) / 2) ** 2
    return round(2 * EARTH * asin(sqrt(min(half, 1))))


def points(items: Sequence[Mapping[str, object]]) -> Decimal:
    """Weights sum to 100, scores are 0–100 each."""
    total = sum((Decimal(str(item["weight"])) * Decimal(str(item["score"])) for item in items), Decimal(0))
    return (total / 100).quantize(TENTH, ROUND_HALF_UP)


def grades_allowed(total: Decimal, *, excellent: int, good: int) -> tuple[str, ...]:
    """From 85 excellent or good, from 60 good or barely, below it failed (GT 3.3)."""
    if total >= excellent:
        return ("excellent", "good")
    return ("good", "barely") if total >= good else ("failed",)


def most_excellent(people: int, percent: int) -> int:
    return people * percent // 100


def load_of(employers: int, *, most: int, is_full_time: bool) -> str:
    """``over`` | ``none`` | ``fits``; the band holds for who serves full-time."""
    if employers == 0:
        return "none"
    return "over" if is_full_time and employers > most else "fits"


def period_of(day: dt.date) -> str:
    """The half-year that is evaluated on a day: the one that ended last."""
    return f"{day.year}H1" if day.month > 6 else f"{day.year - 1}H2"


def days_of(period: str) -> tuple[dt.date, dt.date]:
    """First and last day of ``2026``, ``2026H1`` or ``2026H2``."""
    year, half = int(period[:4]), period[4:]
    first = dt.date(year, 7 if half == "H2" else 1, 1)
    last = dt.date(year, 6, 30) if half == "H1" else dt.date(year, 12, 31)
    return first, last
