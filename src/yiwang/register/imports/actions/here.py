"""The whole way at once, in this process: for the command line."""

from collections.abc import Callable
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from yiwang.kernel.clock import today
from yiwang.platform.jobs.actions import run_here
from yiwang.platform.jobs.models import JobRun
from yiwang.register.imports.actions.receiving import STAGE, checking, open_batch
from yiwang.register.imports.actions.starting import APPLY, UNDO, allow_applying, allow_undoing, writing
from yiwang.register.imports.errors import BadSheet, RowsInTheWay
from yiwang.register.imports.library.headings import refuse_incomplete
from yiwang.register.imports.library.layouts import LAYOUTS
from yiwang.register.imports.library.sheets import LARGEST_HERE
from yiwang.register.imports.models import ImportBatch

Watch = Callable[[JobRun], None]


def content_of(file: Path) -> bytes:
    """A file for ``stage_here``; one that can't be a list of members is not even read."""
    if (size := file.stat().st_size) > LARGEST_HERE:
        text = _("文件有{size}MB，太大了，最多{most}MB。请分成几个文件，每个不超过100万行。")
        raise BadSheet("too_big", text.format(size=size // 1024**2, most=LARGEST_HERE // 1024**2))
    return file.read_bytes()


def stage_here(
    content: bytes, *, file_name: str, kind: str = ImportBatch.Kind.MEMBERS, watch: Watch = lambda run: None
) -> ImportBatch:
    """Read a file and compare it with the register; nothing of the register changes."""
    batch = open_batch(content, file_name=file_name, by=None, kind=kind)
    if batch.state == ImportBatch.State.MATCHING:
        refuse_incomplete(batch.columns, LAYOUTS[kind])
    run_here(STAGE, {"batch": batch.pk}, by=None, title=checking(batch), watch=watch)
    batch.refresh_from_db()
    return batch


def apply_here(batch: ImportBatch, *, watch: Watch = lambda run: None) -> JobRun | None:
    """Write the rows that nothing speaks against; None when there are none to write."""
    if batch.to_write == 0:
        return None
    with transaction.atomic():
        allow_applying(batch, by=None)
    run = run_here(APPLY, {"batch": batch.pk}, by=None, title=writing(batch), watch=watch)
    batch.refresh_from_db()
    return run


def apply_here_if_clean(batch: ImportBatch, *, watch: Watch = lambda run: None) -> JobRun | None:
    """The same, but all rows or none."""
    if batch.in_the_way:
        raise RowsInTheWay(batch.in_the_way)
    return apply_here(batch, watch=watch)


def undo_here(batch: ImportBatch, *, reason: str) -> JobRun:
    """For the command line: take the file back and wait for it."""
    with transaction.atomic():
        allow_undoing(batch, by=None, reason=reason, on=today())
    title = _("撤回导入：{file}").format(file=batch.file_name)
    return run_here(UNDO, {"batch": batch.pk, "reason": reason}, by=None, title=title)
