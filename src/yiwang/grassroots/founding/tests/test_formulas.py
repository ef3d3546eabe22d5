import pytest

from yiwang.grassroots.founding.formulas import (
    Count,
    SizeBand,
    Standing,
    band_of,
    is_elected,
    is_quorate,
    min_candidates,
    quorum,
    reminder,
    winners,
)


@pytest.mark.parametrize(("seats", "fewest"), [(5, 6), (7, 8), (21, 23), (45, 48)])
def test_the_margin_is_five_percent_and_one_at_least(seats, fewest):
    assert min_candidates(seats, 5) == fewest


def test_quorum_and_majority_are_whole_numbers():
    assert is_quorate(120, 180, of=3, needs=2)
    assert not is_quorate(119, 180, of=3, needs=2)
    assert quorum(180, of=3, needs=2) == 120
    assert quorum(181, of=3, needs=2) == 121
    assert is_elected(91, 180)
    assert not is_elected(90, 180)


def test_votes_add_up():
    assert Count(180, 150, 150, 148, 146, 2).faults() == []
    assert Count(10, 11, 12, 13, 13, 1).faults() == ["present", "issued", "returned", "valid"]


def test_winners_need_half_of_all_and_a_tie_elects_none():
    rows = [Standing(1, 90), Standing(2, 80), Standing(3, 51), Standing(4, 50)]
    assert winners(rows, seats=3, entitled=100) == [1, 2, 3]
    assert winners(rows, seats=2, entitled=100) == [1, 2]
    assert winners([Standing(1, 90), Standing(2, 60), Standing(3, 60)], seats=2, entitled=100) == [1]


def test_bands_and_reminders():
    bands = [SizeBand(24, 3, 5), SizeBand(200, 3, 7)]
    assert band_of(24, bands) == bands[0]
    assert band_of(25, bands) == bands[1]
    assert [reminder(days) for days in (181, 180, 90, 31, 30, 1, 0, -1, -7, -8)] == [
        "", "t180", "t90", "t90", "t30", "t30", "t0", "late0", "late1", "late1",
    ]  # fmt: skip
