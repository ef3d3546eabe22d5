"""Lists: requests to join, joining codes, transfers."""

import datetime as dt
from collections.abc import Sequence
from typing import ClassVar

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yiwang.grassroots.joining.models import Campaign, JoinRequest, Transfer
from yiwang.kernel import clock
from yiwang.net.cases.models import Case
from yiwang.net.cases.queries.faces import face_of
from yiwang.platform.ui.clockface import ClockFace
from yiwang.platform.ui.parts import Badge
from yiwang.platform.ui.tables import (
    BadgeColumn,
    BulkMove,
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

OPEN_TONES = {"open": ("ok", "check"), "held": ("warn", "pause"), "closed": ("neutral", "")}


def campaign_badge(row: Campaign) -> Badge:
    tone, icon = OPEN_TONES[row.state]
    return Badge(label=str(row.get_state_display()), tone=tone, icon=icon)  # type: ignore[arg-type]  # tones above


def case_badge(case: Case) -> Badge:
    good = {"decided_ok", "delivered", "archived"}
    tone = "ok" if case.state in good else "bad" if case.state in {"decided_no", "not_accepted"} else "warn"
    return Badge(label=str(case.get_state_display()), tone=tone)  # type: ignore[arg-type]  # three tones


def request_face(case: Case) -> ClockFace:
    return face_of(case, clock.now())


def _row(case: Case) -> JoinRequest | None:
    return getattr(case, "join_request", None)


def _target(case: Case) -> str:
    row = _row(case)
    return row.target.name if row is not None and row.target is not None else ""


def _submitted(case: Case) -> dt.date:
    return clock.local_date(case.submitted_at)


def _code(case: Case) -> str:
    row = _row(case)
    return row.campaign.name if row is not None and row.campaign is not None else ""


class RequestTable(Table):
    name = "join_requests"
    label = _("入会申请")
    unit = pgettext_lazy("how many", "人")
    order = "queued_for"
    empty_title = _("没有等着审的入会申请")
    empty_text = _("有人扫码或在网上申请，就会排到这里。")
    columns: ClassVar = (
        ClockColumn("clock", _("时限"), read=request_face, sort="queued_for", is_optional=False),
        LinkColumn(
            "name",
            _("姓名"),
            read=lambda case: case.applicant.name if case.applicant else case.contact_name,
            url=lambda case: reverse("joining:request-detail", args=[case.number]),
            caption=lambda case: case.number,
            is_optional=False,
        ),
        Column("target", _("申请进"), read=_target),
        Column("employer", _("单位"), read="employer_name"),
        Column("code", _("扫的码"), read=_code),
        Column("office", _("在哪个工会审"), read="organisation.name"),
        BadgeColumn("state", _("状态"), read=case_badge),
        DayColumn("submitted", _("申请时间"), read=_submitted, sort="submitted_at"),
    )
    filters: ClassVar = (
        SearchFilter(label=_("姓名"), apply=lambda rows, text: rows.filter(applicant__name__contains=text.strip())),
        ChoiceFilter("state", _("状态"), options=Case.State.choices),
        SwitchFilter(
            "nowhere", _("只看还不知道进哪个工会的"), apply=lambda rows, _on: rows.filter(join_request__target=None)
        ),
        SwitchFilter(
            "lost", _("只看批准了还没登记的"),
            apply=lambda rows, _on: rows.filter(state__in=("decided_ok", "delivered"), join_request__admitted=None),
        ),
    )  # fmt: skip

    def ident(self, row: Case) -> str:
        return row.number

    def label_of(self, row: Case) -> str:
        return row.number

    def bulk_moves(self) -> Sequence[BulkMove]:
        return [BulkMove("admit", _("同意入会"), reverse("joining:admit-many"), "check")]

    def moves_of(self, row: Case) -> set[str]:
        return {"admit"} if row.is_undecided else set()


class CampaignTable(Table):
    name = "campaigns"
    label = _("入会码")
    order = "-made_at"
    empty_title = _("还没有入会码")
    empty_text = _("做一个码，打印出来贴在站点、食堂、驿站。")
    columns: ClassVar = (
        LinkColumn(
            "name",
            _("名称"),
            read="name",
            url=lambda row: reverse("joining:campaign-detail", args=[row.public_id]),
            caption=lambda row: row.place,
            is_optional=False,
        ),
        Column("organisation", _("进哪个工会"), read="organisation.name"),
        Column("kind", _("哪一种"), read="get_kind_display"),
        BadgeColumn("state", _("状态"), read=campaign_badge),
        NumberColumn("most", _("最多多少人"), read="most"),
        DayColumn("valid_until", _("到哪天止"), sort="valid_until"),
    )
    filters: ClassVar = (
        SearchFilter(label=_("名称"), apply=lambda rows, text: rows.filter(name__contains=text.strip())),
        ChoiceFilter("state", _("状态"), options=Campaign.State.choices),
    )


def transfer_badge(row: Transfer) -> Badge:
    """Where it stands, in the words of the two unions."""
    case = row.case
    if row.done_at is not None:
        return Badge(label=str(_("转好了")), tone="ok", icon="check")
    if not case.is_open:
        return Badge(label=str(case.get_state_display()), tone="neutral")
    if row.escalated_at is not None:
        return Badge(label=str(_("等共同上级定")), tone="warn", icon="up")
    if row.released_at is not None:
        return Badge(label=str(_("等新工会接收")), tone="info", icon="transfer")
    return Badge(label=str(_("等原工会转出")), tone="info", icon="transfer")


class TransferTable(Table):
    name = "transfers"
    label = _("会籍转接")
    unit = pgettext_lazy("how many", "人")
    order = "-pk"
    empty_title = _("没有会籍转接")
    empty_text = _("会员在手机上申请转接，两边的工会都会看到。")
    columns: ClassVar = (
        ClockColumn("clock", _("时限"), read=lambda row: face_of(row.case, clock.now()), is_optional=False),
        LinkColumn(
            "name",
            _("姓名"),
            read="membership.person.name",
            url=lambda row: reverse("joining:transfer-detail", args=[row.case.number]),
            caption=lambda row: row.case.number,
            is_optional=False,
        ),
        Column("from", _("原工会"), read="from_organisation.name"),
        Column("to", _("新工会"), read="to_organisation.name"),
        Column("office", _("现在谁办"), read="case.organisation.name"),
        BadgeColumn("state", _("状态"), read=transfer_badge),
    )
    filters: ClassVar = (
        SearchFilter(
            label=_("姓名"), apply=lambda rows, text: rows.filter(membership__person__name__contains=text.strip())
        ),
        SwitchFilter(
            "open", _("只看没转完的"), apply=lambda rows, _on: rows.filter(done_at=None, case__closed_at=None)
        ),
    )
