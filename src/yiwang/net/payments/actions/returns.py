"""What came back from the bank: sent again with a right account, or paid by a person."""

import datetime as dt

from django.db import transaction

from yiwang.kernel import clock
from yiwang.kernel.clock import local_date
from yiwang.kernel.states import move
from yiwang.net.payments.actions.funds import book, pay_directly
from yiwang.net.payments.errors import TooManyAttempts, WordsNeeded
from yiwang.net.payments.events import PaidByHand, PaymentLeftToHands, PaymentSentAgain
from yiwang.net.payments.models import Account, FundEntry, Payment
from yiwang.platform.journal.actions import record
from yiwang.platform.rules.queries import parameter
from yiwang.register.accounts.models import User

State = Payment.State


@transaction.atomic
def send_again(payment: Payment, *, account: Account, by: User | None, now: dt.datetime | None = None) -> None:
    """Ready for the next batch; never back into the batch it came from. After two more tries a person takes over."""
    most = int(parameter("payments.most_resends", local_date(now or clock.now())))
    if payment.attempts > most:
        raise TooManyAttempts(most)
    move(payment, State.READY, account=account)
    record(PaymentSentAgain(payment_id=payment.pk, account_id=account.pk), by=by)


@transaction.atomic
def leave_to_hands(payment: Payment, *, by: User | None) -> None:
    move(payment, State.MANUAL)
    record(PaymentLeftToHands(payment_id=payment.pk), by=by)


@transaction.atomic
def pay_by_hand(payment: Payment, *, voucher: str, by: User, now: dt.datetime | None = None) -> None:
    """Paid at the counter of the bank; the voucher proves it."""
    if not voucher.strip():
        raise WordsNeeded("voucher")
    now = now or clock.now()
    move(payment, State.PAID, paid_at=now, voucher=voucher.strip()[:60])
    pay_directly(payment.fund_id, payment.amount)
    key, kind = f"payment:{payment.pk}", FundEntry.Kind.PAID
    book(payment.fund, kind, payment.amount, key=key, by=by, now=now, item=payment.item, note=voucher)
    record(PaidByHand(payment_id=payment.pk, voucher=voucher), by=by)
