"""What the bank answers: booked once, nothing lost, what fits nothing waits for a person."""

from decimal import Decimal

import pytest

from yiwang.kernel.states import ChangedMeanwhile, NotAllowedInState
from yiwang.net.payments import actions, errors
from yiwang.net.payments.formats import answer_file
from yiwang.net.payments.models import AnswerFile, Line, Payment
from yiwang.net.payments.tests.factories import (
    NOW,
    answer_for,
    approved,
    card_number,
    drafted,
    make_account,
    make_fund,
    make_payment,
    sent,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def fund(cast):
    return make_fund(cast)


@pytest.fixture
def batch(cast, fund):
    for person in (cast.wenjuan_person, cast.stranger_person, cast.courier_person):
        make_payment(fund, person)
    return sent(cast, fund)


def take(batch, content, cast, name="回执.csv"):
    return actions.take_answer(batch, content, name=name, by=cast.finance, now=NOW)


def states(batch):
    return list(batch.lines.order_by("number").values_list("state", flat=True))


def test_all_paid_and_closed(cast, fund, batch):
    answer = take(batch, answer_for(batch), cast)
    batch.refresh_from_db()
    assert (answer.paid_count, answer.returned_count, answer.problems, batch.state) == (3, 0, [], "paid")

    actions.close_batch(batch, by=cast.finance)

    fund.refresh_from_db()
    assert (fund.paid, fund.committed) == (Decimal(3000), Decimal(0))
    assert set(Payment.objects.values_list("state", flat=True)) == {"paid"}
    with pytest.raises(NotAllowedInState):
        actions.close_batch(batch, by=cast.finance)


def test_the_same_answer_again_changes_nothing(cast, fund, batch):
    content = answer_for(batch, returned={2: "户名不符"})
    first = take(batch, content, cast)
    again = take(batch, content, cast)

    fund.refresh_from_db()
    assert first.pk == again.pk
    assert (fund.paid, fund.committed) == (Decimal(2000), Decimal(0))
    assert states(batch) == ["paid", "returned", "paid"]
    assert batch.lines.get(number=2).return_code == "name"
    assert fund.entries.filter(kind="paid").count() == 1


def test_a_longer_answer_after_a_shorter_one_books_the_rest(cast, fund, batch):
    take(batch, answer_for(batch, only={1}), cast)
    batch.refresh_from_db()
    assert batch.state == "partly_paid"
    with pytest.raises(errors.NotYetAnswered, match="2笔"):
        actions.close_batch(batch, by=cast.finance)

    second = take(batch, answer_for(batch), cast)

    fund.refresh_from_db()
    assert (second.paid_count, second.problems, fund.paid) == (2, [], Decimal(3000))


def test_an_unknown_line_is_kept_for_a_person_and_the_rest_is_booked(cast, fund, batch):
    rows = [(n, 100000, "paid", "", "2026-11-06", f"R{n}") for n in (1, 2, 3, 99)]
    answer = take(batch, answer_file(batch.file_number, rows), cast)
    batch.refresh_from_db()

    assert (answer.paid_count, [p["code"] for p in answer.problems]) == (3, ["unknown_line"])
    with pytest.raises(errors.AnswerUnsettled):
        actions.close_batch(batch, by=cast.finance)
    with pytest.raises(errors.WordsNeeded):
        actions.settle_answer(answer, note=" ", by=cast.finance)
    actions.settle_answer(answer, note="银行查明是别的单位的一笔，已经更正", by=cast.finance)
    actions.close_batch(batch, by=cast.finance)
    assert batch.answers.get().settled_by == cast.finance


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ((1, 1, "paid", "", "2026-11-06", "R1"), "other_amount"),
        ((1, 100000, "returned", "其他", "", ""), "twice"),
    ],
)
def test_odd_rows_change_nothing(cast, batch, row, code):
    good = (1, 100000, "paid", "", "2026-11-06", "R1")
    rows = [good, row] if code == "twice" else [row]
    answer = take(batch, answer_file(batch.file_number, rows), cast)
    assert [problem["code"] for problem in answer.problems] == [code]
    assert Line.objects.filter(state="paid").count() == (1 if code == "twice" else 0)


