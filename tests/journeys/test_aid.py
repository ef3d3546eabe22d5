"""A household is visited without a network, explains, reads its reasons; three are found; a higher line is rehearsed."""

import datetime as dt

import pytest
from django.db import transaction
from playwright.sync_api import Page, expect

from tests.journeys.people import People
from yiwang.kernel import clock
from yiwang.net.catalogue.actions import load_seed
from yiwang.net.notices.actions import end_notice
from yiwang.net.notices.queries import notice_of
from yiwang.net.payments.tests.factories import make_account
from yiwang.platform.jobs.actions import run_long_job
from yiwang.rights.aid import actions
from yiwang.rights.aid.models import AidFile, Outreach, Sample, Screening
from yiwang.rights.aid.tests.factories import fill, funds_for, make_file
from yiwang.rights.aid.tests.test_reaching import family

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def people(pages, cast, client_of) -> People:
    return People(pages, client_of)


def act(page: Page, label: str, reason: str = "") -> None:
    """One of the steps beside a file: the first is open, the others fold out."""
    step = page.locator("details", has=page.locator("summary", has_text=label))
    step.evaluate("step => { step.open = true }")
    if reason:
        step.locator("[name=reason]").fill(reason)
    step.get_by_role("button", name=label, exact=True).click()
    expect(page.get_by_text("记下了。").first).to_be_visible()


def visit(phone: Page, file: AidFile) -> None:
    phone.goto(f"/work/aid/{file.public_id}/visit/")
    given = {"同去的人": "王静", "地点": "玉山镇", "见到了谁": "本人和爱人", "看到的情况": "住房一套，没有车"}
    for label, text in given.items():
        phone.get_by_label(label).fill(text)
    phone.get_by_label("属实", exact=True).check()
    phone.get_by_label("申请书当面签了").check()
    phone.get_by_label("核对授权书当面签了").check()
    phone.context.set_offline(True)
    phone.get_by_role("button", name="存好入户记录").click()
    expect(phone.get_by_text("没有网络。已经存在这台手机里").first).to_be_visible()
    phone.context.set_offline(False)
    phone.evaluate("dispatchEvent(new Event('online'))")
    expect(phone.get_by_text("住房一套，没有车")).to_be_visible()  # on the file: it was sent by itself


def test_a_household_is_visited_explains_and_reads_its_reasons(people, cast):
    with transaction.atomic():
        file = fill(make_file(cast), cast.clerk)
        make_account(cast.wenjuan_person)
    desk = people.desk(cast.clerk)
    desk.goto(f"/work/aid/{file.public_id}/")
    act(desk, "初审通过")
    visit(people.phone(cast.clerk), file)
    desk.reload()
    act(desk, "成年人都当面签了核对授权")
    act(desk, "核对完，列出信号")
    act(desk, "请本人说明", "三月起工资少了一半，是怎么回事？")

    worker = people.phone(cast.wenjuan)
    worker.goto("/aid/")
    worker.get_by_role("link", name="去说明").click()
    worker.get_by_label("你的说明").fill("三月起厂里停工，只发生活费")
    worker.get_by_role("button", name="交上去").click()
    expect(worker.get_by_text("收到了，我们接着办。")).to_be_visible()

    desk.reload()
    expect(desk.get_by_text("三月起厂里停工，只发生活费")).to_be_visible()
    act(desk, "签审核意见，转公示", "情况属实")
    decided(cast, file)

    worker.goto("/aid/")
    worker.get_by_role("link", name="看每一步怎么算的").click()
    expect(worker.get_by_text("家里每人每月剩388.22元")).to_be_visible()
    expect(worker.locator(".scale-key")).to_be_visible()
    assert [said for said in people.complaints if "INTERNET_DISCONNECTED" not in said] == []


