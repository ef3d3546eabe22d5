"""A membership moves: the former union lets go or is silent, the new one takes over, the common superior decides
what the two can't (GT 2.7). Clocks, papers and the answer are the case's."""

import datetime as dt

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from yiwang.grassroots.joining.actions.joining import bring_to_decision
from yiwang.grassroots.joining.errors import GroundMissing, NobodyAbove, NotYours
from yiwang.grassroots.joining.events import TransferEscalated, TransferObjected, TransferReleased
from yiwang.grassroots.joining.models import Transfer
from yiwang.grassroots.joining.queries import only_employer_of, picked, transfer_of
from yiwang.kernel import clock
from yiwang.kernel.clock import local_date
from yiwang.net.cases import actions as cases
from yiwang.net.cases.actions.clocks import set_due, start_step_clock
from yiwang.net.cases.actions.handover import pass_on
from yiwang.net.cases.models import Case, Clock, Hop
from yiwang.net.cases.queries.limits import DECIDE
from yiwang.net.cases.queries.routing import free_holders, least_busy, line_of, situation_of
from yiwang.platform.journal.actions import record
from yiwang.register.accounts.models import User
from yiwang.register.members import actions as members
from yiwang.register.members.models import Membership
from yiwang.register.members.queries import held_membership
from yiwang.register.organisations.models import Organisation
from yiwang.register.organisations.queries import body_called, lowest_common

IN_HAND = (Case.State.ACCEPTED, Case.State.IN_PROGRESS)
Held = Membership.State


@transaction.atomic
def begin(case: Case) -> Transfer | None:
    """The member asked: where from and where to are written down, the membership is on its way. Safe to run twice.

    None where there is nothing to move: no membership, or the union named is one's own.
    """
    known = transfer_of(case)
    held = held_membership(case.applicant) if case.applicant is not None else None
    target = body_called(picked(case.answers, "organisation"))
    if known is not None or held is None or target is None or target.pk == held.organisation_id:
        return known
    made = Transfer.objects.create(
        case=case,
        membership=held,
        from_organisation=held.organisation,
        to_organisation=target,
        reason=str(case.answers.get("reason") or "")[:20],
        since=_day(case.answers.get("since")),
    )
    members.begin_transfer(held, target, by=case.submitted_by)
    return made


def _day(value: object) -> dt.date | None:
    try:
        return dt.date.fromisoformat(str(value))
    except ValueError:
        return None


@transaction.atomic
def release(transfer: Transfer, *, opinion: str, by: User | None, now: dt.datetime | None = None) -> None:
    """The former union lets go: the case is at the new union's desk. ``by`` nobody: its silence counted."""
    now = now or clock.now()
    case = transfer.case
    if case.step != 0:
        raise NotYours(case.organisation)
    if case.state == Case.State.SUBMITTED and by is not None:
        cases.accept_case(case, by=by, now=now)
    cases.complete_step(case, opinion=opinion or _("同意转出"), by=by, now=now)
    transfer.released_at, transfer.is_deemed = now, by is None
    transfer.save(update_fields=["released_at", "is_deemed"])
    record(TransferReleased(case_id=case.pk, deemed=by is None), by=by)


@transaction.atomic
def object_to(transfer: Transfer, *, ground: str, text: str, by: User, now: dt.datetime | None = None) -> None:
    """The former union says no, for one of three reasons only; the common superior decides."""
    if ground not in Transfer.Ground.values or not text.strip():
        raise GroundMissing
    now = now or clock.now()
    case = transfer.case
    if case.step != 0:
        raise NotYours(case.organisation)
    if case.state == Case.State.SUBMITTED:
        cases.accept_case(case, by=by, now=now)
    label = str(Transfer.Ground(ground).label)
    cases.complete_step(case, opinion=f"{label}：{text.strip()}", by=by, now=now)
    transfer.ground, transfer.objection, transfer.released_at = ground, text.strip()[:300], now
    transfer.save(update_fields=["ground", "objection", "released_at"])
    record(TransferObjected(case_id=case.pk, ground=ground), by=by)
    _escalate(transfer, reason=label, by=by, now=now)


