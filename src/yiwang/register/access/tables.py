"""The list of appointments in one officer's scope."""

from typing import ClassVar

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yiwang.platform.ui.parts import Badge, Tone
from yiwang.platform.ui.tables import (
    BadgeColumn,
    ChoiceFilter,
    Column,
    DayColumn,
    LinkColumn,
    SearchFilter,
    Table,
)
from yiwang.register.access.models import Appointment
from yiwang.register.access.queries import matching
from yiwang.register.access.roles import Role

TONES: dict[Appointment.State, tuple[Tone, str]] = {
    Appointment.State.PROPOSED: ("warn", "clock"),
    Appointment.State.IN_FORCE: ("ok", "check"),
    Appointment.State.DECLINED: ("bad", "x-circle"),
    Appointment.State.ENDED: ("neutral", ""),
}


def state_badge(appointment: Appointment) -> Badge:
    tone, icon = TONES[Appointment.State(appointment.state)]
    return Badge(label=str(appointment.get_state_display()), tone=tone, icon=icon)


def appointment_url(appointment: Appointment) -> str:
    return reverse("access:appointment-detail", args=[appointment.public_id])


class AppointmentTable(Table):
    name = "appointments"
    label = _("任职")
    unit = _("条")
    empty_title = _("没有这样的任职")
    empty_text = _("换个条件看看，或者新任命一个人。")
    order = "-created_at"
    columns: ClassVar = (
        LinkColumn(
            "user",
            _("人"),
            read=lambda row: str(row.user),
            url=appointment_url,
            caption=lambda row: row.organisation.name,
            is_optional=False,
        ),
        Column("role", _("职务"), read="get_role_display", sort="role"),
        BadgeColumn("state", _("状态"), read=state_badge),
        DayColumn("valid_from", _("起"), sort="-valid_from"),
        DayColumn("valid_to", _("止")),
        Column("proposed_by", _("任命人"), read=lambda row: str(row.proposed_by or "")),
        Column("confirmed_by", _("确认人"), read=lambda row: str(row.confirmed_by or ""), is_shown=False),
        Column("basis", _("依据"), is_shown=False),
    )
    filters: ClassVar = (
        SearchFilter(label=_("姓名或工会名称"), apply=matching),
        ChoiceFilter("state", _("状态"), options=Appointment.State.choices),
        ChoiceFilter("role", _("职务"), options=Role.choices),
    )
