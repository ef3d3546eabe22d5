"""Rows within groups at once, as persons within households: rules for a row, sums over each group, rules for a group.

What ``Groups`` says becomes one piece of machine code (``kernels``) or, where that cannot be had, steps of numpy; both
from the same two plans. Rows stand in the order of their groups; a value out of its bounds is refused.
"""

import datetime as dt
import functools
import marshal
import mmap
import os
import re
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import numpy as np

from yiwang.platform.rules.library import kernels
from yiwang.platform.rules.library.columns import Plan, in_pieces, sums
from yiwang.platform.rules.library.errors import BadFact, MissingParameter
from yiwang.platform.rules.library.explaining import Version, figures_on, unset_figure
from yiwang.platform.rules.library.kinds import fact_kind
from yiwang.platform.rules.library.machine import KINDS, Arrays, Loop, held, module
from yiwang.platform.rules.library.model import MONTH_DAY, TODAY

BLOCK = 2048  # groups whose rows are worked out before the next: they stay in the cache
PIECES = 8  # for every core, so that one that is late is not waited for long
FARTHEST = 2**62
DAYS = re.compile(rf"\b({TODAY}|{MONTH_DAY})\b")
OUT_OF_ORDER = "各行没有按组排好，或者数目对不上。"
Columns = Mapping[str, Any]
Kinds = Mapping[str, str]
Span = tuple[int, int]


class BadOrder(BadFact):
    """Rows do not stand in the order of their groups, or not as many as the groups say."""


@dataclass(frozen=True)
class Part:
    """Which answers of which rules; the rest as for ``Plan``."""

    wanted: tuple[str, ...]
    constants: tuple[tuple[str, Any], ...] = ()
    numbered: tuple[str, ...] = ()
    also: tuple[tuple[str, Span], ...] = ()


@dataclass(frozen=True)
class Groups:
    """``sums``: which answer of a row, summed, is which fact of its group.

    ``named`` is the column of rows that tells their group (0, 1, 2…), ``counted`` the fact of a group that counts them.
    """

    row: Part
    group: Part
    sums: tuple[tuple[str, str], ...]
    named: str
    counted: str


class Plans:
    """The plans of one day; what is summed has the bounds of as many rows as a group can have."""

    def __init__(self, groups: Groups, row: Version, group: Version, on: dt.date) -> None:
        self.row = _plan(groups.row, row, on, {})
        self.most = fact_kind(group.ruleset.fact[groups.counted]).high
        spans = {fact: self.row.span(answer) for answer, fact in groups.sums}
        bounds = {fact: (self.most * min(0, low), self.most * max(0, high)) for fact, (low, high) in spans.items()}
        self.group = _plan(groups.group, group, on, bounds)
        for plan in (self.row, self.group):
            if any(plan.graph.value_of(known) != 1 for _, known in plan.answers.values()) or plan.farthest > FARTHEST:
                raise BadFact("这些规则不能成批算：有的结果可能不知道，或者数可能太大。")
        self.answers = {name: _amount(*self.group.span(name)) for name in groups.group.wanted}
        self.parts = [held(*self.row.span(answer)) for answer, _ in groups.sums]
        self.sums = {fact: _amount(*bounds[fact]) for _, fact in groups.sums}
        self.rows = {name: self.row.column_span(name) for name in self.row.inputs}
        self.groups = {name: self.group.column_span(name) for name in self.group.inputs if name not in bounds}

    def about(self) -> dict[str, Any]:
        """What a kernel must tell of the plans it was made from."""
        told = {"rows": self.rows, "groups": self.groups, "answers": self.answers, "texts": self.group.texts}
        return {**told, "most": self.most, "parts": self.parts, "sums": list(self.sums.values())}


def _plan(part: Part, version: Version, on: dt.date, bounds: Mapping[str, Span]) -> Plan:
    constants, also = dict(part.constants), dict(part.also)
    return Plan(version, on, part.wanted, constants=constants, bounds=bounds, numbered=part.numbered, also=also)


def _amount(low: int, high: int) -> str:
    """The kind of an array of amounts: 32 bits where they do."""
    return max("int32", held(low, high), key=lambda kind: np.dtype(kind).itemsize)


