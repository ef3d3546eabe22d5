"""Funds, accounts, asking, batches: what is right and, beside it, what is refused."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from tests.racing import beside
from yiwang.kernel.states import ChangedMeanwhile, NotAllowedInState
from yiwang.net.payments import actions, errors, queries, registry
from yiwang.net.payments.actions import funds
from yiwang.net.payments.models import Account, Batch, Fund, FundEntry, Line, Payment
from yiwang.net.payments.tests.factories import (
    NOW,
    approved,
    card_number,
    drafted,
    locked,
    make_account,
    make_ask,
    make_fund,
    make_payment,
    sent,
)

pytestmark = pytest.mark.django_db

BATCH_MOVES = {
    ("draft", "locked"),
    ("draft", "cancelled"),
    ("locked", "approved"),
    ("locked", "cancelled"),
    ("approved", "sent"),
    ("approved", "cancelled"),
    ("sent", "partly_paid"),
    ("sent", "paid"),
    ("partly_paid", "paid"),
    ("partly_paid", "closed"),
    ("paid", "closed"),
}


@pytest.fixture
def fund(cast):
    return make_fund(cast)


def test_the_table_of_moves_is_that_of_the_handbook():
    assert {(str(was), str(to)) for was, tos in Batch.MOVES.items() for to in tos} == BATCH_MOVES


# Funds.


def test_a_fund_is_one_for_each_project_and_books_its_budget(cast, fund):
    assert fund.entries.get().amount == Decimal(100000)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_fund(cast, project_no=fund.project_no)


def test_a_budget_never_falls_below_what_is_promised(cast, fund):
    make_payment(fund, cast.wenjuan_person, amount="1000")
    locked(cast, fund)

    with pytest.raises(errors.BudgetTooSmall):
        actions.change_budget(fund, budget=Decimal("999.99"), reason="压减", by=cast.approver)
    with pytest.raises(errors.WordsNeeded):
        actions.change_budget(fund, budget=Decimal(5000), reason=" ", by=cast.approver)
    actions.change_budget(fund, budget=Decimal(1000), reason="压减", by=cast.approver)

    fund.refresh_from_db()
    assert (fund.budget, fund.free) == (Decimal(1000), Decimal(0))
    assert sum(entry.amount for entry in fund.entries.filter(kind="budget")) == Decimal(1000)


def test_a_fund_closes_when_its_batches_are_closed_and_then_takes_nothing(cast, fund):
    make_payment(fund, cast.wenjuan_person)
    batch = drafted(cast, fund)
    with pytest.raises(errors.FundHasOpenBatches):
        actions.close_fund(fund, by=cast.approver)
    actions.cancel_batch(batch, reason="重做", by=cast.handler)
    actions.close_fund(fund, by=cast.approver)
    fund.refresh_from_db()

    with pytest.raises(errors.FundClosedNow):
        drafted(cast, fund)
    with pytest.raises(errors.FundClosedNow):
        actions.change_budget(fund, budget=Decimal(1), reason="开", by=cast.approver)


def test_a_closed_fund_promises_nothing_though_it_has_money(cast, fund):
    actions.close_fund(fund, by=cast.approver)

    with pytest.raises(errors.FundClosedNow):
        funds.commit(fund.pk, Decimal(1))
    fund.refresh_from_db()
    assert (fund.committed, fund.free) == (Decimal(0), Decimal(100000))


def test_the_last_yuan_is_promised_once(cast):
    fund = make_fund(cast, budget="1500")
    make_payment(fund, cast.wenjuan_person, amount="1000")
    first = drafted(cast, fund)
    make_payment(fund, cast.stranger_person, amount="1000")
    second = drafted(cast, fund)
    actions.lock_batch(first, by=cast.handler)

    with pytest.raises(errors.FundSpent, match=r"500\.00"):
        actions.lock_batch(second, by=cast.handler)

    fund.refresh_from_db()
    assert fund.committed == Decimal(1000)
    with pytest.raises(IntegrityError), transaction.atomic():
        Fund.objects.filter(pk=fund.pk).update(committed=Decimal("1500.01"))


# Accounts.


@pytest.mark.parametrize("number", ["123", "62284800000000001x9", "6228480000000000017"])
def test_a_number_that_is_no_account_is_refused(cast, number):
    with pytest.raises(errors.BadAccount):
        make_account(cast.wenjuan_person, number=number)


def test_an_account_is_kept_once_and_replaced_by_another(cast):
    first = make_account(cast.wenjuan_person, number=card_number(7))
    again = make_account(cast.wenjuan_person, number=f" {card_number(7)[:4]} {card_number(7)[4:]}")
    second = make_account(cast.wenjuan_person, number=card_number(8), bank_code="1023 0500 0013")

    first.refresh_from_db()
    assert (again.pk, first.is_current, second.bank_code) == (first.pk, False, "102305000013")
    assert queries.account_of(cast.wenjuan_person) == second
    assert b"62284800" not in bytes(Account.objects.values_list("number_hash", flat=True)[0].encode())


def test_an_account_that_belongs_to_someone_else_is_refused(cast):
    make_account(cast.stranger_person, number=card_number(9))

    with pytest.raises(errors.AccountOfAnother, match="别人名下"):
        make_account(cast.wenjuan_person, number=card_number(9))
    with pytest.raises(errors.HolderDiffers, match="孙志伟"):
        make_account(cast.wenjuan_person, holder_name="孙志伟")
    assert not Account.objects.filter(person=cast.wenjuan_person).exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_name_one_account_at_once_the_later_is_refused_and_keeps_the_one_before(cast):
    before = make_account(cast.stranger_person)
    with transaction.atomic():
        kept = make_account(cast.wenjuan_person)
        later = beside(lambda: make_account(cast.stranger_person, number=kept.number))
        assert not later.done()

    with pytest.raises(errors.AccountOfAnother):
        later.result()
    assert set(Account.objects.filter(is_current=True)) == {kept, before}


def test_a_guardian_needs_proof(cast):
    with pytest.raises(errors.ProofMissing):
        make_account(cast.wenjuan_person, holder="guardian", holder_name="周大勇")
    kept = make_account(cast.wenjuan_person, holder="guardian", holder_name="周大勇", proof="户口簿")
    assert kept.holder_name == "周大勇"


def test_a_bank_code_has_twelve_digits(cast):
    with pytest.raises(errors.BadBankCode):
        make_account(cast.wenjuan_person, bank_code="1234")


# Asking.


def test_asking_again_is_the_same_payment(cast, fund):
    make_account(cast.wenjuan_person)
    ask = make_ask(fund, cast.wenjuan_person)

    first = actions.ask_payment(ask, by=cast.handler, now=NOW)
    second = actions.ask_payment(ask, by=cast.handler, now=NOW)

    assert first.pk == second.pk
    assert first.purpose == "工会生活帮扶金"
    with pytest.raises(errors.AskedDifferently):
        actions.ask_payment(make_ask(fund, cast.wenjuan_person, source_id=ask.source_id, amount="2"), by=None)


@pytest.mark.parametrize("amount", ["0", "-1", "1.005"])
def test_absurd_amounts_are_refused(cast, fund, amount):
    with pytest.raises(errors.BadSum):
        make_payment(fund, cast.wenjuan_person, amount=amount)


@pytest.mark.parametrize("purpose", ["肺癌救助款", "透析补助", "困难补助"])
def test_a_purpose_tells_nothing(cast, fund, purpose):
    with pytest.raises(errors.TellingPurpose):
        make_payment(fund, cast.wenjuan_person, purpose=purpose)


def test_a_fund_pays_only_what_it_is_for(cast):
    fund = make_fund(cast, items=["education"])
    with pytest.raises(errors.ItemNotAllowed):
        make_payment(fund, cast.wenjuan_person)
    with pytest.raises(errors.ItemNotAllowed):
        drafted(cast, fund)


def test_without_account_it_is_held_until_there_is_one(cast, fund):
    payment = make_payment(fund, cast.wenjuan_person, account=None)
    assert (payment.state, payment.hold_reason) == ("held", "还没有收款账户")
    with pytest.raises(errors.WordsNeeded):
        actions.release_payment(payment, reason="有了", by=cast.handler)

    account = make_account(cast.wenjuan_person)
    actions.release_payment(payment, reason="有了", account=account, by=cast.handler)
    assert payment.state == "ready"


def test_one_account_for_two_households_is_looked_at_by_a_person(cast, fund):
    guarded = {"holder": "guardian", "holder_name": "周大勇", "proof": "户口簿", "number": card_number(40)}
    one = make_account(cast.wenjuan_person, **guarded)
    other = make_account(cast.stranger_person, **guarded)
    first = make_payment(fund, cast.wenjuan_person, account=one)

    second = make_payment(fund, cast.stranger_person, account=other)

    assert (first.state, second.state) == ("ready", "held")
    assert "另一户" in second.hold_reason


def test_a_held_payment_is_released_with_a_reason_only(cast, fund):
    payment = make_payment(fund, cast.wenjuan_person)
    actions.hold_payment(payment, reason="核实", by=cast.handler)

    with pytest.raises(errors.WordsNeeded):
        actions.release_payment(payment, reason=" ", by=cast.handler)
    payment.refresh_from_db()
    assert payment.state == "held"


def test_held_and_cancelled_payments_stay_out_of_batches(cast, fund):
    one, two = (make_payment(fund, cast.wenjuan_person) for _ in range(2))
    with pytest.raises(errors.WordsNeeded):
        actions.hold_payment(one, reason="", by=cast.handler)
    with pytest.raises(errors.WordsNeeded):
        actions.cancel_payment(two, reason="", by=cast.handler)
    actions.hold_payment(one, reason="地址对不上", by=cast.handler)
    actions.cancel_payment(two, reason="申请撤回", by=cast.handler)

    with pytest.raises(errors.NothingReady):
        drafted(cast, fund)


# Batches.


def test_a_batch_takes_what_is_ready_of_its_channel_only(cast, fund):
    here = make_payment(fund, cast.wenjuan_person)
    make_account(cast.stranger_person, kind="bank_card")
    elsewhere = make_payment(fund, cast.stranger_person)

    batch = drafted(cast, fund)

    assert [line.payment for line in batch.lines.all()] == [here]
    elsewhere.refresh_from_db()
    assert (elsewhere.state, batch.line_count, batch.total) == ("ready", 1, Decimal(1000))
    assert batch.number.startswith("发放2026-")
    with pytest.raises(errors.InBatch):
        actions.hold_payment(Payment.objects.get(pk=here.pk), reason="晚了", by=cast.handler)


def test_maker_checker_and_payer_are_three_people(cast, fund):
    make_payment(fund, cast.wenjuan_person)
    batch = locked(cast, fund)
    with pytest.raises(errors.SamePerson):
        actions.approve_batch(batch, by=cast.handler)
    actions.approve_batch(batch, by=cast.approver, note="同意")
    for same in (cast.approver, cast.handler):
        with pytest.raises(errors.SamePerson):
            actions.send_batch(batch, by=same)
    actions.send_batch(batch, by=cast.finance)
    with pytest.raises(IntegrityError), transaction.atomic():
        Batch.objects.filter(pk=batch.pk).update(approved_by=cast.handler)


def test_a_cancelled_batch_gives_everything_back(cast, fund):
    payment = make_payment(fund, cast.wenjuan_person)
    batch = locked(cast, fund)
    with pytest.raises(errors.WordsNeeded):
        actions.cancel_batch(batch, reason=" ", by=cast.handler)

    actions.cancel_batch(batch, reason="金额要改", by=cast.handler)

    fund.refresh_from_db()
    payment.refresh_from_db()
    assert (fund.committed, payment.state, payment.attempts) == (Decimal(0), "ready", 0)
    kinds = list(fund.entries.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["budget", "commit", "release"]
    assert drafted(cast, fund).line_count == 1


def test_nothing_leads_back_from_a_sent_batch(cast, fund):
    make_payment(fund, cast.wenjuan_person)
    batch = sent(cast, fund)
    with pytest.raises(NotAllowedInState):
        actions.cancel_batch(batch, reason="反悔", by=cast.handler)
    stale = Batch.objects.get(pk=batch.pk)
    stale.state = "approved"
    with pytest.raises(ChangedMeanwhile):
        actions.approve_batch(Batch(pk=batch.pk, state="locked", created_by=cast.handler), by=cast.approver)


def test_what_may_not_be_paid_any_more_is_left_out_at_the_lock(cast, fund, monkeypatch):
    good = make_payment(fund, cast.wenjuan_person)
    bad = make_payment(fund, cast.stranger_person)
    monkeypatch.setitem(registry.DOUBTS, "test.grant", lambda ids: {bad.source_id: "档案已经关闭"})
    batch = drafted(cast, fund)

    actions.lock_batch(batch, by=cast.handler)

    batch.refresh_from_db()
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (batch.line_count, batch.total, good.state) == (1, Decimal(1000), "batched")
    assert (bad.state, bad.hold_reason) == ("held", "档案已经关闭")


def test_a_batch_with_nothing_left_is_not_locked(cast, fund, monkeypatch):
    bad = make_payment(fund, cast.wenjuan_person)
    monkeypatch.setitem(registry.DOUBTS, "test.grant", lambda ids: {bad.source_id: "档案已经关闭"})
    batch = drafted(cast, fund)
    with pytest.raises(errors.EmptyBatch):
        actions.lock_batch(batch, by=cast.handler)


def test_a_live_line_exists_once_whatever_the_code_does(cast, fund):
    make_payment(fund, cast.wenjuan_person)
    line = sent(cast, fund).lines.get()
    line.pk, line.number = None, 2
    with pytest.raises(IntegrityError, match="line_is_live_or_paid_once"), transaction.atomic():
        line.save(force_insert=True)


# Sending.


@pytest.mark.parametrize("channel", ["social_card", "bank_card"])
def test_the_file_is_the_same_whenever_it_is_fetched(cast, fund, channel):
    make_account(cast.wenjuan_person, kind=channel)
    make_payment(fund, cast.wenjuan_person)
    batch = approved(cast, fund, channel=channel)
    with pytest.raises(errors.FileAltered):
        actions.note_fetched(batch, by=cast.finance)
    actions.send_batch(batch, by=cast.finance)
    batch.refresh_from_db()

    one, two = (actions.note_fetched(batch, by=cast.finance) for _ in range(2))

    assert one == two
    assert "周文娟".encode("gb18030") in one
    assert batch.answer_due_at > batch.sent_at
    with pytest.raises(NotAllowedInState):
        actions.send_batch(batch, by=cast.finance)


def test_altered_lines_are_not_given_out(cast, fund):
    make_payment(fund, cast.wenjuan_person)
    batch = sent(cast, fund)
    Line.objects.filter(batch=batch).update(amount=Decimal(9999))
    with pytest.raises(errors.FileAltered):
        actions.note_fetched(batch, by=cast.finance)


def test_a_payment_that_left_the_batch_stops_the_sending(cast, fund):
    make_payment(fund, cast.wenjuan_person)
    batch = approved(cast, fund)
    Payment.objects.update(state="ready")
    with pytest.raises(errors.FileAltered):
        actions.send_batch(batch, by=cast.finance)
    batch.refresh_from_db()
    assert (batch.state, batch.file_number) == ("approved", "")


def test_the_ledger_says_the_same_as_the_fund(cast, fund):
    make_payment(fund, cast.wenjuan_person)
    locked(cast, fund)
    fund.refresh_from_db()
    booked = dict(fund.entries.values_list("kind", "amount"))
    assert booked == {FundEntry.Kind.BUDGET: fund.budget, FundEntry.Kind.COMMIT: fund.committed}
    assert queries.entries_of(fund).first().at <= dt.datetime.now(dt.UTC)
