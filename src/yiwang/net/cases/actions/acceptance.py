"""The first answer: accepted, not accepted, or everything that is missing, in one go."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from yiwang.kernel import clock as kernel_clock
from yiwang.kernel.clock import add_days, due_day, local_date
from yiwang.kernel.states import ChangedMeanwhile, move
from yiwang.net.cases.actions.clocks import (
    end_clocks,
    hold_clocks,
    release_clocks,
    set_due,
    start_clock,
    start_promise,
    start_step_clock,
)
from yiwang.net.cases.actions.letters import LETTERS, issue_letter
from yiwang.net.cases.actions.telling import (
    count,
    count_standing,
    day_iso,
    day_words,
    tell_applicant,
    tell_journal,
    tell_staff,
)
from yiwang.net.cases.errors import AskedBefore, EmptyAnswer, NothingAsked, ReasonMissing, SamePerson
from yiwang.net.cases.events import (
    CaseAccepted,
    CaseClosedUnanswered,
    CaseRefused,
    SupplementAnswered,
    SupplementRequested,
)
from yiwang.net.cases.models import Case, Clock, ClockPause, Decision, Letter, Supplement
from yiwang.net.cases.queries.limits import limit
from yiwang.platform.files.actions import claim
from yiwang.platform.files.models import Document
from yiwang.register.accounts.models import User


@transaction.atomic
def accept_case(case: Case, *, by: User, now: dt.datetime | None = None) -> None:
    """From here the promise runs."""
    now = now or kernel_clock.now()
    handler = case.handler or by

    move(case, Case.State.ACCEPTED, accepted_at=now, handler=handler)
    end_clocks(case, now=now, kinds=(Clock.Kind.ACCEPTANCE,))
    _begin(case, started_at=now, now=now)

    tell_journal(case, CaseAccepted(case_id=case.pk, deemed=False, due=day_iso(case.due_at)), by=by, now=now)
    _tell_accepted(case, by=by, now=now)


@transaction.atomic
def deem_accepted(case: Case, *, now: dt.datetime) -> None:
    """Nobody answered in time: the request counts as accepted from the day it was handed in (GT 6.4)."""
    move(case, Case.State.ACCEPTED, accepted_at=case.submitted_at, is_deemed_accepted=True)
    end_clocks(case, now=now, kinds=(Clock.Kind.ACCEPTANCE,))
    _begin(case, started_at=case.submitted_at, now=now)

    tell_journal(case, CaseAccepted(case_id=case.pk, deemed=True, due=day_iso(case.due_at)), by=None, now=now)
    _tell_accepted(case, by=None, now=now)


def _begin(case: Case, *, started_at: dt.datetime, now: dt.datetime) -> None:
    start_promise(case, started_at=started_at, now=now)
    start_step_clock(case, now=now)
    set_due(case)


def _tell_accepted(case: Case, *, by: User | None, now: dt.datetime) -> None:
    due = due_day(case.due_at) if case.due_at else ""
    with override(LETTERS):
        deemed = _("受理期限内没有答复，按规定视为受理，期限从提交那天起算。") if case.is_deemed_accepted else ""
    issue_letter(case, Letter.Kind.ACCEPTANCE, by=by, now=now, due_on=due, limit_text=deemed)
    tell_applicant(case, "accepted", day=day_words(case.due_at), organisation=case.organisation.name)


@transaction.atomic
def refuse_case(
    case: Case, *, reason: str, other_ways: str, recourse: str, by: User, now: dt.datetime | None = None
) -> Decision:
    """Not ours or not possible: with the reason, where to go instead, and where to complain about this answer."""
    if not (reason.strip() and other_ways.strip() and recourse.strip()):
        raise ReasonMissing
    now = now or kernel_clock.now()
    on = local_date(now)

    move(case, Case.State.NOT_ACCEPTED, closed_at=now)
    end_clocks(case, now=now)
    set_due(case)
    decision = Decision.objects.create(
        case=case,
        outcome=Decision.Outcome.NOT_ACCEPTED,
        reason=reason.strip(),
        other_ways=other_ways.strip(),
        recourse=recourse.strip(),
        appeal_until=add_days(on, limit("appeal_days", on)),
        organisation=case.organisation,
        decided_by=by,
        decided_at=now,
    )
    count_standing(case, "open", -1)
    count(case, "done", day=on)

    tell_journal(case, CaseRefused(case_id=case.pk), by=by, now=now)
    issue_letter(
        case,
        Letter.Kind.NOT_ACCEPTED,
        by=by,
        now=now,
        reasons=[decision.reason],
        go_to=decision.other_ways,
        recourse=decision.recourse,
    )
    tell_applicant(case, "refused")
    return decision


@transaction.atomic
def request_supplement(
    case: Case,
    *,
    items: Sequence[dict[str, str]],
    by: User,
    message: str = "",
    new_facts: str = "",
    approver: User | None = None,
    now: dt.datetime | None = None,
) -> Supplement:
    """Ask for everything that is missing, once. Again only for new facts that a second person agreed to."""
    wanted = [item for item in items if item.get("name", "").strip()]
    if not wanted:
        raise NothingAsked
    if case.supplements.exists():
        if not new_facts.strip() or approver is None:
            raise AskedBefore
        if approver.pk == by.pk:
            raise SamePerson
    now = now or kernel_clock.now()
    was = case.state

    move(case, Case.State.SUPPLEMENT)
    hold_clocks(case, ClockPause.Kind.SUPPLEMENT, reason=_names(wanted), by=by, now=now, approver=approver)
    theirs = start_clock(
        case,
        Clock.Kind.SUPPLEMENT,
        party=Clock.Party.THEIRS,
        amount=limit("supplement_days", local_date(now)),
        unit=Clock.Unit.DAY,
        started_at=now,
        now=now,
        suspendable=False,
    )
    supplement = Supplement.objects.create(
        case=case,
        items=[{"name": item["name"].strip(), "why": item.get("why", "").strip()} for item in wanted],
        message=message.strip(),
        new_facts=new_facts.strip(),
        asked_by=by,
        approver=approver,
        asked_at=now,
        due_at=theirs.due_at,
        was=was,
    )
    set_due(case)

    event = SupplementRequested(case_id=case.pk, count=len(wanted), due=day_iso(theirs.due_at))
    tell_journal(case, event, by=by, now=now)
    missing = [f"{item['name']}：{item['why']}" if item["why"] else item["name"] for item in supplement.items]
    due = due_day(theirs.due_at)
    issue_letter(case, Letter.Kind.SUPPLEMENT, by=by, now=now, missing=missing, answer_by=due, how=supplement.message)
    tell_applicant(case, "supplement", urgent=False, count=len(wanted), day=day_words(theirs.due_at))
    return supplement


def _names(items: Sequence[dict[str, Any]]) -> str:
    return "、".join(str(item["name"]).strip() for item in items)[:300]


@transaction.atomic
def answer_supplement(
    case: Case,
    *,
    text: str,
    by: User,
    documents: Sequence[Document] = (),
    now: dt.datetime | None = None,
) -> None:
    """The applicant sent what was missing; the clocks run on from here."""
    if not text.strip() and not documents:
        raise EmptyAnswer
    now = now or kernel_clock.now()
    supplement = open_supplement(case)

    back = Case.State.SUBMITTED if supplement.was == Case.State.SUBMITTED else Case.State.IN_PROGRESS
    move(case, back)
    Supplement.objects.filter(pk=supplement.pk).update(answer=text.strip(), answered_at=now)
    if documents:
        claim(documents, subject="case", subject_id=case.pk)
    end_clocks(case, now=now, kinds=(Clock.Kind.SUPPLEMENT,))
    release_clocks(case, now=now)
    set_due(case)

    tell_journal(case, SupplementAnswered(case_id=case.pk), by=by, now=now)
    tell_applicant(case, "supplement_received", day=day_words(case.due_at))
    tell_staff(case, "supplement_answered", [case.handler])


def open_supplement(case: Case) -> Supplement:
    supplement = case.supplements.filter(answered_at=None, is_expired=False).first()
    if supplement is None:
        raise ChangedMeanwhile(case)
    return supplement


@transaction.atomic
def close_unanswered(case: Case, *, now: dt.datetime) -> None:
    """The missing papers did not come. Nothing is lost: asking again is open at any time."""
    supplement = open_supplement(case)

    move(case, Case.State.CLOSED_UNANSWERED, closed_at=now)
    Supplement.objects.filter(pk=supplement.pk).update(is_expired=True)
    end_clocks(case, now=now, kinds=(Clock.Kind.SUPPLEMENT,))
    end_clocks(case, now=now, stopped=True)
    case.pauses.filter(ended_at=None).update(ended_at=now)
    set_due(case)
    count_standing(case, "open", -1)

    tell_journal(case, CaseClosedUnanswered(case_id=case.pk), by=None, now=now)
    tell_applicant(case, "closed_unanswered")
