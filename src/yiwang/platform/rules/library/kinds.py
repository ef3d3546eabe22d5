"""What kind of thing each part of an expression is: bool, choice or number with unit, decimals and bounds.

Numbers are whole numbers with a known count of decimals (``scale``), so that 0.8 × an amount is exact; bounds prove
that no engine can overflow and find conditions that can never hold.
"""

from dataclasses import dataclass, replace

from yiwang.platform.rules.library.errors import RuleProblem
from yiwang.platform.rules.library.expressions import (
    Among,
    Call,
    Choose,
    Compare,
    Logic,
    Lookup,
    Name,
    Node,
    Not,
    Number,
    Round,
    Sum,
    Text,
    Truth,
)
from yiwang.platform.rules.library.model import Fact, Parameter
from yiwang.platform.rules.library.words import RATE_SCALE

LARGEST = 2**62
# Some engines divide through 53-bit fractions; below this they still find the exact whole part.
LARGEST_DIVIDED = 2**50
# Bounds of facts that state none: a hundred million yuan in fen; a million of anything else.
BOUNDS = {"yuan": (0, 10**10), "date": (-(10**5), 10**5)}
OTHER_BOUNDS = (0, 10**6)


@dataclass(frozen=True)
class Kind:
    base: str  # "bool" | "number" | "choice"
    unit: str = ""
    scale: int = 0
    low: int = 0
    high: int = 1
    choices: frozenset[str] = frozenset()
    literal: bool = False

    @property
    def never(self) -> bool:
        return self.base == "bool" and self.high == 0

    @property
    def always(self) -> bool:
        return self.base == "bool" and self.low == 1

    def scaled(self, scale: int) -> "Kind":
        factor = 10 ** (scale - self.scale)
        return replace(self, scale=scale, low=self.low * factor, high=self.high * factor)


BOOL = Kind("bool")


def fact_kind(fact: Fact) -> Kind:
    if fact.type == "bool":
        return BOOL
    if fact.type == "choice":
        return Kind("choice", choices=frozenset(fact.words_of))
    unit = "date" if fact.type == "date" else fact.unit
    low, high = BOUNDS.get(unit, OTHER_BOUNDS)
    return Kind("number", unit, 0, low if fact.low is None else fact.low, high if fact.high is None else fact.high)


def parameter_kind(parameter: Parameter) -> Kind:
    figures = [value.value for value in parameter.values] or [0]
    scale, unit = (RATE_SCALE, "") if parameter.unit == "rate" else (0, parameter.unit)
    return Kind("number", unit, scale, min(figures), max(figures))


