"""A town officer founds a union for a company of 268 people, from guidance to the certificate, in the browser."""

import re

import pytest
from django.db import transaction
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.journeys.people import People
from yiwang.grassroots.founding.models import Certificate, Procedure
from yiwang.grassroots.founding.tests.factories import enrol, firm
from yiwang.kernel.clock import today
from yiwang.register.organisations.models import Organisation

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

NAME = "示例精密机械（昆山）有限公司工会"
COMMITTEE = [f"会员{place:03d}" for place in range(8)]
AUDITORS = [f"会员{place:03d}" for place in range(8, 11)]
WOMEN = [f"会员{place:03d}" for place in range(11, 14)]


@pytest.fixture
def people(pages, cast, client_of) -> People:
    return People(pages, client_of)


def test_a_union_is_founded_from_guidance_to_the_certificate(people, cast):
    employer = firm("示例精密机械（昆山）有限公司", headcount=268)
    people.browser(cast.town_officer).get("/work/founding/")  # templates are read once; a busy machine takes its time
    officer, approver = people.desk(cast.town_officer), people.desk(cast.approver)
    begin(officer, employer.uscc)
    procedure = Procedure.objects.get()
    send(officer, procedure, "报上去")
    reply(approver, procedure)
    with transaction.atomic():
        enrol(Procedure.objects.get().organisation, 240, women=20)
    plan(officer, procedure)
    name_candidates(officer)
    send(officer, procedure, "请示召开大会")
    reply(approver, procedure)
    count(officer, procedure)
    reply(approver, procedure)
    union = Organisation.objects.get(name=NAME)
    assert union.state == "active"
    ask_for_the_certificate(officer, union)
    issue_the_certificate(approver, union)
    assert Certificate.objects.get().state == "valid"
    assert people.browser(cast.wenjuan).get(reverse("founding:procedure-list")).status_code == 403
    assert people.complaints == []


def begin(page: Page, uscc: str) -> None:
    page.goto("/work/founding/")
    page.get_by_role("link", name="新办建会").click()
    page.get_by_label("用人单位").fill(uscc)
    page.get_by_label("工会名称").fill(NAME)
    page.get_by_label("筹备组里党组织的代表").fill("吴党")
    page.get_by_label("筹备组里的职工代表").fill("陈工、李工")
    page.get_by_role("button", name="开始建会").click()
    expect(page.get_by_role("heading", name=NAME, level=1)).to_be_visible()


def open_it(page: Page, procedure: Procedure) -> None:
    page.goto(reverse("founding:procedure-detail", args=[procedure.public_id]))


def send(page: Page, procedure: Procedure, button: str) -> None:
    open_it(page, procedure)
    page.get_by_role("button", name=button).click()
    expect(page.get_by_text("报上去了，等上级批复。")).to_be_visible()


def reply(page: Page, procedure: Procedure) -> None:
    open_it(page, procedure)
    page.get_by_role("button", name="同意，发批复").click()
    expect(page.get_by_text("批复发出了。")).to_be_visible()


def plan(page: Page, procedure: Procedure) -> None:
    open_it(page, procedure)
    expect(page.get_by_text(re.compile("现有会员240人，女会员20人；委员会应有7到15人"))).to_be_visible()
    page.get_by_label("委员会几人", exact=True).fill("7")
    page.get_by_label("经审委员会几人").fill("3")
    page.get_by_label("女职工委员会几人").fill("3")
    page.get_by_label("开什么会").select_option("members")
    page.locator("section").filter(has_text="委员会怎么组成").get_by_role("button", name="存好").click()
    expect(page.get_by_text("委员会应选7人，差额选举至少要8名候选人。")).to_be_visible()


def name_candidates(page: Page) -> None:
    bodies = [("committee", COMMITTEE), ("audit", AUDITORS), ("women", WOMEN)]
    for body, names in bodies:
        for place, name in enumerate(names):
            page.get_by_label("姓名或会员编号").fill(name)
            page.locator("select[name=body]").select_option(body)
            is_chair = body == "committee" and place == 0
            page.locator("select[name=post]").select_option("chair" if is_chair else "member")
            page.get_by_role("button", name="加上").click()
            expect(page.get_by_text("加上了。")).to_be_visible()
    expect(page.get_by_text("都齐了，可以报。")).to_be_visible()


def count(page: Page, procedure: Procedure) -> None:
    """160 of 240 are the quorum; 159 are refused and nothing typed is lost."""
    open_it(page, procedure)
    page.get_by_label("开会日期").fill(today().isoformat())
    page.get_by_label("开会地点").fill("一号楼食堂")
    for label in ("实到", "发出票", "收回票", "有效票"):
        page.get_by_label(label, exact=True).fill("159")
    page.get_by_label("无效票").fill("0")
    page.get_by_label("监票人").fill("王监")
    page.get_by_label("计票人").fill("赵计")
    votes = page.locator("input[name^=votes_]")
    for place in range(votes.count()):
        votes.nth(place).fill("100" if place == len(COMMITTEE) - 1 else "150")
    page.get_by_role("button", name="核对后上报结果").click()
    expect(page.get_by_text("至少要到160人").first).to_be_visible()
    expect(page.get_by_label("开会地点")).to_have_value("一号楼食堂")
    for label in ("实到", "发出票", "收回票", "有效票"):
        page.get_by_label(label, exact=True).fill("236")
    page.get_by_role("button", name="核对后上报结果").click()
    expect(page.get_by_text("结果报上去了，等上级批复。")).to_be_visible()


def ask_for_the_certificate(page: Page, union: Organisation) -> None:
    page.goto(reverse("founding:union-detail", args=[union.public_id]))
    expect(page.get_by_text("第1届").first).to_be_visible()
    page.get_by_label("住所").fill("昆山市玉山镇示例路268号")
    page.get_by_label("经费和财产（元）").fill("120000")
    page.get_by_label("办公、活动场所面积（平方米）").fill("80")
    page.get_by_role("button", name="申请登记").click()
    expect(page.get_by_text("报上去了，等登记机关审查。")).to_be_visible()


def issue_the_certificate(page: Page, union: Organisation) -> None:
    page.goto(reverse("founding:union-detail", args=[union.public_id]))
    page.get_by_label("统一社会信用代码").fill("81320000509100012B")
    page.get_by_label("证书号").fill("工法证字第320583001号")
    page.get_by_role("button", name="发证书").click()
    expect(page.get_by_text("证书发出了。")).to_be_visible()
    expect(page.get_by_text("81320000509100012B")).to_be_visible()
    page.get_by_role("button", name="出开户证明函").click()
    expect(page.get_by_text("开户证明出好了，在“文书”里下载。")).to_be_visible()
