"""A congress of a company of 268: a delegate is elected, a quorum found, the wage agreement voted on in secret, verified.

刘芳 keeps the congress, 周文娟 is a delegate and scrutineer, 顾晓东 and 马丽 hold keys, 沈佳 makes the codes.
"""

import io
import os
import shutil
import subprocess
import zipfile

import pytest
from django.db import transaction
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.journeys.people import People
from yiwang.kernel.clock import today
from yiwang.platform.ballots import queries as box
from yiwang.platform.ballots.actions import cast_ballot
from yiwang.platform.ballots.library import voting
from yiwang.platform.ballots.library.errors import BallotProblem
from yiwang.platform.ballots.library.verifying import verify
from yiwang.platform.ballots.models import Election
from yiwang.rights.congress.models import AgendaItem, Congress, SecretBallot, Session
from yiwang.rights.congress.tests import factories as made

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
AGREEMENT = "2027年度能级工资专项集体合同（草案）"


@pytest.fixture
def people(pages, cast, client_of) -> People:
    return People(pages, client_of)


def test_a_wage_agreement_is_voted_on_in_secret_and_verified(people, cast, tmp_path):
    people.browser(cast.chair).get("/work/congress/")
    with transaction.atomic():
        congress = made.started(cast, seats=30, women=90)
        others = made.enrol(cast.unit, 28, women=12)
        made.elect_all(made.place_with(congress, others, headcount=240, by=cast.chair), cast.chair)
        second = made.enrol(cast.unit, 1)[0]
    chair, wenjuan = people.desk(cast.chair), people.phone(cast.wenjuan)
    elect_wenjuan(chair, congress, second.person.name)
    prepare(chair, congress)
    session = Session.objects.get()
    find_the_quorum(chair, wenjuan, session, cast)
    draw_the_paper(chair, session, cast)
    ballot = SecretBallot.objects.get()
    holders = [wenjuan, people.desk(cast.town_officer), people.desk(cast.clerk)]
    for page in holders:
        use_the_key(page, ballot, "做钥匙")
        expect(page.get_by_text("钥匙做好了。")).to_be_visible()
    codes = make_the_codes(people.desk(cast.handler), ballot)
    receipt = vote(chair, wenjuan, session, ballot, codes)
    press(chair, session, "截止投票")
    for page in holders:
        use_the_key(page, ballot, "开箱，交我的一份")
    see_the_result(wenjuan, ballot, receipt)
    finish(chair, session)
    check_the_pack(people.browser(cast.chair), session, ballot, tmp_path)
    assert people.complaints == []


def press(page: Page, session: Session, button: str) -> None:
    page.goto(reverse("congress:session-detail", args=[session.public_id]))
    page.get_by_role("button", name=button, exact=True).click()


def elect_wenjuan(page: Page, congress: Congress, other: str) -> None:
    """28 workers, two seats: 14 votes are half and elect nobody, 15 are more."""
    page.goto(reverse("congress:congress-detail", args=[congress.public_id]))
    page.get_by_label("选区名称").fill("质检班")
    page.locator("form[action$='constituency/']").get_by_label("职工数", exact=True).fill("28")
    page.locator("form[action$='constituency/']").get_by_label("其中女职工").fill("4")
    page.locator("form[action$='constituency/']").get_by_label("名额", exact=True).fill("2")
    page.get_by_role("button", name="加选区").click()
    page.get_by_role("link", name="质检班").click()
    for name in ("周文娟", other):
        page.get_by_label("姓名或会员编号").fill(name)
        page.get_by_role("button", name="加上").click()
        expect(page.get_by_text("候选人加上了。")).to_be_visible()
    page.get_by_label("实到").fill("18")
    page.get_by_label("周文娟得赞成票").fill("18")
    page.get_by_label(f"{other}得赞成票").fill("15")
    page.get_by_role("button", name="登记结果").click()
    expect(page.get_by_text("至少要到19人").first).to_be_visible()
    page.get_by_label("实到").fill("27")
    page.get_by_role("button", name="登记结果").click()
    expect(page.get_by_text("结果登记好了。")).to_be_visible()
    page.goto(reverse("congress:congress-detail", args=[congress.public_id]))
    expect(page.get_by_text("代表30人，至少要30人。")).to_be_visible()
    page.get_by_role("button", name="代表选齐了，任期开始").click()
    expect(page.get_by_text("代表选齐了，任期开始。")).to_be_visible()


