import datetime as dt
import threading

import pytest
from django.db import IntegrityError, connection, transaction

from yiwang.kernel.clock import today
from yiwang.kernel.states import NotAllowedInState
from yiwang.platform.counters.actions import recount
from yiwang.platform.counters.queries import figure
from yiwang.platform.journal.models import JournalEntry
from yiwang.platform.text.queries import search
from yiwang.register.members import actions, queries
from yiwang.register.members.codes import NewForm, new_form_groups
from yiwang.register.members.counting import CURRENT
from yiwang.register.members.errors import (
    AlreadyMember,
    BadDay,
    DecideWithReason,
    HoldsNoMembers,
    SameOrganisation,
    TooYoung,
)
from yiwang.register.members.formulas import member_number, years_before
from yiwang.register.members.models import Affiliation, Change, Membership, MembershipSpan
from yiwang.register.members.reactions import retain_members_of_closed_union
from yiwang.register.members.tests.factories import JOINED, id_number, member, person
from yiwang.register.organisations.actions import close_organisation
from yiwang.register.organisations.errors import IsGone, StillHasMembers
from yiwang.register.organisations.models import Organisation
from yiwang.register.organisations.tests.factories import body, line

pytestmark = pytest.mark.django_db
State = Membership.State

ALLOWED = {
    ("applied", "active"), ("applied", "returned"), ("applied", "refused"), ("applied", "withdrawn"),
    ("returned", "applied"), ("returned", "withdrawn"), ("refused", "applied"),
    ("active", "moving"), ("active", "retained"), ("active", "quit"), ("active", "lapsed"), ("active", "expelled"),
    ("active", "deceased"), ("active", "merged"), ("moving", "active"),
    ("retained", "active"), ("retained", "quit"), ("retained", "deceased"), ("retained", "merged"),
    ("quit", "applied"), ("lapsed", "applied"), ("expelled", "applied"),
    ("merged", "active"), ("merged", "retained"),  # a merge is undone
    ("active", "revoked"), ("retained", "revoked"), ("revoked", "applied"),  # the admission was revoked
}  # fmt: skip


@pytest.fixture
def tree():
    return line()


@pytest.fixture
def unit(tree):
    return tree[-1]


def test_moves_are_those_of_the_handbook():
    assert {(was.value, to.value) for was, moves in Membership.MOVES.items() for to in moves} == ALLOWED


def test_a_person_joins_and_is_counted_found_and_numbered(tree, unit):
    held = member(unit, "周小芳")

    assert held.state == "active"
    assert held.may_vote
    assert held.number == member_number(int(held.number[2:12]))
    assert figure(tree[0].path, CURRENT) == 1
    assert [hit.object_id for hit in search("周小芳", scope=[tree[2].path])] == [held.person.public_id]
    assert search("周小芳") == []
    assert queries.current_membership(held.person) == held
    assert queries.voters(unit, JOINED) == [held.person]
    assert recount() == []


