from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from yiwang.platform.jobs.models import JobRun


def visible_to(user: AbstractBaseUser | AnonymousUser) -> QuerySet[JobRun]:
    """A run is seen by the person who started it, and by nobody else."""
    if not user.is_authenticated:
        return JobRun.objects.none()
    return JobRun.objects.filter(started_by_id=user.pk)


def get_run(user: AbstractBaseUser | AnonymousUser, public_id: str) -> JobRun:
    return get_object_or_404(visible_to(user), public_id=public_id)
