"""Funds, accounts and payments for tests: dull, and every state reached through actions."""

import datetime as dt
from decimal import Decimal
from itertools import count
from typing import Any

from yiwang.net.payments import actions
from yiwang.net.payments.formats import answer_file
from yiwang.net.payments.models import Account, Batch, Fund, Payment
from yiwang.register.members.formulas import luhn_digit

NOW = dt.datetime(2026, 11, 5, 2, 0, tzinfo=dt.UTC)  # a Thursday
NUMBERS = count(1)


def card_number(n: int) -> str:
    """A card of nineteen digits that passes the test of its last."""
    body = f"62284800{n:010}"
    return body + luhn_digit(body)


def make_fund(cast: Any, *, budget: str = "100000", **more: Any) -> Fund:
    given = {"kind": "union_county", "year": 2026, "name": "昆山市总工会帮扶金", "now": NOW, **more}
    given.setdefault("project_no", f"P{next(NUMBERS)}")
    organisation = given.pop("organisation", cast.county)
    by = given.pop("by", cast.approver)
    return actions.open_fund(organisation, budget=Decimal(budget), by=by, **given)


def make_account(person: Any, *, number: str = "", **more: Any) -> Account:
    given = {"holder_name": person.name, "bank_name": "昆山农商行", "by": None, "now": NOW, **more}
    return actions.keep_account(person, number=number or card_number(next(NUMBERS)), **given)


def make_ask(fund: Fund, person: Any, *, amount: str = "1000", **more: Any) -> actions.Ask:
    given = {"source": "test.grant", "item": "living", "household": f"h{person.pk}", **more}
    given.setdefault("source_id", next(NUMBERS))
    given.setdefault("account", Account.objects.filter(person=person, is_current=True).first())
    return actions.Ask(organisation=fund.organisation, fund=fund, payee=person, amount=Decimal(amount), **given)


def make_payment(fund: Fund, person: Any, **more: Any) -> Payment:
    by = more.pop("by", None)
    if not Account.objects.filter(person=person, is_current=True).exists() and "account" not in more:
        make_account(person)
    return actions.ask_payment(make_ask(fund, person, **more), by=by, now=NOW)


def drafted(cast: Any, fund: Fund, *, item: str = "living", channel: str = "social_card") -> Batch:
    return actions.open_batch(fund.organisation, fund=fund, item=item, channel=channel, by=cast.handler, now=NOW)


def locked(cast: Any, fund: Fund, **more: Any) -> Batch:
    batch = drafted(cast, fund, **more)
    actions.lock_batch(batch, by=cast.handler, now=NOW)
    batch.refresh_from_db()
    return batch


def approved(cast: Any, fund: Fund, **more: Any) -> Batch:
    batch = locked(cast, fund, **more)
    actions.approve_batch(batch, by=cast.approver, now=NOW)
    return batch


def sent(cast: Any, fund: Fund, **more: Any) -> Batch:
    batch = approved(cast, fund, **more)
    actions.send_batch(batch, by=cast.finance, now=NOW)
    batch.refresh_from_db()
    return batch


def answer_for(batch: Batch, *, returned: dict[int, str] | None = None, only: set[int] | None = None) -> bytes:
    """What the bank says: everything paid but the lines named, with their reasons."""
    returned = returned or {}
    rows = []
    for line in batch.lines.exclude(state="withdrawn").order_by("number"):
        if only is not None and line.number not in only:
            continue
        fen = int(line.amount * 100)
        if line.number in returned:
            rows.append((line.number, fen, "returned", returned[line.number], "", ""))
        else:
            rows.append((line.number, fen, "paid", "", "2026-11-06", f"HD{batch.pk}-{line.number}"))
    return answer_file(batch.file_number, rows)