def prepare(page: Page, congress: Congress) -> None:
    page.goto(reverse("congress:congress-detail", args=[congress.public_id]))
    page.get_by_label("开会日期").fill(today().isoformat())
    page.get_by_label("开会地点").fill("一号楼报告厅")
    page.get_by_role("button", name="定下来").click()
    page.get_by_role("link", name="第1届第1次会议").click()
    names = [row.person.name for row in congress.delegates.filter(state="elected").order_by("pk")[:3]]
    page.get_by_label("主席团成员").fill("\n".join(names))
    page.locator("form[action$='presidium/']").get_by_role("button", name="存好").click()
    expect(page.get_by_text("主席团定下了。")).to_be_visible()
    page.get_by_label("议题", exact=True).fill(AGREEMENT)
    page.get_by_label("材料全文").fill(made.TEXT)
    page.locator("form[action$='item/']").get_by_role("button", name="加上").click()
    expect(page.get_by_text("议题加上了。")).to_be_visible()
    page.get_by_role("button", name="把通知和材料发给代表").click()
    expect(page.get_by_text("材料要提前7天发。请改开会日期").first).to_be_visible()
    page.locator("form[action$='call/']").get_by_label("理由").fill("主席团一致同意")
    page.get_by_role("button", name="把通知和材料发给代表").click()
    expect(page.get_by_text("通知和材料发给代表了。")).to_be_visible()


def find_the_quorum(chair: Page, wenjuan: Page, session: Session, cast) -> None:
    """19 of 30 are not two thirds; 周文娟 is the twentieth."""
    absent = session.congress.delegates.filter(state="elected").exclude(person=cast.wenjuan_person)
    with transaction.atomic():
        for delegate in list(absent.order_by("pk")[:19]):
            made.actions.check_in(session, delegate, by=cast.chair)
    press(chair, session, "宣布开会")
    expect(chair.get_by_text("现在到会19人，要到20人才能表决")).to_be_visible()
    wenjuan.goto(reverse("congress:own-session", args=[session.public_id]))
    wenjuan.get_by_label("大屏上的六位签到码").fill(session.code)
    wenjuan.get_by_role("button", name="签到").click()
    expect(wenjuan.get_by_text("签到好了。")).to_be_visible()
    press(chair, session, "宣布开会")
    expect(chair.get_by_text("到会人数够了，会议开始。")).to_be_visible()
    chair.goto(reverse("congress:hall-screen", args=[session.public_id]))
    expect(chair.get_by_text("够三分之二（20人）了，可以表决")).to_be_visible()


def draw_the_paper(page: Page, session: Session, cast) -> None:
    page.goto(reverse("congress:session-detail", args=[session.public_id]))
    holders = [(cast.wenjuan, "监票人"), (cast.town_officer, "上级工会"), (cast.clerk, "工会")]
    page.get_by_label("共管人").fill("\n".join(f"{user.phone} {side}" for user, side in holders))
    page.get_by_label("发码人手机号").fill(cast.handler.phone)
    page.get_by_role("button", name="定稿，做表决票").click()
    expect(page.get_by_text("表决票做好了。")).to_be_visible()


def use_the_key(page: Page, ballot: SecretBallot, button: str) -> None:
    page.goto(reverse("congress:holder", args=[ballot.public_id]))
    page.get_by_role("button", name=button).click()
    expect(page.get_by_role("button", name=button)).to_have_count(0, timeout=30_000)


def make_the_codes(page: Page, ballot: SecretBallot) -> list[str]:
    """Read from the cards as they are printed; the server never has them."""
    page.goto(reverse("congress:codes", args=[ballot.public_id]))
    page.get_by_role("button", name="做投票码").click()
    cards = page.locator("[data-cards] b")
    expect(cards).to_have_count(30, timeout=60_000)
    codes = cards.all_inner_texts()
    page.get_by_role("button", name="打印好了，交公开的部分").click()
    expect(page.get_by_text("名册和投票码定下了。").first).to_be_visible(timeout=60_000)
    return codes


