"""Reads about money; the only place that turns lines into the bytes of a file."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.db.models import Avg, Count, ExpressionWrapper, F, Q, QuerySet, Sum, fields

from yiwang.kernel.fields import encrypted
from yiwang.net.payments.formats import Out, write_file
from yiwang.net.payments.models import Account, Batch, Fund, FundEntry, Line, Payment
from yiwang.register.members.models import Person

LINES = """
    SELECT number, account_number, holder_name, identity, bank_code, (amount * 100)::bigint, purpose
    FROM payments_line WHERE batch_id = %s AND state <> 'withdrawn' ORDER BY number
"""


def file_of(batch: Batch, file_number: str) -> bytes:
    """The canonical file of a batch: its lines in order, exactly as frozen when the batch was made."""
    with connection.cursor() as cursor:
        cursor.execute(LINES, [batch.pk])
        rows = cursor.fetchall()
    if not rows:
        return write_file(batch.channel, file_number, [])
    numbers, accounts, names, identities, banks, amounts, purposes = zip(*rows, strict=True)
    opened = [encrypted(Line, "account_number").opened(accounts), names, encrypted(Line, "identity").opened(identities)]
    outs = [
        Out(number, account, name, identity or "", bank, amount, purpose)
        for number, account, name, identity, bank, amount, purpose in zip(
            numbers, *opened, banks, amounts, purposes, strict=True
        )
    ]
    return write_file(batch.channel, file_number, outs)


def account_of(person: Person) -> Account | None:
    return Account.objects.filter(person=person, is_current=True).order_by("-pk").first()


def payments_of(person: Person) -> QuerySet[Payment]:
    """What was and will be paid to this person, newest first. Index: payment_by_payee."""
    return Payment.objects.filter(payee=person).exclude(state=Payment.State.CANCELLED).order_by("-pk")


def payments_for(source: str, ids: Sequence[int]) -> dict[int, Payment]:
    return {payment.source_id: payment for payment in Payment.objects.filter(source=source, source_id__in=ids)}


def entries_of(fund: Fund) -> QuerySet[FundEntry]:
    """The ledger, newest first. Index: fund_entry_by_fund."""
    return fund.entries.select_related("batch", "by").order_by("-pk")


def line_figures(batch: Batch) -> dict[str, tuple[int, Decimal]]:
    rows = batch.lines.order_by().values_list("state").annotate(n=Count("pk"), total=Sum("amount"))
    return {state: (n, total) for state, n, total in rows}


@dataclass(frozen=True)
class Ready:
    """What waits for a batch: one possible batch for each fund, item and channel."""

    fund: Fund
    item: str
    channel: str
    count: int
    total: Decimal


def ready_heaps(payments: QuerySet[Payment]) -> list[Ready]:
    """Index: payment_ready."""
    rows = (
        payments.filter(state=Payment.State.READY)
        .order_by()
        .values_list("fund", "item", "account__kind")
        .annotate(n=Count("pk"), total=Sum("amount"))
    )
    funds = Fund.objects.in_bulk([row[0] for row in rows])
    return sorted(
        (Ready(funds[fund], item, kind, n, total) for fund, item, kind, n, total in rows),
        key=lambda ready: (ready.fund.name, ready.item),
    )


def state_counts(payments: QuerySet[Payment]) -> dict[str, int]:
    return dict(payments.order_by().values_list("state").annotate(n=Count("pk")))


@dataclass(frozen=True)
class Success:
    """发放成功率 and 平均到账天数 (RI 1.13)."""

    sent: int
    paid: int
    days: float | None

    @property
    def share(self) -> float | None:
        return self.paid / self.sent if self.sent else None


def success(payments: QuerySet[Payment], *, since: dt.datetime) -> Success:
    lines = Line.objects.filter(payment__in=payments, batch__sent_at__gte=since).exclude(state=Line.State.WITHDRAWN)
    figures = lines.aggregate(sent=Count("pk"), paid=Count("pk", filter=Q(state=Line.State.PAID)))
    took = ExpressionWrapper(F("paid_at") - F("approved_at"), output_field=fields.DurationField())
    mean = payments.filter(paid_at__gte=since).aggregate(mean=Avg(took))["mean"]
    return Success(figures["sent"], figures["paid"], mean.total_seconds() / 86400 if mean else None)
