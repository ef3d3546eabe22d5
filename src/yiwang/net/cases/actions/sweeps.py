"""What time itself does. Each row in its own transaction: one bad row never holds up the rest, and a killed sweep
loses nothing, for the next one finds the same rows."""

import datetime as dt
from collections.abc import Callable, Iterable

from django.db import transaction
from django.db.models import Max

from yiwang.kernel.clock import add_workdays, local_date
from yiwang.kernel.states import move
from yiwang.net.cases.actions.acceptance import close_unanswered, deem_accepted
from yiwang.net.cases.actions.telling import count_standing, tell_applicant, tell_journal, tell_staff
from yiwang.net.cases.events import CaseArchived, CaseEscalated, CaseForgotten
from yiwang.net.cases.models import Case, Clock, ClockPause, Escalation
from yiwang.net.cases.models.case import OPEN_STATES
from yiwang.net.cases.queries.limits import limit
from yiwang.net.cases.queries.routing import line_of
from yiwang.platform.files.actions import remove_documents_of
from yiwang.platform.rules.queries import work_calendar
from yiwang.platform.text.actions import drop
from yiwang.register.access.queries import holders
from yiwang.register.accounts.models import User
from yiwang.register.organisations.models import Organisation

ESCALATED = (Clock.Kind.PROMISED, Clock.Kind.LEGAL)


def _each(ids: Iterable[int], do: Callable[[Case], bool]) -> int:
    done = 0
    for pk in list(ids):
        with transaction.atomic():
            case = (
                Case.objects.select_for_update(skip_locked=True, of=("self",))
                .select_related("version__service", "applicant__user", "organisation", "handler", "submitted_by")
                .filter(pk=pk)
                .first()
            )
            done += case is not None and do(case)
    return done


def sweep_deemed_acceptance(now: dt.datetime) -> int:
    """Requests nobody answered within the acceptance limit. Index: clock_running_by_due."""
    due = Clock.objects.filter(state=Clock.State.RUNNING, kind=Clock.Kind.ACCEPTANCE, due_at__lte=now)

    def deem(case: Case) -> bool:
        if case.state != Case.State.SUBMITTED:
            return False
        deem_accepted(case, now=now)
        return True

    return _each(due.order_by("due_at").values_list("case_id", flat=True), deem)


def sweep_supplements(now: dt.datetime) -> int:
    """Requests whose missing papers did not come in time."""
    due = Clock.objects.filter(state=Clock.State.RUNNING, kind=Clock.Kind.SUPPLEMENT, due_at__lte=now)

    def close(case: Case) -> bool:
        if case.state != Case.State.SUPPLEMENT:
            return False
        close_unanswered(case, now=now)
        return True

    return _each(due.order_by("due_at").values_list("case_id", flat=True), close)


def sweep_deadlines(now: dt.datetime) -> int:
    """Report every missed deadline one level up, and again one higher while nothing moves. Nothing gets more time."""
    fresh = Clock.objects.filter(state=Clock.State.RUNNING, kind__in=(*ESCALATED, Clock.Kind.STEP), due_at__lte=now)
    raised = _each(fresh.order_by("due_at").values_list("case_id", flat=True).distinct(), lambda case: _miss(case, now))
    every = limit("escalate_again_workdays", local_date(now))
    calendar = work_calendar()
    waiting = (
        Escalation.objects.filter(clock__state=Clock.State.MISSED)
        .values("clock", "case")
        .annotate(last=Max("at"), rounds=Max("round"))
        .order_by("last")
    )
    again = [row["case"] for row in waiting if add_workdays(local_date(row["last"]), every, calendar) < local_date(now)]
    return raised + _each(dict.fromkeys(again), lambda case: _escalate_again(case, now))


