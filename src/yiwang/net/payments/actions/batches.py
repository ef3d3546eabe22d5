"""Making a batch, locking, approving and cancelling it. Nothing of it has left the house yet."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from django.db import transaction
from django.db.models import Count, Sum

from yiwang.kernel import clock
from yiwang.kernel.clock import local_date
from yiwang.kernel.copying import copy_rows
from yiwang.kernel.states import move
from yiwang.net.cases.actions.numbers import next_number
from yiwang.net.payments.actions.funds import book, commit, settle
from yiwang.net.payments.errors import (
    EmptyBatch,
    FundClosedNow,
    ItemNotAllowed,
    NothingReady,
    SamePerson,
    WordsNeeded,
)
from yiwang.net.payments.events import BatchApproved, BatchCancelled, BatchLocked, BatchOpened, PaymentHeld
from yiwang.net.payments.models import Batch, Fund, FundEntry, Item, Line, Payment
from yiwang.net.payments.registry import doubts_about
from yiwang.net.payments.wording import batch_word
from yiwang.platform.journal.actions import record
from yiwang.platform.rules.queries import parameter
from yiwang.register.accounts.models import User
from yiwang.register.organisations.models import Organisation

State = Batch.State


@transaction.atomic
def open_batch(
    organisation: Organisation,
    *,
    fund: Fund,
    item: str,
    channel: str,
    by: User | None,
    now: dt.datetime | None = None,
) -> Batch:
    """Take everything that is ready for this fund, item and channel into one draft.

    Payments that another batch is taking at this very moment are passed over, not waited for.
    """
    now = now or clock.now()
    if fund.state != Fund.State.OPEN:
        raise FundClosedNow(fund)
    if not fund.allows(item):
        raise ItemNotAllowed(fund, Item(item).label)
    payments = _take_ready(organisation, fund, item, channel, on=local_date(now))
    if not payments:
        raise NothingReady
    batch = Batch.objects.create(
        number=next_number(batch_word(), organisation, now=now),
        organisation=organisation,
        fund=fund,
        item=item,
        channel=channel,
        created_by=by,
        created_at=now,
        line_count=len(payments),
        total=sum((payment.amount for payment in payments), Decimal(0)),
    )
    copy_rows([_line(batch, number, payment) for number, payment in enumerate(payments, start=1)])
    record(BatchOpened(batch_id=batch.pk, lines=batch.line_count, total=batch.total), by=by)
    return batch


def _take_ready(organisation: Organisation, fund: Fund, item: str, channel: str, *, on: dt.date) -> list[Payment]:
    ready = (
        Payment.objects.filter(
            organisation=organisation, fund=fund, item=item, state=Payment.State.READY, account__kind=channel
        )
        .order_by("pk")
        .select_for_update(skip_locked=True, of=("self",))
    )
    numbers = list(ready.values_list("pk", flat=True)[: int(parameter("payments.most_lines", on))])
    Payment.objects.filter(pk__in=numbers).update(state=Payment.State.BATCHED)
    return list(Payment.objects.filter(pk__in=numbers).select_related("account", "payee").order_by("pk"))


def _line(batch: Batch, number: int, payment: Payment) -> Line:
    account = payment.account
    assert account is not None  # the constraint payment_on_its_way_has_account
    return Line(
        batch=batch,
        payment=payment,
        number=number,
        attempt=payment.attempts + 1,
        holder_name=account.holder_name,
        account_number=account.number,
        identity=payment.payee.id_number,
        bank_code=account.bank_code,
        amount=payment.amount,
        purpose=payment.purpose,
    )


@transaction.atomic
def lock_batch(batch: Batch, *, by: User | None, now: dt.datetime | None = None) -> None:
    """Freeze the lines and promise their sum from the fund. What may not be paid any more is held and left out."""
    now = now or clock.now()
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
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
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
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
