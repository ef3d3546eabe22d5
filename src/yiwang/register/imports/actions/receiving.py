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
from yiwang.register.imports.library.headings import match_columns, refuse_incomplete
from yiwang.register.imports.library.layouts import LAYOUTS
from yiwang.register.imports.library.sheets import read_sheet
from yiwang.register.imports.models import ImportBatch, ImportPiece, KnownHeading
from yiwang.register.imports.queries import known_headings

STAGE = "imports.stage"
PIECE = 4 * 1024 * 1024
CONTEXT = b"imports.content"

State = ImportBatch.State


def receive_file(
    content: bytes,
    *,
    file_name: str,
    by: User | None,
    kind: str = ImportBatch.Kind.MEMBERS,
    link_of: Callable[[ImportBatch], str] = lambda batch: "",
) -> ImportBatch:
    """Take a file in: refuse at once what is no sheet of ours, leave the rows to a job.

    The same file, received again by the same person while the first still waits, is the same batch.
    """
    waiting = find_waiting(content, by=by, kind=kind)
    if waiting is not None:
        return waiting
    batch = open_batch(content, file_name=file_name, by=by, kind=kind)
    if batch.state == State.STAGING:
        start_staging(batch, by=by, link=link_of(batch))
    return batch


@transaction.atomic
def start_staging(batch: ImportBatch, *, by: User | None, link: str = "") -> None:
    title = checking(batch)
    batch.run = start_job(STAGE, {"batch": batch.pk}, by=by, title=title, total=batch.total, link=link)
    batch.save(update_fields=["run"])


def checking(batch: ImportBatch) -> str:
    """What the job of reading is called."""
    is_roll = batch.kind == ImportBatch.Kind.MEMBERS
    return (_("检查名册：{file}") if is_roll else _("检查工会名单：{file}")).format(file=batch.file_name)


@transaction.atomic
def settle_columns(
    batch: ImportBatch, *, columns: Mapping[str, int], constants: Mapping[str, str], by: User, link: str = ""
) -> None:
    """Say which column is which, once and for all later files; then the rows are read."""
    layout = LAYOUTS[batch.kind]
    refuse_incomplete({**columns, **dict.fromkeys(constants, 0)}, layout)
    for key, place in columns.items():
        heading = batch.headings[place]
        if heading != layout.headings[key]:
            known = {"by": by, "kind": batch.kind, "heading": heading[:60]}
            KnownHeading.objects.update_or_create(**known, defaults={"key": key})
    strange = [h for place, h in enumerate(batch.headings) if h and place not in columns.values()]
    move(batch, State.STAGING, columns=dict(columns), constants=dict(constants), strange_columns=strange[:30])
    start_staging(batch, by=by, link=link)


def find_waiting(content: bytes, *, by: User | None, kind: str) -> ImportBatch | None:
    same = ImportBatch.objects.of_file(hashlib.sha256(content).hexdigest()).filter(by=by, kind=kind)
    return same.filter(state__in=[State.MATCHING, State.STAGING, State.STAGED]).first()


@transaction.atomic
def open_batch(content: bytes, *, file_name: str, by: User | None, kind: str = ImportBatch.Kind.MEMBERS) -> ImportBatch:
    """The batch of a file. Its content is sealed until its rows are; columns nobody can place wait to be matched."""
    layout = LAYOUTS[kind]
    sheet = read_sheet(content, landmarks=layout.landmarks, others=layout.other_landmarks)
    match = match_columns(sheet.header, known_headings(by, kind), layout)
    batch = ImportBatch.objects.create(
        kind=kind,
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
