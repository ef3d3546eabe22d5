"""Deadlines of a case, and the spans in which they stand still."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.clock import Pause
from yiwang.kernel.states import Stateful
from yiwang.net.cases.models.case import Case


class Clock(Stateful):
    """One deadline of one party on one case."""

    class Kind(models.TextChoices):
        ACCEPTANCE = "acceptance", _("受理时限")
        PROMISED = "promised", _("承诺时限")
        LEGAL = "legal", _("法定时限")
        STEP = "step", _("本环节时限")
        SUPPLEMENT = "supplement", _("补材料期限")
        RECTIFY = "rectify", _("整改时限")

    class Party(models.TextChoices):
        OURS = "ours", _("工会")
        THEIRS = "theirs", _("申请人")

    class Unit(models.TextChoices):
        WORKDAY = "workday", _("工作日")
        DAY = "day", _("天")
        MONTH = "month", _("个月")
        HOUR = "hour", _("小时")

    class State(models.TextChoices):
        RUNNING = "running", _("在走")
        PAUSED = "paused", _("暂停")
        MISSED = "missed", _("已过期")
        MET = "met", _("按时完成")
        LATE = "late", _("逾期完成")
        STOPPED = "stopped", _("不再计")

    MOVES: ClassVar = {
        State.RUNNING: frozenset({State.PAUSED, State.MET, State.MISSED, State.STOPPED}),
        State.PAUSED: frozenset({State.RUNNING, State.STOPPED, State.MET}),
        State.MISSED: frozenset({State.LATE, State.STOPPED, State.RUNNING}),
    }

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="clocks")
    kind = models.CharField(max_length=12, choices=Kind)
    party = models.CharField(max_length=6, choices=Party, default=Party.OURS)
    state = models.CharField(max_length=8, choices=State, default=State.RUNNING)
    started_at = models.DateTimeField()
    amount = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=8, choices=Unit)
    extended_by = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    basis = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=200, blank=True)
    is_suspendable = models.BooleanField(default=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="clock_is_due_after_its_start", condition=Q(due_at__gt=F("started_at"))),
            models.UniqueConstraint(
                name="clock_of_a_kind_is_one",
                fields=["case", "kind"],
                condition=Q(state__in=["running", "paused", "missed"]),
            ),
        ]
        indexes = [
            models.Index(name="clock_running_by_due", fields=["due_at"], condition=Q(state="running")),
        ]

    def __str__(self) -> str:
        return f"{self.case}:{self.kind}"


class ClockPause(models.Model):
    """One span in which the suspendable clocks of a case stand still."""

    class Kind(models.TextChoices):
        SUPPLEMENT = "supplement", _("等本人补材料")
        PUBLICITY = "publicity", _("公示")
        EXTERNAL = "external", _("等其他单位回函")
        HEARING = "hearing", _("等仲裁或开庭")
        APPLICANT = "applicant", _("本人要求等一等")
        SPECIAL = "special", _("鉴定、检测等特别程序")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="pauses")
    kind = models.CharField(max_length=12, choices=Kind)
    reason = models.CharField(max_length=300)
    started_at = models.DateTimeField()
    expected_on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    approver = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    is_flagged = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="pause_is_one", fields=["case"], condition=Q(ended_at=None)),
            models.CheckConstraint(
                name="pause_ends_after_its_start", condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case}:{self.kind}"

    @property
    def span(self) -> Pause:
        return Pause(start=self.started_at, end=self.ended_at)