class Grouping:
    """``Groups`` on one day. ``answer`` may be called for one batch after the other, also by several threads.

    ``folder`` keeps kernels for the next process. ``compiled``: whether to use them; as it can be if not said.
    """

    def __init__(
        self,
        groups: Groups,
        row: Version,
        group: Version,
        on: dt.date,
        *,
        folder: Path | None = None,
        compiled: bool | None = None,
    ) -> None:
        for version in (row, group):
            stopped = unset_figure(version.ruleset, on)
            if stopped is not None:
                raise MissingParameter(stopped.zh)
        self.groups, self.row, self.group, self.on, self.folder = groups, row, group, on, folder
        self.compiled = kernels.READY if compiled is None else compiled
        self.compile_seconds = 0.0
        self.texts: list[str] = []  # of choices by their number, known with the first answer

    @functools.cached_property
    def plans(self) -> Plans:
        return Plans(self.groups, self.row, self.group, self.on)

    @functools.cached_property
    def identity(self) -> list[Any]:
        """Plain data: everything the plans depend on. Two days with the same figures are one."""
        told: list[Any] = [asdict(self.groups)]
        for version in (self.row, self.group):
            rules = version.ruleset
            texts = [*(one.value for one in rules.formulas), *(one.when for one in rules.conditions)]
            day = self.on.isoformat() if DAYS.search(" ".join(texts)) else ""
            trees = kernels.digest(marshal.dumps(version.compiled.trees, 0))
            told.append([rules.sha256, trees, figures_on(version, self.on), day])
        return told

    def answer(self, rows: Columns, groups: Columns, *, first: int = 0) -> dict[str, Any]:
        """One array for every wanted answer of the groups; the first of them is called ``first``. Raises BadFact."""
        rows, groups = (
            {name: _plain(name, array) for name, array in given.items() if name in known}
            for given, known in zip((rows, groups), self.columns, strict=True)
        )
        self._check_counts(groups[self.groups.counted], len(rows[self.groups.named]))
        return (self._by_kernel if self.compiled else self._by_numpy)(rows, groups, first)

    def _check_counts(self, counts: Any, rows: int) -> None:
        """Before anything reads by them: a group has a row, and no more than its fact allows."""
        name = self.groups.counted
        kind = fact_kind(self.group.ruleset.fact[name])
        self._refuse_beyond({name: counts}, {name: (max(1, kind.low), kind.high)})
        if int(counts.sum(dtype=np.int64)) != rows:
            raise BadOrder(OUT_OF_ORDER)

    def _refuse_beyond(self, columns: Columns, spans: Mapping[str, Sequence[int]]) -> None:
        for name, (low, high) in spans.items():
            array = columns[name]
            if len(array) and not low <= array.min() <= array.max() <= high:
                row = int(np.argmax((array < low) | (array > high)))
                told = f"“{self._label(name)}”第{row + 1}行是{array[row]}，超出范围（{low}到{high}）。"
                raise BadFact(told)

    def _label(self, name: str) -> str:
        fact = self.row.ruleset.fact.get(name) or self.group.ruleset.fact.get(name)
        return fact.label.zh if fact else name

    def _needed(self, columns: Columns, spans: Mapping[str, Sequence[int]], length: int) -> dict[str, Any]:
        for name in spans:
            if name not in columns or len(columns[name]) != length:
                raise BadFact(f"“{self._label(name)}”这一列没有，或者不全。")
        return {name: columns[name] for name in spans}

    def _by_kernel(self, rows: Columns, groups: Columns, first: int) -> dict[str, Any]:
        kernel = self._kernel(_kinds(rows), _kinds(groups))
        about, names, counts = kernel.about, rows[self.groups.named], groups[self.groups.counted]
        self.texts = about["texts"]
        given_rows = self._needed(rows, about["rows"], len(names))
        given_groups = self._needed(groups, about["groups"], len(counts))
        out = _together(about["answers"], len(counts))
        given = [names, counts, *given_rows.values(), *given_groups.values(), *out.values()]
        addresses = [array.ctypes.data for array in given]

        free: list[list[Any]] = []

        def work(start: int, stop: int, row: int) -> int:
            kernels.fetch(array[start:stop] for array in out.values())
            scratch = free.pop() if free else _scratch(about)
            told = np.array(addresses + [array.ctypes.data for array in scratch], dtype=np.uint64)
            flag = kernel.call(start, stop, row, first, told.ctypes.data)
            free.append(scratch)
            return flag

        found = 0
        for flag in _on_every_core(work, counts):
            found |= flag
        if found:
            self._refuse_beyond(given_rows, about["rows"])
            self._refuse_beyond(given_groups, about["groups"])
            raise BadOrder(OUT_OF_ORDER)
        return out

    @functools.cached_property
    def columns(self) -> tuple[frozenset[str], frozenset[str]]:
        """The columns of rows and of groups that can matter; no others are looked at."""
        rows = {self.groups.named, *self.row.compiled.inputs, *dict(self.groups.row.also)}
        groups = {self.groups.counted, *self.group.compiled.inputs, *dict(self.groups.group.also)}
        summed = {fact for _, fact in self.groups.sums}
        rows -= set(dict(self.groups.row.constants))
        return frozenset(rows), frozenset(groups - set(dict(self.groups.group.constants)) - summed)

    def _kernel(self, rows: Kinds, groups: Kinds) -> kernels.Kernel:
        started = time.perf_counter()
        kernel = kernels.kernel([self.identity, rows, groups, BLOCK], self.folder, lambda: self._written(rows, groups))
        if kernel.fresh:
            self.compile_seconds = time.perf_counter() - started
        return kernel

    def _written(self, rows: Kinds, groups: Kinds) -> tuple[str, dict[str, Any]]:
        plans = self.plans
        self._needed(dict.fromkeys(rows, ()), plans.rows, 0)
        self._needed(dict.fromkeys(groups, ()), plans.groups, 0)
        row_columns = {name: rows[name] for name in plans.row.inputs}
        group_columns = {name: plans.sums.get(name) or groups[name] for name in plans.group.inputs}
        parts = dict(zip((answer for answer, _ in self.groups.sums), plans.parts, strict=True))
        arrays = Arrays(
            names=rows[self.groups.named],
            count=groups[self.groups.counted],
            rows=[rows[name] for name in plans.rows],
            groups=[groups[name] for name in plans.groups],
            answers=list(plans.answers.values()),
            row_scratch=plans.parts,
            group_scratch=list(plans.sums.values()),
        )
        given, summed = list(plans.groups), list(plans.sums)
        order = [
            ("sum", summed.index(name)) if name in summed else ("given", given.index(name)) for name in group_columns
        ]
        loops = [Loop("row", plans.row, row_columns, parts), Loop("group", plans.group, group_columns, plans.answers)]
        return module(loops, arrays, order, BLOCK), plans.about()

    def _by_numpy(self, rows: Columns, groups: Columns, first: int) -> dict[str, Any]:
        plans, names, counts = self.plans, rows[self.groups.named], groups[self.groups.counted]
        rows, groups = self._needed(rows, plans.rows, len(names)), self._needed(groups, plans.groups, len(counts))
        self._refuse_beyond(rows, plans.rows)
        self._refuse_beyond(groups, plans.groups)
        self.texts = plans.group.texts
        out = _together(plans.answers, len(counts))
        ends = np.cumsum(counts, dtype=np.int64)

        def work(start: int, stop: int) -> None:
            low, high = int(ends[start] - counts[start]), int(ends[stop - 1])
            called = np.arange(start + first, stop + first)
            if not np.array_equal(names[low:high], np.repeat(called, counts[start:stop])):
                raise BadOrder(OUT_OF_ORDER)
            found = plans.row.run(plans.row.piece(rows, low, high))
            cut = plans.group.piece(groups, start, stop)
            for answer, fact in self.groups.sums:
                values = np.broadcast_to(found[answer], high - low).astype(plans.sums[fact])
                cut[fact] = sums(values, ends[start:stop] - low)
            for name, values in plans.group.run(cut).items():
                out[name][start:stop] = values

        in_pieces(len(counts), work)
        return out


