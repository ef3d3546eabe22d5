"""The queue as a table: clock first, two-line cells, filters that count what they show."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from yiwang.kernel import clock
from yiwang.net.cases.formulas import KINDS, OTHER_KIND
from yiwang.net.cases.models import Case
from yiwang.net.cases.models.case import DECIDED_STATES
from yiwang.net.cases.queries.bodies import body_of
from yiwang.net.cases.queries.faces import CLOCKS, face_of
from yiwang.net.cases.queries.limits import plan_of
from yiwang.net.cases.queries.workbench import bucket_conditions, found_by
from yiwang.platform.rules.queries import work_calendar
from yiwang.platform.ui.parts import Badge, Tone
from yiwang.platform.ui.tables import (
    BadgeColumn,
    BulkMove,
    ChoiceFilter,
    ClockColumn,
    Column,
    Filter,
    LinkColumn,
    LinkedFilter,
    SearchFilter,
    SwitchFilter,
    Table,
)
from yiwang.register.organisations.models import Organisation

State = Case.State

STATE_LOOKS: dict[str, tuple[Tone, str]] = {
    State.SUBMITTED: ("warn", "clock"),
    State.SUPPLEMENT: ("wait", "pause"),
    State.ACCEPTED: ("info", "file-check"),
    State.IN_PROGRESS: ("info", "search"),
    State.PAUSED: ("wait", "pause"),
    State.DECIDED_OK: ("ok", "check"),
    State.DECIDED_NO: ("bad", "x-circle"),
    State.NOT_ACCEPTED: ("bad", "x-circle"),
    State.DELIVERED: ("ok", "check-circle"),
    State.ARCHIVED: ("neutral", "folder"),
    State.WITHDRAWN: ("neutral", "return"),
    State.CLOSED_UNANSWERED: ("neutral", "x"),
    State.REVOKED: ("warn", "return"),
    State.MERGED: ("neutral", "merge"),
}


def state_badge(case: Case) -> Badge:
    state = State(case.state)
    tone, icon = STATE_LOOKS[state]
    return Badge(str(state.label), tone, icon)


def badges_of(case: Case) -> list[Badge]:
    """The state, and at most one flag beside it (design 3)."""
    found = [state_badge(case)]
    if case.is_supervised:
        found.append(Badge(_("督办"), "bad", "flag"))
    elif case.is_cluster:
        found.append(Badge(_("群体"), "line"))
    elif case.anonymous_to_employer:
        found.append(Badge(_("对单位匿名"), "line"))
    return found


def who_of(case: Case) -> str:
    name = case.applicant.name if case.applicant is not None else case.contact_name
    return _("{name}等{n}人").format(name=name, n=case.people_count) if case.people_count > 1 else name


def next_step_of(case: Case) -> str:
    if case.state == State.SUBMITTED:
        return _("答复受不受理")
    if case.is_waiting:
        return _("等材料") if case.state == State.SUPPLEMENT else _("等条件齐了接着办")
    step = plan_of(case.version).step(case.step)
    return str(step.title) if case.is_open and step else ""


def _caption(case: Case) -> str:
    return " · ".join([case.number, str(Case.Channel(case.channel).label), case.organisation.display_name])


def _find(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    return found_by(rows, text)


def _by_bucket(rows: QuerySet[Case], value: str) -> QuerySet[Case]:
    return rows.filter(bucket_conditions(clock.now(), work_calendar())[value])


def _below(rows: QuerySet[Case], value: Organisation) -> QuerySet[Case]:
    return rows.filter(Q(organisation__path__descendant=value.path))


def _decided(rows: QuerySet[Case], value: bool) -> QuerySet[Case]:
    """What the figure “decided” counts: an answer was given, also that a request was not accepted."""
    return rows.filter(state__in=[*DECIDED_STATES, State.NOT_ACCEPTED])


BUCKETS = [
    ("over", gettext_lazy("已逾期")),
    ("today", gettext_lazy("今天到期")),
    ("soon", gettext_lazy("3个工作日内")),
    ("ample", gettext_lazy("还充裕")),
    ("waiting", gettext_lazy("时限暂停")),
]


# The words in front of a case number as filters say them, in the order of KINDS.
_KIND_LABELS = [
    pgettext_lazy("kind of case", "入会"),
    pgettext_lazy("kind of case", "组织"),
    pgettext_lazy("kind of case", "维权"),
    pgettext_lazy("kind of case", "帮扶"),
    pgettext_lazy("kind of case", "互助"),
    pgettext_lazy("kind of case", "技能"),
    pgettext_lazy("kind of case", "劳模"),
    pgettext_lazy("kind of case", "文体"),
    pgettext_lazy("kind of case", "驿站"),
    pgettext_lazy("kind of case", "就业"),
    pgettext_lazy("kind of case", "心理"),
    pgettext_lazy("kind of case", "普惠"),
    pgettext_lazy("kind of case", "建议"),
    pgettext_lazy("kind of case", "办件"),
]
KIND_WORDS = list(zip((*KINDS.values(), OTHER_KIND), _KIND_LABELS, strict=True))


class CaseColumn(LinkColumn):
    """In a file the number stands beside the title: without it a row could not be found again."""

    def plain(self, row: Any) -> str:
        return f"{row.number} {self.value(row)}"


COLUMNS: list[Column] = [
    ClockColumn(
        "clock",
        gettext_lazy("时限（工作日）"),
        read=lambda case: face_of(case, clock.now()),
        sort="queued_for",
        is_optional=False,
    ),
    CaseColumn(
        "title",
        gettext_lazy("事项"),
        read=lambda case: case.matter or case.heading,
        url=lambda case: reverse("cases:case-detail", args=[case.number]),
        caption=_caption,
        aside=True,
        is_optional=False,
    ),
    LinkColumn("who", gettext_lazy("当事人·单位"), read=who_of, caption=lambda case: case.employer_name),
    BadgeColumn("state", gettext_lazy("状态"), read=badges_of),
    Column("next", pgettext_lazy("of a case", "下一步"), read=next_step_of),
    Column("handler", gettext_lazy("经办人"), read="handler.name", is_shown=False),
]

FILTERS: list[Filter] = [
    SearchFilter(label=gettext_lazy("姓名、单位、编号"), apply=_find),
    ChoiceFilter("due", gettext_lazy("时限"), apply=_by_bucket, options=BUCKETS),
    ChoiceFilter("kind", gettext_lazy("类型"), options=KIND_WORDS),
    ChoiceFilter("state", gettext_lazy("状态"), options=State.choices),
    ChoiceFilter("channel", gettext_lazy("来源"), options=Case.Channel.choices),
    SwitchFilter("supervised", gettext_lazy("督办"), apply="is_supervised"),
    SwitchFilter("cluster", gettext_lazy("群体"), apply="is_cluster"),
    LinkedFilter("org", gettext_lazy("属地"), apply=_below, find=body_of, say=lambda body: body.display_name),
]


class QueueTable(Table):
    """Open cases by the clock. Indexes: case_open_by_handler, case_open_by_office, case_open_by_due."""

    name, label, order = "queue", gettext_lazy("待办"), "queued_for"
    columns, filters = COLUMNS, FILTERS
    page_size = 20
    empty_title = gettext_lazy("没有等着办的")
    empty_text = gettext_lazy("新的办件来了会排在这里，按时限排。")

    def ident(self, row: Any) -> str:
        return str(row.number)

    def label_of(self, row: Any) -> str:
        return f"{row.heading} {row.number}"

    def bulk_moves(self) -> Sequence[BulkMove]:
        url = reverse("cases:bulk")
        return [
            BulkMove("accept", _("受理"), url, "check"),
            BulkMove("complete", _("办完这一环节"), url, "arrow-right"),
            BulkMove("supplement", _("退回补充"), url, "return"),
            BulkMove("hand_over", _("转办"), url, "transfer"),
        ]

    def moves_of(self, row: Any) -> set[str]:
        """Offered by state only; each row's right is checked again when the move is made."""
        if row.state == State.SUBMITTED:
            return {"accept", "supplement", "hand_over"}
        if row.state in (State.ACCEPTED, State.IN_PROGRESS):
            return {"complete", "supplement", "hand_over"}
        return {"hand_over"} if row.is_open else set()


