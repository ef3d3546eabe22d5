"""Answers one person by the SQL of a version, for versions published before expressions were kept for one row."""

import datetime as dt
import re
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any

import duckdb

from yiwang.platform.rules.library.model import MONTH_DAY, TODAY
from yiwang.platform.rules.library.running import SQL_TYPES, Job
from yiwang.platform.rules.library.words import day_number

COLUMN = re.compile(r'"t0"\."([^"]+)"')
KEPT_STATEMENTS = 64
KEPT_ROWS = 256


class Runner:
    """One in-memory DuckDB and the statements it has prepared. Not to be shared between threads."""

    def __init__(self) -> None:
        self.connection = duckdb.connect(":memory:", config={"threads": 1})
        # DuckDB plans anew at every EXECUTE; for a single row the optimiser costs more than it saves.
        self.connection.execute("PRAGMA disable_optimizer")
        self.statements: OrderedDict[tuple[Any, ...], tuple[str, list[str], dict[str, str]]] = OrderedDict()
        self.rows: OrderedDict[str, tuple[Any, ...]] = OrderedDict()
        self.count = 0

    def run(self, jobs: Sequence[Job], facts: Mapping[str, Any], on: dt.date) -> dict[str, Any]:
        """Every answer column of every job, by its name."""
        if not jobs:
            return {}
        statement, inputs, places = self._statement(jobs)
        given = {**facts, TODAY: day_number(on), MONTH_DAY: on.month * 100 + on.day}
        values = ", ".join(_literal(given.get(name)) for name in inputs)
        row = self._row(f"EXECUTE {statement}({values})")
        columns = dict(zip(sorted(set(places.values())), row, strict=True))
        return {name: columns[place] for name, place in places.items()}

    def _row(self, call: str) -> tuple[Any, ...]:
        """The answers to one set of facts; the same facts again (a page reloaded) are not worked out again."""
        row = self.rows.get(call)
        if row is None:
            row = self.connection.execute(call).fetchone()
            assert row is not None
            self.rows[call] = row
            if len(self.rows) > KEPT_ROWS:
                self.rows.popitem(last=False)
        return row

    def _statement(self, jobs: Sequence[Job]) -> tuple[str, list[str], dict[str, str]]:
        signature = tuple((job.compiled.sha256, *job.figures.values()) for job in jobs)
        prepared = self.statements.get(signature)
        if prepared is None:
            sql, inputs, places = assemble(jobs)
            self.count += 1
            prepared = (f"answer_{self.count}", inputs, places)
            self.connection.execute(f"PREPARE {prepared[0]} AS {sql}")
            self.statements[signature] = prepared
            self._forget_oldest()
        self.statements.move_to_end(signature)
        return prepared

    def _forget_oldest(self) -> None:
        while len(self.statements) > KEPT_STATEMENTS:
            _, (name, _, _) = self.statements.popitem(last=False)
            self.connection.execute(f"DEALLOCATE {name}")


def assemble(jobs: Sequence[Job]) -> tuple[str, list[str], dict[str, str]]:
    """One statement for all jobs; an expression that several programmes share is worked out once.

    Returns the SQL, the input columns in the order of its parameters, and for every answer column the
    column of the statement that holds it.
    """
    inputs = {TODAY: "int64", MONTH_DAY: "int64"}
    for job in jobs:
        inputs |= job.compiled.inputs
    base = ", ".join(f'${place}::{SQL_TYPES[kind]} AS "{name}"' for place, (name, kind) in enumerate(inputs.items(), 1))
    sql = f"SELECT {base}"
    places: dict[str, str] = {}
    figures = {name: _figure(value) for job in jobs for name, value in job.figures.items()}

    def rewrite(match: re.Match[str]) -> str:
        name = match.group(1)
        return figures[name] if name in figures else f'"t0"."{places.get(name, name)}"'

    for depth in range(max(len(job.compiled.layers) for job in jobs)):
        new: dict[str, str] = {}
        for job in jobs:
            for name, expression in job.compiled.layers[depth] if depth < len(job.compiled.layers) else ():
                places[name] = new.setdefault(COLUMN.sub(rewrite, expression), f"c{len(places)}")
        if new:
            columns = ", ".join(f'{expression} AS "{place}"' for expression, place in new.items())
            sql = f'SELECT *, {columns} FROM ({sql}) AS "t0"'  # noqa: S608 -- compiled text, no input
    wanted = ", ".join(f'"{place}"' for place in sorted(set(places.values())))
    return f'SELECT {wanted} FROM ({sql}) AS "t0"', list(inputs), places  # noqa: S608 -- compiled text, no input


def _figure(value: int | None) -> str:
    return "CAST(NULL AS BIGINT)" if value is None else f"CAST({value} AS BIGINT)"


def _literal(value: Any) -> str:
    """A checked fact as SQL. Choices come from the vocabulary, never from a person's typing; quoted all the same."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value)
    return "'" + str(value).replace("'", "''") + "'"


class _PerThread(threading.local):
    def __init__(self) -> None:
        self.runner = Runner()


_local = _PerThread()


def runner() -> Runner:
    """This thread's runner; opening one costs about 40 ms, so it is kept."""
    return _local.runner
