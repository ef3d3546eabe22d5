"""The answer, on the record: decided with reasons, delivered, reviewed, revoked if it was wrong."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from yiwang.kernel import clock as kernel_clock
from yiwang.kernel.clock import add_days, due_day, local_date
from yiwang.kernel.states import move
from yiwang.net.cases.actions.clocks import end_clocks, set_due, start_promise
from yiwang.net.cases.actions.handover import pass_on
from yiwang.net.cases.actions.letters import LETTERS, issue_letter, money_words
from yiwang.net.cases.actions.receipts import make_receipt
from yiwang.net.cases.actions.telling import count, count_standing, day_words, tell_applicant, tell_journal, tell_staff
from yiwang.net.cases.errors import (
    HasInterest,
    NobodyCanReceive,
    NotSuperior,
    NotTheirTurn,
    ReasonMissing,
    SamePerson,
)
from yiwang.net.cases.events import (
    CaseDecided,
    CaseDelivered,
    CaseReopened,
    DecisionRevoked,
    ReviewAnswered,
)
from yiwang.net.cases.models import Case, CaseStep, Clock, Decision, Hop, Letter, Review
from yiwang.net.cases.queries.limits import limit, plan_of
from yiwang.net.cases.queries.routing import barred_users, free_officers, route_step, situation_of
from yiwang.platform.rules.models import Receipt
from yiwang.platform.ui.formats import day_text
from yiwang.register.accounts.models import User
from yiwang.register.organisations.models import Organisation

Outcome = Decision.Outcome


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What the decider writes down."""

    outcome: str
    reason: str
    other_ways: str = ""
    recourse: str = ""
    corrections: str = ""
    amount: Decimal | None = None
    amount_reason: str = ""
    receipt: Receipt | None = None  # of a wing that worked the decision out itself; ours is not made then


@transaction.atomic
def decide(case: Case, verdict: Verdict, *, by: User, now: dt.datetime | None = None) -> Decision:
    """Say yes or no with reasons. Two people deciding at once: the guarded move lets one win.

    Refuses a verdict without reason, a no without other ways and recourse, a changed amount without its reason, and
    whoever has a tie to the matter or did an earlier step where the service asks for two people.
    """
    now = now or kernel_clock.now()
    on = local_date(now)
    _refuse_verdict(verdict)
    _refuse_decider(case, by)

    ok = verdict.outcome == Outcome.OK
    state = Case.State.DECIDED_OK if ok else Case.State.DECIDED_NO
    move(case, state, decided_at=now, closed_at=now, handler=by)
    on_time = _is_on_time(case, now)
    end_clocks(case, now=now)
    set_due(case)
    receipt, computed = (verdict.receipt, verdict.amount) if verdict.receipt else make_receipt(case, by=by, now=now)
    amount = _amount(verdict, computed) if ok else None
    Case.objects.filter(pk=case.pk).update(amount=amount)
    case.amount = amount
    decision = Decision.objects.create(
        case=case,
        outcome=verdict.outcome,
        reason=verdict.reason.strip(),
        other_ways=verdict.other_ways.strip(),
        recourse=verdict.recourse.strip(),
        corrections=verdict.corrections.strip(),
        appeal_until=add_days(on, limit("appeal_days", on)),
        amount=amount,
        computed_amount=computed if ok else None,
        amount_reason=verdict.amount_reason.strip(),
        receipt=receipt,
        organisation=case.organisation,
        decided_by=by,
        decided_at=now,
        is_on_time=on_time,
    )
    _sign_step(case, verdict.reason, by=by, now=now)
    count_standing(case, "open", -1)
    count(case, "done", day=on)
    if on_time:
        count(case, "on_time", day=on)

    tell_journal(case, CaseDecided(case_id=case.pk, outcome=verdict.outcome, on_time=on_time), by=by, now=now)
    _issue_result(case, decision, by=by, now=now)
    tell_applicant(case, "decided_ok" if ok else "decided_no")
    return decision


@override(LETTERS)
def _issue_result(case: Case, decision: Decision, *, by: User, now: dt.datetime) -> None:
    until = _("{day}前可以申请复核，换人来审；也可以打12351。").format(day=day_text(decision.appeal_until))
    recourse = decision.recourse or until
    if decision.outcome == Outcome.OK:
        result = str(plan_of(case.version).definition.result.name) or _("同意你的申请。")
        money = money_words(decision.amount) if decision.amount is not None else ""
        facts = {"result": result, "amount_text": money, "reasons": [decision.reason], "recourse": recourse}
        issue_letter(case, Letter.Kind.RESULT_OK, by=by, now=now, **facts)
        return
    facts = {"reasons": [decision.reason], "other_ways": decision.other_ways, "recourse": recourse}
    issue_letter(case, Letter.Kind.RESULT_NO, by=by, now=now, **facts)


def _is_on_time(case: Case, now: dt.datetime) -> bool:
    promises = case.clocks.filter(kind=Clock.Kind.PROMISED)
    late = Q(state=Clock.State.MISSED) | Q(state=Clock.State.RUNNING, due_at__lte=now)
    return not promises.filter(late).exists()


def _amount(verdict: Verdict, computed: Decimal | None) -> Decimal | None:
    """The calculated amount stands unless the decider wrote another one and why."""
    if verdict.amount is None:
        return computed
    if computed is not None and verdict.amount != computed and not verdict.amount_reason.strip():
        raise ReasonMissing("amount_reason")
    return verdict.amount


