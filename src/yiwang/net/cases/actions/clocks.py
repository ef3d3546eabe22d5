"""Deadlines: started, paused, taken up again, extended once, ended. Nothing else writes a due time."""

import datetime as dt

from django.db import transaction

from yiwang.kernel import clock as kernel_clock
from yiwang.kernel.clock import WorkCalendar, deadline, due_day, local_date
from yiwang.kernel.states import ChangedMeanwhile, move
from yiwang.net.cases.actions.letters import issue_letter
from yiwang.net.cases.actions.telling import count_standing, day_iso, day_words, tell_applicant, tell_journal
from yiwang.net.cases.errors import ExtendedBefore, ExtensionTooLong, ReasonMissing
from yiwang.net.cases.events import ClockExtended, ClockPaused, ClockResumed
from yiwang.net.cases.formulas import longest_extension
from yiwang.net.cases.models import Case, Clock, ClockPause, Letter
from yiwang.net.cases.models.case import WAITING_STATES
from yiwang.net.cases.queries.limits import limit, plan_of
from yiwang.platform.rules.queries import work_calendar
from yiwang.register.accounts.models import User

Kind, Party, State = Clock.Kind, Clock.Party, Clock.State
LIVE = (State.RUNNING, State.PAUSED, State.MISSED)
BINDING = (Kind.ACCEPTANCE, Kind.PROMISED, Kind.LEGAL)
WAITS_LAST = dt.timedelta(days=36_500)
COUNTED = Kind.PROMISED  # one overdue case is one missed promise, whatever else is late on it


def start_clock(
    case: Case,
    kind: str,
    *,
    amount: int,
    unit: str,
    started_at: dt.datetime,
    now: dt.datetime,
    party: str = Party.OURS,
    basis: str = "",
    source: str = "",
    suspendable: bool = True,
) -> Clock:
    due_at = deadline(started_at, amount, unit, work_calendar(), at=now)  # type: ignore[arg-type]  # one of the choices
    return Clock.objects.create(
        case=case,
        kind=kind,
        party=party,
        amount=amount,
        unit=unit,
        started_at=started_at,
        due_at=due_at,
        basis=basis,
        source=source,
        is_suspendable=suspendable,
    )


def start_promise(case: Case, *, started_at: dt.datetime, now: dt.datetime) -> None:
    """The promise of the service and, beside it, the limit of law, from acceptance on."""
    plan = plan_of(case.version)
    promised = plan.promised(local_date(now))
    legal = plan.legal()
    start_clock(
        case,
        Kind.PROMISED,
        amount=promised.amount,
        unit=promised.unit,
        started_at=started_at,
        now=now,
        basis=promised.basis.zh,
    )
    if legal is not None:
        start_clock(
            case,
            Kind.LEGAL,
            amount=legal.amount,
            unit=legal.unit,
            started_at=started_at,
            now=now,
            basis=legal.basis.zh,
        )


def start_step_clock(case: Case, *, now: dt.datetime) -> None:
    """How long this step may take inside the promise; replaces the clock of the step before."""
    end_clocks(case, now=now, kinds=(Kind.STEP,))
    step = plan_of(case.version).step(case.step)
    if step is None or step.limit is None or step.limit.unit not in Clock.Unit.values or step.limit.amount < 1:
        return
    start_clock(case, Kind.STEP, amount=step.limit.amount, unit=step.limit.unit, started_at=now, now=now)


def end_clocks(case: Case, *, now: dt.datetime, kinds: tuple[str, ...] | None = None, stopped: bool = False) -> None:
    """Met or late by what the clock says at ``now``; ``stopped`` when the deadline lost its meaning."""
    for clock in case.clocks.filter(state__in=LIVE):
        if kinds is not None and clock.kind not in kinds:
            continue
        if clock.state == State.MISSED and clock.kind == COUNTED:
            count_standing(case, "overdue", -1)
        late = clock.state == State.MISSED or (clock.state == State.RUNNING and clock.due_at <= now)
        if late and clock.state == State.RUNNING and not stopped:
            move(clock, State.MISSED)
        outcome = State.STOPPED if stopped else State.LATE if late else State.MET
        move(clock, outcome, ended_at=now)


def set_due(case: Case) -> None:
    """Keep the one due time that queues sort by: the earliest binding clock of ours, or theirs while we wait."""
    party = Party.THEIRS if case.state == Case.State.SUPPLEMENT else Party.OURS
    clocks = case.clocks.filter(state__in=LIVE, party=party)
    if party == Party.OURS:
        clocks = clocks.filter(kind__in=BINDING)
    due_at = min((clock.due_at for clock in clocks), default=None)
    case.due_at, case.is_waiting = due_at, case.state in WAITING_STATES
    case.queued_for = (due_at or case.submitted_at) + (WAITS_LAST if case.is_waiting else dt.timedelta())
    Case.objects.filter(pk=case.pk).update(due_at=due_at, is_waiting=case.is_waiting, queued_for=case.queued_for)


