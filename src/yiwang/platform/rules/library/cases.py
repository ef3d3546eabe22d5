"""Tables of cases: what experts say must come out, run against the rules as written.

``*.cases.csv``: ``programme`` (or the file's own name), ``case``, ``on``, ``verdict``, then any of ``no`` (the
conditions that fail), ``missing`` (the facts that are missing), ``amount`` (yuan), ``= formula`` columns, and one
column per fact.
Lists are separated by ``;``. An empty cell of a fact means: not known.
"""

import csv
import datetime as dt
from collections.abc import Iterator
from typing import Any

from yiwang.platform.rules.library.book import CASES, Book, read_figure, written_fact
from yiwang.platform.rules.library.errors import BadFact, Problem
from yiwang.platform.rules.library.explaining import Outcome, Version, decide_many
from yiwang.platform.rules.library.facts import check_names

FIXED = ("programme", "case", "on", "verdict", "no", "missing", "amount")


def run_cases(book: Book) -> Iterator[Problem]:
    """One problem per cell that comes out otherwise, and one per programme without any case."""
    from yiwang.platform.rules.library.compiling import compile_ruleset  # noqa: PLC0415 -- slow import

    versions = {key: Version(ruleset, compile_ruleset(ruleset)) for key, ruleset in book.rulesets.items()}
    seen: set[str] = set()
    for path in book.case_files:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for number, row in enumerate(csv.DictReader(file), 2):
                key = row.get("programme") or path.name.removesuffix(CASES)
                seen.add(key)
                for message in _run(book, versions, key, row):
                    yield Problem("case", f"{row.get('case') or key}：{message}", str(path), number)
    for key in book.rulesets:
        if key not in seen:
            yield book.sources[key].problem("no_case", f"“{key}”没有一个案例")


def _run(book: Book, versions: dict[str, Version], key: str, row: dict[str, str]) -> Iterator[str]:
    if key not in versions:
        yield f"没有“{key}”这个规则"
        return
    try:
        facts = _facts(book, row)
        on = dt.date.fromisoformat(row["on"])
        outcome = decide_many([versions[key]], facts, on)[0]
    except (BadFact, ValueError, KeyError) as error:
        yield f"读不懂：{error}"
        return
    yield from _compare(outcome, row)


def _facts(book: Book, row: dict[str, str]) -> dict[str, Any]:
    names = [name for name in row if name and name not in FIXED and not name.startswith("=")]
    check_names(book.facts, names)
    return {name: written_fact(book.facts, name, row[name]) for name in names if row[name] not in (None, "")}


def _compare(outcome: Outcome, row: dict[str, str]) -> Iterator[str]:
    if outcome.verdict != row["verdict"]:
        found = [name for name in outcome.ruleset.condition if outcome.result(name) is not True]
        yield f"结论应是 {row['verdict']}，算出来是 {outcome.verdict}（没成立的条件：{'、'.join(found) or '无'}）"
        return
    failing = {name for name in outcome.version.compiled.needed if outcome.result(name) is False}
    for column, names in (("no", failing), ("missing", set(outcome.missing))):
        if row.get(column) and set(row[column].split(";")) != names:
            yield f"{column} 应是 {row[column]}，算出来是 {';'.join(sorted(names)) or '无'}"
    if row.get("amount") and outcome.result(outcome.ruleset.total) != read_figure(row["amount"], "yuan"):
        yield f"金额应是 {row['amount']}元，算出来是 {outcome.result(outcome.ruleset.total)}分"
    for column, cell in row.items():
        if column and column.startswith("=") and cell:
            yield from _compare_formula(outcome, column[1:].strip(), cell)


def _compare_formula(outcome: Outcome, name: str, cell: str) -> Iterator[str]:
    found = outcome.result(name)
    formula = outcome.ruleset.formula.get(name)
    unit = formula.unit if formula else ""
    wanted = str(found).lower() if isinstance(found, bool) or found is None else found
    expected = read_figure(cell, unit) if isinstance(wanted, int) else cell
    if wanted != expected:
        yield f"{name} 应是 {cell}，算出来是 {found}"