def vote(chair: Page, wenjuan: Page, session: Session, ballot: SecretBallot, codes: list[str]) -> str:
    press(chair, session, "到会的都领卡了")
    press(chair, session, "开始投票")
    expect(chair.get_by_text("开始投票。", exact=True)).to_be_visible()
    election = Election.objects.get(pk=ballot.election_id)
    wenjuan.goto(reverse("congress:vote", args=[election.uuid]))
    wenjuan.get_by_label("赞成").check()
    wenjuan.get_by_role("button", name="看一遍，再投").click()
    expect(wenjuan.get_by_text("请填投票卡上的投票码。").first).to_be_visible()
    wenjuan.get_by_label("投票码", exact=True).fill(codes[0])
    wenjuan.get_by_role("button", name="看一遍，再投").click()
    # What was chosen stands in one line on a narrow phone.
    chosen = wenjuan.locator("[data-review] dd").first.bounding_box()
    assert chosen is not None
    assert chosen["width"] > 200
    wenjuan.get_by_role("button", name="投出去").click()
    expect(wenjuan.get_by_role("heading", name="你的票已进票箱")).to_be_visible(timeout=30_000)
    expect(wenjuan.locator("[data-weave] rect")).to_have_count(200)
    receipt = wenjuan.locator("[data-code]").inner_text()
    press(chair, session, "截止投票")
    expect(chair.get_by_text("发出20张卡，投了1张")).to_be_visible()
    document = box.document_of(bytes(election.document))
    for place, code in enumerate(codes[1:20]):
        cast_ballot(election, voting.make_ballot(document, code, [[1, 0, 0] if place < 16 else [0, 1, 0]]))
    return receipt


def see_the_result(page: Page, ballot: SecretBallot, receipt: str) -> None:
    page.goto(reverse("congress:board", args=[ballot.election.uuid]))
    expect(page.get_by_text("通过", exact=True).first).to_be_visible()
    page.get_by_label("回执码").fill(receipt)
    page.get_by_role("button", name="找").click()
    expect(page.get_by_text("找到了，这张票在板上。")).to_be_visible()
    page.get_by_role("button", name="现在验一遍").click()
    expect(page.get_by_text("验过了，没有问题。名册30人，收到20张票，计20张。")).to_be_visible(timeout=30_000)
    item = AgendaItem.objects.get()
    assert (item.state, item.counts[0]["votes"][0]) == (AgendaItem.State.PASSED, ["yes", 17])


def finish(page: Page, session: Session) -> None:
    press(page, session, "宣布闭会")
    page.locator("textarea[name=minutes]").fill("会议以无记名投票通过了能级工资专项集体合同。")
    page.locator("form[action$='minutes/']").get_by_role("button", name="存好").click()
    press(page, session, "向职工公布")
    expect(page.get_by_role("link", name="证据包")).to_be_visible()


def check_the_pack(browser, session: Session, ballot: SecretBallot, folder) -> None:
    """The archive in the pack is sound for our verifier and for belenios-tool; one byte altered is named by both."""
    if shutil.which("belenios-tool") is None:
        pytest.fail("belenios-tool was not found: install it (Debian: apt-get install belenios-tool).")
    answer = browser.get(reverse("congress:session-paper", args=[session.public_id, "pack", "zip"]))
    pack = zipfile.ZipFile(io.BytesIO(answer.content))
    assert {"会议纪要.pdf", "会议纪要.docx", "决议.pdf", "签到册.csv", "SHA256SUMS"} <= set(pack.namelist())
    name = f"{ballot.election.uuid}.bel"
    raw = pack.read(name)

    def tool(content: bytes) -> subprocess.CompletedProcess[str]:
        (folder / name).write_bytes(content)
        environment = {**os.environ, "BELENIOS_USE_URANDOM": "1"}
        command = ["belenios-tool", "election", "verify"]
        return subprocess.run(command, cwd=folder, capture_output=True, text=True, env=environment, check=False)

    sound = tool(raw)
    assert (sound.returncode, "all checks passed" in sound.stderr) == (0, True)
    assert verify(raw).result == [[17, 3, 0]]
    altered = bytearray(raw)
    altered[len(altered) // 2] ^= 1
    assert tool(bytes(altered)).returncode != 0
    with pytest.raises(BallotProblem) as found:
        verify(bytes(altered))
    assert found.value.where
