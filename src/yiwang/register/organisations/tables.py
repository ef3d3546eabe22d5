"""Lists for officers: changes of the tree, employers without a union, bodies that ail."""

from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwang.platform.ui.parts import Badge
from yiwang.platform.ui.tables import (
    BadgeColumn,
    ChoiceFilter,
    Column,
    DayColumn,
    LinkColumn,
    NumberColumn,
    SearchFilter,
    Table,
)
from yiwang.register.organisations.codes import Industry, UnitNature
from yiwang.register.organisations.models import Employer, Organisation, TreeChange

TONES = {"proposed": "warn", "settling": "wait", "done": "ok", "refused": "bad"}


def change_badge(change: TreeChange) -> Badge:
    return Badge(label=str(change.get_state_display()), tone=TONES.get(change.state, "neutral"))  # type: ignore[arg-type]  # tones above


class ChangeTable(Table):
    name = "tree_changes"
    label = _("组织变更")
    unit = _("项")
    order = "-proposed_at"
    empty_title = _("没有组织变更")
    empty_text = _("在一个工会的“变更”页里可以提出。")
    columns: ClassVar = (
        LinkColumn(
            "organisation",
            _("工会"),
            read="organisation.name",
            url=lambda row: reverse("organisations:change-detail", args=[row.public_id]),
            caption=lambda row: row.name or (row.target.name if row.target else ""),
            is_optional=False,
        ),
        Column("kind", _("变更"), read="get_kind_display"),
        BadgeColumn("state", _("状态"), read=change_badge),
        DayColumn("effective_on", _("从哪天起"), sort="-effective_on"),
        Column("proposed_by", _("谁提出"), read="proposed_by.name"),
        Column("decided_by", _("谁审批"), read="decided_by.name"),
    )
    filters: ClassVar = (
        SearchFilter(
            label=_("工会名称"),
            apply=lambda rows, text: rows.filter(Q(organisation__name__icontains=text) | Q(name__icontains=text)),
        ),
        ChoiceFilter("state", _("状态"), options=TreeChange.State.choices),
        ChoiceFilter("kind", _("变更"), options=TreeChange.Kind.choices),
    )


BANDS: dict[str, tuple[int, int | None]] = {
    "1000": (1000, None),
    "300": (300, 1000),
    "100": (100, 300),
    "25": (25, 100),
    "1": (1, 25),
}


def _band_options() -> list[tuple[str, str]]:
    return [
        (key, __("{low}人及以上").format(low=low) if high is None else f"{low}–{high - 1}")
        for key, (low, high) in BANDS.items()
    ]


def _in_band(rows: QuerySet[Employer], key: str) -> QuerySet[Employer]:
    low, high = BANDS[key]
    rows = rows.filter(headcount__gte=low)
    return rows.filter(headcount__lt=high) if high else rows


class GapTable(Table):
    name = "employers_without_union"
    label = _("没建会的单位")
    unit = _("家")
    order = "-headcount"
    empty_title = _("没有要建会还没建的单位")
    empty_text = _("这个地方的单位名单里，每家都有工会了。名单可能不全，可以导入新的。")
    columns: ClassVar = (
        LinkColumn("name", _("单位"), read="name", caption=lambda row: row.get_industry_display(), is_optional=False),
        NumberColumn("headcount", _("职工数"), read="headcount", sort="-headcount"),
        Column("unit_nature", _("单位类别"), read="get_unit_nature_display"),
        Column("division_code", _("行政区划"), read="division_code", is_shown=False),
        Column("uscc", _("统一社会信用代码"), read="uscc", is_shown=False),
        Column("contact_name", _("联系人"), read="contact_name"),
        Column("contact_phone", _("联系电话"), read="contact_phone"),
        DayColumn("last_seen_on", _("最近核对日期"), sort="last_seen_on"),
    )
    filters: ClassVar = (
        SearchFilter(
            label=_("单位名称或代码"),
            apply=lambda rows, text: rows.filter(Q(name__icontains=text) | Q(uscc=text.upper())),
        ),
        ChoiceFilter("size", _("职工数"), apply=_in_band, options=_band_options),
        ChoiceFilter("unit_nature", _("单位类别"), options=UnitNature.choices),
        ChoiceFilter("industry", _("国民经济行业"), options=Industry.choices),
    )


def _overview(row: Organisation) -> str:
    return reverse("organisations:organisation-care", args=[row.public_id])


class AilingTable(Table):
    name = "ailing_bodies"
    label = _("组织体检")
    unit = _("个")
    order = "pk"
    empty_title = _("没有这样的工会")
    columns: ClassVar = (
        LinkColumn(
            "name",
            _("工会名称"),
            read="name",
            url=_overview,
            caption=lambda row: row.parent.name if row.parent else "",
            is_optional=False,
        ),
        Column("kind", _("组织类型"), read="get_kind_display"),
        NumberColumn("employee_count", _("职工数"), read="employee_count"),
        Column("phone", _("办公电话"), read="phone"),
    )
    filters: ClassVar = (SearchFilter(label=_("工会名称"), apply=lambda rows, text: rows.filter(name__icontains=text)),)


def _flag(field: str) -> Any:
    def badge(row: Organisation) -> Badge:
        has = getattr(row, field)
        return Badge(label=__("有") if has else __("没有"), tone="ok" if has else "bad", icon="check" if has else "x")

    return badge


class ThreeTable(Table):
    name = "small_three"
    label = _("镇街工会“三有”")
    unit = _("个")
    order = "pk"
    empty_title = _("下面没有镇街工会")
    columns: ClassVar = (
        LinkColumn("name", _("工会名称"), read="name", url=_overview, is_optional=False),
        BadgeColumn("has_staff", _("有人办事"), read=_flag("has_staff")),
        BadgeColumn("has_money", _("有钱办事"), read=_flag("has_money")),
        BadgeColumn("has_place", _("有场所办事"), read=_flag("has_place")),
    )
    filters: ClassVar = (SearchFilter(label=_("工会名称"), apply=lambda rows, text: rows.filter(name__icontains=text)),)
