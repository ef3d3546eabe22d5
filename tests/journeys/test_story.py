"""One request from the first word typed to the rating, as everybody concerned sees it in a browser."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.journeys.people import People, go_on, pick
from yiwang.net.cases.models import Case
from yiwang.net.catalogue.actions import load_seed
from yiwang.platform.files.models import Document
from yiwang.platform.files.tests.factories import photo_with_place, picture

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def people(pages, cast, client_of) -> People:
    load_seed()
    return People(pages, client_of)


def test_a_worker_asks_is_answered_with_reasons_and_rates_it(people, cast):
    before = figures_of(people, cast)
    worker = people.phone(cast.wenjuan)
    find_the_service(worker)
    fill_in_the_form(worker)
    case = hand_it_in_with_a_double_click(worker)
    chair = people.desk(cast.chair)
    ask_for_a_paper(chair, case)
    send_the_paper(worker, case)
    accept_and_visit(chair, case)
    check_and_calculate(people.desk(cast.handler), case)
    decide(people.desk(cast.approver), case)
    read_the_reasons(worker, case)
    rate(worker, case)
    the_county_opens_the_row(people, cast, case, before)
    nobody_else_sees_any_of_it(people, cast, case)
    assert people.complaints == []


def find_the_service(page: Page) -> None:
    """An everyday word leads to the service, which says why one qualifies."""
    page.goto("/")
    page.get_by_role("searchbox").fill("住院")
    page.get_by_role("searchbox").press("Enter")
    page.get_by_role("link", name="生活、医疗、助学救助").first.click()
    expect(page.get_by_role("heading", name="生活、医疗、助学救助", level=1)).to_be_visible()
    expect(page.get_by_text("因为你的会籍：在册会员").first).to_be_visible()
    expect(page.get_by_text("一次都不用跑")).to_be_visible()
    page.get_by_role("link", name=re.compile("^开始申请")).click()
    page.get_by_role("button", name="开始填").click()


def fill_in_the_form(page: Page) -> None:
    """All steps; what is on file is filled in already; a mistake is said beside the field and loses nothing."""
    expect(page.get_by_label("姓名")).to_have_value("周文娟")
    go_on(page, "家里有哪些人")
    page.get_by_label("你每月到手多少").fill("3200")
    go_on(page, "需要哪种帮助")
    page.get_by_label("说说家里的情况").fill("父亲住院，自己付了三万多，𠮷村的亲戚也借遍了。")
    page.get_by_role("button", name="存好，下一步").press("Enter")
    expect(page.get_by_role("alert").first).to_be_visible()
    expect(page.get_by_label("说说家里的情况")).to_have_value(re.compile("𠮷村"))
    pick(page, "看病花了很多钱")
    go_on(page, "看病花了多少、自己付了多少")
    page.get_by_label("谁生病").fill("周建国")
    page.get_by_label("总费用").fill("86,000")
    page.get_by_label("自己付了多少").fill("38460")
    photo = {"name": "结算单.jpg", "mimeType": "image/jpeg", "buffer": photo_with_place()}
    page.locator("input[type=file]").set_input_files([photo])
    expect(page.get_by_role("link", name="结算单.jpg")).to_be_visible()
    go_on(page, "钱打到哪")
    pick(page, "工会会员卡")
    go_on(page, "提交前看一遍")


def hand_it_in_with_a_double_click(page: Page) -> Case:
    """Two clicks, one case; the page tells its number and the day of the answer."""
    expect(page.get_by_text("38,460.00").first).to_be_visible()
    for box in page.locator("form#f input[type=checkbox]").all():
        box.check()
    page.get_by_role("button", name="提交申请").dblclick()
    expect(page.get_by_role("heading", name="申请交上去了")).to_be_visible()
    case = Case.objects.select_related("organisation").get()
    expect(page.locator("#number")).to_have_text(case.number)
    expect(page.get_by_text(re.compile("最晚.+告诉你受不受理"))).to_be_visible()
    assert case.organisation.name == "恒达精密工会"
    return case


def open_from_the_queue(page: Page, case: Case) -> None:
    """The officer finds the case in the workbench and opens it."""
    page.goto("/work/?heap=office")
    link = page.get_by_role("row").filter(has_text=case.number).get_by_role("link").first
    assert link.get_attribute("href") == reverse("cases:case-detail", args=[case.number])
    page.goto(link.get_attribute("href") or "")
    expect(page.get_by_role("heading", level=1)).to_contain_text("周文娟")


def ask_for_a_paper(page: Page, case: Case) -> None:
    open_from_the_queue(page, case)
    page.get_by_role("link", name="要材料").click()
    page.get_by_label("第1样", exact=True).fill("诊断证明")
    page.get_by_label("第1样为什么要").fill("要看是不是规定的大病")
    page.locator("#act").get_by_role("button", name="要材料").click()
    expect(page.get_by_text("通知书发出了，时限暂停。")).to_be_visible()


def send_the_paper(page: Page, case: Case) -> None:
    """The home page says what to do, until when; a photo answers it."""
    page.goto("/")
    todo = page.get_by_role("region", name="要你做的")
    expect(todo).to_contain_text("生活、医疗、助学救助")
    todo.get_by_role("link").first.click()
    expect(page.get_by_text("要看是不是规定的大病")).to_be_visible()
    photo = {"name": "诊断证明.jpg", "mimeType": "image/jpeg", "buffer": picture()}
    page.locator("input[type=file]").set_input_files([photo])
    page.get_by_role("button", name="交上去").click()
    expect(page.get_by_text("材料收到了，时限接着算。")).to_be_visible()
    assert sorted(case.letters.values_list("kind", flat=True)) == ["supplement"]


def accept_and_visit(page: Page, case: Case) -> None:
    open_from_the_queue(page, case)
    page.get_by_role("button", name="受理", exact=True).click()
    expect(page.get_by_text("受理了，通知书发出了。")).to_be_visible()
    finish_the_step(page, "上门看过，情况属实。")


def finish_the_step(page: Page, opinion: str) -> None:
    page.get_by_label("办理意见").fill(opinion)
    page.get_by_role("button", name="办完这一环节").click()
    expect(page.get_by_text("交给了下一位。")).to_be_visible()


def check_and_calculate(page: Page, case: Case) -> None:
    """The county's handler sees the answers, what the rules say, and the opinion of the step before."""
    open_from_the_queue(page, case)
    expect(page.get_by_text("规则怎么说")).to_be_visible()
    expect(page.get_by_text("上门看过，情况属实。").first).to_be_visible()
    expect(page.get_by_text("38,460.00").first).to_be_visible()
    finish_the_step(page, "核算无误。")


