"""Moving a membership: let go, silence, objection, taking over (GT 2.7); keeping and leaving by request."""

import datetime as dt
from itertools import pairwise

import pytest
from django.http import Http404
from django.urls import reverse

from yiwang.grassroots.joining import actions, policies, reactions
from yiwang.grassroots.joining.errors import GroundMissing, NobodyAbove, NotYours
from yiwang.grassroots.joining.models import Transfer
from yiwang.grassroots.joining.tests.factories import ask_to_move, services
from yiwang.kernel.clock import add_days, now, today
from yiwang.net.cases import actions as cases
from yiwang.net.cases.models import Case
from yiwang.net.catalogue.queries import current_version
from yiwang.platform.counters.queries import figure
from yiwang.register.access.models import Appointment
from yiwang.register.access.roles import Role
from yiwang.register.members import actions as members
from yiwang.register.members.counting import CURRENT
from yiwang.register.members.models import Conflict, MembershipSpan
from yiwang.register.members.queries import held_membership, spans_of
from yiwang.register.members.tests.factories import member

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _services(cast):
    services()


@pytest.fixture
def mover(cast):
    """A member of the unit with an account, who now works in the next county."""
    held = member(cast.unit, "陆建平")
    held.person.user = cast.courier
    cast.courier_person.user = None
    cast.courier_person.save(update_fields=["user"])
    held.person.save(update_fields=["user"])
    return held.person


@pytest.fixture
def new_chair(cast):
    Appointment.objects.create(
        user=cast.stranger, organisation=cast.sibling_unit, role=Role.UNIT_CHAIR, valid_from=today(),
        state=Appointment.State.IN_FORCE, proposed_by=cast.leader,
    )  # fmt: skip
    return cast.stranger


def open_transfer(case):
    return Transfer.objects.select_related("case", "membership__person", "from_organisation", "to_organisation").get(
        case=case
    )


def act(case, what):
    return reverse("joining:transfer-act", args=[case.number, what])


def test_let_go_taken_over_and_the_history_has_no_gap(client_of, cast, mover, new_chair):
    before = figure(cast.city.path, CURRENT)
    case = ask_to_move(mover, cast.sibling_unit)

    assert held_membership(mover).state == "moving"
    assert case.organisation == cast.unit
    assert client_of(new_chair).post(act(case, "receive"), {"reason": ""}).status_code == 403
    client_of(cast.clerk).post(act(case, "release"), {"reason": "手续清了"})
    case.refresh_from_db()
    assert case.organisation == cast.sibling_unit
    assert "陆建平" in client_of(new_chair).get("/work/joining/transfers/").text
    client_of(new_chair).post(act(case, "receive"), {"reason": "欢迎"})

    held = held_membership(mover)
    assert (held.state, held.organisation, held.employer) == ("active", cast.sibling_unit, cast.sibling_employer)
    first, second = spans_of(mover)
    assert first.days.upper == second.days.lower
    assert held.joined_on == first.days.lower
    assert figure(cast.city.path, CURRENT) == before
    assert figure(cast.sibling_unit.path, CURRENT) == 1
    transfer = open_transfer(case)
    assert transfer.done_at is not None
    assert not transfer.is_deemed
    reactions.carry_out_decision(case_id=case.pk, outcome="ok", on_time=True)
    assert MembershipSpan.objects.filter(person=mover).count() == 2


def test_silence_of_the_former_union_lets_go(cast, mover, new_chair):
    case = ask_to_move(mover, cast.sibling_unit)
    cases.accept_case(case, by=cast.clerk)

    assert actions.sweep_transfers(now()) == 0
    assert actions.sweep_transfers(now() + dt.timedelta(days=15)) == 1
    case.refresh_from_db()
    assert case.organisation == cast.sibling_unit
    assert open_transfer(case).is_deemed
    assert case.steps.get().handler is None


def test_silence_of_the_new_union_goes_to_the_common_superior(cast, mover, new_chair):
    case = ask_to_move(mover, cast.sibling_unit)
    actions.release(open_transfer(case), opinion="", by=cast.clerk)

    assert actions.sweep_transfers(now() + dt.timedelta(days=15)) == 1
    case.refresh_from_db()
    assert case.organisation == cast.city
    assert actions.sweep_transfers(now() + dt.timedelta(days=60)) == 0
    actions.receive(open_transfer(case), reason="已到新单位上班", by=cast.supervisor)
    assert held_membership(mover).organisation == cast.sibling_unit


