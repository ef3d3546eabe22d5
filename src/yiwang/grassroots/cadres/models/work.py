"""What a cadre is asked to do and what they did: tasks, logs, the ledger of bargaining guides (GT 3.2, 3.3)."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yiwang.grassroots.cadres.models.people import Cadre
from yiwang.kernel.ids import public_id
from yiwang.kernel.states import Stateful
from yiwang.register.organisations.models import Employer, Organisation

USER = settings.AUTH_USER_MODEL


class Kind(models.TextChoices):
    VISIT = "visit", _("走访")
    FOUNDING = "founding", _("建会指导")
    ELECTION = "election", _("指导选举")
    BARGAINING = "bargaining", _("协商指导")
    OFFER = "offer", _("发要约")
    MEDIATION = "mediation", _("调解")
    TRAINING = "training", _("培训")
    DEMANDS = "demands", _("收集诉求")
    COUNT = "count", _("摸排")
    PARTY = "party", _("带动党建")
    POLICY = "policy", _("讲政策")
    PAPERS = "papers", _("材料")
    MEETING = "meeting", _("会议")


class Task(Stateful):
    """One thing a cadre is to do by a day; who set it says whether it is done."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("task", "要做")
        DONE = "done", pgettext_lazy("task", "做完了，等确认")
        CONFIRMED = "confirmed", pgettext_lazy("task", "已确认")
        CANCELLED = "cancelled", pgettext_lazy("task", "不用做了")

    MOVES: ClassVar = {
        State.OPEN: frozenset({State.DONE, State.CANCELLED}),
        State.DONE: frozenset({State.CONFIRMED, State.OPEN}),
    }

    public_id = models.CharField(max_length=10, unique=True, default=public_id, editable=False)
    cadre = models.ForeignKey(Cadre, on_delete=models.PROTECT, related_name="tasks")
    kind = models.CharField(_("做什么"), max_length=10, choices=Kind)
    title = models.CharField(_("任务"), max_length=80)
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("在哪个工会"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    due_on = models.DateField(_("哪天前"))
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.OPEN)
    result = models.CharField(_("做得怎样"), max_length=300, blank=True)
    returned_note = models.CharField(_("退回的话"), max_length=200, blank=True)
    set_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("任务")
        indexes = [models.Index(name="task_of_cadre", fields=["cadre", "state", "due_on"])]
        constraints = [
            models.CheckConstraint(
                name="task_done_has_time", condition=~Q(state__in=("done", "confirmed")) | Q(done_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.title


class WorkLog(models.Model):
    """One entry of a cadre's work: written on the phone where it happened, sent once though the network was lost."""

    public_id = models.CharField(max_length=10, unique=True, default=public_id, editable=False)
    cadre = models.ForeignKey(Cadre, on_delete=models.PROTECT, related_name="logs")
    key = models.CharField(max_length=40)  # made by the page: the same entry sent again is the same entry
    kind = models.CharField(_("做了什么"), max_length=10, choices=Kind, default=Kind.VISIT)
    day = models.DateField(_("哪天"))
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("去了哪个工会"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    place = models.CharField(_("地点"), max_length=120, blank=True)
    met = models.CharField(_("见了谁"), max_length=120, blank=True)
    content = models.CharField(_("一句话说清楚"), max_length=500)
    result = models.CharField(_("有什么结果、下一步"), max_length=300, blank=True)
    minutes = models.PositiveSmallIntegerField(_("用了多少分钟"), default=60)
    task = models.ForeignKey(Task, on_delete=models.PROTECT, null=True, related_name="logs")
    longitude = models.DecimalField(max_digits=10, decimal_places=7, null=True)
    latitude = models.DecimalField(max_digits=10, decimal_places=7, null=True)
    metres_off = models.PositiveIntegerField(null=True)  # from the union it names, where both are known
    recorded_at = models.DateTimeField()
    is_late = models.BooleanField(default=False)
    verified_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    verified_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("工作日志")
        indexes = [
            models.Index(name="log_of_cadre", fields=["cadre", "-day"]),
            models.Index(name="log_of_organisation", fields=["organisation", "-day"]),
        ]
        constraints = [
            models.UniqueConstraint(name="log_is_written_once", fields=["cadre", "key"]),
            models.CheckConstraint(
                name="log_minutes_fit_a_day",
                condition=Q(minutes__gte=1, minutes__lte=1440),
                violation_error_message=_("一条日志的时间在1到1440分钟之间。"),
            ),
            models.CheckConstraint(
                name="log_place_is_whole",
                condition=Q(longitude=None, latitude=None) | Q(longitude__isnull=False, latitude__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.get_kind_display()}"


class LedgerEntry(models.Model):
    """集体协商指导员工作台账: one employer in one year of one bargaining guide."""

    class ContractKind(models.TextChoices):
        GENERAL = "general", _("综合集体合同")
        WAGE = "wage", _("工资专项")
        WOMEN = "women", _("女职工专项")
        SAFETY = "safety", _("安全专项")
        SKILL = "skill", _("能级工资")

    public_id = models.CharField(max_length=10, unique=True, default=public_id, editable=False)
    cadre = models.ForeignKey(Cadre, on_delete=models.PROTECT, related_name="ledger")
    employer = models.ForeignKey(Employer, verbose_name=_("企业"), on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField(_("年份"))
    kind = models.CharField(_("合同类型"), max_length=8, choices=ContractKind, default=ContractKind.WAGE)
    offered_on = models.DateField(_("发要约的日期"), null=True, blank=True)
    rounds = models.PositiveSmallIntegerField(_("协商了几次"), default=0)
    signed_on = models.DateField(_("签订日"), null=True, blank=True)
    filed_on = models.DateField(_("报送日"), null=True, blank=True)
    effective_on = models.DateField(_("生效日"), null=True, editable=False)
    covered = models.PositiveIntegerField(_("覆盖职工"), default=0)
    raise_percent = models.DecimalField(_("工资增幅（%）"), max_digits=5, decimal_places=2, null=True, blank=True)
    difficulty = models.CharField(_("难点"), max_length=200, blank=True)
    next_step = models.CharField(_("下一步"), max_length=200, blank=True)
    quality = models.PositiveSmallIntegerField(_("质效评估得分"), null=True, blank=True)

    class Meta:
        verbose_name = _("协商台账")
        constraints = [
            models.UniqueConstraint(
                name="ledger_has_one_row",
                fields=["cadre", "employer", "year", "kind"],
                violation_error_message=_("这家企业今年这种合同已经在台账里了，请改那一行。"),
            ),
            models.CheckConstraint(
                name="ledger_is_signed_before_filed",
                condition=Q(filed_on=None) | Q(signed_on__isnull=False, filed_on__gte=F("signed_on")),
                violation_error_message=_("报送日不能早于签订日。"),
            ),
            models.CheckConstraint(name="ledger_quality_is_points", condition=Q(quality=None) | Q(quality__lte=100)),
        ]

    def __str__(self) -> str:
        return f"{self.employer} {self.year}"
