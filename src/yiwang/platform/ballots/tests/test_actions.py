"""An election on the server: what it takes, what it refuses, what it never keeps."""

import json

import psycopg
import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.forms.models import model_to_dict

from yiwang.kernel.states import NotAllowedInState
from yiwang.platform.ballots import actions, queries
from yiwang.platform.ballots.errors import (
    BadBallot,
    BadKey,
    BadShare,
    ClosedAlready,
    KeysMissing,
    NoRoll,
    NotOpenYet,
    RollDiffers,
    SharesMissing,
    WrongStep,
)
from yiwang.platform.ballots.library import canonical, credentials, pedersen, trustees, voting
from yiwang.platform.ballots.library.archive import read_archive
from yiwang.platform.ballots.library.errors import BallotProblem
from yiwang.platform.ballots.library.verifying import verify
from yiwang.platform.ballots.models import BoardRecord, BoxedBallot, Election, Judgement
from yiwang.platform.ballots.tests.factories import (
    draft,
    freeze,
    keyed,
    opened,
    opened_with_threshold,
    outside,
    spoiled,
)
from yiwang.platform.journal.models import JournalEntry

pytestmark = pytest.mark.django_db

YES, NO, NEITHER = ((1, 0, 0),), ((0, 1, 0),), ((0, 0, 1),)


def name_of(raw: bytes) -> str:
    return canonical.sha256(raw)


def test_an_election_goes_from_draft_to_a_verified_result():
    party = opened()
    party.cast(0, YES)
    party.cast(1, NO)
    party.cast(0, NEITHER)
    actions.close_election(party.election, by=None)
    party.give_share(1)

    assert actions.publish_result(party.election, by=None) == [[0, 1, 1]]

    report = verify(queries.archive_bytes(party.election))
    assert (report.stage, report.result, report.ballots, report.counted) == ("Result", [[0, 1, 1]], 3, 2)
    assert BoxedBallot.objects.count() == 0


def test_two_of_three_trustees_suffice_and_one_does_not():
    party = opened_with_threshold()
    party.cast(2, YES)
    actions.close_election(party.election, by=None)
    party.give_share(3)
    with pytest.raises(SharesMissing):
        actions.publish_result(party.election, by=None)
    party.give_share(1)

    assert actions.publish_result(party.election, by=None) == [[1, 0, 0]]
    assert verify(queries.archive_bytes(party.election)).result == [[1, 0, 0]]


def test_an_election_cannot_open_without_roll_or_keys():
    election = draft()
    with pytest.raises(NoRoll):
        actions.open_election(election, by=None)
    freeze(election, 2)
    with pytest.raises(KeysMissing):
        actions.open_election(election, by=None)

    assert Election.objects.get().state == Election.State.DRAFT
    assert opened().election.state == Election.State.OPEN


def test_the_roll_is_as_long_as_the_list_of_voters_and_each_code_counts_once():
    election = draft()
    batch = credentials.make(election.uuid, 3)
    with pytest.raises(RollDiffers):
        actions.freeze_roll(election, canonical.dump(batch.public), voters=4, by=None)
    with pytest.raises(BadKey):
        actions.freeze_roll(election, canonical.dump([*batch.public[:2], batch.public[0]]), voters=3, by=None)
    with pytest.raises(BadKey):
        actions.freeze_roll(election, canonical.dump([f"{one},2" for one in batch.public]), voters=3, by=None)
    actions.freeze_roll(election, canonical.dump(list(reversed(batch.public))), voters=3, by=None)

    election.refresh_from_db()
    assert json.loads(election.credentials) == sorted(batch.public)


def test_roll_keys_and_opening_are_final():
    party = opened()
    trustee = party.election.trustees.get()
    with pytest.raises(WrongStep):
        actions.freeze_roll(party.election, "[]", voters=1, by=None)
    with pytest.raises(WrongStep):
        actions.give_key(trustee, trustee.public_key, by=None)
    with pytest.raises(NotAllowedInState):
        actions.open_election(party.election, by=None)
    with pytest.raises(NotAllowedInState):
        actions.cancel_election(party.election, by=None)


def test_a_draft_may_be_cancelled():
    election = draft()
    actions.cancel_election(election, by=None)

    assert Election.objects.get().state == Election.State.CANCELLED


