"""From guidance to a committee, and everything that must not be (GT 1.5, 1.6, 7.7)."""

import datetime as dt

import pytest

from yiwang.grassroots.founding import actions, policies
from yiwang.grassroots.founding.errors import AlreadyUnderWay, BadVotes, NotEligible, NotReady, SamePerson
from yiwang.grassroots.founding.models import Body, Post, Procedure, Term
from yiwang.grassroots.founding.tests.factories import GROUP, enrol, firm, founded, meet, prepared, stand
from yiwang.kernel.clock import now, today
from yiwang.kernel.states import ChangedMeanwhile, NotAllowedInState
from yiwang.platform.journal.models import JournalEntry
from yiwang.platform.notify.models import Message
from yiwang.register.access.models import Appointment
from yiwang.register.members.actions import retain_membership
from yiwang.register.members.models import Membership
from yiwang.register.organisations.models import Organisation

pytestmark = pytest.mark.django_db


def test_a_union_is_founded_from_guidance_to_the_last_reply(cast):
    procedure = founded(cast, members=30)

    union = procedure.organisation
    assert (union.state, union.parent, union.kind) == ("active", cast.town, "E1")
    assert union.approval_document == procedure.papers.order_by("pk").last().document_number
    terms = {term.body: term for term in Term.objects.filter(organisation=union)}
    assert set(terms) == {"committee", "audit"}
    assert terms["committee"].number == 1
    assert terms["committee"].seats.count() == 5
    assert terms["committee"].seats.get(post="chair").person.name == "会员000"
    assert terms["audit"].seats.filter(post="head").count() == 1
    kinds = [paper.kind for paper in procedure.papers.order_by("pk")]
    assert kinds == ["union_request", "union_reply", "union_request", "union_reply", "union_report", "union_reply"]
    assert Message.objects.filter(recipient_id=cast.approver.pk, template="founding/to_decide").exists()
    assert not procedure.is_open


def test_who_reports_does_not_decide(cast):
    procedure = actions.start_founding(cast.town, name="甲工会", employers=[firm()], group=GROUP, by=cast.town_officer)
    actions.apply(procedure, by=cast.town_officer)

    for verb in (actions.approve, actions.send_back, actions.reject):
        with pytest.raises(SamePerson):
            verb(procedure, by=cast.town_officer, opinion="x")
    assert policies.may_decide(cast.approver, procedure)
    assert not policies.may_decide(cast.sibling_approver, procedure)
    assert not policies.may_decide(cast.handler, procedure)


def test_an_employer_with_a_union_or_a_founding_does_not_found_again(cast):
    with pytest.raises(AlreadyUnderWay):
        actions.start_founding(cast.town, name="甲工会", employers=[cast.employer], group=GROUP, by=cast.town_officer)
    one = firm()
    actions.start_founding(cast.town, name="乙工会", employers=[one], group=GROUP, by=cast.town_officer)
    with pytest.raises(AlreadyUnderWay):
        actions.start_founding(cast.town, name="丙工会", employers=[one], group=GROUP, by=cast.town_officer)


def test_a_first_request_needs_a_group_and_the_partys_consent(cast):
    procedure = actions.start_founding(
        cast.town,
        name="甲工会",
        employers=[firm(headcount=0, has_party_branch=True)],
        group=[{"name": "一人", "side": "employer"}],
        by=cast.town_officer,
    )
    with pytest.raises(NotReady) as refusal:
        actions.apply(procedure, by=cast.town_officer)
    assert len(refusal.value.problems) == 4


def test_the_preparation_is_put_right_until_it_is_sent_and_after_it_came_back(cast):
    procedure = actions.start_founding(
        cast.town, name="甲工会", employers=[firm(headcount=0)], group=GROUP[:1], by=cast.town_officer
    )
    stale = Procedure.objects.get()
    facts = {"name": "甲乙工会", "group": GROUP, "headcount": 40, "has_party_consent": True, "reason": "走访过"}
    actions.correct_preparation(procedure, by=cast.town_officer, **facts)
    actions.correct_preparation(procedure, by=cast.town_officer, **facts)
    told = JournalEntry.objects.get(name="founding.preparation_corrected")  # once: the second changed nothing
    assert told.data["fields"] == ["name", "group", "headcount", "has_party_consent", "reason"]

    actions.apply(procedure, by=cast.town_officer)
    assert Procedure.objects.get().name == "甲乙工会"
    with pytest.raises(NotReady):
        actions.correct_preparation(procedure, by=cast.town_officer, **facts)
    with pytest.raises(ChangedMeanwhile):
        actions.correct_preparation(stale, by=cast.town_officer, **facts)
    actions.send_back(procedure, by=cast.approver, opinion="写清职工数")
    actions.correct_preparation(procedure, by=cast.town_officer, **{**facts, "headcount": 44})
    assert Procedure.objects.get().headcount == 44


