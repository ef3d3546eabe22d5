"""One meeting of a congress: its agenda, who is there, who speaks, what is moved and how it was decided."""

import hashlib
import secrets
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.ids import public_id
from yiwang.kernel.states import Stateful
from yiwang.rights.congress.models.constituting import Congress, Delegate


def check_in_code() -> str:
    return f"{secrets.randbelow(900_000) + 100_000}"


class Session(Stateful):
    """One session (次) of a congress, from the plan to its publication."""

    class State(models.TextChoices):
        PLANNED = "planned", _("正在准备")
        CALLED = "called", _("已发通知和材料")
        OPEN = "open", _("正在开会")
        CLOSED = "closed", _("已闭会")
        PUBLISHED = "published", _("已公布")
        CANCELLED = "cancelled", pgettext_lazy("session", "不开了")

    class Form(models.TextChoices):
        HALL = "hall", _("现场")
        VIDEO = "video", _("视频")
        MIXED = "mixed", _("现场加视频")

    class Caller(models.TextChoices):
        YEARLY = "yearly", _("每年例会")
        EMPLOYER = "employer", _("企业提议")
        UNION = "union", _("工会提议")
        DELEGATES = "delegates", _("三分之一以上代表提议")

    MOVES: ClassVar = {
        State.PLANNED: frozenset({State.CALLED, State.CANCELLED}),
        State.CALLED: frozenset({State.OPEN, State.CANCELLED}),
        State.OPEN: frozenset({State.CLOSED}),
        State.CLOSED: frozenset({State.PUBLISHED}),
    }

    congress = models.ForeignKey(Congress, on_delete=models.PROTECT, related_name="sessions")
    public_id = models.CharField(max_length=10, unique=True, default=public_id, editable=False)
    number = models.PositiveSmallIntegerField(_("第几次会议"))
    state = models.CharField(_("状态"), max_length=9, choices=State, default=State.PLANNED)
    held_on = models.DateField(_("开会日期"))
    place = models.CharField(_("开会地点"), max_length=120)
    form = models.CharField(_("怎么开"), max_length=5, choices=Form, default=Form.HALL)
    called_by = models.CharField(_("谁提议开"), max_length=9, choices=Caller, default=Caller.YEARLY)
    code = models.CharField(max_length=6, default=check_in_code)
    called_at = models.DateTimeField(null=True)
    short_notice_reason = models.CharField(_("不足期限也要开的理由"), max_length=300, blank=True)
    presidium = models.ManyToManyField(Delegate, related_name="+")
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    entitled = models.PositiveIntegerField(null=True)
    present_at_opening = models.PositiveIntegerField(null=True)
    minutes = models.TextField(_("会议纪要"), blank=True)

    class Meta:
        verbose_name = _("职代会会议")
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="session_has_one_number", fields=["congress", "number"], condition=~Q(state="cancelled")
            ),
            models.CheckConstraint(
                name="session_opened_with_a_count",
                condition=Q(state__in=["planned", "called", "cancelled"])
                | Q(opened_at__isnull=False, entitled__isnull=False, present_at_opening__lte=F("entitled")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.congress} {self.number}"

    @property
    def heading(self) -> str:
        return gettext("第{term}届第{number}次会议").format(term=self.congress.number, number=self.number)

    @property
    def is_live(self) -> bool:
        return self.state in (self.State.CALLED, self.State.OPEN)


class AgendaItem(Stateful):
    """One point of the agenda, with its paper and its outcome (3.5)."""

    class Kind(models.TextChoices):
        HEAR = "A", _("听取报告、提出建议")
        ADOPT = "B", _("审议通过")
        AGREE = "C", _("审查同意或否决")
        DECIDE = "D", _("审议决定")
        ELECT = "E", _("民主选举")
        APPRAISE = "F", _("民主评议")
        SUPERVISE = "G", _("审查监督")

    class Method(models.TextChoices):
        NONE = "none", _("不表决，记下意见")
        HANDS = "hands", _("举手表决")
        NAMED = "named", _("记名表决")
        SECRET = "secret", _("无记名投票")

    class State(models.TextChoices):
        TABLED = "tabled", _("还没表决")
        VOTING = "voting", _("正在表决")
        PASSED = "passed", _("通过")
        FAILED = "failed", _("没有通过")
        NOTED = "noted", _("已听取")
        RUN_OFF = "run_off", _("要再选一轮")
        ELECTED = "elected", _("选出来了")
        APPRAISED = "appraised", _("评议完了")
        WITHDRAWN = "withdrawn", pgettext_lazy("agenda", "已撤下")

    DONE: ClassVar = (State.PASSED, State.FAILED, State.NOTED, State.RUN_OFF, State.ELECTED, State.APPRAISED)
    MOVES: ClassVar = {
        State.TABLED: frozenset({State.VOTING, State.NOTED, State.WITHDRAWN, State.PASSED, State.FAILED}),
        State.VOTING: frozenset(
            {State.TABLED, State.PASSED, State.FAILED, State.RUN_OFF, State.ELECTED, State.APPRAISED, State.NOTED}
        ),
    }

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="items")
    public_id = models.CharField(max_length=10, unique=True, default=public_id, editable=False)
    place = models.PositiveSmallIntegerField()
    kind = models.CharField(_("议题种类"), max_length=1, choices=Kind, default=Kind.ADOPT)
    method = models.CharField(_("怎么定"), max_length=6, choices=Method, default=Method.SECRET)
    state = models.CharField(_("状态"), max_length=9, choices=State, default=State.TABLED)
    title = models.CharField(_("议题"), max_length=160)
    explanation = models.CharField(_("一句话说明"), max_length=300, blank=True)
    text = models.TextField(_("材料全文"), blank=True)
    sponsor = models.CharField(_("谁提交"), max_length=60, blank=True)
    names = models.JSONField(_("候选人或评议对象"), default=list)  # [{"name", "note"}]
    seats = models.PositiveSmallIntegerField(_("应选几人"), default=0)
    office = models.CharField(_("选什么职务"), max_length=60, blank=True)
    run_off_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="run_offs")
    opinions = models.TextField(_("代表意见"), blank=True)
    counts = models.JSONField(null=True)  # per question: {"label": votes}
    entitled = models.PositiveIntegerField(null=True)
    needed = models.PositiveIntegerField(null=True)
    outcome = models.JSONField(null=True)  # {"elected": [...], "run_off": [...]}
    decided_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("议题")
        ordering: ClassVar = ["place", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="agenda_place_is_taken_once", fields=["session", "place"]),
            models.CheckConstraint(
                name="agenda_decided_has_a_count",
                condition=~Q(state__in=["passed", "failed", "elected", "run_off", "appraised"])
                | Q(counts__isnull=False, entitled__isnull=False, decided_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def fingerprint(self) -> str:
        """What the wording of this item is, in sixteen digits: the same words, the same digits."""
        words = "\n".join([self.title, self.explanation, self.text, *(str(row.get("name")) for row in self.names)])
        return hashlib.sha256(words.encode()).hexdigest()[:16]

    @property
    def is_decided(self) -> bool:
        return self.state in self.DONE


class Attendance(models.Model):
    """One delegate who signed in to one session; ``left_at`` while they are out of the hall."""

    class Way(models.TextChoices):
        HAND = "hand", _("会务组登记")
        CODE = "code", _("自己扫码")

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="attendances")
    delegate = models.ForeignKey(Delegate, on_delete=models.PROTECT, related_name="+")
    way = models.CharField(max_length=4, choices=Way)
    at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="delegate_signs_in_once", fields=["session", "delegate"]),
        ]

    def __str__(self) -> str:
        return str(self.delegate)


