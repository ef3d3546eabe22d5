"""Told, edited together, tried, reported, promoted."""

import pytest
from django.contrib.auth.models import AnonymousUser

from yiwang.grassroots.practices import actions, policies, queries
from yiwang.grassroots.practices.errors import (
    BadText,
    NotEnoughReports,
    OwnPractice,
    PromotedAlready,
    SamePerson,
    TryingAlready,
)
from yiwang.grassroots.practices.models import Practice
from yiwang.grassroots.practices.tests.factories import REPORT, TEXTS, shown, told, tried, union
from yiwang.kernel.clock import add_days, today
from yiwang.kernel.states import ChangedMeanwhile, NotAllowedInState
from yiwang.platform.notify.models import Message

pytestmark = pytest.mark.django_db


def test_a_practice_is_sent_returned_and_shown_by_another(cast):
    practice = told(cast)
    actions.send_up(practice, by=cast.chair)
    assert Message.objects.get(template="practices/sent").recipient_id == cast.town_officer.pk
    actions.give_back(practice, note="写清谁点火", by=cast.town_officer)
    assert "写清谁点火" in Message.objects.get(template="practices/returned").text
    actions.send_up(practice, by=cast.chair)
    with pytest.raises(SamePerson):
        actions.show(practice, by=cast.chair)
    actions.show(practice, by=cast.town_officer)
    assert practice.state == "shown"
    assert Message.objects.get(template="practices/shown").recipient_id == cast.chair.pk


@pytest.mark.parametrize("field", ["what", "effect"])
def test_too_few_words_teach_nobody(cast, field):
    practice = told(cast, **{field: "很好"})
    with pytest.raises(BadText, match="至少20个字"):
        actions.send_up(practice, by=cast.chair)


def test_what_stood_there_before_is_kept(cast):
    practice = told(cast)
    changed = actions.edit(practice, by=cast.town_officer, organisation=cast.town, **{**TEXTS, "title": "夜里一碗热汤"})
    assert changed == ["title"]
    assert actions.edit(practice, by=cast.town_officer, **{**TEXTS, "title": "夜里一碗热汤"}) == []
    name, body, _at, was = queries.revisions_of(practice)[0]
    assert (name, body, was) == ("顾晓东", "玉山镇总工会", [("叫什么", "下夜班有热汤")])


def test_another_union_tries_it_and_says_how_it_went(cast):
    practice = shown(cast)
    with pytest.raises(OwnPractice):
        actions.begin_adoption(practice, cast.unit, plan="", by=cast.chair)
    other = union(cast.town)
    with pytest.raises(BadText, match="在以后"):
        actions.begin_adoption(practice, other, plan="", by=None, started_on=add_days(today(), 1))
    adoption = actions.begin_adoption(practice, other, plan="", by=cast.clerk)
    with pytest.raises(TryingAlready):
        actions.begin_adoption(practice, other, plan="", by=None)
    with pytest.raises(BadText, match="至少20个字"):
        actions.report_adoption(adoption, by=None, **{**REPORT, "words": "好"})
    actions.report_adoption(adoption, by=None, **REPORT)
    second = actions.begin_adoption(practice, union(cast.town), plan="", by=None)
    with pytest.raises(BadText, match="一模一样"):
        actions.report_adoption(second, by=None, **REPORT)
    actions.stop_adoption(second, by=cast.clerk)
    assert [row.organisation for row in queries.adoptions_of(practice)] == [other]
    with pytest.raises(NotAllowedInState):
        actions.begin_adoption(told(cast), other, plan="", by=None)


def test_a_county_promotes_on_two_good_reports(cast):
    practice = shown(cast)
    tried(practice, union(cast.town))
    tried(practice, union(cast.town), verdict="not_here")
    with pytest.raises(NotEnoughReports, match="要有2家报过有用，现在1家"):
        actions.promote(practice, cast.county, words="列入补贴", by=cast.approver)
    tried(practice, union(cast.town), verdict="changed")
    made = actions.promote(practice, cast.county, words="列入补贴", by=cast.approver)
    assert (made.level, made.reports) == (4, 2)
    with pytest.raises(PromotedAlready):
        actions.promote(practice, cast.county, words="再来", by=cast.approver)
    actions.end_promotion(made, reason="补贴用完了", by=cast.approver)
    assert queries.promotions_of(practice) == []
    with pytest.raises(ChangedMeanwhile):
        actions.end_promotion(made, reason="再来一次", by=cast.approver)