def test_a_request_is_returned_rejected_or_withdrawn(cast):
    def applied(name):
        procedure = actions.start_founding(cast.town, name=name, employers=[firm()], group=GROUP, by=cast.town_officer)
        actions.apply(procedure, by=cast.town_officer)
        return procedure

    returned = applied("甲工会")
    actions.send_back(returned, by=cast.approver, opinion="筹备组少职工代表")
    assert (returned.state, returned.opinion) == ("guided", "筹备组少职工代表")
    actions.apply(returned, by=cast.town_officer)
    rejected = applied("乙工会")
    actions.reject(rejected, by=cast.approver, opinion="不在本镇")
    assert rejected.state == "rejected"
    with pytest.raises(NotReady):
        actions.approve(rejected, by=cast.approver)
    with pytest.raises(NotReady):
        actions.send_back(rejected, by=cast.approver, opinion="x")
    withdrawn = prepared(cast, members=3)
    actions.withdraw(withdrawn, by=cast.town_officer, opinion="企业搬走")
    assert Organisation.objects.get(pk=withdrawn.organisation.pk).state == "withdrawn"


def test_an_approval_to_prepare_runs_out(cast):
    procedure = prepared(cast, members=3)
    assert actions.sweep_procedures(now()) == 0
    assert actions.sweep_procedures(now() + dt.timedelta(days=100)) == 1
    procedure.refresh_from_db()
    assert procedure.state == "expired"
    assert procedure.organisation.state == "expired"


def test_five_candidates_for_five_seats_are_one_too_few(cast):
    procedure = prepared(cast, members=30)
    stand(procedure, cast.town_officer, seats=5, candidates=5)

    with pytest.raises(NotReady) as refusal:
        actions.apply(procedure, by=cast.town_officer)
    assert "候选人至少6人" in str(refusal.value)


def test_sizes_bodies_and_meeting_follow_the_number_of_members(cast):
    procedure = prepared(cast, members=0)
    assert actions.candidate_problems(procedure) == ["还没有会员。请先发展会员，再定候选人。"]
    enrol(procedure.organisation, 30, women=10)
    stand(procedure, cast.town_officer, seats=9, candidates=10, audit=3)
    problems = " ".join(actions.candidate_problems(procedure))
    assert "委员会应有3到7人" in problems
    assert "女会员有10人" in problems
    actions.plan_election(
        procedure, seats=5, audit_seats=1, women_seats=2, term_years=3, meeting_form="delegates", by=cast.town_officer
    )
    problems = " ".join(actions.candidate_problems(procedure))
    assert "经费审查委员会要3到11人" in problems
    assert "女职工委员会的候选人不够" in problems
    assert "要开会员大会" in problems
    actions.plan_election(
        procedure, seats=5, audit_seats=4, women_seats=0, term_years=3, meeting_form="members", by=cast.town_officer
    )
    assert "经费审查委员会的候选人不够" in " ".join(actions.candidate_problems(procedure))
    for row in list(procedure.candidates.filter(post="chair")):
        actions.drop_candidate(row, by=cast.town_officer)
    assert "还没有主席候选人" in " ".join(actions.candidate_problems(procedure))


