"""Reading the journal: timelines, the audit search, and the proof that nothing was touched."""

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from yiwang.kernel.crypto import authenticate
from yiwang.platform.journal.models import JournalEntry, JournalQuerySet, JournalSeal, SealingProgress

GENESIS = bytes(32)
PAGE = 50
CHUNK = 5_000
TAIL = 50_000  # entries further back than this are sealed for certain; verify() looks at all


def timeline(subject: str, subject_id: int) -> list[JournalEntry]:
    """What the person concerned may read of a record's life, oldest first."""
    return list(JournalEntry.objects.about(subject, subject_id).for_all().order_by("id"))


def staff_timeline(subject: str, subject_id: int) -> list[JournalEntry]:
    """A record's whole life, oldest first."""
    return list(JournalEntry.objects.about(subject, subject_id).order_by("id"))


def entries(
    *,
    actor_id: int | None = None,
    person_id: int | None = None,
    subject: str = "",
    subject_id: int | None = None,
    name: str = "",
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
    before: int | None = None,
) -> JournalQuerySet:
    """The audit search, newest first; ``before`` is the id where the page above ended. Slice it (``PAGE``)."""
    wanted = {
        "actor_id": actor_id,
        "on_behalf_of": person_id,
        "subject": subject or None,
        "subject_id": subject_id,
        "name": name or None,
        "at__gte": since,
        "at__lt": until,
        "id__lt": before,
    }
    return JournalEntry.objects.filter(**{k: v for k, v in wanted.items() if v is not None}).order_by("-id")


@dataclass(frozen=True)
class SealState:
    """How far the sealing job is behind."""

    last_number: int
    waiting: int
    oldest_waiting_seconds: int


def seal_state(*, now: dt.datetime) -> SealState:
    """What the status page shows; cheap, because only the newest entries are looked at."""
    last = JournalSeal.objects.order_by("-number").first()
    oldest = _waiting().filter(id__gt=(last.entry_id - TAIL) if last else 0).order_by("id")
    first = oldest.first()
    age = int((now - first.at).total_seconds()) if first else 0
    return SealState(last_number=last.number if last else 0, waiting=oldest.count(), oldest_waiting_seconds=max(age, 0))


@dataclass(frozen=True)
class Fault:
    """The first place where the chain does not hold."""

    kind: Literal["altered", "missing", "reordered", "unsealed"]
    number: int
    entry_id: int | None


@dataclass(frozen=True)
class Verdict:
    """What walking the whole chain found; ``head`` is the hash to compare with the one in the logs."""

    sealed: int
    waiting: int
    head: str
    fault: Fault | None

    @property
    def holds(self) -> bool:
        return self.fault is None


def verify() -> Verdict:
    """Walk the chain from its beginning; stop at the first altered, missing or reordered entry.

    Entries of the last seconds are ``waiting``: they are not sealed yet, and that is no fault.
    """
    chain, number = GENESIS, 0
    for seal, entry in _links():
        number += 1
        if fault := _fault(seal, entry, number, chain):
            return Verdict(sealed=number - 1, waiting=0, head=chain.hex(), fault=fault)
        chain = bytes(seal.chain)
    fault = _fault_of_the_tail(number)
    return Verdict(sealed=number, waiting=_waiting().count(), head=chain.hex(), fault=fault)


def _fault(seal: JournalSeal, entry: JournalEntry | None, number: int, chain: bytes) -> Fault | None:
    if seal.number != number:
        return Fault("missing", number, None)
    if entry is None:
        return Fault("missing", number, seal.entry_id)
    digest = digest_of(entry)
    if digest != bytes(seal.digest):
        belongs_elsewhere = JournalSeal.objects.filter(digest=digest).exclude(pk=number).exists()
        return Fault("reordered" if belongs_elsewhere else "altered", number, entry.pk)
    if chain_of(chain, number, entry.pk, digest) != bytes(seal.chain):
        return Fault("reordered", number, entry.pk)
    return None


def _fault_of_the_tail(number: int) -> Fault | None:
    progress = SealingProgress.objects.first()
    if progress is None:
        return None
    if progress.sealed > number:
        return Fault("missing", number + 1, None)
    # Every entry below the horizon was sealed once; one without a seal was slipped in, or its seal was taken away.
    late = _waiting().filter(xid__lt=progress.horizon).order_by("id").first()
    return Fault("unsealed", number + 1, late.pk) if late else None


def _waiting() -> JournalQuerySet:
    return JournalEntry.objects.exclude(id__in=JournalSeal.objects.values("entry_id"))


def _links() -> Iterator[tuple[JournalSeal, JournalEntry | None]]:
    last = 0
    while seals := list(JournalSeal.objects.filter(number__gt=last).order_by("number")[:CHUNK]):
        found = JournalEntry.objects.in_bulk([seal.entry_id for seal in seals])
        for seal in seals:
            yield seal, found.get(seal.entry_id)
        last = seals[-1].number


def digest_of(entry: JournalEntry) -> bytes:
    """A keyed hash over all that an entry says, but not its place."""
    words = [
        entry.at.astimezone(dt.UTC).isoformat(),
        entry.name,
        entry.subject,
        entry.subject_id,
        entry.audience,
        entry.actor_id,
        entry.actor_name,
        entry.on_behalf_of,
        entry.purpose,
        entry.data,
        entry.request_id,
        str(entry.ip or ""),
    ]
    canonical = json.dumps(words, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return authenticate("journal.entry", canonical.encode())


def chain_of(before: bytes, number: int, entry_id: int, digest: bytes) -> bytes:
    return authenticate("journal.chain", before + f"{number}:{entry_id}:".encode() + digest)
