"""What people think of how they were served, and how unhappiness is set right (好差评)."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yiwang.kernel.ids import public_id
from yiwang.kernel.states import Stateful
from yiwang.net.cases.models import Case
from yiwang.register.organisations.models import Organisation

USER = settings.AUTH_USER_MODEL


class Evaluation(models.Model):
    """One rating of one case through one channel. Never made by the system, never changed afterwards."""

    class Score(models.IntegerChoices):
        VERY_GOOD = 5, _("非常满意")
        GOOD = 4, _("满意")
        FAIR = 3, _("基本满意")
        BAD = 2, _("不满意")
        VERY_BAD = 1, _("非常不满意")

    class Channel(models.TextChoices):
        WEB = "web", _("手机或电脑")
        PHONE = "phone", _("电话回访")
        COUNTER = "counter", _("窗口")

    class Tag(models.TextChoices):
        FAST = "speed", _("办事效率")
        GUIDE = "guide", _("指南说得清不清楚")
        EASY = "ease", _("方便不方便")
        SITE = "site", _("网页好不好用")
        SKILL = "skill", _("工作人员懂不懂行")
        MANNER = "manner", _("服务态度")
        RESULT = "result", _("结果")

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="evaluations")
    channel = models.CharField(max_length=8, choices=Channel, default=Channel.WEB)
    score = models.PositiveSmallIntegerField(_("评价"), choices=Score)
    tags = models.JSONField(default=list)
    text = models.TextField(blank=True)
    is_anonymous = models.BooleanField(default=False)  # toward the rated and in public
    wants_no_call = models.BooleanField(default=False)
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    hidden_at = models.DateTimeField(null=True)
    hidden_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="evaluation_is_one_per_channel",
                fields=["case", "channel"],
                violation_error_message=_("这件事你已经评过了。"),
            ),
            models.CheckConstraint(name="evaluation_score_is_known", condition=Q(score__gte=1, score__lte=5)),
            models.CheckConstraint(
                name="evaluation_hidden_has_reason", condition=Q(hidden_at=None) | ~Q(hidden_reason="")
            ),
        ]
        indexes: ClassVar = [
            models.Index(name="evaluation_by_body", fields=["organisation", "-created_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.score}"


class BadReviewQuerySet(models.QuerySet["BadReview"]):
    def open(self) -> Self:
        return self.exclude(state=BadReview.State.CLOSED)


class BadReview(Stateful):
    """One bad rating on its way to being set right: given to another, verified, rectified, called back, closed."""

    class State(models.TextChoices):
        NEW = "new", _("待分派")
        ASSIGNED = "assigned", _("待核实")
        VERIFIED = "verified", _("待整改")
        RECTIFIED = "rectified", _("待回访")
        CALLED_BACK = "called_back", _("已回访")
        CLOSED = "closed", pgettext_lazy("evaluation", "已结束")

    class Finding(models.TextChoices):
        TRUE = "true", _("属实")
        PARTLY = "partly", _("部分属实")
        FALSE = "false", _("不属实")
        MALICIOUS = "malicious", _("恶意评价")

    MOVES: ClassVar = {
        State.NEW: frozenset({State.ASSIGNED}),
        State.ASSIGNED: frozenset({State.VERIFIED}),
        State.VERIFIED: frozenset({State.RECTIFIED, State.CALLED_BACK, State.CLOSED}),
        State.RECTIFIED: frozenset({State.CALLED_BACK, State.CLOSED}),
        State.CALLED_BACK: frozenset({State.CLOSED}),
    }

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    evaluation = models.OneToOneField(Evaluation, on_delete=models.PROTECT, related_name="bad_review")
    state = models.CharField(_("状态"), max_length=12, choices=State, default=State.NEW)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    assign_due_at = models.DateTimeField()
    rectify_due_at = models.DateTimeField()
    assigned_to = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField(null=True)
    finding = models.CharField(_("核实结果"), max_length=10, choices=Finding, blank=True)
    finding_text = models.TextField(blank=True)
    verified_at = models.DateTimeField(null=True)
    measures = models.TextField(blank=True)
    rectified_at = models.DateTimeField(null=True)
    call_text = models.TextField(blank=True)
    is_settled = models.BooleanField(null=True)  # what the person said when called back
    called_back_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)

    objects = BadReviewQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="bad_review_in_hand_is_somebodys", condition=Q(state="new") | Q(assigned_to__isnull=False)
            ),
            models.CheckConstraint(
                name="bad_review_verified_has_finding", condition=Q(state__in=["new", "assigned"]) | ~Q(finding="")
            ),
            models.CheckConstraint(
                name="bad_review_closed_has_time", condition=~Q(state="closed") | Q(closed_at__isnull=False)
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                name="bad_review_open_by_body",
                fields=["organisation", "rectify_due_at", "id"],
                condition=~Q(state="closed"),
            ),
            models.Index(name="bad_review_open_by_due", fields=["rectify_due_at", "id"], condition=~Q(state="closed")),
        ]

    def __str__(self) -> str:
        return f"{self.evaluation.case} {self.get_state_display()}"

    @property
    def is_open(self) -> bool:
        return self.state != self.State.CLOSED
