"""kill -9 at random moments of a paying process, two hundred times: every line is paid exactly once."""

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from tests.faults.bank import Bank
from yiwang.net.payments import actions
from yiwang.net.payments.models import Batch, Line, Payment
from yiwang.net.payments.tests.factories import make_fund
from yiwang.platform.jobs.models import JobRun
from yiwang.register.members.formulas import luhn_digit
from yiwang.register.members.models import Person

ROOT = Path(__file__).resolve().parents[2]
KILLS = 200
PORTION = 12
LONGEST = 0.35  # seconds: about as long as one portion takes


def make_payees(first: int, count: int) -> list[Person]:
    return Person.objects.bulk_create(
        [
            Person(name=f"职工{n}", id_number=f"x{n}", id_hash=f"{n:064}", phone_hash="")
            for n in range(first, first + count)
        ]
    )


def ask_for(fund, people, first: int) -> None:
    asks = []
    for n, person in enumerate(people, start=first):
        body = f"62284800{n:010}"
        account = actions.keep_account(
            person, number=body + luhn_digit(body), holder_name=person.name, kind="bank_card", by=None
        )
        asks.append(
            actions.Ask(
                source="test.kill", source_id=n, organisation=fund.organisation, fund=fund, item="living",
                payee=person, amount=Decimal(100 + n % 9), account=account, household=f"h{n}",
            )
        )  # fmt: skip
    actions.ask_payments(asks, by=None)


@pytest.fixture
def payer(tmp_path):
    """The warm parent; it never opens a connection of its own."""
    database = connection.settings_dict
    place = f"{database['HOST']}:{database['PORT']}/{database['NAME']}"
    environment = {
        **os.environ,
        "DATABASE_URL": f"postgresql://{database['USER']}:{database['PASSWORD']}@{place}",
        "YIWANG_VAR": str(settings.VAR_DIR),
        "DJANGO_SETTINGS_MODULE": "config.settings_test",
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
    }
    command = [sys.executable, "-m", "tests.faults.paying", str(tmp_path)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    with subprocess.Popen(command, env=environment, cwd=ROOT, text=True, **pipes) as running:
        assert running.stdout.readline().strip() == "ready"
        yield running
        running.stdin.close()
        running.wait()


def run_child(payer: subprocess.Popen, kill_after: float | None) -> int:
    """Its exit code: 0 when everything was paid, -9 when it was killed before."""
    payer.stdin.write("go\n")
    payer.stdin.flush()
    number = int(payer.stdout.readline())
    if kill_after is not None:
        time.sleep(kill_after)  # the moment of death is what is tried here, not something waited for
        with contextlib.suppress(ProcessLookupError):
            os.kill(number, signal.SIGKILL)
    said = payer.stdout.readline()
    if not said.startswith("ended"):
        raise AssertionError(said + "".join(iter(payer.stdout.readline, "")))
    return int(said.split()[1])


@pytest.mark.django_db(transaction=True)
def test_two_hundred_kills_pay_every_line_once(cast, tmp_path, payer):
    rng = random.Random(20261122)
    fund = make_fund(cast, budget="10000000")
    kills = fed = 0
    while kills < KILLS:
        if not Payment.objects.exclude(state="paid").exists():
            ask_for(fund, make_payees(fed, PORTION), fed)
            fed += PORTION
        kills += run_child(payer, rng.random() * LONGEST) == -signal.SIGKILL

    assert run_child(payer, None) == 0
    assert_paid_once(fund, Bank(tmp_path), fed)


def assert_paid_once(fund, bank: Bank, asked: int) -> None:
    assert Payment.objects.count() == asked
    assert not Payment.objects.exclude(state="paid").exists()
    paid = Counter(Line.objects.filter(state="paid").values_list("payment_id", flat=True))
    assert (len(paid), set(paid.values())) == (asked, {1})
    assert bank.complaints == []
    assert bank.paid() == Counter(
        (line.account_number, f"{line.amount:.2f}") for line in Line.objects.filter(state="paid")
    )
    assert Line.objects.filter(state="returned").exists()  # the way back was walked too
    assert_jobs_were_killed("payments.fill_batch")
    assert_jobs_were_killed("payments.reconcile")
    fund.refresh_from_db()
    assert (fund.committed, fund.paid) == (Decimal(0), sum(Payment.objects.values_list("amount", flat=True)))
    assert not Batch.objects.exclude(state__in=["closed", "cancelled"]).exists()


def assert_jobs_were_killed(name: str) -> None:
    """Else the kills would prove nothing about the job: some runs were taken up again half-way."""
    assert JobRun.objects.filter(name=name, attempt__gt=1, resumed_from__gt=0).exists()
