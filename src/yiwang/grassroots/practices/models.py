"""What a unit found out and others may use: told, edited together, tried elsewhere, taken further by those above."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yiwang.kernel.ids import public_id
from yiwang.kernel.states import Stateful
from yiwang.register.organisations.models import Organisation

USER = settings.AUTH_USER_MODEL


class Subject(models.TextChoices):
    """The categories of the problem ledger (GT 5.5), so that a problem finds the practice that solves it."""

    FOUNDING = "founding", _("建会")
    MEMBERS = "members", _("会员和会籍")
    RIGHTS = "rights", _("维权和协商")
    AID = "aid", _("帮扶和互助")
    SAFETY = "safety", _("安全和健康")
    SKILLS = "skills", _("技能和培训")
    PLACES = "places", _("阵地和驿站")
    PEOPLE = "people", _("队伍")
    MONEY = "money", _("经费")
    CULTURE = "culture", _("文体和生活")


class PracticeQuerySet(models.QuerySet["Practice"]):
    def shown(self) -> Self:
        """What every worker may read."""
        return self.filter(state=Practice.State.SHOWN)


class Practice(Stateful):
    """One practice of one union: what it was about, what was done, what it cost, what came of it."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("practice", "在写")
        SENT = "sent", _("报上去了，等上级一起改")
        RETURNED = "returned", pgettext_lazy("practice", "请补充")
        SHOWN = "shown", pgettext_lazy("practice", "大家都能看")
        WITHDRAWN = "withdrawn", pgettext_lazy("practice", "撤下了")

    MOVES: ClassVar = {
        State.DRAFT: frozenset({State.SENT, State.WITHDRAWN}),
        State.SENT: frozenset({State.SHOWN, State.RETURNED, State.WITHDRAWN}),
        State.RETURNED: frozenset({State.SENT, State.WITHDRAWN}),
        State.SHOWN: frozenset({State.WITHDRAWN}),
    }

    public_id = models.CharField(max_length=10, unique=True, default=public_id, editable=False)
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("哪个工会做的"), on_delete=models.PROTECT, related_name="practices"
    )
    title = models.CharField(_("叫什么"), max_length=60)
    subject = models.CharField(_("关于什么"), max_length=10, choices=Subject)
    problem = models.CharField(_("原来有什么难处"), max_length=500)
    what = models.TextField(_("怎么做的"), max_length=2000)
    cost_yuan = models.PositiveIntegerField(_("花了多少钱（元）"), default=0)
    hours = models.PositiveIntegerField(_("花了多少人工（小时）"), default=0)
    effect = models.CharField(_("后来怎么样"), max_length=500)
    measure = models.CharField(_("看哪个数"), max_length=40)
    before = models.DecimalField(_("做之前"), max_digits=10, decimal_places=1)
    after = models.DecimalField(_("做之后"), max_digits=10, decimal_places=1)
    needs = models.CharField(_("别人学要有什么条件"), max_length=300, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.DRAFT)
    told_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    told_at = models.DateTimeField()
    note = models.CharField(_("上级的话"), max_length=300, blank=True)
    shown_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    shown_at = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField(_("为什么撤下"), max_length=200, blank=True)

    objects = PracticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("做法")
        indexes = [
            models.Index(name="practice_shown", fields=["-shown_at"], condition=Q(state="shown")),
            models.Index(name="practice_of_organisation", fields=["organisation", "state"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="practice_shown_has_time", condition=~Q(state="shown") | Q(shown_at__isnull=False)
            ),
            models.CheckConstraint(
                name="practice_is_shown_by_another",
                condition=Q(shown_by=None) | Q(told_by=None) | ~Q(shown_by=F("told_by")),
                violation_error_message=_("写的人不能自己同意给大家看。"),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Revision(models.Model):
    """One time somebody changed the text: who, when, which fields, and what stood there before."""

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="revisions")
    by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    was = models.JSONField()  # field → text before

    class Meta:
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return f"{self.practice} {self.at}"


class Adoption(Stateful):
    """One other union that tries a practice, and reports how it went, with figures."""

    class State(models.TextChoices):
        TRYING = "trying", _("在试")
        REPORTED = "reported", _("报了结果")
        STOPPED = "stopped", pgettext_lazy("adoption", "不试了")

    class Verdict(models.TextChoices):
        WORKS = "works", _("有用，接着做")
        CHANGED = "changed", _("改了以后有用")
        NOT_HERE = "not_here", _("在我们这里不行")

    MOVES: ClassVar = {State.TRYING: frozenset({State.REPORTED, State.STOPPED})}

    public_id = models.CharField(max_length=10, unique=True, default=public_id, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="adoptions")
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("哪个工会在试"), on_delete=models.PROTECT, related_name="+"
    )
    started_on = models.DateField(_("从哪天开始试"))
    plan = models.CharField(_("打算怎么做"), max_length=300, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.TRYING)
    verdict = models.CharField(_("有没有用"), max_length=10, choices=Verdict, blank=True)
    words = models.CharField(_("做得怎样，改了什么"), max_length=500, blank=True)
    before = models.DecimalField(_("做之前"), max_digits=10, decimal_places=1, null=True)
    after = models.DecimalField(_("做之后"), max_digits=10, decimal_places=1, null=True)
    cost_yuan = models.PositiveIntegerField(_("花了多少钱（元）"), null=True)
    people = models.PositiveIntegerField(_("多少职工用上了"), null=True)
    began_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    reported_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    reported_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("学用")
        indexes = [models.Index(name="adoption_of_practice", fields=["practice", "state"])]
        constraints = [
            models.UniqueConstraint(
                name="adoption_is_begun_once",
                fields=["practice", "organisation"],
                condition=~Q(state="stopped"),
                violation_error_message=_("你们已经在试这个做法了。"),
            ),
            models.CheckConstraint(
                name="adoption_report_is_whole",
                condition=~Q(state="reported")
                | (
                    ~Q(verdict="")
                    & ~Q(words="")
                    & Q(reported_at__isnull=False, before__isnull=False, after__isnull=False, people__isnull=False)
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.practice}"


class Promotion(models.Model):
    """A county, a city or the province takes a practice further: on the reports of so many unions."""

    public_id = models.CharField(max_length=10, unique=True, default=public_id, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="promotions")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField()  # of the organisation: 4 county, 3 city, 2 province
    reports = models.PositiveSmallIntegerField()  # how many reports it rests on
    words = models.CharField(_("怎么推开"), max_length=300)
    by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(_("为什么不再推"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("推广")
        constraints = [
            models.UniqueConstraint(
                name="promotion_is_given_once", fields=["practice", "organisation"], condition=Q(ended_at=None)
            ),
            models.CheckConstraint(name="promotion_level_is_known", condition=Q(level__in=(2, 3, 4))),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.practice}"
