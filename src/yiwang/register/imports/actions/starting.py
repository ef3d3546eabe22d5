"""Deciding to write a file, or to take it back; the work itself is done by jobs (``apply``, ``undo``)."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from yiwang.kernel.clock import now, today
from yiwang.kernel.states import move
from yiwang.platform.jobs.actions import start_job
from yiwang.platform.jobs.models import JobRun
from yiwang.platform.journal.actions import record
from yiwang.register.access.policies import scope_paths
from yiwang.register.access.roles import Capability
from yiwang.register.accounts.models import User
from yiwang.register.imports.errors import NothingToApply, RowsInTheWay, UndoTooLate
from yiwang.register.imports.events import ImportStarted, ImportUndoStarted
from yiwang.register.imports.models import ImportBatch, StagedBlock, StagedRow
from yiwang.register.imports.queries import left_to_write, undo_days, written_rows

APPLY = "imports.apply"
UNDO = "imports.undo"
CAPABILITY: Capability = "register.import"

State = ImportBatch.State


def scope_of(batch: ImportBatch) -> list[str] | None:
    """Where the importer may import today; None for the command line, whose operator holds the whole machine."""
    return None if batch.by is None else scope_paths(batch.by, CAPABILITY)


def language_of(user: User | None) -> str:
    return getattr(user, "language", "") or "zh-hans"


def start_applying(batch: ImportBatch, *, by: User, link: str = "") -> JobRun:
    """Write the whole file; refuses when rows are in the way."""
    if batch.in_the_way:
        raise RowsInTheWay(batch.in_the_way)
    return start_applying_valid_rows(batch, by=by, link=link)


@transaction.atomic
def start_applying_valid_rows(
    batch: ImportBatch, *, by: User, link: str = "", selection: dict[str, Any] | None = None
) -> JobRun:
    """Write the rows that nothing speaks against, or those chosen of them; the others stay for correction."""
    allow_applying(batch, by=by, selection=selection or {})
    batch.run = start_job(APPLY, {"batch": batch.pk}, by=by, title=writing(batch), total=batch.to_write, link=link)
    batch.save(update_fields=["run"])
    return batch.run


def writing(batch: ImportBatch) -> str:
    """What the job of writing is called."""
    is_roll = batch.kind == ImportBatch.Kind.MEMBERS
    return (_("写入名册：{file}") if is_roll else _("写入工会名单：{file}")).format(file=batch.file_name)


def allow_applying(batch: ImportBatch, *, by: User | None, selection: dict[str, Any] | None = None) -> None:
    """Note the decision to write. A batch whose job was stopped half-way may be taken up again."""
    left = left_to_write(batch)
    if left == 0:
        raise NothingToApply
    is_stopped = batch.state == State.APPLYING and (batch.run is None or batch.run.is_over)
    if not is_stopped:
        move(batch, State.APPLYING, selection=selection or {})
    record(ImportStarted(batch_id=batch.pk, rows=left, left_out=batch.in_the_way), by=by)


@transaction.atomic
def start_undoing(batch: ImportBatch, *, by: User, reason: str, link: str = "") -> JobRun:
    allow_undoing(batch, by=by, reason=reason, on=today())
    title = _("撤回导入：{file}").format(file=batch.file_name)
    total = written_rows(batch)
    batch.run = start_job(UNDO, {"batch": batch.pk, "reason": reason}, by=by, title=title, total=total, link=link)
    batch.save(update_fields=["run"])
    return batch.run


def allow_undoing(batch: ImportBatch, *, by: User | None, reason: str, on: dt.date) -> None:
    days = undo_days(on)
    if batch.applied_at and now() - batch.applied_at > dt.timedelta(days=days):
        raise UndoTooLate(days)
    is_stopped = batch.state == State.UNDOING and (batch.run is None or batch.run.is_over)
    if not is_stopped:
        move(batch, State.UNDOING)
    record(ImportUndoStarted(batch_id=batch.pk, reason=reason[:200]), by=by)


@transaction.atomic
def forget_rows(*, now: dt.datetime, patience: dt.timedelta) -> int:
    """What rows said and replaced is forgotten after a while; verdicts and counts stay, so batches can be read."""
    old = ImportBatch.objects.filter(forgotten_at=None, created_at__lt=now - patience).exclude(
        state__in=[State.STAGING, State.APPLYING, State.UNDOING]
    )
    batches = list(old.values_list("pk", flat=True))
    StagedRow.objects.filter(batch__in=batches).update(sealed="", before=None, id_hash="", phone_hash="")
    StagedBlock.objects.filter(batch__in=batches).update(sealed=b"")
    return ImportBatch.objects.filter(pk__in=batches).update(forgotten_at=now)
