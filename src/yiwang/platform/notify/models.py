from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.ids import public_id
from yiwang.kernel.states import Stateful


class MessageQuerySet(models.QuerySet["Message"]):
    def to(self, recipient_id: int) -> Self:
        return self.filter(recipient_id=recipient_id)

    def unread(self) -> Self:
        return self.filter(read_at=None)


class Message(models.Model):
    """One thing one account was told, in the words it was told in."""

    public_id = models.CharField(max_length=10, unique=True, default=public_id, editable=False)
    recipient_id = models.BigIntegerField()  # an account; accounts stand above this floor
    template = models.CharField(max_length=80)
    title = models.CharField(_("标题"), max_length=200)
    text = models.TextField(_("内容"), blank=True)
    link = models.CharField(max_length=300, blank=True)
    key = models.CharField(max_length=80, blank=True)  # what it tells of, where being told twice must not happen
    urgent = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now())
    read_at = models.DateTimeField(null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("消息")
        indexes = [
            models.Index(fields=["recipient_id", "-created_at", "-id"], name="message_newest_first"),
            models.Index(fields=["recipient_id"], name="message_unread", condition=Q(read_at=None)),
            models.Index(fields=["recipient_id", "template", "created_at"], name="message_flood"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["recipient_id", "key"], name="message_once_per_key", condition=~Q(key=""))
        ]

    def __str__(self) -> str:
        return self.title


class Delivery(Stateful):
    """One message on its way through one channel outside: a text message or an e-mail."""

    class Channel(models.TextChoices):
        SMS = "sms", _("短信")
        EMAIL = "email", _("电子邮件")

    class State(models.TextChoices):
        QUEUED = "queued", _("等待发送")
        SENDING = "sending", _("正在发送")
        SENT = "sent", _("已发送")
        FAILED = "failed", _("没有发出")
        SKIPPED = "skipped", _("太频繁，没有发")

    MOVES = {
        State.QUEUED: frozenset({State.SENDING}),
        State.SENDING: frozenset({State.SENT, State.FAILED, State.QUEUED}),
    }

    message = models.ForeignKey(Message, models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=5, choices=Channel)
    state = models.CharField(max_length=7, choices=State, default=State.QUEUED)
    text = models.CharField(max_length=300)
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("发送")
        indexes = [models.Index(fields=["due_at"], name="delivery_due", condition=Q(state__in=["queued", "sending"]))]
        constraints = [
            models.UniqueConstraint(fields=["message", "channel"], name="delivery_once_per_channel"),
            models.CheckConstraint(
                name="delivery_sent_has_time", condition=~Q(state="sent") | Q(sent_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.message_id}"
