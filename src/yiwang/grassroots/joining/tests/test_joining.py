"""Joining by code, on behalf and by the general form; the pool; being admitted."""

import datetime as dt

import pytest
from django.urls import reverse

from yiwang.grassroots.joining import actions, codes, reactions
from yiwang.grassroots.joining.errors import (
    AskedAlready,
    BadCampaign,
    CodeClosed,
    CodeFull,
    MemberAlready,
    NobodyAbove,
    NoPerson,
    TooManyFromDevice,
)
from yiwang.grassroots.joining.models import JoinRequest, Pool
from yiwang.grassroots.joining.tests.factories import ANSWERS, code, newcomer, scan, services
from yiwang.kernel.clock import add_days, now, today
from yiwang.net.cases import actions as cases
from yiwang.net.cases.models import Case
from yiwang.net.catalogue.queries import current_version
from yiwang.platform.counters.queries import figure
from yiwang.platform.rules import queries as rules
from yiwang.platform.rules.models import ParameterValue
from yiwang.register.members.actions import end_membership, start_membership
from yiwang.register.members.counting import CURRENT
from yiwang.register.members.models import Affiliation, Conflict, Membership
from yiwang.register.members.queries import held_membership
from yiwang.register.members.tests.factories import id_number, member
from yiwang.register.organisations.models import Organisation

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _services(cast):
    services()


@pytest.fixture
def pool(cast):
    return actions.pool_of(cast.town)


def url(campaign):
    return reverse("joining:join", args=[codes.code_of(campaign)])


@pytest.fixture
def limit():
    """Another value of a parameter, for this test alone."""

    def change(name, value):
        ParameterValue.objects.filter(name=name).update(value=value)
        rules.forget()

    yield change
    rules.forget()


def test_a_county_has_one_pool_that_takes_in_members(cast, pool):
    assert actions.pool_of(cast.unit) == pool
    assert pool.holds_members
    assert pool.parent == cast.county
    assert Pool.objects.get().county == cast.county
    with pytest.raises(NobodyAbove):
        actions.pool_of(cast.city)


def test_a_courier_joins_by_code_and_is_counted_once_with_two_unions(client_of, cast, pool):
    campaign = code(pool, by=cast.handler)
    browser = client_of(cast.courier)
    given = {"new_form": "N03", "platform": "城东配送站", "second_union": "联达光电工会"}
    before = figure(cast.province.path, CURRENT)

    assert "请确认是自愿入会" in browser.post(url(campaign), given).text
    done = browser.post(url(campaign), {**given, "truthful": "on", "identity": "on"})
    case = Case.objects.get()
    assert done.url == reverse("cases:apply-done", args=[case.number])
    assert case.organisation == cast.town
    assert "正在审核" in browser.get(url(campaign)).text

    officer = client_of(cast.town_officer)
    page = officer.get(reverse("joining:request-detail", args=[case.number])).text
    assert "现在没有会籍，可以入会。" in page
    assert cast.courier_person.id_number not in page
    answer = {"organisation": pool.name, "reason": "打过电话，情况属实"}
    officer.post(reverse("joining:request-act", args=[case.number, "admit"]), answer)

    held = held_membership(cast.courier_person)
    assert held is not None
    assert (held.organisation, held.join_way, held.new_form) == (pool, "3", "N03")
    assert Affiliation.objects.get().organisation == cast.sibling_unit
    assert figure(cast.province.path, CURRENT) == before + 1
    assert JoinRequest.objects.get().admitted == held
    assert "<svg" in browser.get("/me/card/").text
    reactions.carry_out_decision(case_id=case.pk, outcome="ok", on_time=True)
    assert Membership.objects.filter(person=cast.courier_person).count() == 1


