from decimal import Decimal

import pytest

from yiwang.net.evaluation.formulas import is_bad, satisfaction, share, spread


@pytest.mark.parametrize(("score", "bad"), [(1, True), (2, True), (3, False), (5, False)])
def test_one_and_two_are_bad(score, bad):
    assert is_bad(score) is bad


@pytest.mark.parametrize(
    ("rated", "content", "percent"),
    [(4, 4, None), (0, 0, None), (5, 5, Decimal("100.0")), (6, 4, Decimal("66.7")), (8, 1, Decimal("12.5"))],
)
def test_satisfaction_is_hidden_while_few_rated(rated, content, percent):
    assert satisfaction(rated=rated, content=content, fewest=5) == percent


def test_a_share_of_nothing_is_nothing():
    assert share(0, 0) == Decimal("0.0")
    assert share(1, 3) == Decimal("33.3")


def test_the_spread_names_every_score():
    assert spread([5, 5, 1]) == {5: 2, 4: 0, 3: 0, 2: 0, 1: 1}
