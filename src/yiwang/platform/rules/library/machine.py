"""A plan as text of LLVM: one loop over rows in which every step is a local number, narrow where its bounds allow it.

Values outside the bounds are told by the loop itself (its answer is not 0 then), so nobody reads the columns twice.
Nothing a column holds can make the loop read elsewhere or stop: places in tables and divisors are held within bounds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from yiwang.platform.rules.library.columns import Plan
from yiwang.platform.rules.library.graph import NARROW

# What a column may be made of, and what that is called here.
KINDS = {"bool": "i8", "int8": "i8", "int16": "i16", "int32": "i32", "int64": "i64"}
WIDTHS = {"i1": 1, "i8": 8, "i16": 16, "i32": 32, "i64": 64}
SIGNS = {"<": "slt", "<=": "sle", "=": "eq"}
PLAIN = {"add": "add", "sub": "sub", "mul": "mul", "and": "and", "or": "or"}
DECLARED = "\n".join(
    [f"declare {kind} @llvm.s{op}.{kind}({kind}, {kind})" for kind in ("i32", "i64") for op in ("min", "max")]
    + [f"declare {kind} @llvm.umax.{kind}({kind}, {kind})" for kind in ("i8", "i16", "i32", "i64")]
)


def held(low: int, high: int) -> str:
    """The narrowest kind of column that holds these numbers."""
    for name, kind in (("int8", "i8"), ("int16", "i16"), ("int32", "i32")):
        if -(2 ** (WIDTHS[kind] - 1)) <= low and high < 2 ** (WIDTHS[kind] - 1):
            return name
    return "int64"


class Loop:
    """``define @name(start, stop, columns…, answers…)``; ``columns`` and ``answers`` say the kind of each array."""

    def __init__(self, name: str, plan: Plan, columns: Mapping[str, str], answers: Mapping[str, str]) -> None:
        self.name, self.plan = name, plan
        self.nodes = plan.graph.nodes
        self.columns, self.answers = columns, answers
        self.lines: list[str] = []
        self.tables: list[str] = []
        self.at: dict[int, tuple[str, str]] = {}  # node -> (kind, name)
        self.places: dict[tuple[int, ...], str] = {}
        self.told: dict[tuple[str, int], list[str]] = {}  # (kind, span) -> columns, each counted from its lowest
        self.count = 0

    @property
    def signature(self) -> list[str]:
        arrays = [f"ptr noalias readonly %c{place}" for place in range(len(self.columns))]
        return ["i64 %start", "i64 %stop", *arrays, *(f"ptr noalias %a{place}" for place in range(len(self.answers)))]

    def text(self) -> str:
        for place, (name, kind) in enumerate(self.columns.items()):
            self._column(place, name, KINDS[kind])
        for node in self.plan.order:
            if node not in self.at:
                self.at[node] = self._table(node) if node in self.plan.tables else self._step(node)
        for place, (name, kind) in enumerate(self.answers.items()):
            value = self._as(KINDS[kind], self.plan.answers[name][0])
            target = self._new(f"getelementptr {KINDS[kind]}, ptr %a{place}, i64 %i")
            self.lines.append(f"store {KINDS[kind]} {value}, ptr {target}")
        beyond = [self._beyond(kind, span, told) for (kind, span), told in self.told.items()]
        flag = self._new(f"zext i1 {self._joined(beyond)} to i64")
        body = "\n  ".join([*self.lines, f"%worse = or i64 %bad, {flag}"])
        return "\n".join([*self.tables, LOOP.format(name=self.name, signature=", ".join(self.signature), body=body)])

    def _new(self, text: str) -> str:
        self.count += 1
        self.lines.append(f"%v{self.count} = {text}")
        return f"%v{self.count}"

    def _beyond(self, kind: str, span: int, told: list[str]) -> str:
        """Whether one of the columns with the same span leaves it: the farthest of them, without a sign."""
        farthest, *rest = told
        for name in rest:
            farthest = self._new(f"call {kind} @llvm.umax.{kind}({kind} {farthest}, {kind} {name})")
        signed = span - 2 ** WIDTHS[kind] if span >= 2 ** (WIDTHS[kind] - 1) else span
        return self._new(f"icmp ugt {kind} {farthest}, {signed}")

    def _joined(self, names: Sequence[str]) -> str:
        found, *rest = names or ["false"]
        for name in rest:
            found = self._new(f"or i1 {found}, {name}")
        return found

    def _column(self, place: int, name: str, kind: str) -> None:
        node = self.plan.graph.known["column", name]
        item = self.nodes[node]
        where = self._new(f"getelementptr {kind}, ptr %c{place}, i64 %i")
        raw = self._new(f"load {kind}, ptr {where}")
        most = 2 ** (WIDTHS[kind] - 1)
        if item.low > -most or item.high < most - 1:
            test = kind if -most <= item.low and item.high < most else "i64"
            told = self._cast(raw, kind, test)
            if item.low:
                told = self._new(f"sub {test} {told}, {item.low}")
            self.told.setdefault((test, item.high - item.low), []).append(told)
        self.at[node] = self._kind(node), self._cast(raw, kind, self._kind(node))

    def _kind(self, node: int) -> str:
        item = self.nodes[node]
        if item.op in (*SIGNS, "not", "and", "or") or (item.op == "const" and item.args[1]):
            return "i1"
        return "i64" if max(-item.low, item.high) > NARROW else "i32"

    def _cast(self, value: str, kind: str, wanted: str) -> str:
        if kind == wanted:
            return value
        if not value.startswith("%"):
            return str(int(value == "true")) if kind == "i1" else str(int(value != "0")) if wanted == "i1" else value
        if wanted == "i1":
            return self._new(f"icmp ne {kind} {value}, 0")
        how = "zext" if kind == "i1" else "sext" if WIDTHS[kind] < WIDTHS[wanted] else "trunc"
        return self._new(f"{how} {kind} {value} to {wanted}")

    def _as(self, kind: str, node: int) -> str:
        return self._cast(self.at[node][1], self.at[node][0], kind)

    def _table(self, node: int) -> tuple[str, str]:
        keys, table = self.plan.tables[node]
        if keys not in self.places:
            self.places[keys] = self._place(keys)
        cell = "i8" if table.dtype == np.bool_ else "i64" if table.dtype == np.int64 else "i32"
        told = f"@{self.name}.t{node}"
        cells = ", ".join(f"{cell} {int(value)}" for value in table)
        self.tables.append(f"{told} = private unnamed_addr constant [{len(table)} x {cell}] [{cells}]")
        found = self._new(f"load {cell}, ptr {self._new(f'getelementptr {cell}, ptr {told}, i64 {self.places[keys]}')}")
        wanted = "i1" if cell == "i8" else self._kind(node)
        return wanted, self._cast(found, cell, wanted)

    def _place(self, keys: tuple[int, ...]) -> str:
        """Where in a table, each key held within the codes that exist."""
        most, found = len(self.plan.codes), ""
        for key in keys:
            code = self._as("i32", key)
            code = self._new(f"select i1 {self._new(f'icmp ult i32 {code}, {most}')}, i32 {code}, i32 0")
            found = code if not found else self._new(f"add i32 {self._new(f'mul i32 {found}, {most}')}, {code}")
        return self._new(f"zext i32 {found} to i64")

    def _step(self, node: int) -> tuple[str, str]:
        item, kind = self.nodes[node], self._kind(node)
        if item.op == "const":
            return kind, str(item.args[0]) if kind != "i1" else str(bool(item.args[0])).lower()
        args = tuple(int(arg) for arg in item.args)
        if item.op == "not":
            return kind, self._new(f"xor i1 {self._as('i1', args[0])}, true")
        if item.op == "where":
            return self._where(args)
        if item.op in PLAIN:
            # What runs over on the way comes back: only the result has to fit.
            return kind, self._new(f"{PLAIN[item.op]} {kind} {self._as(kind, args[0])}, {self._as(kind, args[1])}")
        # Compared and divided with everything that is there.
        wide = max((kind, *(self.at[arg][0] for arg in args), "i32"), key=lambda one: WIDTHS[one])
        values = [self._as(wide, arg) for arg in args]
        if item.op in SIGNS:
            return kind, self._new(f"icmp {SIGNS[item.op]} {wide} {values[0]}, {values[1]}")
        return kind, self._cast(self._reckoned(item.op, wide, args, values), wide, kind)

    def _where(self, args: tuple[int, ...]) -> tuple[str, str]:
        kind = max((self.at[arg][0] for arg in args[1:]), key=lambda one: WIDTHS[one])
        test, yes, no = self._as("i1", args[0]), self._as(kind, args[1]), self._as(kind, args[2])
        return kind, self._new(f"select i1 {test}, {kind} {yes}, {kind} {no}")

    def _reckoned(self, op: str, kind: str, args: tuple[int, ...], values: list[str]) -> str:
        if op in ("min", "max"):
            return self._new(f"call {kind} @llvm.s{op}.{kind}({kind} {values[0]}, {kind} {values[1]})")
        if op == "abs":
            other = self._new(f"sub {kind} 0, {values[0]}")
            return self._new(f"call {kind} @llvm.smax.{kind}({kind} {values[0]}, {kind} {other})")
        assert op == "floordiv", op
        # A divisor is above 0 wherever the answer is looked at (checked when the rule is read).
        by = self._new(f"call {kind} @llvm.smax.{kind}({kind} {values[1]}, {kind} 1)")
        if self.nodes[args[0]].low >= 0:
            return self._new(f"udiv {kind} {values[0]}, {by}")
        whole, rest = self._new(f"sdiv {kind} {values[0]}, {by}"), self._new(f"srem {kind} {values[0]}, {by}")
        below = self._new(f"sext i1 {self._new(f'icmp slt {kind} {rest}, 0')} to {kind}")
        return self._new(f"add {kind} {whole}, {below}")


LOOP = """define internal i64 @{name}({signature}) {{
enter:
  br label %row
row:
  %i = phi i64 [ %start, %enter ], [ %next, %row ]
  %bad = phi i64 [ 0, %enter ], [ %worse, %row ]
  {body}
  %next = add nuw nsw i64 %i, 1
  %more = icmp slt i64 %next, %stop
  br i1 %more, label %row, label %done, !llvm.loop !3
done:
  ret i64 %worse
}}
"""


def _resized(name: str, how: str, kind: str, value: str, wanted: str) -> str:
    return f"{name} = add {kind} {value}, 0" if kind == wanted else f"{name} = {how} {kind} {value} to {wanted}"


def fold(group: str, count: str, sums: Sequence[tuple[str, str]]) -> str:
    """``@fold``: the sums over the rows of each group; 2 if a row tells another group than the one it stands in.

    ``group`` and ``count`` are the kinds of the columns that say so, ``sums`` what is added and what it becomes. The
    groups of a batch are told from ``first`` on.
    """
    group, count = KINDS[group], KINDS[count]
    pairs = [(KINDS[one], KINDS[total]) for one, total in sums]
    arrays = [f"ptr noalias readonly %c{place}" for place in range(len(pairs))]
    arrays += [f"ptr noalias %a{place}" for place in range(len(pairs))]
    begun, added, stored = [], [], []
    for place, (one, total) in enumerate(pairs):
        begun.append(f"%s{place} = phi {total} [ 0, %group ], [ %t{place}, %row ]")
        added += [f"%p{place} = getelementptr {one}, ptr %c{place}, i64 %i", f"%l{place} = load {one}, ptr %p{place}"]
        added.append(_resized(f"%w{place}", "sext", one, f"%l{place}", total))
        added.append(f"%t{place} = add {total} %s{place}, %w{place}")
        stored.append(f"%q{place} = getelementptr {total}, ptr %a{place}, i64 %g")
        stored.append(f"store {total} %t{place}, ptr %q{place}")
    return FOLD.format(
        arrays=", ".join(arrays),
        group=group,
        count=count,
        name=_resized("%name", "trunc", "i64", "%called", group),
        size=_resized("%size", "zext", count, "%told", "i64"),
        begun="\n  ".join(begun),
        added="\n  ".join(added),
        stored="\n  ".join(stored),
    )


FOLD = """define internal i64 @fold(
  i64 %start, i64 %stop, i64 %row0, i64 %first, ptr noalias readonly %groups, ptr noalias readonly %counts, {arrays}
) {{
enter:
  br label %group
group:
  %g = phi i64 [ %start, %enter ], [ %gnext, %full ]
  %from = phi i64 [ %row0, %enter ], [ %next, %full ]
  %flag = phi i64 [ 0, %enter ], [ %worse, %full ]
  %where = getelementptr {count}, ptr %counts, i64 %g
  %told = load {count}, ptr %where
  {size}
  %called = add i64 %g, %first
  {name}
  %to = add i64 %from, %size
  br label %row
row:
  %i = phi i64 [ %from, %group ], [ %next, %row ]
  %bad = phi i64 [ %flag, %group ], [ %worse, %row ]
  {begun}
  %of = getelementptr {group}, ptr %groups, i64 %i
  %is = load {group}, ptr %of
  %other = icmp ne {group} %is, %name
  %two = select i1 %other, i64 2, i64 0
  %worse = or i64 %bad, %two
  {added}
  %next = add nuw nsw i64 %i, 1
  %more = icmp slt i64 %next, %to
  br i1 %more, label %row, label %full, !llvm.loop !0
full:
  {stored}
  %gnext = add nuw nsw i64 %g, 1
  %again = icmp slt i64 %gnext, %stop
  br i1 %again, label %group, label %done
done:
  ret i64 %worse
}}
!0 = distinct !{{!0, !1, !2}}
!1 = !{{!"llvm.loop.vectorize.enable", i1 false}}
!2 = !{{!"llvm.loop.unroll.disable"}}
!3 = distinct !{{!3, !4}}
!4 = !{{!"llvm.loop.vectorize.width", i32 16}}
"""


@dataclass(frozen=True)
class Arrays:
    """What stands at which address of ``@screen``, in this order; the scratch is for one block."""

    names: str
    count: str
    rows: Sequence[str]
    groups: Sequence[str]
    answers: Sequence[str]
    row_scratch: Sequence[str]
    group_scratch: Sequence[str]

    @property
    def given(self) -> list[str]:
        return [self.names, self.count, *self.rows, *self.groups, *self.answers]

    @property
    def all(self) -> list[str]:
        return [*self.given, *self.row_scratch, *self.group_scratch]


def driver(block: int, arrays: Arrays, order: Sequence[tuple[str, int]]) -> str:
    """``@screen``: block after block, its rows, their sums, its groups.

    ``order``: for each column of a group, whether it is given or summed, and which of those.
    """
    every = [KINDS[kind] for kind in arrays.all]
    taken = [f"%x{place} = getelementptr ptr, ptr %addresses, i64 {place}" for place in range(len(every))]
    taken += [f"%b{place} = load ptr, ptr %x{place}" for place in range(len(every))]
    first = len(arrays.given)
    moved = []
    for place in range(first, len(every)):
        base = "%rback" if place < first + len(arrays.row_scratch) else "%gback"
        moved.append(f"%m{place} = getelementptr {every[place]}, ptr %b{place}, i64 {base}")
    rows = [f"ptr %b{2 + place}" for place in range(len(arrays.rows))]
    row_scratch = [f"ptr %m{first + place}" for place in range(len(arrays.row_scratch))]
    sums_at = first + len(arrays.row_scratch)
    sums = [f"ptr %m{sums_at + place}" for place in range(len(arrays.group_scratch))]
    given = [f"ptr %b{2 + len(rows) + place}" for place in range(len(arrays.groups))]
    answers = [f"ptr %b{2 + len(rows) + len(given) + place}" for place in range(len(arrays.answers))]
    columns = [given[place] if source == "given" else sums[place] for source, place in order]
    count = KINDS[arrays.count]
    return DRIVER.format(
        taken="\n  ".join(taken),
        block=block,
        count=count,
        size=_resized("%size", "zext", count, "%told", "i64"),
        moved="\n  ".join(moved),
        rows=", ".join(["i64 %r0, i64 %r1", *rows, *row_scratch]),
        fold=", ".join(["i64 %g0, i64 %g1, i64 %r0, i64 %first, ptr %b0, ptr %b1", *row_scratch, *sums]),
        groups=", ".join(["i64 %g0, i64 %g1", *columns, *answers]),
    )


DRIVER = """define i64 @screen(i64 %start, i64 %stop, i64 %row0, i64 %first, ptr %addresses) {{
enter:
  {taken}
  br label %block
block:
  %g0 = phi i64 [ %start, %enter ], [ %g1, %ready ]
  %r0 = phi i64 [ %row0, %enter ], [ %r1, %ready ]
  %bad = phi i64 [ 0, %enter ], [ %worse, %ready ]
  %far = add i64 %g0, {block}
  %g1 = call i64 @llvm.smin.i64(i64 %far, i64 %stop)
  br label %counting
counting:
  %g = phi i64 [ %g0, %block ], [ %gnext, %counting ]
  %sum = phi i64 [ %r0, %block ], [ %r1, %counting ]
  %where = getelementptr {count}, ptr %b1, i64 %g
  %told = load {count}, ptr %where
  {size}
  %r1 = add i64 %sum, %size
  %gnext = add nuw nsw i64 %g, 1
  %less = icmp slt i64 %gnext, %g1
  br i1 %less, label %counting, label %ready
ready:
  %rback = sub i64 0, %r0
  %gback = sub i64 0, %g0
  {moved}
  %one = call i64 @row({rows})
  %two = call i64 @fold({fold})
  %three = call i64 @group({groups})
  %both = or i64 %one, %two
  %all = or i64 %both, %three
  %worse = or i64 %bad, %all
  %more = icmp slt i64 %g1, %stop
  br i1 %more, label %block, label %done
done:
  ret i64 %worse
}}
"""


def module(loops: Sequence[Loop], arrays: Arrays, order: Sequence[tuple[str, int]], block: int) -> str:
    """The whole text: the loops ``row`` and ``group``, the sums between them, and what runs them block by block."""
    summed = fold(arrays.names, arrays.count, list(zip(arrays.row_scratch, arrays.group_scratch, strict=True)))
    return "\n".join([DECLARED, *(loop.text() for loop in loops), driver(block, arrays, order), summed])
