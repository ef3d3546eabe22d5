"""Case numbers without gaps of meaning: one series for each kind, year and county."""

import datetime as dt

from django.db import connection

from yiwang.kernel.clock import local_date
from yiwang.net.cases.formulas import COUNTY, case_number, place_sign
from yiwang.net.cases.queries.routing import line_of
from yiwang.register.organisations.models import Organisation

NEXT = """
    INSERT INTO cases_numberseries (kind, year, place, last) VALUES (%s, %s, %s, 1)
    ON CONFLICT (kind, year, place) DO UPDATE SET last = cases_numberseries.last + 1
    RETURNING last
"""


def next_number(kind: str, organisation: Organisation, *, now: dt.datetime) -> str:
    """The next number; the row stays locked until the caller commits, so take it as late as possible."""
    place = place_sign(_county(organisation).name)
    year = local_date(now).year
    with connection.cursor() as cursor:
        cursor.execute(NEXT, [kind, year, place])
        (serial,) = cursor.fetchone()
    return case_number(kind, year, place, serial)


def _county(organisation: Organisation) -> Organisation:
    if organisation.level <= COUNTY:
        return organisation
    return next((body for body in line_of(organisation) if body.level <= COUNTY), organisation)
