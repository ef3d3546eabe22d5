"""The list of members in an officer's subtrees; numbers masked, on the screen and in the exported file."""

from typing import ClassVar

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yiwang.platform.ui.parts import Badge
from yiwang.platform.ui.tables import (
    BadgeColumn,
    ChoiceFilter,
    Column,
    DayColumn,
    LinkColumn,
    SearchFilter,
    Table,
)
from yiwang.register.members.codes import NewForm, SkillLevel
from yiwang.register.members.models import Membership
from yiwang.register.members.queries import matching

TONES = {
    "active": ("ok", "check"),
    "moving": ("info", "transfer"),
    "retained": ("wait", "pause"),
    "applied": ("warn", "clock"),
    "returned": ("warn", "return"),
}


def state_badge(membership: Membership) -> Badge:
    tone, icon = TONES.get(membership.state, ("neutral", ""))
    return Badge(label=str(membership.get_state_display()), tone=tone, icon=icon)  # type: ignore[arg-type]  # tones above


def person_url(membership: Membership) -> str:
    return reverse("members:person-detail", args=[membership.person.public_id])


class MemberTable(Table):
    name = "members"
    label = _("会员")
    unit = pgettext_lazy("how many", "人")
    empty_title = _("没有这样的会员")
    empty_text = _("换个条件看看，或者导入会员名册。")
    order = "-joined_on"
    columns: ClassVar = (
        LinkColumn(
            "name",
            _("姓名"),
            read="person.name",
            url=person_url,
            caption=lambda row: row.number,
            sort="person__pinyin_full",
            is_optional=False,
        ),
        Column("id_number", _("证件号码"), read="person.masked_id"),
        Column("phone", _("手机号"), read="person.masked_phone"),
        Column("organisation", _("所在工会"), read="organisation.name"),
        Column("employer", _("单位"), read=lambda row: row.employer.name if row.employer else ""),
        BadgeColumn("state", _("会籍状态"), read=state_badge),
        DayColumn("joined_on", _("入会时间"), sort="-joined_on"),
        Column("trade", _("工种"), read="trade", is_shown=False),
        # Sorted by the grade's own number: the Chinese digit runs the other way.
        Column("skill_level", _("技能等级"), read="get_skill_level_display", sort="-skill_level", is_shown=False),
        Column("new_form", _("新就业群体"), read="get_new_form_display", is_shown=False),
        Column("realname", _("实名等级"), read="person.get_realname_level_display", is_shown=False),
    )
    filters: ClassVar = (
        SearchFilter(label=_("姓名、拼音、证件号或手机号"), apply=matching),
        ChoiceFilter("state", _("会籍状态"), options=Membership.State.choices),
        ChoiceFilter("new_form", _("新就业群体"), options=NewForm.choices),
        ChoiceFilter("skill_level", _("技能等级"), options=[(str(v), t) for v, t in SkillLevel.choices]),
    )
