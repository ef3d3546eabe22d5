"""Answers one person by the stored expressions. Needs no engine, so a web process stays small."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any

from yiwang.platform.rules.library.model import MONTH_DAY, TODAY
from yiwang.platform.rules.library.reckoning import Reckoning
from yiwang.platform.rules.library.words import day_number

SQL_TYPES = {"boolean": "BOOLEAN", "string": "VARCHAR", "int64": "BIGINT"}


def parameter_column(ruleset: str, name: str, key: Sequence[str]) -> str:
    return "|".join([ruleset, name, *key])


@dataclass(frozen=True)
class Compiled:
    """The SQL of one version and what the explanation must know to read its columns. Plain data: stored as JSON."""

    key: str
    sha256: str
    layers: list[list[list[str]]]
    inputs: dict[str, str]
    parameters: dict[str, list[str]]
    conditions: dict[str, dict[str, Any]]
    needed: list[str]
    tables: list[str] = field(default_factory=list)
    # The same expressions for one row. Versions published before they were kept answer by their SQL.
    trees: list[list[list[Any]]] = field(default_factory=list)

    @cached_property
    def reckoning(self) -> Reckoning:
        return Reckoning(self.trees)

    def to_data(self) -> dict[str, Any]:
        return {item.name: getattr(self, item.name) for item in fields(self)}

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> "Compiled":
        return cls(**data)


@dataclass(frozen=True)
class Job:
    """One version to be answered, with the figures (column name → value) in force."""

    compiled: Compiled
    figures: Mapping[str, int | None]


def answer(jobs: Sequence[Job], facts: Mapping[str, Any], on: dt.date) -> dict[str, Any]:
    """Every answer column of every job, by its name."""
    given = {**facts, TODAY: day_number(on), MONTH_DAY: on.month * 100 + on.day}
    results: dict[str, Any] = {}
    for job in jobs:
        if job.compiled.trees:
            base = {name: given.get(name) for name in (TODAY, MONTH_DAY, *job.compiled.inputs)}
            results |= job.compiled.reckoning.answer(base, job.figures)
    by_sql = [job for job in jobs if not job.compiled.trees]
    if by_sql:
        from yiwang.platform.rules.library.running_sql import runner  # noqa: PLC0415 -- slow import

        results |= runner().run(by_sql, facts, on)
    return results
