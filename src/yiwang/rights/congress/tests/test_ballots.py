"""A secret vote from its paper to its verified result, and what it never keeps."""

import datetime as dt
import json
import os
import shutil
import subprocess

import pytest
from django.apps import apps
from django.db import connection
from django.forms.models import model_to_dict

from yiwang.kernel.clock import history, now
from yiwang.platform.ballots import queries as box
from yiwang.platform.ballots.actions import cast_ballot
from yiwang.platform.ballots.errors import ClosedAlready, NotOpenYet, RollDiffers
from yiwang.platform.ballots.library import canonical, credentials, tally, trustees, voting
from yiwang.platform.ballots.library.errors import BallotProblem
from yiwang.platform.ballots.library.receipts import receipt_code
from yiwang.platform.ballots.library.verifying import verify
from yiwang.platform.ballots.models import Election
from yiwang.platform.ballots.tests.factories import Party, spoiled
from yiwang.platform.journal.models import JournalEntry
from yiwang.rights.congress import actions, queries
from yiwang.rights.congress.errors import NoQuorum, NotReady, TooEarly, UnsoundArchive
from yiwang.rights.congress.formulas import HandCount
from yiwang.rights.congress.models import AgendaItem, Resolution
from yiwang.rights.congress.tests import factories as made
from yiwang.rights.congress.tests.secret import Held, drawn, held, vote_all

pytestmark = pytest.mark.django_db
YES, NO, ABSTAIN = [1, 0, 0], [0, 1, 0], [0, 0, 1]


def elect(session, by):
    names = [{"name": name, "note": "注塑车间"} for name in ("王立群", "李巧云", "郑海涛")]
    return actions.table_item(
        session, kind="E", method="secret", title="增选职工方协商代表", names=names, seats=2, by=by
    )


def appraise(session, by):
    names = [{"name": "厂长甲", "note": ""}, {"name": "副厂长乙", "note": ""}]
    return actions.table_item(session, kind="F", method="secret", title="民主评议", names=names, by=by)


def test_a_secret_vote_passes_with_more_than_half_of_all(cast):
    """16 of 30 delegates in favour pass; the 20 present are the quorum."""
    vote = held(cast, made.adopt, present=20)
    vote_all(vote, [[YES]] * 16 + [[NO]] * 3 + [[ABSTAIN]])
    vote.finish()

    item = AgendaItem.objects.get()
    assert (item.state, item.entitled, item.needed) == (AgendaItem.State.PASSED, 30, 16)
    assert item.counts == [{"title": item.title, "votes": [["yes", 16], ["no", 3], ["abstain", 1]]}]
    assert Resolution.objects.get().item == item
    assert verify(vote.archive).result == [[16, 3, 1]]


def test_half_of_all_does_not_pass(cast):
    vote = held(cast, made.adopt, present=20)
    vote_all(vote, [[YES]] * 15 + [[NO]] * 5)
    vote.finish()

    assert AgendaItem.objects.get().state == AgendaItem.State.FAILED
    assert not Resolution.objects.exists()


def test_sixty_five_percent_signed_in_cannot_open_a_vote(cast):
    """19 of 30: the session opened with 20, one left, the ballot stays shut."""
    vote = held(cast, made.adopt, present=20, opens=False)
    actions.leave_hall(vote.session, vote.session.attendances.first().delegate, by=cast.chair)

    with pytest.raises(NoQuorum, match="现在到会19人，要到20人"):
        actions.open_ballot(vote.ballot, by=cast.chair)
    actions.check_in(vote.session, vote.session.attendances.first().delegate, by=cast.chair)
    actions.open_ballot(vote.ballot, by=cast.chair)
    assert Election.objects.get().state == Election.State.OPEN


def test_ballots_are_refused_before_opening_and_after_closing(cast):
    vote = held(cast, made.adopt, present=20, opens=False)
    with pytest.raises(NotOpenYet, match="还没有开始投票"):
        cast_ballot(vote.ballot.election, b"{}")
    actions.open_ballot(vote.ballot, by=cast.chair)
    raw = vote.paper(0, [YES])
    vote_all(vote, [[YES]] * 20)
    actions.close_ballot(vote.ballot, by=cast.chair)
    with pytest.raises(ClosedAlready, match="截止"):
        cast_ballot(vote.election, raw)


def test_a_later_ballot_replaces_the_earlier_and_both_stand_on_the_board(cast):
    vote = held(cast, made.adopt, present=20)
    vote_all(vote, [[NO]] * 20)
    first = vote.cast(0, [NO])
    last = vote.cast(0, [YES])
    vote.finish()

    codes = {row.tracking for row in queries.tracked_ballots(vote.election)}
    assert {first, last} <= codes
    assert AgendaItem.objects.get().counts[0]["votes"] == [["yes", 1], ["no", 19], ["abstain", 0]]