def test_somebody_new_says_who_they_are_on_the_same_page(client_of, cast, pool):
    campaign = code(pool, by=cast.handler)
    number = id_number()
    given = {
        "name": "陈小飞",
        "id_type": "1",
        "id_number": number,
        "new_form": "N04",
        "truthful": "on",
        "identity": "on",
    }

    browser = client_of(cast.quality)
    wrong = browser.post(url(campaign), {**given, "id_number": number[:-1] + ("0" if number[-1] != "0" else "1")})
    assert "陈小飞" in wrong.text
    assert "选一下你做哪一行。" in browser.post(url(campaign), {**given, "new_form": ""}).text
    assert not Case.objects.exists()
    browser.post(url(campaign), given)
    assert Case.objects.get().applicant.name == "陈小飞"


def test_strangers_see_what_it_is_and_sign_in_first(client_of, cast, pool):
    campaign = code(pool, by=cast.handler)
    page = client_of(None).get(url(campaign))

    assert "用手机号登录" in page.text
    assert url(campaign) in page.text
    assert client_of(None).get(url(campaign).replace(codes.seal(campaign.public_id), "00000000")).status_code == 404
    assert client_of(None).get("/join/nothing/").status_code == 404


def test_a_member_who_scans_moves_or_takes_a_second_union(client_of, cast, pool):
    campaign = code(pool, by=cast.handler)
    browser = client_of(cast.wenjuan)

    assert "不用重新入会" in browser.get(url(campaign)).text
    with pytest.raises(MemberAlready):
        scan(campaign, cast.wenjuan_person)
    browser.post(reverse("joining:join-second", args=[codes.code_of(campaign)]))
    assert Affiliation.objects.get().organisation == pool
    assert held_membership(cast.wenjuan_person).organisation == cast.unit


def test_a_code_has_its_days_its_number_and_its_end(cast, pool):
    campaign = code(pool, by=cast.handler, most=1)
    late = now() + dt.timedelta(days=40)

    with pytest.raises(CodeClosed):
        scan(campaign, cast.courier_person, now=late)
    scan(campaign, cast.courier_person)
    with pytest.raises(AskedAlready):
        scan(campaign, cast.courier_person)
    with pytest.raises(CodeFull):
        scan(campaign, newcomer("李四"))
    other = code(pool, by=cast.handler)
    actions.close_campaign(other, by=cast.handler)
    with pytest.raises(CodeClosed):
        scan(other, newcomer("王五"))
    with pytest.raises(BadCampaign):
        code(pool, by=cast.handler, valid_until=add_days(today(), 400))
    with pytest.raises(BadCampaign):
        code(cast.town, by=cast.handler)


def test_one_telephone_brings_so_many_a_day(cast, pool, limit):
    campaign = code(pool, by=cast.handler)
    limit("joining.device_per_day", 2)

    for name in ("甲一", "乙二"):
        scan(campaign, newcomer(name), device="one")
    with pytest.raises(TooManyFromDevice):
        scan(campaign, newcomer("丙三"), device="one")
    assert scan(campaign, newcomer("丙三"), device="another")


def test_a_burst_holds_the_code_until_somebody_looked(client_of, cast, pool, limit):
    campaign = code(pool, by=cast.handler)
    limit("joining.burst_per_hour", 1)

    for name in ("甲一", "乙二"):
        scan(campaign, newcomer(name), device=name)
    campaign.refresh_from_db()
    assert campaign.state == "held"
    assert Case.objects.count() == 2  # whoever came is reviewed
    with pytest.raises(CodeClosed):
        scan(campaign, newcomer("丙三"), device="c")
    assert "现在不能用" in client_of(cast.courier).get(url(campaign)).text
    act = reverse("joining:campaign-act", args=[campaign.public_id, "reopen"])
    assert client_of(cast.sibling_handler).post(act).status_code == 404
    client_of(cast.handler).post(act)
    assert scan(campaign, newcomer("丙三"), device="c")


