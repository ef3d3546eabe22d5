"""Three key holders make a key of which two suffice, each in their own browser; one loses theirs, and it opens.

刘芳 and 顾晓东 open; 周文娟's telephone is gone. 顾晓东 opens on another device, with the file of the key.
"""

import pytest
from django.db import transaction
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.journeys.people import People
from yiwang.platform.ballots.library import canonical, credentials
from yiwang.rights.congress import actions
from yiwang.rights.congress.models import AgendaItem, SecretBallot
from yiwang.rights.congress.tests import factories as made
from yiwang.rights.congress.tests.secret import drawn, vote_all

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
YES, NO = [1, 0, 0], [0, 1, 0]


@pytest.fixture
def people(pages, cast, client_of) -> People:
    return People(pages, client_of)


def test_two_of_three_holders_open_a_box_whose_key_three_browsers_made(people, cast, tmp_path):
    people.browser(cast.chair).get("/work/congress/")
    with transaction.atomic():
        vote = drawn(cast, made.adopt, needed=2)
    chair, officer, wenjuan = people.desk(cast.chair), people.desk(cast.town_officer), people.phone(cast.wenjuan)

    for page in (chair, wenjuan):
        step(page, vote.ballot, "做你的钥匙", "做钥匙")
        expect(page.get_by_text("等别的共管人做完这一步")).to_be_visible()
    file = tmp_path / "key.txt"
    with officer.expect_download() as saved:
        step(officer, vote.ballot, "做你的钥匙", "做钥匙")
    saved.value.save_as(file)
    for page in (chair, officer, wenjuan):
        step(page, vote.ballot, "第二步：和别的共管人交换", "继续")
    for page in (chair, officer, wenjuan):
        step(page, vote.ballot, "第三步：核对别人给你的，完成钥匙", "继续")
        expect(page.get_by_text("钥匙做好了。")).to_be_visible()

    with transaction.atomic():
        cast_the_votes(vote, cast)
    wenjuan.context.close()
    step(chair, vote.ballot, "投票截止了，开箱", "开箱，交我的一份")
    expect(chair.get_by_text("你的一份交上去了，等别的共管人。")).to_be_visible()
    open_elsewhere(people.phone(cast.town_officer), vote.ballot, file, tmp_path)

    item = AgendaItem.objects.get()
    assert (item.state, item.counts[0]["votes"]) == ("passed", [["yes", 17], ["no", 3], ["abstain", 0]])
    chair.goto(reverse("congress:board", args=[vote.election.uuid]))
    chair.get_by_role("button", name="现在验一遍").click()
    expect(chair.get_by_text("验过了，没有问题。")).to_be_visible(timeout=30_000)
    assert people.complaints == []


def step(page: Page, ballot: SecretBallot, title: str, button: str) -> None:
    page.goto(reverse("congress:holder", args=[ballot.public_id]))
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    page.get_by_role("button", name=button).click()
    expect(page.get_by_role("heading", name=title)).to_have_count(0, timeout=30_000)


def cast_the_votes(vote, cast) -> None:
    batch = credentials.make(vote.election.uuid, 30)
    vote.codes = batch.codes
    actions.freeze_roll(vote.ballot, canonical.dump(batch.public), by=cast.handler)
    actions.give_out_cards(vote.ballot, by=cast.chair)
    actions.open_ballot(vote.ballot, by=cast.chair)
    vote_all(vote, [[YES]] * 17 + [[NO]] * 3)
    actions.close_ballot(vote.ballot, by=cast.chair)


def open_elsewhere(page: Page, ballot: SecretBallot, file, folder) -> None:
    """Without the key of this device the file is asked for; another election's file is refused, the right one opens."""
    page.goto(reverse("congress:holder", args=[ballot.public_id]))
    button = page.get_by_role("button", name="开箱，交我的一份")
    foreign = folder / "foreign.txt"
    foreign.write_text(file.read_text()[::-1].strip() + "\n")
    page.get_by_label("钥匙文件").set_input_files(foreign)
    button.click()
    expect(page.get_by_text("没有做成。")).to_be_visible(timeout=30_000)
    page.get_by_label("钥匙文件").set_input_files(file)
    button.click()
    expect(page.get_by_text("结果已经公布")).to_be_visible(timeout=30_000)
