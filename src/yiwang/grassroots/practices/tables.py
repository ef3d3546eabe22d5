"""The list at the desk: by time, nothing is ranked."""

from typing import ClassVar

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yiwang.grassroots.practices.models import Practice, Subject
from yiwang.platform.ui.parts import Badge
from yiwang.platform.ui.tables import (
    BadgeColumn,
    ChoiceFilter,
    Column,
    DayColumn,
    LinkColumn,
    NumberColumn,
    SearchFilter,
    SwitchFilter,
    Table,
)

TONES = {"shown": "ok", "sent": "warn", "returned": "warn", "withdrawn": "neutral"}


def practice_badge(row: Practice) -> Badge:
    return Badge(label=str(row.get_state_display()), tone=TONES.get(row.state, "info"))  # type: ignore[arg-type]  # tones above


class PracticeTable(Table):
    name = "practices"
    label = _("基层做法")
    unit = pgettext_lazy("how many", "个")
    order = "-told_at"
    empty_title = _("还没有做法")
    empty_text = _("点“说一个做法”，十分钟写完，上级帮着改。")
    columns: ClassVar = (
        LinkColumn(
            "title",
            _("做法"),
            read="title",
            url=lambda row: reverse("practices:practice-detail", args=[row.public_id]),
            caption=lambda row: row.organisation.display_name,
            is_optional=False,
        ),
        Column("subject", _("关于什么"), read="get_subject_display"),
        BadgeColumn("state", _("状态"), read=practice_badge),
        NumberColumn("tried", _("几家在试"), read="tried"),
        NumberColumn("reported", _("几家报了结果"), read="reported"),
        DayColumn("told_at", _("什么时候写的"), sort="-told_at"),
    )
    filters: ClassVar = (
        SearchFilter(label=_("做法"), apply=lambda rows, text: rows.filter(title__contains=text.strip())),
        ChoiceFilter("subject", _("关于什么"), options=Subject.choices),
        ChoiceFilter("state", _("状态"), options=Practice.State.choices),
        SwitchFilter("promoted", _("只看在推广的"), apply=lambda rows, _on: rows.filter(promoted__gt=0)),
    )
