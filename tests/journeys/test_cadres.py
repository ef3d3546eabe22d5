"""An officer writes a visit down on the phone without a network; the worker finds the officer; the county verifies."""

import re

import pytest
from django.db import transaction
from playwright.sync_api import expect

from tests.journeys.people import People
from yiwang.grassroots.cadres import actions
from yiwang.grassroots.cadres.models import WorkLog
from yiwang.grassroots.cadres.tests.factories import officer

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def people(pages, cast, client_of) -> People:
    return People(pages, client_of)


def test_a_visit_is_written_without_a_network_and_found_by_all(people, cast):
    with transaction.atomic():
        cadre = officer(cast)
        actions.give_area(cadre, cast.unit, by=cast.handler)
    phone = people.phone(cast.town_officer)
    phone.goto("/work/cadres/mine/")
    phone.get_by_role("link", name="记一条工作日志").click()
    phone.get_by_label("去了哪里").fill(cast.unit.name)
    phone.get_by_label("一句话说清楚").fill("下夜班在食堂听大家说宿舍漏水")
    phone.context.set_offline(True)
    phone.get_by_role("button", name="记好").click()
    expect(phone.get_by_text("没有网络。已经存在这台手机里").first).to_be_visible()
    phone.context.set_offline(False)
    phone.evaluate("dispatchEvent(new Event('online'))")
    expect(phone.get_by_role("heading", name="最近记的")).to_be_visible()
    expect(phone.get_by_text("下夜班在食堂听大家说宿舍漏水")).to_be_visible()
    log = WorkLog.objects.get()
    assert log.organisation == cast.unit

    phone.goto("/work/cadres/mine/card/")
    phone.get_by_label("办公电话").fill("0512-57300001")
    phone.get_by_label("什么时候在").fill("周一到周五，周三下午下企业")
    phone.get_by_role("button", name="存好").click()
    worker = people.phone(cast.wenjuan)
    worker.goto("/me/")
    worker.get_by_role("link", name=re.compile("谁是我的工会干部")).click()
    expect(worker.get_by_text("顾晓东")).to_be_visible()
    expect(worker.get_by_role("link", name="打办公电话0512-57300001")).to_be_visible()

    desk = people.desk(cast.handler)
    desk.goto("/work/cadres/logs/")
    desk.get_by_role("link", name="下夜班在食堂听大家说宿舍漏水").click()
    desk.get_by_role("button", name="核实过，属实").click()
    expect(desk.get_by_text("核实了。")).to_be_visible()
    assert WorkLog.objects.get().verified_by == cast.handler
