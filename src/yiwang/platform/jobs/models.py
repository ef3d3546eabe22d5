from collections.abc import Callable
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.ids import public_id
from yiwang.kernel.states import Stateful


class JobRunQuerySet(models.QuerySet["JobRun"]):
    def unfinished(self) -> Self:
        return self.filter(state__in=JobRun.MOVES)


class JobRun(Stateful):
    """One piece of long work that a person started, and how far it is."""

    class State(models.TextChoices):
        QUEUED = "queued", _("排队中")
        RUNNING = "running", _("正在做")
        DONE = "done", _("已完成")
        PARTLY = "partly", _("部分完成")
        FAILED = "failed", _("没有做成")
        CANCELLED = "cancelled", _("已停止")

    MOVES = {
        State.QUEUED: frozenset({State.RUNNING, State.CANCELLED}),
        State.RUNNING: frozenset({State.DONE, State.PARTLY, State.FAILED, State.CANCELLED}),
    }

    public_id = models.CharField(max_length=10, unique=True, default=public_id, editable=False)
    name = models.CharField(max_length=80)
    title = models.CharField(_("做什么"), max_length=200)
    params = models.JSONField(default=dict)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.QUEUED)
    total = models.PositiveIntegerField(_("总数"), null=True)
    done = models.PositiveIntegerField(_("已处理"), default=0)
    failed = models.PositiveIntegerField(_("没有做成"), default=0)
    cursor = models.JSONField(null=True)
    # Counts the starts. A worker that was taken for dead and lives on is out of date and fails at its next batch.
    attempt = models.PositiveIntegerField(default=0)
    stumbles = models.PositiveSmallIntegerField(default=0)  # starts since the last batch that was committed
    error = models.TextField(_("原因"), blank=True)
    link = models.CharField(_("做完后去哪里"), max_length=200, blank=True)
    started_by_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True)
    resumed_at = models.DateTimeField(null=True)
    resumed_from = models.PositiveIntegerField(default=0)
    moved_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    cancel_requested_at = models.DateTimeField(null=True)

    objects = JobRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("长任务")
        indexes = [models.Index(fields=["started_by_id", "-id"], name="jobrun_by_starter")]
        constraints = [
            models.CheckConstraint(
                name="jobrun_finished_has_time",
                condition=Q(state__in=["queued", "running"], finished_at=None)
                | ~Q(state__in=["queued", "running"]) & Q(finished_at__isnull=False),
            ),
            models.CheckConstraint(
                name="jobrun_never_passes_total",
                condition=Q(total=None) | Q(total__gte=F("done") + F("failed")),
            ),
        ]

    # Set by whoever runs it; a row that nobody runs is not interrupted.
    is_interrupted: Callable[[], bool] = staticmethod(lambda: False)
    watch: "Callable[[JobRun], None]" = staticmethod(lambda run: None)

    def __str__(self) -> str:
        return self.title

    @property
    def is_over(self) -> bool:
        return self.state not in self.MOVES

    @property
    def processed(self) -> int:
        return self.done + self.failed

    @property
    def percent(self) -> int | None:
        """None while nobody knows how much there is."""
        if self.state == self.State.DONE:
            return 100
        return self.processed * 100 // self.total if self.total else None


class JobFailure(models.Model):
    """One row that a long job could not process, in words that its owner can act on."""

    run = models.ForeignKey(JobRun, models.CASCADE, related_name="failures")
    row = models.CharField(_("哪一行"), max_length=100)
    reason = models.CharField(_("为什么"), max_length=500)

    class Meta:
        verbose_name = _("没有做成的行")
        indexes = [models.Index(fields=["run", "id"], name="jobfailure_by_run")]

    def __str__(self) -> str:
        return self.row
