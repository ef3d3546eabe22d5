"""Rows within groups: machine code and numpy give what one row after the other gives, and refuse the same."""

import datetime as dt
import os

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yiwang.platform.rules.library import kernels
from yiwang.platform.rules.library.errors import BadFact, MissingParameter
from yiwang.platform.rules.library.groups import BadOrder, Grouping, Groups, Part
from yiwang.platform.rules.library.running import Job, answer
from yiwang.platform.rules.tests.factories import DAY, condition, fact, formula, parameter, version

WAYS = [pytest.param(True, id="machine code"), pytest.param(False, id="numpy")]
COLOURS = ("red", "green", "blue")
SIZES = ("small", "large")
ROW_FACTS = (
    fact("pay", low=-500, high=100_000),
    fact("months", low=0, high=12),
    fact("old", "bool"),
    fact("colour", "choice", choices=COLOURS),
)
ROW = version(
    condition("any", "pay > -1000"),
    facts=ROW_FACTS,
    parameters=(parameter("rate", (7, None, None, ("red",)), (3, None, None, ("blue",)), keys=("colour",)),),
    formulas=(
        formula("half", "round(pay / 2)"),
        formula("down", "floor(pay / 7)"),
        formula("rated", "pay * first(rate[colour], 1) if old else min(pay, 50) - max(months, 3)"),
        formula("elder", "1 if old and colour in ('red', 'green') else 0"),
    ),
    key="row",
)
GROUP_FACTS = (
    fact("rows", low=1, high=5),
    fact("sum_half", low=-(10**6), high=10**6),
    fact("sum_down", low=-(10**6), high=10**6),
    fact("sum_rated", low=-(10**7), high=10**7),
    fact("elders", low=0, high=5),
    fact("sum_months", low=0, high=60),
    fact("size", "choice", choices=SIZES),
    fact("wealth", low=0, high=10**10),
)
GROUP = version(
    condition("open", "elders > 0 or sum_rated < limit"),
    facts=GROUP_FACTS,
    parameters=(parameter("limit", 900, (1_200, dt.date(2026, 12, 1))),),
    formulas=(
        formula("kind", "'big' if size == 'large' and rows > 2 else 'plain'"),
        formula("each", "floor((sum_half * 3 + sum_down) / rows)"),
        formula("share", "round((wealth * 33 + sum_months) / 100)"),
        formula("given", "max(0, share - sum_rated) if open else sum_months - 100"),
    ),
    key="group",
)
WANTED = ("kind", "each", "share", "given", "open")
SUMS = (("half", "sum_half"), ("down", "sum_down"), ("rated", "sum_rated"), ("elder", "elders"))
SUMS += (("months", "sum_months"),)
GROUPS = Groups(
    row=Part(tuple(name for name, _ in SUMS), numbered=COLOURS, also=(("months", (0, 12)),)),
    group=Part(WANTED, numbered=SIZES),
    sums=SUMS,
    named="group",
    counted="rows",
)
a_row = st.tuples(st.integers(-500, 100_000), st.integers(0, 12), st.booleans(), st.integers(0, 2))
a_group = st.tuples(st.integers(0, 1), st.integers(0, 10**10), st.lists(a_row, min_size=1, max_size=5))


def columns_of(homes):
    rows = [row for _, _, members in homes for row in members]
    named = [place for place, (_, _, members) in enumerate(homes) for _ in members]
    pay, months, old, colour = zip(*rows, strict=True)
    given = {"group": np.array(named, np.int16), "pay": np.array(pay, np.int32), "months": np.array(months, np.int8)}
    given |= {"old": np.array(old, bool), "colour": np.array(colour, np.int8)}
    groups = {"rows": np.array([len(members) for _, _, members in homes], np.int8)}
    groups |= {"size": np.array([size for size, _, _ in homes], np.int64)}
    groups |= {"wealth": np.array([wealth for _, wealth, _ in homes], np.int64)}
    return given, groups


def grouping(compiled, *, on=DAY, folder=None, group=GROUP):
    return Grouping(GROUPS, ROW, group, on, folder=folder, compiled=compiled)


