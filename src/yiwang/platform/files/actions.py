"""The only writers of documents and of the disk under them."""

import datetime as dt
import secrets
import sys
import weakref
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction

from yiwang.kernel.clock import now
from yiwang.kernel.errors import DomainError
from yiwang.kernel.states import move
from yiwang.platform.files import storage
from yiwang.platform.files.contents import Content, named_for, read_content, safe_name
from yiwang.platform.files.errors import FileTooLarge, InfectedFile, NotClaimable, TooManyFiles
from yiwang.platform.files.events import (
    DocumentClaimed,
    DocumentOpened,
    DocumentQuarantined,
    DocumentRemoved,
    DocumentUploaded,
)
from yiwang.platform.files.images import Picture, redraw
from yiwang.platform.files.models import Document, HeldUpload
from yiwang.platform.files.queries import is_content_used, used_among
from yiwang.platform.files.scanner import ScannerAway, scanner
from yiwang.platform.journal.actions import record

if TYPE_CHECKING:
    Upload = UploadedFile[Any]
else:
    Upload = UploadedFile
DEFAULT_ACCEPT = ("image", "pdf")
ORPHAN_AGE = dt.timedelta(days=1)
HELD_SALT = "files.held"
HELD_AGE = dt.timedelta(hours=1)
HELD_MOST = 20  # files of one account at a time; more than one form ever asks for


@dataclass(frozen=True)
class UploadResult:
    """What became of one file of a form: a document, or the sentence why not."""

    name: str
    document: Document | None = None
    problem: str = ""


@dataclass(frozen=True)
class _Prepared:
    """A file that passed every check, lying in ``incoming/``."""

    received: storage.Received
    name: str
    content_type: str
    thumb: bytes | None
    virus: str
    is_scanned: bool
    likeness: int | None = None


def store_upload(
    upload: Upload,
    *,
    subject: str,
    subject_id: int,
    kind: str,
    by: AbstractBaseUser | None,
    accept: Collection[str] = DEFAULT_ACCEPT,
    max_files: int = 20,
    expires_on: dt.date | None = None,
) -> Document:
    """Take one file, or refuse it with a sentence (``DomainError``).

    1. Receive it to disk in chunks. 2. Tell its type by its content. 3. Draw pictures anew. 4. Scan.
    5. In one transaction under the lock of its content: put it in place, write the row.
    The same content twice in one place is one document, so a form sent twice changes nothing.
    """
    prepared = _prepare(upload, accept)
    try:
        document = _write(prepared, subject, subject_id, kind, by, max_files, expires_on)
    finally:
        prepared.received.path.unlink(missing_ok=True)
    if document.state == Document.State.QUARANTINED:
        raise InfectedFile(prepared.name)
    return document


def store_uploads(
    uploads: Iterable[Upload],
    *,
    subject: str,
    subject_id: int,
    kind: str,
    by: AbstractBaseUser | None,
    accept: Collection[str] = DEFAULT_ACCEPT,
    max_files: int = 20,
    expires_on: dt.date | None = None,
) -> list[UploadResult]:
    """Every file on its own: one that is refused does not take the others along."""
    results = []
    for upload in uploads:
        name = safe_name(upload.name or "")
        try:
            document = store_upload(
                upload,
                subject=subject,
                subject_id=subject_id,
                kind=kind,
                by=by,
                accept=accept,
                max_files=max_files,
                expires_on=expires_on,
            )
        except DomainError as refusal:
            results.append(UploadResult(name, problem=str(refusal)))
        else:
            results.append(UploadResult(name, document))
    return results


def store_generated(
    content: bytes,
    *,
    name: str,
    content_type: str,
    subject: str,
    subject_id: int,
    kind: str,
    by: AbstractBaseUser | None,
    expires_on: dt.date | None = None,
) -> Document:
    """Keep what we made ourselves (a letter, a file of failed rows): no scan, no limit, no drawing anew."""
    received = storage.receive([content], len(content))
    prepared = _Prepared(received, safe_name(name), content_type, None, "", is_scanned=True)
    try:
        return _write(prepared, subject, subject_id, kind, by, sys.maxsize, expires_on)
    finally:
        received.path.unlink(missing_ok=True)


