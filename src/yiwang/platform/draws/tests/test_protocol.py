"""Anybody can check a draw: equal chances, no order, no byte that could be another."""

import json
import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yiwang.platform.draws.library import protocol
from yiwang.platform.draws.library.protocol import DrawProblem

TICKETS = st.lists(
    st.text(alphabet=protocol.TICKET_ALPHABET, min_size=8, max_size=8), min_size=1, max_size=30, unique=True
)
SECRET = "5e" * 32


def announced(tickets, *, places=2, secret=SECRET):
    return protocol.announce(
        id="abc",
        title="疗休养名额",
        organiser="昆山市总工会",
        places=places,
        tickets=tickets,
        secret=secret,
        source="双色球2026年11月20日开奖号码",
        draws_on="2026-11-20",
    )


def drawn(tickets, *, places=2, secret=SECRET, public="03 08 11 19 24 30 + 07"):
    return protocol.reveal(announced(tickets, places=places, secret=secret), secret=secret, public=public)


@given(TICKETS, st.randoms())
@settings(max_examples=60, deadline=None)
def test_the_order_in_which_people_came_changes_nothing(tickets, chance):
    shuffled = list(tickets)
    chance.shuffle(shuffled)

    assert drawn(shuffled) == drawn(tickets)


@given(TICKETS)
@settings(max_examples=60, deadline=None)
def test_everybody_stands_in_the_order_exactly_once(tickets):
    found = protocol.verify(drawn(tickets, places=3).encode())

    assert sorted(found.order) == sorted(tickets)
    assert found.winners + found.waiting == found.order
    assert len(found.winners) == min(3, len(tickets))


def test_every_ticket_has_the_same_chance():
    """600 draws of 3 from 10: each wins 180 times, give or take; chi-square below its 0.1 % bound for 9 degrees."""
    tickets = [f"TICKET{number:02}" for number in range(10)]
    won = Counter()
    for round_ in range(600):
        won.update(protocol.order_of(tickets, protocol.seed_of("c", "s", str(round_)))[:3])

    distance = sum((won[ticket] - 180) ** 2 / 180 for ticket in tickets)

    assert sum(won.values()) == 1800
    assert distance < 27.9


@given(TICKETS, st.data())
@settings(max_examples=150, deadline=None)
def test_any_altered_byte_is_found(tickets, data):
    raw = drawn(tickets).encode()
    place = data.draw(st.integers(0, len(raw) - 1))
    other = data.draw(st.integers(0, 255).filter(lambda byte: byte != raw[place]))
    changed = raw[:place] + bytes([other]) + raw[place + 1 :]

    with pytest.raises(DrawProblem):
        protocol.verify(changed)
    assert protocol.verify(raw).commitment == protocol.sha256(announced(tickets))


@pytest.mark.parametrize(
    ("part", "value", "code"),
    [
        ("secret", "00" * 32, "secret"),
        ("public", "01 02 03 04 05 06 + 07", "seed"),
        ("seed", "00" * 32, "seed"),
        ("commitment", "00" * 32, "commitment"),
    ],
)
def test_what_was_altered_is_named(part, value, code):
    told = json.loads(drawn(["AAAAAAAA", "BBBBBBBB", "CCCCCCCC"])) | {part: value}

    with pytest.raises(DrawProblem) as found:
        protocol.verify(protocol.canonical(told).encode())
    assert found.value.code == code


def test_a_winner_put_forward_is_found():
    told = json.loads(drawn(["AAAAAAAA", "BBBBBBBB", "CCCCCCCC"]))
    told["order"] = told["order"][::-1]

    with pytest.raises(DrawProblem, match="does not follow"):
        protocol.verify(protocol.canonical(told).encode())


def test_a_whole_new_draw_is_sound_but_not_the_one_that_was_announced():
    """Somebody remakes everything with a secret of their own: only the commitment published before tells."""
    tickets = ["AAAAAAAA", "BBBBBBBB", "CCCCCCCC"]
    published = protocol.sha256(announced(tickets))
    other = drawn(tickets, secret="11" * 32).encode()

    assert protocol.verify(other).places == 2
    with pytest.raises(DrawProblem) as found:
        protocol.verify(other, commitment=published)
    assert found.value.code == "other_draw"


def test_another_secret_than_the_committed_one_cannot_be_revealed():
    with pytest.raises(DrawProblem):
        protocol.reveal(announced(["AAAAAAAA"]), secret="11" * 32, public="x")


@pytest.mark.parametrize(
    ("tickets", "places", "code"),
    [([], 1, "no_tickets"), (["A", "A"], 1, "ticket_twice"), (["A"], 0, "places")],
)
def test_what_cannot_be_drawn_is_refused(tickets, places, code):
    with pytest.raises(DrawProblem) as found:
        announced(tickets, places=places)
    assert found.value.code == code


@pytest.mark.parametrize("raw", [b"", b"{}", b"[]", b"\xff", b'{"order":1}', b"9" * 5000, b"[" * 100_000])
def test_what_is_no_draw_is_refused(raw):
    with pytest.raises(DrawProblem):
        protocol.verify(raw)


def test_tickets_can_be_copied_by_hand():
    tickets = {protocol.new_ticket() for _ in range(200)}

    assert len(tickets) == 200
    assert set("".join(tickets)) <= set(protocol.TICKET_ALPHABET)
    assert not set("0O1I") & set(protocol.TICKET_ALPHABET)
    assert random.choice(sorted(tickets)).isalnum()
