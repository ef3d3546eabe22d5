"""A worker moves their membership from Suzhou to Wuxi on a telephone; a courier joins by scanning a code."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.people import People, go_on, pick
from yiwang.grassroots.joining.actions import pool_of
from yiwang.grassroots.joining.codes import code_of
from yiwang.grassroots.joining.tests.factories import code
from yiwang.kernel.clock import today
from yiwang.net.cases.models import Case
from yiwang.net.catalogue.actions import load_seed
from yiwang.platform.counters.queries import figure
from yiwang.platform.jobs.inline import run_queued
from yiwang.register.access.models import Appointment
from yiwang.register.access.roles import Role
from yiwang.register.members.counting import CURRENT
from yiwang.register.members.models import Affiliation
from yiwang.register.members.queries import held_membership, spans_of
from yiwang.register.members.tests.factories import member
from yiwang.register.organisations.actions import create_organisation

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def people(pages, cast, client_of) -> People:
    load_seed()
    return People(pages, client_of)


@pytest.fixture
def wuxi(cast):
    """A union of one firm in Wuxi with a chair."""
    city = create_organisation(name="无锡市总工会", kind="A3", parent=cast.province, division_code="320200", by=None)
    county = create_organisation(name="江阴市总工会", kind="A4", parent=city, division_code="320281", by=None)
    union = create_organisation(name="江阴华翔纺织工会", kind="E1", parent=county, division_code="320281", by=None)
    Appointment.objects.create(
        user=cast.finance, organisation=union, role=Role.UNIT_CHAIR, valid_from=today(),
        state=Appointment.State.IN_FORCE, proposed_by=cast.leader,
    )  # fmt: skip
    return union


def test_a_worker_transfers_from_suzhou_to_wuxi_on_a_phone(people, cast, wuxi):
    held = member(cast.unit, "陆建平")
    cast.courier_person.user = None
    cast.courier_person.save(update_fields=["user"])
    held.person.user = cast.courier
    held.person.save(update_fields=["user"])
    phone = people.phone(cast.courier)

    phone.goto("/me/membership/")
    phone.get_by_role("link", name=re.compile("换单位了")).click()
    phone.get_by_role("button", name="开始填").click()
    expect(phone.get_by_label("姓名")).to_have_value("陆建平")
    phone.get_by_label("手机号").fill("13800000002")
    go_on(phone, "转到哪里")
    phone.get_by_role("combobox", name="转到哪个工会").fill("江阴华翔")
    phone.get_by_text("江阴华翔纺织工会").first.click()
    pick(phone, "到外市工作")
    phone.get_by_label("哪天到新单位").fill(today().isoformat())
    go_on(phone, "提交前看一遍")
    for box in phone.locator("form#f input[type=checkbox]").all():
        box.check()
    phone.get_by_role("button", name="提交申请").click()
    expect(phone.get_by_role("heading", name="申请交上去了")).to_be_visible()
    case = Case.objects.get()
    run_queued()
    assert held_membership(held.person).state == "moving"

    clerk = people.desk(cast.clerk)
    clerk.goto(f"/work/joining/transfers/{case.number}/")
    clerk.get_by_role("button", name="同意转出", exact=True).click()
    expect(clerk.get_by_text("转出了，等新工会接收。")).to_be_visible()
    chair = people.desk(cast.finance)
    chair.goto("/work/joining/transfers/")
    chair.get_by_role("link", name="陆建平").click()
    chair.get_by_role("button", name="同意接收").click()
    expect(chair.get_by_text("接收了，会籍从今天起在你们工会。")).to_be_visible()

    phone.goto("/me/card/")
    expect(phone.get_by_text("江阴华翔纺织工会")).to_be_visible()
    first, second = spans_of(held.person)
    assert first.days.upper == second.days.lower
    assert held_membership(held.person).joined_on == held.joined_on
    assert people.complaints == []


def test_a_courier_joins_by_scanning_and_is_counted_once(people, cast):
    pool = pool_of(cast.town)
    campaign = code(pool, by=cast.handler)
    before = figure(cast.province.path, CURRENT)
    phone = people.phone(cast.courier)

    phone.goto(f"/join/{code_of(campaign)}/")
    phone.get_by_label("做哪一行").select_option("N03")
    phone.get_by_label("平台或站点").fill("城东配送站")
    phone.get_by_label("还在另一个工会的地方干活吗").fill("联达光电工会")
    phone.get_by_role("button", name="提交申请").click()
    expect(phone.get_by_text("请确认是自愿入会").first).to_be_visible()
    expect(phone.get_by_label("平台或站点")).to_have_value("城东配送站")
    for box in phone.locator("form#f input[type=checkbox]").all():
        box.check()
    phone.get_by_role("button", name="提交申请").click()
    expect(phone.get_by_role("heading", name="申请交上去了")).to_be_visible()

    officer = people.desk(cast.town_officer)
    officer.goto("/work/joining/")
    officer.get_by_role("link", name="赵一鸣").click()
    officer.get_by_role("button", name="同意入会").click()
    expect(officer.get_by_text("入会了，电子会员卡马上能用。")).to_be_visible()
    run_queued()

    assert held_membership(cast.courier_person).organisation == pool
    assert Affiliation.objects.get().organisation == cast.sibling_unit
    assert figure(cast.province.path, CURRENT) == before + 1
    phone.goto("/me/membership/")
    expect(phone.get_by_text("联达光电工会").first).to_be_visible()
    assert people.complaints == []
