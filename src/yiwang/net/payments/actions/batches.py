"""Making a batch, locking, approving and cancelling it. Nothing of it has left the house yet."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Sum

from yiwang.kernel import clock
from yiwang.kernel.clock import local_date
from yiwang.kernel.copying import copy_columns
from yiwang.kernel.fields import encrypted
from yiwang.kernel.planning import look_again
from yiwang.kernel.states import move
from yiwang.net.cases.actions.numbers import next_number
from yiwang.net.payments.actions.funds import book, commit, settle
from yiwang.net.payments.errors import (
    EmptyBatch,
    FundClosedNow,
    ItemNotAllowed,
    NothingReady,
    SamePerson,
    StillFilling,
    WordsNeeded,
)
from yiwang.net.payments.events import BatchApproved, BatchCancelled, BatchLocked, BatchOpened, PaymentHeld
from yiwang.net.payments.models import Account, Batch, Fund, FundEntry, Item, Line, Payment
from yiwang.net.payments.registry import doubts_about
from yiwang.net.payments.wording import batch_word
from yiwang.platform.journal.actions import record
from yiwang.platform.rules.queries import parameter
from yiwang.register.accounts.models import User
from yiwang.register.members.models import Person
from yiwang.register.organisations.models import Organisation

State = Batch.State
MANY = 10**9


@transaction.atomic
def open_batch(
    organisation: Organisation,
    *,
    fund: Fund,
    item: str,
    channel: str,
    by: User | None,
    now: dt.datetime | None = None,
    most: int | None = None,
) -> Batch:
    """Take everything that is ready for this fund, item and channel, or the first ``most`` of it, into one draft.

    Payments that another batch is taking at this very moment are passed over, not waited for.
    """
    now = now or clock.now()
    if fund.state != Fund.State.OPEN:
        raise FundClosedNow(fund)
    if not fund.allows(item):
        raise ItemNotAllowed(fund, Item(item).label)
    taken = take_ready(organisation.pk, fund.pk, item, channel, most=min(most or MANY, most_lines(local_date(now))))
    if not taken:
        raise NothingReady
    batch = Batch.objects.create(
        number=next_number(batch_word(), organisation, now=now),
        organisation=organisation,
        fund=fund,
        item=item,
        channel=channel,
        created_by=by,
        created_at=now,
    )
    add_lines(batch, taken)
    record(BatchOpened(batch_id=batch.pk, lines=batch.line_count, total=batch.total), by=by)
    return batch


# Index: payment_ready. Locked, moved and read in one statement, so that what is read is what was moved.
TAKE = """
    WITH ready AS MATERIALIZED (
        SELECT p.id FROM payments_payment p JOIN payments_account a ON a.id = p.account_id
        WHERE p.organisation_id = %s AND p.fund_id = %s AND p.item = %s AND p.state = 'ready' AND a.kind = %s
        ORDER BY p.id LIMIT %s FOR UPDATE OF p SKIP LOCKED
    ), moved AS (
        UPDATE payments_payment p SET state = 'batched' FROM ready WHERE p.id = ready.id AND p.state = 'ready'
        RETURNING p.id, p.attempts, p.amount, p.purpose, p.account_id, p.payee_id
    )
    SELECT m.id, m.attempts + 1, m.amount, m.purpose, a.holder_name, a.bank_code, a.number, o.id_number
    FROM moved m JOIN payments_account a ON a.id = m.account_id JOIN members_person o ON o.id = m.payee_id
    ORDER BY m.id
