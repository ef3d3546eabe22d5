"""The only writers of the journal."""

import ipaddress
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, cast

import structlog
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils.module_loading import import_string

from yiwang.kernel.clock import now
from yiwang.kernel.copying import WORTH_IT, copy_columns, copy_rows, reserve_ids
from yiwang.platform.journal.events import Event, fields_of
from yiwang.platform.journal.models import JournalEntry, JournalSeal, SealingProgress
from yiwang.platform.journal.outbox import enqueue
from yiwang.platform.journal.queries import GENESIS, chain_of, digest_of

Handler = Callable[..., None]
Reactions = dict[type[Event], tuple[Handler, ...]]

DELIVERY = "journal.deliver"
SEALED_AT_ONCE = 20_000
SEALING_LOCK = 0x79697761  # "yiwa": one sealer at a time, requests never take it

log = structlog.get_logger(__name__)


def record(
    event: Event,
    *,
    by: AbstractBaseUser | None,
    on_behalf_of: int | None = None,
    purpose: str = "",
    at: datetime | None = None,
) -> JournalEntry:
    """Append one fact in the caller's transaction and queue its reactions, which run only if that commits."""
    _require_transaction()
    entry = JournalEntry(**_facts([event])[0], **_deed(by, on_behalf_of, purpose, at))
    entry.save(force_insert=True)
    _queue_reactions([(event, entry.pk)])
    return entry


def record_many(
    events: Sequence[Event],
    *,
    by: AbstractBaseUser | None,
    on_behalf_of: int | None = None,
    purpose: str = "",
    at: datetime | None = None,
) -> None:
    """Many facts of one deed in one statement. ``at`` is for loading what happened earlier, never for today's deeds."""
    _require_transaction()
    if not events:
        return
    facts, deed = _facts(events), _deed(by, on_behalf_of, purpose, at)
    if len(events) < WORTH_IT:
        entries = JournalEntry.objects.bulk_create([JournalEntry(**fact, **deed) for fact in facts])
        _queue_reactions([(event, entry.pk) for event, entry in zip(events, entries, strict=True)])
        return
    numbers = reserve_ids(JournalEntry, len(events))
    columns = {name: [fact[name] for fact in facts] for name in facts[0]}
    copy_columns(JournalEntry, {"id": numbers, **columns, **deed})
    _queue_reactions(list(zip(events, numbers, strict=True)))


def _require_transaction() -> None:
    if not connection.in_atomic_block:
        raise RuntimeError("record() belongs inside the transaction of the change it tells of")


def _facts(events: Sequence[Event]) -> list[dict[str, Any]]:
    """What differs from event to event."""
    return [
        {
            "name": event.name,
            "subject": event.subject,
            "subject_id": event.subject_id,
            "audience": event.audience,
            "data": event.as_json(),
        }
        for event in events
    ]


def _deed(by: AbstractBaseUser | None, on_behalf_of: int | None, purpose: str, at: datetime | None) -> dict[str, Any]:
    """What all events of one deed share."""
    context = structlog.contextvars.get_contextvars()
    return {
        "at": at or now(),
        "actor_id": by.pk if by else None,
        "actor_name": str(by)[:80] if by else "",
        "on_behalf_of": on_behalf_of,
        "purpose": purpose,
        "request_id": str(context.get("request_id", ""))[:36],
        "ip": _address(context.get("ip")),
    }


def record_history(entries: Sequence[JournalEntry]) -> None:
    """Append entries of long ago in the caller's transaction: for loading a history, whose reactions are over."""
    if not connection.in_atomic_block:
        raise RuntimeError("a history belongs inside the transaction of the records it tells of")
    copy_rows(entries)


def _queue_reactions(recorded: list[tuple[Event, int]]) -> None:
    table = reactions()
    jobs: list[dict[str, Any]] = [
        {"entry_id": number, "handler": handler_name(handler)}
        for event, number in recorded
        for handler in table.get(type(event), ())
    ]
    if jobs:
        enqueue(DELIVERY, *jobs)


def deliver(entry_id: int, handler: str) -> None:
    """Call one reaction with the fields of one entry. At least once: a reaction must bear being called again."""
    entry = JournalEntry.objects.get(pk=entry_id)
    for event, handlers in reactions().items():
        for candidate in handlers:
            if event.name == entry.name and handler_name(candidate) == handler:
                candidate(**fields_of(event, entry.data))
                return
    log.warning("reaction_gone", entry_id=entry_id, handler=handler)  # taken out of the table since it was queued


def reactions() -> Reactions:
    return cast(Reactions, import_string(settings.REACTIONS))


