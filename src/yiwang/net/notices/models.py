"""Public notices (公示): masked, open to objections, gone when their time is over."""

import datetime as dt
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.fields import EncryptedTextField
from yiwang.kernel.ids import public_id
from yiwang.kernel.states import Stateful
from yiwang.register.organisations.models import Organisation

USER = settings.AUTH_USER_MODEL


class NoticeQuerySet(models.QuerySet["Notice"]):
    def showing(self, now: dt.datetime) -> Self:
        """What anybody may read now: begun, not over, not taken down."""
        return self.filter(state=Notice.State.SHOWN, starts_at__lte=now, ends_at__gt=now)


class Notice(Stateful):
    """One public notice of one body. It holds masked words only; whoever is meant is known to its source alone."""

    class State(models.TextChoices):
        SHOWN = "shown", _("公示中")
        ENDED = "ended", _("已期满")
        WITHDRAWN = "withdrawn", _("已撤下")

    class Result(models.TextChoices):
        NONE = "none", _("无异议")
        UPHELD = "upheld", _("有异议，已查实")
        DISMISSED = "dismissed", _("有异议，不成立")

    MOVES: ClassVar = {State.SHOWN: frozenset({State.ENDED, State.WITHDRAWN})}

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    source = models.CharField(max_length=40)
    source_id = models.BigIntegerField()
    turn = models.PositiveSmallIntegerField(default=1)  # the same record may be shown again
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("标题"), max_length=120)
    rows = models.JSONField()  # [{"name": masked, "unit", "matter", "people"}]
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.SHOWN)
    result = models.CharField(_("结果"), max_length=10, choices=Result, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    posted_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField(max_length=200, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="notice_is_posted_once", fields=["source", "source_id", "turn"]),
            models.CheckConstraint(name="notice_ends_after_it_starts", condition=Q(ends_at__gt=F("starts_at"))),
            models.CheckConstraint(name="notice_over_has_time", condition=Q(state="shown") | Q(ended_at__isnull=False)),
            models.CheckConstraint(name="notice_ended_has_result", condition=~Q(state="ended") | ~Q(result="")),
        ]
        indexes: ClassVar = [
            models.Index(name="notice_shown_by_end", fields=["ends_at", "id"], condition=Q(state="shown")),
            models.Index(name="notice_by_body", fields=["organisation", "-id"]),
        ]

    def __str__(self) -> str:
        return self.title


class Objection(Stateful):
    """What one person holds against one notice. Who it is, only the officers who look into it learn."""

    class State(models.TextChoices):
        OPEN = "open", _("待核查")
        UPHELD = "upheld", _("属实")
        DISMISSED = "dismissed", _("不成立")

    MOVES: ClassVar = {State.OPEN: frozenset({State.UPHELD, State.DISMISSED})}

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="objections")
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    text = EncryptedTextField(verbose_name=_("哪里不对"))
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.OPEN)
    made_at = models.DateTimeField()
    answer = models.CharField(_("核查结果"), max_length=500, blank=True)
    answered_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="objection_is_open_once",
                fields=["notice", "by"],
                condition=Q(state="open"),
                violation_error_message=_("你的意见已经收到，正在核查。"),
            ),
            models.CheckConstraint(
                name="objection_answer_is_whole",
                condition=Q(state="open", answered_at=None)
                | (Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer="")),
            ),
        ]
        indexes: ClassVar = [models.Index(name="objection_open", fields=["notice"], condition=Q(state="open"))]

    def __str__(self) -> str:
        return f"{self.notice} {self.state}"
