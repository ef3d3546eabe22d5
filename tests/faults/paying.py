"""A process that pays everything it finds, and can be killed between any two of its instructions.

It plays maker, checker, payer and the worker that fills batches and books answers, a few lines at a time; the bank
keeps its own book on disk. One warm parent forks a fresh child for each line on its standard input, tells its number,
and tells again when it has ended.
"""

import os
import sys
import traceback
from pathlib import Path

import django

django.setup()

from tests.faults.bank import Bank  # noqa: E402 -- after setup
from yiwang.kernel.states import ChangedMeanwhile  # noqa: E402
from yiwang.net.payments import actions  # noqa: E402
from yiwang.net.payments.actions import filling, reconciling  # noqa: E402
from yiwang.net.payments.errors import NothingReady  # noqa: E402
from yiwang.net.payments.models import Batch, Fund, Payment  # noqa: E402
from yiwang.platform.jobs.actions import run_long_job  # noqa: E402
from yiwang.register.accounts.models import User  # noqa: E402
from yiwang.register.members.formulas import luhn_digit  # noqa: E402

filling.AT_ONCE, filling.PORTION = 2, 4  # so that a batch of twelve is filled and answered by jobs, in portions
reconciling.AT_ONCE, reconciling.PORTION = 1, 4


def pay_everything(folder: Path) -> None:
    maker, checker, payer = (User.objects.get(phone=phone) for phone in ("13800000005", "13800000006", "13800000022"))
    fund = Fund.objects.get()
    bank = Bank(folder)
    while True:
        batch = Batch.objects.exclude(state__in=["closed", "cancelled"]).order_by("pk").first()
        if batch is not None:
            step(batch, bank, maker, checker, payer)
        elif Payment.objects.filter(state="returned").exists():
            send_returned_again()
        elif Payment.objects.filter(state="ready").exists():
            open_one(fund, maker)
        else:
            return


def step(batch, bank, maker, checker, payer) -> None:
    if batch.is_filling:
        run_long_job(batch.run_id)
    elif batch.state == "draft":
        actions.lock_batch(batch, by=maker)
    elif batch.state == "locked":
        actions.approve_batch(batch, by=checker)
    elif batch.state == "approved":
        actions.send_batch(batch, by=payer)
    elif batch.lines.filter(state="pending").exists() or batch.answers.filter(waiting_rows__gt=0).exists():
        content = actions.note_fetched(batch, by=payer)
        bank.pay(content)  # delivered twice: banks and networks repeat
        taken = actions.start_answer(batch, bank.pay(content), name="answer.csv", by=payer)
        if taken.is_taking:
            run_long_job(taken.run_id)
    else:
        actions.close_batch(batch, by=payer)


def open_one(fund, maker) -> None:
    try:
        actions.start_batch(fund.organisation, fund=fund, item="living", channel="bank_card", by=maker)
    except NothingReady:  # a dying sibling still holds them: its transaction ends in a moment
        return


def send_returned_again() -> None:
    for payment in Payment.objects.filter(state="returned").select_related("payee"):
        body = f"62170000{payment.pk:010}"
        account = actions.keep_account(
            payment.payee, number=body + luhn_digit(body), holder_name=payment.payee.name, kind="bank_card", by=None
        )
        try:
            actions.send_again(payment, account=account, by=None)
        except ChangedMeanwhile:
            continue


def serve(folder: Path) -> None:
    """Fork a child for each line; no database connection is open here, so none is shared."""
    say("ready")
    for _line in sys.stdin:
        number = os.fork()
        if number == 0:
            code = 0
            try:
                pay_everything(folder)
            except BaseException:
                traceback.print_exc()
                code = 3
            os._exit(code)
        say(str(number))
        _number, status = os.waitpid(number, 0)
        say(f"ended {os.waitstatus_to_exitcode(status)}")


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
