"""Opening, topping up and closing a fund; and the only functions that book in its ledger."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from django.db import transaction
from django.db.models import F

from yiwang.kernel import clock
from yiwang.kernel.money import yuan_text
from yiwang.kernel.states import move
from yiwang.net.payments.errors import BudgetTooSmall, FundClosedNow, FundHasOpenBatches, FundSpent, WordsNeeded
from yiwang.net.payments.events import BudgetChanged, FundClosed, FundOpened
from yiwang.net.payments.models import Batch, Fund, FundEntry
from yiwang.platform.journal.actions import record
from yiwang.register.accounts.models import User
from yiwang.register.organisations.models import Organisation

Kind = FundEntry.Kind


@transaction.atomic
def open_fund(
    organisation: Organisation,
    *,
    kind: str,
    year: int,
    name: str,
    budget: Decimal,
    by: User,
    items: Sequence[str] = (),
    project_no: str = "",
    closing_date: dt.date | None = None,
    now: dt.datetime | None = None,
) -> Fund:
    now = now or clock.now()
    fund = Fund.objects.create(
        organisation=organisation,
        kind=kind,
        year=year,
        name=name.strip(),
        budget=budget,
        items=list(items),
        project_no=project_no.strip(),
        closing_date=closing_date,
        created_by=by,
        created_at=now,
    )
    book(fund, Kind.BUDGET, budget, key="open", by=by, now=now)
    record(FundOpened(fund_id=fund.pk, budget=budget), by=by)
    return fund


@transaction.atomic
def change_budget(fund: Fund, *, budget: Decimal, reason: str, by: User, now: dt.datetime | None = None) -> None:
    """Raise or lower it, never below what is promised and paid."""
    if not reason.strip():
        raise WordsNeeded
    fund = Fund.objects.select_for_update().get(pk=fund.pk)
    if fund.state != Fund.State.OPEN:
        raise FundClosedNow(fund)
    if budget < fund.committed + fund.paid:
        raise BudgetTooSmall(yuan_text(fund.committed + fund.paid))
    was, fund.budget = fund.budget, budget
    fund.save(update_fields=["budget"])
    turn = fund.entries.filter(kind=Kind.BUDGET).count()
    book(fund, Kind.BUDGET, budget - was, key=f"change:{turn}", note=reason, by=by, now=now or clock.now())
    record(BudgetChanged(fund_id=fund.pk, was=was, budget=budget, reason=reason), by=by)


@transaction.atomic
def close_fund(fund: Fund, *, by: User) -> None:
    fund = Fund.objects.select_for_update().get(pk=fund.pk)
    if fund.batches.exclude(state__in=[Batch.State.CLOSED, Batch.State.CANCELLED]).exists():
        raise FundHasOpenBatches(fund)
    move(fund, Fund.State.CLOSED)
    record(FundClosed(fund_id=fund.pk), by=by)


def book(
    fund: Fund,
    kind: str,
    amount: Decimal,
    *,
    key: str,
    by: User | None,
    now: dt.datetime,
    batch: Batch | None = None,
    item: str = "",
    note: str = "",
) -> None:
    """One line of the ledger; the database refuses to book one deed twice."""
    FundEntry.objects.create(
        fund=fund, kind=kind, amount=amount, key=key, batch=batch, item=item, note=note[:200], by=by, at=now
    )


def commit(fund_id: int, amount: Decimal) -> Fund:
    """Promise an amount: one guarded UPDATE, so that two batches can't both take the last yuan."""
    free = F("budget") - F("committed") - F("paid")
    rows = (
        Fund.objects.annotate(left=free)
        .filter(pk=fund_id, state=Fund.State.OPEN, left__gte=amount)
        .update(committed=F("committed") + amount)
    )
    fund = Fund.objects.get(pk=fund_id)
    if rows == 0 and fund.state != Fund.State.OPEN:
        raise FundClosedNow(fund)
    if rows == 0:
        raise FundSpent(fund, yuan_text(fund.free), yuan_text(amount))
    return fund


def settle(fund_id: int, *, paid: Decimal, released: Decimal) -> None:
    """What was promised has been paid or came back."""
    Fund.objects.filter(pk=fund_id).update(committed=F("committed") - paid - released, paid=F("paid") + paid)


def pay_directly(fund_id: int, amount: Decimal) -> None:
    """An amount paid outside any batch: promised and paid in one."""
    commit(fund_id, amount)
    settle(fund_id, paid=amount, released=Decimal(0))


def take_back(fund_id: int, amount: Decimal) -> None:
    Fund.objects.filter(pk=fund_id).update(paid=F("paid") - amount)