class FoundTable(QueueTable):
    """Every case within reach, ended ones too, latest first."""

    name, label, order = "cases", gettext_lazy("查办件"), "-submitted_at"
    filters = [*FILTERS, SwitchFilter("done", gettext_lazy("已作决定"), apply=_decided)]
    empty_title = gettext_lazy("没找到")
    empty_text = gettext_lazy("换个编号、姓名或单位试试。")

    def bulk_moves(self) -> Sequence[BulkMove]:
        return []


# What the columns, the clock and the sort keys read; a table has twice as many fields as a row shows.
SHOWN_FIELDS = (
    *("number", "state", "channel", "kind", "title", "title_en", "matter", "step", "service_code"),
    *("contact_name", "people_count", "employer_name", "anonymous_to_employer", "is_supervised", "is_cluster"),
    *("submitted_at", "decided_at", "due_at", "is_waiting", "queued_for"),
    *("version__digest", "version__service__code", "applicant__name", "handler__name"),
    *("organisation__name", "organisation__short_name"),
)


def with_rows(cases: QuerySet[Case]) -> QuerySet[Case]:
    """What a row shows, in two more queries for any number of rows."""
    shown = cases.select_related("version__service", "applicant", "organisation", "handler").only(*SHOWN_FIELDS)
    return shown.prefetch_related(*CLOCKS)
