"""Lists of members that leave the house with full numbers: asked by one person, let go by another."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yiwang.kernel.fields import EncryptedTextField
from yiwang.kernel.ids import public_id
from yiwang.kernel.states import Stateful
from yiwang.platform.jobs.models import JobRun
from yiwang.register.organisations.models import Organisation


class ReleaseQuerySet(models.QuerySet["Release"]):
    def waiting(self) -> Self:
        return self.filter(state=Release.State.ASKED)


class Release(Stateful):
    """One request to take a list of members out of the house with full numbers, and what became of it."""

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("release", "等第二个人批准")
        APPROVED = "approved", pgettext_lazy("release", "批准了，正在做文件")
        READY = "ready", pgettext_lazy("release", "可以下载")
        REFUSED = "refused", pgettext_lazy("release", "没有批准")
        WITHDRAWN = "withdrawn", pgettext_lazy("release", "不要了")
        EXPIRED = "expired", pgettext_lazy("release", "过期，文件已删除")

    class Field(models.TextChoices):
        ID_NUMBER = "id_number", _("证件号码")
        PHONE = "phone", _("手机号")

    MOVES: ClassVar = {
        State.ASKED: frozenset({State.APPROVED, State.REFUSED, State.WITHDRAWN}),
        State.APPROVED: frozenset({State.READY, State.WITHDRAWN}),
        State.READY: frozenset({State.EXPIRED, State.WITHDRAWN}),
    }

    public_id = models.CharField(max_length=10, unique=True, default=public_id, editable=False)
    state = models.CharField(_("状态"), max_length=9, choices=State, default=State.ASKED)
    place = models.ForeignKey(Organisation, verbose_name=_("哪个工会"), on_delete=models.PROTECT, related_name="+")
    # Which list: its address with the filters, and the filters in words. A search may hold somebody's number.
    address = EncryptedTextField()
    told = EncryptedTextField(blank=True)
    columns = models.JSONField(default=list)
    fields = models.JSONField(_("要完整的"), default=list)
    rows = models.PositiveIntegerField(_("人数"))
    purpose = models.CharField(_("用途"), max_length=150)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("提出时间"))
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(_("为什么"), max_length=300, blank=True)
    run = models.ForeignKey(JobRun, on_delete=models.SET_NULL, null=True, related_name="+")
    rows_made = models.PositiveIntegerField(null=True)
    made_at = models.DateTimeField(null=True)
    expires_on = models.DateField(_("最后一天"), null=True)
    taken = models.PositiveSmallIntegerField(_("下载过几次"), default=0)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("完整号码名册")
        indexes = [models.Index(name="release_of_asker", fields=["asked_by", "-asked_at"])]
        constraints = [
            models.CheckConstraint(
                name="release_needs_two_people", condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by"))
            ),
            models.CheckConstraint(name="release_has_purpose", condition=~Q(purpose="")),
            models.CheckConstraint(
                name="release_decided_has_time",
                condition=Q(state__in=["asked", "withdrawn"]) | Q(decided_at__isnull=False, decided_by__isnull=False),
            ),
            models.CheckConstraint(name="release_refused_has_reason", condition=~Q(state="refused") | ~Q(reason="")),
            models.CheckConstraint(
                name="release_ready_expires",
                condition=~Q(state="ready") | Q(made_at__isnull=False, expires_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.public_id} {self.state}"

    @property
    def field_words(self) -> str:
        return "、".join(str(self.Field(key).label) for key in self.fields)


class ReleasedFile(models.Model):
    """The file of one release, sealed; gone with its last day."""

    release = models.OneToOneField(Release, on_delete=models.CASCADE, related_name="file")
    name = models.CharField(max_length=120)
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return self.name
