"""The work itself: steps, hands, words among staff and to the applicant."""

import datetime as dt

from django.db import transaction

from yiwang.kernel import clock as kernel_clock
from yiwang.kernel.clock import local_date
from yiwang.kernel.states import move
from yiwang.net.cases.actions.clocks import set_due, start_step_clock
from yiwang.net.cases.actions.handover import pass_on
from yiwang.net.cases.actions.telling import tell_applicant, tell_journal, tell_staff
from yiwang.net.cases.errors import (
    HasInterest,
    NobodyCanReceive,
    NotOnTheLine,
    NotTheirTurn,
    ReasonMissing,
    SamePerson,
)
from yiwang.net.cases.events import (
    CaseSupervised,
    CoHandlerAdded,
    CoHandlerReported,
    HandlerAssigned,
    HandlerRecused,
    NoteWritten,
    ReplyWritten,
    StepCompleted,
    WorkStarted,
)
from yiwang.net.cases.models import Case, CaseOrganisation, CaseRecusal, CaseStep, Hop, Note, Reply, Supervision
from yiwang.net.cases.queries.limits import HANDLE, plan_of
from yiwang.net.cases.queries.routing import barred_users, free_officers, route_step, situation_of
from yiwang.register.access.queries import holders
from yiwang.register.accounts.models import User
from yiwang.register.organisations.models import Organisation


@transaction.atomic
def start_work(case: Case, *, by: User, now: dt.datetime | None = None) -> None:
    now = now or kernel_clock.now()

    move(case, Case.State.IN_PROGRESS, handler=case.handler or by)

    tell_journal(case, WorkStarted(case_id=case.pk), by=by, now=now)


@transaction.atomic
def complete_step(case: Case, *, opinion: str, by: User | None, now: dt.datetime | None = None) -> CaseStep:
    """Sign this step and send the case to whoever does the next one; by nobody where silence counts as consent."""
    if not opinion.strip():
        raise ReasonMissing("opinion")
    now = now or kernel_clock.now()
    plan = plan_of(case.version)
    step = plan.step(case.step)
    if step is None or case.step >= plan.deciding_step:
        raise NotTheirTurn(str(step.title) if step else "")
    route = route_step(case, case.step + 1, on=local_date(now), done_by=by)
    if route is None:
        raise NobodyCanReceive(case.title)

    done = CaseStep.objects.create(
        case=case,
        index=case.step,
        key=step.key,
        organisation=case.organisation,
        handler=by,
        opinion=opinion.strip(),
        done_at=now,
    )
    if case.state == Case.State.ACCEPTED:
        move(case, Case.State.IN_PROGRESS)
    _enter_next_step(case, was=done.index)
    pass_on(case, to=route.organisation, handler=route.handler, kind=Hop.Kind.STEP, code="step", by=by, now=now)
    start_step_clock(case, now=now)
    set_due(case)

    tell_journal(case, StepCompleted(case_id=case.pk, step=done.key, index=done.index), by=by, now=now)
    tell_staff(case, "your_step", [route.handler])
    return done


def _enter_next_step(case: Case, *, was: int) -> None:
    """Guarded like a move: two people signing one step at once make one step, not two."""
    rows = Case.objects.filter(pk=case.pk, step=was).update(step=was + 1)
    if rows == 0:
        raise NotTheirTurn(str(was + 1))
    case.step = was + 1


@transaction.atomic
def assign(case: Case, *, handler: User, by: User, now: dt.datetime | None = None) -> None:
    """Give the case to one officer of the body that has it."""
    now = now or kernel_clock.now()
    plan = plan_of(case.version)
    if handler.pk in barred_users(situation_of(case)) or case.recusals.filter(user=handler).exists():
        raise HasInterest(handler.name)
    if case.step >= plan.deciding_step and plan.needs_two_people and case.steps.filter(handler=handler).exists():
        raise SamePerson
    able = {user.pk for user in holders(case.organisation, plan.capability(case.step))}
    able |= {user.pk for user in holders(case.organisation, HANDLE)}
    if handler.pk not in able:
        raise NotOnTheLine(handler.name)

    Case.objects.filter(pk=case.pk).update(handler=handler)
    case.handler = handler

    tell_journal(case, HandlerAssigned(case_id=case.pk, handler_id=handler.pk), by=by, now=now)
    if handler.pk != by.pk:
        tell_staff(case, "your_step", [handler])