def test_officers_make_a_code_and_print_its_poster(client_of, cast):
    officer = client_of(cast.town_officer)
    given = {
        "name": "玉山驿站", "kind": "station", "place": "城东驿站门口", "valid_from": today(),
        "valid_until": add_days(today(), 30), "most": "100",
    }  # fmt: skip

    assert "没找到这个工会" in officer.post("/work/joining/codes/new/", {**given, "organisation": "无此工会"}).text
    assert "不在你的范围内" in officer.post("/work/joining/codes/new/", {**given, "organisation": "联达光电工会"}).text
    made = officer.post("/work/joining/codes/new/", given)
    page = officer.get(made.url).text
    assert "<svg" in page
    assert "新就业形态群体工会周转库" in page
    assert "扫一扫，加入工会" in officer.get(made.url + "poster/").text


def test_a_request_without_a_union_goes_to_the_town_and_into_the_pool(client_of, cast):
    answers = {"employer": "路边小店", "division": {"value": "320583100", "label": "玉山镇"}, "joined_before": "no"}
    case = cases.submit_case(
        current_version("MB-0001"), applicant=cast.courier_person, answers=answers, by=cast.courier,
        idempotency_key="form:1",
    )  # fmt: skip
    reactions.note_request_to_join_or_move(case_id=case.pk, service="MB-0001", channel="web", organisation_id=1)

    assert case.organisation == cast.town
    officer = client_of(cast.town_officer)
    assert "赵一鸣" in officer.get("/work/joining/?nowhere=1").text
    assert "赵一鸣" not in client_of(cast.sibling_handler).get("/work/joining/").text
    cases.accept_case(case, by=cast.town_officer)
    cases.complete_step(case, opinion="问清了", by=cast.town_officer)
    cases.decide(case, cases.Verdict(outcome="ok", reason="情况属实"), by=cast.town_officer)
    reactions.carry_out_decision(case_id=case.pk, outcome="ok", on_time=True)
    assert held_membership(cast.courier_person).organisation == Pool.objects.get().organisation


def test_people_of_the_pool_move_to_a_union_of_their_own(client_of, cast, pool):
    campaign = code(pool, by=cast.handler)
    row = JoinRequest.objects.get(case=scan(campaign, cast.courier_person))
    held = actions.admit(row, pool, reason="情况属实", by=cast.town_officer)
    page = reverse("joining:pool-detail", args=[pool.public_id])
    officer = client_of(cast.handler)

    assert "赵一鸣" in officer.get(page).text
    assert "请先勾上" in officer.post(page, {"organisation": "恒达精密工会"}).text
    assert "不在你的范围内" in officer.post(page, {"organisation": "联达光电工会", "who": held.public_id}).text
    officer.post(page, {"organisation": "恒达精密工会", "who": held.public_id})
    assert held_membership(cast.courier_person).organisation == cast.unit
    assert client_of(cast.sibling_handler).get(page).status_code == 404


def test_whoever_has_no_account_moves_from_the_pool_too(cast, pool):
    held, other = member(pool, "陈静"), member(pool, "李四海")

    assert actions.move_from_pool([held], cast.unit, by=cast.handler) == 1
    assert held_membership(held.person).organisation == cast.unit
    assert held_membership(other.person).organisation == pool


def test_a_second_union_that_stopped_work_meanwhile_keeps_nobody_out(cast, pool):
    answers = {**ANSWERS, "second_union": cast.sibling_unit.public_id}
    row = JoinRequest.objects.get(case=scan(code(pool, by=cast.handler), cast.courier_person, answers=answers))
    Organisation.objects.filter(pk=cast.sibling_unit.pk).update(state=Organisation.State.SUSPENDED)

    held = actions.admit(row, pool, reason="情况属实", by=cast.town_officer)

    assert (held.organisation, Affiliation.objects.count()) == (pool, 0)