def decide(page: Page, case: Case) -> None:
    open_from_the_queue(page, case)
    page.get_by_label("同意", exact=True).check()
    page.get_by_label("核定金额").fill("5000")
    page.get_by_label("金额为什么不一样").fill("按本县封顶额")
    page.get_by_label("意见和理由").fill("看病自付高，符合医疗救助的规定。")
    page.get_by_role("button", name="出结果").click()
    expect(page.get_by_text("结果发出了。")).to_be_visible()
    case.refresh_from_db()
    assert (case.state, case.amount) == (Case.State.DECIDED_OK, Decimal(5000))


def read_the_reasons(page: Page, case: Case) -> None:
    """The worker finds the result, and the receipt with each condition, its fact and its source."""
    page.goto(reverse("cases:matter-detail", args=[case.number]))
    expect(page.get_by_text("看病自付高，符合医疗救助的规定。").first).to_be_visible()
    page.goto(reverse("cases:receipt", args=[case.number]))
    expect(page.get_by_role("heading", name="每一条是怎么看的")).to_be_visible()
    expect(page.get_by_text("会籍").first).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="下载回执原文").click()
    assert case.number in download.value.suggested_filename


def rate(page: Page, case: Case) -> None:
    page.goto(reverse("cases:matter-detail", args=[case.number]))
    page.get_by_role("link", name="评一评").click()
    assert page.locator("input[name=score]:checked").count() == 0
    page.locator("input[name=score]").first.check()
    page.get_by_role("button", name="提交评价").click()
    expect(page.get_by_text("谢谢，记下了。")).to_be_visible()


def figures_of(people: People, cast) -> tuple[int, int]:
    """What the county's page of figures shows: received and done."""
    answer = people.browser(cast.approver).get(reverse("insight:overview"))
    total = answer.context["total"]
    return total.received, total.done


def the_county_opens_the_row(people: People, cast, case: Case, before: tuple[int, int]) -> None:
    assert figures_of(people, cast) == (before[0] + 1, before[1] + 1)
    page = people.desk(cast.approver)
    page.goto(reverse("insight:overview"))
    page.get_by_role("link", name=re.compile("已办结")).first.click()
    expect(page.get_by_text(case.number).first).to_be_visible()


def addresses_of(case: Case) -> list[str]:
    """Every address that shows something of the case."""
    named = ("matter-detail", "matter-print", "receipt", "receipt-download", "case-detail", "case-print", "apply-done")
    found = [reverse(f"cases:{name}", args=[case.number]) for name in named]
    found += [reverse("evaluation:rate", args=[case.number]), f"/api/v1/cases/{case.number}"]
    for letter in case.letters.all():
        found += [
            reverse("cases:letter-download", args=[case.number, letter.public_id, form]) for form in ("pdf", "docx")
        ]
    return found + [reverse("files:document-open", args=[key]) for key in documents_of(case)]


def documents_of(case: Case) -> list[str]:
    return list(Document.objects.filter(subject="case", subject_id=case.pk).values_list("public_id", flat=True))


def nobody_else_sees_any_of_it(people: People, cast, case: Case) -> None:
    addresses = addresses_of(case)
    assert len(documents_of(case)) == 2
    for user in (cast.stranger, cast.sibling_handler):
        browser = people.browser(user)
        refused = {url: browser.get(url).status_code for url in addresses}
        assert {url: status for url, status in refused.items() if status not in (403, 404)} == {}
        assert refused[f"/api/v1/cases/{case.number}"] == 404
        for url in ("/matters/", "/work/", f"/search/?q={case.number}", f"/work/cases/?q={case.number}"):
            assert f"{case.number}/" not in browser.get(url).text
        assert case.number not in browser.get("/api/v1/cases").text + browser.get("/api/v1/work/cases").text
    assert people.browser(cast.wenjuan).get(addresses[0]).status_code == 200