def test_an_objection_has_one_of_three_grounds_and_goes_up(client_of, cast, mover, new_chair):
    case = ask_to_move(mover, cast.sibling_unit)
    transfer = open_transfer(case)

    with pytest.raises(GroundMissing):
        actions.object_to(transfer, ground="we_like_him", text="舍不得", by=cast.clerk)
    with pytest.raises(GroundMissing):
        actions.object_to(transfer, ground="still_here", text=" ", by=cast.clerk)
    assert "错误" in client_of(cast.clerk).post(act(case, "object"), {"ground": "", "text": "还在上班"}).text
    client_of(cast.clerk).post(act(case, "object"), {"ground": "still_here", "text": "合同到明年"})
    case.refresh_from_db()
    assert case.organisation == cast.city
    assert held_membership(mover).state == "moving"
    with pytest.raises(NotYours):
        actions.release(open_transfer(case), opinion="", by=cast.clerk)
    verdict = cases.Verdict(outcome="no", reason="还在原单位", other_ways="离职后再申请", recourse="可以申请复核")
    cases.decide(case, verdict, by=cast.supervisor)
    reactions.carry_out_decision(case_id=case.pk, outcome="no", on_time=True)
    held = held_membership(mover)
    assert (held.state, held.organisation) == ("active", cast.unit)


def test_an_objection_to_an_accepted_request_is_made_once(cast, mover, new_chair):
    case = ask_to_move(mover, cast.sibling_unit)
    cases.accept_case(case, by=cast.clerk)

    actions.object_to(open_transfer(case), ground="still_here", text="合同到明年", by=cast.clerk)
    with pytest.raises(NotYours):
        actions.object_to(open_transfer(case), ground="still_here", text="再说一遍", by=cast.clerk)
    assert open_transfer(case).objection == "合同到明年"
    assert open_transfer(case).case.organisation == cast.city


def test_a_move_that_is_done_is_not_called_off(cast, mover, new_chair):
    case = ask_to_move(mover, cast.sibling_unit)
    actions.release(open_transfer(case), opinion="", by=cast.clerk)
    actions.receive(open_transfer(case), reason="", by=new_chair)

    reactions.stop_what_was_under_way(case_id=case.pk)
    assert (held_membership(mover).state, held_membership(mover).organisation) == ("active", cast.sibling_unit)


def test_a_decision_that_does_not_stand_moves_nobody(cast, mover):
    case = ask_to_move(mover, cast.sibling_unit)

    for case_id in (case.pk, 0):
        reactions.carry_out_decision(case_id=case_id, outcome="ok", on_time=True)
    assert (held_membership(mover).state, held_membership(mover).organisation) == ("moving", cast.unit)


def test_a_request_to_move_is_none_to_join_and_hidden_from_its_own_applicant(cast, mover):
    case = ask_to_move(mover, cast.sibling_unit)
    Appointment.objects.create(
        user=mover.user, organisation=cast.sibling_unit, role=Role.UNIT_CHAIR, valid_from=today(),
        state=Appointment.State.IN_FORCE, proposed_by=cast.leader,
    )  # fmt: skip

    assert policies.get_transfer(cast.clerk, case.number) == open_transfer(case)
    with pytest.raises(Http404):
        policies.get_request(cast.clerk, case.number)
    with pytest.raises(Http404):
        policies.get_transfer(mover.user, case.number)


def test_an_objection_that_nobody_above_could_decide_is_refused_whole(cast, mover, new_chair):
    case = ask_to_move(mover, cast.sibling_unit)
    Appointment.objects.filter(organisation__in=[cast.city, cast.province]).delete()

    with pytest.raises(NobodyAbove):
        actions.object_to(open_transfer(case), ground="still_here", text="合同到明年", by=cast.clerk)
    case.refresh_from_db()
    assert (case.organisation, case.step, open_transfer(case).objection) == (cast.unit, 0, "")


def test_who_may_only_check_at_the_new_union_does_not_take_over(cast, mover, new_chair):
    case = ask_to_move(mover, cast.sibling_unit)
    actions.release(open_transfer(case), opinion="", by=cast.clerk)

    with pytest.raises(NotYours):
        actions.receive(open_transfer(case), reason="欢迎", by=cast.sibling_handler)
    assert held_membership(mover).organisation == cast.unit
    actions.receive(open_transfer(case), reason="欢迎", by=new_chair)
    assert held_membership(mover).organisation == cast.sibling_unit


@pytest.mark.parametrize(("since", "day"), [("2026-01-01", dt.date(2026, 1, 1)), ("下个月", None)])
def test_a_move_is_asked_for_with_or_without_a_day(cast, mover, since, day):
    case = ask_to_move(mover, cast.sibling_unit, since=since)

    assert (open_transfer(case).since, held_membership(mover).state) == (day, "moving")


def test_a_move_to_a_body_without_members_goes_on_the_worklist(cast, mover):
    case = ask_to_move(mover, cast.sibling_town)

    conflict = Conflict.objects.get()
    assert (conflict.rule, conflict.person) == ("DX", mover)
    assert case.number in conflict.detail
    assert (held_membership(mover).state, Transfer.objects.count()) == ("active", 0)


