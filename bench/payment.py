"""50,000 payments prepared (asked, batched, locked, approved, sent as a file) and reconciled with the bank's answer."""

import gc
import os
import platform
import resource
import time
from decimal import Decimal
from typing import Any

from django.db import transaction

from yiwang.kernel.clock import now
from yiwang.kernel.copying import copy_rows
from yiwang.net.payments import actions
from yiwang.net.payments.formats import answer_file
from yiwang.net.payments.models import Account, Batch, Line
from yiwang.register.accounts.models import User
from yiwang.register.members.formulas import luhn_digit
from yiwang.register.members.models import Person
from yiwang.register.organisations.models import Organisation

COUNT = 50_000
OWED = 10.0  # seconds, for each half


class Undo(Exception):
    """Nothing of a benchmark stays."""


def run(count: int = COUNT) -> dict[str, Any]:
    """Prints one JSON document: seconds for preparing and for reconciling, and whether both keep the promise."""
    result: dict[str, Any] = {}
    try:
        with transaction.atomic():
            result = _measure(count)
            raise Undo
    except Undo:
        return result


def _measure(count: int) -> dict[str, Any]:
    county = Organisation.objects.filter(level=4).order_by("pk")[0]
    maker, checker, payer = (User.objects.create(phone=f"1999000000{n}", name=f"测{n}") for n in range(3))
    fund = actions.open_fund(
        county, kind="charity", year=2026, name="bench", budget=Decimal(10**9), by=checker, project_no="bench"
    )
    asks = _asks(county, fund, count)
    gc.collect()
    gc.freeze()  # what stands before payday is none of its garbage
    start, used = time.perf_counter(), time.process_time()
    actions.ask_payments(asks, by=maker)
    batch = actions.open_batch(county, fund=fund, item="living", channel="bank_card", by=maker)
    actions.lock_batch(batch, by=maker)
    batch.refresh_from_db()
    actions.approve_batch(batch, by=checker)
    actions.send_batch(batch, by=payer)
    batch.refresh_from_db()
    content = actions.note_fetched(batch, by=payer)
    prepared, prepared_cpu = time.perf_counter() - start, time.process_time() - used
    answer = _answer(batch)
    start, used = time.perf_counter(), time.process_time()
    actions.take_answer(batch, answer, name="bench.csv", by=payer)
    taken, taken_cpu = time.perf_counter() - start, time.process_time() - used
    paid = Line.objects.filter(batch=batch, state="paid").count()
    return {
        "name": "payment",
        "unit": "s",
        "payments": count,
        "prepared": round(prepared, 2),
        "reconciled": round(taken, 2),
        "processor": {
            "prepared": round(prepared_cpu, 2),
            "reconciled": round(taken_cpu, 2),
        },  # ours, without the database
        "load": round(os.getloadavg()[0], 1),
        "promise": OWED,
        "met": prepared <= OWED and taken <= OWED,
        "paid": paid,
        "file_mb": round(len(content) / 1e6, 1),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "machine": platform.machine(),
    }


def _asks(county: Organisation, fund: Any, count: int) -> list[actions.Ask]:
    """People and accounts exist before payday: writing them is not measured."""
    people = [Person(name=f"测{n}", id_number=f"bench{n}", id_hash=f"b{n:063}", phone_hash="") for n in range(count)]
    copy_rows(people)
    at = now()
    accounts = []
    for n, person in enumerate(people):
        body = f"62170099{n:010}"
        number = body + luhn_digit(body)
        accounts.append(
            Account(
                person=person, holder_name=person.name, kind="bank_card", number=number, number_hash=f"b{n:063}",
                tail=number[-4:], added_at=at,
            )
        )  # fmt: skip
    copy_rows(accounts)
    return [
        actions.Ask(
            source="bench", source_id=n, organisation=county, fund=fund, item="living", payee=account.person,
            amount=Decimal(500 + n % 7), account=account, household=f"b{n:063}",
        )
        for n, account in enumerate(accounts)
    ]  # fmt: skip


def _answer(batch: Batch) -> bytes:
    rows = [
        (number, int(amount * 100), "returned" if number % 50 == 0 else "paid", "账户冻结", "2026-11-06", f"R{number}")
        for number, amount in batch.lines.order_by("number").values_list("number", "amount")
    ]
    return answer_file(batch.file_number, rows)