def test_an_unsound_ballot_is_named_on_the_board_and_closes_nothing_early(cast, client):
    vote = held(cast, present=20)
    for voter in range(19):
        vote.cast(voter, [(1, 0, 0)])
    raw = spoiled(Party(vote.election, vote.codes), 19)
    code = receipt_code(cast_ballot(vote.election, raw))
    with pytest.raises(TooEarly):
        actions.close_ballot(vote.ballot, by=cast.chair)

    board = f"/congress/board/{vote.election.uuid}/"
    assert code in client.get(board).content.decode()
    assert "现场设备" in client.get(board, {"q": code.lower()}).content.decode()
    vote.cast(19, [(0, 1, 0)])
    actions.close_ballot(vote.ballot, by=cast.chair)
    assert len(queries.tracked_ballots(vote.election)) == 20


def test_closing_early_needs_every_card_cast(cast):
    vote = held(cast, made.adopt, present=20)
    vote_all(vote, [[YES]] * 19)
    with pytest.raises(TooEarly, match="发出20张卡，投了19张"):
        actions.close_ballot(vote.ballot, by=cast.chair)

    Election.objects.update(opened_at=now() - dt.timedelta(minutes=31))
    actions.close_ballot(vote.ballot, by=cast.chair)
    assert vote.election.state == Election.State.CLOSED


def test_more_ballots_than_cards_void_the_vote(cast):
    """Whoever made the codes cast one that nobody had drawn: seen, and the item is voted on again."""
    vote = held(cast, made.adopt, present=20)
    vote_all(vote, [[YES]] * 21)
    vote.finish()

    vote.ballot.refresh_from_db()
    assert (vote.ballot.is_void, vote.ballot.counted) == (True, 21)
    item = AgendaItem.objects.get()
    assert (item.state, item.counts) == (AgendaItem.State.TABLED, None)
    assert queries.secret_items(vote.session) == [item]


def test_an_election_fills_its_seats_or_goes_another_round(cast):
    vote = held(cast, elect, present=20)
    wang_li, only_wang = [0, 1, 1, 0, 0], [0, 1, 0, 0, 0]
    vote_all(vote, [[wang_li]] * 15 + [[only_wang]] * 4 + [[[1, 0, 0, 0, 0]]])
    vote.finish()

    item, again = AgendaItem.objects.order_by("place")
    assert item.state == AgendaItem.State.RUN_OFF
    assert item.outcome == {"elected": ["王立群"], "run_off": ["李巧云", "郑海涛"]}
    assert (again.run_off_of, again.seats, [row["name"] for row in again.names]) == (item, 1, ["李巧云", "郑海涛"])
    assert item.counts[0]["votes"][0] == ["blank", 1]


def test_whom_others_meant_stands_in_the_run_off_and_wins(cast, client):
    vote = held(cast, elect, present=20)
    wang, other = [0, 1, 0, 0, 0], [0, 0, 0, 0, 1]
    vote_all(vote, [[wang]] * 18 + [[other]] * 2)
    vote.finish()
    first, again = AgendaItem.objects.order_by("place")
    client.force_login(cast.chair)
    page, way = f"/work/congress/sessions/{vote.session.public_id}/", f"do/others/{again.public_id}/"
    assert way in client.get(page).content.decode()
    for wrong in ("李巧云", "钱一\n钱一", "", "甲\n乙\n丙\n丁\n戊"):
        assert client.post(page + way, {"people": wrong}).status_code == 200
    assert client.post(page + way, {"people": "钱一 机修班"}).status_code == 302

    again.refresh_from_db()
    assert again.names[-1] == {"name": "钱一", "note": "机修班"}
    with pytest.raises(NotReady):
        actions.name_others(first, [{"name": "钱二"}], by=cast.chair)
    assert "钱一" not in str(model_to_dict(JournalEntry.objects.get(name="congress.others_named")))
    assert actions.questions_of(again)[0].answers == ("李巧云", "郑海涛", "钱一", "另选他人")
    holders = [(cast.chair, "union"), (cast.town_officer, "superior"), (cast.wenjuan, "scrutineer")]
    actions.draw_ballot(vote.session, [again], holders=holders, needed=0, authority=cast.handler, by=cast.chair)
    with pytest.raises(NotReady):
        actions.name_others(again, [{"name": "钱二"}], by=cast.chair)
    assert way not in client.get(page).content.decode()


