"""Who sees money, and who makes, approves, pays. Three different people for every batch."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from yiwang.net.payments.models import AnswerFile, Batch, Fund, Line, Payment
from yiwang.platform.jobs.models import JobRun
from yiwang.register.access.policies import AnyUser, can, organisations_where, within_scope
from yiwang.register.access.roles import Capability
from yiwang.register.accounts.models import User
from yiwang.register.organisations.models import Organisation

PREPARE: Capability = "payments.prepare"
APPROVE: Capability = "payments.approve"
PAY: Capability = "payments.pay"
VIEW: Capability = "payments.view"


def funds_visible_to(user: AnyUser) -> QuerySet[Fund]:
    return Fund.objects.filter(within_scope(user, VIEW)).select_related("organisation")


def payments_visible_to(user: AnyUser) -> QuerySet[Payment]:
    return Payment.objects.filter(within_scope(user, VIEW)).select_related("fund", "organisation", "account")


def batches_visible_to(user: AnyUser) -> QuerySet[Batch]:
    return Batch.objects.filter(within_scope(user, VIEW)).select_related("fund", "organisation")


def get_fund(user: AnyUser, public_id: str) -> Fund:
    return get_object_or_404(funds_visible_to(user), public_id=public_id)


def get_payment(user: AnyUser, public_id: str) -> Payment:
    return get_object_or_404(payments_visible_to(user).select_related("payee"), public_id=public_id)


def get_batch(user: AnyUser, public_id: str) -> Batch:
    found = batches_visible_to(user).select_related("created_by", "approved_by", "sent_by", "run")
    return get_object_or_404(found, public_id=public_id)


def get_answer(user: AnyUser, public_id: str) -> AnswerFile:
    answers = AnswerFile.objects.filter(batch__in=batches_visible_to(user)).select_related("batch")
    return get_object_or_404(answers, public_id=public_id)


def lines_of(batch: Batch) -> QuerySet[Line]:
    """Of a batch that the user may see."""
    return batch.lines.select_related("payment", "payment__account")


def offices(user: AnyUser) -> QuerySet[Organisation]:
    """Bodies that keep funds: those where the user prepares payments, from the county up."""
    return organisations_where(user, PREPARE).filter(level__lte=4).order_by("level", "name")


def may_keep_fund(user: AnyUser, fund: Fund) -> bool:
    """Budgets are decided by who approves."""
    return fund.state == Fund.State.OPEN and can(user, APPROVE, fund.organisation)


def may_prepare(user: AnyUser, organisation: Organisation) -> bool:
    return can(user, PREPARE, organisation)


def may_lock(user: AnyUser, batch: Batch) -> bool:
    return batch.may_move(Batch.State.LOCKED) and not batch.is_filling and can(user, PREPARE, batch.organisation)


def may_cancel(user: AnyUser, batch: Batch) -> bool:
    right = can(user, PREPARE, batch.organisation) or can(user, APPROVE, batch.organisation)
    return batch.may_move(Batch.State.CANCELLED) and not batch.is_filling and right


def may_approve(user: AnyUser, batch: Batch) -> bool:
    other = isinstance(user, User) and user.pk != batch.created_by_id
    return batch.may_move(Batch.State.APPROVED) and other and can(user, APPROVE, batch.organisation)


def may_send(user: AnyUser, batch: Batch) -> bool:
    third = isinstance(user, User) and user.pk not in (batch.created_by_id, batch.approved_by_id)
    return batch.may_move(Batch.State.SENT) and third and can(user, PAY, batch.organisation)


def may_fetch(user: AnyUser, batch: Batch) -> bool:
    return bool(batch.file_number) and can(user, PAY, batch.organisation)


def may_answer(user: AnyUser, batch: Batch) -> bool:
    is_waiting = batch.state in (Batch.State.SENT, Batch.State.PARTLY_PAID) and not is_taking(batch)
    return is_waiting and can(user, PAY, batch.organisation)


def is_taking(batch: Batch) -> bool:
    """A job books an answer of this batch just now."""
    return batch.answers.filter(waiting_rows__gt=0, run__state__in=list(JobRun.MOVES)).exists()


def may_close(user: AnyUser, batch: Batch) -> bool:
    return not is_taking(batch) and batch.may_move(Batch.State.CLOSED) and can(user, PAY, batch.organisation)


def may_settle(user: AnyUser, answer: AnswerFile) -> bool:
    return answer.is_open and can(user, PAY, answer.batch.organisation)


def may_resolve(user: AnyUser, payment: Payment) -> bool:
    """Held, returned, left to hands: who prepares clears it up. Payers never touch bank data (RI 0.4)."""
    return can(user, PREPARE, payment.organisation)


def may_pay_by_hand(user: AnyUser, payment: Payment) -> bool:
    return payment.state == Payment.State.MANUAL and can(user, PAY, payment.organisation)


def may_recover(user: AnyUser, payment: Payment) -> bool:
    return payment.may_move(Payment.State.RECOVERING) and can(user, APPROVE, payment.organisation)


def may_book_recovery(user: AnyUser, payment: Payment) -> bool:
    return payment.may_move(Payment.State.RECOVERED) and can(user, PAY, payment.organisation)
