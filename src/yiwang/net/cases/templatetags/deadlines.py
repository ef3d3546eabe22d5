"""``{% load deadlines %}``: the last day of a deadline, for the day filters of ``yw``, and where it comes from."""

import datetime as dt

from django import template

from yiwang.kernel.clock import due_day
from yiwang.net.cases.queries.limits import basis_of

register = template.Library()


register.filter("basis", basis_of)


@register.filter
def last_day(due_at: dt.datetime | None) -> dt.date | None:
    """A deadline ends at 24:00: its instant already belongs to the next day."""
    return due_day(due_at) if due_at is not None else None