"""


def most_lines(on: dt.date) -> int:
    return int(parameter("payments.most_lines", on))


def take_ready(organisation: int, fund: int, item: str, channel: str, *, most: int) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [organisation, fund, item, channel, most])
        taken: list[tuple[Any, ...]] = cursor.fetchall()
    return taken


def add_lines(batch: Batch, taken: list[tuple[Any, ...]]) -> None:
    """At the end of a draft that nobody else writes to."""
    _write_lines(batch, taken)
    look_again(Payment, Line, changed=len(taken))
    batch.line_count += len(taken)
    batch.total += sum((row[2] for row in taken), Decimal(0))
    batch.save(update_fields=["line_count", "total"])


def _write_lines(batch: Batch, taken: list[tuple[Any, ...]]) -> None:
    """Freeze account and amount as they are now: what a person changes later does not change a batch."""
    payments, attempts, amounts, purposes, holders, banks, accounts, identities = zip(*taken, strict=True)
    columns = {
        "batch": batch.pk,
        "payment": payments,
        "number": range(batch.line_count + 1, batch.line_count + len(taken) + 1),
        "attempt": attempts,
        "holder_name": holders,
        "account_number": encrypted(Account, "number").opened(accounts),
        "identity": encrypted(Person, "id_number").opened(identities),
        "bank_code": banks,
        "amount": amounts,
        "purpose": purposes,
        "state": Line.State.PENDING.value,
        "return_code": "",
        "receipt": "",
    }
    copy_columns(Line, columns)


@transaction.atomic
def lock_batch(batch: Batch, *, by: User | None, now: dt.datetime | None = None) -> None:
    """Freeze the lines and promise their sum from the fund. What may not be paid any more is held and left out."""
    now = now or clock.now()
    batch = _whole(batch)
    _leave_out_doubtful(batch, by=by)
    figures = batch.lines.filter(state=Line.State.PENDING).aggregate(n=Count("pk"), total=Sum("amount"))
    if not figures["n"]:
        raise EmptyBatch
    move(batch, State.LOCKED, locked_at=now, line_count=figures["n"], total=figures["total"])
    fund = commit(batch.fund_id, batch.total)
    book(
        fund, FundEntry.Kind.COMMIT, batch.total, key=f"batch:{batch.pk}", batch=batch, item=batch.item, by=by, now=now
    )
    record(BatchLocked(batch_id=batch.pk, lines=batch.line_count, total=batch.total), by=by)


def _whole(batch: Batch) -> Batch:
    """The row, locked, if no job still fills it."""
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    if batch.is_filling:
        raise StillFilling
    return batch


def _leave_out_doubtful(batch: Batch, *, by: User | None) -> None:
    """Ask each source about its records; a payment in doubt waits for a person, outside the batch."""
    rows = list(batch.lines.filter(state=Line.State.PENDING).values_list("payment__source", "payment__source_id"))
    for source in sorted({source for source, _number in rows}):
        doubts = doubts_about(source, [number for owner, number in rows if owner == source])
        for number, reason in doubts.items():
            payment = Payment.objects.get(source=source, source_id=number)
            batch.lines.filter(payment=payment).update(state=Line.State.WITHDRAWN)
            move(payment, Payment.State.HELD, hold_reason=reason[:200])
            record(PaymentHeld(payment_id=payment.pk, reason=reason), by=by)


@transaction.atomic
def approve_batch(batch: Batch, *, by: User, note: str = "", now: dt.datetime | None = None) -> None:
    """The second pair of eyes."""
    if by.pk == batch.created_by_id:
        raise SamePerson
    move(batch, State.APPROVED, approved_by=by, approved_at=now or clock.now(), approval_note=note.strip()[:200])
    record(BatchApproved(batch_id=batch.pk), by=by)


@transaction.atomic
def cancel_batch(batch: Batch, *, reason: str, by: User | None, now: dt.datetime | None = None) -> None:
    """Possible until it is sent: every payment is ready again, the fund is free again."""
    if not reason.strip():
        raise WordsNeeded
    now = now or clock.now()
    batch = _whole(batch)
    was_promised = batch.state in (State.LOCKED, State.APPROVED)
    move(batch, State.CANCELLED, cancel_reason=reason.strip()[:200])
    lines = batch.lines.filter(state=Line.State.PENDING)
    _give_back(lines.values_list("payment_id", flat=True))
    lines.update(state=Line.State.WITHDRAWN)
    if was_promised:
        settle(batch.fund_id, paid=Decimal(0), released=batch.total)
        key = f"batch:{batch.pk}:cancelled"
        book(batch.fund, FundEntry.Kind.RELEASE, batch.total, key=key, batch=batch, item=batch.item, by=by, now=now)
    record(BatchCancelled(batch_id=batch.pk, reason=reason), by=by)


def _give_back(payments: Iterable[int]) -> None:
    Payment.objects.filter(pk__in=payments, state=Payment.State.BATCHED).update(state=Payment.State.READY)
