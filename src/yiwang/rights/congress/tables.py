"""The desk's list of congresses."""

from typing import ClassVar

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yiwang.platform.ui.parts import Badge
from yiwang.platform.ui.tables import BadgeColumn, ChoiceFilter, Column, DayColumn, LinkColumn, SearchFilter, Table
from yiwang.rights.congress.models import Congress, Kind

TONES = {"preparing": "warn", "in_term": "ok", "ended": "neutral"}


def state_badge(row: Congress) -> Badge:
    return Badge(label=str(row.get_state_display()), tone=TONES[row.state])  # type: ignore[arg-type]  # tones above


class CongressTable(Table):
    name = "congresses"
    label = _("职代会")
    unit = _("届")
    order = "-pk"
    empty_title = _("还没有职代会")
    empty_text = _("点“新一届职代会”，从定名额、划选区开始。")
    columns: ClassVar = (
        LinkColumn(
            "organisation",
            _("工会"),
            read="organisation.name",
            url=lambda row: reverse("congress:congress-detail", args=[row.public_id]),
            caption=lambda row: row.organisation.parent.name if row.organisation.parent else "",
            is_optional=False,
        ),
        Column("kind", _("种类"), read="get_kind_display"),
        Column("number", _("第几届"), read="number"),
        BadgeColumn("state", _("状态"), read=state_badge),
        Column("seats", _("代表名额"), read="seats"),
        DayColumn("ends_on", _("届满日"), sort="ends_on"),
    )
    filters: ClassVar = (
        SearchFilter(label=_("工会名称"), apply=lambda rows, text: rows.filter(organisation__name__icontains=text)),
        ChoiceFilter("kind", _("种类"), options=Kind.choices),
        ChoiceFilter("state", _("状态"), options=Congress.State.choices),
    )
