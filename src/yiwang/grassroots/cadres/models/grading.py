"""Hours of training, and evaluation by somebody else (GT 3.2, 3.6, 3.7)."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yiwang.grassroots.cadres.models.people import Cadre
from yiwang.kernel.ids import public_id
from yiwang.kernel.states import Stateful
from yiwang.register.organisations.models import Organisation

USER = settings.AUTH_USER_MODEL


class Training(Stateful):
    """Hours one cadre learned, claimed with their evidence; they count once somebody else has looked."""

    class Field(models.TextChoices):
        POLITICS = "politics", _("政治")
        ECONOMY = "economy", _("经济")
        TECHNOLOGY = "technology", _("科技")
        UNION = "union", _("工会业务")
        LAW = "law", _("法律")
        FINANCE = "finance", _("财务")
        DIGITAL = "digital", _("信息化")

    class Mode(models.TextChoices):
        AWAY = "away", _("脱产")
        TOGETHER = "together", _("集中")
        ONLINE = "online", _("网络")
        ALONE = "alone", _("自学")

    class State(models.TextChoices):
        CLAIMED = "claimed", _("等审核")
        APPROVED = "approved", pgettext_lazy("training", "已认定")
        REFUSED = "refused", pgettext_lazy("training", "不认定")

    MOVES: ClassVar = {State.CLAIMED: frozenset({State.APPROVED, State.REFUSED})}

    public_id = models.CharField(max_length=10, unique=True, default=public_id, editable=False)
    cadre = models.ForeignKey(Cadre, on_delete=models.PROTECT, related_name="trainings")
    title = models.CharField(_("班次或课程"), max_length=80)
    field = models.CharField(_("领域"), max_length=10, choices=Field)
    mode = models.CharField(_("方式"), max_length=8, choices=Mode)
    starts_on = models.DateField(_("从哪天"))
    ends_on = models.DateField(_("到哪天"))
    hours = models.DecimalField(_("学时"), max_digits=5, decimal_places=1)
    provider = models.CharField(_("谁办的"), max_length=60, blank=True)
    evidence = models.CharField(_("凭据"), max_length=120, blank=True)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.CLAIMED)
    claimed_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    claimed_at = models.DateTimeField()
    settled_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True)
    refusal = models.CharField(_("为什么不认定"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("学时")
        indexes = [models.Index(name="training_of_cadre", fields=["cadre", "-ends_on"])]
        constraints = [
            models.CheckConstraint(
                name="training_ends_after_start",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("结束不能早于开始。"),
            ),
            models.CheckConstraint(
                name="training_settled_by_another",
                condition=Q(settled_by=None) | Q(claimed_by=None) | ~Q(settled_by=F("claimed_by")),
                violation_error_message=_("学时要由别人审核。"),
            ),
            models.CheckConstraint(name="training_has_hours", condition=Q(hours__gt=0)),
        ]

    def __str__(self) -> str:
        return self.title


class Evaluation(Stateful):
    """One judgement of one cadre's half-year or year: rated by one, confirmed by another, open to an appeal."""

    class Grade(models.TextChoices):
        EXCELLENT = "excellent", _("优秀")
        GOOD = "good", pgettext_lazy("grade", "合格")
        BARELY = "barely", _("基本合格")
        FAILED = "failed", pgettext_lazy("grade", "不合格")

    class Outcome(models.TextChoices):
        RENEW = "renew", _("续聘")
        TRAIN = "train", _("培训")
        DISMISS = "dismiss", _("解聘")

    class State(models.TextChoices):
        RATED = "rated", _("打了分，等上级确认")
        RETURNED = "returned", pgettext_lazy("evaluation", "退回重评")
        CONFIRMED = "confirmed", pgettext_lazy("evaluation", "已告知本人")
        APPEALED = "appealed", _("本人申请复核")
        FINAL = "final", pgettext_lazy("evaluation", "定了")

    MOVES: ClassVar = {
        State.RATED: frozenset({State.CONFIRMED, State.RETURNED}),
        State.RETURNED: frozenset({State.RATED}),
        State.CONFIRMED: frozenset({State.APPEALED, State.FINAL}),
        State.APPEALED: frozenset({State.FINAL}),
    }

    public_id = models.CharField(max_length=10, unique=True, default=public_id, editable=False)
    cadre = models.ForeignKey(Cadre, on_delete=models.PROTECT, related_name="evaluations")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")  # who evaluates
    period = models.CharField(_("哪一期"), max_length=6)  # 2026H1 | 2026
    items = models.JSONField()  # [{"key", "weight", "score", "evidence"}]
    total = models.DecimalField(_("总分"), max_digits=5, decimal_places=1)
    grade = models.CharField(_("等次"), max_length=10, choices=Grade)
    outcome = models.CharField(_("怎么用"), max_length=8, choices=Outcome, blank=True)
    words = models.CharField(_("评语"), max_length=500, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.RATED)
    rated_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    ratee = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    rated_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    appeal = models.CharField(_("哪里不同意"), max_length=500, blank=True)
    answer = models.CharField(_("复核结果"), max_length=500, blank=True)
    answered_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("考核")
        constraints = [
            models.UniqueConstraint(name="evaluation_is_once_a_period", fields=["cadre", "period"]),
            models.CheckConstraint(
                name="evaluation_rater_is_another",
                condition=Q(ratee=None) | Q(rated_by=None) | ~Q(rated_by=F("ratee")),
                violation_error_message=_("不能给自己打分。"),
            ),
            models.CheckConstraint(
                name="evaluation_confirmed_by_another",
                condition=Q(confirmed_by=None) | Q(rated_by=None) | ~Q(confirmed_by=F("rated_by")),
                violation_error_message=_("打分和确认要由两个人做。"),
            ),
            models.CheckConstraint(
                name="evaluation_answered_by_another",
                condition=Q(answered_by=None) | Q(confirmed_by=None) | ~Q(answered_by=F("confirmed_by")),
                violation_error_message=_("复核要由没有确认过这次考核的人做。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cadre} {self.period}"
