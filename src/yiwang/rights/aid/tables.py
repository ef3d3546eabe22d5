"""Lists of household files."""

from django.urls import reverse
from django.utils.translation import gettext_lazy

from yiwang.kernel.clock import today
from yiwang.platform.ui.parts import Badge, Tone
from yiwang.platform.ui.tables import (
    BadgeColumn,
    ChoiceFilter,
    Column,
    DayColumn,
    LinkColumn,
    SearchFilter,
    SwitchFilter,
    Table,
)
from yiwang.rights.aid.codes import FileClass
from yiwang.rights.aid.models import AidFile, Outreach, Sample
from yiwang.rights.aid.queries import due_calls

State = AidFile.State
LOOKS: dict[str, tuple[Tone, str]] = {
    State.FILED: ("ok", "check"),
    State.REFUSED: ("bad", "x-circle"),
    State.PUBLICITY: ("wait", "eye"),
    State.EXPLAIN: ("wait", "pause"),
    State.FROZEN: ("bad", "lock"),
    State.EXITED: ("neutral", "check"),
    State.NETTED: ("neutral", "shield"),
    State.CLOSED: ("neutral", "x"),
}


def file_badge(file: AidFile) -> Badge:
    return Badge(str(file.get_state_display()), *LOOKS.get(file.state, ("info", "file-check")))


class FileTable(Table):
    """困难职工家庭花名册 (RI 1.15)."""

    name = "aid.files"
    label = gettext_lazy("困难职工家庭花名册")
    unit = gettext_lazy("户")
    empty_title = gettext_lazy("还没有困难职工档案")
    filters = (
        SearchFilter("q", gettext_lazy("申请人姓名"), "applicant__name__startswith"),
        ChoiceFilter("state", gettext_lazy("状态"), options=State.choices),
        SwitchFilter("call", gettext_lazy("该回访的"), lambda rows, _on: due_calls(rows, today())),
        ChoiceFilter("class", gettext_lazy("困难类别"), "file_class", options=FileClass.choices),
    )
    columns = (
        LinkColumn(
            "applicant", gettext_lazy("申请人"), "applicant.name", is_optional=False,
            url=lambda row: reverse("aid:file-detail", args=[row.public_id]),
            caption=lambda row: f"{row.number} · {row.organisation.name}",
        ),
        BadgeColumn("state", gettext_lazy("状态"), file_badge),
        Column("file_class", gettext_lazy("困难类别"), "get_file_class_display"),
        Column("main_cause", gettext_lazy("主要致困原因"), "get_main_cause_display"),
        Column("identity", gettext_lazy("证件号码"), "applicant.masked_id", is_shown=False),
        DayColumn("opened_on", gettext_lazy("开始"), sort="-opened_on"),
        DayColumn("review_due", gettext_lazy("复核日"), sort="review_due"),
        DayColumn("call_due", gettext_lazy("回访日"), sort="call_due", is_shown=False),
    )  # fmt: skip


OUTCOMES: dict[str, tuple[Tone, str]] = {
    "": ("warn", "phone"),
    Outreach.Outcome.CALLED: ("info", "phone"),
    Outreach.Outcome.VISITED: ("info", "home"),
    Outreach.Outcome.UNREACHED: ("wait", "pause"),
    Outreach.Outcome.NOT_WANTED: ("neutral", "x"),
    Outreach.Outcome.APPLIED: ("ok", "check"),
}


def outcome_badge(family: Outreach) -> Badge:
    label = family.get_outcome_display() if family.outcome else gettext_lazy("还没联系")
    return Badge(str(label), *OUTCOMES[family.outcome])


class FamilyTable(Table):
    """符合条件、还没申请的人：不写他们填过的数."""

    name = "aid.families"
    label = gettext_lazy("符合条件、还没申请的")
    unit = gettext_lazy("户")
    empty_title = gettext_lazy("现在没有要联系的家庭")
    filters = (
        SearchFilter("q", gettext_lazy("姓名"), "person__name__startswith"),
        ChoiceFilter("outcome", gettext_lazy("联系结果"), options=Outreach.Outcome.choices),
    )
    columns = (
        LinkColumn(
            "person", gettext_lazy("姓名"), "person.name", is_optional=False,
            url=lambda row: reverse("aid:family-detail", args=[row.public_id]),
            caption=lambda row: row.organisation.name,
        ),
        BadgeColumn("outcome", gettext_lazy("联系结果"), outcome_badge),
        Column("reason", gettext_lazy("为什么符合"), "reason"),
        DayColumn("found_on", gettext_lazy("哪天找到的"), sort="-found_on"),
    )  # fmt: skip


def sample_badge(sample: Sample) -> Badge:
    if sample.checked_on is None:
        return Badge(str(gettext_lazy("待看")), "info", "eye")
    if sample.is_confirmed:
        return Badge(str(gettext_lazy("都对得上")), "ok", "check")
    return Badge(str(gettext_lazy("有对不上的")), "warn", "alert")


class SampleTable(Table):
    """抽查: what a body above looks at again."""

    name = "aid.samples"
    label = gettext_lazy("抽查的档案")
    unit = gettext_lazy("户")
    empty_title = gettext_lazy("还没有抽过")
    filters = (
        SearchFilter("q", gettext_lazy("申请人姓名"), "file__applicant__name__startswith"),
        ChoiceFilter("why", gettext_lazy("为什么看"), options=Sample.Why.choices),
    )
    columns = (
        LinkColumn(
            "applicant", gettext_lazy("申请人"), "file.applicant.name", is_optional=False,
            url=lambda row: reverse("aid:sample-detail", args=[row.public_id]),
            caption=lambda row: f"{row.file.number} · {row.file.county.name}",
        ),
        BadgeColumn("result", gettext_lazy("结果"), sample_badge),
        Column("why", gettext_lazy("为什么看"), "get_why_display"),
        DayColumn("drawn_on", gettext_lazy("哪天抽的"), sort="-drawn_on"),
        DayColumn("checked_on", gettext_lazy("哪天看的"), sort="-checked_on"),
    )  # fmt: skip