def _miss(case: Case, now: dt.datetime) -> bool:
    reported = False
    due = case.clocks.filter(state=Clock.State.RUNNING, kind__in=(*ESCALATED, Clock.Kind.STEP), due_at__lte=now)
    for clock in due:
        move(clock, Clock.State.MISSED)
        if clock.kind == Clock.Kind.PROMISED:
            count_standing(case, "overdue", +1)
        if clock.kind in ESCALATED:
            _escalate(case, clock, round=1, now=now)
            reported = True
    return reported


def _escalate_again(case: Case, now: dt.datetime) -> bool:
    """One level higher, until the top has been told; the top is told once."""
    told = False
    for clock in case.clocks.filter(state=Clock.State.MISSED, kind__in=ESCALATED):
        last = clock.escalations.order_by("-round").first()
        if last is not None and last.organisation_id != line_of(case.organisation)[-1].pk:
            _escalate(case, clock, round=last.round + 1, now=now)
            told = True
    return told


def _escalate(case: Case, clock: Clock, *, round: int, now: dt.datetime) -> None:
    body, leaders = _superior(case.organisation, round)
    Escalation.objects.create(case=case, clock=clock, organisation=body, round=round, at=now)
    tell_journal(case, CaseEscalated(case_id=case.pk, organisation_id=body.pk, clock=clock.kind), by=None, now=now)
    tell_staff(case, "escalated", [case.handler, *leaders], organisation=body.name)
    if round == 1:
        tell_applicant(case, "overdue", organisation=body.name)


def _superior(organisation: Organisation, round: int) -> tuple[Organisation, list[User]]:
    """The body that many levels up where somebody can supervise; the top if there is none."""
    line = line_of(organisation)
    above = line[round:] or line[-1:]
    for body in above:
        leaders = list(holders(body, "cases.supervise"))
        if leaders:
            return body, leaders
    return above[0], []


def sweep_pauses(now: dt.datetime) -> int:
    """Flag pauses that outgrew the parameter's days, so that leaders see them (GT 6.10)."""
    since = now - dt.timedelta(days=limit("pause_flag_days", local_date(now)))
    long = ClockPause.objects.filter(ended_at=None, is_flagged=False, started_at__lt=since)

    def flag(case: Case) -> bool:
        case.pauses.filter(ended_at=None).update(is_flagged=True)
        tell_staff(case, "long_pause", _superior(case.organisation, 0)[1])
        return True

    return _each(long.values_list("case_id", flat=True), flag)


def sweep_archive(now: dt.datetime) -> int:
    """Delivered cases go to the archive after the parameter's days. Index: case_delivered_by_day."""
    before = now - dt.timedelta(days=limit("archive_after_days", local_date(now)))
    ripe = Case.objects.filter(state=Case.State.DELIVERED, delivered_at__lt=before)

    def archive(case: Case) -> bool:
        if case.reviews.filter(state="asked").exists():
            return False
        move(case, Case.State.ARCHIVED)
        tell_journal(case, CaseArchived(case_id=case.pk), by=None, now=now)
        return True

    return _each(ripe.values_list("pk", flat=True)[:1000], archive)


def sweep_forgotten(now: dt.datetime) -> int:
    """Cases whose years are over: what was said, sent and written goes, and that it was decided, when and how stays.

    Index: case_to_forget.
    """
    years = limit("keep_years", local_date(now))
    before = now - dt.timedelta(days=365 * years + years // 4)
    over = Case.objects.filter(forgotten_at=None, closed_at__lt=before).exclude(state__in=OPEN_STATES)

    def forget(case: Case) -> bool:
        Case.objects.filter(pk=case.pk).update(
            answers={}, sensitive_answers=None, contact_name="", contact_phone=None, matter="", forgotten_at=now
        )
        for said in (case.notes, case.replies):
            said.all().delete()
        case.supplements.update(message="", answer="")
        remove_documents_of("case", case.pk)
        drop("case", [case.number])
        tell_journal(case, CaseForgotten(case_id=case.pk), by=None, now=now)
        return True

    return _each(over.values_list("pk", flat=True)[:1000], forget)