def _kinds(columns: Columns) -> dict[str, str]:
    return {name: array.dtype.name for name, array in columns.items()}


def _plain(name: str, array: Any) -> Any:
    """A column as a kernel reads it: whole numbers, one beside the other."""
    if array.dtype.name not in KINDS or not array.dtype.isnative:
        if array.dtype.kind not in "iu":
            raise BadFact(f"“{name}”这一列有空的，或者不是整数。")
        array = array.astype(np.int64)
    return np.ascontiguousarray(array)


def _together(kinds: Kinds, rows: int) -> dict[str, Any]:
    """New arrays side by side, in memory that the system has only promised yet."""
    starts = np.cumsum([0, *(-(-np.dtype(kind).itemsize * rows // 64) * 64 for kind in kinds.values())])
    room = np.frombuffer(mmap.mmap(-1, int(starts[-1]) or 1, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS), np.uint8)
    pairs = zip(kinds.items(), starts, strict=False)
    return {name: room[at : at + np.dtype(kind).itemsize * rows].view(kind) for (name, kind), at in pairs}


def _scratch(about: Mapping[str, Any]) -> list[Any]:
    """For one block of groups: the parts of all their rows, and their sums."""
    parts = [np.empty(BLOCK * about["most"], kind) for kind in about["parts"]]
    return parts + [np.empty(BLOCK, kind) for kind in about["sums"]]


def _on_every_core(work: Any, counts: Any) -> list[int]:
    """``work(start, stop, first row)`` for all groups. The machine code lets the other threads run."""
    cores = os.cpu_count() or 1
    step = max(BLOCK, -(-len(counts) // (cores * PIECES * BLOCK)) * BLOCK)
    edges = [*range(0, len(counts), step), len(counts)]
    sizes = np.add.reduceat(counts, edges[:-1], dtype=np.int64).tolist() if len(counts) else []
    pieces = [(*span, row) for span, row in zip(pairwise(edges), accumulate(sizes, initial=0), strict=False)]
    if cores == 1 or len(pieces) < 2:
        return [work(*piece) for piece in pieces]
    with ThreadPoolExecutor(cores) as pool:
        return list(pool.map(lambda piece: work(*piece), pieces))
