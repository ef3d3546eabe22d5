"""Lists: procedures under way, and the ledger of terms with its red list."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yiwang.grassroots.founding.models import Procedure
from yiwang.grassroots.founding.queries import red_terms, reply_face, term_face
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

TONES = {"done": "ok", "rejected": "bad", "expired": "bad", "withdrawn": "neutral"}


def procedure_badge(row: Procedure) -> Badge:
    tone = TONES.get(row.state, "warn" if row.state in Procedure.WAITING else "info")
    return Badge(label=str(row.get_state_display()), tone=tone)  # type: ignore[arg-type]  # tones above


class ProcedureTable(Table):
    name = "procedures"
    label = _("建会和选举")
    order = "-started_at"
    empty_title = _("没有在办的建会和选举")
    empty_text = _("点“新办建会”，从走访指导开始。")
    columns: ClassVar = (
        ClockColumn("clock", _("时限"), read=reply_face, sort="due_at", is_optional=False),
        LinkColumn(
            "name",
            _("工会名称"),
            read="name",
            url=lambda row: reverse("founding:procedure-detail", args=[row.public_id]),
            caption=lambda row: row.superior.name,
            is_optional=False,
        ),
        Column("kind", _("种类"), read="get_kind_display"),
        BadgeColumn("state", _("状态"), read=procedure_badge),
        NumberColumn("headcount", _("职工数"), read="headcount", sort="-headcount"),
        DayColumn("started_at", _("开始"), read=lambda row: row.started_at.date(), sort="-started_at"),
    )
    filters: ClassVar = (
        SearchFilter(label=_("工会名称"), apply=lambda rows, text: rows.filter(name__icontains=text)),
        ChoiceFilter("kind", _("种类"), options=Procedure.Kind.choices),
        ChoiceFilter("state", _("状态"), options=Procedure.State.choices),
    )


class WatchedTable(ProcedureTable):
    """The same for whoever can't begin a founding: a union's own officers begin their elections on its page."""

    empty_text = _("要换届或补选，从“换届台账”里点开本单位工会开始。")


def _only_red(rows: QuerySet[Any], _value: Any) -> QuerySet[Any]:
    return red_terms(rows)


class TermTable(Table):
    name = "terms"
    label = _("换届台账")
    unit = _("届")
    order = "ends_on"
    empty_title = _("没有这样的届期")
    columns: ClassVar = (
        ClockColumn("clock", _("还剩几天"), read=term_face, sort="ends_on", is_optional=False),
        LinkColumn(
            "organisation",
            _("工会"),
            read="organisation.name",
            url=lambda row: reverse("founding:union-detail", args=[row.organisation.public_id]),
            caption=lambda row: row.organisation.parent.name if row.organisation.parent else "",
            is_optional=False,
        ),
        NumberColumn("number", _("届次"), read="number"),
        DayColumn("elected_on", _("选举日期"), sort="elected_on"),
        DayColumn("ends_on", _("届满日"), sort="ends_on"),
        DayColumn("extended_to", _("延期到")),
        Column("approval_document", _("批复文号"), is_shown=False),
    )
    filters: ClassVar = (
        SearchFilter(label=_("工会名称"), apply=lambda rows, text: rows.filter(organisation__name__icontains=text)),
        SwitchFilter("red", _("只看逾期没换届的"), apply=_only_red),
    )
