"""The box over HTTP: no session, no account, no address, no log line."""

import json
import logging

import pytest
import structlog
from click.testing import CliRunner

from config.cli.ballots import ballots
from yiwang.platform.ballots import actions
from yiwang.platform.ballots.library import canonical
from yiwang.platform.ballots.library.verifying import verify
from yiwang.platform.ballots.models import BoxedBallot
from yiwang.platform.ballots.tasks import judge_boxes, release_to_boards
from yiwang.platform.ballots.tests.factories import draft, opened, spoiled
from yiwang.platform.journal.models import JournalEntry

pytestmark = pytest.mark.django_db


def send(client, party, raw: bytes, **extra):
    return client.post(f"/box/{party.election.uuid}/ballots/", raw, content_type="application/json", **extra)


def test_a_ballot_is_taken_and_found(client):
    party = opened()
    raw = party.ballot(0)

    answer = send(client, party, raw)

    assert answer.json() == {"tracking": canonical.fingerprint(raw)}
    assert answer["Cache-Control"] == "no-store"
    found = client.get(f"/box/{party.election.uuid}/ballots/{canonical.sha256(raw)}/")
    assert found.json() == {"place": "box"}
    assert client.get(f"/box/{party.election.uuid}/ballots/x/").json() == {"place": ""}


def test_who_asks_for_a_ballot_that_was_refused_later_is_told_why(client):
    party = opened()
    raw = spoiled(party, 0)
    send(client, party, raw)
    judge_boxes(timestamp=0)

    found = client.get(f"/box/{party.election.uuid}/ballots/{canonical.sha256(raw)}/").json()

    assert found["place"] == "refused"
    assert "再投一次" in found["message"]


def test_a_double_click_and_a_second_device_make_no_second_vote(client):
    party = opened()
    raw, again = party.ballot(0), party.ballot(0, ((0, 1, 0),))
    for content in (raw, raw, again, again, raw):
        assert send(client, party, content).status_code == 200

    actions.close_election(party.election, by=None)
    party.give_share(1)
    assert actions.publish_result(party.election, by=None) == [[0, 1, 0]]


def test_a_refusal_is_a_sentence(client):
    party = opened()

    answer = send(client, party, b"{}")

    assert (answer.status_code, answer.json()["code"]) == (422, "bad_ballot")
    assert answer.json()["message"]


def test_document_and_archive_are_public_and_verify(client):
    party = opened()
    document = client.get(f"/box/{party.election.uuid}/election.json").content
    archive = client.get(f"/box/{party.election.uuid}/archive.bel")

    assert canonical.fingerprint(document) == party.election.fingerprint
    assert verify(archive.content).election.hash == party.election.fingerprint
    assert archive["Content-Disposition"].endswith(f'"{party.election.uuid}.bel"')


def test_a_draft_and_an_unknown_election_look_the_same(client):
    hidden = draft()

    for uuid in (hidden.uuid, "nobody"):
        assert client.get(f"/box/{uuid}/archive.bel").status_code == 404
        assert client.post(f"/box/{uuid}/ballots/").status_code == 404
    assert client.get("/box/nothing/of/the/kind").status_code == 404


def test_a_signed_in_voter_leaves_no_trace_beside_the_ballot(client, django_user_model, caplog):
    party = opened()
    user = django_user_model.objects.create_user("13800138000", pk=987_654_321)  # no turn and no other id is like it
    client.force_login(user)
    raw, entries = party.ballot(0), JournalEntry.objects.count()
    session_before = dict(client.session.items())
    caplog.set_level(logging.DEBUG)

    with structlog.testing.capture_logs() as events:
        answer = send(client, party, raw, REMOTE_ADDR="203.0.113.9", HTTP_USER_AGENT="a voter's phone")

    assert answer.status_code == 200
    assert not answer.cookies
    assert events == []
    assert [line.getMessage() for line in caplog.records if line.name != "django.db.backends"] == []
    assert JournalEntry.objects.count() == entries
    assert dict(client.session.items()) == session_before
    kept = BoxedBallot.objects.values().get()
    assert set(kept) == {"id", "election_id", "name", "credential", "turn", "content"}
    assert not [mark for mark in ("987654321", "13800138000", "203.0.113.9", "a voter's phone") if mark in str(kept)]


def test_the_minutely_task_brings_ballots_to_the_board_in_company(monkeypatch, client):
    monkeypatch.setattr(actions, "COMPANY", 2)
    party = opened()
    send(client, party, party.ballot(0))
    judge_boxes(timestamp=0)
    release_to_boards(timestamp=0)
    assert BoxedBallot.objects.count() == 1
    send(client, party, party.ballot(1))
    judge_boxes(timestamp=0)
    release_to_boards(timestamp=0)

    assert BoxedBallot.objects.count() == 0
    assert verify(client.get(f"/box/{party.election.uuid}/archive.bel").content).ballots == 2


def test_the_box_is_json_to_the_browser(client):
    party = opened()

    assert json.loads(client.get(f"/box/{party.election.uuid}/election.json").content)["uuid"] == party.election.uuid


def test_the_command_line_lists_and_exports(tmp_path):
    party, hidden = opened(), draft()
    file = tmp_path / "taken.bel"

    listed = json.loads(CliRunner().invoke(ballots, ["list", "--json"]).output)["elections"]
    assert [(row["uuid"], row["state"]) for row in listed] == [(party.election.uuid, "open"), (hidden.uuid, "draft")]
    assert CliRunner().invoke(ballots, ["export", party.election.uuid, str(file)]).exit_code == 0
    assert verify(file.read_bytes()).stage == "Setup"
    assert CliRunner().invoke(ballots, ["export", hidden.uuid, str(file)]).exit_code == 1
