"""What households ask for, and what they answer to a decision."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from yiwang.kernel.fields import EncryptedTextField
from yiwang.net.cases.models import Case
from yiwang.rights.aid.models.files import AidFile, Decision

USER = settings.AUTH_USER_MODEL


class Application(models.Model):
    """One request that opened a file or was added to one. Its answers stay with the case as they were handed in."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="aid_application")
    file = models.ForeignKey(AidFile, on_delete=models.PROTECT, related_name="applications")
    kinds = models.JSONField(default=list)
    authorised = models.JSONField(default=list)  # each consent on its own: means, illness, notice, told
    received_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.case} {self.file}"


class Appeal(models.Model):
    """One household's objection to one decision, and the answer of somebody who did not decide it."""

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="appeal")
    words = EncryptedTextField()
    asked_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    is_upheld = models.BooleanField(null=True)
    answer = models.CharField(max_length=300, blank=True)
    answered_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="aid_appeal_answered_is_whole",
                condition=Q(is_upheld=None, answered_at=None)
                | (Q(is_upheld__isnull=False, answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer="")),
            )
        ]

    def __str__(self) -> str:
        return str(self.decision)
