"""Whole columns at once on this machine, in pieces that stay in the processor's cache, on every core.

``Plan`` works out one rule set for a day and the facts that are there, ``run`` runs it. Amounts are whole numbers; who
runs it refuses facts outside their bounds (``groups`` does), because the bounds are what makes the plan right.
"""

import datetime as dt
import gc
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import numpy as np

from yiwang.platform.rules.library.errors import MissingParameter
from yiwang.platform.rules.library.explaining import Version, figures_on, unset_figure
from yiwang.platform.rules.library.graph import NARROW, Builder, Graph, Pair, worked_out, worked_out_wide
from yiwang.platform.rules.library.kinds import fact_kind
from yiwang.platform.rules.library.model import MONTH_DAY, TODAY, Fact
from yiwang.platform.rules.library.words import day_number

PIECE = 32_768
AS_THEY_ARE = (np.dtype(np.int32), np.dtype(np.int64), np.dtype(np.bool_))
LEAVES = ("const", "column")
Arrays = dict[str, Any]


class Plan:
    """One version on one day. ``constants``: facts that are the same for everyone. ``nullable``: columns with gaps.

    ``bounds`` replaces the bounds of a fact: narrower ones that the data is known to keep, wider ones for a sum.
    ``numbered`` are the texts that count as 0, 1, 2…: a choice by its place can be handed over as it stands.
    ``also`` are columns no rule reads, with their bounds; they are answered as they come.
    """

    def __init__(
        self,
        version: Version,
        on: dt.date,
        wanted: Sequence[str],
        *,
        constants: Mapping[str, Any] | None = None,
        nullable: Sequence[str] = (),
        bounds: Mapping[str, tuple[int, int]] | None = None,
        numbered: Sequence[str] = (),
        also: Mapping[str, tuple[int, int]] | None = None,
    ) -> None:
        stopped = unset_figure(version.ruleset, on)
        if stopped is not None:
            raise MissingParameter(stopped.zh)
        self.version, self.on = version, on
        self.facts = version.ruleset.fact
        self.bounds = dict(bounds or {})
        self.also = dict(also or {})
        self.codes = _codes(version, numbered)
        self.texts = list(self.codes)
        self.graph = Graph()
        self.choices = {name: formula.choices for name, formula in version.ruleset.formula.items() if formula.choices}
        with _no_collection():
            self.pairs = self._built(constants or {}, frozenset(nullable))
            self.answers = {name: self._wanted(name) for name in wanted}
            self.order, self.tables, self.inputs = self._needed()
            self.spent = self._last_uses()

    def _built(self, constants: Mapping[str, Any], nullable: frozenset[str]) -> dict[str, Pair]:
        graph = self.graph
        builder = Builder(graph, {}, self.codes)
        days = {TODAY: day_number(self.on), MONTH_DAY: self.on.month * 100 + self.on.day}
        figures = figures_on(self.version, self.on)
        for name, value in {**days, **figures, **constants}.items():
            builder.given[name] = builder.value(value)
        for name in self.version.compiled.inputs:
            if name not in builder.given:
                node = self._input(name.removesuffix(":high"), name)
                gaps = graph.column(f"{name}:known", 0, 1) if name in nullable else builder.sure
                builder.given[name] = (node, gaps)
        for layer in self.version.compiled.trees:
            for name, tree in layer:
                value, known = (graph.settled(node) for node in builder.read(tree))
                formula = self.version.ruleset.formula.get(name.partition(":")[2])
                if formula is not None and formula.choices:
                    graph.mark_choice(value, tuple(self.codes[choice.value] for choice in formula.choices))
                builder.given[name] = value, known
        return builder.given

    def _wanted(self, name: str) -> Pair:
        if name in self.also:
            return self.graph.column(name, *self.also[name]), self.graph.constant(True)
        return self.pairs[f"{self.version.ruleset.key}:{name}"]

    def _input(self, fact_name: str, column: str) -> int:
        fact = self.facts[fact_name]
        if fact.type == "bool":
            return self.graph.compare("<", self.graph.constant(0), self.graph.column(column, 0, 1))
        if fact.type == "choice":
            codes = tuple(self.codes[choice.value] for choice in fact.choices)
            return self.graph.mark_choice(self.graph.column(column, min(codes), max(codes)), codes)
        return self.graph.column(column, *self._bounds(fact))

    def _bounds(self, fact: Fact) -> tuple[int, int]:
        kind = fact_kind(fact)
        return self.bounds.get(fact.name, (kind.low, kind.high))

    def span(self, name: str) -> tuple[int, int]:
        """Between which numbers an answer lies."""
        node = self.graph.nodes[self.answers[name][0]]
        return node.low, node.high

    def column_span(self, name: str) -> tuple[int, int]:
        node = self.graph.nodes[self.graph.known["column", name]]
        return node.low, node.high

    @property
    def farthest(self) -> int:
        """How far from 0 a number can come on the way."""
        return max(max(-self.graph.nodes[node].low, self.graph.nodes[node].high) for node in self.order)

    def _needed(self) -> tuple[list[int], dict[int, tuple[tuple[int, ...], Any]], list[str]]:
        """The nodes to work out, in order; those that are small tables; the columns read."""
        tables: dict[int, tuple[tuple[int, ...], Any]] = {}
        seen: dict[int, None] = {}
        inputs: dict[str, None] = {}

        def visit(node: int) -> None:
            if node in seen:
                return
            item = self.graph.nodes[node]
            support = item.support
            if item.op not in ("const", "column") and support and node not in support and self.graph.is_small(support):
                keys = tuple(sorted(support))
                for key in keys:
                    visit(key)
                every = dict.fromkeys(keys, range(len(self.codes)))
                tables[node] = keys, _narrowed(self.graph.tabulated(node, keys, every))
            elif item.op == "column":
                inputs[str(item.args[0])] = None
            elif item.op != "const":
                for below in item.args:
                    visit(int(below))
            seen[node] = None

        for value, known in self.answers.values():
            visit(value)
            visit(known)
        return list(seen), tables, list(inputs)

    def _last_uses(self) -> dict[int, list[int]]:
        """After which node which others are needed no more: their memory, still in the cache, serves the next step."""
        last: dict[int, int] = {}
        for node in self.order:
            item = self.graph.nodes[node]
            below = self.tables[node][0] if node in self.tables else item.args if item.op not in LEAVES else ()
            last |= dict.fromkeys((int(arg) for arg in below), node)
        kept = {node for pair in self.answers.values() for node in pair} | {
            key for keys, _ in self.tables.values() for key in keys
        }
        spent: dict[int, list[int]] = {}
        for node, at in last.items():
            if node not in kept and self.graph.nodes[node].op != "const":
                spent.setdefault(at, []).append(node)
        return spent

    def run(self, columns: Arrays) -> Arrays:
        """One piece: the columns in, the wanted answers out (masked arrays where something can be unknown)."""
        values: dict[int, Any] = {}
        indexes: dict[tuple[int, ...], Any] = {}
        for node in self.order:
            item = self.graph.nodes[node]
            if node in self.tables:
                keys, table = self.tables[node]
                if keys not in indexes:
                    indexes[keys] = self._index(keys, values)
                values[node] = table.take(indexes[keys])
            elif item.op == "column":
                values[node] = columns[str(item.args[0])]
            else:
                step = worked_out_wide if item.wide else worked_out
                value = step(item.op, item.args, values)
                if not item.wide and getattr(value, "dtype", None) == np.int64:
                    value = value.astype(np.int32)
                values[node] = value
            for gone in self.spent.get(node, ()):
                del values[gone]
        return {name: self._answer(name, pair, values) for name, pair in self.answers.items()}

    def _index(self, keys: tuple[int, ...], values: dict[int, Any]) -> Any:
        index = values[keys[0]]
        for key in keys[1:]:
            index = index * len(self.codes) + values[key]
        return index.astype(np.intp)  # once for all tables of these keys

    def _answer(self, name: str, pair: Pair, values: dict[int, Any]) -> Any:
        value, known = values[pair[0]], values[pair[1]]
        return value if known is True else np.ma.MaskedArray(value, mask=np.logical_not(known))

    def piece(self, found: Arrays, start: int, stop: int) -> Arrays:
        """Rows ``start`` to ``stop``, wide enough that nothing overflows."""
        cut = {}
        for name, array in found.items():
            part = array[start:stop]
            cut[name] = part if part.dtype in AS_THEY_ARE else part.astype(np.int32)
        return cut