def test_a_ballot_is_refused_before_opening_and_after_closing():
    party = keyed()
    with pytest.raises(NotOpenYet):
        actions.cast_ballot(party.election, b"{}")
    actions.open_election(party.election, by=None)
    late = party.ballot(0)
    actions.close_election(party.election, by=None)
    party.election.refresh_from_db()
    with pytest.raises(ClosedAlready):
        actions.cast_ballot(party.election, late)

    assert verify(queries.archive_bytes(party.election)).ballots == 0


def test_closing_wins_over_a_ballot_that_was_judged_meanwhile():
    """The request read an open election, then somebody closed it."""
    party = opened()
    raw, stale = party.ballot(0), Election.objects.get(pk=party.election.pk)
    actions.close_election(party.election, by=None)

    with pytest.raises(ClosedAlready):
        actions.cast_ballot(stale, raw)


@pytest.mark.parametrize("place", ["box", "board"])
def test_the_same_ballot_twice_is_one_ballot(place):
    party = opened()
    raw = party.ballot(0)
    first = actions.cast_ballot(party.election, raw)
    if place == "board":
        with transaction.atomic():
            actions.judge_box(party.election)
            actions._release(party.election, queries.chain(party.election))

    assert actions.cast_ballot(party.election, raw) == first
    assert queries.tracked(party.election, name_of(raw)).place == place
    actions.close_election(party.election, by=None)
    assert verify(queries.archive_bytes(party.election)).ballots == 1


def test_a_ballot_that_was_answered_for_is_found_and_one_that_was_not_is_told():
    party = opened()
    raw, other = party.ballot(0), party.ballot(1)
    assert actions.cast_ballot(party.election, raw) == canonical.fingerprint(raw)

    assert queries.tracked(party.election, name_of(raw)).place == "box"
    assert queries.tracked(party.election, name_of(other)).place == ""


def test_foreign_and_unsound_ballots_are_refused_and_leave_nothing():
    party, other = opened(), opened()
    document = queries.document_of(bytes(party.election.document))
    foreign = voting.make_ballot(document, credentials.new_code(), YES)
    altered = json.loads(party.ballot(0))
    altered["answers"][0]["choices"].reverse()
    for raw, reason in (
        (foreign, "foreign_credential"),
        (other.ballot(0), "other_election"),
        (canonical.dump(altered).encode(), "bad_signature"),
        (b"x", "malformed"),
    ):
        with pytest.raises(BadBallot) as refused:
            actions.cast_ballot(party.election, raw)
        assert refused.value.reason == reason

    assert BoxedBallot.objects.count() == 0


@pytest.mark.parametrize("broken", [spoiled, outside])
def test_a_ballot_whose_proofs_do_not_hold_leaves_the_box_is_told_and_replaces_none(broken):
    party = opened()
    party.cast(0, YES)
    raw = broken(party, 0)
    assert actions.cast_ballot(party.election, raw) == canonical.fingerprint(raw)
    assert queries.tracked(party.election, name_of(raw)).place == "box"

    assert actions.judge_box(party.election) == 2
    assert actions.judge_box(party.election) == 0

    found = queries.tracked(party.election, name_of(raw))
    assert (found.place, found.reason) == ("refused", "bad_proof")
    assert queries.refused_trackings(party.election) == [canonical.fingerprint(raw)]
    assert bytes(Judgement.objects.exclude(reason="").get().content) == raw
    with pytest.raises(BadBallot, match="现场设备"):
        actions.cast_ballot(party.election, raw)
    actions.close_election(party.election, by=None)
    party.give_share(1)
    assert actions.publish_result(party.election, by=None) == [[1, 0, 0]]
    assert verify(queries.archive_bytes(party.election)).ballots == 1


def test_when_the_judges_lag_the_door_judges_the_proofs_too(monkeypatch):
    party = opened()
    party.cast(0, YES)
    monkeypatch.setattr(queries, "MOST_WAITING", 0)
    monkeypatch.setattr(queries, "LAG_REMEMBERED", 0)
    with pytest.raises(BadBallot) as refused:
        actions.cast_ballot(party.election, spoiled(party, 1))
    assert refused.value.reason == "bad_proof"
    with pytest.raises(BadBallot):
        actions.cast_ballot(party.election, outside(party, 1))
    raw = party.ballot(1, NO)
    actions.cast_ballot(party.election, raw)

    assert (BoxedBallot.objects.count(), Judgement.objects.get().name) == (2, name_of(raw))
    assert (actions.judge_box(party.election), Judgement.objects.count()) == (1, 2)


