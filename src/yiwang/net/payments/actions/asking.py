"""What wings ask to be paid; holding, releasing, cancelling and recovering it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection, transaction
from django.utils.translation import gettext as _

from yiwang.kernel import clock
from yiwang.kernel.clock import deadline, local_date
from yiwang.kernel.copying import copy_rows
from yiwang.kernel.ids import public_ids
from yiwang.kernel.money import CENT
from yiwang.kernel.planning import look_again
from yiwang.kernel.states import move
from yiwang.net.payments.actions.funds import book, take_back
from yiwang.net.payments.errors import AskedDifferently, BadSum, InBatch, ItemNotAllowed, TellingPurpose, WordsNeeded
from yiwang.net.payments.events import (
    PaymentAsked,
    PaymentCancelled,
    PaymentHeld,
    PaymentRecovered,
    PaymentReleased,
    RecoveryStarted,
)
from yiwang.net.payments.models import Account, Fund, FundEntry, Item, Payment
from yiwang.net.payments.wording import LONGEST, purpose_of, telltale
from yiwang.platform.journal.actions import record, record_many
from yiwang.platform.rules.queries import parameter, work_calendar
from yiwang.register.accounts.models import User
from yiwang.register.members.models import Person
from yiwang.register.organisations.models import Organisation

State = Payment.State


@dataclass(frozen=True, kw_only=True)
class Ask:
    """One amount that a record of a wing wants paid. ``source`` and ``source_id`` make it one for ever."""

    source: str
    source_id: int
    organisation: Organisation
    fund: Fund
    item: str
    payee: Person
    amount: Decimal
    account: Account | None
    household: str = ""
    purpose: str = ""


def ask_payment(ask: Ask, *, by: User | None, now: dt.datetime | None = None) -> Payment:
    return ask_payments([ask], by=by, now=now)[0]


@transaction.atomic
def ask_payments(asks: Sequence[Ask], *, by: User | None, now: dt.datetime | None = None) -> list[Payment]:
    """Owe each of them once: asking again for the same record gives the same payment and changes nothing.

    1. Find those that were asked before; they must say the same.
    2. Check amount, item and purpose of the new ones.
    3. Hold those without an account, and those whose account already serves another household.
    4. Write them in one statement.
    """
    now = now or clock.now()
    known = _known(asks)
    new = [ask for ask in asks if (ask.source, ask.source_id) not in known]
    holds = _shared_accounts(new)
    due = deadline(now, int(parameter("payments.pay_workdays", local_date(now))), "workday", work_calendar(), at=now)
    made = [_payment(ask, number, holds, now, due) for ask, number in zip(new, public_ids(len(new)), strict=True)]
    copy_rows(made)
    look_again(Payment, changed=len(made))
    record_many(
        [
            PaymentAsked(payment_id=payment.pk, amount=payment.amount, held=payment.state == State.HELD)
            for payment in made
        ],
        by=by,
    )
    known |= {(payment.source, payment.source_id): payment for payment in made}
    return [known[(ask.source, ask.source_id)] for ask in asks]


ASKED = """
    SELECT p.* FROM unnest(%s::bigint[]) AS asked(id) JOIN payments_payment p ON p.source_id = asked.id
    WHERE p.source = %s
"""  # index: payment_is_asked_once


def _known(asks: Sequence[Ask]) -> dict[tuple[str, int], Payment]:
    known: dict[tuple[str, int], Payment] = {}
    for source in {ask.source for ask in asks}:
        wanted = {ask.source_id: ask for ask in asks if ask.source == source}
        for payment in Payment.objects.raw(ASKED, [list(wanted), source]):
            ask = wanted[payment.source_id]
            if (payment.amount, payment.payee_id) != (ask.amount, ask.payee.pk):
                raise AskedDifferently
            known[(source, payment.source_id)] = payment
    return known


SERVED = """
    SELECT DISTINCT a.number_hash, p.household
    FROM unnest(%s::text[]) AS asked(hash)
    JOIN payments_account a ON a.number_hash = asked.hash
    JOIN payments_payment p ON p.account_id = a.id
    WHERE p.household <> '' AND p.state <> 'cancelled'
