"""Pages of money: each right beside each refusal, and what a list costs."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from yiwang.net.payments import actions
from yiwang.net.payments.models import Account, Batch, Fund, Payment
from yiwang.net.payments.tests.factories import (
    answer_for,
    approved,
    card_number,
    locked,
    make_account,
    make_fund,
    make_payment,
    sent,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def fund(cast):
    return make_fund(cast)


def url(name, *args):
    return reverse(f"payments:{name}", args=args)


def test_a_batch_goes_its_way_through_three_desks(client_of, cast, fund):
    make_payment(fund, cast.wenjuan_person)
    maker, checker, payer = (client_of(user) for user in (cast.handler, cast.approver, cast.finance))
    page = maker.get(url("batch-list")).text
    assert 'name="channel"' in page
    assert 'name="channel"' not in checker.get(url("batch-list")).text
    wanted = {"fund": fund.public_id, "item": "living", "channel": "social_card"}
    maker.post(url("batch-new"), wanted)
    batch = Batch.objects.get()
    at = batch.public_id

    assert "没有待发放" in maker.post(url("batch-new"), wanted).text
    assert maker.post(url("batch-new"), {**wanted, "item": "x"}).status_code == 404
    assert client_of(cast.finance).post(url("batch-act", at, "lock")).status_code == 403
    maker.post(url("batch-act", at, "lock"))
    assert maker.post(url("batch-act", at, "approve")).status_code == 403
    checker.post(url("batch-act", at, "approve"), {"note": "同意"})
    assert checker.post(url("batch-act", at, "send")).status_code == 403
    payer.post(url("batch-act", at, "send"))
    assert maker.post(url("batch-file", at)).status_code == 403
    file = payer.post(url("batch-file", at))
    assert file.headers["Cache-Control"] == "no-store"
    batch.refresh_from_db()
    assert batch.file_number.encode() in file.content
    upload = SimpleUploadedFile("回执.csv", answer_for(batch)[:-9])
    assert "不完整" in payer.post(url("batch-answer", at), {"file": upload}).text
    payer.post(url("batch-answer", at), {"file": SimpleUploadedFile("回执.csv", answer_for(batch))})
    payer.post(url("batch-act", at, "close"))
    assert "已对平" in payer.get(url("batch-detail", at)).text
    assert payer.post(url("batch-act", at, "nonsense")).status_code == 404
    assert payer.post(url("batch-answer", at)).status_code == 403


def test_an_unknown_line_is_settled_on_the_page(client_of, cast, fund):
    make_payment(fund, cast.wenjuan_person)
    batch = sent(cast, fund)
    payer = client_of(cast.finance)
    content = answer_for(batch).replace(b"R,1,", b"R,9,")
    payer.post(url("batch-answer", batch.public_id), {"file": SimpleUploadedFile("a.csv", content)})
    assert "批次里没有这一行" in payer.get(url("batch-detail", batch.public_id)).text
    settle = url("answer-settle", batch.answers.get().public_id)

    assert client_of(cast.handler).post(settle, {"note": "x"}).status_code == 403
    assert 'role="alert"' in payer.post(settle, {"note": ""}).text
    payer.post(settle, {"note": "银行弄错了，已经更正"})
    assert payer.post(settle, {"note": "再写"}).status_code == 403


def test_altered_lines_give_no_file(client_of, cast, fund):
    make_payment(fund, cast.wenjuan_person)
    batch = sent(cast, fund)
    batch.lines.update(holder_name="别人")
    assert client_of(cast.finance).post(url("batch-file", batch.public_id)).status_code == 409


def test_a_returned_payment_is_corrected_and_goes_again(client_of, cast, fund):
    payment = make_payment(fund, cast.wenjuan_person)
    batch = sent(cast, fund)
    actions.take_answer(batch, answer_for(batch, returned={1: "户名不符"}), name="a", by=cast.finance)
    desk = client_of(cast.handler)
    at = payment.public_id
    assert "户名不符" in desk.get(url("payment-detail", at)).text
    given = {
        "kind": "social_card",
        "holder_name": "周文",
        "number": card_number(90),
        "bank_name": "x",
        "holder": "self",
    }

    assert "对不上" in desk.post(url("payment-act", at, "correct"), given).text
    assert client_of(cast.finance).post(url("payment-act", at, "correct"), given).status_code == 403
    desk.post(url("payment-act", at, "correct"), {**given, "holder_name": "周文娟"})

    payment.refresh_from_db()
    assert (payment.state, payment.account.tail) == ("ready", card_number(90)[-4:])
    assert desk.post(url("payment-act", at, "nonsense")).status_code == 404


def test_by_hand_recovered_held_released_cancelled(client_of, cast, fund):
    desk, payer, leader = (client_of(user) for user in (cast.handler, cast.finance, cast.approver))
    payment = make_payment(fund, cast.wenjuan_person)
    batch = sent(cast, fund)
    actions.take_answer(batch, answer_for(batch, returned={1: "户名不符"}), name="a", by=cast.finance)
    act = lambda key: url("payment-act", payment.public_id, key)  # noqa: E731 -- short
    desk.post(act("again"))
    desk.post(act("hold"), {"reason": "先核实"})
    desk.post(act("release"), {"reason": "核实了"})
    payment.refresh_from_db()
    assert payment.state == "ready"
    Payment.objects.update(state="returned")
    desk.post(act("manual"))
    payer.post(act("by-hand"), {"voucher": "柜面1"})
    leader.post(act("recover"), {"reason": "发错"})
    payer.post(act("recovered"), {"voucher": "收回1"})
    payment.refresh_from_db()
    assert payment.state == "recovered"
    other = make_payment(fund, cast.stranger_person, account=None)
    desk.post(url("payment-act", other.public_id, "cancel"), {"reason": "撤回"})
    other.refresh_from_db()
    assert other.state == "cancelled"


def test_funds_are_opened_changed_and_closed(client_of, cast):
    desk, leader = client_of(cast.handler), client_of(cast.approver)
    given = {
        "organisation": cast.county.public_id, "kind": "charity", "year": "2026", "name": "爱心捐款", "budget": "5,000",
        "items": ["warmth"],
    }  # fmt: skip
    assert leader.post(url("fund-new"), given).status_code == 403
    assert "不是金额" in desk.post(url("fund-new"), {**given, "budget": "五千"}).text
    assert "负数" in desk.post(url("fund-new"), {**given, "budget": "-1"}).text
    desk.post(url("fund-new"), given)
    assert "已经有同一来源" in desk.post(url("fund-new"), given).text
    fund = Fund.objects.get()
    at = fund.public_id

    assert desk.post(url("fund-act", at, "budget"), {"budget": "1", "reason": "x"}).status_code == 403
    leader.post(url("fund-act", at, "budget"), {"budget": "6000", "reason": "又捐了"})
    assert "6,000.00" in desk.get(url("fund-detail", at)).text
    assert desk.get(url("fund-detail", at) + "?export=xlsx").content[:2] == b"PK"
    assert leader.post(url("fund-act", at, "nonsense")).status_code == 404
    leader.post(url("fund-act", at, "close"))
    assert leader.post(url("fund-act", at, "close")).status_code == 403


def test_others_see_nothing_of_a_countys_money(client_of, cast, fund):
    payment = make_payment(fund, cast.wenjuan_person)
    batch = locked(cast, fund)
    other = client_of(cast.sibling_handler)
    for name, record in (("batch-detail", batch), ("payment-detail", payment), ("fund-detail", fund)):
        assert other.get(url(name, record.public_id)).status_code == 404
        assert client_of(cast.wenjuan).get(url(name, record.public_id)).status_code == 403
        assert client_of(cast.audit).get(url(name, record.public_id)).status_code == 200
    assert other.post(url("batch-act", batch.public_id, "cancel"), {"reason": "x"}).status_code == 404


def test_a_worker_sees_their_money_and_keeps_their_account(client_of, cast, fund):
    me = client_of(cast.wenjuan)
    assert "还没有收款账户" in me.get(url("own-list")).text
    given = {"kind": "social_card", "holder_name": "周文娟", "number": card_number(91), "bank_name": "昆山农商行"}
    assert "别人" not in me.post(url("own-account"), {**given, "number": "1"}).text
    me.post(url("own-account"), given)
    make_payment(fund, cast.wenjuan_person)
    page = me.get(url("own-list")).text
    assert "1,000.00" in page
    assert card_number(91) not in page
    assert "1,000.00" not in client_of(cast.stranger).get(url("own-list")).text
    assert client_of(cast.handler).get(url("own-account")).status_code == 403
    assert Account.objects.get().holder == "self"


@pytest.mark.parametrize("size", [1, 3])
def test_lists_cost_the_same_whatever_their_size(client_of, cast, django_assert_max_num_queries, fund, size):
    for person in (cast.wenjuan_person, cast.stranger_person, cast.courier_person)[:size]:
        make_payment(fund, person)
    approved(cast, fund)
    make_account(cast.courier_person)
    desk = client_of(cast.handler)
    desk.get(url("batch-list"))
    for name, most in (("batch-list", 16), ("payment-list", 12), ("fund-list", 12)):
        with django_assert_max_num_queries(most):
            desk.get(url(name))
    with django_assert_max_num_queries(16):
        desk.get(url("batch-detail", Batch.objects.get().public_id))