def test_whether_the_judges_lag_is_counted_once_a_second(django_assert_num_queries):
    party = opened()
    with django_assert_num_queries(1):
        assert not queries.judges_lag(party.election)
        assert not queries.judges_lag(party.election)


def test_a_ballot_costs_the_same_few_queries_however_many_came_before(django_assert_num_queries):
    party = opened(4)
    election = Election.objects.get(pk=party.election.pk)
    for voter in range(3):
        raw = party.ballot(voter)
        queries.roll_of(election)
        queries.judges_lag(election)
        with django_assert_num_queries(5):  # savepoint, state, what is known, insert, release
            actions.cast_ballot(election, raw)


def test_nobody_judges_what_somebody_judges_already():
    party = opened()
    party.cast(0)
    about = connection.settings_dict
    place = {"host": about["HOST"], "port": about["PORT"], "user": about["USER"], "password": about["PASSWORD"]}
    with psycopg.connect(dbname=about["NAME"], **place) as other:
        other.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1953))", [f"ballots:{party.election.pk}"])
        assert (actions.judge_box(party.election), Judgement.objects.count()) == (0, 0)

    assert (actions.judge_box(party.election), Judgement.objects.count()) == (1, 1)


def test_no_unsound_ballot_reaches_the_board_though_nobody_judged_before_closing():
    party = opened()
    raw = spoiled(party, 0)
    actions.cast_ballot(party.election, raw)
    party.cast(1, NO)
    actions.close_election(Election.objects.get(pk=party.election.pk), by=None)

    assert queries.tracked(party.election, name_of(raw)).place == "refused"
    assert (verify(queries.archive_bytes(party.election)).ballots, BoxedBallot.objects.count()) == (1, 0)


def test_a_code_with_a_ballot_still_to_be_judged_waits_with_all_its_turns(monkeypatch):
    monkeypatch.setattr(actions, "COMPANY", 1)
    party = opened()
    party.cast(0, YES)
    actions.judge_box(party.election)
    party.cast(0, NO)

    assert actions.release_ballots(party.election) == 0
    actions.judge_box(party.election)
    assert actions.release_ballots(party.election) == 2


def test_a_forged_judgement_is_worth_nothing():
    party = opened()
    raw = party.ballot(0)
    actions.cast_ballot(party.election, raw)
    actions.judge_box(party.election)
    assert queries.judged_here(party.election.uuid) == {name_of(raw)}
    forged = party.ballot(1)
    Judgement.objects.create(election=party.election, name=name_of(forged), seal="0" * 64)
    assert queries.judged_here(party.election.uuid) == {name_of(raw)}


def test_only_a_ballot_named_as_judged_is_spared_its_proofs():
    party = opened()
    archive, raw = read_archive(queries.archive_bytes(party.election)), spoiled(party, 0)
    archive.add("Ballot", raw)

    for judged in (frozenset(), frozenset({name_of(party.ballot(1))})):
        with pytest.raises(BallotProblem, match="proved"):
            verify(bytes(archive.written), judged=judged)
    assert verify(bytes(archive.written), judged=frozenset({name_of(raw)})).ballots == 1


def test_ballots_go_to_the_board_in_company_and_the_turns_of_a_code_stay_in_order(monkeypatch):
    monkeypatch.setattr(actions, "COMPANY", 3)
    party = opened(4)
    party.cast(0, YES)
    party.cast(1, NO)
    party.cast(0, NO)
    assert actions.release_ballots(party.election) == 0
    party.cast(2, YES)
    actions.judge_box(party.election)

    assert actions.release_ballots(party.election) == 4
    assert actions.release_ballots(party.election) == 0
    party.cast(0, NEITHER)
    actions.close_election(party.election, by=None)
    assert actions.release_ballots(party.election) == 0
    party.give_share(1)
    assert actions.publish_result(party.election, by=None) == [[1, 1, 1]]


def test_the_order_on_the_board_is_not_the_order_of_casting(monkeypatch):
    monkeypatch.setattr(actions, "_shuffle", lambda codes: codes.sort())
    party = opened()
    cast = [party.ballot(voter) for voter in range(3)]
    for raw in cast:
        actions.cast_ballot(party.election, raw)
    actions.close_election(party.election, by=None)

    def by_code(raw):
        return canonical.sha256(json.loads(raw)["credential"].encode())

    assert queries.board_ballots(party.election) == sorted(cast, key=by_code)