def test_a_later_contradiction_changes_nothing(cast, fund, batch):
    take(batch, answer_for(batch, only={1}), cast)
    rows = [(1, 100000, "returned", "账户冻结", "", ""), (2, 100000, "paid", "", "2026-11-06", "R2")]
    answer = take(batch, answer_file(batch.file_number, rows), cast)
    assert [problem["code"] for problem in answer.problems] == ["contradicts"]
    assert states(batch) == ["paid", "paid", "pending"]


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda content: content[:-20], "不完整|读不懂"),
        (lambda content: content[: len(content) // 2], "不完整"),
        (lambda content: b"", "文件头"),
        (lambda content: b"\xff\xfe\x81", "编码|文件头"),
        (lambda content: content.replace(b"T,3,", b"T,4,"), "对不上"),
        (lambda content: content.replace(b"R,2,", b"R,x,"), "第3行"),
        (lambda content: content.replace(b"H,YW", b"H,XX"), "不是这个批次"),
        (lambda content: content.replace(b",0,,", b",7,,"), "第2行"),
    ],
)
def test_a_spoilt_file_is_refused_whole(cast, fund, batch, spoil, words):
    with pytest.raises(errors.BadAnswer, match=words):
        take(batch, spoil(answer_for(batch)), cast)

    assert states(batch) == ["pending"] * 3
    assert not AnswerFile.objects.exists()
    take(batch, answer_for(batch), cast)
    assert states(batch) == ["paid"] * 3


def test_an_answer_is_taken_whole_or_not_at_all(cast, fund, batch):
    Payment.objects.filter(payee_id=cast.stranger_person.pk).update(state="cancelled")

    with pytest.raises(ChangedMeanwhile):
        take(batch, answer_for(batch), cast)

    fund.refresh_from_db()
    assert (fund.paid, fund.committed) == (Decimal(0), Decimal(3000))
    assert states(batch) == ["pending"] * 3
    assert not AnswerFile.objects.exists()


def test_a_batch_that_was_not_sent_takes_no_answer(cast, fund):
    make_payment(fund, cast.wenjuan_person)
    batch = approved(cast, fund)
    with pytest.raises(errors.BadAnswer):
        take(batch, answer_file("YWOTHER", []), cast)


def test_a_closed_batch_takes_no_new_answer(cast, fund, batch):
    take(batch, answer_for(batch), cast)
    batch.refresh_from_db()
    actions.close_batch(batch, by=cast.finance)
    rows = [(1, 100000, "returned", "其他", "", "")]
    with pytest.raises(errors.AnswerNotExpected):
        take(batch, answer_file(batch.file_number, rows), cast)


def test_a_returned_payment_goes_into_another_batch_twice_at_most(cast, fund):
    payment = make_payment(fund, cast.wenjuan_person)
    for turn in range(3):
        batch = sent(cast, fund)
        take(batch, answer_for(batch, returned={1: "账户销户"}), cast)
        payment.refresh_from_db()
        assert (payment.state, payment.attempts) == ("returned", turn + 1)
        if turn < 2:
            account = make_account(cast.wenjuan_person, number=card_number(60 + turn))
            actions.send_again(payment, account=account, by=cast.handler)
    with pytest.raises(errors.TooManyAttempts):
        actions.send_again(payment, account=account, by=cast.handler)

    actions.leave_to_hands(payment, by=cast.handler)
    with pytest.raises(errors.WordsNeeded):
        actions.pay_by_hand(payment, voucher="", by=cast.finance)
    actions.pay_by_hand(payment, voucher="柜面20261110-3", by=cast.finance)

    fund.refresh_from_db()
    assert (payment.state, fund.paid, fund.committed) == ("paid", Decimal(1000), Decimal(0))
    assert payment.lines.filter(state="returned").count() == 3


def test_what_was_paid_by_mistake_comes_back_to_the_fund(cast, fund, batch):
    take(batch, answer_for(batch), cast)
    payment = Payment.objects.first()
    with pytest.raises(errors.WordsNeeded):
        actions.start_recovery(payment, reason="", by=cast.approver)
    actions.start_recovery(payment, reason="虚报收入", by=cast.approver)
    with pytest.raises(errors.WordsNeeded):
        actions.recover_payment(payment, voucher=" ", by=cast.finance)
    actions.recover_payment(payment, voucher="收回1号", by=cast.finance)

    fund.refresh_from_db()
    assert (payment.state, fund.paid, fund.free) == ("recovered", Decimal(2000), Decimal(98000))


def test_a_file_whose_sums_differ_is_not_closed(cast, fund, batch):
    take(batch, answer_for(batch), cast)
    batch.refresh_from_db()
    Line.objects.filter(batch=batch, number=1).update(amount=Decimal(1))
    with pytest.raises(errors.SumsDiffer):
        actions.close_batch(batch, by=cast.finance)


def test_a_paid_payment_is_not_drafted_again(cast, fund, batch):
    take(batch, answer_for(batch), cast)
    with pytest.raises(errors.NothingReady):
        drafted(cast, fund)
