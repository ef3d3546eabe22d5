"""Pages of appointments, recusals, mandates and recovery: one happy way, one refusal, one stranger each."""

import datetime as dt

import pytest

from yiwang.register.access import actions, policies, queries
from yiwang.register.access.models import Appointment, Mandate, Recusal
from yiwang.register.access.roles import Role
from yiwang.register.access.tasks import end_expired
from yiwang.register.accounts.models import User

TODAY = dt.date.today()
IN_A_MONTH = TODAY + dt.timedelta(days=30)


def text(response) -> str:
    return response.content.decode()


def post_of(user: User) -> Appointment:
    return Appointment.objects.get(user=user)


@pytest.fixture
def second_security(cast):
    user = User.objects.create_user(phone="13800000051", name="邵敏")
    actions.install_appointment(user, organisation=cast.province, role=Role.SECURITY_ADMIN)
    return user


def test_the_list_shows_the_scope(cast, client_of):
    page = text(client_of(cast.approver).get("/work/access/"))

    assert "沈佳" in page
    assert "钱亮" not in page
    assert client_of(cast.handler).get("/work/access/").status_code == 403


def test_the_list_is_searched_by_person_and_union(cast, client_of):
    browser = client_of(cast.security)

    assert "沈佳" in text(browser.get("/work/access/?q=沈佳"))
    assert "刘芳" in text(browser.get("/work/access/?q=恒达"))
    assert "陆明" not in text(browser.get("/work/access/?q=恒达"))


@pytest.mark.parametrize("size", [1, 3])
def test_the_list_costs_the_same_whatever_its_size(cast, client_of, size, django_assert_max_num_queries):
    for n in range(size):
        user = User.objects.create_user(phone=f"1370000000{n}", name=f"顾{n}")
        actions.install_appointment(user, organisation=cast.town, role=Role.TOWN_OFFICER)
    browser = client_of(cast.approver)

    with django_assert_max_num_queries(20):
        browser.get("/work/access/")


def appoint(browser, place, **more):
    facts = {"phone": "13800000002", "role": "town_officer", "valid_from": TODAY, "basis": "昆工〔2026〕3号"}
    return browser.post("/work/access/new/", {**facts, "organisation": place.public_id, **more})


def test_appointing_on_the_page(cast, client_of):
    answer = appoint(client_of(cast.approver), cast.town)

    assert answer.status_code == 302
    assert policies.can(User.objects.get(pk=cast.courier.pk), "cases.handle", cast.town)
    assert "昆工〔2026〕3号" in text(client_of(cast.approver).get(answer["Location"]))


def test_a_refused_appointment_keeps_what_was_typed(cast, client_of):
    page = text(appoint(client_of(cast.approver), cast.county, basis="昆工〔2026〕4号"))

    assert "这一级没有" in page
    assert "昆工〔2026〕4号" in page


def test_an_unknown_number_is_told(cast, client_of):
    assert "还没有账号" in text(appoint(client_of(cast.approver), cast.town, phone="13799999999"))


def test_without_script_the_union_is_found_by_its_name(cast, client_of):
    page = text(appoint(client_of(cast.approver), cast.town, organisation="", organisation_text="玉山"))

    assert "选一个工会" in page
    assert cast.town.public_id in page


def test_a_union_outside_the_scope_is_not_found(cast, client_of):
    browser = client_of(cast.approver)

    assert "没找到这个工会" in text(appoint(browser, cast.sibling_town))
    assert "没找到这个工会" in text(appoint(browser, cast.town, organisation="", organisation_text="太仓"))
    assert not Appointment.objects.filter(user=cast.courier).exists()


def test_the_second_person_confirms_on_the_page(cast, client_of, second_security):
    made = actions.appoint(cast.courier, organisation=cast.county, role=Role.COUNTY_APPROVER, by=cast.security)
    url = f"/work/access/{made.public_id}/"
    assert "确认，马上生效" not in text(client_of(cast.security).get(url))
    browser = client_of(second_security)
    assert "等你确认" in text(browser.get("/work/access/"))

    browser.post(f"{url}confirm/")

    made.refresh_from_db()
    assert made.state == Appointment.State.IN_FORCE


def test_a_proposal_is_declined_on_the_page(cast, client_of, second_security):
    made = actions.appoint(cast.courier, organisation=cast.county, role=Role.COUNTY_APPROVER, by=cast.security)

    client_of(second_security).post(f"/work/access/{made.public_id}/decline/")

    made.refresh_from_db()
    assert made.state == Appointment.State.DECLINED


def test_confirming_ones_own_proposal_is_refused_in_words(cast, client_of):
    made = actions.appoint(cast.courier, organisation=cast.county, role=Role.COUNTY_APPROVER, by=cast.security)

    page = client_of(cast.security).post(f"/work/access/{made.public_id}/confirm/", follow=True)

    assert "由两个人做" in text(page)


def test_ending_on_the_page_needs_a_reason(cast, client_of):
    browser, post = client_of(cast.approver), post_of(cast.handler)
    url = f"/work/access/{post.public_id}/end/"
    assert "请写为什么结束" in text(browser.post(url, {"reason": ""}))
    assert "没有" in text(browser.post(url, {"reason": "调离"}, follow=True))

    again = browser.post(url, {"reason": "调离"}, follow=True)

    post.refresh_from_db()
    assert post.end_reason == "调离"
    assert "不能变成" in text(again)


def test_a_sibling_sees_no_appointment_of_this_county(cast, client_of):
    url = f"/work/access/{post_of(cast.handler).public_id}/"

    assert client_of(cast.sibling_approver).get(url).status_code == 404
    assert client_of(cast.approver).get(url).status_code == 200