def test_an_election_with_enough_votes_is_over(cast):
    vote = held(cast, elect, present=20)
    vote_all(vote, [[[0, 1, 1, 0, 0]]] * 20)
    vote.finish()

    item = AgendaItem.objects.get()
    assert (item.state, item.outcome["elected"]) == (AgendaItem.State.ELECTED, ["王立群", "李巧云"])
    assert Resolution.objects.get().text == "选举王立群、李巧云。"


def test_an_election_that_nobody_wins_resolves_nothing_and_all_stand_again(cast):
    vote = held(cast, elect, present=20)
    vote_all(vote, [[[0, 1, 0, 0, 0]]] * 8 + [[[0, 0, 1, 0, 0]]] * 7 + [[[0, 0, 0, 1, 0]]] * 5)
    vote.finish()

    item, again = AgendaItem.objects.order_by("place")
    assert (item.state, item.outcome["elected"]) == (AgendaItem.State.RUN_OFF, [])
    assert ([row["name"] for row in again.names], again.seats) == (["王立群", "李巧云", "郑海涛"], 2)
    assert not Resolution.objects.exists()


def test_an_appraisal_asks_about_each_person(cast):
    vote = held(cast, appraise, present=20)
    vote_all(vote, [[[1, 0, 0, 0], [0, 0, 0, 1]]] * 20)
    vote.finish()

    item = AgendaItem.objects.get()
    assert item.state == AgendaItem.State.APPRAISED
    assert [part["votes"][0] for part in item.counts] == [["excellent", 20], ["excellent", 0]]
    assert item.counts[1]["votes"][3] == ["poor", 20]


def test_two_of_three_key_holders_open_a_threshold_box(cast):
    vote = held(cast, made.adopt, present=20, needed=2)
    vote_all(vote, [[YES]] * 20)
    actions.close_ballot(vote.ballot, by=cast.chair)

    assert vote.share(0) is False
    assert vote.share(2) is True
    assert AgendaItem.objects.get().state == AgendaItem.State.PASSED


def test_a_holder_step_follows_the_ceremony(cast):
    vote = drawn(cast, made.adopt, needed=2)
    steps = [queries.step_of(row) for row in queries.holders_of(vote.ballot)]
    assert steps == ["certificate"] * 3
    with pytest.raises(NotReady):
        actions.give_material(queries.holders_of(vote.ballot)[0], "share", "{}", by=cast.chair)


def test_a_paper_needs_holders_who_are_not_the_code_maker(cast):
    congress = made.in_term(cast)
    session = made.called(congress, cast.chair)
    items = queries.secret_items(session)
    three = [(user, "scrutineer") for user in (cast.wenjuan, cast.town_officer, cast.clerk)]

    def draw(**change):
        given = {"holders": three, "needed": 0, "authority": cast.handler, "by": cast.chair, **change}
        return actions.draw_ballot(session, given.pop("items", items), **given)

    for change, words in (
        ({"holders": three[:2]}, "至少3位"),
        ({"holders": [*three[:2], three[0]]}, "至少3位"),
        ({"authority": cast.wenjuan}, "发码人不能"),
        ({"needed": 1}, "要过半"),
        ({"items": []}, "没有要无记名"),
    ):
        with pytest.raises(NotReady, match=words):
            draw(**change)
    ballot = draw()
    with pytest.raises(NotReady, match="别的表决票"):
        draw()
    actions.cancel_ballot(ballot, by=cast.chair)
    assert draw().pk != ballot.pk


def test_what_is_on_a_paper_is_neither_amended_nor_withdrawn(cast):
    vote = drawn(cast, made.adopt)
    item, delegate = AgendaItem.objects.get(), vote.session.attendances.first().delegate
    motion = actions.put_motion(vote.session, delegate, "补贴改为350元", item=item, by=cast.chair)
    with pytest.raises(NotReady, match="已经定稿"):
        actions.decide_motion(motion, HandCount(16, 0, 0), by=cast.chair)
    with pytest.raises(NotReady, match="先把表决票作废"):
        actions.withdraw_item(item, by=cast.chair)
    actions.cancel_ballot(vote.ballot, by=cast.chair)
    actions.withdraw_item(item, by=cast.chair)


def test_the_roll_has_as_many_codes_as_delegates_and_no_cards_before_it(cast):
    vote = drawn(cast, made.adopt)
    with pytest.raises(NotReady, match="投票码"):
        actions.give_out_cards(vote.ballot, by=cast.chair)
    batch = credentials.make(vote.election.uuid, 29)
    with pytest.raises(RollDiffers):
        actions.freeze_roll(vote.ballot, canonical.dump(batch.public), by=cast.handler)


