"""An archive is judged once and remembered; one at a time; what is not sound is never remembered."""

import pytest
from django.core.cache import cache

from yiwang.platform.ballots import actions, queries
from yiwang.platform.ballots.errors import BeingJudged
from yiwang.platform.ballots.library import canonical
from yiwang.platform.ballots.library.errors import BallotProblem
from yiwang.platform.ballots.models import BoardRecord
from yiwang.platform.ballots.reactions import judge_published_archive
from yiwang.platform.ballots.tests.factories import opened

pytestmark = pytest.mark.django_db


@pytest.fixture
def party():
    cache.clear()
    party = opened()
    party.cast(0)
    party.cast(1, ((0, 1, 0),))
    party.cast(0, ((0, 0, 1),))
    actions.close_election(party.election, by=None)
    party.give_share(1)
    actions.publish_result(party.election, by=None)
    yield party
    cache.clear()


def test_a_published_archive_is_judged_once_and_told_to_everybody(party):
    raw = queries.archive_bytes(party.election)
    cache.set(queries.BUSY, 1)
    with pytest.raises(BeingJudged):
        queries.verdict_of(raw)
    judge_published_archive(election_id=party.election.pk, head="")
    cache.delete(queries.BUSY)

    judge_published_archive(election_id=party.election.pk, head="")

    cache.set(queries.BUSY, 1)
    found = queries.verdict_of(raw)
    assert (found.voters, found.ballots, found.counted, found.result) == (3, 3, 2, [[0, 1, 1]])
    assert queries.result_verdict(party.election) == found


def test_who_waits_for_the_result_is_told_before_every_proof_was_judged_anew(party, monkeypatch):
    assert queries.result_verdict(party.election) is None
    taken = []
    verify = queries.verify
    monkeypatch.setattr(queries, "verify", lambda raw, **how: taken.append(len(how["judged"])) or verify(raw, **how))

    assert queries.judge_result(party.election) == queries.result_verdict(party.election)
    queries.verdict_of(queries.archive_bytes(party.election))

    assert taken == [3, 0]


def test_an_altered_archive_is_refused_each_time_and_leaves_the_way_free(party):
    altered = bytearray(queries.archive_bytes(party.election))
    altered[len(altered) // 2] ^= 1
    for _ in range(2):
        with pytest.raises(BallotProblem):
            queries.verdict_of(bytes(altered))
    assert queries.verdict_of(queries.archive_bytes(party.election)).counted == 2


def test_codes_are_counted_and_numbers_told_without_opening_a_ballot(party):
    assert queries.voted_codes(party.election) == 2
    kept = BoardRecord.objects.filter(election=party.election).exclude(credential="")
    assert (kept.count(), kept.values("credential").distinct().count()) == (3, 2)
    ballots = queries.board_ballots(party.election)
    assert queries.trackings(party.election) == [canonical.fingerprint(raw) for raw in ballots]
    assert all(row.suffix == ".data.json" for row in kept)
