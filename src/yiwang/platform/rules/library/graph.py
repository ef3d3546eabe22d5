"""The expressions of one version as a graph for whole columns: each step once, constants worked out beforehand.

Built from the trees that answer one person, so there is one meaning. Every expression becomes two nodes, its value and
whether it is known; where nothing can be unknown the second is the constant True and disappears. Bounds of the facts
prove many comparisons, and what depends only on a few choices becomes a small table.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import numpy as np

FAR = 2**62
MOST_CELLS = 4096
Pair = tuple[int, int]
FLIPS = {">": ("<", True), ">=": ("<=", True)}

BINARY: dict[str, Callable[..., Any]] = {
    "add": np.add,
    "sub": np.subtract,
    "mul": np.multiply,
    "floordiv": np.floor_divide,
    "<": np.less,
    "<=": np.less_equal,
    "=": np.equal,
    "and": np.logical_and,
    "or": np.logical_or,
    "min": np.minimum,
    "max": np.maximum,
}


WIDENING = ("add", "sub", "mul")
NARROW = 2**31 - 1


def worked_out(op: str, args: tuple[Any, ...], values: Mapping[int, Any]) -> Any:
    """One step over whole columns."""
    if op == "const":
        return bool(args[0]) if args[1] else args[0]
    if op == "not":
        return np.logical_not(values[args[0]])
    if op == "abs":
        return np.abs(values[args[0]])
    if op == "where":
        return _chosen(*(values[arg] for arg in args))
    return BINARY[op](values[args[0]], values[args[1]])


def _chosen(test: Any, yes: Any, no: Any) -> Any:
    """``np.where`` in plain arithmetic, far faster; what runs over in the difference comes back in the sum."""
    if not hasattr(yes, "dtype") and not hasattr(no, "dtype"):
        kind = np.int32 if max(abs(yes), abs(no), abs(yes - no)) <= NARROW else np.int64
        return np.multiply(test, yes - no, dtype=kind) + no
    if not hasattr(no, "dtype") and no == 0:
        return np.multiply(yes, test)
    if not hasattr(yes, "dtype") and yes == 0:
        return np.multiply(no, np.logical_not(test))
    return np.multiply(np.subtract(yes, no), test) + no


def worked_out_wide(op: str, args: tuple[Any, ...], values: Mapping[int, Any]) -> Any:
    """One step whose result needs 64 bits though what it comes from may not."""
    one, other = values[args[0]], values[args[1]]
    return BINARY[op](one, other, dtype=np.int64) if op in WIDENING else worked_out(op, args, values)


@dataclass
class Node:
    """``support``: the choices it depends on and nothing else; None if it depends on more."""

    op: str
    args: tuple[Any, ...]
    low: int = -FAR
    high: int = FAR
    support: frozenset[int] | None = None

    @property
    def wide(self) -> bool:
        return max(-self.low, self.high) > NARROW


@dataclass
class Graph:
    """Nodes are added once; adding folds what is already decided."""

    nodes: list[Node] = field(default_factory=list)
    known: dict[tuple[Any, ...], int] = field(default_factory=dict)
    choices: dict[int, tuple[int, ...]] = field(default_factory=dict)  # choice node -> the codes it can have

    def constant(self, value: int | bool) -> int:
        return self._new("const", (int(value), isinstance(value, bool)), int(value), int(value), frozenset())

    def column(self, name: str, low: int, high: int) -> int:
        return self._new("column", (name,), low, high, None)

    def mark_choice(self, node: int, codes: tuple[int, ...]) -> int:
        """From here on ``node`` counts as given: what hangs on it alone becomes a table."""
        if self.nodes[node].op != "const":
            self.choices[node] = codes
            self.nodes[node].support = frozenset({node})
        return node

    def settled(self, node: int) -> int:
        """``node``, or the constant that it is for everything that its choices can be."""
        item = self.nodes[node]
        if item.op == "const" or not item.support or node in item.support or not self.is_small(item.support):
            return node
        found = np.unique(self.tabulated(node, tuple(sorted(item.support)), self.choices))
        return node if len(found) > 1 else self.constant(found[0].item())

    def is_small(self, support: frozenset[int]) -> bool:
        return math.prod(len(self.choices[node]) for node in support) <= MOST_CELLS

    def tabulated(self, node: int, keys: tuple[int, ...], options: Mapping[int, Sequence[int]]) -> Any:
        """The values of ``node`` for all combinations of ``options``."""
        grid = np.array(list(product(*(options[key] for key in keys))), dtype=np.int64)
        values: dict[int, Any] = {key: grid[:, place] for place, key in enumerate(keys)}
        return np.ascontiguousarray(np.broadcast_to(self._value(node, values), len(grid)))

    def _value(self, node: int, values: dict[int, Any]) -> Any:
        if node not in values:
            item = self.nodes[node]
            if item.op != "const":
                for below in item.args:
                    self._value(int(below), values)
            values[node] = worked_out(item.op, item.args, values)
        return values[node]

    def _new(self, op: str, args: tuple[Any, ...], low: int, high: int, support: frozenset[int] | None) -> int:
        key = (op, *args)
        found = self.known.get(key)
        if found is None:
            found = self.known[key] = len(self.nodes)
            self.nodes.append(Node(op, args, low, high, support))
        return found

    def value_of(self, node: int) -> int | None:
        return self.nodes[node].args[0] if self.nodes[node].op == "const" else None

    def _support(self, *nodes: int) -> frozenset[int] | None:
        union: frozenset[int] = frozenset()
        for node in nodes:
            below = self.nodes[node].support
            if below is None:
                return None
            union |= below
        return union

    def reckon(self, op: str, left: int, right: int) -> int:
        one, other = self.nodes[left], self.nodes[right]
        low, high = _bounds(op, one, other)
        if one.op == other.op == "const":
            return self.constant(low)
        if (op in ("add", "sub") and other.args == (0, False) and other.op == "const") or (
            op in ("mul", "floordiv") and other.args == (1, False) and other.op == "const"
        ):
            return left
        if (op == "add" and one.op == "const" and one.args[0] == 0) or (
            op == "mul" and one.op == "const" and one.args[0] == 1
        ):
            return right
        if op == "mul" and 0 in (self.value_of(left), self.value_of(right)):
            return self.constant(0)
        return self._new(op, (left, right), low, high, self._support(left, right))

    def negative(self, item: int) -> int:
        return self.reckon("sub", self.constant(0), item)

    def absolute(self, item: int) -> int:
        node = self.nodes[item]
        if node.low >= 0:
            return item
        return self._new("abs", (item,), 0, max(-node.low, node.high), node.support)

    def compare(self, sign: str, left: int, right: int) -> int:
        if sign == "<>":
            return self.opposite(self.compare("=", left, right))
        if sign in FLIPS:
            plain, swapped = FLIPS[sign]
            return self.compare(plain, right, left) if swapped else self.compare(plain, left, right)
        decided = _decided(sign, self.nodes[left], self.nodes[right], same=left == right)
        if decided is not None:
            return self.constant(decided)
        if sign == "=":
            left, right = sorted((left, right))
        elif left > right:
            # a < b is the opposite of b <= a: one of the two is written, so that both find each other.
            return self.opposite(self.compare("<=" if sign == "<" else "<", right, left))
        return self._new(sign, (left, right), 0, 1, self._support(left, right))

    def opposite(self, item: int) -> int:
        node = self.nodes[item]
        if node.op == "const":
            return self.constant(not node.args[0])
        if node.op == "not":
            return int(node.args[0])
        return self._new("not", (item,), 0, 1, node.support)

    def both(self, items: list[int]) -> int:
        return self._joined("and", items, 0)

    def either(self, items: list[int]) -> int:
        return self._joined("or", items, 1)

    def _joined(self, op: str, items: list[int], decisive: int) -> int:
        kept: dict[int, None] = {}
        for item in items:
            value = self.value_of(item)
            if value == decisive or self.opposite(item) in kept:
                return self.constant(bool(decisive))
            if value is None:
                kept[item] = None
        if not kept:
            return self.constant(not decisive)
        found, *rest = kept
        for item in rest:
            found = self._new(op, (found, item), 0, 1, self._support(found, item))
        return found

    def choose(self, test: int, yes: int, no: int) -> int:
        node = self.nodes[test]
        if node.op == "const":
            return yes if node.args[0] else no
        if yes == no:
            return yes
        if node.op == "not":
            return self.choose(int(node.args[0]), no, yes)
        yes, no = self._settled(yes, test, True), self._settled(no, test, False)
        return yes if yes == no else self._branch(test, yes, no)

    def _branch(self, test: int, yes: int, no: int) -> int:
        node = self.nodes[test]
        if self._is_bool(yes) and self._is_bool(no):
            return self.either([self.both([test, yes]), self.both([self.opposite(test), no])])
        one, other = self.nodes[yes], self.nodes[no]
        support = self._support(test, yes, no)
        if node.op in ("<", "<=") and set(node.args) == {yes, no}:
            op = "min" if node.args[0] == yes else "max"
            gather = min if op == "min" else max
            return self._new(op, (yes, no), gather(one.low, other.low), gather(one.high, other.high), support)
        return self._new("where", (test, yes, no), min(one.low, other.low), max(one.high, other.high), support)

    def _is_bool(self, item: int) -> bool:
        node = self.nodes[item]
        return node.op in ("<", "<=", "=", "not", "and", "or") or (node.op == "const" and bool(node.args[1]))

    def _settled(self, item: int, test: int, outcome: bool) -> int:
        """``item`` where the outcome of ``test`` is known."""
        node = self.nodes[item]
        if item == test:
            return self.constant(outcome)
        if node.op == "not" and node.args[0] == test:
            return self.constant(not outcome)
        if node.op == "where" and node.args[0] == test:
            return int(node.args[1 if outcome else 2])
        return item


def _bounds(op: str, one: Node, other: Node) -> tuple[int, int]:
    if op == "add":
        return one.low + other.low, one.high + other.high
    if op == "sub":
        return one.low - other.high, one.high - other.low
    corners = [(a, b) for a in (one.low, one.high) for b in (other.low, other.high)]
    found = [a * b for a, b in corners] if op == "mul" else [a // b if b else 0 for a, b in corners]
    return min(found), max(found)


def _decided(sign: str, left: Node, right: Node, *, same: bool) -> bool | None:
    if sign == "=":
        if same or left.low == left.high == right.low == right.high:
            return True
        return False if left.high < right.low or left.low > right.high else None
    always = left.high < right.low or (sign == "<=" and (same or left.high <= right.low))
    never = left.low > right.high or (sign == "<" and (same or left.low >= right.high))
    return True if always else False if never else None


class Builder:
    """Reads trees into a graph. ``given`` maps columns to nodes; texts are numbered by ``codes``."""

    def __init__(self, graph: Graph, given: dict[str, Pair], codes: Mapping[str, int]) -> None:
        self.graph = graph
        self.given = given
        self.codes = codes
        self.sure = graph.constant(True)
        self.unsure = graph.constant(False)

    def read(self, tree: list[Any]) -> Pair:
        return READ[tree[0]](self, *tree[1:]) if tree[0] in READ else self._two(*tree)

    def column(self, name: str) -> Pair:
        return self.given[name]

    def value(self, constant: Any) -> Pair:
        if constant is None:
            return self.graph.constant(0), self.unsure
        return self.graph.constant(self.codes[constant] if isinstance(constant, str) else constant), self.sure

    def _two(self, op: str, left: list[Any], right: list[Any]) -> Pair:
        (one, known), (other, also) = self.read(left), self.read(right)
        made = self.graph.reckon if op in ("add", "sub", "mul", "floordiv") else self.graph.compare
        return made(op, one, other), self.graph.both([known, also])

    def both(self, *items: list[Any]) -> Pair:
        pairs = [self.read(item) for item in items]
        holds = self.graph.both([self._true(pair) for pair in pairs])
        false = self.graph.either([self._false(pair) for pair in pairs])
        return holds, self.graph.either([self.graph.both([known for _, known in pairs]), false])

    def either(self, *items: list[Any]) -> Pair:
        pairs = [self.read(item) for item in items]
        holds = self.graph.either([self._true(pair) for pair in pairs])
        return holds, self.graph.either([self.graph.both([known for _, known in pairs]), holds])

    def _true(self, pair: Pair) -> int:
        return self.graph.both(list(pair))

    def _false(self, pair: Pair) -> int:
        return self.graph.both([self.graph.opposite(pair[0]), pair[1]])

    def opposite(self, item: list[Any]) -> Pair:
        value, known = self.read(item)
        return self.graph.opposite(value), known

    def null(self, item: list[Any]) -> Pair:
        return self.graph.opposite(self.read(item)[1]), self.sure

    def case(self, branches: list[list[list[Any]]], otherwise: list[Any] | None) -> Pair:
        value, known = self.value(None) if otherwise is None else self.read(otherwise)
        for test, result in reversed(branches):
            holds, found = self._true(self.read(test)), self.read(result)
            value = self._or_any(holds, found, (value, known))
            known = self.graph.choose(holds, found[1], known)
        return value, known

    def _or_any(self, test: int, found: Pair, rest: Pair) -> int:
        """A value nobody may look at can be whatever saves a step."""
        if rest[1] == self.unsure:
            return found[0]
        return rest[0] if found[1] == self.unsure else self.graph.choose(test, found[0], rest[0])

    def coalesce(self, *items: list[Any]) -> Pair:
        value, known = self.read(items[-1])
        for item in reversed(items[:-1]):
            found, sure = self.read(item)
            value = self.graph.choose(sure, found, value)
            known = self.graph.either([sure, known])
        return value, known

    def among(self, item: list[Any], options: list[Any]) -> Pair:
        value, known = self.read(item)
        codes = [self.graph.constant(self.codes.get(option, -1)) for option in options]
        return self.graph.either([self.graph.compare("=", value, code) for code in codes]), known

    def absolute(self, item: list[Any]) -> Pair:
        value, known = self.read(item)
        return self.graph.absolute(value), known

    def minus(self, item: list[Any]) -> Pair:
        value, known = self.read(item)
        return self.graph.negative(value), known


READ: dict[str, Any] = {
    "column": Builder.column,
    "value": Builder.value,
    "and": Builder.both,
    "or": Builder.either,
    "not": Builder.opposite,
    "null": Builder.null,
    "case": Builder.case,
    "coalesce": Builder.coalesce,
    "among": Builder.among,
    "abs": Builder.absolute,
    "minus": Builder.minus,
}