def test_who_may_not_stand(cast):
    procedure = prepared(cast, members=6)
    people = list(Membership.objects.filter(organisation=procedure.organisation))
    by = cast.town_officer

    def name(member, body=Body.COMMITTEE, post=Post.MEMBER, **flags):
        return actions.name_candidate(procedure, member, body=body, post=post, by=by, **flags)

    retain_membership(people[0], by=None, reason="退休")
    for refused in (
        lambda: name(people[0]),  # a retained retiree neither votes nor stands
        lambda: name(cast.wenjuan_membership),  # of another union
        lambda: name(people[1], is_employer_head=True),
        lambda: name(people[1], is_kin_of_head=True),
        lambda: name(people[1], post=Post.CHAIR, is_personnel_head=True),
        lambda: name(people[1], body=Body.AUDIT, is_finance=True),
        lambda: name(people[1], body=Body.WOMEN),
    ):
        with pytest.raises(NotEligible):
            refused()
    name(people[1])
    with pytest.raises(NotEligible):
        name(people[1])
    assert procedure.candidates.count() == 1


def ready(cast, members=180):
    procedure = prepared(cast, members=members)
    stand(procedure, cast.town_officer)
    actions.apply(procedure, by=cast.town_officer)
    actions.approve(procedure, by=cast.approver)
    return procedure


def test_119_of_180_are_no_quorum(cast):
    procedure = ready(cast)
    with pytest.raises(BadVotes) as refusal:
        meet(procedure, cast.town_officer, present=119)
    assert "至少要到120人" in str(refusal.value)
    meet(procedure, cast.town_officer, present=120)
    assert procedure.state == "reported"


def test_a_count_that_cannot_be_true_is_refused_whole(cast):
    procedure = ready(cast, members=30)
    rows = list(procedure.candidates.order_by("pk"))
    with pytest.raises(BadVotes) as refusal:
        meet(procedure, cast.town_officer, entitled=29, votes={rows[0].pk: 31})
    assert set(refusal.value.fields) == {"entitled", "votes"}
    with pytest.raises(NotReady, match="至少要3人"):
        meet(procedure, cast.town_officer, votes={rows[0].pk: 30})
    with pytest.raises(NotReady, match="主席候选人没有过半数"):
        meet(procedure, cast.town_officer, votes={row.pk: 30 for row in rows[1:5]})
    assert Procedure.objects.get(pk=procedure.pk).state == "meet_approved"
    with pytest.raises(NotReady, match="现在不能改候选人"):
        actions.drop_candidate(rows[0], by=cast.town_officer)
    meet(procedure, cast.town_officer)
    with pytest.raises(NotAllowedInState):
        meet(procedure, cast.town_officer)


def test_a_meeting_was_held_after_the_preparation_began_and_not_tomorrow(cast):
    procedure = ready(cast, members=30)

    for day in (today() + dt.timedelta(days=1), today() - dt.timedelta(days=1)):
        with pytest.raises(BadVotes) as refusal:
            meet(procedure, cast.town_officer, on=day)
        assert set(refusal.value.fields) == {"held_on"}
    meet(procedure, cast.town_officer, on=today())
    assert procedure.held_on == today()


def test_the_request_says_that_the_party_agreed_only_if_it_did(cast):
    def facts(*, agreed):
        employer = firm(has_party_branch=agreed)
        procedure = actions.start_founding(
            cast.town, name=employer.name, employers=[employer], group=GROUP, has_party_consent=agreed,
            by=cast.town_officer,
        )  # fmt: skip
        return actions.apply(procedure, by=cast.town_officer).context["facts"]

    assert "单位党组织已同意建会。" in facts(agreed=True)
    assert "单位党组织已同意建会。" not in facts(agreed=False)


def test_a_reelection_follows_the_same_way_and_ends_the_old_term(cast):
    union = founded(cast, members=30).organisation
    again = actions.start_election(union, "reelection", by=cast.town_officer, reason="届满")
    with pytest.raises(AlreadyUnderWay):
        actions.start_election(union, "by_election", by=cast.town_officer)
    actions.apply(again, by=cast.town_officer)
    actions.approve(again, by=cast.approver)
    stand(again, cast.town_officer)
    actions.apply(again, by=cast.town_officer)
    actions.approve(again, by=cast.approver)
    meet(again, cast.town_officer)
    Term.objects.filter(organisation=union).update(starts_on="2020-01-01", elected_on="2020-01-01")
    actions.approve(again, by=cast.approver)

    numbers = list(
        Term.objects.filter(organisation=union, body="committee").order_by("number").values_list("number", "is_current")
    )
    assert numbers == [(1, False), (2, True)]


