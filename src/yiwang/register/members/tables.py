"""The list of members in an officer's subtrees; numbers masked, on the screen and in the exported file."""

from typing import ClassVar

from django.urls import reverse
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from yiwang.kernel import clock
from yiwang.kernel.clock import due_day, today
from yiwang.platform.ui.clockface import ClockFace
from yiwang.platform.ui.parts import Badge
from yiwang.platform.ui.tables import (
    BadgeColumn,
    ChoiceFilter,
    ClockColumn,
    Column,
    DayColumn,
    LinkColumn,
    MomentColumn,
    SearchFilter,
    SwitchFilter,
    Table,
)
from yiwang.register.access.policies import holds
from yiwang.register.members.codes import NewForm, SkillLevel
from yiwang.register.members.models import Conflict, Membership, Release
from yiwang.register.members.quality import FLAWS, with_flaw
from yiwang.register.members.queries import matching, retiring

SOON_DAYS = 3
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
        SearchFilter(label=_("姓名、拼音、证件号（或后四位）、手机号"), apply=matching),
        ChoiceFilter("state", _("会籍状态"), options=Membership.State.choices),
        ChoiceFilter("new_form", _("新就业群体"), options=NewForm.choices),
        ChoiceFilter(
            "flaw",
            _("要核对的"),
            options=[(flaw.key, flaw.label) for flaw in FLAWS],
            apply=lambda rows, key: with_flaw(rows, key, today()),
        ),
        ChoiceFilter("skill_level", _("技能等级"), options=[(str(v), t) for v, t in SkillLevel.choices]),
        SwitchFilter("retiring", _("到退休年龄，要确认"), apply=lambda rows, _on: retiring(rows, today())),
    )

    def more_exports(self) -> list[tuple[str, str]]:
        """Full numbers leave only when a second person lets them go."""
        if not holds(self.request.user, "register.reveal"):
            return []
        return [(gettext("要完整号码…"), reverse("members:release-new") + self.url().removeprefix(self.request.path))]


def conflict_face(row: Conflict) -> ClockFace | None:
    if row.due_at is None or row.state != Conflict.State.OPEN:
        return None
    last, start = due_day(row.due_at), clock.local_date(row.found_at)
    total, left = max((last - start).days, 1), (last - today()).days
    if left < 0:
        text = ngettext("逾期{n}天", "逾期{n}天", -left).format(n=-left)
        return ClockFace("over", total, total, text, last.isoformat())
    text = ngettext("还剩{n}天", "还剩{n}天", left).format(n=left)
    return ClockFace("soon" if left <= SOON_DAYS else "run", total - left, total, text, last.isoformat())


def conflict_badge(row: Conflict) -> Badge:
    is_open = row.state == Conflict.State.OPEN
    return Badge(label=str(row.get_state_display()), tone="warn" if is_open else "ok", icon="clock" if is_open else "")


class ConflictTable(Table):
    name = "conflicts"
    label = _("登记冲突")
    order = "due_at"
    empty_title = _("没有要处理的登记冲突")
    empty_text = _("每天夜里会找一遍可能重复的记录；入会和导入时撞上的也会排到这里。")
    columns: ClassVar = (
        ClockColumn("clock", _("时限"), read=conflict_face, sort="due_at", is_optional=False),
        LinkColumn(
            "rule",
            _("哪一种"),
            read="get_rule_display",
            url=lambda row: reverse("members:conflict-detail", args=[row.public_id]),
            caption=lambda row: row.detail,
            is_optional=False,
        ),
        Column("person", _("姓名"), read="person.name"),
        Column("id_number", _("证件号码"), read="person.masked_id"),
        Column("organisation", _("所在工会"), read="organisation.name"),
        Column("claimed_by", _("另一方"), read="claimed_by.name"),
        BadgeColumn("state", _("状态"), read=conflict_badge),
        DayColumn("found_at", _("发现时间"), read=lambda row: clock.local_date(row.found_at), sort="-found_at"),
    )
    filters: ClassVar = (
        SearchFilter(label=_("姓名"), apply=lambda rows, text: rows.filter(person__name__contains=text.strip())),
        ChoiceFilter("rule", _("哪一种"), options=Conflict.Rule.choices),
        ChoiceFilter("state", _("状态"), options=Conflict.State.choices),
    )


RELEASE_TONES = {
    "asked": ("warn", "clock"),
    "approved": ("info", "clock"),
    "ready": ("ok", "check"),
    "refused": ("bad", "x"),
}


def release_badge(row: Release) -> Badge:
    tone, icon = RELEASE_TONES.get(row.state, ("neutral", ""))
    return Badge(label=str(row.get_state_display()), tone=tone, icon=icon)  # type: ignore[arg-type]  # tones above


class ReleaseTable(Table):
    name = "releases"
    label = _("完整号码名册")
    order = "-asked_at"
    can_export = False
    empty_title = _("没有人要过带完整号码的名册")
    empty_text = _("在会员名单里点“导出”，选“要完整号码”。")
    columns: ClassVar = (
        LinkColumn(
            "place",
            _("哪个工会"),
            read="place.name",
            url=lambda row: reverse("members:release-detail", args=[row.public_id]),
            caption=lambda row: row.purpose,
            is_optional=False,
        ),
        Column("rows", _("人数"), css="n"),
        Column("fields", _("要完整的"), read="field_words"),
        Column("asked_by", _("谁要"), read="asked_by.name"),
        BadgeColumn("state", _("状态"), read=release_badge),
        MomentColumn("asked_at", _("提出时间"), sort="-asked_at"),
    )
    filters: ClassVar = (ChoiceFilter("state", _("状态"), options=Release.State.choices),)