def handler_name(handler: Handler) -> str:
    return f"{handler.__module__}.{handler.__qualname__}"


@transaction.atomic
def seal_batch() -> int:
    """Seal entries whose transactions can no longer be overtaken; safe to run anywhere, any number of times.

    Returns how many; ``SEALED_AT_ONCE`` of them mean that more may wait.

    1. Take the sealers' lock, or leave the work to who holds it.
    2. Read the horizon: all transactions of this database below it have ended, so no entry of theirs can still appear.
    3. Link the unsealed entries of ended transactions, in order of id, to the end of the chain.
    4. Remember the horizon, so that the next run looks only at what came after.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SEALING_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        progress, _ = SealingProgress.objects.get_or_create(pk=1)
        horizon, end = _horizon(cursor)
    if end < progress.horizon:
        progress.horizon = 0  # a restored database: numbers begin anew, so look at everything once

    names = [str(progress.horizon), progress.restored_up_to, str(horizon), SEALED_AT_ONCE]
    seals = _extend_chain(list(JournalEntry.objects.raw(UNSEALED, names)))

    if seals < SEALED_AT_ONCE:  # else more of them wait below this horizon
        with connection.cursor() as cursor:
            cursor.execute(LAST_RESTORED)
            progress.restored_up_to = max(progress.restored_up_to, cursor.fetchone()[0])
        progress.horizon = max(progress.horizon, horizon)
    progress.sealed += seals
    progress.save(update_fields=["horizon", "restored_up_to", "sealed"])
    return seals


# Who may still write: sessions of this database that have a transaction number, and transactions prepared in it.
# Readers such as a backup hold nothing up, nor does another database of the server, as pg_snapshot_xmin would.
WRITERS = """
    SELECT array_agg(xid::text) FILTER (WHERE xid IS NOT NULL), bool_or(is_hidden) FROM (
        SELECT backend_xid AS xid, query = '<insufficient privilege>' AS is_hidden
        FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
        UNION ALL SELECT transaction, false FROM pg_prepared_xacts WHERE database = current_database()
    ) writers
"""


def _horizon(cursor: CursorWrapper) -> tuple[int, int]:
    """(below this all have ended, this does not exist yet). The end is read first: what begins later lies above it."""
    cursor.execute("SELECT pg_snapshot_xmin(s), pg_snapshot_xmax(s) FROM pg_current_snapshot() s")
    oldest_of_server, end = (int(value) for value in cursor.fetchone())
    cursor.execute(WRITERS)
    numbers, has_hidden = cursor.fetchone()
    if has_hidden:
        return oldest_of_server, end
    # Sessions show the lower 32 bits of their number. What is half the circle away began after the end was read.
    behind = [distance for number in numbers or () if (distance := (end - int(number)) % 2**32) < 2**31]
    return end - max(behind, default=0), end


# No transaction of this server has a number from the snapshot's end on: such an entry came with a restore. The end must
# be that of the very statement, or entries written meanwhile would be taken for restored ones.
UNSEALED = """
    SELECT e.* FROM journal_journalentry e
    WHERE e.xid >= %s::xid8 AND e.id > %s
      AND (e.xid < %s::xid8 OR e.xid >= pg_snapshot_xmax(pg_current_snapshot()))
      AND NOT EXISTS (SELECT 1 FROM journal_journalseal s WHERE s.entry_id = e.id)
    ORDER BY e.id LIMIT %s
"""
LAST_RESTORED = """
    SELECT coalesce(max(id), 0) FROM journal_journalentry
    WHERE xid >= pg_snapshot_xmax(pg_current_snapshot())
"""


def _extend_chain(entries: list[JournalEntry]) -> int:
    last = JournalSeal.objects.order_by("-number").first()
    number, chain = (last.number, bytes(last.chain)) if last else (0, GENESIS)
    first, digests, chains = number + 1, [], []
    for entry in entries:
        number += 1
        digest = digest_of(entry)
        chain = chain_of(chain, number, entry.pk, digest)
        digests.append(digest)
        chains.append(chain)
    if entries:
        numbers, ids = range(first, number + 1), [entry.pk for entry in entries]
        copy_columns(JournalSeal, {"number": numbers, "entry_id": ids, "digest": digests, "chain": chains})
        # Kept outside the database by whoever keeps the logs: it betrays a chain that was cut or forged as a whole.
        log.info("journal_sealed", number=number, chain=chain.hex())
    return len(entries)


def _address(ip: object) -> str | None:
    try:
        return str(ipaddress.ip_address(str(ip)))
    except ValueError:
        return None