def test_no_table_keeps_a_voter_a_time_or_a_device_beside_a_ballot():
    party = opened()
    before = JournalEntry.objects.count()
    tracking = party.cast(0)

    assert JournalEntry.objects.count() == before
    fields = {field.name for field in BoxedBallot._meta.get_fields()}
    assert fields == {"id", "election", "name", "credential", "turn", "content"}
    keys = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_app_config("ballots").get_models()
        for field in model._meta.get_fields()
        if field.is_relation and field.related_model and field.related_model._meta.app_label != "ballots"
    ]
    assert keys == []
    assert tracking not in str([model_to_dict(entry) for entry in JournalEntry.objects.all()])


def refused(statement: str, why: str) -> None:
    with pytest.raises(DatabaseError, match=why), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_database_itself_keeps_board_and_box():
    party = opened()
    party.cast(0)

    refused("UPDATE ballots_boxedballot SET turn = 9", "never changes")
    refused("DELETE FROM ballots_boxedballot", "only for the board")
    actions.judge_box(party.election)
    refused("DELETE FROM ballots_boxedballot", "only for the board")
    refused("UPDATE ballots_judgement SET reason = 'bad_proof', content = '1'", "is final")
    refused("DELETE FROM ballots_judgement", "is final")
    actions.close_election(party.election, by=None)
    refused("UPDATE ballots_boardrecord SET kind = ''", "append-only")
    refused("DELETE FROM ballots_boardrecord", "append-only")
    assert BoardRecord.objects.filter(kind="Ballot").count() == 1


def test_no_election_is_counted_with_ballots_in_the_box():
    party = opened()
    party.cast(0)
    with pytest.raises(WrongStep):
        actions.publish_result(party.election, by=None)
    with pytest.raises(WrongStep):
        actions.give_share(party.election.trustees.get(), "{}", by=None)
    actions.close_election(party.election, by=None)

    assert BoxedBallot.objects.count() == 0


def test_a_share_that_lies_is_refused_and_the_trustee_named():
    party = opened()
    actions.close_election(party.election, by=None)
    honest = party.keys[1]
    party.keys[1] = trustees.new_key()
    with pytest.raises(BadShare, match="监票人甲"):
        party.give_share(1)
    party.keys[1] = honest
    party.give_share(1)
    with pytest.raises(WrongStep):
        party.give_share(1)

    assert actions.publish_result(party.election, by=None) == [[0, 0, 0]]
    with pytest.raises(WrongStep):
        actions.publish_result(party.election, by=None)


def test_key_material_that_does_not_hold_is_refused():
    election = draft(names=("甲", "乙"), needed=1)
    first, second = election.trustees.order_by("owner")
    seed = pedersen.new_seed()
    cert = pedersen.make_certificate(seed)
    with pytest.raises(WrongStep):
        actions.give_key(first, "{}", by=None)
    with pytest.raises(BadKey):
        actions.give_certificate(first, canonical.dump({**cert, "message": "{}"}), by=None)
    actions.give_certificate(first, canonical.dump(cert), by=None)
    with pytest.raises(WrongStep):
        actions.give_polynomial(first, "{}", by=None)
    actions.give_certificate(second, canonical.dump(pedersen.make_certificate(pedersen.new_seed())), by=None)
    certs = [canonical.load(row.certificate) for row in (first, second)]
    with pytest.raises(BadKey):
        actions.give_polynomial(first, canonical.dump(pedersen.make_polynomial(seed, certs, 2)), by=None)
    actions.give_polynomial(first, canonical.dump(pedersen.make_polynomial(seed, certs, 1)), by=None)
    with pytest.raises(WrongStep):
        actions.give_output(first, "{}", by=None)
    with pytest.raises(WrongStep):
        actions.give_certificate(first, canonical.dump(cert), by=None)


def test_a_single_key_without_proof_is_refused():
    election = draft()
    with pytest.raises(BadKey):
        actions.give_key(election.trustees.get(), '{"public_key":"4","pok":{"challenge":"1","response":"1"}}', by=None)
    with pytest.raises(WrongStep):
        actions.give_certificate(election.trustees.get(), "{}", by=None)
    with pytest.raises(WrongStep):
        draft(names=())