def _escalate(transfer: Transfer, *, reason: str, by: User | None, now: dt.datetime) -> None:
    case = transfer.case
    common = lowest_common(transfer.from_organisation, transfer.to_organisation)
    line = line_of(common) if common is not None else []
    free = free_holders(line, DECIDE, situation_of(case), local_date(now))
    body: Organisation | None = next((body for body in line if body.pk in free), None)
    if body is None:
        raise NobodyAbove
    pass_on(case, to=body, handler=least_busy(free[body.pk]), kind=Hop.Kind.UP, reason=reason, by=by, now=now)
    start_step_clock(case, now=now)
    set_due(case)
    transfer.escalated_at = now
    transfer.save(update_fields=["escalated_at"])
    record(TransferEscalated(case_id=case.pk, organisation_id=body.pk), by=by)


@transaction.atomic
def receive(transfer: Transfer, *, reason: str, by: User) -> None:
    """The new union (or the common superior) says yes: the membership is there from today."""
    case, reason = transfer.case, reason.strip() or _("同意接收")
    if not bring_to_decision(case, opinion=reason, by=by):
        raise NotYours(case.organisation)
    cases.decide(case, cases.Verdict(outcome="ok", reason=reason), by=by)
    complete(transfer, by=by)


@transaction.atomic
def complete(transfer: Transfer, *, by: User | None) -> None:
    """The decision becomes a move of the membership. Safe to run twice."""
    if transfer.done_at is not None:
        return
    held = transfer.membership
    members.transfer_membership(
        held,
        transfer.to_organisation,
        by=by,
        reason=transfer.case.number,
        employer=only_employer_of(transfer.to_organisation),
    )
    members.end_affiliation_with(held.person_id, transfer.to_organisation_id)
    transfer.done_at = clock.now()
    transfer.save(update_fields=["done_at"])


def call_off_move(transfer: Transfer, *, by: User | None, reason: str) -> None:
    """Withdrawn, refused or closed: the member stays where they are. Safe to run twice."""
    if transfer.done_at is None:
        members.call_off_transfer(transfer.membership, by=by, reason=reason)


@transaction.atomic
def move_back(transfer: Transfer, *, reason: str, by: User | None) -> None:
    """The move was decided wrongly: back to the former union, unless the member moved on. Safe to run twice."""
    if transfer.done_at is None:
        return
    transfer.done_at = None
    transfer.save(update_fields=["done_at"])
    held = held_membership(transfer.membership.person)
    if held is None or held.organisation_id != transfer.to_organisation_id:
        return
    members.move_back(held, by=by, reason=reason, employer=only_employer_of(transfer.from_organisation))


def sweep_transfers(now: dt.datetime) -> int:
    """Silence of the former union lets go; silence of the new one goes to the common superior. Each on its own."""
    done = 0
    rows = Transfer.objects.filter(case__state__in=IN_HAND, escalated_at=None, done_at=None)
    for pk in list(rows.filter(_step_is_over(now)).order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            done += _after_silence(pk, now)
    return done


def _step_is_over(now: dt.datetime) -> Q:
    over = Clock.objects.filter(
        kind=Clock.Kind.STEP, due_at__lte=now, state__in=(Clock.State.RUNNING, Clock.State.MISSED)
    )
    return Q(case__in=over.values("case"))


def _after_silence(pk: int, now: dt.datetime) -> bool:
    transfer = (
        Transfer.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("case__version__service", "case__organisation", "case__applicant__user", "case__home",
                        "case__employer", "from_organisation", "to_organisation", "membership")
        .filter(pk=pk)
        .first()
    )  # fmt: skip
    if transfer is None:
        return False
    if transfer.released_at is None:
        release(transfer, opinion=_("到期没有答复，视为同意转出。"), by=None, now=now)
    else:
        _escalate(transfer, reason=_("新工会到期没有答复"), by=None, now=now)
    return True
