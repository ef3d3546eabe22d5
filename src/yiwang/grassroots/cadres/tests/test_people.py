"""From nomination to the last day, papers, places."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser

from yiwang.grassroots.cadres import actions, policies
from yiwang.grassroots.cadres.errors import BadEntry, Elected, FullTimeElsewhere, Gone, NoticeStands, SamePerson, Unfit
from yiwang.grassroots.cadres.models import Cadre, Establishment, Post, Team
from yiwang.grassroots.cadres.queries import people as queries
from yiwang.grassroots.cadres.queries.figures import vacancies
from yiwang.grassroots.cadres.tests.factories import NUMBER, nominated, officer, person, publicised, serving, task
from yiwang.kernel.clock import add_days, add_months, now, today
from yiwang.kernel.states import NotAllowedInState
from yiwang.net.notices.actions import answer_objection, end_notice, object_to
from yiwang.net.notices.queries import notice_of
from yiwang.platform.notify.models import Message
from yiwang.register.organisations.models import Organisation

pytestmark = pytest.mark.django_db
State = Cadre.State


def test_an_appointment_takes_two_people_and_a_notice(cast):
    cadre = nominated(cast)
    with pytest.raises(NotAllowedInState):
        actions.approve(cadre, by=cast.approver)
    actions.check(cadre, by=cast.handler, note="材料齐")
    with pytest.raises(SamePerson):
        actions.approve(cadre, by=cast.handler)
    actions.approve(cadre, by=cast.approver)
    notice = actions.publicise(cadre, by=cast.handler)
    assert "周小芳" not in str(notice.rows)
    with pytest.raises(NoticeStands):
        actions.appoint(cadre, starts_on=today(), document_number=NUMBER, by=cast.handler)
    end_notice(notice, by=None)
    with pytest.raises(BadEntry):
        actions.appoint(cadre, starts_on=today(), document_number="昆工(2026)17", by=cast.handler)
    actions.appoint(cadre, starts_on=today(), document_number=NUMBER, by=cast.handler)
    assert (cadre.state, cadre.starts_on) == (State.ACTIVE, today())


def test_an_upheld_objection_ends_it(cast):
    cadre = publicised(cast)
    notice = notice_of("cadre", cadre.pk)
    objection = object_to(notice, text="他是镇工会主席的外甥", by=cast.wenjuan, now=now())
    answer_objection(objection, upheld=True, answer="属实", by=cast.handler)
    end_notice(notice, by=None)
    with pytest.raises(NoticeStands, match="属实"):
        actions.appoint(cadre, starts_on=today(), document_number=NUMBER, by=cast.handler)
    actions.withdraw(cadre, reason="有亲属关系", by=cast.handler)
    assert cadre.state == State.WITHDRAWN


def test_a_withdrawn_nomination_takes_its_notice_down(cast):
    cadre = publicised(cast)
    actions.withdraw(cadre, reason="本人不来了", by=cast.handler)
    assert notice_of("cadre", cadre.pk).state == "withdrawn"


def test_everything_against_an_appointment_is_said_at_once(cast):
    old = nominated(cast, who=person("周老", birth="19700101"), has_no_kin=False)
    with pytest.raises(Unfit) as refusal:
        actions.check(old, by=cast.handler)
    assert len(refusal.value.problems) == 2
    experienced = add_months(today(), -12 * 38)
    with pytest.raises(Unfit):
        actions.check(nominated(cast, who=person("周三", birth=f"{experienced:%Y%m%d}")), by=cast.handler)
    fit = nominated(cast, who=person("周四", birth=f"{experienced:%Y%m%d}"), experience_years=3)
    actions.check(fit, by=cast.handler)
    assert fit.state == State.CHECKED


def test_nobody_is_full_time_twice(cast):
    who = serving(cast).person
    with pytest.raises(FullTimeElsewhere, match="玉山镇"):
        nominated(cast, who=who, organisation=cast.county)
    half = nominated(cast, who=who, organisation=cast.county, is_full_time=False)
    assert half.state == State.NOMINATED


def test_two_nominations_of_one_person_don_t_both_become_full_time(cast):
    who = person()
    first, second = nominated(cast, who=who), nominated(cast, who=who, organisation=cast.county, team=Team.FULL_TIME)
    for cadre in (first, second):
        actions.check(cadre, by=cast.handler)
        actions.approve(cadre, by=cast.approver)
    actions.appoint(second, starts_on=today(), document_number=NUMBER, by=cast.handler)
    actions.publicise(first, by=cast.handler)
    end_notice(notice_of("cadre", first.pk), by=None)
    with pytest.raises(FullTimeElsewhere):
        actions.appoint(first, starts_on=today(), document_number=NUMBER, by=cast.handler)


def test_chairs_come_from_elections(cast):
    with pytest.raises(Elected):
        nominated(cast, team=Team.PART_TIME, post=Post.CHAIR)
    given = {
        "team": Team.PART_TIME,
        "post": Post.CHAIR,
        "starts_on": today(),
        "is_full_time": False,
        "by": cast.handler,
    }
    with pytest.raises(BadEntry):
        actions.enter_elected(person(), cast.unit, document_number="", **given)
    chair = actions.enter_elected(person("刘芳"), cast.unit, document_number=NUMBER, **given)
    assert chair.state == State.ACTIVE
    with pytest.raises(BadEntry):
        actions.enter_elected(person(), cast.unit, document_number=NUMBER, **{**given, "post": Post.WORKER})
    with pytest.raises(BadEntry):
        actions.enter_elected(
            person(), cast.unit, document_number=NUMBER, **{**given, "starts_on": add_days(today(), 1)}
        )
    with pytest.raises(BadEntry, match="已经有这个岗位"):
        actions.enter_elected(chair.person, cast.unit, document_number=NUMBER, **given)


def test_nobody_is_placed_at_a_union_that_is_gone(cast):
    Organisation.objects.filter(pk=cast.unit.pk).update(state="dissolved", valid_to=today())
    cast.unit.refresh_from_db()
    with pytest.raises(BadEntry, match="已经不在"):
        nominated(cast, organisation=cast.unit)


def test_contracts_follow_each_other(cast):
    cadre = serving(cast)
    last = queries.contract_of(cadre)
    following = {"kind": "labour", "by": cast.handler, "ends_on": add_months(last.ends_on, 12)}
    with pytest.raises(BadEntry, match="第二天"):
        actions.sign_contract(cadre, starts_on=last.ends_on, **following)
    made = actions.sign_contract(cadre, starts_on=add_days(last.ends_on, 1), **following)
    assert queries.contract_of(cadre) == made
    with pytest.raises(BadEntry, match="不能早于"):
        actions.sign_contract(cadre, kind="labour", starts_on=today(), ends_on=add_days(today(), -1), by=cast.handler)


def test_a_secondment_has_a_home_and_a_bound(cast):
    cadre = officer(cast, user=cast.handler, organisation=cast.county)
    given = {"kind": "secondment", "starts_on": today(), "by": cast.handler}
    with pytest.raises(BadEntry, match="最长24个月"):
        actions.sign_contract(cadre, ends_on=add_months(today(), 25), home_body="人社局", **given)
    with pytest.raises(BadEntry, match="原来的单位"):
        actions.sign_contract(cadre, ends_on=add_months(today(), 12), **given)
    assert actions.sign_contract(cadre, ends_on=add_months(today(), 24), home_body="人社局", **given).pk


def test_places_are_given_once_and_end_with_the_post(cast):
    cadre = serving(cast)
    area = actions.give_area(cadre, cast.unit, by=cast.handler)
    actions.give_area(cadre, cast.sibling_employer, by=cast.handler)
    with pytest.raises(BadEntry, match="已经服务"):
        actions.give_area(cadre, cast.unit, by=cast.handler)
    with pytest.raises(BadEntry, match="已经服务"):
        actions.give_area(cadre, cast.sibling_employer, by=cast.handler)
    open_task = task(cast, cadre)
    with pytest.raises(BadEntry, match="不能早于"):
        actions.end(cadre, ended_on=cadre.starts_on - dt.timedelta(days=1), reason="错", by=cast.handler)
    actions.end(cadre, ended_on=today(), reason="考走了", by=cast.handler)
    area.refresh_from_db()
    open_task.refresh_from_db()
    assert (area.until, open_task.state) == (today(), "cancelled")


def test_who_left_is_out_of_reach(cast):
    cadre = serving(cast)
    actions.end(cadre, ended_on=today(), reason="考走了", by=cast.handler)
    with pytest.raises(Gone):
        actions.give_area(cadre, cast.unit, by=cast.handler)
    with pytest.raises(Gone):
        actions.resume(cadre, by=cast.handler)
    with pytest.raises(Gone):
        actions.sign_contract(cadre, kind="labour", starts_on=today(), ends_on=today(), by=cast.handler)
    assert not queries.findings_of(cadre)


def test_leave_and_return(cast):
    cadre = serving(cast)
    actions.suspend(cadre, reason="产假", by=cast.handler)
    assert cadre.is_serving
    assert cadre.state == State.SUSPENDED
    actions.resume(cadre, by=cast.handler)
    assert cadre.state == State.ACTIVE


def test_an_ended_area_may_be_given_again(cast):
    cadre = serving(cast)
    actions.end_area(actions.give_area(cadre, cast.unit, by=cast.handler, since=add_days(today(), -9)), by=cast.handler)
    assert queries.areas_of(cadre) == []
    assert actions.give_area(cadre, cast.unit, by=cast.handler).until is None


def test_findings_name_what_is_missing(cast):
    cadre = serving(cast, team=Team.BARGAINING, post=Post.GUIDE)
    assert ["没有片区" in text for text in queries.findings_of(cadre)] == [True]
    actions.give_area(cadre, cast.town, by=cast.handler)
    assert queries.findings_of(cadre) == []
    assert not queries.ailing(Cadre.objects.all()).exists()
    cadre.contracts.update(starts_on=add_days(today(), -400), ends_on=add_days(today(), -1))
    Cadre.objects.filter(pk=cadre.pk).update(planned_to=add_days(today(), -2))
    cadre.refresh_from_db()
    actions.add_certificate(cadre, name="协调员", number="1", expires_on=add_days(today(), -1), by=cast.handler)
    assert len(queries.findings_of(cadre)) == 3
    assert queries.ailing(Cadre.objects.all()).get() == cadre
    assert queries.ending(Cadre.objects.all(), 60).get() == cadre


def test_what_ends_is_said_once_to_officer_and_keeper(cast):
    cadre = serving(cast)
    last = queries.contract_of(cadre)
    assert actions.sweep_papers(add_days(last.ends_on, -59)) == 0
    assert actions.sweep_papers(add_days(last.ends_on, -60)) == 1
    actions.sweep_papers(add_days(last.ends_on, -60))
    assert Message.objects.filter(template="cadres/ending").count() == 1
    actions.add_certificate(cadre, name="社工证", number="1", expires_on=add_days(today(), 90), by=cast.handler)
    assert actions.sweep_papers(today()) == 1


def test_posts_that_are_vacant(cast):
    serving(cast)
    actions.set_establishment(cast.town, team=Team.SOCIAL, headcount=3, basis="一镇三人", by=cast.handler)
    actions.set_establishment(cast.town, team=Team.SOCIAL, headcount=2, basis="一镇两人", by=cast.handler)
    assert [(row.serving, row.missing) for row in vacancies(Establishment.objects.all())] == [(1, 1)]


def test_who_has_to_be_shown_is_not_appointed_without_a_notice(cast):
    cadre = nominated(cast)
    actions.check(cadre, by=cast.handler)
    actions.approve(cadre, by=cast.approver)

    with pytest.raises(NoticeStands, match="还没有公示"):
        actions.appoint(cadre, starts_on=today(), document_number=NUMBER, by=cast.handler)


def test_two_full_time_posts_at_once_are_refused_by_the_database(cast):
    who = person()
    first, second = (nominated(cast, who=who, organisation=at, team=Team.FULL_TIME) for at in (cast.town, cast.county))
    for cadre in (first, second):
        actions.check(cadre, by=cast.handler)
        actions.approve(cadre, by=cast.approver)
    actions.appoint(first, starts_on=today(), document_number=NUMBER, by=cast.handler)
    second.is_full_time = False  # as somebody read it a moment before the first was appointed

    with pytest.raises(FullTimeElsewhere, match="玉山镇"):
        actions.appoint(second, starts_on=today(), document_number=NUMBER, by=cast.handler)
    assert Cadre.objects.get(pk=second.pk).state == State.APPROVED


def test_consent_to_the_picture_keeps_its_day_until_it_is_taken_back(cast):
    cadre = officer(cast)
    card = {"office_phone": "0512-1", "hours": "", "place": "", "by": cast.town_officer}

    actions.change_card(cadre, shows_photo=True, **card)
    given = cadre.photo_consented_at
    actions.change_card(cadre, shows_photo=True, **card)
    assert cadre.photo_consented_at == given
    assert not policies.may_open_photo(AnonymousUser(), cadre.pk)
    assert policies.may_open_photo(cast.wenjuan, cadre.pk)
    actions.change_card(cadre, shows_photo=False, **card)
    assert not policies.may_open_photo(cast.wenjuan, cadre.pk)


def test_the_officer_is_told_too_when_a_paper_ends(cast):
    keeper, worker = officer(cast), serving(cast, who=person("何静", user=cast.supervisor))
    for cadre in (keeper, worker):
        actions.add_certificate(cadre, name="社工证", number="1", expires_on=today(), by=cast.handler)

    assert actions.sweep_papers(today()) == 3  # the town's officer keeps the team and holds one of the papers
    told = Message.objects.filter(template="cadres/ending").values_list("recipient_id", flat=True)
    assert sorted(told) == sorted([cast.town_officer.pk, cast.town_officer.pk, cast.supervisor.pk])
