"""The worked households to the fen, and random ones by two evaluators that know nothing of each other."""

import datetime as dt
import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yiwang.platform.rules.library.checks import check_directories
from yiwang.platform.rules.library.errors import BadFact, MissingParameter
from yiwang.platform.rules.library.receipts import Recourse, altered_parts, issue, recompute
from yiwang.platform.rules.library.screening import screen
from yiwang.platform.rules.library.words import Words
from yiwang.platform.rules.testing import ENGINES
from yiwang.rights.aid import screening_columns
from yiwang.rights.aid.explain_inputs import expected, explain_household, fen, read_inputs
from yiwang.rights.aid.household import HARD, ITEMS, SOFT, STAGES, BadHousehold, Household, Person
from yiwang.rights.aid.packaged import FOLDERS, packaged_version
from yiwang.rights.aid.reckoning import PAID, assess_by
from yiwang.rights.aid.screening_columns import screen_households, screen_parquet
from yiwang.rights.aid.tests.exact import LINES, Exact

DAY = dt.date(2026, 11, 22)
EXAMPLES = json.loads((Path(__file__).parent / "households.json").read_text("utf-8"))
money = st.integers(0, 9_000_000) | st.just(0)
small = st.integers(0, 400_000) | st.just(0)
persons = st.builds(
    Person,
    coresident=st.sampled_from([True, True, True, False]),
    wage_net=money,
    pension=small,
    business_net_income=st.integers(-3_000_000, 3_000_000) | st.just(0),
    other_transfer=small,
    exempt_income=small,
    medical_total=money,
    medical_basic=small,
    medical_commercial=small,
    education_cost=st.integers(0, 1_600_000),
    stage=st.sampled_from(STAGES),
    costly_school=st.sampled_from([False, False, False, True]),
    employed_months=st.integers(0, 12),
)
households = st.builds(
    Household,
    region=st.sampled_from(sorted(LINES)),
    union_member=st.sampled_from([True, True, True, False]),
    persons=st.lists(persons, min_size=1, max_size=5).map(
        lambda people: (Person(wage_net=people[0].wage_net // 2), *people)
    ),
    rural_migrant=st.booleans(),
    labour_months=st.integers(0, 30),
    hard_exclusion=st.sampled_from([(), (), (), HARD[:1]]),
    soft_exclusion=st.sampled_from([(), (), SOFT[:1]]),
    disaster_casualty=st.sampled_from([False, False, False, True]),
    accident_loss=small | st.integers(0, 20_000_000),
    accident_insurance=small,
    disability_care=small,
    prior_aid=st.dictionaries(st.sampled_from(ITEMS), st.integers(0, 1_500_000), max_size=3),
)


@pytest.fixture(scope="module", autouse=True)
def _no_kernel_in_the_users_cache(tmp_path_factory):
    folder = tmp_path_factory.mktemp("kernels")
    with pytest.MonkeyPatch.context() as changed:
        changed.setattr(screening_columns, "kernel_folder", lambda: folder)
        yield


def assessed(household, on=DAY):
    return assess_by(packaged_version, household, on)


@pytest.mark.parametrize("example", EXAMPLES["examples"], ids=lambda example: example["id"])
def test_every_worked_household_comes_out_to_the_fen(example):
    household, on = read_inputs(example["inputs"])

    assert expected(assessed(household, on)) == example["expected"]


@pytest.mark.parametrize("example", EXAMPLES["examples"], ids=lambda example: example["id"])
def test_every_step_of_a_worked_household_has_the_value_of_the_handbook(example):
    household, on = read_inputs(example["inputs"])
    found_ = assessed(household, on)
    figures = {**found_.figures, **{reason.condition: reason.holds for reason in found_.reasons}}
    keys = {"R01": "line", "R03": "annual_income", "R04": "self_paid", "R08": "rigid", "R09": "net_month"}
    keys |= {"R10": "gross_month", "R13": "deep_income", "R14": "relative_income", "R18": "living", "R19": "medical"}
    keys |= {"R20": "education", "R27": "total"}

    told = {step["rule"]: step["value"] for step in example["steps"] if step["rule"] in keys}

    for rule, value in told.items():
        found = figures[keys[rule]]
        assert found == (value == "true" if isinstance(found, bool) else fen(value)), rule


def test_the_tables_of_experts_come_out():
    book, problems = check_directories(FOLDERS)

    assert problems == []
    assert {"aid", "aid-person", "aid-living", "aid-mutual"} <= set(book.rulesets)


@given(households)
@settings(max_examples=60, deadline=None)
def test_two_evaluators_agree_on_random_households(household):
    found, exact = assessed(household), Exact(household)

    assert found.file_class == exact.file_class
    assert {item.item: item.payable for item in found.items} == {
        item: int(amount * 100) for item, amount in exact.payable.items()
    }


@pytest.mark.parametrize("engine", ENGINES)
@given(st.lists(households, min_size=1, max_size=6))
@settings(max_examples=5, deadline=None)
def test_every_engine_gives_every_household_the_same_class_and_the_same_fen(engine, homes):
    compare_engine(engine, homes)


@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_gives_the_worked_households_to_the_fen(engine):
    read = [(example, *read_inputs(example["inputs"])) for example in EXAMPLES["examples"]]

    for day in sorted({on for _, _, on in read}):
        homes = [(example["expected"], assessed(household, on)) for example, household, on in read if on == day]
        table = pa.Table.from_pylist([dict(found.facts) for _, found in homes])
        rows = screen(packaged_version("aid").ruleset, table, on=day, engine=engine, figures=True).to_pylist()
        assert [row["file_class"] for row in rows] == [found.file_class for _, found in homes]
        assert [row["total"] for row in rows] == [found.total for _, found in homes]
        assert [row["total"] for row in rows] == [fen(wanted["total_payable"]) for wanted, _ in homes]


def compare_engine(engine, homes):
    facts = [dict(assessed(household).facts) for household in homes]
    table = pa.table({name: [row[name] for row in facts] for name in facts[0]})

    found = screen(packaged_version("aid").ruleset, table, on=DAY, engine=engine, figures=True)

    for place, household in enumerate(homes):
        exact = Exact(household)
        assert found["file_class"][place].as_py() == exact.file_class
        paid = {item: found[key][place].as_py() for item, key in PAID.items()}
        assert {item: amount for item, amount in paid.items() if amount} == {
            item: int(amount * 100) for item, amount in exact.payable.items()
        }


@pytest.mark.parametrize("compiled", [True, False])
@given(st.lists(households, min_size=1, max_size=12))
@settings(max_examples=20, deadline=None)
def test_whole_columns_give_every_household_the_same_class_and_the_same_fen(compiled, homes):
    homes = [as_snapshot(household) for household in homes]
    found = screen_households(packaged_version, *columns_of(homes), DAY, compiled=compiled)

    for place, household in enumerate(homes):
        exact = Exact(household)
        assert found["file_class"][place].as_py() == exact.file_class
        assert {item: found[key][place] for item, key in PAID.items() if found[key][place]} == {
            item: int(amount * 100) for item, amount in exact.payable.items()
        }


def as_snapshot(household):
    """A snapshot holds those who live together, and no school that does not count."""
    kept = [Person(**{**vars(one), "costly_school": False}) for one in household.persons if one.coresident]
    return Household(**{**vars(household), "persons": tuple(kept)})


def columns_of(homes):
    people = [(place, person) for place, household in enumerate(homes) for person in household.persons]
    stages = ["none", "preschool", "compulsory", "high_school", "higher"]
    columns = {"household": np.array([place for place, _ in people], np.int32)}
    for name in people[0][1].money:
        columns[name] = np.array([getattr(person, name) for _, person in people], np.int64)
    columns["stage"] = np.array([stages.index(person.stage or "none") for _, person in people], np.int8)
    columns["employed_months"] = np.array([person.employed_months for _, person in people], np.int8)
    regions = [choice.value for choice in packaged_version("aid").ruleset.fact["aid_region"].choices]
    facts = [assessed(household).facts for household in homes]
    rows = {"region": np.array([regions.index(row["aid_region"]) for row in facts], np.int8)}
    for name in facts[0]:
        if name.startswith(("prior_", "accident_")) or name in ("persons", "disability_care", "labour_months"):
            rows[name] = np.array([row[name] for row in facts], np.int64)
        elif isinstance(facts[0][name], bool):
            rows[name] = np.array([row[name] for row in facts], bool)
    return columns, rows


TWO_HOMES = [Household("320500", True, (Person(wage_net=100), Person())), Household("320600", True, (Person(),))]


@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize(
    ("column", "values", "told"),
    [
        ("household", [0, 1, 1], "成员没有按家庭排好"),
        ("wage_net", [0, -1, 0], "“工资性收入（到手）”第2行是-1"),
        ("stage", [5, 0, 0], "“就读阶段”第1行是5，超出范围（0到4）"),
        ("employed_months", [0, 0, 13], "第3行是13，超出范围（0到12）"),
    ],
)
def test_persons_in_another_order_or_out_of_bounds_are_refused(compiled, column, values, told):
    persons_, rows = columns_of(TWO_HOMES)

    with pytest.raises(BadFact, match=told):
        screen_households(packaged_version, {**persons_, column: np.array(values)}, rows, DAY, compiled=compiled)


@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize(
    ("column", "values", "told"),
    [
        ("persons", [3, 0], "有的家庭没有一个成员"),
        ("persons", [1, 1], "人数对不上"),
        ("persons", [-1, 4], "有的家庭没有一个成员"),
        ("persons", [2, 21], "第2行是21，超出范围（1到20）"),
        ("region", [0, 13], "第2行是13，超出范围（0到12）"),
        ("persons", [], "有的家庭没有一个成员"),
    ],
)
def test_households_that_do_not_fit_their_persons_or_their_bounds_are_refused(compiled, column, values, told):
    persons_, rows = columns_of(TWO_HOMES)

    with pytest.raises(BadFact, match=told):
        screen_households(packaged_version, persons_, {**rows, column: np.array(values, int)}, DAY, compiled=compiled)


def as_files(folder, persons_, rows, **how):
    for name, columns in (("persons", persons_), ("households", rows)):
        pq.write_table(pa.table(columns), folder / f"{name}.parquet", **how)


def test_files_give_what_columns_give_wherever_the_row_groups_end(tmp_path):
    homes = [Household("320500", True, (Person(wage_net=100_000 * size),) * size) for size in (1, 3, 2, 5, 1, 4, 2)]
    persons_, rows = columns_of(homes)
    wanted = screen_households(packaged_version, persons_, rows, DAY)

    for size in (1, 2, 4, 7, 100):
        as_files(tmp_path, persons_, rows, row_group_size=size)
        assert screen_parquet(packaged_version, tmp_path, tmp_path / "out.parquet", DAY, block=size) == len(homes)
        found = pq.read_table(tmp_path / "out.parquet")
        assert found["file_class"].to_pylist() == wanted["file_class"].to_pylist()
        assert found["total"].to_pylist() == wanted["total"].tolist()
        assert sum(wanted["total"]) > 0


@pytest.mark.parametrize("size", [2, 100])
def test_files_that_do_not_fit_are_refused_and_leave_nothing(tmp_path, size):
    persons_, rows = columns_of(TWO_HOMES)
    target = tmp_path / "out.parquet"
    shorter = {name: array[:2] for name, array in persons_.items()}
    empty = pa.array([1, None, 2], pa.int32())

    for one, other, told in (
        (shorter, rows, "人数对不上"),
        (persons_, {name: array[:1] for name, array in rows.items()}, "人数对不上"),
        ({**persons_, "pension": empty}, rows, "pension"),
        (persons_, {name: array for name, array in rows.items() if name != "labour_months"}, "劳动关系满多久"),
    ):
        as_files(tmp_path, one, other, row_group_size=size)
        with pytest.raises(BadFact, match=told):
            screen_parquet(packaged_version, tmp_path, target, DAY, block=size)
        assert not list(tmp_path.glob("out*"))


def test_a_day_before_any_figure_stops_the_decision():
    household = Household("320500", True, (Person(wage_net=100),))

    with pytest.raises(MissingParameter):
        assessed(household, dt.date(2018, 1, 1))


def test_a_region_without_a_line_stops_the_decision():
    """Lines are known from July 2024 on, the other figures from January."""
    with pytest.raises(MissingParameter, match="低保标准"):
        assessed(Household("320500", True, (Person(wage_net=100),)), dt.date(2024, 3, 1))


def test_the_other_orders_of_items_and_their_totals_are_shown():
    household, on = read_inputs(next(item for item in EXAMPLES["examples"] if item["id"] == "H04")["inputs"])

    orders = assessed(household, on).orders

    totals = {order.order: order.total for order in orders}
    assert [order.chosen for order in orders] == [True] + [False] * 5
    assert totals["living", "medical", "education"] == fen(24850)
    assert totals["living", "education", "medical"] == fen(32350)
    assert all(sum(order.items.values()) == order.total for order in orders)


def test_margins_are_told_in_words():
    household, on = read_inputs(next(item for item in EXAMPLES["examples"] if item["id"] == "H09")["inputs"])

    reasons = {reason.condition: reason for reason in assessed(household, on).reasons}

    assert reasons["deep_income"].holds is False
    assert "高出0元（正好相等也不算）" in reasons["deep_income"].because
    assert "低了885元" in reasons["relative_income"].because


def test_a_receipt_is_reproduced_to_the_same_bytes_and_a_changed_one_is_found():
    household, on = read_inputs(EXAMPLES["examples"][2]["inputs"])
    facts = assessed(household, on).facts
    recourse = Recourse(dt.date(2025, 8, 1), Words("县总工会", "County federation"), Words("本会暂定", "Set by us"))

    receipt = issue(packaged_version("aid"), facts, on, recourse)

    assert recompute(receipt.content) == receipt.content
    assert altered_parts(receipt.content, receipt.sha256) == []
    forged = receipt.content.replace(b'"wage_net":4680000', b'"wage_net":4080000')
    assert altered_parts(forged, receipt.sha256) == ["facts"]
    assert b"order_lem" in receipt.content


def test_inputs_of_experts_are_explained_with_the_keys_they_expect():
    example = EXAMPLES["examples"][0]

    document = explain_household(example["inputs"])

    assert {key: document[key] for key in example["expected"]} == example["expected"]
    assert document["steps"][0]["rule"] == "R01"
    assert len(document["orders"]) == 6


@pytest.mark.parametrize(
    "change",
    [
        {"persons": ()},
        {"persons": (Person(coresident=False),)},
        {"persons": (Person(),) * 21},
        {"persons": (Person(ref="甲"), Person(ref="甲"))},
        {"persons": (Person(wage_net=-1),)},
        {"persons": (Person(wage_net=10**10),)},
        {"persons": (Person(employed_months=13),)},
        {"persons": (Person(stage="doctor"),)},
        {"hard_exclusion": ("rich",)},
        {"soft_exclusion": ("boat",)},
        {"prior_aid": {"gold": 1}},
        {"prior_aid": {"living": -1}},
        {"labour_months": -1},
    ],
)
def test_absurd_facts_are_refused_with_a_sentence(change):
    household = Household(**{**vars(Household("320500", True, (Person(),))), **change})

    with pytest.raises(BadHousehold) as refusal:
        assessed(household)

    assert refusal.value.problems


def test_inputs_with_a_fraction_of_a_fen_or_no_day_are_refused():
    inputs = EXAMPLES["examples"][0]["inputs"]

    with pytest.raises(BadHousehold):
        read_inputs({**inputs, "disability_care": "0.001"})
    with pytest.raises(BadHousehold):
        read_inputs({**inputs, "disability_care": "much"})
    with pytest.raises(BadHousehold):
        read_inputs({name: value for name, value in inputs.items() if name != "reference_date"})


def test_a_household_survives_the_trip_through_json():
    household, _ = read_inputs(EXAMPLES["examples"][0]["inputs"])

    assert Household.from_data(json.loads(json.dumps(household.to_data()))) == household


def test_exclusions_and_doubts_are_flagged():
    household = Household(
        "320500", False, (Person(medical_total=100, medical_basic=300),), hard_exclusion=HARD[:1], soft_exclusion=SOFT
    )

    assert set(assessed(household).flags) == {
        "not_fileable:not_a_union_member",
        "hard_exclusion:costly_school",
        "soft_exclusion:homes",
        "soft_exclusion:vehicle",
        "reimbursed_more_than_billed",
    }
