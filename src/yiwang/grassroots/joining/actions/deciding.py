"""What a case decided elsewhere (the general desk of requests) means for the register: called by reactions, so every
function here bears being called again."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from yiwang.grassroots.joining.actions.joining import enrol, note_request, take_back_admission
from yiwang.grassroots.joining.actions.transfers import begin, call_off_move, complete, move_back
from yiwang.grassroots.joining.queries import JOIN, QUIT, RETAIN, TRANSFER, case_to_carry_out, transfer_of
from yiwang.kernel.clock import today
from yiwang.kernel.errors import DomainError
from yiwang.net.cases.models import Case, Decision
from yiwang.register.accounts.models import User
from yiwang.register.members import actions as members
from yiwang.register.members.codes import EmployState
from yiwang.register.members.models import Membership
from yiwang.register.members.queries import held_membership, spans_of

WHY_RETAINED = {
    "retired": EmployState.RETIRED,
    "unemployed": EmployState.UNEMPLOYED,
    "military": EmployState.MILITARY,
}


@transaction.atomic
def note_submitted(case_id: int) -> None:
    """A request to join or to move came in by the general form."""
    case = case_to_carry_out(case_id)
    if case is None or case.merged_into_id is not None:
        return
    if case.service_code in JOIN:
        note_request(case)
    elif case.service_code == TRANSFER:
        try:
            with transaction.atomic():
                begin(case)
        except DomainError as refusal:
            _note(case, refusal)


@transaction.atomic
def carry_out(case_id: int, outcome: str) -> None:
    """A yes becomes a membership, a move, a retained or an ended membership; what can't goes on the worklist."""
    case = case_to_carry_out(case_id)
    if case is None:
        return
    if outcome != Decision.Outcome.OK:
        call_off(case_id, reason=case.number)
        return
    if not case.is_decided:  # the decision was revoked since
        return
    try:
        with transaction.atomic():
            _carry_out(case)
    except DomainError as refusal:
        _note(case, refusal)


def _carry_out(case: Case) -> None:
    decision = case.decisions.filter(revoked_at=None).select_related("decided_by").first()
    by = decision.decided_by if decision else None
    if case.service_code in JOIN:
        if case.applicant is not None:
            enrol(note_request(case), case.applicant, by=by)
        return
    if case.service_code == TRANSFER:
        transfer = begin(case)
        if transfer is not None:
            complete(transfer, by=by)
        return
    held = held_membership(case.applicant) if case.applicant is not None else None
    if held is None:
        return
    if case.service_code == QUIT:
        members.end_membership(held, by=by, state=Membership.State.QUIT, reason=case.number)
    elif held.state != Membership.State.RETAINED:
        _retain(case, held, by)


def _retain(case: Case, held: Membership, by: User | None) -> None:
    """From the day they named, if it lies in the running span; else from today."""
    state = WHY_RETAINED.get(str(case.answers.get("reason")), "")
    running = spans_of(held.person)[-1].days.lower
    try:
        since = dt.date.fromisoformat(str(case.answers.get("since")))
    except ValueError:
        since = today()
    since = since if running <= since <= today() else today()
    members.retain_membership(held, by=by, on=since, reason=case.number, employ_state=state)


def call_off(case_id: int, reason: str = "") -> None:
    """Withdrawn, refused or closed: whatever was on its way stops."""
    case = case_to_carry_out(case_id)
    transfer = transfer_of(case) if case is not None and case.service_code == TRANSFER else None
    if transfer is not None:
        call_off_move(transfer, by=None, reason=reason)


@transaction.atomic
def take_back(case_id: int) -> None:
    """The decision was revoked by the superior: what it did to the register is undone from today, nothing is erased.

    An admission ends, a move goes back, a retained membership resumes; what can't goes on the worklist. Late deliveries
    find the case decided anew and leave everything as it stands.
    """
    case = case_to_carry_out(case_id)
    if case is None or case.is_decided:
        return
    decision = case.decisions.exclude(revoked_at=None).select_related("revoked_by").order_by("-revoked_at").first()
    by = decision.revoked_by if decision else None
    try:
        with transaction.atomic():
            _take_back(case, by)
    except DomainError as refusal:
        _note(case, refusal)


def _take_back(case: Case, by: User | None) -> None:
    why = _("{number}的决定撤销了").format(number=case.number)
    if case.service_code in JOIN:
        take_back_admission(case, reason=why, by=by)
    elif case.service_code == TRANSFER and (transfer := transfer_of(case)) is not None:
        move_back(transfer, reason=why, by=by)
    elif case.service_code == RETAIN:
        held = held_membership(case.applicant) if case.applicant is not None else None
        if (
            held is not None
            and held.state == Membership.State.RETAINED
            and spans_of(held.person)[-1].days.upper is None
        ):
            members.resume_membership(held, by=by)
    elif case.applicant is not None and held_membership(case.applicant) is None:
        members.note_conflict("DX", case.applicant, claimed_by=case.home or case.organisation, detail=why)


def _note(case: Case, refusal: DomainError) -> None:
    assert case.applicant is not None  # what is refused is a membership, and somebody has it or would
    held = held_membership(case.applicant)
    rule = "DX"
    if case.service_code in JOIN and held is not None:
        rule = "D9" if held.state == Membership.State.RETAINED else "D1"
    claimed = case.home or case.organisation
    members.note_conflict(rule, case.applicant, claimed_by=claimed, detail=f"{case.number}：{refusal}")