@contextmanager
def _no_collection() -> Iterator[None]:
    """A plan is thousands of small objects that live on: looking for garbage among them takes longer than planning."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _narrowed(table: Any) -> Any:
    """Half as wide where it fits: twice as much stays in the cache."""
    if table.dtype == np.int64 and len(table) and max(-table.min(), table.max()) <= NARROW:
        return table.astype(np.int32)
    return table


def sums(values: Any, ends: Any) -> Any:
    """The sum of each run of ``values``; ``ends`` are the places after the last of each run."""
    # Narrow numbers may run over on the way: the differences come out right as long as each sum fits.
    total = np.cumsum(values, dtype=values.dtype)[ends - 1]
    return np.diff(total, prepend=total.dtype.type(0))


def _codes(version: Version, first: Sequence[str]) -> dict[str, int]:
    texts = [*first]
    texts += [choice.value for fact in version.ruleset.facts for choice in fact.choices]
    texts += [choice.value for formula in version.ruleset.formulas for choice in formula.choices]
    texts += [part for parameter in version.ruleset.parameters for key in parameter.key_values for part in key]

    def written(tree: Any) -> None:
        if isinstance(tree, list):
            if len(tree) == 2 and tree[0] == "value" and isinstance(tree[1], str):
                texts.append(tree[1])
            for item in tree:
                written(item)

    written(version.compiled.trees)
    return {text: place for place, text in enumerate(dict.fromkeys(texts))}


def in_pieces(rows: int, work: Callable[[int, int], None], *, piece: int = PIECE) -> None:
    """``work(start, stop)`` for all rows, on every core. numpy lets the others run while it reckons."""
    edges = [*range(0, rows, piece), rows]
    cores = os.cpu_count() or 1
    if cores == 1 or len(edges) < 3:
        for start, stop in pairwise(edges):
            work(start, stop)
        return
    with ThreadPoolExecutor(cores) as pool:
        for done in [pool.submit(work, start, stop) for start, stop in pairwise(edges)]:
            done.result()