"""  # index: account_by_number


def _shared_accounts(asks: Sequence[Ask]) -> set[tuple[str, str]]:
    """(account, household) where the account already receives for another household."""
    wanted = {ask.account.number_hash for ask in asks if ask.account is not None and ask.household}
    with connection.cursor() as cursor:
        cursor.execute(SERVED, [list(wanted)])
        used = cursor.fetchall()
    households: dict[str, set[str]] = {}
    for number, household in used:
        households.setdefault(number, set()).add(household)
    for ask in asks:
        if ask.account is not None and ask.household:
            households.setdefault(ask.account.number_hash, set()).add(ask.household)
    return {(number, household) for number, all_of in households.items() if len(all_of) > 1 for household in all_of}


def _payment(ask: Ask, number: str, shared: set[tuple[str, str]], now: dt.datetime, due: dt.datetime) -> Payment:
    if ask.amount <= 0 or ask.amount != ask.amount.quantize(CENT):
        raise BadSum
    if not ask.fund.allows(ask.item):
        raise ItemNotAllowed(ask.fund, Item(ask.item).label)
    purpose = (ask.purpose.strip() or purpose_of(ask.item))[:LONGEST]
    if word := telltale(purpose):
        raise TellingPurpose(word)
    reason = ""
    if ask.account is None:
        reason = _("还没有收款账户")
    elif (ask.account.number_hash, ask.household) in shared:
        reason = _("这个账户同时收着另一户的款，请核实")
    return Payment(
        public_id=number,
        source=ask.source,
        source_id=ask.source_id,
        organisation_id=ask.organisation.pk,
        fund_id=ask.fund.pk,
        item=ask.item,
        payee_id=ask.payee.pk,
        payee_name=ask.payee.name,
        account_id=ask.account.pk if ask.account else None,
        household=ask.household,
        amount=ask.amount,
        purpose=purpose,
        state=State.HELD.value if reason else State.READY.value,
        hold_reason=reason,
        approved_at=now,
        due_at=due,
    )


@transaction.atomic
def hold_payment(payment: Payment, *, reason: str, by: User | None) -> None:
    """Keep it back until somebody has looked. Only what has not entered a batch can be kept back."""
    if not reason.strip():
        raise WordsNeeded
    if payment.state == State.BATCHED:
        raise InBatch
    move(payment, State.HELD, hold_reason=reason[:200])
    record(PaymentHeld(payment_id=payment.pk, reason=reason), by=by)


@transaction.atomic
def release_payment(payment: Payment, *, reason: str, by: User, account: Account | None = None) -> None:
    """Looked at by a person: it may be paid, to the account given or the one it has."""
    if not reason.strip():
        raise WordsNeeded
    account = account or payment.account
    if account is None:
        raise WordsNeeded("account")
    move(payment, State.READY, hold_reason="", account=account)
    record(PaymentReleased(payment_id=payment.pk, reason=reason), by=by)


@transaction.atomic
def cancel_payment(payment: Payment, *, reason: str, by: User | None) -> None:
    """It is not owed any more. What has entered a batch can't be cancelled here."""
    if not reason.strip():
        raise WordsNeeded
    move(payment, State.CANCELLED, hold_reason=reason[:200])
    record(PaymentCancelled(payment_id=payment.pk, reason=reason), by=by)


@transaction.atomic
def start_recovery(payment: Payment, *, reason: str, by: User) -> None:
    if not reason.strip():
        raise WordsNeeded
    move(payment, State.RECOVERING, hold_reason=reason[:200])
    record(RecoveryStarted(payment_id=payment.pk, reason=reason), by=by)


@transaction.atomic
def recover_payment(payment: Payment, *, voucher: str, by: User, now: dt.datetime | None = None) -> None:
    """The money came back; the fund has it again."""
    if not voucher.strip():
        raise WordsNeeded("voucher")
    move(payment, State.RECOVERED, voucher=voucher.strip()[:60])
    take_back(payment.fund_id, payment.amount)
    book(
        payment.fund,
        FundEntry.Kind.RECOVERED,
        payment.amount,
        key=f"payment:{payment.pk}",
        by=by,
        now=now or clock.now(),
        item=payment.item,
        note=voucher,
    )
    record(PaymentRecovered(payment_id=payment.pk, voucher=voucher), by=by)
