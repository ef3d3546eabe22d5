from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from yiwang.platform.journal.columns import CurrentXid, Xid8


class JournalQuerySet(models.QuerySet["JournalEntry"]):
    def about(self, subject: str, subject_id: int) -> Self:
        return self.filter(subject=subject, subject_id=subject_id)

    def for_all(self) -> Self:
        return self.filter(audience=JournalEntry.Audience.ALL)


class JournalEntry(models.Model):
    """One thing that happened to one record: audit trail, timeline and outbox in one. Never changed, never removed."""

    class Audience(models.TextChoices):
        ALL = "all", _("当事人可见")
        STAFF = "staff", _("只给工作人员看")

    at = models.DateTimeField(_("时间"), db_default=Now())
    name = models.CharField(_("事件"), max_length=80)
    subject = models.CharField(_("对象"), max_length=40)
    subject_id = models.BigIntegerField(_("对象编号"))
    audience = models.CharField(max_length=5, choices=Audience, default=Audience.ALL)
    actor_id = models.BigIntegerField(_("操作人编号"), null=True)
    actor_name = models.CharField(_("操作人"), max_length=80, blank=True)
    on_behalf_of = models.BigIntegerField(_("代谁办理"), null=True)
    purpose = models.CharField(_("用途"), max_length=200, blank=True)
    data = models.JSONField(_("内容"), default=dict)
    request_id = models.CharField(max_length=36, blank=True)
    ip = models.GenericIPAddressField(null=True)
    # The sealing job tells by it which entries can no longer be preceded by one that commits late.
    xid = Xid8(db_default=CurrentXid(), editable=False)

    objects = JournalQuerySet.as_manager()

    class Meta:
        verbose_name = _("流水")
        indexes = [
            models.Index(fields=["subject", "subject_id", "id"], name="journal_by_subject"),
            models.Index(fields=["actor_id", "id"], name="journal_by_actor", condition=Q(actor_id__isnull=False)),
            models.Index(
                fields=["on_behalf_of", "id"], name="journal_by_person", condition=Q(on_behalf_of__isnull=False)
            ),
            models.Index(fields=["at"], name="journal_by_time"),
            models.Index(fields=["xid"], name="journal_by_xid"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.subject} {self.subject_id}"


class JournalSeal(models.Model):
    """One link of the hash chain: the entry that stands at place ``number``, and the hash over all before it."""

    number = models.BigIntegerField(primary_key=True)
    entry_id = models.BigIntegerField(unique=True)  # no foreign key: a seal must outlive an entry that vanished
    digest = models.BinaryField(max_length=32)
    chain = models.BinaryField(max_length=32)
    sealed_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("封存")

    def __str__(self) -> str:
        return f"{self.number}"


class SealingProgress(models.Model):
    """How far sealing has come: every entry of a transaction before ``horizon`` is sealed. There is one row."""

    horizon = Xid8(default=0)
    sealed = models.BigIntegerField(default=0)
    # Entries up to this id came from a restored database, whose transaction numbers mean nothing here.
    restored_up_to = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("封存进度")

    def __str__(self) -> str:
        return f"{self.horizon}"