def test_a_yes_to_somebody_unknown_makes_no_member(cast):
    """Decided at the general desk, where no document was looked at."""
    case = cases.submit_case(
        current_version("MB-0002"), applicant=None, contact=cases.Contact(name="马路", phone="13944443333"),
        by=cast.hotline, answers={"division": {"value": "320583100", "label": "玉山镇"}}, idempotency_key="c2",
        channel="phone",
    )  # fmt: skip
    before = Membership.objects.count()
    cases.accept_case(case, by=cast.town_officer)
    cases.complete_step(case, opinion="问清了", by=cast.town_officer)
    cases.decide(case, cases.Verdict(outcome="ok", reason="情况属实"), by=cast.town_officer)

    reactions.carry_out_decision(case_id=case.pk, outcome="ok", on_time=True)

    assert Membership.objects.count() == before


def test_a_decision_that_meets_another_membership_goes_on_the_worklist(cast, pool):
    campaign = code(pool, by=cast.handler)
    case = scan(campaign, cast.courier_person)
    cases.accept_case(case, by=cast.town_officer)
    cases.complete_step(case, opinion="问清了", by=cast.town_officer)
    cases.decide(case, cases.Verdict(outcome="ok", reason="情况属实"), by=cast.town_officer)
    start_membership(cast.courier_person, cast.sibling_unit, by=None)
    reactions.carry_out_decision(case_id=case.pk, outcome="ok", on_time=True)
    reactions.carry_out_decision(case_id=case.pk, outcome="ok", on_time=True)

    conflict = Conflict.objects.get()
    assert conflict.rule == "D1"
    assert case.number in conflict.detail
    assert held_membership(cast.courier_person).organisation == cast.sibling_unit


def test_a_list_of_signed_people_becomes_a_request_for_each(client_of, cast):
    chair = client_of(cast.chair)
    good, bad = id_number(), id_number()
    lines = f"田小一 {good} 13955556666\n周文娟 {cast.wenjuan_person.id_number}\n"
    given = {"union": cast.unit.public_id, "lines": lines, "signed": "on", "key": "k1"}

    broken = chair.post("/work/joining/list/", {**given, "lines": f"田小二 {bad[:-1]}"})
    assert "第1行" in broken.text
    assert not Case.objects.exists()
    page = chair.post("/work/joining/list/", given).text
    assert "1人没有登记" in page
    assert "周文娟" in page
    chair.post("/work/joining/list/", given)  # sent twice
    case = Case.objects.get()
    assert case.applicant.name == "田小一"
    assert case.organisation == cast.unit
    assert not Conflict.objects.exists()  # she is a member here already
    chair.post("/work/joining/many/", {"row": [case.number]})
    assert held_membership(case.applicant).join_way == "4"


@pytest.mark.parametrize(("kind", "rule"), [("1", "D8"), ("2", "D7")])
def test_a_list_with_members_of_other_unions_puts_them_on_both_worklists(cast, kind, rule):
    Membership.objects.filter(person=cast.stranger_person).update(employ_kind=kind)
    row = {"name": "孙志伟", "id_number": cast.stranger_person.id_number}

    made, refused = actions.submit_for_others(cast.unit, [row], by=cast.chair, key="k9")

    assert (made, [name for name, _why in refused]) == ([], ["孙志伟"])
    noted = Conflict.objects.get()
    assert (noted.rule, noted.organisation, noted.claimed_by) == (rule, cast.sibling_unit, cast.unit)


def test_a_clerk_checks_and_the_chair_admits(client_of, cast):
    made, refused = actions.submit_for_others(
        cast.unit, [{"name": "田小一", "id_number": id_number()}], by=cast.chair, key="k2"
    )
    act = reverse("joining:request-act", args=[made[0].number, "admit"])
    given = {"organisation": "恒达精密工会", "reason": "核对过了"}

    assert refused == []
    client_of(cast.clerk).post(act, given)
    assert held_membership(made[0].applicant) is None
    assert Case.objects.get().step == 1
    client_of(cast.chair).post(act, given)
    assert held_membership(made[0].applicant).organisation == cast.unit