def test_declaring_and_ending_a_recusal(cast, client_of):
    browser = client_of(cast.handler)
    browser.post("/work/access/recusals/", {"employer": cast.employer.uscc, "reason": "same_employer"})
    recusal = Recusal.objects.get()
    assert policies.is_recused(cast.handler, employer_id=cast.employer.pk)
    assert cast.employer.name in text(browser.get("/work/access/recusals/"))
    assert client_of(cast.approver).post(f"/work/access/recusals/{recusal.public_id}/end/").status_code == 404

    browser.post(f"/work/access/recusals/{recusal.public_id}/end/")

    assert not policies.is_recused(cast.handler, employer_id=cast.employer.pk)


def test_a_recusal_from_an_unknown_employer_is_told(cast, client_of):
    page = client_of(cast.handler).post("/work/access/recusals/", {"employer": "没有这家", "reason": "interest"})

    assert "没找到这个单位" in text(page)
    assert queries.employer_named(cast.employer.name) == cast.employer


@pytest.fixture
def asked(cast, settings):
    settings.NOTIFY_ADAPTERS = {"sms": "yiwang.platform.notify.adapters.MemorySms"}
    return actions.ask_mandate(
        person_id=cast.wenjuan_person.pk,
        person_name="周文娟",
        phone="13800000001",
        delegate=cast.chair,
        valid_until=IN_A_MONTH,
    )


def latest_code() -> str:
    from yiwang.platform.notify.adapters import MemorySms  # noqa: PLC0415 -- needs settings

    return MemorySms.outbox[-1].text.split("验证码")[1][:6]


def test_consent_is_typed_in_by_the_delegate(cast, client_of, asked):
    browser, url = client_of(cast.chair), f"/mandates/{asked.public_id}/code/"
    assert "周文娟同意吗" in text(browser.get(url))
    wrong = "000000" if latest_code() != "000000" else "111111"
    assert "还可以试2次" in text(browser.post(url, {"code": wrong}))

    browser.post(url, {"code": latest_code()})

    assert policies.may_act_for(cast.chair, cast.wenjuan_person.pk)
    assert "周文娟" in text(browser.get("/mandates/"))
    assert client_of(cast.clerk).get(url).status_code == 404


def test_an_expired_request_is_told(cast, client_of, asked):
    Mandate.objects.update(code_expires_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))

    page = client_of(cast.chair).post(f"/mandates/{asked.public_id}/code/", {"code": "123456"})

    assert "验证码过期了" in text(page)


def test_a_mandate_ends_on_the_page_and_only_once(cast, client_of, asked):
    browser, url = client_of(cast.chair), f"/mandates/{asked.public_id}/end/"
    browser.post(url)

    page = browser.post(url, follow=True)

    asked.refresh_from_db()
    assert asked.state == Mandate.State.ENDED
    assert "不能变成" in text(page)


def recover(browser, **more):
    facts = {"old_phone": "13800000001", "new_phone": "13700000099", "evidence": "身份证原件，本人到场"}
    return browser.post("/work/access/recover/", {**facts, **more})


def test_recovering_an_account_at_the_counter(cast, client_of):
    assert recover(client_of(cast.security)).status_code == 302

    assert User.objects.get(pk=cast.wenjuan.pk).phone == "13700000099"


def test_recovery_refuses_a_taken_number_and_ones_own(cast, client_of):
    browser = client_of(cast.security)

    assert "已经有账号了" in text(recover(browser, new_phone="13800000002"))
    assert "没有你能换绑的账号" in text(recover(browser, old_phone="13800000010"))
    assert "没有你能换绑的账号" in text(recover(browser, old_phone="13799999999"))
    assert "请写怎么核对的" in text(recover(browser, evidence=""))
    assert client_of(cast.approver).get("/work/access/recover/").status_code == 403


def test_an_officer_is_recovered_only_within_the_scope(cast):
    county_security = User.objects.create_user(phone="13800000052")
    actions.install_appointment(county_security, organisation=cast.county, role=Role.SECURITY_ADMIN)

    assert policies.may_recover(county_security, cast.handler)
    assert policies.may_recover(county_security, cast.courier)
    assert not policies.may_recover(county_security, cast.sibling_handler)
    assert not policies.may_recover(cast.admin, cast.courier)


def test_the_sweep_closes_what_has_run_out(cast, asked):
    yesterday = TODAY - dt.timedelta(days=1)
    actions.install_appointment(
        cast.courier, organisation=cast.town, role=Role.TOWN_OFFICER, valid_from=yesterday, valid_to=yesterday
    )
    Mandate.objects.update(valid_until=yesterday)

    end_expired(0)

    assert post_of(cast.courier).state == Appointment.State.ENDED
    assert Mandate.objects.get().state == Mandate.State.ENDED


def test_records_have_names(cast, asked):
    recusal = actions.declare_recusal(cast.handler, person_id=1, reason="kinship", by=cast.handler)
    actions.note_look("case", 1, 1, cast.handler, "办理")

    assert str(asked) == "刘芳替周文娟办事"
    assert str(recusal) == "沈佳 · 亲属关系"
    assert str(queries.looks_at(1)[0]).startswith("沈佳")
    assert str(post_of(cast.handler)) == "沈佳 · 县级经办"


def test_doors_of_pages(cast, client_of, client):
    assert client.get("/work/access/")["Location"] == "/accounts/login/?next=/work/access/"
    assert client.get("/work/access/recusals/")["Location"] == "/accounts/login/?next=/work/access/recusals/"
    assert client_of(cast.wenjuan).get("/work/access/recusals/").status_code == 403
    assert policies.is_administrator(cast.admin)
    assert not policies.is_administrator(cast.handler)
    assert policies.may_give(cast.approver, "town_officer", cast.town)