@transaction.atomic
def recuse(case: Case, *, user: User, reason: str, by: User, now: dt.datetime | None = None) -> None:
    """Take an officer with a tie off this case for good and give it to somebody free, higher up if need be."""
    if not reason.strip():
        raise ReasonMissing
    now = now or kernel_clock.now()
    CaseRecusal.objects.get_or_create(
        case=case, user=user, defaults={"reason": reason.strip(), "declared_by": by, "declared_at": now}
    )
    tell_journal(case, HandlerRecused(case_id=case.pk, user_id=user.pk), by=by, now=now)
    if case.handler_id != user.pk:
        return
    others = free_officers(case, on=local_date(now))
    if others:
        assign(case, handler=others[0], by=by, now=now)
        return
    route = route_step(case, case.step, on=local_date(now))
    if route is None:
        raise NobodyCanReceive(case.title)
    pass_on(case, to=route.organisation, handler=route.handler, kind=Hop.Kind.UP, code="conflict", by=by, now=now)


@transaction.atomic
def add_co_handler(
    case: Case, *, organisation: Organisation, task: str, by: User, now: dt.datetime | None = None
) -> CaseOrganisation:
    """Ask another body to help. The lead stays where the case is."""
    if not task.strip():
        raise ReasonMissing("task")
    now = now or kernel_clock.now()
    inside = organisation.level >= 7 and (bool(case.target) or case.anonymous_to_employer)
    if organisation.pk == case.organisation_id or inside or not holders(organisation, HANDLE).exists():
        raise NotOnTheLine(organisation.name)

    row, _ = CaseOrganisation.objects.update_or_create(
        case=case,
        organisation=organisation,
        defaults={
            "task": task.strip(),
            "asked_by": by,
            "asked_at": now,
            "report": "",
            "reported_by": None,
            "reported_at": None,
        },
    )

    tell_journal(case, CoHandlerAdded(case_id=case.pk, organisation_id=organisation.pk), by=by, now=now)
    tell_staff(case, "help_wanted", holders(organisation, HANDLE))
    return row


@transaction.atomic
def report_co_handling(
    case: Case, *, organisation: Organisation, report: str, by: User, now: dt.datetime | None = None
) -> None:
    if not report.strip():
        raise ReasonMissing("report")
    now = now or kernel_clock.now()
    rows = CaseOrganisation.objects.filter(case=case, organisation=organisation, reported_at=None)
    if not rows.update(report=report.strip(), reported_by=by, reported_at=now):
        raise NotOnTheLine(organisation.name)

    tell_journal(case, CoHandlerReported(case_id=case.pk, organisation_id=organisation.pk), by=by, now=now)
    tell_staff(case, "help_given", [case.handler])


@transaction.atomic
def supervise(
    case: Case,
    *,
    organisation: Organisation,
    demand: str,
    by: User,
    due_on: dt.date | None = None,
    now: dt.datetime | None = None,
) -> Supervision:
    """A superior puts the case under its eyes: what it wants, by when. It stays flagged to the end."""
    if not demand.strip():
        raise ReasonMissing("demand")
    now = now or kernel_clock.now()

    made = Supervision.objects.create(
        case=case, organisation=organisation, demand=demand.strip(), due_on=due_on, by=by, at=now
    )
    Case.objects.filter(pk=case.pk).update(is_supervised=True)
    case.is_supervised = True

    tell_journal(case, CaseSupervised(case_id=case.pk, organisation_id=organisation.pk), by=by, now=now)
    tell_staff(
        case,
        "supervised",
        [case.handler] if case.handler else holders(case.organisation, HANDLE),
        organisation=organisation.name,
    )
    return made


@transaction.atomic
def write_note(case: Case, *, text: str, by: User, now: dt.datetime | None = None) -> Note:
    if not text.strip():
        raise ReasonMissing("text")
    now = now or kernel_clock.now()

    note = Note.objects.create(case=case, author=by, text=text.strip(), created_at=now)

    tell_journal(case, NoteWritten(case_id=case.pk), by=by, now=now)
    return note


@transaction.atomic
def write_reply(case: Case, *, text: str, by: User, now: dt.datetime | None = None) -> Reply:
    """Words for the applicant, apart from notes: what is written here is read there."""
    if not text.strip():
        raise ReasonMissing("text")
    now = now or kernel_clock.now()

    reply = Reply.objects.create(case=case, author=by, from_applicant=False, text=text.strip(), created_at=now)

    tell_journal(case, ReplyWritten(case_id=case.pk, from_applicant=False), by=by, now=now)
    tell_applicant(case, "reply")
    return reply