class Guest(models.Model):
    """Somebody who sits in without a vote (列席, 特邀): never in a quorum, a count or a majority."""

    class Way(models.TextChoices):
        OBSERVER = "observer", _("列席")
        INVITED = "invited", _("特邀")

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="guests")
    public_id = models.CharField(max_length=10, unique=True, default=public_id, editable=False)
    name = models.CharField(_("姓名"), max_length=60)
    post = models.CharField(_("单位、职务"), max_length=80, blank=True)
    way = models.CharField(_("列席还是特邀"), max_length=8, choices=Way, default=Way.OBSERVER)
    came_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="guest_is_asked_once", fields=["session", "name"]),
        ]

    def __str__(self) -> str:
        return self.name


class Speaker(models.Model):
    """One delegate on the list of speakers."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="speakers")
    delegate = models.ForeignKey(Delegate, on_delete=models.PROTECT, related_name="+")
    topic = models.CharField(_("说什么"), max_length=120, blank=True)
    asked_at = models.DateTimeField()
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="speaker_waits_once", fields=["session", "delegate"], condition=Q(ended_at=None)
            ),
        ]

    def __str__(self) -> str:
        return str(self.delegate)


class Motion(models.Model):
    """An amendment to an item, or a motion on the proceedings, decided by show of hands."""

    class State(models.TextChoices):
        PUT = "put", _("已提出")
        ADOPTED = "adopted", _("采纳")
        REJECTED = "rejected", _("没有采纳")

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="motions")
    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, null=True, related_name="motions")
    public_id = models.CharField(max_length=10, unique=True, default=public_id, editable=False)
    proposer = models.ForeignKey(Delegate, on_delete=models.PROTECT, related_name="+")
    text = models.CharField(_("改什么、为什么"), max_length=500)
    state = models.CharField(max_length=8, choices=State, default=State.PUT)
    counts = models.JSONField(null=True)
    put_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.text


class NamedVote(models.Model):
    """The vote of one delegate where the congress votes openly by name. Never used for a secret vote."""

    class Choice(models.TextChoices):
        YES = "yes", _("赞成")
        NO = "no", _("反对")
        ABSTAIN = "abstain", _("弃权")

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="named_votes")
    delegate = models.ForeignKey(Delegate, on_delete=models.PROTECT, related_name="+")
    choice = models.CharField(max_length=7, choices=Choice)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="named_vote_is_one_each", fields=["item", "delegate"])]

    def __str__(self) -> str:
        return f"{self.delegate} {self.choice}"
