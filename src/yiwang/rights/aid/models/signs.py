"""What a cross-check brings up: a person resolves it in words; it never refuses by itself."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from yiwang.kernel.ids import public_id


class Sign(models.Model):
    """One sign, from being found until somebody says what is with it. Kinds and outcomes are the subclass's."""

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    detail = models.CharField(max_length=200)
    words = models.CharField(max_length=200, blank=True)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    resolved_at = models.DateTimeField(null=True)
    found_at = models.DateTimeField()

    class Meta:
        abstract = True


def resolved_is_whole(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=name,
        condition=Q(resolved_at=None, outcome="")
        | (Q(resolved_at__isnull=False, resolved_by__isnull=False) & ~Q(outcome="") & ~Q(words="")),
    )
