"""Conflicts that are carried out by being settled: who hands over, who decides, whose telephone it is."""

import datetime as dt
import re

import pytest
from django.urls import reverse

from yiwang.kernel.clock import now
from yiwang.platform.counters.queries import figure
from yiwang.register.members import actions, policies
from yiwang.register.members.counting import CURRENT
from yiwang.register.members.errors import AgreementMissing, DecideWithReason, NotOnTheOtherSide, SignsInWithIt
from yiwang.register.members.models import Change, Conflict, Membership, Person
from yiwang.register.members.queries import held_membership
from yiwang.register.members.tests.factories import member, person

pytestmark = pytest.mark.django_db


def claimed(cast, rule="D8", **details):
    """A member of the unit whom the union of the next county has on its list."""
    held = member(cast.unit, "陆建平", **details)
    return held, actions.note_conflict(rule, held.person, claimed_by=cast.sibling_unit)


def url(conflict, act):
    return reverse("members:conflict-act", args=[conflict.public_id, act])


def test_who_holds_the_membership_hands_it_over_and_figures_follow(client_of, cast):
    held, conflict = claimed(cast)
    before = figure(cast.unit.path, CURRENT), figure(cast.sibling_unit.path, CURRENT)
    given = {"reason": "上月离职，已到对方上班"}

    assert not policies.may_hand_over(cast.sibling_handler, conflict)
    client_of(cast.sibling_handler).post(url(conflict, "hand-over"), given)
    assert held_membership(held.person).organisation == cast.unit
    page = client_of(cast.handler).get(reverse("members:conflict-detail", args=[conflict.public_id])).text
    assert "会籍转到联达光电工会" in page
    assert "这个字段是必填项" in client_of(cast.handler).post(url(conflict, "hand-over"), {}).text
    client_of(cast.handler).post(url(conflict, "hand-over"), given)

    moved = held_membership(held.person)
    conflict.refresh_from_db()
    assert (moved.organisation, moved.joined_on) == (cast.sibling_unit, held.joined_on)
    assert conflict.state == "moved"
    assert (figure(cast.unit.path, CURRENT), figure(cast.sibling_unit.path, CURRENT)) == (before[0] - 1, before[1] + 1)
    assert not policies.may_hand_over(cast.handler, conflict)


def test_a_retained_member_is_taken_back_by_the_new_union_itself(cast):
    held, conflict = claimed(cast, "D9")
    assert not policies.may_hand_over(cast.sibling_handler, conflict)
    actions.retain_membership(held, by=None)

    assert policies.may_hand_over(cast.sibling_handler, conflict)
    actions.hand_over(conflict, reason="再就业", by=cast.sibling_handler)

    moved = held_membership(held.person)
    assert (moved.organisation, moved.state) == (cast.sibling_unit, "active")


def test_what_is_gone_or_settled_is_not_handed_over(cast):
    held, conflict = claimed(cast)
    with pytest.raises(DecideWithReason):
        actions.hand_over(conflict, reason=" ", by=cast.handler)
    actions.end_membership(held, by=None)
    conflict.refresh_from_db()
    assert not policies.may_hand_over(cast.handler, conflict)
    with pytest.raises(NotOnTheOtherSide):
        actions.hand_over(conflict, reason="已核实", by=cast.handler)
    assert Conflict.objects.get(pk=conflict.pk).state == "open"
    again = actions.note_conflict("D8", cast.stranger_person, claimed_by=cast.sibling_unit)
    assert not policies.may_hand_over(cast.sibling_handler, again)  # they are there already


def test_only_a_superior_of_both_decides_about_a_dispatched_worker(client_of, cast):
    held, conflict = claimed(cast, "D7", employ_kind="2")

    assert [policies.may_settle_dispatch(one, conflict) for one in (cast.handler, cast.city_handler)] == [False, True]
    given = {"keeper": cast.sibling_unit.public_id, "union_at": "2", "reason": "两家协商过"}
    client_of(cast.handler).post(url(conflict, "dispatch"), given)
    assert held_membership(held.person).organisation == cast.unit
    assert "委托协议" in client_of(cast.city_handler).post(url(conflict, "dispatch"), given).text
    client_of(cast.city_handler).post(url(conflict, "dispatch"), {**given, "agreement": "委字3号"})

    moved = held_membership(held.person)
    conflict.refresh_from_db()
    assert (moved.organisation, moved.union_at, moved.entrusted_to) == (cast.sibling_unit, "2", cast.sibling_unit)
    assert (conflict.state, conflict.reason) == ("moved", "两家协商过（委字3号）")


