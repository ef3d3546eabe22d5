"""One person's answer, everyone's answer and a reading in plain Python agree, on every engine that is here."""

import datetime as dt
from itertools import product
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yiwang.platform.rules.library.book import read_book
from yiwang.platform.rules.library.compiling import compile_ruleset
from yiwang.platform.rules.library.explaining import Version, decide_many
from yiwang.platform.rules.library.kinds import fact_kind
from yiwang.platform.rules.library.screening import screen
from yiwang.platform.rules.testing import ENGINES
from yiwang.platform.rules.tests.factories import DAY, condition, fact, formula, parameter, ruleset, version
from yiwang.platform.rules.tests.oracle import Oracle

SERVICES = Path(__file__).resolve().parents[3] / "net" / "catalogue" / "rules"
TRUTHS = [True, False, None]
HERE = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def services():
    book = read_book([SERVICES])
    return [Version(rules, compile_ruleset(rules)) for rules in book.rulesets.values()]


def values_of(fact):
    kind = fact_kind(fact)
    if fact.type == "bool":
        known = st.booleans()
    elif fact.type == "choice":
        known = st.sampled_from(sorted(kind.choices))
    else:
        known = st.integers(kind.low, min(kind.high, kind.low + 600_000))
    if fact.ranged:
        known = known | st.tuples(known, known).map(lambda pair: (min(pair), max(pair)))
    return st.none() | known


def people_of(facts):
    return st.fixed_dictionaries({fact.name: values_of(fact) for fact in facts})


def table_of(rules, people):
    columns = {}
    for item in rules.facts:
        values = [person.get(item.name) for person in people]
        if item.ranged:
            columns[item.name] = [value[0] if isinstance(value, tuple) else value for value in values]
            columns[f"{item.name}:high"] = [value[1] if isinstance(value, tuple) else value for value in values]
        else:
            columns[item.name] = values
    return pa.table(columns) if columns else pa.table({"nobody": [1] * len(people)})


@given(data=st.data(), day=st.dates(dt.date(2024, 7, 1), dt.date(2027, 12, 31)))
@HERE
def test_every_service_answers_one_person_as_plain_python_does(services, data, day):
    facts = {item.name: item for one in services for item in one.ruleset.facts}
    person = data.draw(people_of(facts.values()))

    for outcome in decide_many(services, person, day):
        oracle = Oracle(outcome.ruleset, person, day)
        assert outcome.result("verdict") == oracle.verdict
        for name in [*outcome.ruleset.condition, *outcome.ruleset.formula]:
            assert outcome.result(name) == oracle.answer(name), (outcome.ruleset.key, name)


@pytest.mark.parametrize("engine", ENGINES)
@given(data=st.data())
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_table_gives_each_row_the_answer_of_one_person(services, engine, data):
    one = data.draw(st.sampled_from(services))
    people = data.draw(st.lists(people_of(one.ruleset.facts), min_size=1, max_size=20))

    rows = screen(one.ruleset, table_of(one.ruleset, people), on=DAY, engine=engine, figures=True).to_pylist()

    for row, person in zip(rows, people, strict=True):
        (outcome,) = decide_many([one], person, DAY)
        assert row == {name: outcome.result(name) for name in row}


LOGIC = {
    "a and b": lambda a, b: False if False in (a, b) else None if None in (a, b) else True,
    "a or b": lambda a, b: True if True in (a, b) else None if None in (a, b) else False,
    "not a": lambda a, b: None if a is None else not a,
    "b if a else not b": lambda a, b: None if None in (a, b) else b if a else not b,
    "known(a)": lambda a, b: a is not None,
    "first(a, b)": lambda a, b: b if a is None else a,
}