def one_after_the_other(homes, on=DAY):
    figures = {"row|rate|red": 7, "row|rate|blue": 3}
    for size, wealth, members in homes:
        found = []
        for pay, months, old, colour in members:
            facts = {"pay": pay, "months": months, "old": old, "colour": COLOURS[colour]}
            found.append(answer([Job(ROW.compiled, figures)], facts, on) | {"row:months": months})
        facts = {summed: sum(row[f"row:{name}"] for row in found) for name, summed in SUMS}
        facts |= {"rows": len(members), "size": SIZES[size], "wealth": wealth}
        told = answer([Job(GROUP.compiled, {"group|limit": 900})], facts, on)
        yield {name: told[f"group:{name}"] for name in WANTED}


@pytest.mark.parametrize("compiled", WAYS)
@given(st.lists(a_group, min_size=1, max_size=40))
@settings(max_examples=25, deadline=None)
def test_every_group_gets_what_it_gets_alone(compiled, homes):
    groups = grouping(compiled)
    found = groups.answer(*columns_of(homes))

    for place, told in enumerate(one_after_the_other(homes)):
        assert groups.texts[found["kind"][place]] == told.pop("kind")
        assert {name: found[name][place] for name in told} == told


@pytest.mark.parametrize("compiled", WAYS)
def test_many_groups_are_worked_out_in_pieces_without_a_seam(compiled):
    chance = np.random.default_rng(7)
    counts = chance.integers(1, 6, 40_000).astype(np.int8)
    size = int(counts.sum())
    rows = {"group": np.repeat(np.arange(5, 40_005, dtype=np.int32), counts)}
    rows |= {"pay": chance.integers(-500, 100_001, size), "months": chance.integers(0, 13, size)}
    rows |= {"old": chance.random(size) < 0.5, "colour": chance.integers(0, 3, size)}
    groups = {"rows": counts, "size": chance.integers(0, 2, 40_000), "wealth": chance.integers(0, 10**10, 40_000)}

    found = grouping(compiled).answer(rows, groups, first=5)

    half = np.add.reduceat(np.sign(rows["pay"]) * ((2 * np.abs(rows["pay"]) + 2) // 4), np.cumsum(counts) - counts)
    down = np.add.reduceat(rows["pay"] // 7, np.cumsum(counts) - counts)
    assert (found["each"] == (half * 3 + down) // counts).all()
    assert found["share"].max() > 2**31


HOMES = [(0, 5, [(1, 2, False, 0), (3, 4, True, 1)]), (1, 6, [(7, 8, False, 2)])]


@pytest.mark.parametrize("compiled", WAYS)
@pytest.mark.parametrize(
    ("where", "column", "values", "told"),
    [
        (0, "pay", [0, 100_001, -501], "“事实pay”第2行是100001，超出范围（-500到100000）"),
        (0, "pay", [0, 5, -501], "“事实pay”第3行是-501"),
        (0, "colour", [0, 1, 3], "“事实colour”第3行是3，超出范围（0到2）"),
        (0, "colour", [0, -1, 0], "“事实colour”第2行是-1"),
        (0, "months", [13, 0, 0], "“事实months”第1行是13"),
        (1, "wealth", [1, 10**10 + 1], "“事实wealth”第2行是10000000001"),
        (1, "size", [10**6, 0], "“事实size”第1行是1000000"),
        (1, "rows", [3, 0], "“事实rows”第2行是0，超出范围（1到5）"),
        (0, "pay", [0.5, 0, 0], "“pay”这一列有空的，或者不是整数"),
        (0, "pay", [0, 0], "“事实pay”这一列没有，或者不全"),
    ],
)
def test_a_value_out_of_bounds_is_refused_with_its_row_and_fact(compiled, where, column, values, told):
    given = columns_of(HOMES)
    given[where][column] = np.array(values)

    with pytest.raises(BadFact) as refused:
        grouping(compiled).answer(*given)

    assert told in str(refused.value)
    assert not isinstance(refused.value, BadOrder)


@pytest.mark.parametrize("compiled", WAYS)
@pytest.mark.parametrize("named", [[0, 1, 1], [0, 1, 0], [1, 1, 2], [0, 0]])
def test_rows_in_another_order_are_refused(compiled, named):
    rows, groups = columns_of(HOMES)
    cut = {name: array[: len(named)] for name, array in rows.items()}

    with pytest.raises(BadOrder):
        grouping(compiled).answer({**cut, "group": np.array(named)}, groups)


@pytest.mark.parametrize("compiled", WAYS)
def test_a_missing_column_is_named(compiled):
    rows, groups = columns_of(HOMES)
    del groups["wealth"]

    with pytest.raises(BadFact, match="事实wealth"):
        grouping(compiled).answer(rows, groups)


@pytest.mark.parametrize("compiled", WAYS)
def test_no_groups_have_no_answers(compiled):
    rows, groups = columns_of(HOMES)

    found = grouping(compiled).answer(
        {name: array[:0] for name, array in rows.items()}, {name: array[:0] for name, array in groups.items()}
    )

    assert {name: len(array) for name, array in found.items()} == dict.fromkeys(WANTED, 0)


def test_answers_that_may_be_unknown_are_not_worked_out_so():
    unsure = version(condition("open", "rate[size] > 1"), facts=GROUP_FACTS, key="group", parameters=(PARTIAL,))
    groups = Groups(GROUPS.row, Part(("open",), numbered=SIZES), SUMS, "group", "rows")

    with pytest.raises(BadFact, match="不能成批算"):
        Grouping(groups, ROW, unsure, DAY, compiled=False).answer(*columns_of(HOMES))


PARTIAL = parameter("rate", (7, None, None, ("large",)), keys=("size",), partial=True)


def test_a_figure_that_is_not_in_force_stops_everything():
    later = version(
        condition("open", "wealth > limit"),
        facts=GROUP_FACTS,
        parameters=(parameter("limit", (9, dt.date(2027, 1, 1))),),
    )

    with pytest.raises(MissingParameter):
        Grouping(GROUPS, ROW, later, DAY)


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """A folder of kernels, and a process that remembers none."""
    monkeypatch.setattr(kernels, "_made", {})
    return tmp_path / "kernels"


def worked_out(folder, *, on=DAY, group=GROUP):
    """Whether a kernel had to be made, and what came out."""
    kernels._made.clear()
    groups = grouping(True, on=on, folder=folder, group=group)
    found = groups.answer(*columns_of(HOMES))
    return groups.compile_seconds > 0, [int(value) for value in found["given"]]


def test_a_kernel_is_made_once_and_found_by_the_next_process(kept):
    first, told = worked_out(kept)

    assert first
    assert worked_out(kept) == (False, told)
    assert worked_out(kept, on=DAY + dt.timedelta(days=1)) == (False, told)


def test_another_version_or_another_figure_has_another_kernel(kept):
    worked_out(kept)
    later = worked_out(kept, on=dt.date(2026, 12, 1))
    rules = GROUP.ruleset
    other = version(
        *rules.conditions,
        facts=rules.facts,
        parameters=rules.parameters,
        formulas=(*rules.formulas[:-1], formula("given", "sum_months - 101")),
        key="group",
    )

    assert later[0]
    assert worked_out(kept, group=other) == (True, [6 - 101, 8 - 101])
    assert len(list(kept.iterdir())) == 3


@pytest.mark.parametrize("harm", [b"", b"yiwang-kernel-1\nnonsense", None])
def test_a_kernel_that_is_not_whole_is_made_again(kept, harm):
    _, told = worked_out(kept)
    (file,) = kept.iterdir()
    content = file.read_bytes()
    file.write_bytes(content[:-1] + bytes([content[-1] ^ 1]) if harm is None else harm)

    assert worked_out(kept) == (True, told)
    assert file.read_bytes() == content


def test_a_kernel_that_others_could_have_written_is_not_run(kept):
    _, told = worked_out(kept)
    kept.chmod(0o777)

    assert worked_out(kept) == (True, told)


def test_without_llvmlite_the_same_is_worked_out_with_numpy(kept, monkeypatch):
    _, told = worked_out(kept)
    monkeypatch.setattr(kernels, "READY", False)
    groups = grouping(None, folder=kept / "other")

    assert groups.answer(*columns_of(HOMES))["given"].tolist() == told
    assert not groups.compiled
    assert not (kept / "other").exists()


def test_a_folder_that_cannot_be_written_only_costs_time(tmp_path, monkeypatch):
    monkeypatch.setattr(kernels, "_made", {})
    (tmp_path / "file").write_text("not a folder")

    assert worked_out(tmp_path / "file" / "kernels")[0]


def test_kernels_lie_below_the_folder_of_the_installation_or_in_the_users_cache(monkeypatch, tmp_path):
    monkeypatch.setenv("YIWANG_VAR", str(tmp_path))
    assert kernels.kernel_folder() == tmp_path / "kernels"
    monkeypatch.delenv("YIWANG_VAR")
    monkeypatch.setenv("XDG_CACHE_HOME", os.path.join(tmp_path, "cache"))
    assert kernels.kernel_folder() == tmp_path / "cache" / "yiwang" / "kernels"