def test_a_dispatched_worker_stays_with_the_dispatcher_by_default(cast):
    held, conflict = claimed(cast, "D7")
    with pytest.raises(AgreementMissing):
        actions.settle_dispatch(conflict, cast.unit, union_at="2", agreement=" ", reason="x", by=cast.city_handler)
    with pytest.raises(NotOnTheOtherSide):
        actions.settle_dispatch(conflict, cast.town, union_at="1", agreement="", reason="x", by=cast.city_handler)

    actions.settle_dispatch(conflict, cast.unit, union_at="1", agreement="", reason="派遣单位", by=cast.city_handler)

    kept = held_membership(held.person)
    conflict.refresh_from_db()
    assert (kept.organisation, kept.employ_kind, kept.union_at, kept.entrusted_to) == (cast.unit, "2", "1", None)
    assert conflict.state == "kept"


def shared_phone(cast, **details):
    one, two = member(cast.unit, "张一").person, member(cast.unit, "李二").person
    for who in (one, two):
        actions.correct_person(who, by=None, phone="13911112222")
    Person.objects.filter(pk=two.pk).update(phone_verified_at=now() - dt.timedelta(days=9), **details)
    actions.find_pairs()
    return one, two, Conflict.objects.get(rule="D3")


def test_the_county_says_whose_telephone_it_is(client_of, cast):
    one, two, pair = shared_phone(cast)
    assert [policies.may_release_phone(who, pair) for who in (cast.chair, cast.handler)] == [False, True]
    page = client_of(cast.handler).get(reverse("members:conflict-detail", args=[pair.public_id])).text
    assert re.search(rf'value="{two.public_id}"[^>]* checked', page)  # who verified it first

    client_of(cast.handler).post(url(pair, "phone"), {"keep": two.public_id, "reason": "打过电话"})

    one.refresh_from_db()
    assert (one.phone, one.phone_hash) == (None, "")
    assert Person.objects.get(pk=two.pk).phone == "13911112222"
    assert Change.objects.filter(person=one, field="phone", became__isnull=True).exists()
    assert Conflict.objects.get(pk=pair.pk).state == "corrected"
    assert actions.find_pairs() == 0


def test_nobody_loses_the_telephone_they_sign_in_with(cast):
    one, two, pair = shared_phone(cast, user=cast.supervisor)
    type(cast.supervisor).objects.filter(pk=cast.supervisor.pk).update(phone="13911112222")

    with pytest.raises(SignsInWithIt):
        actions.release_phone(pair, one, reason="x", by=cast.handler)
    with pytest.raises(NotOnTheOtherSide):
        actions.release_phone(pair, cast.wenjuan_person, reason="x", by=cast.handler)
    actions.correct_person(one, by=None, phone="")
    pair = Conflict.objects.get(pk=pair.pk)
    actions.release_phone(pair, two, reason="已经改了", by=cast.handler)
    assert Conflict.objects.get(pk=pair.pk).state == "corrected"


def test_the_telephone_somebody_else_verified_first_is_a_contact_only(cast):
    owner = person("张一", phone=cast.courier.phone)
    Person.objects.filter(pk=cast.courier_person.pk).update(user=None, phone=None, phone_hash="")
    Person.objects.filter(pk=owner.pk).update(phone_verified_at=now() - dt.timedelta(days=400))

    bound = actions.bind_in_person(Person.objects.get(pk=cast.courier_person.pk), cast.courier, by=cast.handler)

    assert (bound.phone, bound.phone_verified_at) == (cast.courier.phone, None)


def test_an_unknown_act_changes_nothing(client_of, cast):
    held, conflict = claimed(cast, "D2")

    client_of(cast.handler).post(url(conflict, "anything"), {"reason": "x"})

    assert Membership.objects.get(pk=held.pk).organisation == cast.unit
    assert Conflict.objects.get(pk=conflict.pk).state == "open"