def test_a_city_wants_two_counties_and_a_province_three_cities(cast):
    practice = shown(cast)
    for _n in range(4):
        tried(practice, union(cast.town))
    assert queries.missing_for(practice, cast.city) == ["要来自2个县，现在1个。"]
    tried(practice, cast.sibling_unit)
    assert queries.missing_for(practice, cast.city) == []
    assert queries.missing_for(practice, cast.province) == [
        "江苏省总工会推广要有6家报过有用，现在5家。",
        "要来自3个设区市，现在1个。",
    ]


def test_a_withdrawn_practice_is_no_longer_promoted(cast):
    practice = shown(cast)
    tried(practice, union(cast.town))
    tried(practice, union(cast.town))
    actions.promote(practice, cast.county, words="列入补贴", by=cast.approver)
    actions.withdraw(practice, reason="数字有误", by=cast.town_officer)
    assert queries.promotions_of(practice) == []
    assert not Practice.objects.shown().exists()


def test_places_and_their_colours(cast, django_assert_num_queries):
    practice = shown(cast)
    tried(practice, union(cast.town))
    actions.begin_adoption(practice, cast.sibling_unit, plan="", by=None)
    with django_assert_num_queries(3):
        rows = queries.by_place(cast.city)
    assert [(row.organisation, row.told, row.tried, row.reported, row.good) for row in rows] == [
        (cast.county, 1, 1, 1, 1),
        (cast.sibling_county, 0, 1, 0, 0),
    ]
    assert queries.by_place(cast.city, told(cast))[0].tried == 0
    assert queries.shades(rows, "/") == []
    assert [queries.tone_of(n, 8) for n in (0, 1, 2, 3, 8)] == ["none", "q2", "q2", "q3", "q5"]
    assert queries.tone_of(0, 0) == "none"
    assert queries.legend(rows) == [("none", "还没有人试"), ("q5", "1家")]


def test_below_a_town_the_unions_themselves_stand_on_the_list(cast):
    practice = shown(cast)
    actions.begin_adoption(practice, union(cast.town), plan="", by=None)
    rows = queries.by_place(cast.town)
    assert [(row.organisation.parent, row.tried) for row in rows if row.tried] == [(cast.town, 1)]
    assert all(row.tried or row.told for row in rows)


def test_a_report_is_asked_for_once(cast):
    practice = shown(cast)
    adoption = actions.begin_adoption(practice, cast.sibling_unit, plan="", by=cast.clerk)
    actions.begin_adoption(practice, union(cast.town), plan="", by=None)
    assert queries.report_face(adoption).state == "run"
    assert actions.sweep_reports(add_days(today(), 89)) == 0
    assert actions.sweep_reports(add_days(today(), 90)) == 2
    actions.sweep_reports(add_days(today(), 90))
    assert Message.objects.get(template="practices/report").recipient_id == cast.clerk.pk
    adoption.started_on = add_days(today(), -91)
    assert queries.report_face(adoption).state == "over"
    actions.report_adoption(adoption, by=None, **REPORT)
    assert queries.report_face(adoption) is None


def test_a_practice_that_nobody_signed_goes_the_same_way(cast):
    practice = actions.tell(cast.unit, by=None, **TEXTS)
    actions.send_up(practice, by=cast.chair)
    actions.give_back(practice, note="写清谁点火", by=cast.town_officer)
    actions.send_up(practice, by=cast.chair)
    actions.show(practice, by=cast.town_officer)

    assert practice.state == "shown"
    assert not Message.objects.filter(template__in=["practices/returned", "practices/shown"]).exists()


def test_strangers_see_what_is_shown_and_nothing_else(cast):
    practice = shown(cast)
    draft = told(cast)

    assert list(policies.visible_to(AnonymousUser())) == [practice]
    assert list(policies.desk(AnonymousUser())) == [practice]
    assert draft in policies.desk(cast.chair)