def test_a_vote_without_cards_or_after_opening_is_not_opened_or_cancelled(cast):
    vote = held(cast, made.adopt, present=20, opens=False, cards=False)
    with pytest.raises(NotReady, match="投票码卡"):
        actions.open_ballot(vote.ballot, by=cast.chair)
    assert actions.give_out_cards(vote.ballot, by=cast.chair) == 20
    assert actions.give_out_cards(vote.ballot, by=cast.chair) == 0
    actions.open_ballot(vote.ballot, by=cast.chair)
    with pytest.raises(NotReady, match="不能取消"):
        actions.cancel_ballot(vote.ballot, by=cast.chair)


def test_no_row_and_no_journal_entry_links_a_voter_to_a_ballot(cast):
    """After a whole vote no table but the box's own knows a code or a ballot, and no entry tells that somebody cast."""
    vote = held(cast, made.adopt, present=20)
    before = JournalEntry.objects.count()
    numbers = vote_all(vote, [[YES]] * 12 + [[NO]] * 8)
    assert JournalEntry.objects.count() == before
    vote.finish()

    secrets = {*vote.codes, *numbers, *(code for row in box.board_ballots(vote.election) for code in code_of(row))}
    found = {table for table in connection.introspection.table_names() if holds(table, secrets)}
    assert found <= {"ballots_election", "ballots_boardrecord"}
    assert not holds("ballots_boardrecord", set(vote.codes))
    fields = {field.name for model in apps.get_app_config("ballots").get_models() for field in model._meta.fields}
    assert not fields & {"user", "person", "delegate", "member", "cast_at", "received_at"}


def code_of(raw: bytes) -> list[str]:
    return [json.loads(raw)["credential"]]


def holds(table: str, secrets: set[str]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT coalesce(string_agg(t::text, chr(10)), $$$$) FROM "{table}" t')
        text = cursor.fetchone()[0]
    return any(secret in text for secret in secrets)


def test_the_archive_is_accepted_by_both_programs_and_one_byte_is_named_by_both(cast, tmp_path):
    if shutil.which("belenios-tool") is None:
        pytest.fail("belenios-tool was not found: install it (Debian: apt-get install belenios-tool).")
    vote = held(cast, made.adopt, present=20)
    vote_all(vote, [[YES]] * 20)
    vote.finish()
    file = tmp_path / f"{vote.election.uuid}.bel"

    def tool(raw: bytes) -> bool:
        file.write_bytes(raw)
        environment = {**os.environ, "BELENIOS_USE_URANDOM": "1"}
        command = ["belenios-tool", "election", "verify"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, env=environment, check=False)
        return done.returncode == 0 and "all checks passed" in done.stderr

    assert tool(vote.archive)
    assert queries.judged(vote.election, None).result == [[20, 0, 0]]
    altered = bytearray(vote.archive)
    altered[len(altered) // 2] ^= 1
    assert not tool(bytes(altered))
    with pytest.raises(UnsoundArchive, match="改过"):
        queries.judged(vote.election, bytes(altered))
    with pytest.raises(BallotProblem):
        verify(bytes(altered))


def test_a_receipt_code_is_twelve_letters_of_the_number():
    code = receipt_code("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU")
    assert code == receipt_code("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU")
    assert len(code.replace("-", "")) == 12
    assert code != receipt_code("57DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU")


def test_helpers_of_this_file_are_the_library(cast):
    """The holders' shares are made as the browser makes them: from the archive's own tally."""
    vote = held(cast, made.adopt, present=20)
    vote_all(vote, [[YES]] * 20)
    actions.close_ballot(vote.ballot, by=cast.chair)
    document = box.document_of(bytes(vote.election.document))
    summed = tally.read_tally(document, box.tally_bytes(vote.election))
    share = trustees.decrypt(document.hash, summed, vote.keys[0]).decode()
    given = queries.given_for(queries.holders_of(vote.ballot)[0], "share")
    assert json.loads(given["tally"]) == json.loads(box.tally_bytes(vote.election))
    assert isinstance(vote, Held)
    assert len(share) < voting.MOST_BYTES


def test_a_clock_that_runs_wrong_closes_no_vote_early_and_refuses_no_ballot(cast):
    """The server's clock is set back by two hours while people vote: only the minutes it sees pass count."""
    vote = held(cast, made.adopt, present=20)
    opened_at = vote.election.opened_at
    with history() as tell:
        tell(opened_at - dt.timedelta(hours=2))
        vote.cast(0, [YES])
        with pytest.raises(TooEarly, match="投了1张"):
            actions.close_ballot(vote.ballot, by=cast.chair)
        tell(opened_at + dt.timedelta(minutes=29))
        with pytest.raises(TooEarly):
            actions.close_ballot(vote.ballot, by=cast.chair)
        tell(opened_at + dt.timedelta(minutes=30))
        actions.close_ballot(vote.ballot, by=cast.chair)
    assert vote.election.state == Election.State.CLOSED
