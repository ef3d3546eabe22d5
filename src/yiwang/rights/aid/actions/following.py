"""The case goes along with the file: accepted, its steps signed, its clocks stopped, decided, delivered."""

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from yiwang.kernel.clock import due_day
from yiwang.net.cases import actions as line
from yiwang.net.cases.models import Case, ClockPause
from yiwang.net.cases.models import Decision as CaseDecision
from yiwang.net.cases.queries.limits import plan_of
from yiwang.net.payments.models import Payment
from yiwang.net.payments.queries import payments_for
from yiwang.platform.rules.models import Receipt
from yiwang.platform.ui.formats import day_text
from yiwang.register.accounts.models import User
from yiwang.rights.aid.errors import SupplementOpen
from yiwang.rights.aid.models import AidFile, Application, Decision, Grant, Place
from yiwang.rights.aid.queries import appeal_end

ON_ITS_WAY = (Case.State.ACCEPTED, Case.State.IN_PROGRESS)
FILE_ONLY = "HP-0001"  # what is asked for is the file itself: it is there when it is decided


def open_cases(file: AidFile) -> list[Case]:
    """Requests of this household that wait for an answer, oldest first."""
    found = Application.objects.filter(file=file).select_related(
        "case__version__service", "case__applicant__user", "case__organisation", "case__handler"
    )
    return [row.case for row in found.order_by("pk") if row.case.is_open]


def accept_cases(file: AidFile, *, by: User, now: dt.datetime) -> None:
    for case in open_cases(file):
        _accept(case, by=by, now=now)


def _accept(case: Case, *, by: User, now: dt.datetime) -> None:
    if case.state == Case.State.SUBMITTED:
        line.accept_case(case, by=by, now=now)
        line.start_work(case, by=by, now=now)


def sign_steps(file: AidFile, upto: int, *, opinion: str, by: User, now: dt.datetime) -> None:
    """Sign whatever comes before step ``upto``: what the file says was done, was done."""
    for case in open_cases(file):
        _sign(case, upto, opinion=opinion, by=by, now=now)


def _sign(case: Case, upto: int, *, opinion: str, by: User, now: dt.datetime) -> None:
    _accept(case, by=by, now=now)
    last = min(upto, plan_of(case.version).deciding_step)
    while case.step < last and case.state in ON_ITS_WAY:
        line.complete_step(case, opinion=opinion, by=by, now=now)
        case.refresh_from_db(fields=["step", "state"])


def stop_clocks(file: AidFile, *, until: dt.datetime, by: User, now: dt.datetime) -> None:
    """The days of the public notice do not count."""
    with override("zh-hans"):
        reason = _("公示到{day}").format(day=day_text(due_day(until)))
    for case in open_cases(file):
        if case.state in ON_ITS_WAY:
            line.pause_clock(
                case, kind=ClockPause.Kind.PUBLICITY, reason=reason, by=by, expected_on=due_day(until), now=now
            )


def let_clocks_run(file: AidFile, *, now: dt.datetime) -> None:
    for case in open_cases(file):
        if case.state == Case.State.PAUSED:
            line.resume_clock(case, by=None, now=now)


def decide_cases(
    file: AidFile, decision: Decision, *, is_yes: bool, until: dt.date, by: User, now: dt.datetime
) -> None:
    """The file's answer is the answer to what was asked, with the file's own receipt."""
    granted = list(file.grants.filter(decision=decision, state=Grant.State.APPROVED))
    for case in open_cases(file):
        if case.state == Case.State.SUPPLEMENT:
            raise SupplementOpen(case.number)
        if case.state == Case.State.PAUSED:
            line.resume_clock(case, by=None, now=now)
        _sign(case, len(plan_of(case.version).steps), opinion=decision.reason, by=decision.prepared_by, now=now)
        verdict = _yes(decision, granted) if is_yes else _no(case, decision, until)
        line.decide(case, verdict, by=by, now=now)
        if is_yes and case.service_code == FILE_ONLY:
            line.deliver(case, by=by, now=now)


def _yes(decision: Decision, granted: list[Grant]) -> line.Verdict:
    amount = sum((grant.payable for grant in granted), start=Decimal(0))
    outcome = CaseDecision.Outcome.OK
    return line.Verdict(outcome=outcome, reason=decision.reason, amount=amount, receipt=decision.receipt)


def _no(case: Case, decision: Decision, until: dt.date) -> line.Verdict:
    return _refused(case, decision.reason, decision.receipt, until)


def _refused(case: Case, reason: str, receipt: Receipt | None, until: dt.date) -> line.Verdict:
    ways = plan_of(case.version).definition.other_ways
    with override("zh-hans"):
        recourse = _("{day}前可以在“我家的帮扶”里申请复核，换人来审；也可以打12351。").format(day=day_text(until))
        other = "\n".join(way.zh for way in ways) or _("打12351，我们帮你找别的办法。")
    return line.Verdict(
        outcome=CaseDecision.Outcome.NO,
        reason=reason,
        other_ways=other,
        recourse=recourse,
        receipt=receipt,
    )


@transaction.atomic
def deliver_paid(*, now: dt.datetime, limit: int = 200) -> int:
    """Requests whose money has all arrived are delivered. Bears repeating."""
    waiting = Application.objects.filter(case__state=Case.State.DECIDED_OK).select_related("case__applicant__user")
    delivered = 0
    for row in waiting.order_by("pk")[:limit]:
        grants = Grant.objects.filter(file_id=row.file_id, state=Grant.State.APPROVED)
        payments = payments_for("aid.grant", list(grants.values_list("pk", flat=True)))
        if payments and all(payment.state == Payment.State.PAID for payment in payments.values()):
            line.deliver(row.case, by=None, now=now)
            delivered += 1
    return delivered


def decide_place(place: Place, *, is_yes: bool, by: User, now: dt.datetime) -> None:
    """The request behind a place is answered with the place; a seat is there when it is decided."""
    case = place.case
    if case is None or not case.is_open or place.checked_by is None:
        return
    if case.state == Case.State.SUPPLEMENT:
        raise SupplementOpen(case.number)
    if case.state == Case.State.PAUSED:
        line.resume_clock(case, by=None, now=now)
    _sign(case, len(plan_of(case.version).steps), opinion=place.reason, by=place.checked_by, now=now)
    if is_yes:
        verdict = line.Verdict(
            outcome=CaseDecision.Outcome.OK, reason=place.reason, amount=place.amount or None, receipt=place.receipt
        )
    else:
        verdict = _refused(case, place.reason, place.receipt, appeal_end(now))
    line.decide(case, verdict, by=by, now=now)
    if is_yes and not place.amount:
        line.deliver(case, by=by, now=now)


@transaction.atomic
def deliver_paid_places(*, now: dt.datetime, limit: int = 200) -> int:
    """The same for requests of programmes, when their one payment has arrived. Bears repeating."""
    waiting = Place.objects.filter(case__state=Case.State.DECIDED_OK, amount__gt=0).select_related(
        "case__applicant__user"
    )
    places = {place.pk: place for place in waiting.order_by("pk")[:limit]}
    payments = payments_for("aid.place", list(places))
    paid = [place for pk, place in places.items() if pk in payments and payments[pk].state == Payment.State.PAID]
    for place in paid:
        assert place.case is not None
        line.deliver(place.case, by=None, now=now)
    return len(paid)
