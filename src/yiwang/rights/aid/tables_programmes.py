"""Lists of programmes and of the people in one."""

from django.urls import reverse
from django.utils.translation import gettext_lazy, pgettext_lazy

from yiwang.platform.ui.parts import Badge, Tone
from yiwang.platform.ui.tables import (
    BadgeColumn,
    ChoiceFilter,
    Column,
    DayColumn,
    LinkColumn,
    MoneyColumn,
    NumberColumn,
    SearchFilter,
    Table,
)
from yiwang.rights.aid.kinds import Kind
from yiwang.rights.aid.models import Place, Programme

PROGRAMMES: dict[str, tuple[Tone, str]] = {
    Programme.State.DRAFT: ("neutral", "edit"),
    Programme.State.OPEN: ("ok", "check"),
    Programme.State.CLOSED: ("wait", "clock"),
    Programme.State.ENDED: ("neutral", "check"),
}
PLACES: dict[str, tuple[Tone, str]] = {
    Place.State.ENTERED: ("info", "clock"),
    Place.State.WAITING: ("wait", "pause"),
    Place.State.GIVEN: ("ok", "check"),
    Place.State.REFUSED: ("bad", "x-circle"),
    Place.State.WITHDRAWN: ("neutral", "x"),
}


def programme_badge(programme: Programme) -> Badge:
    return Badge(str(programme.get_state_display()), *PROGRAMMES[programme.state])


def place_badge(place: Place) -> Badge:
    return Badge(str(place.get_state_display()), *PLACES[place.state])


class ProgrammeTable(Table):
    """帮扶项目和资金: quota, taken, budget, promised, left."""

    name = "aid.programmes"
    label = gettext_lazy("帮扶项目")
    unit = pgettext_lazy("programme", "个")
    empty_title = gettext_lazy("还没有帮扶项目")
    filters = (
        SearchFilter("q", gettext_lazy("项目名称"), "name__icontains"),
        ChoiceFilter("kind", gettext_lazy("哪一种"), options=Kind.choices),
        ChoiceFilter("state", gettext_lazy("状态"), options=Programme.State.choices),
    )
    columns = (
        LinkColumn(
            "name", gettext_lazy("项目名称"), is_optional=False,
            url=lambda row: reverse("aid:programme-detail", args=[row.public_id]),
            caption=lambda row: f"{row.organisation.name} · {row.year}",
        ),
        BadgeColumn("state", gettext_lazy("状态"), programme_badge),
        Column("kind", gettext_lazy("哪一种"), "get_kind_display"),
        DayColumn("closes_on", gettext_lazy("哪天截止"), sort="-closes_on"),
        NumberColumn("quota", gettext_lazy("名额")),
        NumberColumn("taken", gettext_lazy("已定")),
        MoneyColumn("budget", gettext_lazy("预算"), sort="-budget"),
        MoneyColumn("promised", gettext_lazy("已定给人")),
        MoneyColumn("money_left", gettext_lazy("还能用")),
        Column("fund", gettext_lazy("资金"), lambda row: row.fund.name if row.fund else "", is_shown=False),
    )  # fmt: skip


class PlaceTable(Table):
    """项目名单: identity numbers are masked, in print too."""

    name = "aid.places"
    label = gettext_lazy("项目名单")
    unit = pgettext_lazy("people", "人")
    empty_title = gettext_lazy("这个项目还没有人")
    filters = (
        SearchFilter("q", gettext_lazy("姓名"), "person__name__startswith"),
        ChoiceFilter("state", gettext_lazy("状态"), options=Place.State.choices),
    )
    columns = (
        LinkColumn(
            "person", gettext_lazy("姓名"), "person.name", is_optional=False,
            url=lambda row: reverse("aid:place-detail", args=[row.public_id]) if row.may_open else "",
            caption=lambda row: row.organisation.name,
        ),
        BadgeColumn("state", gettext_lazy("状态"), place_badge),
        MoneyColumn("amount", gettext_lazy("金额"), sort="-amount"),
        NumberColumn("open_doubles", gettext_lazy("可能重复")),
        Column("ticket", gettext_lazy("签号"), is_shown=False),
        NumberColumn("rank", gettext_lazy("候补次序"), is_shown=False),
        Column("identity", gettext_lazy("证件号码"), "person.masked_id", is_shown=False),
        DayColumn("entered_at", gettext_lazy("登记日期"), sort="-entered_at"),
    )  # fmt: skip
