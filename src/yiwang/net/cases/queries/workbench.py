"""The figures and rows of the workbench."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from yiwang.kernel.clock import WorkCalendar, add_workdays, end_of, local_date, start_of
from yiwang.net.cases.formulas import number_key
from yiwang.net.cases.models import Case, CaseQuerySet, Decision
from yiwang.net.cases.queries.faces import SOON
from yiwang.platform.rules.queries import work_calendar


@dataclass(frozen=True)
class Heaps:
    """How many open cases lie in each of the three heaps."""

    mine: int
    office: int
    subtree: int


@dataclass(frozen=True)
class Strip:
    """How many open cases of one heap stand where by the clock."""

    over: int
    today: int
    soon: int
    ample: int
    waiting: int

    @property
    def all(self) -> int:
        return self.over + self.today + self.soon + self.ample + self.waiting


def standing(listed: CaseQuerySet, *, user_id: int, offices: set[int], now: dt.datetime) -> tuple[Heaps, Strip]:
    """How full the heaps are, and the strip of the largest of them: one look at the same rows."""
    buckets = bucket_conditions(now, work_calendar())
    counts = listed.open().aggregate(
        mine=Count("pk", filter=Q(handler=user_id)),
        office=Count("pk", filter=Q(organisation__in=offices)),
        subtree=Count("pk"),
        **{name: Count("pk", filter=where) for name, where in buckets.items()},
    )
    whole = Strip(**{name: counts.pop(name) for name in buckets})
    return Heaps(**counts), whole


def strip(cases: CaseQuerySet, now: dt.datetime) -> Strip:
    buckets = bucket_conditions(now, work_calendar())
    counts = cases.open().aggregate(**{name: Count("pk", filter=where) for name, where in buckets.items()})
    return Strip(**counts)


def bucket_conditions(now: dt.datetime, calendar: WorkCalendar) -> dict[str, Q]:
    """The clock's states as conditions on the due time, so that a cell of the strip filters exactly what it counts."""
    today = local_date(now)
    tonight, later = end_of(today), end_of(add_workdays(today, SOON, calendar))
    running = Q(is_waiting=False)
    return {
        "over": running & Q(due_at__lte=now),
        "today": running & Q(due_at__gt=now, due_at__lte=tonight),
        "soon": running & Q(due_at__gt=tonight, due_at__lte=later),
        "ample": running & (Q(due_at__gt=later) | Q(due_at=None)),
        "waiting": Q(is_waiting=True),
    }


def on_time_share(cases: CaseQuerySet, *, now: dt.datetime) -> tuple[int, int]:
    """(on time, decided) of this month. Index: case_by_office_decided."""
    first = start_of(local_date(now).replace(day=1))
    decided = Decision.objects.filter(
        case__in=cases.filter(decided_at__gte=first), revoked_at=None, decided_at__gte=first
    ).exclude(outcome=Decision.Outcome.NOT_ACCEPTED)
    figures = decided.aggregate(n=Count("pk"), on_time=Count("pk", filter=Q(is_on_time=True)))
    return figures["on_time"], figures["n"]


def found_by(cases: QuerySet[Case], text: str) -> QuerySet[Case]:
    """Cases whose number, title, applicant or employer holds the text; typed dashes don't matter."""
    key = number_key(text)
    where = Q(title__contains=text) | Q(matter__contains=text) | Q(employer_name__contains=text)
    where |= Q(applicant__name__contains=text) | Q(contact_name__contains=text)
    if key:
        where |= Q(number_key__contains=key)
    return cases.filter(where)
