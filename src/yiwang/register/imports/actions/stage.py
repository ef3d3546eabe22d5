"""Receiving a file, reading it in the background, and comparing every row with the register."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils import translation
from django.utils.translation import gettext as _

from yiwang.kernel.clock import now, today
from yiwang.kernel.copying import copy_rows
from yiwang.kernel.crypto import decrypt_bytes, encrypt_bytes
from yiwang.kernel.states import move
from yiwang.platform.jobs.actions import advance, set_total, start_job
from yiwang.platform.jobs.models import JobRun
from yiwang.platform.journal.actions import record
from yiwang.register.access.policies import scope_paths
from yiwang.register.access.roles import Capability
from yiwang.register.accounts.models import User
from yiwang.register.imports.events import ImportDiscarded, ImportStaged
from yiwang.register.imports.library.cleaning import Cleaned, cells_of, clean_row, places_of
from yiwang.register.imports.library.columns import LANDMARKS
from yiwang.register.imports.library.sheets import Row, Sheet, read_sheet
from yiwang.register.imports.models import ImportBatch, StagedRow
from yiwang.register.imports.queries import Finding, compare, limits_on

STAGE = "imports.stage"
CHUNK = 1000
CONTEXT = b"imports.content"
CAPABILITY: Capability = "register.import"

Verdict = StagedRow.Verdict


def receive_file(
    content: bytes, *, file_name: str, by: User | None, link_of: Callable[[ImportBatch], str] = lambda batch: ""
) -> ImportBatch:
    """Take a file in: refuse at once what is no sheet of ours, leave the rows to a job.

    The same file, received again by the same person while the first still waits, is the same batch.
    """
    waiting = find_waiting(content, by=by)
    if waiting is not None:
        return waiting
    batch = open_batch(content, file_name=file_name, by=by)
    with transaction.atomic():
        params = {"batch": batch.pk}
        title = _("检查名册：{file}").format(file=batch.file_name)
        batch.run = start_job(STAGE, params, by=by, title=title, total=batch.total, link=link_of(batch))
        batch.save(update_fields=["run"])
    return batch


def find_waiting(content: bytes, *, by: User | None) -> ImportBatch | None:
    same = ImportBatch.objects.of_file(hashlib.sha256(content).hexdigest()).filter(by=by)
    return same.filter(state__in=[ImportBatch.State.STAGING, ImportBatch.State.STAGED]).first()


@transaction.atomic
def open_batch(content: bytes, *, file_name: str, by: User | None) -> ImportBatch:
    """The batch of a file whose header is ours; its content is sealed until the rows are."""
    sheet = read_sheet(content, landmarks=LANDMARKS)
    _places, strange = places_of(sheet.header)
    return ImportBatch.objects.create(
        file_name=file_name[-200:],
        sha256=hashlib.sha256(content).hexdigest(),
        content=encrypt_bytes(content, CONTEXT),
        by=by,
        strange_columns=strange[:30],
        total=len(sheet.rows),
    )


def stage_rows(run: JobRun) -> None:
    """The work of the job ``imports.stage``: from row ``run.cursor`` on, a thousand at a time."""
    batch = ImportBatch.objects.select_related("by").get(pk=run.params["batch"])
    if batch.state != ImportBatch.State.STAGING or batch.content is None:
        return
    sheet = read_sheet(decrypt_bytes(bytes(batch.content), CONTEXT), landmarks=LANDMARKS)
    set_total(run, len(sheet.rows))
    with translation.override(language_of(batch.by)):
        for start in range(run.cursor or 0, len(sheet.rows), CHUNK):
            rows = sheet.rows[start : start + CHUNK]
            with transaction.atomic():
                _stage(batch, sheet, rows)
                advance(run, done=len(rows), cursor=start + len(rows))
    _finish(batch)


def _stage(batch: ImportBatch, sheet: Sheet, rows: Sequence[Row]) -> None:
    places, _strange = places_of(sheet.header)
    day = today()
    limits = limits_on(day)
    cells = {row.number: cells_of(row.cells, places) for row in rows}
    cleaned = [clean_row(number, said, limits=limits, on=day) for number, said in cells.items()]
    findings = compare(cleaned, scope=scope_of(batch), taken=_taken(batch))
    copy_rows([_row(batch, finding, cells[finding.row.number]) for finding in findings])


def _taken(batch: ImportBatch) -> dict[str, int]:
    """Numbers of documents in the rows staged so far."""
    rows = batch.rows.exclude(id_hash="").order_by("-number")
    return dict(rows.values_list("id_hash", "number"))


def _row(batch: ImportBatch, finding: Finding, cells: dict[str, str]) -> StagedRow:
    row = finding.row
    said: dict[str, Any] = {
        "values": row.values,
        "problems": [asdict(problem) for problem in row.problems],
        "notes": [asdict(note) for note in row.notes],
        "changes": finding.changes,
    }
    if finding.verdict in (Verdict.CONFLICT, Verdict.REFUSED):
        said["cells"] = cells  # goes back to its owner in the file of refused rows
    return StagedRow(
        batch=batch,
        number=row.number,
        verdict=finding.verdict,
        sealed=json.dumps(said, ensure_ascii=False),
        id_hash=finding.id_hash,
        phone_hash=finding.phone_hash,
        person_id=finding.person.pk if finding.person else None,
        membership_id=finding.membership.pk if finding.membership else None,
    )


@transaction.atomic
def _finish(batch: ImportBatch) -> None:
    counted = dict(batch.rows.values_list("verdict").annotate(rows=Count("pk")).order_by())
    counts = {verdict.value: counted.get(verdict.value, 0) for verdict in Verdict}
    move(batch, ImportBatch.State.STAGED, staged_at=now(), content=None, **counts)
    record(ImportStaged(batch_id=batch.pk, sha256=batch.sha256, **counts), by=batch.by)


@transaction.atomic
def discard_batch(batch: ImportBatch, *, by: User) -> None:
    """Throw a file away before anything of it was written; what it said is forgotten now."""
    move(batch, ImportBatch.State.DISCARDED, content=None, forgotten_at=now())
    batch.rows.all().delete()
    record(ImportDiscarded(batch_id=batch.pk), by=by)


def scope_of(batch: ImportBatch) -> list[str] | None:
    """Where the importer may import today; None for the command line, whose operator holds the whole machine."""
    return None if batch.by is None else scope_paths(batch.by, CAPABILITY)


def language_of(user: User | None) -> str:
    return getattr(user, "language", "") or "zh-hans"


def cleaned_from(row: StagedRow) -> Cleaned:
    """A staged row as it was read, without its old verdict."""
    said = json.loads(row.sealed)
    return Cleaned(row.number, values=said["values"])
