"""A chair tells a practice, the town shows it, another union reports on the phone, workers read it."""

import pytest
from django.db import transaction
from django.urls import reverse
from playwright.sync_api import expect

from tests.journeys.people import People
from yiwang.grassroots.practices.actions import begin_adoption
from yiwang.grassroots.practices.models import Adoption, Practice

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def people(pages, cast, client_of) -> People:
    return People(pages, client_of)


def test_a_practice_is_told_shown_tried_and_read(people, cast):
    chair = people.phone(cast.chair)
    chair.goto("/work/practices/new/")
    chair.get_by_label("叫什么").fill("下夜班有热汤")
    chair.get_by_label("关于什么").select_option("culture")
    chair.get_by_label("原来有什么难处").fill("夜班十二点下班，食堂关了")
    chair.get_by_label("怎么做的").fill("食堂留一口锅，保安十一点半点火，班组长轮流盛，周末小组长顶班。")
    chair.get_by_label("后来怎么样").fill("三个月里夜班离职少了一半，汤一天没剩过。")
    chair.get_by_label("看哪个数").fill("每月夜班离职人数")
    chair.get_by_label("做之前").fill("6")
    chair.get_by_label("做之后").fill("3")
    chair.get_by_role("button", name="存好").click()
    chair.get_by_role("button", name="报上去").click()
    practice = Practice.objects.get()

    town = people.desk(cast.town_officer)
    town.goto(reverse("practices:practice-detail", args=[practice.public_id]))
    town.get_by_role("button", name="给大家看").click()
    expect(town.get_by_text("办好了。")).to_be_visible()

    with transaction.atomic():
        practice.refresh_from_db()
        adoption = begin_adoption(practice, cast.sibling_county, plan="先试一个驿站", by=cast.sibling_handler)
    other = people.phone(cast.sibling_handler)
    other.goto(reverse("practices:adoption-report", args=[adoption.public_id]))
    other.get_by_label("有用，接着做").check()
    other.get_by_label("做得怎样，改了什么").fill("我们没有食堂，改成驿站的微波炉，志愿者轮班，两个月没断过。")
    other.get_by_label("做之前").fill("4")
    other.get_by_label("做之后").fill("1")
    other.get_by_label("花了多少钱").fill("300")
    other.get_by_label("多少职工用上了").fill("41")
    other.get_by_role("button", name="报上去").click()
    expect(other.get_by_text("我们没有食堂，改成驿站的微波炉").first).to_be_visible()
    assert Adoption.objects.get().state == "reported"

    worker = people.phone(cast.wenjuan)
    worker.goto("/practices/")
    worker.get_by_role("link", name="下夜班有热汤").first.click()
    expect(worker.get_by_text("微波炉")).to_be_visible()
