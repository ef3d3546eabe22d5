"""Receiving a file: what is no sheet of ours is refused at once, its rows are left to a job."""

import hashlib
from collections.abc import Callable, Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from yiwang.kernel.clock import now
from yiwang.kernel.crypto import decrypt_bytes, encrypt_bytes
from yiwang.kernel.states import move
from yiwang.platform.jobs.actions import start_job
from yiwang.platform.journal.actions import record
from yiwang.register.accounts.models import User
from yiwang.register.imports.events import ImportDiscarded
from yiwang.register.imports.library.columns import HEADINGS, LANDMARKS
from yiwang.register.imports.library.headings import match_columns, refuse_incomplete
from yiwang.register.imports.library.sheets import read_sheet
from yiwang.register.imports.models import ImportBatch, ImportPiece, KnownHeading
from yiwang.register.imports.queries import known_headings

STAGE = "imports.stage"
PIECE = 4 * 1024 * 1024
CONTEXT = b"imports.content"

State = ImportBatch.State


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
    if batch.state == State.STAGING:
        start_staging(batch, by=by, link=link_of(batch))
    return batch


@transaction.atomic
def start_staging(batch: ImportBatch, *, by: User | None, link: str = "") -> None:
    title = _("检查名册：{file}").format(file=batch.file_name)
    batch.run = start_job(STAGE, {"batch": batch.pk}, by=by, title=title, total=batch.total, link=link)
    batch.save(update_fields=["run"])


@transaction.atomic
def settle_columns(
    batch: ImportBatch, *, columns: Mapping[str, int], constants: Mapping[str, str], by: User, link: str = ""
) -> None:
    """Say which column is which, once and for all later files; then the rows are read."""
    refuse_incomplete({**columns, **dict.fromkeys(constants, 0)})
    for key, place in columns.items():
        heading = batch.headings[place]
        if heading != HEADINGS[key]:
            KnownHeading.objects.update_or_create(by=by, heading=heading[:60], defaults={"key": key})
    strange = [h for place, h in enumerate(batch.headings) if h and place not in columns.values()]
    move(batch, State.STAGING, columns=dict(columns), constants=dict(constants), strange_columns=strange[:30])
    start_staging(batch, by=by, link=link)


def find_waiting(content: bytes, *, by: User | None) -> ImportBatch | None:
    same = ImportBatch.objects.of_file(hashlib.sha256(content).hexdigest()).filter(by=by)
    return same.filter(state__in=[State.MATCHING, State.STAGING, State.STAGED]).first()


@transaction.atomic
def open_batch(content: bytes, *, file_name: str, by: User | None) -> ImportBatch:
    """The batch of a file. Its content is sealed until its rows are; columns nobody can place wait to be matched."""
    sheet = read_sheet(content, landmarks=LANDMARKS)
    match = match_columns(sheet.header, known_headings(by))
    batch = ImportBatch.objects.create(
        file_name=file_name[-200:],
        sha256=hashlib.sha256(content).hexdigest(),
        by=by,
        state=State.MATCHING if match.missing else State.STAGING,
        columns=match.places,
        headings=list(sheet.header),
        strange_columns=match.strange[:30],
        total=sheet.total,
    )
    for number, start in enumerate(range(0, len(content), PIECE)):
        sealed = encrypt_bytes(content[start : start + PIECE], CONTEXT)
        ImportPiece.objects.create(batch=batch, number=number, sealed=sealed)
    return batch


def content_of(batch: ImportBatch) -> bytes:
    pieces = batch.pieces.order_by("number").values_list("sealed", flat=True)
    return b"".join(decrypt_bytes(bytes(sealed), CONTEXT) for sealed in pieces.iterator(chunk_size=1))


@transaction.atomic
def discard_batch(batch: ImportBatch, *, by: User) -> None:
    """Throw a file away before anything of it was written; what it said is forgotten now."""
    move(batch, State.DISCARDED, forgotten_at=now())
    for left in (batch.pieces, batch.rows, batch.blocks):
        left.all().delete()
    record(ImportDiscarded(batch_id=batch.pk), by=by)
