import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.ids import public_id
from yiwang.kernel.states import Stateful
from yiwang.platform.files.contents import IMAGES


class DocumentQuerySet(models.QuerySet["Document"]):
    def live(self) -> "DocumentQuerySet":
        return self.exclude(state=Document.State.REMOVED)

    def usable(self) -> "DocumentQuerySet":
        return self.filter(state__in=(Document.State.READY, Document.State.PENDING))

    def belonging_to(self, subject: str, subject_id: int) -> "DocumentQuerySet":
        return self.filter(subject=subject, subject_id=subject_id)

    def expired(self, on: dt.date) -> "DocumentQuerySet":
        return self.live().filter(expires_on__lt=on)

    def waiting(self) -> "DocumentQuerySet":
        return self.filter(state=Document.State.PENDING)


class HeldUpload(models.Model):
    """A file somebody sent when their session had just ended: raw, unseen, for an hour, until they are back.

    ``ticket`` lies signed in the session of the very browser that sent it; ``place`` is its name on disk.
    """

    ticket = models.CharField(max_length=43, db_index=True)
    user_id = models.BigIntegerField()
    field = models.CharField(max_length=80)
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    place = models.CharField(max_length=16, unique=True, default=public_id)
    held_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("等人登录回来的文件")

    def __str__(self) -> str:
        return self.name


class Document(Stateful):
    """One uploaded file in one place: a photo in a draft, a settlement sheet of a case.

    ``subject`` and ``subject_id`` name what it belongs to; the policy of that decides who may open it.
    Two rows may share one content on disk (``sha256``); it goes when the last of them does.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("等查毒")
        READY = "ready", _("已收下")
        QUARANTINED = "quarantined", _("有病毒，已隔离")
        REMOVED = "removed", _("已去掉")

    MOVES: ClassVar = {
        State.PENDING: frozenset({State.READY, State.QUARANTINED, State.REMOVED}),
        State.READY: frozenset({State.QUARANTINED, State.REMOVED}),
        State.QUARANTINED: frozenset({State.REMOVED}),
    }

    public_id = models.CharField(max_length=10, unique=True, default=public_id, editable=False)
    subject = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    kind = models.CharField(max_length=60)
    name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    likeness = models.BigIntegerField(null=True)  # of a picture: ``images.likeness``
    state = models.CharField(max_length=12, choices=State, default=State.PENDING)
    uploaded_by_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    scanned_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    expires_on = models.DateField(null=True, db_index=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("文件")
        indexes = [models.Index(fields=["subject", "subject_id", "kind"], name="document_place")]
        constraints = [
            models.CheckConstraint(
                name="document_removed_has_time",
                condition=Q(state="removed", removed_at__isnull=False)
                | ~Q(state="removed") & Q(removed_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_image(self) -> bool:
        return self.content_type in IMAGES

    @property
    def is_ready(self) -> bool:
        return self.state == self.State.READY

    @property
    def is_refused(self) -> bool:
        return self.state == self.State.QUARANTINED