def _refuse_verdict(verdict: Verdict) -> None:
    if not verdict.reason.strip():
        raise ReasonMissing
    if verdict.outcome != Outcome.OK:
        if not verdict.other_ways.strip():
            raise ReasonMissing("other_ways")
        if not verdict.recourse.strip():
            raise ReasonMissing("recourse")


def _refuse_decider(case: Case, by: User) -> None:
    plan = plan_of(case.version)
    if by.pk in barred_users(situation_of(case)) or case.recusals.filter(user=by).exists():
        raise HasInterest(by.name)
    if case.step < plan.deciding_step:
        step = plan.step(case.step)
        raise NotTheirTurn(str(step.title) if step else "")
    if plan.needs_two_people and case.steps.filter(handler=by, index__lt=plan.deciding_step).exists():
        raise SamePerson


def _sign_step(case: Case, opinion: str, *, by: User, now: dt.datetime) -> None:
    step = plan_of(case.version).step(case.step)
    if step is not None:
        CaseStep.objects.create(
            case=case,
            index=case.step,
            key=step.key,
            organisation=case.organisation,
            handler=by,
            opinion=opinion.strip(),
            done_at=now,
        )


@transaction.atomic
def deliver(case: Case, *, by: User | None, now: dt.datetime | None = None) -> None:
    """The result is in the applicant's hands: paid, issued, sent."""
    now = now or kernel_clock.now()

    move(case, Case.State.DELIVERED, delivered_at=now)

    tell_journal(case, CaseDelivered(case_id=case.pk), by=by, now=now)
    tell_applicant(case, "delivered")


@transaction.atomic
def revoke_decision(
    case: Case, *, reason: str, by: User, organisation: Organisation, now: dt.datetime | None = None
) -> None:
    """A superior takes back a wrong answer; the case is open again with a fresh promise from today."""
    if not reason.strip():
        raise ReasonMissing
    now = now or kernel_clock.now()
    on = local_date(now)
    decision = case.decisions.select_for_update().get(revoked_at=None)
    if not str(decision.organisation.path).startswith(f"{organisation.path}."):
        raise NotSuperior

    was = case.state
    move(case, Case.State.REVOKED, handler=None, closed_at=None, amount=None, accepted_at=case.accepted_at or now)
    Decision.objects.filter(pk=decision.pk).update(revoked_at=now, revoked_by=by, revoked_reason=reason.strip())
    start_promise(case, started_at=now, now=now)
    set_due(case)
    _uncount(case, decision)

    tell_journal(case, DecisionRevoked(case_id=case.pk, was=was), by=by, now=now)
    due = due_day(case.due_at) if case.due_at else ""
    issue_letter(case, Letter.Kind.REVOCATION, by=by, now=now, reason=reason.strip(), due_on=due)
    tell_applicant(case, "revoked", day=day_words(case.due_at))
    tell_staff(case, "revoked_staff", free_officers(case, on=on))


def _uncount(case: Case, decision: Decision) -> None:
    count_standing(case, "open", +1)
    count(case, "done", -1, at=decision.organisation, day=local_date(decision.decided_at))
    if decision.is_on_time and decision.outcome != Outcome.NOT_ACCEPTED:
        count(case, "on_time", -1, at=decision.organisation, day=local_date(decision.decided_at))


@transaction.atomic
def reopen_case(case: Case, *, by: User, now: dt.datetime | None = None) -> None:
    """Begin again after a revoked decision, at the deciding step, with somebody who did not decide it: a colleague,
    else the nearest body above that has one."""
    now = now or kernel_clock.now()
    last = case.decisions.order_by("-decided_at").first()
    if last is not None and last.decided_by_id == by.pk:
        raise SamePerson
    plan = plan_of(case.version)
    before = {last.decided_by_id} if last is not None else set()
    route = route_step(case, plan.deciding_step, on=local_date(now), but=before)
    if route is None:
        raise NobodyCanReceive(case.title)

    move(case, Case.State.IN_PROGRESS, decided_at=None, step=plan.deciding_step)
    pass_on(case, to=route.organisation, handler=route.handler, kind=Hop.Kind.STEP, code="again", by=by, now=now)

    tell_journal(case, CaseReopened(case_id=case.pk), by=by, now=now)
    tell_staff(case, "your_step", [route.handler])


@transaction.atomic
def answer_review(review: Review, *, upheld: bool, answer: str, by: User, now: dt.datetime | None = None) -> None:
    """The superior's word on a decision the applicant did not accept: it stands, or it falls."""
    if not answer.strip():
        raise ReasonMissing("answer")
    if review.decision.decided_by_id == by.pk:
        raise SamePerson
    now = now or kernel_clock.now()
    case = review.case

    state = Review.State.UPHELD if upheld else Review.State.REVOKED
    move(review, state, answer=answer.strip(), answered_by=by, answered_at=now)
    if not upheld:
        revoke_decision(case, reason=answer, by=by, organisation=review.organisation, now=now)

    tell_journal(case, ReviewAnswered(case_id=case.pk, upheld=upheld), by=by, now=now)
    tell_applicant(case, "review_upheld" if upheld else "review_revoked")
