"""What the due clock of a case shows, on a phone and in a table alike."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yiwang.kernel.clock import WorkCalendar, deadline, due_day, local_date, used_and_total
from yiwang.net.cases.models import Case, Clock, ClockPause
from yiwang.platform.rules.queries import work_calendar
from yiwang.platform.ui.clockface import ClockFace
from yiwang.platform.ui.formats import day_text, short_day_text

SOON = 3
LIVE = (Clock.State.RUNNING, Clock.State.PAUSED, Clock.State.MISSED)
PARTY, KIND = Clock.Party, Clock.Kind
# What a face reads, for many cases at once: plain lists, because Django builds a queryset for each case and relation
# that a prefetch without ``to_attr`` fills, and a list of cases spent a tenth of its time on those.
CLOCKS = (Prefetch("clocks", to_attr="known_clocks"), Prefetch("pauses", to_attr="known_pauses"))


def clocks_of(case: Case) -> list[Clock]:
    known: list[Clock] | None = getattr(case, "known_clocks", None)
    return list(case.clocks.all()) if known is None else known


def pauses_of(case: Case) -> list[ClockPause]:
    known: list[ClockPause] | None = getattr(case, "known_pauses", None)
    return list(case.pauses.all()) if known is None else known


def with_clocks(cases: Iterable[Case], now: dt.datetime) -> list[tuple[Case, ClockFace]]:
    """Cases that come with their ``CLOCKS``, each with its face; no query of its own."""
    calendar = work_calendar()
    return [(case, face_of(case, now, calendar)) for case in cases]


def face_of(case: Case, now: dt.datetime, calendar: WorkCalendar | None = None) -> ClockFace:
    calendar = calendar or work_calendar()
    clocks = clocks_of(case)
    promise = _promise(clocks)
    if not case.is_open:
        return _ended(case, promise, calendar, pauses_of(case))
    if case.is_waiting:
        return _paused(case, promise, now, calendar)
    clock = _binding(clocks)
    if clock is None:
        return ClockFace("run", 0, 1, _("还没开始计时"))
    used, total = _share(clock, pauses_of(case), now, calendar)
    return _running(clock, used, total, now, calendar)


def _running(clock: Clock, used: int, total: int, now: dt.datetime, calendar: WorkCalendar) -> ClockFace:
    day = due_day(clock.due_at)
    if clock.due_at <= now:
        late = max(1, calendar.workdays_between(day, local_date(now)))
        text = ngettext("逾期{n}天", "逾期{n}天", late).format(n=late)
        return ClockFace("over", total, total, text, _("应办{day}").format(day=short_day_text(day)))
    left = calendar.workdays_between(local_date(now), day)
    if day == local_date(now):
        return ClockFace("today", used, total, _("今天24:00"), _("第{n}天").format(n=used + 1))
    text = ngettext("还剩{n}天", "还剩{n}天", left).format(n=left)
    return ClockFace("soon" if left <= SOON else "run", used, total, text, short_day_text(day))


def _paused(case: Case, promise: Clock | None, now: dt.datetime, calendar: WorkCalendar) -> ClockFace:
    pauses = pauses_of(case)
    pause = next((row for row in pauses if row.ended_at is None), None)
    used, total = _share(promise, pauses, now, calendar) if promise else (0, 1)
    if pause is None:
        return ClockFace("paused", used, total, _("时限暂停"))
    nth = calendar.workdays_between(local_date(pause.started_at), local_date(now)) + 1
    text = ngettext("暂停第{n}天", "暂停第{n}天", nth).format(n=nth)
    who = str(ClockPause.Kind(pause.kind).label)
    return ClockFace("paused", used, total, text, who)


def _ended(case: Case, promise: Clock | None, calendar: WorkCalendar, pauses: Iterable[ClockPause]) -> ClockFace:
    if not case.is_decided or promise is None or promise.ended_at is None:
        return ClockFace("done", 1, 1, str(case.get_state_display()))
    used, total = _share(promise, pauses, promise.ended_at, calendar)
    text = ngettext("用了{n}天", "用了{n}天", used + 1).format(n=used + 1)
    if promise.state == Clock.State.LATE:
        late = max(1, calendar.workdays_between(due_day(promise.due_at), local_date(promise.ended_at)))
        return ClockFace("done", total, total, text, ngettext("晚了{n}天", "晚了{n}天", late).format(n=late))
    early = calendar.workdays_between(local_date(promise.ended_at), due_day(promise.due_at))
    return ClockFace("done", used, total, text, ngettext("提前{n}天", "提前{n}天", early).format(n=early))


def _share(clock: Clock, pauses: Iterable[ClockPause], at: dt.datetime, calendar: WorkCalendar) -> tuple[int, int]:
    spans = [row.span for row in pauses]
    amount = clock.amount + clock.extended_by
    return used_and_total(clock.started_at, amount, clock.unit, calendar, spans, at=at)  # type: ignore[arg-type]  # one of the choices


def _promise(clocks: list[Clock]) -> Clock | None:
    """The promise in force, or the last one there was."""
    promises = sorted((c for c in clocks if c.kind == KIND.PROMISED), key=lambda c: c.started_at)
    return promises[-1] if promises else None


def _binding(clocks: list[Clock]) -> Clock | None:
    ours = [c for c in clocks if c.state in LIVE and c.party == PARTY.OURS and c.kind != KIND.STEP]
    return min(ours, key=lambda c: c.due_at, default=None)


def answer_day(case: Case) -> str:
    """The last day for our answer in words, as on the end page and the matter page."""
    return day_text(due_day(case.due_at)) if case.due_at and not case.is_waiting else ""


def sentence_of(case: Case, now: dt.datetime) -> str:
    """The clock in one sentence for the applicant, with a date and a person."""
    who = case.handler.name if case.handler else case.organisation.name
    if case.state == Case.State.SUBMITTED and (case.due_at is None or case.due_at > now):
        return _("{who}在看，最晚{day}告诉你受不受理。").format(who=who, day=answer_day(case))
    if case.is_waiting:
        return _waiting_sentence(case, now)
    if case.is_open and case.due_at is not None and case.due_at <= now:
        return _("本来应该{day}给你结果。{who}还在办，已经自动报到上一级。").format(who=who, day=answer_day(case))
    if case.is_open:
        return _("{who}在办，最晚{day}给你结果。").format(who=who, day=answer_day(case))
    return ""


def _waiting_sentence(case: Case, now: dt.datetime) -> str:
    promise = promise_of(case)
    if promise is None:
        return _("补齐以后接着办。")
    spans = [row.span for row in pauses_of(case)]
    amount = promise.amount + promise.extended_by
    due = deadline(promise.started_at, amount, promise.unit, work_calendar(), spans, at=now)  # type: ignore[arg-type]  # one of the choices
    day = day_text(due_day(due))
    if case.state == Case.State.SUPPLEMENT:
        return _("今天补交，最晚{day}给你结果。").format(day=day)
    return _("今天能接着办的话，最晚{day}给你结果。").format(day=day)


def waits_for(case: Case, face: ClockFace, papers: int) -> str:
    """When the clock stopped and whom it waits for, as the applicant reads it; “” while it runs."""
    if not case.is_waiting:
        return ""
    stopped = _("第{n}天暂停").format(n=round(face.used)) if face.used else _("时限暂停")
    who = face.subtext
    if case.state == Case.State.SUPPLEMENT and papers:
        who = ngettext("等你补{n}份材料", "等你补{n}份材料", papers).format(n=papers)
    return _("{stopped}，{who}").format(stopped=stopped, who=who) if who else stopped


def binding_clock(case: Case) -> Clock | None:
    return _binding(clocks_of(case))


def promise_of(case: Case) -> Clock | None:
    return _promise(clocks_of(case))
