from decimal import Decimal

import pytest

from yiwang.net.catalogue.definitions import Definition, Limit, tidy

from .factories import COMPLETE, definition


def test_a_half_written_draft_can_be_read():
    found = Definition.from_json({"name": "只有中文", "steps": [{}], "materials": [{}], "fee": "许多", "visits": "?"})

    assert found.name.zh == "只有中文"
    assert found.steps[0].limit is None
    assert found.fee == Decimal(0)
    assert found.visits == 0
    assert not found.materials[0].is_asked


def test_only_what_was_read_counts_as_law():
    found = Definition.from_json(definition(legal_basis=[{"evidence": "verified"}, {"evidence": "unverified"}, {}]))

    assert [basis.is_law for basis in found.legal_basis] == [True, False, False]


@pytest.mark.parametrize(
    ("amount", "unit", "days"), [(5, "workday", 7), (11, "workday", 16), (15, "day", 15), (25, "hour", 2)]
)
def test_limits_compare_in_calendar_days(amount, unit, days):
    assert Limit(amount=amount, unit=unit).days == days


def test_the_decider_is_another_person_unless_the_step_says_otherwise():
    steps = [
        {"capability": "cases.decide"},
        {"capability": "cases.decide", "two_person": False},
        {"capability": "cases.handle"},
    ]

    assert [step.two_person for step in Definition.from_json({"steps": steps}).steps] == [True, False, False]


def test_tidy_leaves_out_what_says_nothing():
    told = definition(visits=0, fee="0", timing="limit", evaluation=True, ruleset="", anonymous_allowed=False)

    assert tidy(told) == tidy(COMPLETE)
    assert tidy({"evaluation": False, "minutes": 0}) == {"evaluation": False, "minutes": 0}
    assert tidy({"conditions": [{"zh": "", "en": ""}]}) == {"conditions": [{}]}
