"""Lists: the people, and their logs."""

from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yiwang.grassroots.cadres.models import Cadre, Team, WorkLog
from yiwang.grassroots.cadres.models.work import Kind
from yiwang.grassroots.cadres.queries.people import ailing, ending, paper_face, rule
from yiwang.platform.ui.parts import Badge
from yiwang.platform.ui.tables import (
    BadgeColumn,
    ChoiceFilter,
    ClockColumn,
    Column,
    DayColumn,
    LinkColumn,
    NumberColumn,
    SearchFilter,
    SwitchFilter,
    Table,
)

TONES = {"active": "ok", "ended": "neutral", "withdrawn": "neutral", "suspended": "wait"}


def cadre_badge(row: Cadre) -> Badge:
    tone = TONES.get(row.state, "info")
    return Badge(label=str(row.get_state_display()), tone=tone)  # type: ignore[arg-type]  # tones above


def _only_ending(rows: QuerySet[Any], _value: Any) -> QuerySet[Any]:
    return ending(rows, rule("contract_remind_days"))


def _by_name(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    wanted = text.strip()
    return rows.filter(Q(person__name__contains=wanted) | Q(organisation__name__contains=wanted))


class CadreTable(Table):
    name = "cadres"
    label = _("工会干部")
    unit = pgettext_lazy("how many", "人")
    order = "organisation__code"
    empty_title = _("这里还没有登记工会干部")
    empty_text = _("点“提名”，一步一步聘任；选举产生的用批复文号登记。")
    columns: ClassVar = (
        LinkColumn(
            "name",
            _("姓名"),
            read="person.name",
            url=lambda row: reverse("cadres:cadre-detail", args=[row.public_id]),
            caption=lambda row: row.organisation.display_name,
            is_optional=False,
        ),
        Column("team", _("队伍"), read="get_team_display"),
        Column("post", _("工会职务"), read="get_post_display"),
        BadgeColumn("state", _("状态"), read=cadre_badge),
        NumberColumn("places", _("片区"), read="places"),
        ClockColumn("paper", _("合同或聘期"), read=paper_face, sort="contract_ends"),
        DayColumn("starts_on", _("任职时间"), sort="-starts_on", is_shown=False),
        Column("organisation", _("在哪个工会"), read="organisation.name", sort="organisation__code", is_shown=False),
    )
    filters: ClassVar = (
        SearchFilter(label=_("姓名或工会"), apply=_by_name),
        ChoiceFilter("team", _("队伍"), options=Team.choices),
        ChoiceFilter("state", _("状态"), options=Cadre.State.choices),
        SwitchFilter("ending", _("只看合同快到期的"), apply=_only_ending),
        SwitchFilter("ailing", _("只看有问题的"), apply=lambda rows, _on: ailing(rows)),
    )  # fmt: skip


def log_badges(row: WorkLog) -> list[Badge]:
    found = []
    if row.is_late:
        found.append(Badge(label=str(_("写晚了")), tone="warn"))
    if row.metres_off is not None and row.metres_off > rule("far_metres"):
        found.append(Badge(label=str(_("定位离得远")), tone="warn", icon="pin"))
    if row.verified_at is not None:
        found.append(Badge(label=str(_("核实过")), tone="ok", icon="check"))
    return found


def _by_words(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    wanted = text.strip()
    return rows.filter(Q(cadre__person__name__contains=wanted) | Q(content__contains=wanted))


def _only_far(rows: QuerySet[Any], _value: Any) -> QuerySet[Any]:
    return rows.filter(metres_off__gt=rule("far_metres"))


def _where(row: WorkLog) -> str:
    return f"{row.get_kind_display()} · {row.organisation.display_name if row.organisation else row.place}"


class LogTable(Table):
    name = "cadre_logs"
    label = _("工作日志")
    unit = pgettext_lazy("how many", "条")
    order = "-day"
    empty_title = _("还没有工作日志")
    empty_text = _("在手机上记，一分钟一条，没有网络也能写。")
    columns: ClassVar = (
        LinkColumn(
            "content",
            _("做了什么"),
            read="content",
            url=lambda row: reverse("cadres:log-detail", args=[row.public_id]),
            caption=_where,
            is_optional=False,
        ),
        Column("who", _("谁"), read="cadre.person.name"),
        DayColumn("day", _("哪天"), sort="-day"),
        NumberColumn("minutes", _("分钟"), read="minutes"),
        BadgeColumn("marks", _("提示"), read=log_badges),
    )
    filters: ClassVar = (
        SearchFilter(label=_("姓名或内容"), apply=_by_words),
        ChoiceFilter("kind", _("做了什么"), options=Kind.choices),
        SwitchFilter("unverified", _("只看没核实的"), apply=lambda rows, _on: rows.filter(verified_at=None)),
        SwitchFilter("far", _("只看定位离得远的"), apply=_only_far),
    )  # fmt: skip
