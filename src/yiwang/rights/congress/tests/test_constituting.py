"""From the plan of a term to its delegates in office."""

import pytest

from yiwang.kernel.clock import add_months, today
from yiwang.register.organisations.models import Organisation
from yiwang.rights.congress import actions, queries
from yiwang.rights.congress.errors import BadCount, NotReady
from yiwang.rights.congress.models import Congress, Delegate
from yiwang.rights.congress.tests import factories as made

pytestmark = pytest.mark.django_db


def test_a_term_begins_with_enough_delegates_fairly_composed(cast):
    congress = made.in_term(cast)

    assert congress.state == Congress.State.IN_TERM
    assert congress.ends_on == add_months(today(), 60)
    assert queries.delegates_of(congress).count() == 30
    assert all(check.holds for check in queries.composition(congress))


def test_too_few_seats_are_refused_beside_the_field(cast):
    with pytest.raises(NotReady) as refusal:
        made.started(cast, seats=29)

    assert "至少30个" in refusal.value.fields["seats"]


@pytest.mark.parametrize(("years", "works"), [(2, False), (3, True), (5, True), (6, False)])
def test_a_term_has_three_to_five_years(cast, years, works):
    def start():
        return actions.start_congress(
            cast.unit, kind="congress", headcount=268, women=90, seats=30, years=years, by=cast.chair
        )

    if works:
        assert start().years == years
    else:
        with pytest.raises(NotReady):
            start()


def test_more_women_than_workers_are_refused(cast):
    with pytest.raises(NotReady) as refusal:
        made.started(cast, women=300)
    assert "women" in refusal.value.fields


def test_a_union_has_one_congress_at_a_time(cast):
    made.started(cast)
    with pytest.raises(NotReady, match="已经有一届"):
        made.started(cast)


def test_below_a_hundred_everyone_meets_and_is_a_delegate(cast):
    made.enrol(cast.unit, 4)
    congress = made.started(cast, kind="general", headcount=60, seats=0, women=0)

    assert queries.delegates_of(congress).count() == 5
    actions.constitute(congress, on=today(), by=cast.chair)
    congress.refresh_from_db()
    assert congress.state == Congress.State.IN_TERM


def test_a_hundred_workers_need_delegates(cast):
    with pytest.raises(NotReady, match="职工代表大会"):
        made.started(cast, kind="general", headcount=100)


def test_a_general_meeting_of_nobody_is_refused(cast):
    with pytest.raises(NotReady, match="在册会员"):
        actions.start_congress(
            Organisation.objects.create(
                name="空工会",
                kind="E1",
                level=7,
                parent=cast.town,
                path=f"{cast.town.path}.n9999",
                pk=9999,
                code="X1",
                division_code="320583100",
                valid_from=today(),
            ),
            kind="general",
            headcount=10,
            women=0,
            seats=0,
            years=5,
            by=cast.chair,
        )


def test_constituencies_have_no_more_than_the_whole(cast):
    congress = made.started(cast)
    actions.draw_constituency(congress, name="一车间", headcount=200, women=80, seats=25, by=cast.chair)

    for given, field in (
        ({"name": "二车间", "headcount": 69, "women": 0, "seats": 5}, "headcount"),
        ({"name": "二车间", "headcount": 68, "women": 0, "seats": 6}, "seats"),
        ({"name": "二车间", "headcount": 4, "women": 0, "seats": 5}, "headcount"),
        ({"name": "二车间", "headcount": 0, "women": 0, "seats": 1}, "headcount"),
        ({"name": "二车间", "headcount": 9, "women": 0, "seats": 0}, "seats"),
        ({"name": "一车间", "headcount": 60, "women": 0, "seats": 5}, "name"),
    ):
        with pytest.raises(NotReady) as refusal:
            actions.draw_constituency(congress, by=cast.chair, **given)
        assert field in refusal.value.fields
    assert actions.draw_constituency(congress, name="二车间", headcount=68, women=0, seats=5, by=cast.chair).pk


def test_nobody_stands_in_two_constituencies(cast):
    congress = made.started(cast)
    first = actions.draw_constituency(congress, name="一车间", headcount=100, women=0, seats=15, by=cast.chair)
    second = actions.draw_constituency(congress, name="二车间", headcount=100, women=0, seats=15, by=cast.chair)
    actions.nominate(first, cast.wenjuan_membership, category="worker", by=cast.chair)

    with pytest.raises(NotReady, match="两个选区"):
        actions.nominate(second, cast.wenjuan_membership, category="worker", by=cast.chair)
    actions.drop_constituency(first, by=cast.chair)
    assert actions.nominate(second, cast.wenjuan_membership, category="worker", by=cast.chair).constituency == second


def test_a_constituency_count_that_cannot_be_is_refused(cast):
    congress = made.started(cast)
    place = made.place_with(congress, made.enrol(cast.unit, 3), headcount=30, by=cast.chair)
    rows = list(place.delegates.all())

    for present, votes, words in ((31, 5, "实到不能"), (19, 5, "至少要到20人"), (20, 21, "得票不能")):
        with pytest.raises(BadCount, match=words):
            actions.elect_constituency(
                place, present=present, votes={rows[0].pk: votes}, method="hands", on=today(), by=cast.chair
            )