class Kinds:
    """The kind of every node, given the kinds of the names. Raises RuleProblem where the parts do not fit."""

    def __init__(self, names: dict[str, Kind], tables: dict[str, Parameter]) -> None:
        self.names = names
        self.tables = tables
        self.of: dict[Node, Kind] = {}

    def read(self, node: Node) -> Kind:
        known = self.of.get(node)
        if known is None:
            method = getattr(self, f"_{type(node).__name__.lower()}")
            known = self.of[node] = method(node)
            if max(abs(known.low), abs(known.high)) > LARGEST:
                raise RuleProblem("这一步的数可能太大，算不准。给事实写上 low、high。", at=node.at, kind="overflow")
        return known

    def _number(self, node: Number) -> Kind:
        return Kind("number", node.unit, node.scale, node.value, node.value, literal=True)

    def _text(self, node: Text) -> Kind:
        return Kind("choice", choices=frozenset({node.value}), literal=True)

    def _truth(self, node: Truth) -> Kind:
        return Kind("bool", low=int(node.value), high=int(node.value), literal=True)

    def _name(self, node: Name) -> Kind:
        if node.name in self.tables and self.tables[node.name].keys:
            raise RuleProblem(f"“{node.name}”是一张表，要写成 {node.name}[键]", at=node.at)
        if node.name not in self.names:
            raise RuleProblem(f"没有“{node.name}”这个事实、参数或公式", at=node.at, kind="unknown_name")
        return self.names[node.name]

    def _lookup(self, node: Lookup) -> Kind:
        table = self.tables.get(node.name)
        if table is None or len(table.keys) != len(node.keys):
            raise RuleProblem(f"“{node.name}”不是这样查的表", at=node.at, kind="unknown_name")
        for place, key in enumerate(node.keys):
            self._expect(key, "choice", "查表的键要是选项")
            written = {row[place] for row in table.key_values}
            if not written & self.read(key).choices:
                raise RuleProblem(f"“{node.name}”的键和“{table.keys[place]}”对不上", at=node.at)
        return self.names[node.name]

    def _not(self, node: Not) -> Kind:
        item = self._expect(node.item, "bool", "not 后面要是真假")
        return replace(BOOL, low=1 - item.high, high=1 - item.low)

    def _logic(self, node: Logic) -> Kind:
        items = [self._expect(item, "bool", "and、or 两边要是真假") for item in node.items]
        gather = min if node.both else max
        return replace(BOOL, low=gather(item.low for item in items), high=gather(item.high for item in items))

    def _compare(self, node: Compare) -> Kind:
        left, right = self.read(node.left), self.read(node.right)
        if left.base != right.base:
            raise RuleProblem("两边不是一类东西，不能比较", at=node.at)
        if left.base == "choice":
            return self._compare_choices(node, left, right)
        if left.base == "bool":
            raise RuleProblem("真假不用比较，直接写名字或 not 名字", at=node.at)
        left, right = self._aligned(node, left, right)
        below, above = left.high < right.low, left.low > right.high
        same = left.low == left.high == right.low == right.high
        always, never = {
            "<": (below, left.low >= right.high),
            "<=": (left.high <= right.low, above),
            ">": (above, left.high <= right.low),
            ">=": (left.low >= right.high, below),
            "==": (same, below or above),
            "!=": (below or above, same),
        }[node.sign]
        return replace(BOOL, low=int(always), high=int(not never))

    def _compare_choices(self, node: Compare, left: Kind, right: Kind) -> Kind:
        if node.sign not in ("==", "!="):
            raise RuleProblem("选项只能用 == != in 比较", at=node.at)
        for one, other in ((left, right), (right, left)):
            if one.literal and not one.choices & other.choices:
                raise RuleProblem(f"没有“{'、'.join(one.choices)}”这个选项", at=node.at, kind="unknown_choice")
        return BOOL

    def _among(self, node: Among) -> Kind:
        item = self._expect(node.item, "choice", "in 前面要是选项")
        for option in node.options:
            if option not in item.choices:
                raise RuleProblem(f"没有“{option}”这个选项", at=node.at, kind="unknown_choice")
        return replace(BOOL, low=int(item.choices <= set(node.options)))

    def _sum(self, node: Sum) -> Kind:
        left, right = self._expect(node.left, "number", "要是数"), self._expect(node.right, "number", "要是数")
        if node.sign == "*":
            return self._product(node, left, right)
        if left.unit == right.unit == "date" and node.sign == "-":
            return Kind("number", "day", 0, left.low - right.high, left.high - right.low)
        if left.unit == "date" and right.unit in ("day", ""):
            right = replace(right, unit="date")
        left, right = self._aligned(node, left, right)
        low, high = (right.low, right.high) if node.sign == "+" else (-right.high, -right.low)
        return Kind("number", left.unit or right.unit, left.scale, left.low + low, left.high + high)

    def _product(self, node: Sum, left: Kind, right: Kind) -> Kind:
        if left.unit == right.unit == "yuan" or "date" in (left.unit, right.unit):
            raise RuleProblem("这两样不能相乘", at=node.at, kind="unit")
        corners = [one * other for one in (left.low, left.high) for other in (right.low, right.high)]
        unit = "yuan" if "yuan" in (left.unit, right.unit) else left.unit or right.unit
        return Kind("number", unit, left.scale + right.scale, min(corners), max(corners))

    def _round(self, node: Round) -> Kind:
        item = self._expect(node.item, "number", "取整的要是数")
        divisor = self._expect(node.divisor, "number", "除数要是数")
        if divisor.low <= 0:
            raise RuleProblem("除数可能是0或负数，不能除", at=node.at, kind="division")
        largest = 2 * max(abs(item.low), abs(item.high)) * 10**divisor.scale + divisor.high * 10**item.scale * node.step
        if largest > LARGEST_DIVIDED:
            raise RuleProblem("要除的数可能太大，算不准。给事实写上 low、high。", at=node.at, kind="overflow")
        unit = "" if item.unit and item.unit == divisor.unit else item.unit
        factor = 10**divisor.scale
        corners = [
            side * factor // (by * 10**item.scale)
            for side in (item.low, item.high)
            for by in (divisor.low, divisor.high)
        ]
        return Kind("number", unit, 0, min(corners) - node.step, max(corners) + node.step)

    def _choose(self, node: Choose) -> Kind:
        self._expect(node.test, "bool", "if 后面要是真假")
        return self._joined(node, [self.read(node.yes), self.read(node.no)])

    def _call(self, node: Call) -> Kind:
        kinds = [self.read(argument) for argument in node.arguments]
        if node.function == "known":
            return BOOL
        joined = self._joined(node, kinds)
        if node.function == "first":
            return joined
        if joined.base != "number":
            raise RuleProblem(f"{node.function} 里要是数", at=node.at)
        aligned = [kind.scaled(joined.scale) for kind in kinds]
        gather = min if node.function == "min" else max
        return replace(joined, low=gather(kind.low for kind in aligned), high=gather(kind.high for kind in aligned))

    def _joined(self, node: Node, kinds: list[Kind]) -> Kind:
        joined = kinds[0]
        for kind in kinds[1:]:
            if kind.base != joined.base:
                raise RuleProblem("几种结果不是一类东西", at=node.at)
            if kind.base == "number":
                joined, kind = self._aligned(node, joined, kind)
            joined = Kind(
                joined.base,
                joined.unit or kind.unit,
                joined.scale,
                min(joined.low, kind.low),
                max(joined.high, kind.high),
                joined.choices | kind.choices,
            )
        return joined

    def _aligned(self, node: Node, left: Kind, right: Kind) -> tuple[Kind, Kind]:
        for one, other in ((left, right), (right, left)):
            if one.unit == "yuan" != other.unit and not (other.literal and other.low == other.high == 0):
                raise RuleProblem("金额只能和金额一起算，金额写成 yuan(5000)", at=node.at, kind="unit")
        if left.unit and right.unit and left.unit != right.unit and not (left.literal or right.literal):
            raise RuleProblem(f"单位不一样：{left.unit} 和 {right.unit}", at=node.at, kind="unit")
        scale = max(left.scale, right.scale)
        return left.scaled(scale), right.scaled(scale)

    def _expect(self, node: Node, base: str, message: str) -> Kind:
        kind = self.read(node)
        if kind.base != base:
            raise RuleProblem(message, at=node.at)
        return kind