def hold_clocks(
    case: Case,
    kind: str,
    *,
    reason: str,
    by: User | None,
    now: dt.datetime,
    expected_on: dt.date | None = None,
    approver: User | None = None,
) -> ClockPause:
    """Stop every suspendable clock of ours. The caller moves the case."""
    on = local_date(now)
    flagged = expected_on is not None and (expected_on - on).days > limit("pause_flag_days", on)
    pause = ClockPause.objects.create(
        case=case,
        kind=kind,
        reason=reason,
        by=by,
        approver=approver,
        started_at=now,
        expected_on=expected_on,
        is_flagged=flagged,
    )
    for clock in case.clocks.filter(party=Party.OURS, is_suspendable=True, state=State.RUNNING):
        move(clock, State.PAUSED)
    return pause


def release_clocks(case: Case, *, now: dt.datetime) -> None:
    """Let the clocks run on; the stretch in between is not counted."""
    pause = case.pauses.filter(ended_at=None).first()
    if pause is None:
        raise ChangedMeanwhile(case)
    pause.ended_at = now
    pause.save(update_fields=["ended_at"])
    calendar = work_calendar()
    spans = [row.span for row in case.pauses.all()]
    for clock in case.clocks.filter(state=State.PAUSED):
        move(clock, State.RUNNING, due_at=_due(clock, calendar, spans, now))


def _due(clock: Clock, calendar: WorkCalendar, spans: list[kernel_clock.Pause], now: dt.datetime) -> dt.datetime:
    total = clock.amount + clock.extended_by
    return deadline(clock.started_at, total, clock.unit, calendar, spans, at=now)  # type: ignore[arg-type]  # one of the choices


@transaction.atomic
def pause_clock(
    case: Case,
    *,
    kind: str,
    reason: str,
    by: User,
    expected_on: dt.date | None = None,
    approver: User | None = None,
    now: dt.datetime | None = None,
) -> ClockPause:
    """Stop the clocks while somebody else must act: named, with a reason, and shown to the applicant."""
    if not reason.strip():
        raise ReasonMissing
    now = now or kernel_clock.now()

    move(case, Case.State.PAUSED)
    pause = hold_clocks(case, kind, reason=reason.strip(), by=by, now=now, expected_on=expected_on, approver=approver)
    set_due(case)

    tell_journal(case, ClockPaused(case_id=case.pk, kind=kind), by=by, now=now)
    tell_applicant(case, "paused", reason=reason.strip())
    return pause


@transaction.atomic
def resume_clock(case: Case, *, by: User | None, now: dt.datetime | None = None) -> None:
    now = now or kernel_clock.now()
    pause = case.pauses.filter(ended_at=None).first()

    move(case, Case.State.IN_PROGRESS)
    release_clocks(case, now=now)
    set_due(case)

    kind = pause.kind if pause else ""
    tell_journal(case, ClockResumed(case_id=case.pk, kind=kind, due=day_iso(case.due_at)), by=by, now=now)
    tell_applicant(case, "resumed", day=day_words(case.due_at))


@transaction.atomic
def extend_once(case: Case, *, amount: int, reason: str, by: User, now: dt.datetime | None = None) -> Clock:
    """Lengthen the promise: once, by half of it at most, never beyond the law, and the applicant is told why."""
    if not reason.strip():
        raise ReasonMissing
    now = now or kernel_clock.now()
    promises = case.clocks.select_for_update().filter(kind=Kind.PROMISED)
    promise = promises.filter(state__in=(State.RUNNING, State.MISSED)).first()
    if promise is None:
        raise ChangedMeanwhile(case)
    if promise.extended_by:
        raise ExtendedBefore

    calendar = work_calendar()
    spans = [row.span for row in case.pauses.all()]
    _refuse_too_long(case, promise, amount, calendar, spans, now)
    was_missed, old_due_at = promise.state == State.MISSED, promise.due_at
    promise.extended_by = amount
    due_at = _due(promise, calendar, spans, now)
    if was_missed and due_at > now:
        count_standing(case, "overdue", -1)
        move(promise, State.RUNNING)
    Clock.objects.filter(pk=promise.pk).update(extended_by=amount, due_at=due_at)
    promise.due_at = due_at
    set_due(case)

    event = ClockExtended(case_id=case.pk, amount=amount, unit=promise.unit, due=day_iso(due_at))
    tell_journal(case, event, by=by, now=now)
    was, due = due_day(old_due_at), due_day(due_at)
    issue_letter(case, Letter.Kind.EXTENSION, by=by, now=now, old_due_on=was, new_due_on=due, reason=reason.strip())
    tell_applicant(case, "extended", day=day_words(due_at), reason=reason.strip())
    return promise


def _refuse_too_long(
    case: Case,
    promise: Clock,
    amount: int,
    calendar: WorkCalendar,
    spans: list[kernel_clock.Pause],
    now: dt.datetime,
) -> None:
    share = limit("extension_share_percent", local_date(now))
    most = longest_extension(promised=promise.amount, share_percent=share)
    if not 0 < amount <= most:
        raise ExtensionTooLong(most=most, unit=str(Clock.Unit(promise.unit).label), because="share")
    legal = case.clocks.filter(kind=Kind.LEGAL).exclude(state=State.STOPPED).first()
    if legal is None:
        return

    def due_with(extra: int) -> dt.datetime:
        return deadline(promise.started_at, promise.amount + extra, promise.unit, calendar, spans, at=now)  # type: ignore[arg-type]  # one of the choices

    if due_with(amount) > legal.due_at:
        fits = max((n for n in range(amount) if due_with(n) <= legal.due_at), default=0)
        raise ExtensionTooLong(most=fits, unit=str(Clock.Unit(promise.unit).label), because="legal")