def test_no_says_why_and_what_else(client_of, cast, pool):
    case = scan(code(pool, by=cast.handler), cast.courier_person)
    act = reverse("joining:request-act", args=[case.number, "refuse"])
    officer = client_of(cast.town_officer)

    assert "错误" in officer.post(act, {"reason": "不在本地干活"}).text
    given = {"reason": "不在本地干活", "other_ways": "到常去的镇申请", "recourse": "15天内可以申请复核"}
    officer.post(act, given)
    assert Case.objects.get().state == "decided_no"
    assert held_membership(cast.courier_person) is None
    assert client_of(cast.sibling_handler).post(act, given).status_code == 404


def test_the_five_contacts_are_ticked_once(client_of, cast, pool):
    case = scan(code(pool, by=cast.handler), cast.courier_person)
    act = reverse("joining:request-act", args=[case.number, "contact"])

    for _again in range(2):
        client_of(cast.town_officer).post(act, {"what": "call"})
    client_of(cast.town_officer).post(act, {"what": "dance"})
    assert set(JoinRequest.objects.get().contacts) == {"call"}


def test_nobody_is_admitted_without_a_document(cast, pool):
    version = current_version("MB-0002")
    case = cases.submit_case(
        version, applicant=None, contact=cases.Contact(name="马路", phone="13944443333"), by=cast.hotline,
        answers={"division": {"value": "320583100", "label": "玉山镇"}}, idempotency_key="c1", channel="phone",
    )  # fmt: skip
    row = actions.note_request(case)

    with pytest.raises(NoPerson):
        actions.admit(row, pool, reason="情况属实", by=cast.town_officer)
    held = actions.admit(row, pool, reason="情况属实", by=cast.town_officer, name="马路", id_number=id_number())
    assert held.person.name == "马路"


@pytest.mark.parametrize("size", [1, 3])
def test_the_list_costs_the_same_whatever_its_size(client_of, cast, pool, size, django_assert_max_num_queries):
    campaign = code(pool, by=cast.handler)
    for place in range(size):
        scan(campaign, newcomer(f"周小{'甲乙丙'[place]}"), device=str(place))
    officer = client_of(cast.town_officer)

    with django_assert_max_num_queries(20):
        assert "周小甲" in officer.get("/work/joining/").text


def test_a_revoked_admission_ends_the_membership_and_keeps_its_history(cast, pool):
    person = newcomer("赵小二")
    before = figure(cast.city.path, CURRENT)
    row = actions.note_request(scan(code(pool, by=cast.town_officer), person))
    held = actions.admit(row, pool, reason="情况属实", by=cast.town_officer)
    assert figure(cast.city.path, CURRENT) == before + 1

    cases.revoke_decision(row.case, reason="不是我们的人", by=cast.supervisor, organisation=cast.city)
    for _twice in range(2):
        reactions.take_back_decision(case_id=row.case.pk, was="delivered")

    held.refresh_from_db()
    assert (held.state, held_membership(person)) == ("revoked", None)
    span = held.spans.get()
    assert span.days.upper == held.ended_on
    assert "撤销" in span.end_reason
    assert figure(cast.city.path, CURRENT) == before
    assert JoinRequest.objects.get(case=row.case).admitted is None


def test_an_admission_whose_member_left_since_leaves_nothing_to_take_back(cast, pool):
    person = newcomer("赵小三")
    row = actions.note_request(scan(code(pool, by=cast.town_officer), person))
    held = actions.admit(row, pool, reason="情况属实", by=cast.town_officer)
    end_membership(held, by=None, reason="回老家了")

    cases.revoke_decision(row.case, reason="不是我们的人", by=cast.supervisor, organisation=cast.city)
    reactions.take_back_decision(case_id=row.case.pk, was="delivered")

    held.refresh_from_db()
    assert held.state == "quit"