def _prepare(upload: Upload, accept: Collection[str]) -> _Prepared:
    name = safe_name(upload.name or "")
    limit, ceiling = settings.FILE_LIMIT, settings.PHOTO_LIMIT
    if (upload.size or 0) > ceiling:
        raise FileTooLarge(name, size=upload.size or 0, limit=limit, is_image=False)
    try:
        received = storage.receive(upload.chunks(), ceiling)
    except storage.Overflow as overflow:
        raise FileTooLarge(name, size=overflow.size, limit=limit, is_image=False) from None
    try:
        content = read_content(received.path, name, accept)
        if content.is_image:
            return _prepare_picture(received, name, limit)
        if received.size > limit:
            raise FileTooLarge(name, size=received.size, limit=limit, is_image=False)
        return _scanned(received, _called(name, content), content.content_type, None)
    except BaseException:
        received.path.unlink(missing_ok=True)
        raise


def _prepare_picture(received: storage.Received, name: str, limit: int) -> _Prepared:
    """A photo above the limit is taken when, drawn anew, it comes below: nobody can shrink a photo on the way."""
    picture: Picture | None = redraw(received.path, name, limit)
    if picture is None:
        raise FileTooLarge(name, size=received.size, limit=limit, is_image=True)
    drawn = storage.receive([picture.content], limit)
    received.path.unlink(missing_ok=True)
    scanned = _scanned(drawn, named_for(name, picture.content_type), picture.content_type, picture.thumb)
    return replace(scanned, likeness=picture.likeness)


def _called(name: str, content: Content) -> str:
    return name if name.lower().endswith(f".{content.extension}") else named_for(name, content.content_type)


def _scanned(received: storage.Received, name: str, content_type: str, thumb: bytes | None) -> _Prepared:
    try:
        virus, is_scanned = scanner().scan(received.path).virus, True
    except ScannerAway:
        virus, is_scanned = "", False
    return _Prepared(received, name, content_type, thumb, virus, is_scanned)


@transaction.atomic
def _write(
    prepared: _Prepared,
    subject: str,
    subject_id: int,
    kind: str,
    by: AbstractBaseUser | None,
    max_files: int,
    expires_on: dt.date | None,
) -> Document:
    received = prepared.received
    _lock(f"{subject}:{subject_id}:{kind}")
    here = Document.objects.belonging_to(subject, subject_id).filter(kind=kind).usable()
    if same := here.filter(sha256=received.sha256).first():
        return same
    if not prepared.virus and here.count() >= max_files:
        raise TooManyFiles(prepared.name, limit=max_files)
    document = Document(
        subject=subject,
        subject_id=subject_id,
        kind=kind,
        name=prepared.name,
        content_type=prepared.content_type,
        size=received.size,
        sha256=received.sha256,
        likeness=prepared.likeness,
        state=_first_state(prepared),
        uploaded_by_id=by.pk if by else None,
        created_at=now(),
        scanned_at=now() if prepared.is_scanned else None,
        expires_on=expires_on,
    )
    document.save(force_insert=True)
    if prepared.virus:
        _isolate(received.path, document)
        record(DocumentQuarantined(document_id=document.pk, of=subject, of_id=subject_id, virus=prepared.virus), by=by)
        return document
    _lock(received.sha256)
    storage.put_in_place(received)
    if prepared.thumb is not None:
        storage.put_thumb(received.sha256, prepared.thumb)
    record(
        DocumentUploaded(document_id=document.pk, of=subject, of_id=subject_id, kind=kind, sha256=received.sha256),
        by=by,
    )
    return document


def _first_state(prepared: _Prepared) -> str:
    if prepared.virus:
        return Document.State.QUARANTINED
    return Document.State.READY if prepared.is_scanned else Document.State.PENDING


