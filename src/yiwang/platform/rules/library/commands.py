"""What the command line does with rule files: plain data in, plain data out, no database."""

import datetime as dt
import random
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from yiwang.platform.rules.library import receipts
from yiwang.platform.rules.library.book import Book, read_book, written_fact
from yiwang.platform.rules.library.checks import check_directories
from yiwang.platform.rules.library.compiling import compile_ruleset, fact_columns
from yiwang.platform.rules.library.errors import RuleProblem
from yiwang.platform.rules.library.explaining import Version
from yiwang.platform.rules.library.explaining import explain as explain_version
from yiwang.platform.rules.library.facts import check_names
from yiwang.platform.rules.library.kinds import fact_kind
from yiwang.platform.rules.library.model import RuleSet, canonical
from yiwang.platform.rules.library.screening import screen as screen_table
from yiwang.platform.rules.library.screening import screen_file


def check(directories: Iterable[Path]) -> dict[str, Any]:
    book, problems = check_directories(directories)
    listed = [{"file": item.file, "line": item.line, "code": item.code, "message": item.message} for item in problems]
    return {"programmes": len(book.rulesets), "parameters": len(book.parameters), "problems": listed}


def explain(
    directories: Iterable[Path], programme: str, facts: Mapping[str, Any], on: dt.date, language: str = "zh"
) -> dict[str, Any]:
    """``facts`` as people write them: money in yuan, days as 2026-07-01.

    Raises BadFact, MissingParameter, RuleProblem.
    """
    book = read_book(directories)
    ruleset = _programme(book, programme)
    check_names(book.facts, facts)
    held = {name: written_fact(book.facts, name, raw) for name, raw in facts.items()}
    return explain_version(Version(ruleset, compile_ruleset(ruleset)), held, on, language).to_data()


def screen(
    directories: Iterable[Path],
    programme: str,
    *,
    on: dt.date,
    engine: str = "duckdb",
    table: Path | None = None,
    rows: int = 100_000,
    out: Path | None = None,
) -> dict[str, Any]:
    """Everyone in ``table`` (Parquet or CSV, one column per fact) or ``rows`` made-up people."""
    ruleset = _programme(read_book(directories), programme)
    people = made_up_people([ruleset], rows) if table is None else read_table(table)
    started = time.perf_counter()
    answers = screen_table(ruleset, people, on=on, engine=engine)
    seconds = time.perf_counter() - started
    if out is not None:
        pq.write_table(answers, out)
    verdicts = answers["verdict"]
    yes = int(pc.sum(verdicts).as_py() or 0)
    missing = int(verdicts.null_count)
    return {
        "programme": programme,
        "engine": engine,
        "rows": answers.num_rows,
        "yes": yes,
        "no": answers.num_rows - yes - missing,
        "missing": missing,
        "seconds": f"{seconds:.3f}",
    }


def screen_everyone(
    directories: Iterable[Path],
    *,
    on: dt.date,
    table: Path | None = None,
    rows: int = 100_000,
    out: Path | None = None,
    watch: Callable[[int, int], None] = lambda done, total: None,
) -> dict[str, Any]:
    """Everyone against every programme, one after the other from a file, so that memory does not grow with people.

    ``watch`` is told how many programmes are done of how many; ``out`` is a folder for one .parquet per programme.
    """
    rulesets = list(read_book(directories).rulesets.values())
    started, count, told = time.perf_counter(), 0, []
    with tempfile.TemporaryDirectory(prefix="yiwang-screening-") as name:
        folder = Path(name)
        source = _as_parquet(table, folder) if table else write_made_up(rulesets, rows, folder / "people.parquet")
        target = out or folder
        target.mkdir(parents=True, exist_ok=True)
        for place, ruleset in enumerate(rulesets, 1):
            answers = target / f"{ruleset.key}.parquet"
            count = screen_file(ruleset, source, answers, on=on)
            verdicts = pc.value_counts(pq.read_table(answers, columns=["verdict"])["verdict"]).to_pylist()
            found = {row["values"]: row["counts"] for row in verdicts}
            told.append({"programme": ruleset.key, "yes": found.get(True, 0), "missing": found.get(None, 0)})
            if out is None:
                answers.unlink()
            watch(place, len(rulesets))
    seconds = time.perf_counter() - started
    return {"rows": count, "programmes": len(rulesets), "seconds": f"{seconds:.1f}", "answers": told}


def _as_parquet(table: Path, folder: Path) -> Path:
    if table.suffix == ".parquet":
        return table
    pq.write_table(read_table(table), folder / "people.parquet")
    return folder / "people.parquet"


def verify_receipt(content: bytes, sha256: str = "") -> list[str]:
    """The parts that were altered; empty for a sound receipt."""
    return receipts.altered_parts(content, sha256)


def explain_receipt(body: Mapping[str, Any]) -> str:
    """The receipt worked out again from its rules and facts."""
    return receipts.recompute(canonical(dict(body))).decode()


def read_table(path: Path) -> pa.Table:
    return pa_csv.read_csv(path) if path.suffix == ".csv" else pq.read_table(path)


def made_up_people(rulesets: Sequence[RuleSet], rows: int, *, seed: int = 1, unknown: float = 0.05) -> pa.Table:
    """Random people with every fact of ``rulesets``, the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 -- fiction, not a secret
    facts = {fact.name: fact for ruleset in rulesets for fact in ruleset.facts}
    columns: dict[str, Any] = {}
    for fact in facts.values():
        kind = fact_kind(fact)
        options: list[Any] = [True, False] if fact.type == "bool" else sorted(kind.choices)
        span = (kind.low, min(kind.high, kind.low + 500_000)) if not options else (0, len(options) - 1)
        picks = [None if chance.random() < unknown else chance.randint(*span) for _ in range(rows)]
        values = [pick if pick is None or not options else options[pick] for pick in picks]
        columns[fact.name] = pa.array(values)
        for name in fact_columns(fact):
            columns[name] = columns[fact.name]
    return pa.table(columns)


BLOCK = 20_000


def write_made_up(rulesets: Sequence[RuleSet], rows: int, target: Path) -> Path:
    """So many random people into a file: one block of them over and over."""
    block = made_up_people(rulesets, min(rows, BLOCK))
    with pq.ParquetWriter(target, block.schema) as writer:
        for start in range(0, rows, BLOCK):
            writer.write_table(block.slice(0, min(BLOCK, rows - start)))
    return target


def _programme(book: Book, programme: str) -> RuleSet:
    if programme not in book.rulesets:
        names = "、".join(sorted(book.rulesets))
        raise RuleProblem(f"没有“{programme}”这个规则。有的是：{names}", kind="unknown_name")
    return book.rulesets[programme]
