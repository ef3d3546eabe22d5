"""The life of a case in sentences: for the applicant what happened and what comes, for staff every entry."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yiwang.net.cases.models import Case, Decision, Hop
from yiwang.net.cases.queries.limits import plan_of
from yiwang.platform.journal.models import JournalEntry
from yiwang.platform.journal.queries import staff_timeline
from yiwang.platform.journal.queries import timeline as open_timeline
from yiwang.platform.ui.formats import moment_text, plain_day_text, short_moment_text
from yiwang.platform.ui.parts import TimelineEntry
from yiwang.register.organisations.models import Organisation

Names = dict[int, str]
Data = dict[str, Any]


@dataclass(frozen=True)
class Line:
    """One entry in words."""

    title: str
    text: str = ""
    icon: str = "check"
    tone: str = "info"


def timeline_of(case: Case) -> list[TimelineEntry]:
    """What the applicant reads: done, now (a standing clock dashed), and the steps still to come."""
    entries = [entry for entry in open_timeline("case", case.pk) if not _is_shown_elsewhere(entry)]
    names = _organisations(entries)
    done = [(entry, line) for entry in entries if (line := line_of_entry(entry, names, case)) is not None]
    shown = [
        TimelineEntry(
            title=line.title,
            state="done",
            text=line.text,
            time=moment_text(entry.at),
            icon=line.icon,
        )
        for entry, line in done
    ]
    if shown and case.is_open:
        shown[-1] = _as_now(case, shown[-1], done[-1][1])
    return [*shown, *_coming(case)]


def _is_shown_elsewhere(entry: JournalEntry) -> bool:
    """Letters stand under 文书; the passage to the next step is told by the step itself."""
    return entry.name == "cases.letter_issued" or entry.data.get("kind") == Hop.Kind.STEP


def was_rated(case: Case) -> bool:
    """``evaluation`` lies above us; that it happened stands in the journal of the case."""
    return JournalEntry.objects.about("case", case.pk).filter(name=RATED).exists()


def _as_now(case: Case, last: TimelineEntry, line: Line) -> TimelineEntry:
    tone = "wait" if case.is_waiting else line.tone
    return TimelineEntry(
        title=last.title,
        state="now",
        text=last.text,
        time=last.time,
        tone=tone,  # type: ignore[arg-type]  # the tones of Line are those of TimelineEntry
        icon="pause" if case.is_waiting else line.icon,
        is_paused=case.is_waiting,
    )


def _coming(case: Case) -> list[TimelineEntry]:
    """The steps that this case has not gone through, each with its longest duration."""
    if not case.is_open:
        return []
    plan = plan_of(case.version)
    coming = []
    for step in plan.steps[case.step :]:
        text = ""
        if step.limit is not None:
            text = _("最多{n}个工作日") if step.limit.unit == "workday" else _("最多{n}天")
            text = text.format(n=step.limit.amount)
        coming.append(TimelineEntry(title=str(step.title), text=text))
    result = str(plan.definition.result.name)
    return [*coming, TimelineEntry(title=_("给你结果：{result}").format(result=result) if result else _("给你结果"))]


@dataclass(frozen=True)
class LogLine:
    """One line of the staff log."""

    time: str
    title: str
    text: str
    who: str
    icon: str
    is_staff_only: bool


def log_of(case: Case) -> list[LogLine]:
    """Everything, latest first."""
    entries = staff_timeline("case", case.pk)
    names = _organisations(entries)
    lines = []
    for entry in reversed(entries):
        line = line_of_entry(entry, names, case) or Line(entry.name, icon="history")
        who = entry.actor_name or _("系统")
        lines.append(
            LogLine(short_moment_text(entry.at), line.title, line.text, who, line.icon, entry.audience == "staff")
        )
    return lines


def line_of_entry(entry: JournalEntry, names: Names, case: Case) -> Line | None:
    """None for a fact this page has no words for: better silent than in code."""
    if entry.name == "cases.step_completed":
        return _step_completed(entry, case)
    words = WORDS.get(entry.name)
    return words(entry.data, names, entry) if words else None


def _organisations(entries: Iterable[JournalEntry]) -> Names:
    ids = {
        entry.data[key]
        for entry in entries
        for key in ("organisation_id", "to_organisation_id", "from_organisation_id")
        if key in entry.data
    }
    return dict(Organisation.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}


def _day(text: str) -> str:
    return plain_day_text(dt.date.fromisoformat(text)) if text else ""


def _submitted(data: Data, names: Names, entry: JournalEntry) -> Line:
    body = names.get(data["organisation_id"], "")
    return Line(_("提交了申请"), _("交给{body}").format(body=body) if body else "", icon="check")


def _file_wanted(data: Data, names: Names, entry: JournalEntry) -> Line:
    return Line(_("写进家庭档案"), _("核实、核算、审批都在档案里办。"), icon="folder")


def _accepted(data: Data, names: Names, entry: JournalEntry) -> Line:
    day = _day(data.get("due", ""))
    if data.get("deemed"):
        text = _("没有在期限内答复，从提交那天起算。最晚{day}给结果。").format(day=day)
        return Line(_("视为受理"), text, icon="file-check")
    return Line(_("已受理"), _("{who}经办，最晚{day}给结果。").format(who=entry.actor_name, day=day), icon="file-check")


def _supplement(data: Data, names: Names, entry: JournalEntry) -> Line:
    count, day = int(data["count"]), _day(data.get("due", ""))
    title = ngettext("请补{n}份材料", "请补{n}份材料", count).format(n=count)
    return Line(title, _("时限从这时起暂停，补交后接着算。{day}前补上。").format(day=day), icon="pause", tone="wait")


def _step_completed(entry: JournalEntry, case: Case) -> Line:
    titles = {step.key: str(step.title) for step in plan_of(case.version).steps}
    return Line(titles.get(entry.data["step"]) or _("办完一个环节"), _("{who}办完了。").format(who=entry.actor_name))


def _extended(data: Data, names: Names, entry: JournalEntry) -> Line:
    text = _("最晚{day}给结果，只能延这一次。").format(day=_day(data["due"]))
    return Line(_("延长了办理期限"), text, icon="clock", tone="warn")


def _handed_over(data: Data, names: Names, entry: JournalEntry) -> Line:
    kind = str(Hop.Kind(data["kind"]).label)
    return Line(_("转到{body}").format(body=names.get(data["to_organisation_id"], "")), kind, icon="transfer")


def _decided(data: Data, names: Names, entry: JournalEntry) -> Line:
    if data["outcome"] == Decision.Outcome.OK:
        return Line(_("同意了"), _("下面有结果和理由。"), icon="check-circle", tone="ok")
    return Line(_("没有通过"), _("下面写着理由、还能走的路和怎么申请复核。"), icon="x-circle", tone="bad")


def _escalated(data: Data, names: Names, entry: JournalEntry) -> Line:
    body = names.get(data["organisation_id"], "")
    text = _("已自动报到{body}，期限没有因此延长。").format(body=body)
    return Line(_("过了期限"), text, icon="alert-circle", tone="bad")


def _reviewed(data: Data, names: Names, entry: JournalEntry) -> Line:
    return Line(_("复核：维持原结果") if data["upheld"] else _("复核：原结果已撤销，重新办理"), icon="scale")


def _routed(data: Data, names: Names, entry: JournalEntry) -> Line:
    body = names.get(data["organisation_id"], "")
    return Line(_("系统分派到{body}").format(body=body), str(route_reasons().get(data["reason"], "")), icon="transfer")


def _resumed(data: Data, names: Names, entry: JournalEntry) -> Line:
    return Line(_("时限接着算"), _("最晚{day}给结果。").format(day=_day(data.get("due", ""))), icon="clock")


def _paused(data: Data, names: Names, entry: JournalEntry) -> Line:
    return Line(_("时限暂停"), pause_words().get(data["kind"], ""), icon="pause", tone="wait")


def _reply(data: Data, names: Names, entry: JournalEntry) -> Line:
    return Line(_("留言") if data["from_applicant"] else _("工会回复了"), icon="talks")


def _letter(data: Data, names: Names, entry: JournalEntry) -> Line:
    return Line(_("发出文书"), data["document_number"], icon="file")


def _rated(data: Data, names: Names, entry: JournalEntry) -> Line:
    return Line(_("作了评价"), icon="star")


def _plain(title: Callable[[], str], icon: str = "check", tone: str = "info") -> Callable[[Data, Names, Any], Line]:
    return lambda data, names, entry: Line(title(), icon=icon, tone=tone)


def pause_words() -> dict[str, str]:
    return {
        "publicity": _("正在公示，公示的天数不算在内。"),
        "external": _("在等其他单位回函。"),
        "hearing": _("在等仲裁或开庭。"),
        "applicant": _("按你的要求等一等。"),
        "special": _("在做鉴定、检测等，天数不算在内。"),
    }


def route_reasons() -> dict[str, str]:
    return {
        "workplace": _("按会籍所在的工会"),
        "industry": _("按行业，交给行业工会联合会"),
        "region": _("按上班或居住的地方"),
        "level": _("这个事项由这一级办"),
        "about_union": _("反映的是工会或工会干部，不交给当事工会"),
        "about_employer": _("反映的是单位，不交给单位工会"),
        "anonymous": _("对单位匿名，不交给单位工会"),
        "nobody_below": _("下面还没有人任职，由最近的上级兜底"),
        "step": _("进入下一环节"),
        "conflict": _("经办人回避"),
        "again": _("换人重新办"),
    }


RATED = "evaluation.case_rated"

WORDS: dict[str, Callable[[Data, Names, Any], Line]] = {
    "cases.file_wanted": _file_wanted,
    "cases.case_submitted": _submitted,
    "cases.case_routed": _routed,
    "cases.case_accepted": _accepted,
    "cases.case_refused": _plain(lambda: _("不予受理"), "x-circle", "bad"),
    "cases.supplement_requested": _supplement,
    "cases.supplement_answered": _plain(lambda: _("材料补上了"), "file-check"),
    "cases.work_started": _plain(lambda: _("开始办理"), "search"),
    "cases.clock_paused": _paused,
    "cases.clock_resumed": _resumed,
    "cases.clock_extended": _extended,
    "cases.case_handed_over": _handed_over,
    "cases.handler_assigned": _plain(lambda: _("换了经办人"), "user"),
    "cases.handler_recused": _plain(lambda: _("经办人回避"), "user"),
    "cases.co_handler_added": _plain(lambda: _("请其他工会协办"), "users"),
    "cases.co_handler_reported": _plain(lambda: _("协办工会反馈了"), "users"),
    "cases.case_urged": _plain(lambda: _("催了一次"), "bell"),
    "cases.case_supervised": _plain(lambda: _("上级督办"), "flag", "bad"),
    "cases.case_escalated": _escalated,
    "cases.case_withdrawn": _plain(lambda: _("撤回了申请"), "return"),
    "cases.case_decided": _decided,
    "cases.case_delivered": _plain(lambda: _("结果已送达，办结"), "check-circle", "ok"),
    "cases.case_archived": _plain(lambda: _("已归档"), "folder"),
    "cases.case_closed_unanswered": _plain(lambda: _("没有等到补的材料，已关闭"), "x-circle", "bad"),
    "cases.decision_revoked": _plain(lambda: _("原结果已由上级撤销，重新办理"), "return", "warn"),
    "cases.case_reopened": _plain(lambda: _("重新办理"), "search"),
    "cases.case_merged": _plain(lambda: _("又提交的一次并到了这里"), "plus"),
    "cases.cluster_found": _plain(lambda: _("同一单位多人反映，群体预警"), "flag", "bad"),
    "cases.review_requested": _plain(lambda: _("申请了复核"), "scale"),
    "cases.review_answered": _reviewed,
    "cases.numbers_revealed": _plain(lambda: _("看了完整号码"), "eye"),
    "cases.note_written": _plain(lambda: _("内部备注"), "edit"),
    "cases.reply_written": _reply,
    "cases.letter_issued": _letter,
    RATED: _rated,
}