def test_one_person_has_one_membership(tree, unit):
    held = member(unit)
    other = body(tree[3], "E1", "另一厂工会")

    with pytest.raises(AlreadyMember):
        actions.start_membership(held.person, other, by=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(number="x", person=held.person, organisation=other, state="active", joined_on=JOINED)
    with pytest.raises(IntegrityError), transaction.atomic():
        MembershipSpan.objects.create(
            membership=held, person=held.person, organisation=other, days=(JOINED, None), reason="joined"
        )


def test_only_bodies_that_hold_members_take_them(tree, unit):
    with pytest.raises(HoldsNoMembers):
        actions.start_membership(person(), tree[2], by=None)
    close_organisation(unit, by=None)
    with pytest.raises(IsGone):
        actions.start_membership(person("周大芳"), unit, by=None)


def test_age_and_day_are_judged(unit):
    child = person("小明明", number=id_number(birth=f"{today().year - 15}0101"))

    with pytest.raises(TooYoung):
        actions.start_membership(child, unit, by=None)
    with pytest.raises(BadDay):
        actions.start_membership(person(), unit, by=None, joined_on=today() + dt.timedelta(days=1))


def test_leaving_ends_vote_figure_and_finding_but_not_history(tree, unit):
    held = member(unit)

    actions.end_membership(held, by=None, reason="本人申请")

    assert (held.state, held.ended_on, held.may_vote) == ("quit", today(), False)
    assert figure(unit.path, CURRENT) == 0
    assert search("周小芳", kinds=["person"], scope=[unit.path]) == []
    assert [(span.days.lower, span.days.upper) for span in queries.spans_of(held.person)] == [(JOINED, today())]
    assert queries.voters(unit, today()) == []
    assert recount() == []
    assert queries.latest_membership(held.person) == held
    MembershipSpan.objects.filter(membership=held).update(days=(JOINED, None))
    with pytest.raises(NotAllowedInState):
        actions.end_membership(held, by=None)


def test_a_retained_member_belongs_but_does_not_vote(unit):
    held = member(unit)

    actions.retain_membership(held, by=None, reason="退休", employ_state="5")

    assert (held.state, held.employ_state, held.may_vote) == ("retained", "5", False)
    assert figure(unit.path, CURRENT) == 0
    assert queries.voters(unit, today()) == []
    assert queries.current_membership(held.person) == held
    actions.resume_membership(held, by=None, on=today() + dt.timedelta(days=1))
    assert held.may_vote
    assert figure(unit.path, CURRENT) == 1
    assert recount() == []


def test_a_retained_member_who_leaves_is_not_subtracted_twice(unit):
    member(unit, "陈静")
    held = member(unit)
    actions.retain_membership(held, by=None)

    actions.end_membership(held, by=None, on=today() + dt.timedelta(days=1))

    assert held.state == "quit"
    assert figure(unit.path, CURRENT) == 1
    assert recount() == []


def test_what_a_committee_decides_needs_its_reason(cast):
    held = cast.wenjuan_membership
    before = figure(cast.unit.path, CURRENT)

    with pytest.raises(DecideWithReason):
        actions.change_standing(held, State.EXPELLED, by=cast.chair, on=today(), reason=" ")
    assert Membership.objects.get(pk=held.pk).state == "active"
    actions.change_standing(held, State.EXPELLED, by=cast.chair, on=today(), reason="严重违反章程")

    assert Membership.objects.get(pk=held.pk).state == "expelled"
    assert queries.spans_of(held.person)[0].end_reason == "严重违反章程"
    assert figure(cast.unit.path, CURRENT) == before - 1


def test_a_second_union_that_is_gone_is_refused(tree, unit):
    held, other = member(unit), body(tree[3], "E1", "另一厂工会")
    close_organisation(other, by=None)

    with pytest.raises(IsGone):
        actions.begin_affiliation(held.person, other, by=None)


def test_a_second_union_ends_once_and_only_with_its_person(tree, unit):
    held, neighbour = member(unit), member(unit, "陈静")
    other = body(tree[3], "E1", "另一厂工会")
    second = actions.begin_affiliation(held.person, other, by=None)
    stays = actions.begin_affiliation(neighbour.person, other, by=None)

    actions.end_affiliation_with(held.person_id, other.pk)
    actions.end_affiliation_with(held.person_id, other.pk)
    actions.end_affiliation(second, by=None)

    assert list(Affiliation.objects.running()) == [stays]
    assert JournalEntry.objects.filter(name="members.affiliation_ended").count() == 1


def test_a_transfer_keeps_the_joining_day_and_the_history(tree, unit):
    held = member(unit, trade="车工")
    other = body(tree[3], "E1", "另一厂工会")

    actions.transfer(held, other, by=None, reason="换单位")

    assert (held.organisation, held.joined_on, held.state, held.employer) == (other, JOINED, "active", None)
    assert [span.organisation for span in queries.spans_of(held.person)] == [unit, other]
    assert (figure(unit.path, CURRENT), figure(other.path, CURRENT), figure(tree[3].path, CURRENT)) == (0, 1, 1)
    assert [hit.detail for hit in search("周小芳", scope=[other.path])] == ["另一厂工会"]
    assert recount() == []
    with pytest.raises(SameOrganisation):
        actions.transfer(held, other, by=None)


def test_a_retained_member_becomes_active_by_transfer(tree, unit):
    held = member(unit)
    actions.retain_membership(held, by=None)

    actions.transfer(held, body(tree[3], "E1", "另一厂工会"), by=None, on=today() + dt.timedelta(days=1))

    assert held.state == "active"
    assert figure(tree[3].path, CURRENT) == 1
    assert recount() == []


def test_days_before_the_running_span_are_refused(unit):
    held = member(unit)

    with pytest.raises(BadDay):
        actions.end_membership(held, by=None, on=JOINED - dt.timedelta(days=1))
    with pytest.raises(BadDay):
        actions.end_membership(held, by=None, on=today() + dt.timedelta(days=30))


def test_joined_and_gone_on_one_day_leaves_a_day_of_history(unit):
    held = member(unit, joined_on=today())

    actions.end_membership(held, by=None)

    span = queries.spans_of(held.person)[0]
    assert (span.days.upper - span.days.lower).days == 1
    assert recount() == []


def test_facts_of_the_work_are_corrected(unit):
    held = member(unit)

    assert actions.correct_membership(held, by=None, post="班长", skill_level=5) == ["post", "skill_level"]
    assert actions.correct_membership(held, by=None, post="班长") == []
    with pytest.raises(TypeError):
        actions.correct_membership(held, by=None, joined_on=today())
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.filter(pk=held.pk).update(skill_level=9)


def test_a_list_of_honours_is_kept_as_it_was_and_became(unit):
    held = member(unit, honours=["1"])

    actions.correct_membership(held, by=None, honours=["1", "2"])

    change = Change.objects.get(person=held.person)
    assert (change.field, change.was, change.became) == ("honours", "1", "1 2")


@pytest.mark.parametrize(
    ("day", "years", "then"),
    [
        (dt.date(2024, 2, 29), 1, dt.date(2023, 2, 28)),
        (dt.date(2024, 2, 29), 4, dt.date(2020, 2, 29)),
        (dt.date(2026, 11, 30), 16, dt.date(2010, 11, 30)),
    ],
)
def test_years_before_a_leap_day_end_on_the_28th(day, years, then):
    assert years_before(day, years) == then


def test_members_of_a_closed_union_keep_their_membership(unit):
    held = member(unit)
    with pytest.raises(StillHasMembers):
        close_organisation(unit, by=None)

    for _ in range(2):
        retain_members_of_closed_union(
            organisation_id=unit.pk, on=today().isoformat(), document_number="昆工〔2026〕1号"
        )
    close_organisation(unit, by=None)

    assert Membership.objects.get(pk=held.pk).state == "retained"
    assert Organisation.objects.get(pk=unit.pk).is_gone
    assert recount() == []


def test_the_code_list_of_new_work_counts_eight_and_four():
    groups = new_form_groups()

    assert set(groups) == {form.value for form in NewForm}
    assert sum(group.eight_groups for group in groups.values()) == 8
    assert sum(group.four_priority for group in groups.values()) == 4
    assert not groups["N02"].eight_groups  # ride-hailing drivers are none of the eight


@pytest.mark.django_db(transaction=True)
def test_of_two_who_enrol_one_person_at_once_one_is_told():
    unit = line()[-1]
    held = person()
    answers = []

    def enrol():
        try:
            actions.start_membership(held, unit, by=None, joined_on=JOINED)
            answers.append("joined")
        except AlreadyMember:
            answers.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=enrol) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == ["joined", "refused", "refused", "refused"]
    assert Membership.objects.count() == MembershipSpan.objects.count() == 1
    assert figure(unit.path, CURRENT) == 1


