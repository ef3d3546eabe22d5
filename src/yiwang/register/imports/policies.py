from typing import cast

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from yiwang.register.access.policies import holds
from yiwang.register.accounts.models import User
from yiwang.register.imports.models import ImportBatch

AnyUser = User | AnonymousUser


def visible_to(user: AnyUser) -> QuerySet[ImportBatch]:
    """An import is seen by who made it, while they may import: another officer's scope may be narrower."""
    if not holds(user, "register.import"):
        return ImportBatch.objects.none()
    return ImportBatch.objects.filter(by=cast(User, user)).select_related("run")


def get_batch(user: AnyUser, public_id: str) -> ImportBatch:
    return get_object_or_404(visible_to(user), public_id=public_id)


def may_apply(batch: ImportBatch) -> bool:
    is_stopped = batch.state == ImportBatch.State.APPLYING and batch.run is not None and batch.run.is_over
    return batch.to_write > 0 and (batch.state == ImportBatch.State.STAGED or is_stopped)


def may_match(batch: ImportBatch) -> bool:
    return batch.state == ImportBatch.State.MATCHING


def may_discard(batch: ImportBatch) -> bool:
    is_stopped = batch.state == ImportBatch.State.STAGING and batch.run is not None and batch.run.is_over
    return batch.state in (ImportBatch.State.STAGED, ImportBatch.State.MATCHING) or is_stopped


def may_undo(batch: ImportBatch) -> bool:
    is_stopped = batch.state == ImportBatch.State.UNDOING and batch.run is not None and batch.run.is_over
    return batch.state == ImportBatch.State.APPLIED or is_stopped