def conjuncts(node: Node) -> list[Node]:
    if isinstance(node, Logic) and node.both:
        return [part for item in node.items for part in conjuncts(item)]
    return [node]


def contradict(nodes: list[Node], kinds: Kinds) -> bool:
    """Whether plain comparisons of one name against fixed bounds leave no value that satisfies all ``nodes``."""
    bounds: dict[str, tuple[int, int]] = {}
    options: dict[str, frozenset[str]] = {}
    for node in (part for item in nodes for part in conjuncts(item)):
        if isinstance(node, Among) and isinstance(node.item, Name):
            _narrow_options(options, node.item, frozenset(node.options), kinds)
        if isinstance(node, Compare) and isinstance(node.left, Name):
            if isinstance(node.right, Text) and node.sign == "==":
                _narrow_options(options, node.left, frozenset({node.right.value}), kinds)
            elif not isinstance(node.right, Text):
                _narrow_bounds(bounds, node, kinds)
    return any(low > high for low, high in bounds.values()) or any(not left for left in options.values())


def _narrow_options(options: dict[str, frozenset[str]], name: Name, wanted: frozenset[str], kinds: Kinds) -> None:
    options[name.name] = options.get(name.name, kinds.read(name).choices) & wanted


def _narrow_bounds(bounds: dict[str, tuple[int, int]], node: Compare, kinds: Kinds) -> None:
    left, right = kinds.read(node.left), kinds.read(node.right)
    if left.base != "number" or left.scale != right.scale or not isinstance(node.left, Name):
        return
    low, high = bounds.get(node.left.name, (left.low, left.high))
    if node.sign in (">", ">=", "=="):
        low = max(low, right.low + (node.sign == ">"))
    if node.sign in ("<", "<=", "=="):
        high = min(high, right.high - (node.sign == "<"))
    bounds[node.left.name] = (low, high)