def test_a_transfer_taken_back_ends_where_it_began_also_for_one_retained_meanwhile(tree, unit):
    held = member(unit)
    other = body(tree[3], "E1", "另一厂工会")
    actions.transfer(held, other, by=None, on=today() - dt.timedelta(days=3))
    actions.retain_membership(held, by=None)

    actions.move_back(held, by=None, reason="转错了")

    assert (held.organisation, held.state) == (unit, "active")
    assert (figure(unit.path, CURRENT), figure(other.path, CURRENT), figure(tree[3].path, CURRENT)) == (1, 0, 1)
    assert [span.organisation for span in queries.spans_of(held.person)] == [unit, other, other, unit]
    assert recount() == []


def test_there_is_no_way_back_without_a_union_before_or_into_one_that_is_gone(tree, unit):
    stayed, moved = member(unit), member(unit, "陈静")
    actions.move_back(stayed, by=None, reason="转错了")
    assert (stayed.organisation, len(queries.spans_of(stayed.person))) == (unit, 1)

    other = body(tree[3], "E1", "另一厂工会")
    for one in (stayed, moved):
        actions.transfer(one, other, by=None)
    close_organisation(unit, by=None)
    with pytest.raises(IsGone):
        actions.move_back(moved, by=None, reason="转错了")
    moved.refresh_from_db()
    assert moved.organisation == other
