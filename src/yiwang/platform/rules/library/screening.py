"""Everyone at once: the same expressions over a whole table, on the engine that suits the size.

``duckdb`` and ``polars`` come with Yiwang; ``spark`` needs ``pip install 'yiwang[spark]'``.
"""

import datetime as dt
from pathlib import Path
from typing import Any

import duckdb
import ibis
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from yiwang.platform.rules.library import spark
from yiwang.platform.rules.library.compiling import (
    Columns,
    fact_columns,
    high_column,
    layered_sql,
    quoted,
    screening_layers,
)
from yiwang.platform.rules.library.errors import BadFact, RuleProblem
from yiwang.platform.rules.library.model import RuleSet
from yiwang.platform.rules.library.running import SQL_TYPES

ARROW_TYPES = {"boolean": pa.bool_(), "string": pa.string(), "int64": pa.int64()}
TABLE, ROW = "people", "row:number"


class Engine:
    """DuckDB inside this process: reads the columns where they lie, without a copy."""

    def answer(self, table: pa.Table, layers: list[Columns], names: dict[str, str]) -> pa.Table:
        schema = {field.name: str(ibis.dtype(field.type)) for field in table.schema}
        wanted = ", ".join(f'"{column}" AS "{name}"' for name, column in names.items())
        with duckdb.connect(":memory:") as connection:
            connection.register(TABLE, table)
            # Only Ibis's compiler, not its connection: that one lags behind new DuckDB releases.
            sql = f'SELECT {wanted} FROM ({layered_sql(TABLE, schema, layers)}) ORDER BY "{ROW}"'  # noqa: S608 -- compiled
            return connection.sql(sql).to_arrow_table()


class PolarsEngine(Engine):
    """Polars inside this process: the fastest on tables that fit into memory."""

    def answer(self, table: pa.Table, layers: list[Columns], names: dict[str, str]) -> pa.Table:
        backend = ibis.polars.connect()
        frame: Any = pl.from_arrow(table)
        for depth, columns in enumerate(layers):
            people = backend.create_table(f"{TABLE}_{depth}", frame)
            frame = backend.compile(people.mutate(**columns(people)))
        return frame.select(**{name: pl.col(column) for name, column in names.items()}).collect().to_arrow()


class SparkEngine(Engine):
    """A Spark cluster, or Spark on this machine: for tables beyond one machine."""

    def answer(self, table: pa.Table, layers: list[Columns], names: dict[str, str]) -> pa.Table:
        session = spark.session()
        schema = {field.name: str(ibis.dtype(field.type)) for field in table.schema}
        wanted = ", ".join(f"{quoted(column, 'spark')} AS {quoted(name, 'spark')}" for name, column in names.items())
        session.createDataFrame(table).createOrReplaceTempView(TABLE)
        inner = layered_sql(TABLE, schema, layers, "spark")
        sql = f"SELECT {wanted} FROM ({inner}) ORDER BY {quoted(ROW, 'spark')}"  # noqa: S608 -- compiled
        return session.sql(sql).toArrow()


ENGINES: dict[str, type[Engine]] = {"duckdb": Engine, "polars": PolarsEngine, "spark": SparkEngine}


def screen(
    ruleset: RuleSet,
    table: pa.Table,
    *,
    on: dt.date,
    engine: str = "duckdb",
    keep: tuple[str, ...] = (),
    figures: bool = False,
) -> pa.Table:
    """One row per row of ``table``, in its order: the columns ``keep``, ``verdict`` (or null), all conditions.

    ``table`` has one column per fact (absent columns count as unknown). With ``figures`` the formulas come too.
    """
    names = ["verdict", *(condition.key for condition in ruleset.conditions)]
    if figures:
        names += [formula.key for formula in ruleset.formulas]
    wanted = {column: column for column in keep} | {name: f"{ruleset.key}:{name}" for name in names}
    return engine_named(engine).answer(_prepared(ruleset, table, keep), screening_layers(ruleset, on), wanted)


def engine_named(engine: str) -> Engine:
    if engine not in ENGINES:
        raise RuleProblem(f"没有“{engine}”这个引擎，可用的有 {'、'.join(ENGINES)}", kind="engine")
    return ENGINES[engine]()


def screen_file(ruleset: RuleSet, source: Path, target: Path, *, on: dt.date, keep: tuple[str, ...] = ()) -> int:
    """Parquet in, Parquet out by DuckDB, never all in memory. Returns how many rows."""
    columns = {name: kind for fact in ruleset.facts for name, kind in fact_columns(fact).items()}
    with duckdb.connect(":memory:") as connection:
        people = connection.read_parquet(str(source))
        kinds = dict(zip(people.columns, (str(kind) for kind in people.types), strict=True))
        missing = {name: kind for name, kind in columns.items() if name not in kinds}
        filled = [f'CAST(NULL AS {SQL_TYPES[kind]}) AS "{name}"' for name, kind in missing.items()]
        people.project(", ".join(["*", *filled])).create_view(TABLE)
        sql = layered_sql(TABLE, {**dict.fromkeys(keep, "string"), **columns}, screening_layers(ruleset, on))
        names = {column: column for column in keep}
        names |= {name: f"{ruleset.key}:{name}" for name in ("verdict", *ruleset.condition)}
        wanted = ", ".join(f'"{column}" AS "{name}"' for name, column in names.items())
        connection.execute(f"COPY (SELECT {wanted} FROM ({sql})) TO '{target}' (FORMAT parquet)")  # noqa: S608 -- compiled
    return int(pq.read_metadata(target).num_rows)


def _prepared(ruleset: RuleSet, table: pa.Table, keep: tuple[str, ...]) -> pa.Table:
    columns: dict[str, Any] = {column: table[column] for column in keep}
    for fact in ruleset.facts:
        for name, kind in fact_columns(fact).items():
            columns[name] = _column(table, name, fact.name, ARROW_TYPES[kind])
        if fact.type == "choice":
            _refuse_unknown_choices(columns[fact.name], set(fact.words_of), fact.label.zh)
    columns[ROW] = pl.int_range(table.num_rows, eager=True).to_arrow()
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
