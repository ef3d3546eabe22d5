"""Facts about money: ids, counts and amounts, never an account number."""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from yiwang.platform.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class FundEvent(Event):
    subject: ClassVar[str] = "fund"
    audience: ClassVar[str] = "staff"

    fund_id: int


@dataclass(frozen=True, kw_only=True)
class FundOpened(FundEvent):
    name: ClassVar[str] = "payments.fund_opened"

    budget: Decimal


@dataclass(frozen=True, kw_only=True)
class BudgetChanged(FundEvent):
    name: ClassVar[str] = "payments.budget_changed"

    was: Decimal
    budget: Decimal
    reason: str


@dataclass(frozen=True, kw_only=True)
class FundClosed(FundEvent):
    name: ClassVar[str] = "payments.fund_closed"


@dataclass(frozen=True, kw_only=True)
class AccountEvent(Event):
    subject: ClassVar[str] = "payee"
    audience: ClassVar[str] = "staff"

    payee_id: int


@dataclass(frozen=True, kw_only=True)
class AccountKept(AccountEvent):
    name: ClassVar[str] = "payments.account_kept"

    account_id: int


@dataclass(frozen=True, kw_only=True)
class PaymentEvent(Event):
    subject: ClassVar[str] = "payment"
    audience: ClassVar[str] = "staff"

    payment_id: int


@dataclass(frozen=True, kw_only=True)
class PaymentAsked(PaymentEvent):
    name: ClassVar[str] = "payments.payment_asked"

    amount: Decimal
    held: bool


@dataclass(frozen=True, kw_only=True)
class PaymentHeld(PaymentEvent):
    name: ClassVar[str] = "payments.payment_held"

    reason: str


@dataclass(frozen=True, kw_only=True)
class PaymentReleased(PaymentEvent):
    name: ClassVar[str] = "payments.payment_released"

    reason: str


@dataclass(frozen=True, kw_only=True)
class PaymentCancelled(PaymentEvent):
    name: ClassVar[str] = "payments.payment_cancelled"

    reason: str


@dataclass(frozen=True, kw_only=True)
class PaymentSentAgain(PaymentEvent):
    name: ClassVar[str] = "payments.payment_sent_again"

    account_id: int


@dataclass(frozen=True, kw_only=True)
class PaymentLeftToHands(PaymentEvent):
    name: ClassVar[str] = "payments.payment_left_to_hands"


@dataclass(frozen=True, kw_only=True)
class PaidByHand(PaymentEvent):
    name: ClassVar[str] = "payments.paid_by_hand"

    voucher: str


@dataclass(frozen=True, kw_only=True)
class RecoveryStarted(PaymentEvent):
    name: ClassVar[str] = "payments.recovery_started"

    reason: str


@dataclass(frozen=True, kw_only=True)
class PaymentRecovered(PaymentEvent):
    name: ClassVar[str] = "payments.payment_recovered"

    voucher: str


@dataclass(frozen=True, kw_only=True)
class BatchEvent(Event):
    subject: ClassVar[str] = "batch"
    audience: ClassVar[str] = "staff"

    batch_id: int


@dataclass(frozen=True, kw_only=True)
class BatchOpened(BatchEvent):
    name: ClassVar[str] = "payments.batch_opened"

    lines: int
    total: Decimal


@dataclass(frozen=True, kw_only=True)
class BatchFilled(BatchEvent):
    """More lines were added to a large draft."""

    name: ClassVar[str] = "payments.batch_filled"

    lines: int
    total: Decimal


@dataclass(frozen=True, kw_only=True)
class BatchLocked(BatchEvent):
    name: ClassVar[str] = "payments.batch_locked"

    lines: int
    total: Decimal


@dataclass(frozen=True, kw_only=True)
class BatchApproved(BatchEvent):
    name: ClassVar[str] = "payments.batch_approved"


@dataclass(frozen=True, kw_only=True)
class BatchCancelled(BatchEvent):
    name: ClassVar[str] = "payments.batch_cancelled"

    reason: str


@dataclass(frozen=True, kw_only=True)
class BatchSent(BatchEvent):
    name: ClassVar[str] = "payments.batch_sent"

    file_number: str
    file_hash: str


@dataclass(frozen=True, kw_only=True)
class FileFetched(BatchEvent):
    """The bank file left the house: who took it."""

    name: ClassVar[str] = "payments.file_fetched"


@dataclass(frozen=True, kw_only=True)
class AnswerTaken(BatchEvent):
    name: ClassVar[str] = "payments.answer_taken"

    paid: int
    returned: int
    problems: int


@dataclass(frozen=True, kw_only=True)
class AnswerSettled(BatchEvent):
    name: ClassVar[str] = "payments.answer_settled"

    note: str


@dataclass(frozen=True, kw_only=True)
class BatchClosed(BatchEvent):
    name: ClassVar[str] = "payments.batch_closed"