def test_withdrawing_leaves_the_member_where_they_were(cast, mover):
    case = ask_to_move(mover, cast.sibling_unit)

    cases.withdraw(case, by=mover.user)
    for _again in range(2):
        reactions.stop_what_was_under_way(case_id=case.pk)
    assert (held_membership(mover).state, held_membership(mover).organisation) == ("active", cast.unit)


def test_only_the_two_sides_and_those_above_see_a_transfer(client_of, cast, mover):
    case = ask_to_move(mover, cast.sibling_unit)
    url = reverse("joining:transfer-detail", args=[case.number])

    for officer in (cast.clerk, cast.handler, cast.sibling_handler, cast.supervisor):
        assert client_of(officer).get(url).status_code == 200
    assert client_of(cast.stranger).get(url).status_code == 403
    assert client_of(cast.sibling_handler).post(act(case, "release"), {}).status_code == 403
    assert client_of(cast.sibling_handler).post(act(case, "dance"), {}).status_code == 404


def test_a_move_to_ones_own_union_moves_nothing(cast, mover):
    case = ask_to_move(mover, cast.unit)

    assert not Transfer.objects.exists()
    assert held_membership(mover).state == "active"
    reactions.carry_out_decision(case_id=case.pk, outcome="no", on_time=True)
    assert not Conflict.objects.exists()


def test_a_move_to_ones_own_union_that_is_agreed_to_moves_nothing_either(cast, mover):
    case = ask_to_move(mover, cast.unit)
    cases.accept_case(case, by=cast.chair)
    cases.complete_step(case, opinion="人就在本厂", by=cast.chair)
    cases.decide(case, cases.Verdict(outcome="ok", reason="人就在本厂"), by=cast.chair)

    reactions.carry_out_decision(case_id=case.pk, outcome="ok", on_time=True)

    assert (held_membership(mover).state, held_membership(mover).organisation) == ("active", cast.unit)
    assert not Conflict.objects.exists()


def decided(cast, person, service, answers):
    case = cases.submit_case(
        current_version(service), applicant=person, answers=answers, by=person.user, idempotency_key=f"{service}:1"
    )
    cases.accept_case(case, by=cast.clerk)
    cases.decide(case, cases.Verdict(outcome="ok", reason="登记了"), by=cast.clerk)
    for _again in range(2):
        reactions.carry_out_decision(case_id=case.pk, outcome="ok", on_time=True)


def test_a_retained_member_keeps_belonging_without_a_vote_and_comes_back_by_transfer(cast, mover, new_chair):
    decided(cast, mover, "MB-0004", {"reason": "retired", "since": today().isoformat()})

    held = held_membership(mover)
    assert (held.state, held.employ_state, held.may_vote) == ("retained", "5", False)
    assert figure(cast.unit.path, CURRENT) == 0
    case = ask_to_move(mover, cast.sibling_unit)
    assert held_membership(mover).state == "retained"
    actions.release(open_transfer(case), opinion="", by=cast.clerk)
    actions.receive(open_transfer(case), reason="", by=new_chair)
    assert (held_membership(mover).state, held_membership(mover).may_vote) == ("active", True)
    assert figure(cast.sibling_unit.path, CURRENT) == 1


def test_who_gives_no_day_is_retained_from_the_day_of_the_decision(cast, mover):
    decided(cast, mover, "MB-0004", {"reason": "military", "since": "去年冬天"})

    assert held_membership(mover).state == "retained"
    assert spans_of(mover)[-1].days.lower == today()


def test_asking_to_leave_changes_nothing_before_it_is_decided(cast, mover):
    case = cases.submit_case(
        current_version("MB-0005"), applicant=mover, answers={}, by=mover.user, idempotency_key="MB-0005:1"
    )
    for case_id in (case.pk, 0):
        reactions.note_request_to_join_or_move(case_id=case_id, service="MB-0005", channel="web", organisation_id=1)

    assert held_membership(mover).state == "active"
    assert not Transfer.objects.exists()


def test_leaving_is_free_and_one_may_join_again(cast, mover):
    decided(cast, mover, "MB-0005", {})

    assert held_membership(mover) is None
    made, refused = actions.submit_for_others(
        cast.unit, [{"name": mover.name, "id_number": mover.id_number}], by=cast.chair, key="again"
    )
    assert refused == []
    row = actions.note_request(made[0])
    assert actions.admit(row, cast.unit, reason="同意", by=cast.chair).person == mover


