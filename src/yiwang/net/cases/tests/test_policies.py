"""Everybody sees their own or their scope; what is unknown and what is forbidden look the same."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404

from yiwang.net.cases import actions, policies
from yiwang.net.cases.models import Case, CaseRecusal
from yiwang.net.cases.policies_ties import forget_ties
from yiwang.net.cases.tests.factories import (
    NO,
    NOW,
    accepted,
    at_decision,
    decided,
    later,
    make_service,
    step,
    submit,
)
from yiwang.platform.files.models import Document
from yiwang.register.access.models import Mandate, Recusal
from yiwang.register.access.policies import forget
from yiwang.register.accounts.models import User

pytestmark = pytest.mark.django_db


def fresh(user):
    """A user object as a new request has it: nothing remembered."""
    return User.objects.get(pk=user.pk)


def sees(user, case):
    return policies.visible_to(fresh(user)).filter(pk=case.pk).exists()


@pytest.fixture
def case(cast):
    return accepted(make_service(), cast.wenjuan_person, by=cast.handler)


SEERS = {
    "wenjuan",
    "handler",
    "approver",
    "city_handler",
    "supervisor",
    "province_handler",
    "leader",
    "hotline",
    "quality",
}
OTHERS = {
    "courier",
    "stranger",
    "chair",
    "clerk",
    "town_officer",
    "sibling_handler",
    "sibling_approver",
    "audit",
    "discipline",
    "admin",
    "security",
    "auditor",
}


@pytest.mark.parametrize("who", sorted(SEERS | OTHERS))
def test_the_cast_sees_a_county_case_by_scope_alone(cast, case, who):
    user = getattr(cast, who)

    assert sees(user, case) is (who in SEERS)
    if who not in SEERS:
        with pytest.raises(Http404):
            policies.get_case(fresh(user), case.number)


def test_nobody_and_the_unknown_number_are_not_found(cast, case):
    with pytest.raises(Http404):
        policies.get_case(AnonymousUser(), case.number)
    with pytest.raises(Http404):
        policies.get_case(cast.handler, "帮扶2026-昆-09999")
    assert not policies.staffed(AnonymousUser()).exists()
    assert not policies.listed(cast.wenjuan).exists()
    assert policies.visible_to(AnonymousUser()).count() == 0


def test_a_number_is_found_however_it_is_typed(cast, case):
    assert policies.get_case(cast.handler, "帮扶2026昆00001") == case


def test_seeing_is_not_doing(cast, case):
    with pytest.raises(PermissionDenied):
        policies.get_case(cast.leader, case.number, must=policies.may_work)
    assert policies.get_case(cast.handler, case.number, must=policies.may_work) == case


def test_ties_are_remembered_until_they_are_forgotten(cast, case):
    handler = fresh(cast.handler)
    forget_ties(handler)  # nothing remembered yet
    assert not policies.is_tied(handler, case)
    Recusal.objects.create(
        user=cast.handler, person_id=cast.wenjuan_person.pk, reason="kinship", declared_by=cast.handler
    )

    assert not policies.is_tied(handler, case)
    forget_ties(handler)
    assert policies.is_tied(handler, case)


def test_an_officer_with_a_tie_sees_nothing_of_it(cast, case):
    Recusal.objects.create(
        user=cast.handler, person_id=cast.wenjuan_person.pk, reason="kinship", declared_by=cast.handler
    )
    Recusal.objects.create(user=cast.leader, employer=cast.employer, reason="interest", declared_by=cast.leader)

    assert not sees(cast.handler, case)
    assert not sees(cast.leader, case)
    assert policies.is_tied(fresh(cast.handler), case)
    assert policies.is_tied(fresh(cast.leader), case)
    assert sees(cast.approver, case)


def test_taken_off_a_case_one_no_longer_sees_it(cast, case):
    actions.recuse(case, user=cast.handler, reason="邻居", by=cast.handler, now=NOW)

    assert not sees(cast.handler, case)


def test_an_officer_never_handles_their_own_request(cast):
    cast.wenjuan_person.user = None
    cast.wenjuan_person.save(update_fields=["user"])
    cast.wenjuan_person.user = cast.handler
    cast.wenjuan_person.save(update_fields=["user"])

    case = submit(make_service("HP-0950"), cast.wenjuan_person, by=fresh(cast.handler))

    assert case.handler == cast.approver
    assert sees(cast.handler, case)  # as the applicant
    assert not policies.staffed(fresh(cast.handler)).exists()


@pytest.mark.parametrize(
    ("definition", "answers"),
    [({"target": "employer"}, {}), ({"anonymous_allowed": True}, {"anonymous_to_employer": True})],
)
def test_nobody_inside_the_workplace_sees_who_complains_of_it(cast, definition, answers):
    case = submit(make_service("RT-0950", **definition), cast.wenjuan_person, answers=answers)
    Case.objects.filter(pk=case.pk).update(organisation=cast.unit)  # even if it lay there

    assert not sees(cast.chair, case)
    assert not sees(cast.clerk, case)
    assert sees(cast.town_officer, case)


def test_a_colleague_of_the_employer_complained_of_sees_nothing(cast):
    case = submit(make_service("RT-0951", target="employer"), cast.wenjuan_person)
    cast.stranger_membership.employer = cast.employer
    cast.stranger_membership.save(update_fields=["employer"])
    cast.stranger_person.user = None
    cast.stranger_person.save(update_fields=["user"])
    cast.stranger_person.user = cast.handler
    cast.stranger_person.save(update_fields=["user"])

    assert not sees(cast.handler, case)
    assert policies.is_tied(fresh(cast.handler), case)
    assert sees(cast.approver, case)


def test_a_complaint_about_union_staff_is_seen_by_discipline_alone(cast):
    case = submit(make_service("RT-0952", target="union"), cast.wenjuan_person)

    assert case.handler == cast.discipline
    assert sees(cast.discipline, case)
    assert not any(sees(user, case) for user in (cast.handler, cast.approver, cast.chair, cast.leader))
    assert policies.may_accept(cast.discipline, case)


def test_a_delegate_sees_what_they_filed_and_nothing_else(cast, case):
    Mandate.objects.create(
        person_id=cast.wenjuan_person.pk, person_name="周文娟", delegate=cast.courier, consent="paper", evidence="书面",
        state="given", given_at=NOW, valid_until="2027-01-01",
    )  # fmt: skip
    filed = submit(make_service("HP-0951"), cast.wenjuan_person, by=cast.courier)

    assert sees(cast.courier, filed)
    assert not sees(cast.courier, case)
    assert policies.is_own(cast.courier, filed)
    assert policies.persons_to_act_for(cast.courier, "HP-0951") == [(cast.wenjuan_person.public_id, "周文娟")]
    assert policies.get_person_to_act_for(cast.courier, cast.wenjuan_person.public_id, "HP-0951")
    with pytest.raises(Http404):
        policies.get_person_to_act_for(cast.stranger, cast.wenjuan_person.public_id, "HP-0951")
    assert policies.persons_to_act_for(AnonymousUser(), "HP-0951") == []


def test_whoever_worked_on_a_case_or_helps_still_sees_it(cast):
    steps = [step("visit", level=7), step("decide", capability="cases.decide")]
    case = accepted(make_service("HP-0952", steps=steps), cast.wenjuan_person, by=cast.clerk)
    actions.complete_step(case, opinion="看过了", by=cast.clerk, now=NOW)
    actions.add_co_handler(case, organisation=cast.town, task="走访", by=cast.approver, now=NOW)

    assert sees(cast.clerk, case)
    assert not sees(cast.chair, case)
    assert sees(cast.town_officer, case)
    assert policies.may_report(fresh(cast.town_officer), case)
    assert not policies.may_report(cast.clerk, case)
    assert case in policies.queue_of(fresh(cast.town_officer), "office")


def test_the_three_heaps(cast, case):
    other = submit(make_service("HP-0953"), cast.wenjuan_person)
    Case.objects.filter(pk=other.pk).update(handler=cast.approver)
    below = submit(make_service("HP-0954", steps=[step("x", level=7)]), cast.wenjuan_person)

    user = fresh(cast.handler)
    assert set(policies.queue_of(user, "mine")) == {case}
    assert set(policies.queue_of(user, "office")) == {case, other}
    assert set(policies.queue_of(user, "subtree")) == {case, other, below}


def test_what_officers_may_do_follows_post_state_and_step(cast, case):
    assert not policies.may_accept(cast.handler, case)
    assert policies.may_start(cast.handler, case)
    assert policies.may_complete_step(cast.handler, case)
    assert policies.may_extend(cast.handler, case)
    assert policies.may_pause(cast.handler, case)
    assert policies.may_merge(cast.handler, case)
    assert policies.may_note(cast.handler, case)
    assert policies.may_reply(cast.handler, case)
    assert policies.may_ask_supplement(cast.handler, case)
    assert not policies.may_decide(cast.approver, case)
    assert not policies.may_hand_over(cast.city_handler, case)
    assert policies.may_supervise(cast.supervisor, case)
    assert policies.may_designate(cast.supervisor, case)
    assert not policies.may_supervise(cast.handler, case)
    assert not policies.may_revoke(cast.supervisor, case)
    assert not policies.may_resume(cast.handler, case)
    assert not policies.may_deliver(cast.handler, case)
    assert not policies.may_reopen(cast.handler, case)
    assert not policies.may_refuse(cast.handler, case)
    assert not policies.may_answer_review(cast.supervisor, case)


def test_the_approver_decides_at_the_deciding_step_only(cast):
    case = at_decision(make_service(), cast.wenjuan_person, by=cast.handler)

    assert policies.may_decide(cast.approver, case)
    assert not policies.may_decide(cast.handler, case)
    assert not policies.may_decide(cast.supervisor, case)
    Recusal.objects.create(
        user=cast.approver, person_id=cast.wenjuan_person.pk, reason="kinship", declared_by=cast.approver
    )
    assert not policies.may_decide(fresh(cast.approver), case)
    assert not policies.works_on(fresh(cast.approver), case)


def test_only_strictly_above_may_revoke_and_review(cast):
    case = decided(make_service(), cast.wenjuan_person, handler=cast.handler, approver=cast.approver, verdict=NO)
    actions.request_review(case, text="不对", by=cast.wenjuan, now=later(days=5))

    assert policies.may_revoke(cast.supervisor, case)
    assert not policies.may_revoke(cast.approver, case)
    assert policies.may_answer_review(cast.supervisor, case)
    assert not policies.may_answer_review(cast.approver, case)
    assert policies.supervising_body(cast.leader, case) == cast.province
    assert [review.case for review in policies.reviews_of(cast.supervisor)] == [case]
    assert policies.reviews_of(cast.leader) == []


def test_what_the_applicant_may_do(cast, case):
    for may in (policies.may_withdraw, policies.may_urge, policies.may_write):
        assert may(cast.wenjuan, case)
        assert not may(cast.stranger, case)
    assert not policies.may_appeal(cast.wenjuan, case)
    assert not policies.may_rate(cast.wenjuan, case)
    assert not policies.may_answer_supplement(cast.wenjuan, case)
    actions.request_supplement(case, items=[{"name": "单据"}], by=cast.handler, now=NOW)
    assert policies.may_answer_supplement(cast.wenjuan, case)
    assert not policies.may_urge(cast.wenjuan, case)


def test_documents_are_as_open_as_their_case(cast, case):
    assert policies.may_open_documents_of(cast.handler, case.pk)
    assert policies.may_open_documents_of(cast.wenjuan, case.pk)
    assert not policies.may_open_documents_of(cast.sibling_handler, case.pk)
    assert policies.may_open_supplement_of(cast.wenjuan, case.pk)
    assert not policies.may_open_supplement_of(cast.handler, case.pk)
    assert policies.may_add_to_supplement(cast.wenjuan, case.number) is None
    assert policies.may_add_to_supplement(AnonymousUser(), case.number) is None
    actions.request_supplement(case, items=[{"name": "单据"}], by=cast.handler, now=NOW)
    assert policies.may_add_to_supplement(cast.wenjuan, case.number) == case
    assert Document.objects.count() == 0


def test_services_officers_and_intake(cast):
    version = make_service("HP-0955")

    assert policies.may_be_asked_for(cast.wenjuan, "hp-0955") == version
    with pytest.raises(Http404):
        policies.may_be_asked_for(cast.wenjuan, "HP-9999")
    assert version in policies.services_for(cast.handler)
    assert policies.may_take_in(cast.handler)
    assert not policies.may_take_in(cast.wenjuan)
    assert cast.handler in policies.officers_under(cast.supervisor)
    assert cast.sibling_handler not in policies.officers_under(cast.approver)
    assert cast.city in policies.bodies_near(cast.handler)
    assert cast.sibling_county not in policies.bodies_near(cast.handler)
    forget(cast.handler)


def test_the_end_page_is_for_whoever_handed_in(cast):
    contact = actions.Contact(name="王大伟", phone="13812345678")
    case = submit(make_service(), None, by=cast.hotline, contact=contact, channel="hotline")

    assert policies.get_handed_in(cast.hotline, case.number) == case
    with pytest.raises(Http404):
        policies.get_handed_in(cast.wenjuan, case.number)


def test_the_count_on_the_desk_follows_every_change_of_what_an_officer_may_see(cast, case):
    Case.objects.filter(pk=case.pk).update(handler=cast.handler)

    def on_desk():
        return policies.on_desk(fresh(cast.handler))

    assert on_desk() == on_desk() == 1
    recusal = CaseRecusal.objects.create(
        case=case, user=cast.handler, reason="亲属", declared_by=cast.handler, declared_at=NOW
    )
    assert on_desk() == 0
    recusal.delete()
    assert on_desk() == 1
    cast.handler.appointments.update(valid_to="2020-01-01")
    assert on_desk() == 0
    assert policies.on_desk(cast.wenjuan) == 0
