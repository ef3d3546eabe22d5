"""Days, working days and deadlines: Civil Code counting, swapped workdays, pauses.

Everything here is arithmetic on values; only ``now`` and ``today`` look at the wall.
"""

import calendar as months
import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate
from typing import Literal
from zoneinfo import ZoneInfo

import chinese_calendar
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.kernel.errors import DomainError

LOCAL = ZoneInfo("Asia/Shanghai")
ONE_DAY = dt.timedelta(days=1)
INSTANT = dt.timedelta(microseconds=1)

Unit = Literal["workday", "day", "month", "hour"]
Counts = Callable[[dt.date], bool]


class UnknownYear(DomainError):
    """Nobody has told us the holidays of that year, and nothing guesses."""

    code = "unknown_year"

    def __init__(self, year: int) -> None:
        text = _("{year}年的放假安排还没有录入，算不出期限。请系统管理员在“工作日历”里补上国务院办公厅的通知。")
        super().__init__(text.format(year=year))
        self.year = year


_told: ContextVar[dt.datetime | None] = ContextVar("told", default=None)


def now() -> dt.datetime:
    return _told.get() or timezone.now()


@contextmanager
def history() -> Iterator[Callable[[dt.datetime], object]]:
    """Inside, ``now()`` is the moment last told to what this yields; before the first it is the wall's.

    For loading what happened earlier (the demo, a migration of old files), never for today's deeds.
    """
    before = _told.set(None)
    try:
        yield _told.set
    finally:
        _told.reset(before)


def today() -> dt.date:
    return local_date(now())


def local_date(moment: dt.datetime) -> dt.date:
    """The day in Asia/Shanghai; a moment without zone is a mistake of the caller."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(LOCAL).date()


def start_of(day: dt.date) -> dt.datetime:
    """0:00 in Asia/Shanghai as an instant in UTC."""
    return dt.datetime.combine(day, dt.time(), LOCAL).astimezone(dt.UTC)


def end_of(day: dt.date) -> dt.datetime:
    """24:00 in Asia/Shanghai as an instant in UTC: the first instant that is too late."""
    return start_of(day + ONE_DAY)


def due_day(due_at: dt.datetime) -> dt.date:
    """The last day of a deadline that ends at ``due_at``; 24:00 belongs to the day that ends."""
    return local_date(due_at - INSTANT)


@cache
def _packaged(day: dt.date) -> bool:
    """Kept by day: a page of clocks asks a thousand times, and the package takes its time for each answer."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        raise UnknownYear(day.year) from None