def decided(cast, file: AidFile) -> None:
    """The days of the notice pass; the county decides a week before today."""
    file.refresh_from_db()
    with transaction.atomic():
        notice = notice_of("aid.file", file.pk)
        end_notice(notice, by=None, now=notice.ends_at)
        file.refresh_from_db()
        if file.state == "publicity":
            actions.notice_over(file, upheld=False)
        file.refresh_from_db()
        decision = actions.prepare_decision(file, by=cast.handler)
        actions.approve_decision(decision, note="", by=cast.approver)
        actions.decide_file(decision, decided_class="deep", reason="符合规定", funds=funds_for(cast), by=cast.approver)
    AidFile.objects.update(filed_on=clock.today() - dt.timedelta(days=7))


def test_an_officer_reaches_three_families_and_a_leader_rehearses_a_higher_line(people, cast):
    with transaction.atomic():
        load_seed()
        for number in range(3):
            family(cast, number)
        family(cast, 7, told=False)
        file = fill(make_file(cast), cast.clerk)
        make_account(cast.wenjuan_person)
        AidFile.objects.filter(pk=file.pk).update(state="base_opinion")
        file.refresh_from_db()
        actions.sign_opinion(file, reason="属实", by=cast.clerk)
    decided(cast, file)
    desk = people.desk(cast.handler)
    desk.goto("/work/aid/outreach/")
    desk.get_by_label("按哪一项的条件找").select_option("MA-0001")
    desk.get_by_role("button", name="开始找").click()
    expect(desk.get_by_text("开始找了。只看同意过的人。")).to_be_visible()
    with transaction.atomic():
        run_long_job(Screening.objects.get().job_id)
    desk.goto("/work/aid/outreach/")
    expect(desk.get_by_role("link", name="家庭")).to_have_count(3)
    desk.get_by_role("link", name="家庭1").click()
    desk.get_by_label("打过电话").check()
    desk.get_by_label("对方怎么说").fill("会来申请")
    desk.get_by_role("button", name="存好").click()
    expect(desk.get_by_text("记下了。").first).to_be_visible()
    for other in Outreach.objects.filter(outcome=""):  # the same form again: no need for a browser
        said = {"outcome": "called", "words": "会来申请"}
        people.browser(cast.handler).post(f"/work/aid/outreach/{other.public_id}/", said)
    assert set(Outreach.objects.values_list("person__name", "outcome")) == {(f"家庭{n}", "called") for n in range(3)}

    leader = people.desk(cast.approver)
    leader.goto("/work/aid/rehearsal/")
    leader.get_by_label("改哪个数").select_option("dibao_line|320500")
    leader.get_by_label("改成多少").fill("1300")
    leader.get_by_role("button", name="试算").click()
    expect(leader.get_by_role("row", name="合计").get_by_text("1,840.00元")).to_be_visible()
    with leader.expect_download() as table:
        leader.get_by_role("link", name="下载表格").click()
    assert table.value.suggested_filename == "rehearsal.csv"
    assert people.complaints == []


def test_the_city_draws_looks_again_and_records(people, cast):
    with transaction.atomic():
        file = fill(make_file(cast), cast.clerk)
        make_account(cast.wenjuan_person)
        AidFile.objects.filter(pk=file.pk).update(state="base_opinion")
        file.refresh_from_db()
        actions.sign_opinion(file, reason="属实", by=cast.clerk)
    decided(cast, file)
    phone = people.phone(cast.supervisor)
    phone.goto("/work/aid/sampling/")
    phone.get_by_role("button", name="抽一批").click()
    expect(phone.get_by_text("抽出1户来看。")).to_be_visible()
    phone.get_by_role("link", name="周文娟").click()
    for agrees in phone.get_by_label("对得上").all():
        agrees.check()
    phone.get_by_label("看了什么，看到什么").fill("原件齐全")
    phone.get_by_role("button", name="记下抽查结果").click()
    phone.get_by_role("button", name="把这1户备案").click()
    expect(phone.get_by_text("1户备了案。")).to_be_visible()
    assert Sample.objects.get().is_confirmed
    assert people.complaints == []
