import datetime as dt

import pytest

from yiwang.kernel.clock import today
from yiwang.platform.counters.actions import recount
from yiwang.platform.counters.queries import figure
from yiwang.platform.text.queries import search
from yiwang.register.members import actions
from yiwang.register.members.actions import Correction
from yiwang.register.members.counting import CURRENT
from yiwang.register.members.models import Membership, MembershipSpan, Person
from yiwang.register.members.queries import persons_with_phone
from yiwang.register.members.tests.factories import JOINED, id_number, member
from yiwang.register.organisations.tests.factories import line

pytestmark = pytest.mark.django_db


def test_many_are_enrolled_corrected_and_taken_back():
    unit = line()[-1]
    rows = [
        (
            Person(name=name, id_number=id_number(), phone=phone, birth_date=dt.date(1990, 3, 7)),
            Membership(organisation=unit, joined_on=JOINED),
        )
        for name, phone in (("单田芳", "13900000001"), ("解晓东", None))
    ]

    actions.enrol_many(rows, by=None)

    assert figure(unit.path, CURRENT) == 2
    assert [hit.title for hit in search("stf", scope=[unit.path])] == ["单田芳"]
    assert recount() == []

    (first, held), (second, _other) = rows
    first.phone, held.post, held.joined_on = None, "班长", dt.date(2021, 1, 1)
    actions.correct_many([Correction(first, {"phone"}, held, {"post", "joined_on"})], by=None)

    assert Person.objects.get(pk=first.pk).phone_hash == ""
    assert MembershipSpan.objects.get(membership=held).days.lower == dt.date(2021, 1, 1)
    assert recount() == []

    actions.unenrol_many([membership for _p, membership in rows], [first, second], by=None, on=today(), reason="撤回")

    assert Membership.objects.count() == Person.objects.count() == 0
    assert figure(unit.path, CURRENT) == 0
    assert search("stf", kinds=["person"], scope=[unit.path]) == []


def test_a_correction_of_other_facts_leaves_the_telephone_findable():
    held = member(line()[-1])
    actions.correct_person(held.person, by=None, phone="13900000001")
    held.person.nation = "03"

    actions.correct_many([Correction(held.person, {"nation"}, held, set())], by=None)

    assert persons_with_phone("13900000001") == [held.person]
    assert Person.objects.get(pk=held.person_id).nation == "03"


def test_a_history_that_does_not_begin_with_joining_keeps_its_first_day():
    held = member(line()[-1])
    MembershipSpan.objects.filter(membership=held).update(reason=MembershipSpan.Reason.TRANSFERRED)
    held.joined_on = dt.date(2021, 1, 1)

    actions.correct_many([Correction(held.person, set(), held, {"joined_on"})], by=None)

    assert Membership.objects.get(pk=held.pk).joined_on == dt.date(2021, 1, 1)
    assert MembershipSpan.objects.get(membership=held).days.lower == JOINED
    assert figure(held.organisation.path, CURRENT) == 1