def moved(client_of, cast, mover, new_chair):
    case = ask_to_move(mover, cast.sibling_unit)
    client_of(cast.clerk).post(act(case, "release"), {"reason": "手续清了"})
    client_of(new_chair).post(act(case, "receive"), {"reason": "欢迎"})
    case.refresh_from_db()
    return case


def revoke(case, cast):
    cases.revoke_decision(case, reason="人还在原单位", by=cast.supervisor, organisation=cast.city)
    reactions.take_back_decision(case_id=case.pk, was="delivered")


def test_a_revoked_move_goes_back_and_everybody_is_counted_once(client_of, cast, mover, new_chair):
    before = figure(cast.city.path, CURRENT)
    case = moved(client_of, cast, mover, new_chair)

    revoke(case, cast)
    reactions.take_back_decision(case_id=case.pk, was="delivered")  # delivered twice

    held = held_membership(mover)
    assert (held.state, held.organisation, held.employer) == ("active", cast.unit, cast.employer)
    spans = spans_of(mover)
    assert [span.organisation for span in spans] == [cast.unit, cast.sibling_unit, cast.unit]
    assert all(left.days.upper == right.days.lower for left, right in pairwise(spans))
    assert held.joined_on == spans[0].days.lower
    assert figure(cast.city.path, CURRENT) == before
    assert figure(cast.sibling_unit.path, CURRENT) == 0
    assert "撤销" in spans[1].end_reason
    assert open_transfer(case).done_at is None


def test_a_revoked_move_of_a_retained_member_is_retained_again(client_of, cast, mover, new_chair):
    held = held_membership(mover)
    members.retain_membership(held, by=cast.chair, on=add_days(today(), -30), reason="失业")
    before = figure(cast.city.path, CURRENT)
    case = moved(client_of, cast, mover, new_chair)
    assert figure(cast.city.path, CURRENT) == before + 1

    revoke(case, cast)

    held = held_membership(mover)
    assert (held.state, held.organisation, held.may_vote) == ("retained", cast.unit, False)
    assert figure(cast.city.path, CURRENT) == before


def test_who_moved_on_since_stays_where_they_are(client_of, cast, mover, new_chair):
    case = moved(client_of, cast, mover, new_chair)
    third = actions.pool_of(cast.town)
    members.transfer_membership(held_membership(mover), third, by=cast.leader)

    revoke(case, cast)

    assert held_membership(mover).organisation == third


def test_what_can_not_go_back_is_put_on_the_worklist(client_of, cast, mover, new_chair):
    case = moved(client_of, cast, mover, new_chair)
    type(cast.unit).objects.filter(pk=cast.unit.pk).update(state="dissolved", valid_to=today())

    revoke(case, cast)

    assert held_membership(mover).organisation == cast.sibling_unit
    assert Conflict.objects.get(person=mover).rule == "DX"


def test_a_decision_made_anew_leaves_a_late_delivery_without_effect(client_of, cast, mover, new_chair):
    case = moved(client_of, cast, mover, new_chair)

    reactions.take_back_decision(case_id=case.pk, was="delivered")

    assert held_membership(mover).organisation == cast.sibling_unit


def test_a_revoked_retention_puts_the_member_back_at_work(cast, mover):
    decided(cast, mover, "MB-0004", {"reason": "retired", "since": add_days(today(), -9).isoformat()})
    assert held_membership(mover).state == "retained"
    case = Case.objects.get(service_code="MB-0004")

    revoke(case, cast)
    reactions.take_back_decision(case_id=case.pk, was="delivered")

    assert (held_membership(mover).state, held_membership(mover).may_vote) == ("active", True)
    assert figure(cast.unit.path, CURRENT) == 1


def test_who_left_and_should_not_have_is_put_on_the_worklist(cast, mover):
    decided(cast, mover, "MB-0005", {})
    case = Case.objects.get(service_code="MB-0005")

    revoke(case, cast)

    assert held_membership(mover) is None
    assert Conflict.objects.get(person=mover).rule == "DX"


def test_a_retention_that_ended_since_is_not_taken_back_twice(cast, mover):
    decided(cast, mover, "MB-0004", {"reason": "unemployed", "since": add_days(today(), -9).isoformat()})
    members.resume_membership(held_membership(mover), by=cast.chair)
    before = spans_of(mover)

    revoke(Case.objects.get(service_code="MB-0004"), cast)

    assert held_membership(mover).state == "active"
    assert spans_of(mover) == before


def test_who_left_and_joined_again_needs_nobody_when_the_leaving_is_revoked(cast, mover):
    decided(cast, mover, "MB-0005", {})
    again = members.start_membership(mover, cast.sibling_unit, by=None)

    revoke(Case.objects.get(service_code="MB-0005"), cast)

    assert held_membership(mover) == again
    assert not Conflict.objects.filter(person=mover).exists()