def test_half_of_those_present_is_not_half_of_all(cast):
    """15 of 20 present, 30 workers: 15 votes are not more than half of 30; 16 are."""
    congress = made.started(cast)
    place = made.place_with(congress, made.enrol(cast.unit, 2), headcount=30, by=cast.chair)
    first, second = place.delegates.order_by("pk")

    elected = actions.elect_constituency(
        place, present=20, votes={first.pk: 16, second.pk: 15}, method="secret", on=today(), by=cast.chair
    )

    assert [row.pk for row in elected] == [first.pk]
    second.refresh_from_db()
    place.refresh_from_db()
    assert (second.state, place.elected_on) == (Delegate.State.NOT_ELECTED, None)
    actions.elect_constituency(place, present=20, votes={second.pk: 17}, method="secret", on=today(), by=cast.chair)
    place.refresh_from_db()
    assert place.elected_on == today()
    with pytest.raises(NotReady, match="已经选过"):
        actions.drop_constituency(place, by=cast.chair)


def test_who_is_not_elected_again_stays_out_with_the_votes_of_the_last_round(cast):
    congress = made.started(cast)
    place = made.place_with(congress, made.enrol(cast.unit, 1), headcount=30, by=cast.chair)
    row = place.delegates.get()

    for votes in (15, 12):
        actions.elect_constituency(place, present=20, votes={row.pk: votes}, method="hands", on=today(), by=cast.chair)

    row.refresh_from_db()
    place.refresh_from_db()
    assert (row.state, row.votes, place.elected_on) == (Delegate.State.NOT_ELECTED, 12, None)


def test_a_term_that_has_begun_has_the_constituencies_it_has(cast):
    congress = made.in_term(cast)

    with pytest.raises(NotReady, match="不能再划选区"):
        actions.draw_constituency(congress, name="二车间", headcount=1, women=0, seats=1, by=cast.chair)
    assert congress.constituencies.count() == 1


def test_an_election_without_candidates_is_refused(cast):
    congress = made.started(cast)
    place = actions.draw_constituency(congress, name="一车间", headcount=100, women=0, seats=15, by=cast.chair)
    with pytest.raises(NotReady, match="候选人"):
        actions.elect_constituency(place, present=90, votes={}, method="hands", on=today(), by=cast.chair)


def test_more_than_a_fifth_managers_stops_the_term(cast):
    congress = made.started(cast)
    members = made.enrol(cast.unit, 30, women=15)
    made.elect_all(made.place_with(congress, members, by=cast.chair, leaders=7), cast.chair)

    with pytest.raises(NotReady, match="中层以上管理人员7人，最多6人"):
        actions.constitute(congress, on=today(), by=cast.chair)


def test_an_unfinished_constituency_stops_the_term(cast):
    congress = made.started(cast)
    actions.draw_constituency(congress, name="一车间", headcount=100, women=0, seats=15, by=cast.chair)
    with pytest.raises(NotReady, match="一车间"):
        actions.constitute(congress, on=today(), by=cast.chair)


def test_who_leaves_is_no_delegate_and_the_seat_is_open_again(cast):
    congress = made.in_term(cast)
    delegate = queries.delegates_of(congress).first()

    actions.end_delegate(delegate, reason="left", by=cast.chair)

    assert queries.delegates_of(congress).count() == 29
    assert delegate.constituency.__class__.objects.get(pk=delegate.constituency_id).elected_on is None


def test_only_more_than_half_of_the_constituency_recalls_a_delegate(cast, client):
    congress = made.in_term(cast)
    delegate = queries.delegates_of(congress).select_related("constituency").first()
    whole = delegate.constituency.headcount
    client.force_login(cast.chair)
    way = f"/work/congress/{congress.public_id}/delegates/{delegate.public_id}/end/"
    for present, votes, words in (
        ("", "", "赞成罢免的票数"),
        (whole // 2, whole // 2, "选举才有效"),
        (whole, whole // 2, "一半"),
        (whole, whole + 1, "比实到"),
    ):
        told = client.post(way, {"reason": "recalled", "present": present, "votes": votes}, follow=True)
        assert words in told.content.decode()
    assert queries.delegates_of(congress).count() == 30

    client.post(way, {"reason": "recalled", "present": whole, "votes": whole // 2 + 1})
    assert queries.delegates_of(congress).count() == 29


def test_a_platform_worker_needs_days_of_work(cast):
    congress = made.started(cast, kind="platform")
    place = actions.draw_constituency(congress, name="城西站", headcount=100, women=0, seats=30, by=cast.chair)
    with pytest.raises(NotReady, match="满30天"):
        actions.nominate(place, cast.wenjuan_membership, category="worker", active_days=29, by=cast.chair)
    assert actions.nominate(place, cast.wenjuan_membership, category="worker", active_days=30, by=cast.chair).pk


def test_a_term_ends_when_no_session_is_open(cast):
    congress = made.in_term(cast)
    session = made.planned(congress, cast.chair)
    with pytest.raises(NotReady, match="没开完"):
        actions.end_congress(congress, by=cast.chair)

    actions.cancel_session(session, reason="改到明年", by=cast.chair)
    actions.end_congress(congress, by=cast.chair)
    place = congress.constituencies.get()
    with pytest.raises(NotReady, match="届满"):
        actions.nominate(place, made.enrol(cast.unit, 1)[0], category="worker", by=cast.chair)
    assert made.started(cast).number == 2