@pytest.mark.parametrize("engine", [*ENGINES, "one person"])
@pytest.mark.parametrize("text", LOGIC)
def test_unknown_follows_three_valued_logic(text, engine):
    one = version(condition("c", text), facts=[fact("a", "bool"), fact("b", "bool")])
    people = [{"a": a, "b": b} for a, b in product(TRUTHS, TRUTHS)]

    if engine == "one person":
        found = [decide_many([one], person, DAY)[0].result("c") for person in people]
    else:
        found = screen(one.ruleset, table_of(one.ruleset, people), on=DAY, engine=engine)["c"].to_pylist()

    assert found == [LOGIC[text](person["a"], person["b"]) for person in people]


NUMBERS = {
    "min(a, b)": [(1, 2, 1), (2, 1, 1), (1, None, None), (None, 1, None), (None, None, None), (3, 3, 3)],
    "max(a, b)": [(1, 2, 2), (2, 1, 2), (1, None, None), (None, 1, None), (-5, -7, -5)],
    "round(a / 2)": [(1, 0, 1), (3, 0, 2), (-1, 0, -1), (-3, 0, -2), (4, 0, 2), (None, 0, None)],
    "floor(a / 2)": [(1, 0, 0), (3, 0, 1), (-1, 0, -1), (-3, 0, -2), (None, 0, None)],
    "round(a, 100)": [(49, 0, 0), (50, 0, 100), (149, 0, 100), (150, 0, 200), (-50, 0, -100), (-49, 0, 0)],
    "round(0.15 * a)": [(10, 0, 2), (9, 0, 1), (30, 0, 5), (-10, 0, -2), (1, 0, 0)],
    "a - b * 2": [(7, 3, 1), (7, None, None)],
    "-a": [(7, 0, -7), (None, 0, None)],
}


@pytest.mark.parametrize("engine", [*ENGINES, "one person"])
@pytest.mark.parametrize("text", NUMBERS)
def test_numbers_come_out_alike_and_half_rounds_away_from_zero(text, engine):
    bounds = {"low": -1000, "high": 1000}
    one = version(
        condition("c", "True"), facts=[fact("a", **bounds), fact("b", **bounds)], formulas=[formula("f", text)]
    )
    people = [{"a": a, "b": b} for a, b, _ in NUMBERS[text]]

    if engine == "one person":
        found = [decide_many([one], person, DAY)[0].result("f") for person in people]
    else:
        found = screen(one.ruleset, table_of(one.ruleset, people), on=DAY, engine=engine, figures=True)["f"].to_pylist()

    assert found == [wanted for _, _, wanted in NUMBERS[text]]


@pytest.mark.parametrize("engine", ENGINES)
def test_more_than_256_categories_do_not_overflow(engine):
    """openfisca-core 44.2.2: category 300 became category 44."""
    names = [f"k{number}" for number in range(400)]
    table = parameter("table", *[(number, None, None, (name,)) for number, name in enumerate(names)], keys=("kind",))
    rules = ruleset(
        condition("c", "kind in ('k44', 'k399')"),
        facts=[fact("kind", "choice", choices=names)],
        parameters=[table],
        formulas=[formula("f", "table[kind]")],
    )
    people = pa.table({"kind": pa.array(names).dictionary_encode()})

    found = screen(rules, people, on=DAY, engine=engine, figures=True)

    assert found["f"].to_pylist() == list(range(400))
    assert [name for name, holds in zip(names, found["c"].to_pylist(), strict=True) if holds] == ["k44", "k399"]


def test_the_largest_amounts_stay_exact_on_every_engine():
    largest = 10**10
    rules = ruleset(
        condition("c", "income * 10 <= rate * income * 12.5"),
        facts=[fact("income", unit="yuan")],
        parameters=[parameter("rate", 8000, unit="rate")],
        formulas=[formula("f", "round(income * rate, yuan(1))", unit="yuan")],
    )
    people = pa.table({"income": [largest, largest - 1, largest - 63, 0]})

    results = [screen(rules, people, on=DAY, engine=engine, figures=True).to_pydict() for engine in ENGINES]

    assert results[0] == results[1]
    assert results[0]["c"] == [True] * 4
    assert results[0]["f"] == [8_000_000_000, 8_000_000_000, 7_999_999_900, 0]
