"""Everyone at once: the same expressions over a whole table, on the engine that suits the size.

``duckdb`` and ``polars`` come with Yiwang; ``spark`` needs ``pip install 'yiwang[spark]'``.
"""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from yiwang.platform.rules.library.compiling import fact_columns, high_column, screening_table
from yiwang.platform.rules.library.errors import BadFact, RuleProblem
from yiwang.platform.rules.library.model import RuleSet

ARROW_TYPES = {"boolean": pa.bool_(), "string": pa.string(), "int64": pa.int64()}
TABLE = "people"

Connect: TypeAlias = Callable[[], Any]


def _duckdb() -> Any:
    return ibis.duckdb.connect()


def _polars() -> Any:
    return ibis.polars.connect()


def _spark() -> Any:
    try:
        from pyspark.sql import SparkSession  # noqa: PLC0415 -- optional dependency
    except ImportError:
        raise RuleProblem("这台机器没有装 Spark。先运行 pip install 'yiwang[spark]'。", kind="engine") from None
    session = SparkSession.builder.appName("yiwang rules").config("spark.sql.ansi.enabled", "true").getOrCreate()
    return ibis.pyspark.connect(session)


ENGINES: dict[str, Connect] = {"duckdb": _duckdb, "polars": _polars, "spark": _spark}


def screen(
    ruleset: RuleSet,
    table: pa.Table,
    *,
    on: dt.date,
    engine: str = "duckdb",
    keep: tuple[str, ...] = (),
    figures: bool = False,
) -> pa.Table:
    """One row per row of ``table``, in its order: the columns ``keep``, ``verdict`` (true, false, null), every condition.

    ``table`` has one column per fact (absent columns count as unknown). With ``figures`` the formulas come too.
    """
    names = ["verdict", *(condition.key for condition in ruleset.conditions)]
    if figures:
        names += [formula.key for formula in ruleset.formulas]
    connection = connected(engine)
    people = connection.create_table(TABLE, _prepared(ruleset, table, keep))
    answers = screening_table(ruleset, people, on)
    wanted: dict[str, ir.Value] = {column: answers[column] for column in keep}
    wanted |= {name: answers[f"{ruleset.key}:{name}"] for name in names}
    result = connection.to_pyarrow(answers.order_by(ROW).select(**wanted))
    return result


ROW = "row:number"


def connected(engine: str) -> Any:
    if engine not in ENGINES:
        raise RuleProblem(f"没有“{engine}”这个引擎，可用的有 {'、'.join(ENGINES)}", kind="engine")
    return ENGINES[engine]()


def screen_file(ruleset: RuleSet, source: Path, target: Path, *, on: dt.date, keep: tuple[str, ...] = ()) -> int:
    """Parquet in, Parquet out by DuckDB, never all in memory. Returns how many rows."""
    connection = _duckdb()
    people = connection.read_parquet(source)
    present = set(people.columns)
    columns = {
        name: people[name].cast(kind) if name in present else ibis.null(kind)
        for fact in ruleset.facts
        for name, kind in fact_columns(fact).items()
    }
    answers = screening_table(ruleset, people.select(*keep, **columns), on)
    wanted: dict[str, ir.Value] = {column: answers[column] for column in keep}
    wanted |= {name: answers[f"{ruleset.key}:{name}"] for name in ("verdict", *ruleset.condition)}
    connection.to_parquet(answers.select(**wanted), target)
    return int(pq.read_metadata(target).num_rows)


def _prepared(ruleset: RuleSet, table: pa.Table, keep: tuple[str, ...]) -> pa.Table:
    columns: dict[str, Any] = {column: table[column] for column in keep}
    for fact in ruleset.facts:
        for name, kind in fact_columns(fact).items():
            columns[name] = _column(table, name, fact.name, ARROW_TYPES[kind])
        if fact.type == "choice":
            _refuse_unknown_choices(columns[fact.name], set(fact.words_of), fact.label.zh)
    columns[ROW] = pa.array(range(table.num_rows), pa.int64())
    return pa.table(columns)


def _column(table: pa.Table, name: str, fact: str, kind: pa.DataType) -> Any:
    """The column as rules reckon with it; a ranged fact given as one exact column is its own upper bound."""
    present = set(table.column_names)
    if name not in present and name == high_column(fact):
        name = fact
    if name not in present:
        return pa.nulls(table.num_rows, kind)
    column = table[name]
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_date(column.type):
        column = column.cast(pa.date32()).cast(pa.int32())
    return column.cast(kind)


def _refuse_unknown_choices(column: Any, choices: set[str], label: str) -> None:
    strange = set(pc.unique(column).to_pylist()) - choices - {None}
    if strange:
        raise BadFact(f"“{label}”里有词表没有的值：{'、'.join(sorted(strange)[:5])}。")


