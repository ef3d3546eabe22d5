"""Paper and online in one election: each person once, the tellers' count before the box is opened."""

import pytest
from django.db import IntegrityError, transaction

from yiwang.platform.journal.models import JournalEntry
from yiwang.rights.congress import actions, queries
from yiwang.rights.congress.actions.slips import too_many
from yiwang.rights.congress.errors import BadCount, NotReady
from yiwang.rights.congress.models import AgendaItem, RollEntry
from yiwang.rights.congress.queries_slips import slips_of
from yiwang.rights.congress.tests import factories as made
from yiwang.rights.congress.tests.secret import held
from yiwang.rights.congress.tests.test_ballots import elect

pytestmark = pytest.mark.django_db
YES, NO = [1, 0, 0], [0, 1, 0]


def with_paper(cast, *tables, slips: int = 5):
    """Twenty in the hall: so many take a slip, the others a card; the box is open."""
    vote = held(cast, *tables, opens=False, cards=False)
    here = [row.delegate for row in queries.present_in(vote.session).order_by("pk")]
    for delegate in here[:slips]:
        actions.give_slip(vote.ballot, delegate, by=cast.chair)
    assert actions.give_out_cards(vote.ballot, by=cast.chair) == 20 - slips
    actions.open_ballot(vote.ballot, by=cast.chair)
    return vote, here


def closed(cast, slips: int = 5):
    vote, here = with_paper(cast, slips=slips)
    for voter in range(20 - slips):
        vote.cast(voter, [YES])
    actions.close_ballot(vote.ballot, by=cast.chair)
    return vote, here


def test_slips_and_box_are_one_count_of_one_roll(cast):
    vote, _here = closed(cast)
    with pytest.raises(NotReady, match="先登记"):
        vote.share(0)
    actions.note_slips(vote.ballot, [[1, 3, 0]], by=cast.chair)
    for place in range(3):
        vote.share(place)

    item = AgendaItem.objects.get()
    assert item.state == AgendaItem.State.PASSED
    assert item.counts[0]["votes"] == [["yes", 16], ["no", 3], ["abstain", 0]]
    assert vote.election.result == [[15, 0, 0]]
    vote.ballot.refresh_from_db()
    assert (vote.ballot.is_void, vote.ballot.counted) == (False, 15)


def test_nobody_has_a_card_and_a_slip(cast):
    vote, here = with_paper(cast)
    with pytest.raises(NotReady, match="一人只能投一次"):
        actions.give_slip(vote.ballot, here[10], by=cast.chair)
    assert actions.give_out_cards(vote.ballot, by=cast.chair) == 0
    with pytest.raises(IntegrityError), transaction.atomic():
        RollEntry.objects.filter(on_paper=True).update(has_card=True)
    absent = queries.delegates_of(vote.session.congress).exclude(pk__in=[row.pk for row in here]).first()
    with pytest.raises(NotReady, match="先签到"):
        actions.give_slip(vote.ballot, absent, by=cast.chair)

    actions.take_slip_back(vote.ballot, here[0], by=cast.chair)
    with pytest.raises(NotReady, match="没有领纸票"):
        actions.take_slip_back(vote.ballot, here[0], by=cast.chair)
    assert actions.give_out_cards(vote.ballot, by=cast.chair) == 1


def test_few_slips_would_show_whose_they_are(cast):
    vote, here = with_paper(cast, slips=1)
    for voter in range(19):
        vote.cast(voter, [NO])
    with pytest.raises(NotReady, match="看得出是谁投的"):
        actions.close_ballot(vote.ballot, by=cast.chair)
    actions.take_slip_back(vote.ballot, here[0], by=cast.chair)
    actions.close_ballot(vote.ballot, by=cast.chair)
    with pytest.raises(NotReady, match="已经截止"):
        actions.give_slip(vote.ballot, here[0], by=cast.chair)
    with pytest.raises(NotReady):
        actions.note_slips(vote.ballot, [[0, 0, 0]], by=cast.chair)


def test_the_count_is_final_when_the_first_holder_has_opened(cast):
    vote, _here = closed(cast)
    for wrong in ([[6, 0, 0]], [[3, 2, 1]]):
        with pytest.raises(BadCount, match="纸票5张"):
            actions.note_slips(vote.ballot, wrong, by=cast.chair)
    actions.note_slips(vote.ballot, [[5, 0, 0]], by=cast.chair)
    actions.note_slips(vote.ballot, [[4, 0, 0]], by=cast.chair)
    vote.share(0)
    with pytest.raises(NotReady, match="不能再改"):
        actions.note_slips(vote.ballot, [[5, 0, 0]], by=cast.chair)
    told = [str(row.data) for row in JournalEntry.objects.filter(name__startswith="congress.slips")]
    assert len(told) == 7
    assert "[[" not in "".join(told)


@pytest.mark.parametrize(
    ("votes", "fits"),
    [
        ([0, 5, 5, 0, 0], True),
        ([1, 4, 4, 0, 0], True),
        ([1, 4, 4, 1, 0], False),
        ([6, 0, 0, 0, 0], False),
        ([0, 6, 0, 0, 0], False),
    ],
)
def test_ticks_fit_the_slips(cast, votes, fits):
    question = actions.questions_of(elect(made.planned(made.in_term(cast), cast.chair), cast.chair))[0]

    assert too_many(question, votes, 5) is not fits


def test_the_pages_give_slips_and_take_the_tellers_count(cast, client):
    vote = held(cast, opens=False, cards=False)
    here = [row.delegate for row in queries.present_in(vote.session).order_by("pk")]
    client.force_login(cast.chair)
    sheet = f"/work/congress/sessions/{vote.session.public_id}/sign-in/"
    page = f"/work/congress/sessions/{vote.session.public_id}/"
    way = f"/work/congress/ballots/{vote.ballot.public_id}/do/slips/"
    for delegate in here[:6]:
        client.post(f"{sheet}slip/{delegate.public_id}/")
    client.post(f"{sheet}no-slip/{here[5].public_id}/")
    assert slips_of(vote.ballot) == 5
    assert "收回纸票" in client.get(sheet).content.decode()
    actions.give_out_cards(vote.ballot, by=cast.chair)
    assert "已领卡" in client.get(sheet).content.decode()
    actions.open_ballot(vote.ballot, by=cast.chair)
    for voter in range(15):
        vote.cast(voter, [YES])
    assert way not in client.get(page).content.decode()
    actions.close_ballot(vote.ballot, by=cast.chair)
    assert client.post(f"{sheet}slip/{here[5].public_id}/").status_code == 404

    assert way in client.get(page).content.decode()
    told = client.post(way, {"s0_0": "9", "s0_1": "0", "s0_2": "0"}, follow=True)
    assert "请再数一遍" in told.content.decode()
    client.post(way, {"s0_0": "2", "s0_1": "3", "s0_2": "0"})
    vote.ballot.refresh_from_db()
    assert vote.ballot.slip_counts == [[2, 3, 0]]
    assert "纸票" in client.get(f"/congress/board/{vote.election.uuid}/").content.decode()
