"""Numbers of delegates, quorums, majorities and elections, against the handbook's own figures."""

import pytest

from yiwang.rights.congress import formulas


@pytest.mark.parametrize(
    ("headcount", "fewest"), [(80, 30), (101, 30), (268, 30), (600, 30), (1000, 50), (2001, 100), (5000, 100)]
)
def test_the_fewest_delegates_follow_the_handbook(headcount, fewest):
    assert formulas.fewest_delegates(headcount, percent=5, fewest=30, cap=100) == fewest


@pytest.mark.parametrize(("entitled", "needed"), [(30, 20), (31, 21), (86, 58), (100, 67), (101, 68), (1, 1)])
def test_a_quorum_is_two_thirds_rounded_up(entitled, needed):
    assert formulas.quorum(entitled, of=3, needs=2) == needed
    assert formulas.is_quorate(needed, entitled, of=3, needs=2)
    assert not formulas.is_quorate(needed - 1, entitled, of=3, needs=2)


def test_sixty_five_percent_are_no_quorum():
    assert not formulas.is_quorate(65, 100, of=3, needs=2)
    assert not formulas.is_quorate(0, 0, of=3, needs=2)


@pytest.mark.parametrize(("entitled", "needed"), [(86, 44), (87, 44), (100, 51), (101, 51), (2, 2), (1, 1)])
def test_a_majority_is_more_than_half_of_all(entitled, needed):
    assert formulas.majority(entitled) == needed
    assert formulas.is_majority(needed, entitled)
    assert not formulas.is_majority(needed - 1, entitled)


def test_the_most_votes_win_and_each_needs_half_of_all():
    outcome = formulas.round_of({"甲": 60, "乙": 50, "丙": 43}, seats=2, entitled=86)
    assert outcome == formulas.Outcome(("甲", "乙"))


def test_a_tie_for_the_last_seat_elects_none_of_the_tied():
    outcome = formulas.round_of({"甲": 60, "乙": 50, "丙": 50, "丁": 10}, seats=2, entitled=86)
    assert outcome == formulas.Outcome(("甲",), ("乙", "丙"), 1)


def test_empty_seats_go_to_the_leading_two_for_each():
    outcome = formulas.round_of({"甲": 60, "乙": 40, "丙": 30, "丁": 30, "戊": 2}, seats=2, entitled=86)
    assert outcome == formulas.Outcome(("甲",), ("乙", "丙", "丁"), 1)


def test_shares_of_delegates_are_whole_people():
    assert formulas.most_leaders(43, 20) == 8
    assert formulas.fewest_front_line(43, 50) == 22
    assert formulas.fewest_of_share(30, 90, 268) == 11
    assert formulas.fewest_of_share(30, 0, 0) == 0
    assert formulas.fewest_presidium(101, fewest=3, large_from=100, large=7) == 7
    assert formulas.fewest_presidium(100, fewest=3, large_from=100, large=7) == 3