def test_a_by_election_fills_the_vacant_chair(cast):
    union = founded(cast, members=30).organisation
    term = Term.objects.get(organisation=union, body="committee")
    chair = term.seats.get(post="chair")
    with pytest.raises(NotReady, match="工会法第十八条"):
        actions.vacate_seat(chair, reason="moved", by=cast.town_officer)
    actions.vacate_seat(chair, reason="moved", consent_document="昆工〔2026〕9号", by=cast.town_officer)
    with pytest.raises(NotReady):
        actions.vacate_seat(chair, reason="resigned", by=cast.town_officer)

    election = actions.start_election(union, "by_election", by=cast.town_officer)
    assert actions.candidate_problems(election) == ["要补选几人还没有填。"]
    member = Membership.objects.filter(organisation=union).order_by("pk")[10]
    member.person.user = cast.courier
    cast.courier_person.user = None
    cast.courier_person.save(update_fields=["user"])
    member.person.save(update_fields=["user"])
    actions.plan_election(
        election, seats=1, audit_seats=0, women_seats=0, term_years=5, meeting_form="members", by=cast.town_officer
    )
    assert "候选人至少2人" in actions.candidate_problems(election)[0]
    actions.name_candidate(election, member, body=Body.COMMITTEE, post=Post.CHAIR, by=cast.town_officer)
    actions.apply(election, by=cast.town_officer)
    actions.approve(election, by=cast.approver)
    row = election.candidates.get()
    with pytest.raises(NotReady, match="没有选出来"):
        meet(election, cast.town_officer, votes={row.pk: 15})
    meet(election, cast.town_officer, votes={row.pk: 16})
    actions.approve(election, by=cast.approver)

    assert term.seats.get(post="chair", until=None).person == member.person
    assert Appointment.objects.filter(user=cast.courier, organisation=union, role="unit_chair").exists()


def test_a_by_election_of_a_member_leaves_the_chair_in_the_post_and_who_lost_without_a_seat(cast):
    union = founded(cast, members=30).organisation
    term = Term.objects.get(organisation=union, body="committee")
    chair = term.seats.get(post="chair").person
    cast.courier_person.user = None
    cast.courier_person.save(update_fields=["user"])
    chair.user = cast.courier
    chair.save(update_fields=["user"])
    post = Appointment.objects.create(
        user=cast.courier, organisation=union, role="unit_chair", valid_from=today(), state="in_force"
    )
    actions.vacate_seat(term.seats.filter(post="member").first(), reason="resigned", by=cast.town_officer)
    election = actions.start_election(union, "by_election", by=cast.town_officer)
    actions.plan_election(
        election, seats=1, audit_seats=0, women_seats=0, term_years=5, meeting_form="members", by=cast.town_officer
    )
    won, lost = (
        actions.name_candidate(election, member, body=Body.COMMITTEE, post=Post.MEMBER, by=cast.town_officer)
        for member in Membership.objects.filter(organisation=union).order_by("pk")[20:22]
    )
    actions.apply(election, by=cast.town_officer)
    actions.approve(election, by=cast.approver)
    meet(election, cast.town_officer, votes={won.pk: 20, lost.pk: 10})
    actions.approve(election, by=cast.approver)

    assert term.seats.filter(person=won.person, until=None).exists()
    assert not term.seats.filter(person=lost.person).exists()
    assert list(Appointment.objects.filter(organisation=union, role="unit_chair")) == [post]


def test_only_unions_elect_and_only_standing_committees_are_filled_up(cast):
    with pytest.raises(NotReady):
        actions.start_election(cast.county, "reelection", by=cast.handler)
    election = actions.start_election(cast.unit, "by_election", by=cast.chair)
    actions.plan_election(
        election, seats=1, audit_seats=0, women_seats=0, term_years=5, meeting_form="members", by=cast.chair
    )
    actions.name_candidate(election, cast.wenjuan_membership, body=Body.COMMITTEE, post=Post.CHAIR, by=cast.chair)
    actions.apply(election, by=cast.chair)
    actions.approve(election, by=cast.approver)
    meet(election, cast.chair, votes={election.candidates.get().pk: 1})
    with pytest.raises(NotReady, match="没有在任的委员会"):
        actions.approve(election, by=cast.approver)
