"""Families who may qualify and never asked."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.ids import public_id
from yiwang.platform.jobs.models import JobRun
from yiwang.register.members.models import Person
from yiwang.register.organisations.models import Organisation

USER = settings.AUTH_USER_MODEL


class Screening(models.Model):
    """One look through all who agreed to be told, in the subtree of one body, by one service's rules of one day."""

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    service = models.CharField(max_length=20)
    on = models.DateField()
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    job = models.ForeignKey(JobRun, null=True, on_delete=models.SET_NULL, related_name="+")
    looked_at = models.PositiveIntegerField(default=0)
    found = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.organisation} {self.on}"


class Outreach(models.Model):
    """One family that probably qualifies and has not asked, and what became of our calls."""

    class Outcome(models.TextChoices):
        CALLED = "called", _("打过电话")
        VISITED = "visited", _("上门看过")
        UNREACHED = "unreached", _("没联系上")
        NOT_WANTED = "not_wanted", _("本人不需要")
        APPLIED = "applied", _("已经申请")

    LAST: ClassVar = (Outcome.NOT_WANTED, Outcome.APPLIED)

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")  # of the membership
    screening = models.ForeignKey(Screening, on_delete=models.PROTECT, related_name="families")
    service = models.CharField(max_length=20)
    reason = models.CharField(max_length=300)  # why the rules say so, without the person's own figures
    outcome = models.CharField(_("联系结果"), max_length=10, choices=Outcome, blank=True)
    steps = models.JSONField(default=list)  # [{"outcome", "by", "on", "words"}]
    found_on = models.DateField()
    touched_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="aid_outreach_is_open_once",
                fields=["person", "service"],
                condition=~Q(outcome__in=["not_wanted", "applied"]),
            )
        ]
        indexes: ClassVar = [models.Index(name="aid_outreach_by_body", fields=["organisation", "outcome", "-id"])]

    def __str__(self) -> str:
        return f"{self.organisation} {self.service}"
