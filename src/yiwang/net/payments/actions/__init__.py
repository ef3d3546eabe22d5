"""The only writers of money: one function for each verb."""

from yiwang.net.payments.actions.accounts import keep_account
from yiwang.net.payments.actions.answers import close_batch, settle_answer, take_answer
from yiwang.net.payments.actions.asking import (
    Ask,
    ask_payment,
    ask_payments,
    cancel_payment,
    hold_payment,
    recover_payment,
    release_payment,
    start_recovery,
)
from yiwang.net.payments.actions.batches import approve_batch, cancel_batch, lock_batch, open_batch
from yiwang.net.payments.actions.filling import start_batch
from yiwang.net.payments.actions.funds import change_budget, close_fund, open_fund
from yiwang.net.payments.actions.reconciling import start_answer
from yiwang.net.payments.actions.returns import leave_to_hands, pay_by_hand, send_again
from yiwang.net.payments.actions.sending import note_fetched, send_batch

__all__ = [
    "Ask",
    "approve_batch",
    "ask_payment",
    "ask_payments",
    "cancel_batch",
    "cancel_payment",
    "change_budget",
    "close_batch",
    "close_fund",
    "hold_payment",
    "keep_account",
    "leave_to_hands",
    "lock_batch",
    "note_fetched",
    "open_batch",
    "open_fund",
    "pay_by_hand",
    "recover_payment",
    "release_payment",
    "send_again",
    "send_batch",
    "settle_answer",
    "start_answer",
    "start_batch",
    "start_recovery",
    "take_answer",
]
