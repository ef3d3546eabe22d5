"""Pages: who tells, who edits, who tries, who reads."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from yiwang.grassroots.practices import actions, queries
from yiwang.grassroots.practices.models import Adoption, Practice
from yiwang.grassroots.practices.tests.factories import REPORT, TEXTS, shown, told, tried, union
from yiwang.kernel.clock import today
from yiwang.platform.files.policies import may_open
from yiwang.platform.files.tests.factories import picture, upload

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"practices:{name}", args=args)


def act(browser, practice, what, **given):
    return browser.post(url("practice-act", practice.public_id, what), given)


def test_a_chair_tells_and_the_town_helps(client_of, cast):
    chair, town = client_of(cast.chair), client_of(cast.town_officer)
    given = {**TEXTS, "organisation": cast.unit.public_id, "title": ""}
    assert chair.post(url("practice-new"), given).status_code == 200
    chair.post(url("practice-new"), {**given, "title": "热汤", "photos": upload(picture(), "汤.jpg")})
    practice = Practice.objects.get()
    page = url("practice-detail", practice.public_id)
    assert town.get(page).status_code == 404
    assert act(town, practice, "show").status_code == 404
    assert act(chair, practice, "send").status_code == 302
    assert act(chair, practice, "show").status_code == 403
    edited = {**TEXTS, "title": "下夜班有热汤"}
    assert chair.post(url("practice-edit", practice.public_id), edited).status_code == 403
    town.post(url("practice-edit", practice.public_id), edited)
    act(town, practice, "return", note="")
    act(town, practice, "return", note="写清谁点火")
    assert "写清谁点火" in chair.get(page).text
    act(chair, practice, "send")
    act(town, practice, "show")
    practice.refresh_from_db()
    assert (practice.state, practice.title) == ("shown", "下夜班有热汤")
    assert "热汤" in client_of(cast.wenjuan).get(url("shown-list")).text
    assert act(chair, practice, "nonsense").status_code == 404


def test_a_short_text_comes_back_with_the_sentence(client_of, cast):
    practice = told(cast, what="好")
    answer = client_of(cast.chair).post(url("practice-act", practice.public_id, "send"), follow=True)
    assert "至少20个字" in answer.text


def test_pictures_are_as_open_as_the_practice(client_of, cast):
    practice = told(cast)
    given = {**TEXTS, "photos": upload(picture(), "汤.jpg")}
    client_of(cast.chair).post(url("practice-edit", practice.public_id), given)
    photo = queries.photos_of(practice)[0]
    assert may_open(cast.chair, photo)
    assert not may_open(cast.wenjuan, photo)
    actions.send_up(practice, by=cast.chair)
    actions.show(practice, by=cast.town_officer)
    assert may_open(cast.wenjuan, photo)


def test_another_union_tries_and_reports_on_its_pages(client_of, cast):
    practice, other = shown(cast), client_of(cast.sibling_handler)
    start = {"organisation": cast.sibling_county.public_id, "started_on": str(today()), "plan": "先在两个驿站"}
    assert (
        act(client_of(cast.chair), practice, "try", **{**start, "organisation": cast.unit.public_id}).status_code == 403
    )
    act(other, practice, "try", **start)
    adoption = Adoption.objects.get()
    page = url("adoption-report", adoption.public_id)
    assert client_of(cast.chair).get(page).status_code == 404
    assert "至少20个字" in other.post(page, {**REPORT, "words": "好"}).text
    other.post(page, REPORT)
    adoption.refresh_from_db()
    assert adoption.state == "reported"
    assert other.get(page).status_code == 403
    assert "微波炉" in client_of(cast.chair).get(url("practice-detail", practice.public_id)).text
    assert "微波炉" in client_of(cast.wenjuan).get(url("shown-detail", practice.public_id)).text
    stop = other.post(url("adoption-stop", adoption.public_id), follow=True)
    assert "不能变成" in stop.text


def test_a_county_promotes_only_with_reports(client_of, cast):
    practice, lead = shown(cast), client_of(cast.approver)
    given = {"organisation": cast.county.public_id, "words": "列入明年补贴"}
    assert "现在0家" in act(lead, practice, "promote", **given).text
    assert act(client_of(cast.handler), practice, "promote", **given).status_code == 403
    tried(practice, union(cast.town))
    tried(practice, union(cast.town))
    act(lead, practice, "promote", **given)
    assert "列入明年补贴" in client_of(cast.wenjuan).get(url("shown-detail", practice.public_id)).text
    act(lead, practice, "withdraw", reason="数字有误")
    assert client_of(cast.wenjuan).get(url("shown-detail", practice.public_id)).status_code == 404


def test_lists_and_maps_keep_to_ones_reach(client_of, cast):
    practice = shown(cast)
    draft = told(cast, title="还在写")
    assert "还在写" in client_of(cast.chair).get(url("practice-list")).text
    desk = client_of(cast.town_officer).get(url("practice-list")).text
    assert practice.title in desk
    assert "还在写" not in desk
    assert client_of(cast.wenjuan).get(url("practice-list")).status_code == 403
    assert client_of(None).get(url("shown-list")).status_code == 302
    assert client_of(cast.wenjuan).get(url("shown-detail", draft.public_id)).status_code == 404
    assert client_of(cast.chair).get(url("map")).status_code == 403
    assert "玉山镇总工会" in client_of(cast.handler).get(url("map")).text
    page = url("map-of", practice.public_id)
    assert "昆山市总工会" in client_of(cast.supervisor).get(page).text
    other = client_of(cast.sibling_handler)
    assert other.get(f"{page}?org={cast.county.public_id}").status_code == 404
    town = client_of(cast.town_officer)
    with CaptureQueriesContext(connection) as one:
        town.get(url("practice-list"))
    for n in range(2):
        shown(cast, title=f"做法{n}")
    with CaptureQueriesContext(connection) as three:
        town.get(url("practice-list"))
    assert len(three) <= len(one)


def test_workers_read_by_subject_with_their_own_union_first(client_of, cast):
    shown(cast)
    worker = client_of(cast.wenjuan)
    assert "你的工会在做的" in worker.get(url("shown-list")).text
    assert "这一类还没有" in worker.get(url("shown-list") + "?subject=money").text
    assert "你的工会在做的" not in client_of(cast.courier).get(url("shown-list")).text


def test_who_promoted_ends_it_with_a_reason_and_nobody_else_does(client_of, cast):
    practice = shown(cast)
    for _n in range(2):
        tried(practice, union(cast.town))
    made = actions.promote(practice, cast.county, words="列入补贴", by=cast.approver)
    act = reverse("practices:practice-act", args=[practice.public_id, "unpromote"])
    given = {"promotion": made.public_id, "reason": "补贴用完了"}

    assert client_of(cast.chair).post(act, given).status_code == 403
    county = client_of(cast.approver)
    assert "不再推广" in county.get(reverse("practices:practice-detail", args=[practice.public_id])).text
    county.post(act, {"promotion": made.public_id})
    assert practice.promotions.get().ended_at is None
    county.post(act, given)
    assert practice.promotions.get().end_reason == "补贴用完了"
    assert county.post(act, given).status_code == 403
