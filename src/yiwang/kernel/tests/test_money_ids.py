from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.kernel.ids import ALPHABET, public_id
from yiwang.kernel.money import BadAmount, capital_text, fen, parse_yuan, whole_yuan, yuan, yuan_text


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0", "人民币零元整"),
        ("0.01", "人民币壹分"),
        ("0.1", "人民币壹角整"),
        ("0.15", "人民币壹角伍分"),
        ("1", "人民币壹元整"),
        ("10", "人民币壹拾元整"),
        ("100.05", "人民币壹佰元零伍分"),
        ("1001", "人民币壹仟零壹元整"),
        ("10000", "人民币壹万元整"),
        ("10200.5", "人民币壹万零贰佰元伍角整"),
        ("100010", "人民币壹拾万零壹拾元整"),
        ("19692", "人民币壹万玖仟陆佰玖拾贰元整"),
        ("100000000", "人民币壹亿元整"),
        ("1000000001", "人民币壹拾亿零壹元整"),
        ("-5", "人民币负伍元整"),
    ],
)
def test_capital_figures(amount, text):
    assert capital_text(Decimal(amount)) == text


def test_capital_figures_end_somewhere():
    with pytest.raises(ValueError, match="beyond"):
        capital_text(Decimal(10) ** 16)


@pytest.mark.parametrize(
    ("typed", "amount"), [("38,460.5", "38460.50"), ("１２００元", "1200.00"), ("¥1 200", "1200.00"), ("-3.2", "-3.20")]
)
def test_amounts_are_read_as_people_type_them(typed, amount):
    assert parse_yuan(typed) == Decimal(amount)


@pytest.mark.parametrize("typed", ["", "一百", "1.234", "NaN", "Infinity"])
def test_what_is_no_amount_is_refused(typed):
    with pytest.raises(BadAmount):
        parse_yuan(typed)


@given(st.integers(-(10**13), 10**13))
def test_fen_and_yuan_are_inverse(amount):
    assert fen(yuan(amount)) == amount


def test_parts_of_a_fen_are_never_rounded_away_silently():
    with pytest.raises(ValueError, match="whole number"):
        fen(Decimal("0.001"))
    assert whole_yuan(150) == 2
    assert whole_yuan(149) == 1
    assert yuan_text(Decimal("19692")) == "19,692.00"


def test_public_ids_are_readable_and_never_meet():
    ids = {public_id() for _ in range(2000)}

    assert len(ids) == 2000
    assert all(len(one) == 10 and set(one) <= set(ALPHABET) for one in ids)
