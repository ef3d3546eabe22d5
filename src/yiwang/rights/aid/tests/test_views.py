"""Pages of household files: an officer's way from the first paper to the decision, and the worker's own view."""

import pytest
from django.urls import reverse

from yiwang.rights.aid import actions
from yiwang.rights.aid.models import AidFile
from yiwang.rights.aid.tests.factories import NOW, at_county, filed, fill, funds_for, make_file, visited

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"aid:{name}", args=args)


@pytest.fixture
def file(cast):
    return fill(make_file(cast), cast.clerk)


def test_a_file_is_opened_by_number_and_filled_on_pages(client_of, cast):
    desk = client_of(cast.clerk)
    given = {"person": cast.wenjuan_person.id_number, "region": "320500", "main_cause": "6"}
    assert "没有找到" in desk.post(url("file-new"), {**given, "person": "13999999999"}).text
    desk.post(url("file-new"), given)
    file = AidFile.objects.get()
    assert "已经在" in desk.post(url("file-new"), {**given, "person": cast.wenjuan.phone}).text
    at = file.public_id
    member = {"name": "李芳", "relation": "spouse", "birth_date": "1985-02-03", "is_coresident": "on"}
    desk.post(url("file-facts", at, "member"), member)
    wife = file.members.get(name="李芳")
    income = {"member": wife.public_id, "kind": "wage_net", "amount": "30,000", "months": "10", "proof": "shown"}
    desk.post(url("file-facts", at, "income"), income)
    assert "不能是负数" in desk.post(url("file-facts", at, "income"), {**income, "amount": "-1"}).text
    bill = {"member": wife.public_id, "bucket": "medical", "day": "2026-10-01", "total": "9000", "invoice": "A1"}
    desk.post(url("file-facts", at, "expense"), bill)
    assert "已经用过" in desk.post(url("file-facts", at, "expense"), bill).text
    desk.post(
        url("file-facts", at, "circumstances"), {"main_cause": "9", "is_union_member": "on", "labour_months": "30"}
    )
    page = desk.get(url("file-detail", at)).text
    assert "30,000.00" in page
    assert "9,000.00" in page
    desk.post(url("expense-void", at, 0))
    assert wife.expenses.get().is_void
    assert desk.get(url("file-facts", at, "nonsense")).status_code == 404
    assert desk.post(url("expense-void", at, 7)).status_code == 404


def test_a_visit_on_a_phone_is_saved_once(client_of, cast, file):
    actions.pass_base_review(file, by=cast.clerk)
    phone = client_of(cast.clerk)
    assert 'name="key"' in phone.get(url("file-visit", file.public_id)).text
    given = {
        "key": "abc", "second": "王静", "day": "2026-10-08", "place": "家里", "seen": "本人", "findings": "属实",
        "opinion": "true", "application_signed": "on", "authorisation_signed": "on",
    }  # fmt: skip
    assert "同去的人" in phone.post(url("file-visit", file.public_id), {**given, "second": "马丽"}).text
    for _turn in range(2):
        assert phone.post(url("file-visit", file.public_id), given).status_code == 302
    assert file.visits.count() == 1


def test_the_steps_of_a_file_belong_to_their_people(client_of, cast, file):
    at = file.public_id
    assert client_of(cast.wenjuan).get(url("file-detail", at)).status_code == 403
    assert client_of(cast.sibling_handler).get(url("file-detail", at)).status_code == 404
    assert client_of(cast.clerk).post(url("file-act", at, "close"), {"reason": "x"}).status_code == 403
    assert client_of(cast.clerk).post(url("file-act", at, "opinion"), {"reason": "x"}).status_code == 403
    assert client_of(cast.clerk).post(url("file-act", at, "nonsense")).status_code == 404
    client_of(cast.clerk).post(url("file-act", at, "pass"))
    file.refresh_from_db()
    assert file.state == "visiting"


def test_findings_are_resolved_on_the_page(client_of, cast, file):
    actions.set_circumstances(file, exclusions=["vehicle"], by=cast.clerk)
    visited(cast, file)
    desk = client_of(cast.handler)
    desk.post(url("file-act", file.public_id, "authorise"))
    desk.post(url("file-act", file.public_id, "checked"))
    assert "名下有车" in desk.get(url("file-detail", file.public_id)).text
    finding = file.findings.get(signal="vehicle")
    desk.post(url("finding-resolve", finding.public_id), {"outcome": "counts", "words": ""})
    desk.post(url("finding-resolve", finding.public_id), {"outcome": "counts", "words": "行驶证在"})
    assert client_of(cast.sibling_handler).post(url("finding-resolve", finding.public_id)).status_code == 404
    assert desk.post(url("finding-resolve", finding.public_id), {"outcome": "counts", "words": "x"}).status_code == 403


def test_the_review_page_explains_and_decides(client_of, cast, file):
    at_county(cast, file)
    at = file.public_id
    desk, leader = client_of(cast.handler), client_of(cast.approver)
    assert desk.get(url("review", at)).status_code == 404
    desk.post(url("file-act", at, "prepare"))
    page = leader.get(url("review", at)).text
    assert "深度困难" in page
    assert "12,080.00" in page
    assert "由别人审批" in desk.get(url("review", at)).text
    assert desk.post(url("review-sign", at)).status_code == 403
    leader.post(url("review-sign", at), {"note": "同意"})
    fund = funds_for(cast)["living"]
    given = {"decided_class": "deep", "reason": "符合规定"}
    assert "哪笔资金" in leader.post(url("review-decide", at), given).text
    leader.post(
        url("review-decide", at), {**given, **{f"fund_{i}": fund.public_id for i in ("living", "medical", "education")}}
    )
    file.refresh_from_db()
    assert file.state == "filed"
    assert leader.post(url("review-decide", at), given).status_code == 403
    assert leader.get(url("file-paper", at)).content[:2] == b"PK"


def test_the_household_sees_its_file_and_nobody_elses(client_of, cast, file):
    filed(cast, file)
    mine = client_of(cast.wenjuan).get(url("own-file")).text
    assert "深度困难" in mine
    assert "12,080.00" in mine
    assert "还没有困难职工档案" in client_of(cast.stranger).get(url("own-file")).text


@pytest.mark.parametrize("size", [1, 3])
def test_the_list_costs_the_same_whatever_its_size(client_of, cast, django_assert_max_num_queries, size):
    for person in (cast.wenjuan_person, cast.stranger_person, cast.courier_person)[:size]:
        make_file(cast, applicant=person, organisation=cast.county, now=NOW)
    desk = client_of(cast.handler)
    desk.get(url("file-list"))
    with django_assert_max_num_queries(18):
        page = desk.get(url("file-list")).text
    assert page.count(url("file-detail", "x")[:-2]) >= size
