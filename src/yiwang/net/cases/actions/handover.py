"""From body to body: up, down, back, by order of a superior; and from one officer to another."""

import datetime as dt

from django.db import transaction

from yiwang.kernel import clock as kernel_clock
from yiwang.kernel.clock import add_workdays, local_date
from yiwang.net.cases.actions.telling import count_standing, index_case, tell_applicant, tell_journal, tell_staff
from yiwang.net.cases.errors import Designated, NotOnTheLine, ObjectionTooLate, ReasonMissing, TooManyHops
from yiwang.net.cases.events import CaseHandedOver, HandlerAssigned
from yiwang.net.cases.formulas import VILLAGE
from yiwang.net.cases.models import Case, Clock, Hop
from yiwang.net.cases.queries.limits import limit
from yiwang.net.cases.queries.routing import free_officers, least_busy, line_of, whoever_only_handles
from yiwang.platform.rules.queries import work_calendar
from yiwang.register.accounts.models import User
from yiwang.register.organisations.models import Organisation

COUNTED_HOPS = (Hop.Kind.UP, Hop.Kind.DOWN, Hop.Kind.ACROSS, Hop.Kind.RETURNED)


@transaction.atomic
def hand_over(case: Case, *, to: Organisation, reason: str, by: User, now: dt.datetime | None = None) -> None:
    """Give the case to another body. Not when a superior placed it here, and not for ever on and on (RI 4.4)."""
    if not reason.strip():
        raise ReasonMissing
    now = now or kernel_clock.now()
    on = local_date(now)
    if case.is_designated:
        raise Designated
    _refuse_too_many(case, on)
    officers = _officers_there(case, to, on)

    kind = _direction(case.organisation, to)
    pass_on(case, to=to, handler=_chosen(officers, to, on), kind=kind, reason=reason.strip(), by=by, now=now)
    tell_applicant(case, "handed_over", organisation=to.name)


@transaction.atomic
def return_case(case: Case, *, reason: str, by: User, now: dt.datetime | None = None) -> None:
    """Object to having been given a case, in time: it goes back to whoever sent it, or to the superior."""
    if not reason.strip():
        raise ReasonMissing
    now = now or kernel_clock.now()
    on = local_date(now)
    if case.is_designated:
        raise Designated
    _refuse_too_many(case, on)
    arrival = case.hops.filter(to_organisation=case.organisation).order_by("-at", "-pk").first()
    days = limit("objection_workdays", on)
    if arrival is not None and on > add_workdays(local_date(arrival.at), days, work_calendar()):
        raise ObjectionTooLate(days)
    sender = _sender(case, arrival)
    officers = _officers_there(case, sender, on)

    pass_on(
        case,
        to=sender,
        handler=_chosen(officers, sender, on),
        kind=Hop.Kind.RETURNED,
        reason=reason.strip(),
        by=by,
        now=now,
    )


@transaction.atomic
def designate(case: Case, *, to: Organisation, reason: str, by: User, now: dt.datetime | None = None) -> None:
    """A superior says who does it. From then on it can be neither returned nor passed on."""
    if not reason.strip():
        raise ReasonMissing
    now = now or kernel_clock.now()
    on = local_date(now)
    officers = _officers_there(case, to, on)

    pass_on(
        case,
        to=to,
        handler=_chosen(officers, to, on),
        kind=Hop.Kind.DESIGNATED,
        reason=reason.strip(),
        by=by,
        now=now,
    )
    Case.objects.filter(pk=case.pk).update(is_designated=True)
    case.is_designated = True
    tell_applicant(case, "handed_over", organisation=to.name)


def pass_on(
    case: Case,
    *,
    to: Organisation,
    handler: User | None,
    kind: str,
    by: User | None,
    now: dt.datetime,
    reason: str = "",
    code: str = "",
) -> None:
    """Write the passage: place, hop, figures, index. The caller has decided that it may be."""
    was = case.organisation
    hops = case.hops_made + (kind in COUNTED_HOPS)
    Case.objects.filter(pk=case.pk).update(organisation=to, handler=handler, hops_made=hops)
    case.organisation, case.handler, case.hops_made = to, handler, hops
    if was.pk == to.pk:
        return
    Hop.objects.create(
        case=case, from_organisation=was, to_organisation=to, kind=kind, reason=reason[:300], code=code, by=by, at=now
    )
    for name in _figures(case):
        count_standing(case, name, -1, at=was)
        count_standing(case, name, +1, at=to)
    index_case(case)
    event = CaseHandedOver(case_id=case.pk, from_organisation_id=was.pk, to_organisation_id=to.pk, kind=kind)
    tell_journal(case, event, by=by, now=now)
    if kind != Hop.Kind.STEP:
        tell_staff(case, "handed_to_you", [handler])


def _figures(case: Case) -> list[str]:
    """The figures of a standing amount that move with the case."""
    late = case.clocks.filter(kind=Clock.Kind.PROMISED, state=Clock.State.MISSED).exists()
    return ["open", "overdue"] if late else ["open"]


def _refuse_too_many(case: Case, on: dt.date) -> None:
    most = limit("max_hops", on)
    if case.hops_made >= most:
        raise TooManyHops(most)


def _officers_there(case: Case, to: Organisation, on: dt.date) -> list[User]:
    inside = to.level > VILLAGE and (bool(case.target) or case.anonymous_to_employer)
    officers = [] if inside or to.pk == case.organisation_id else free_officers(case, on=on, at=to)
    if not officers:
        raise NotOnTheLine(to.name)
    return officers


def _chosen(officers: list[User], at: Organisation, on: dt.date) -> User | None:
    return least_busy(whoever_only_handles(officers, at=at, on=on))


def _sender(case: Case, arrival: Hop | None) -> Organisation:
    if arrival is not None and arrival.kind != Hop.Kind.ROUTED and arrival.from_organisation is not None:
        return arrival.from_organisation
    above = line_of(case.organisation)[1:]
    if not above:
        raise NotOnTheLine(case.organisation.name)
    return above[0]


def _direction(was: Organisation, to: Organisation) -> str:
    if str(was.path).startswith(f"{to.path}."):
        return Hop.Kind.UP
    if str(to.path).startswith(f"{was.path}."):
        return Hop.Kind.DOWN
    return Hop.Kind.ACROSS


@transaction.atomic
def give_to(case: Case, *, handler: User, by: User, reason: str, now: dt.datetime | None = None) -> None:
    """One case of a leaving officer to their successor in the same body (离任移交)."""
    now = now or kernel_clock.now()
    officers = free_officers(case, on=local_date(now))
    if handler not in officers:
        raise NotOnTheLine(handler.name)

    Case.objects.filter(pk=case.pk).update(handler=handler)
    case.handler = handler

    tell_journal(case, HandlerAssigned(case_id=case.pk, handler_id=handler.pk), by=by, now=now)