@dataclass(frozen=True)
class WorkCalendar:
    """Which days are working days.

    ``overrides`` wins over the packaged calendar day by day. ``years`` are years that the packaged calendar does not
    know and that the table supplies in full: their weekdays work and weekends rest, except as overridden.
    """

    overrides: Mapping[dt.date, bool] = field(default_factory=dict)
    years: frozenset[int] = frozenset()
    # By year: how many of its first n days work. A list of clocks asks for thousands of days, over and over the same.
    _sums: dict[int, list[int]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def is_workday(self, day: dt.date) -> bool:
        if (told := self.overrides.get(day)) is not None:
            return told
        if day.year in self.years:
            return day.weekday() < 5
        return _packaged(day)

    def workdays_between(self, start: dt.date, end: dt.date) -> int:
        """Working days after ``start`` up to ``end``, which counts; 0 when end is not after start."""
        if end <= start:
            return 0
        try:
            whole = sum(self._in_year(year)[-1] for year in range(start.year, end.year))
            return whole + self._until(end) - self._until(start)
        except UnknownYear:  # part of a year nobody told us about: the days asked for may be known all the same
            days = (start + ONE_DAY * n for n in range(1, (end - start).days + 1))
            return sum(self.is_workday(day) for day in days)

    def _until(self, day: dt.date) -> int:
        return self._in_year(day.year)[(day - dt.date(day.year, 1, 1)).days + 1]

    def _in_year(self, year: int) -> list[int]:
        sums = self._sums.get(year)
        if sums is None:
            first = dt.date(year, 1, 1)
            length = (dt.date(year, 12, 31) - first).days + 1
            sums = [0, *accumulate(self.is_workday(first + ONE_DAY * n) for n in range(length))]
            self._sums[year] = sums
        return sums

    def knows(self, year: int) -> bool:
        try:
            self.is_workday(dt.date(year, 6, 15))
        except UnknownYear:
            return False
        return True


def next_workday_from(day: dt.date, calendar: WorkCalendar) -> dt.date:
    """The day itself when it works, else the first working day after it."""
    while not calendar.is_workday(day):
        day += ONE_DAY
    return day


def add_workdays(start: dt.date, n: int, calendar: WorkCalendar) -> dt.date:
    """The n-th working day after ``start``; the start day is not counted (Civil Code 201)."""
    return _nth_day(start, n, counts=calendar.is_workday)


def add_days(start: dt.date, n: int, calendar: WorkCalendar | None = None) -> dt.date:
    """n days after ``start``, which is not counted; with a calendar, a last day of rest moves on (Civil Code 203)."""
    last = start + dt.timedelta(days=n)
    return last if calendar is None else next_workday_from(last, calendar)


def add_months(start: dt.date, n: int, calendar: WorkCalendar | None = None) -> dt.date:
    """The corresponding day n months on, or the end of that month (Civil Code 202); moved on as in ``add_days``."""
    index = start.year * 12 + start.month - 1 + n
    year, month = index // 12, index % 12 + 1
    last = dt.date(year, month, min(start.day, months.monthrange(year, month)[1]))
    return last if calendar is None else next_workday_from(last, calendar)


@dataclass(frozen=True)
class Pause:
    """A span in which a clock stands still; ``end`` None while it still stands.

    For clocks that count days the day of stopping counts, the day of going on does not, as with any period.
    """

    start: dt.datetime
    end: dt.datetime | None = None


def deadline(
    start: dt.datetime,
    amount: int,
    unit: Unit,
    calendar: WorkCalendar,
    pauses: Sequence[Pause] = (),
    *,
    at: dt.datetime | None = None,
) -> dt.datetime:
    """The first instant that is too late.

    Hours run from the moment; all else ends at 24:00 local time of the last day. A pause that is still open is
    reckoned as ending ``at`` (now), so the answer of a standing clock moves with time.
    """
    if amount < 0:
        raise ValueError("a deadline lies ahead")
    at = at or now()
    if unit == "hour":
        return _end_of_hours(start, dt.timedelta(hours=amount), pauses, at)
    day = local_date(start)
    still = _paused_days(pauses, at)
    if unit == "workday":
        return end_of(_nth_day(day, amount, counts=lambda d: d not in still and calendar.is_workday(d)))
    if unit == "month":
        amount = (add_months(day, amount) - day).days
    last = _nth_day(day, amount, counts=lambda d: d not in still)
    return end_of(next_workday_from(last, calendar))


def used_and_total(
    start: dt.datetime,
    amount: int,
    unit: Unit,
    calendar: WorkCalendar,
    pauses: Sequence[Pause] = (),
    *,
    at: dt.datetime | None = None,
) -> tuple[int, int]:
    """Units that are wholly behind us, and all of them, for the ring of the clock; used passes total when late.

    Today is not yet used: five working days begun yesterday are (0, 5) today, and (5, 5) the moment they are late.
    """
    at = at or now()
    if unit == "hour":
        running = (at - start) - _paused_time(pauses, start, at)
        return max(0, running // dt.timedelta(hours=1)), amount
    day, here = local_date(start), local_date(at)
    if unit == "month":
        amount = (add_months(day, amount) - day).days
    still = [paused for paused in _paused_days(pauses, at) if day < paused < here]
    if unit == "workday":
        used = calendar.workdays_between(day, here - ONE_DAY) - sum(map(calendar.is_workday, still))
    else:
        used = max(0, (here - day).days - 1) - len(still)
    return used, amount


def _nth_day(start: dt.date, n: int, *, counts: Counts) -> dt.date:
    if n < 0:
        raise ValueError("days are counted forwards")
    day = start
    while n > 0:
        day += ONE_DAY
        n -= counts(day)
    return day


def _paused_days(pauses: Iterable[Pause], at: dt.datetime) -> frozenset[dt.date]:
    days: set[dt.date] = set()
    for pause in pauses:
        first, last = local_date(pause.start), local_date(pause.end or at)
        days.update(first + dt.timedelta(days=n) for n in range(1, (last - first).days + 1))
    return frozenset(days)


def _end_of_hours(start: dt.datetime, amount: dt.timedelta, pauses: Iterable[Pause], at: dt.datetime) -> dt.datetime:
    """Walk the pauses in order; each one that begins before the end so far pushes the end."""
    end = start + amount
    behind = start
    for begin, finish in sorted((pause.start, pause.end or at) for pause in pauses):
        begin = max(begin, behind)
        if finish <= begin or begin >= end:
            continue
        end += finish - begin
        behind = finish
    return end


def _paused_time(pauses: Iterable[Pause], start: dt.datetime, at: dt.datetime) -> dt.timedelta:
    total, behind = dt.timedelta(), start
    for begin, finish in sorted((pause.start, min(pause.end or at, at)) for pause in pauses):
        begin = max(begin, behind)
        if finish > begin:
            total += finish - begin
            behind = finish
    return total