def _isolate(path: Path, document: Document) -> None:
    place = storage.quarantine_of(document.public_id)
    place.parent.mkdir(parents=True, exist_ok=True)
    path.replace(place)


@transaction.atomic
def claim(
    documents: Sequence[Document],
    *,
    subject: str,
    subject_id: int,
    by: AbstractBaseUser | None = None,
    expires_on: dt.date | None = None,
) -> int:
    """A draft's uploads move to what it became. Call it in the transaction that makes that. Returns how many."""
    rows = Document.objects.select_for_update().filter(pk__in=[document.pk for document in documents])
    found = {row.pk: row for row in rows}
    for document in documents:
        if document.pk not in found or found[document.pk].state not in (Document.State.READY, Document.State.PENDING):
            raise NotClaimable(document.name)
    Document.objects.filter(pk__in=found).update(subject=subject, subject_id=subject_id, expires_on=expires_on)
    for pk in found:
        record(DocumentClaimed(document_id=pk, of=subject, of_id=subject_id), by=by)
    return len(found)


@transaction.atomic
def copy_documents(
    documents: Sequence[Document], *, subject: str, subject_id: int, kind: str, by: AbstractBaseUser | None
) -> list[Document]:
    """The same content in a second place, with a life of its own there: the disk keeps it once."""
    copies = []
    for document in documents:
        _lock(document.sha256)  # so that removing the first can't take the content away meanwhile
        copy = Document.objects.create(
            subject=subject,
            subject_id=subject_id,
            kind=kind,
            name=document.name,
            content_type=document.content_type,
            size=document.size,
            sha256=document.sha256,
            likeness=document.likeness,
            state=document.state,
            uploaded_by_id=document.uploaded_by_id,
            created_at=document.created_at,
            scanned_at=document.scanned_at,
        )
        event = DocumentUploaded(document_id=copy.pk, of=subject, of_id=subject_id, kind=kind, sha256=document.sha256)
        record(event, by=by)
        copies.append(copy)
    return copies


@transaction.atomic
def note_opening(document: Document, *, by: AbstractBaseUser, purpose: str = "") -> None:
    """Journal that somebody looked into a document; one's own uploads are one's own."""
    if document.uploaded_by_id == by.pk:
        return
    event = DocumentOpened(document_id=document.pk, of=document.subject, of_id=document.subject_id)
    record(event, by=by, purpose=purpose)


def remove_document(document: Document, *, by: AbstractBaseUser | None, reason: str = "by_owner") -> None:
    """The row stays and says so; the content goes when no other document needs it."""
    with transaction.atomic():
        was = document.state
        move(document, Document.State.REMOVED, removed_at=now())
        record(
            DocumentRemoved(document_id=document.pk, of=document.subject, of_id=document.subject_id, reason=reason),
            by=by,
        )
        if was == Document.State.QUARANTINED:
            transaction.on_commit(partial(storage.release, document.public_id))
        else:
            transaction.on_commit(partial(drop_content, document.sha256))


def remove_documents_of(subject: str, subject_id: int) -> int:
    """What belonged to something that is gone. Idempotent."""
    count = 0
    for document in Document.objects.belonging_to(subject, subject_id).live():
        remove_document(document, by=None, reason="place_gone")
        count += 1
    return count


@transaction.atomic
def drop_content(sha256: str) -> bool:
    """Take content off the disk when nobody needs it. Under its lock, so an upload of the same can't slip between."""
    _lock(sha256)
    if is_content_used(sha256):
        return False
    storage.drop(sha256)
    return True


def sweep_expired(on: dt.date, *, limit: int = 1000) -> int:
    """Documents whose time is over: content deleted, row marked."""
    count = 0
    for document in Document.objects.expired(on).order_by("pk")[:limit]:
        remove_document(document, by=None, reason="expired")
        count += 1
    return count


