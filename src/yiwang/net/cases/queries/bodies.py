"""Bodies and officers that a case can be given to."""

import datetime as dt

from yiwang.kernel.clock import today
from yiwang.kernel.errors import DomainError
from yiwang.net.cases.errors import NotOnTheLine
from yiwang.net.cases.formulas import COUNTY, VILLAGE
from yiwang.net.cases.models import Case
from yiwang.net.cases.queries.limits import DECIDE, HANDLE
from yiwang.net.cases.queries.routing import free_officers, line_of
from yiwang.register.access.models import Appointment
from yiwang.register.access.queries import holders
from yiwang.register.accounts.models import User
from yiwang.register.organisations.models import Organisation, OrganisationQuerySet

MOST = 200


def manned(case: Case) -> OrganisationQuerySet:
    """Bodies with an officer who handles: those above, and those in the same county; not the one that has it."""
    found = manned_near(case.organisation)
    if case.target or case.anonymous_to_employer:
        found = found.filter(level__lte=VILLAGE)
    return found


def manned_near(organisation: Organisation) -> OrganisationQuerySet:
    line = line_of(organisation)
    county = next((body for body in line if body.level <= COUNTY), line[-1])
    posts = Appointment.objects.in_force(today()).with_capability(HANDLE)
    near = Organisation.objects.active().under(county.path)
    above = Organisation.objects.filter(pk__in=[body.pk for body in line])
    found = (near | above).filter(pk__in=posts.values("organisation")).exclude(pk=organisation.pk)
    return found.order_by("level", "name")


def choices(case: Case) -> list[tuple[str, str]]:
    return [(body.public_id, body.name) for body in manned(case)[:MOST]]


def body(case: Case, public_id: str) -> Organisation | None:
    return manned(case).filter(public_id=public_id).first()


def officers(case: Case, *, on: dt.date) -> list[tuple[str, str]]:
    """Colleagues at the body that has the case who may take it."""
    return [(user.public_id, user.name) for user in free_officers(case, on=on) if user.pk != case.handler_id]


def officer(case: Case, public_id: str, *, on: dt.date) -> User:
    found = next((user for user in free_officers(case, on=on) if user.public_id == public_id), None)
    if found is None:
        raise NotOnTheLine(public_id)
    return found


def colleagues(case: Case, *, but: User) -> list[tuple[str, str]]:
    """Who can agree to ask a second time: anybody who handles or decides at the body, except oneself."""
    able = {*holders(case.organisation, HANDLE), *holders(case.organisation, DECIDE)}
    return [(user.public_id, user.name) for user in sorted(able, key=lambda user: user.name) if user != but]


def colleague(case: Case, public_id: str) -> User:
    able = {*holders(case.organisation, HANDLE), *holders(case.organisation, DECIDE)}
    found = next((user for user in able if user.public_id == public_id), None)
    if found is None:
        raise DomainError(public_id)
    return found


def body_of(public_id: str) -> Organisation | None:
    """Any living body, for narrowing a list that its policy has narrowed to the reader's scope already."""
    return Organisation.objects.live().filter(public_id=public_id).first()