def scan_waiting(*, limit: int = 200) -> int:
    """Scan what came while the scanner was away; stops when it still is. Returns how many were scanned."""
    count = 0
    for document in Document.objects.waiting().order_by("pk")[:limit]:
        try:
            finding = scanner().scan(storage.path_of(document.sha256))
        except ScannerAway:
            break
        if finding.virus:
            quarantine(document, virus=finding.virus)
        else:
            move(document, Document.State.READY, scanned_at=now())
        count += 1
    return count


def hold_uploads(files: Mapping[str, Iterable[Upload]], *, user_id: int) -> str:
    """Keep raw files of somebody whose session has just ended, for an hour. The ticket to them, "" when none was kept.

    Nobody can open them and nothing of them is looked at; whoever comes back with the ticket hands them in again and
    meets every check there. Too large and too many are let go, oldest kept, so that nobody fills the disk.
    """
    ticket = secrets.token_urlsafe(32)
    left = HELD_MOST - HeldUpload.objects.filter(user_id=user_id).count()
    rows = []
    for field, upload in islice(((field, one) for field, many in files.items() for one in many), max(0, left)):
        try:
            received = storage.receive(upload.chunks(), settings.PHOTO_LIMIT)
        except (storage.Overflow, DomainError):
            continue
        row = HeldUpload(
            ticket=ticket,
            user_id=user_id,
            field=field[:80],
            name=safe_name(upload.name or ""),
            content_type=(upload.content_type or "")[:100],
            size=received.size,
            held_at=now(),
        )
        storage.hold(received, row.place)
        rows.append(row)
    HeldUpload.objects.bulk_create(rows)
    return signing.dumps({"t": ticket, "u": user_id}, salt=HELD_SALT) if rows else ""


def take_held(token: str, *, user_id: int) -> dict[str, list[Upload]]:
    """The files of a ticket, once, for the account they were sent by; by form field, as if just uploaded."""
    try:
        told = signing.loads(token, salt=HELD_SALT, max_age=HELD_AGE)
    except signing.BadSignature:
        return {}
    if told["u"] != user_id:
        return {}
    found: dict[str, list[Upload]] = {}
    with transaction.atomic():
        rows = list(HeldUpload.objects.select_for_update().filter(ticket=told["t"], user_id=user_id).order_by("pk"))
        HeldUpload.objects.filter(pk__in=[row.pk for row in rows]).delete()
    for row in rows:
        if (stream := storage.take_held(row.place)) is not None:
            upload = UploadedFile(stream, row.name, row.content_type, row.size)
            weakref.finalize(upload, stream.close)  # whoever takes no interest in it leaves nothing open
            found.setdefault(row.field, []).append(upload)
    return found


def sweep_held(moment: dt.datetime) -> int:
    """What nobody came back for within the hour."""
    count = 0
    for row in HeldUpload.objects.filter(held_at__lt=moment - HELD_AGE):
        storage.held_of(row.place).unlink(missing_ok=True)
        row.delete()
        count += 1
    return count


@transaction.atomic
def quarantine(document: Document, *, virus: str) -> None:
    """Nobody can open it any more. Content shared with others is scanned with them, in their own row."""
    move(document, Document.State.QUARANTINED, scanned_at=now())
    record(
        DocumentQuarantined(document_id=document.pk, of=document.subject, of_id=document.subject_id, virus=virus),
        by=None,
    )
    transaction.on_commit(partial(drop_content, document.sha256))


def sweep_orphans(moment: dt.datetime) -> int:
    """Content without a row (a transaction that failed after the file lay in place), and broken uploads."""
    before = (moment - ORPHAN_AGE).timestamp()
    count = 0
    for path in storage.leftovers(before):
        path.unlink(missing_ok=True)
        count += 1
    old = (sha256 for sha256, changed in storage.stored_hashes() if changed < before)
    while hashes := list(islice(old, 500)):
        used = used_among(hashes)
        count += sum(drop_content(sha256) for sha256 in hashes if sha256 not in used)
    return count


def _lock(name: str) -> None:
    """Till the end of the transaction, nobody else holds the same name."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1952))", [f"files:{name}"])
