"""A rule set with its expressions read: kinds, order of work, and which facts stand below each answer."""

from dataclasses import dataclass
from functools import cached_property

from yiwang.platform.rules.library.errors import RuleProblem
from yiwang.platform.rules.library.expressions import (
    Call,
    Choose,
    Compare,
    Logic,
    Lookup,
    Name,
    Node,
    Not,
    names_in,
    parse,
)
from yiwang.platform.rules.library.kinds import BOOL, Kind, Kinds, conjuncts, contradict, fact_kind, parameter_kind
from yiwang.platform.rules.library.model import MONTH_DAY, TODAY, RuleSet

VERDICT = "verdict"
# A problem that only repeats the problem of another formula.
LEANS = "leans_on_broken"
# Conditions over more facts than this name all their unknown facts instead of only those that would decide.
MOST_TOLD_APART = 10
DAY_KINDS = {TODAY: Kind("number", "date", 0, -(10**5), 10**5), MONTH_DAY: Kind("number", "month_day", 0, 101, 1231)}


@dataclass(frozen=True)
class Comparison:
    """The figure a condition compares, its limit, and the decimals both are held with."""

    sign: str
    value: Node
    limit: Node
    scale: int
    unit: str


class Program:
    """Reads every expression of one rule set. Raises the first RuleProblem; ``read_all`` collects them instead."""

    def __init__(self, ruleset: RuleSet) -> None:
        self.ruleset = ruleset
        self.texts = {formula.key: formula.value for formula in ruleset.formulas}
        self.texts |= {condition.key: condition.when for condition in ruleset.conditions}
        self.nodes: dict[str, Node] = {}
        self.depths: dict[str, int] = {}
        names = {fact.name: fact_kind(fact) for fact in ruleset.facts} | DAY_KINDS
        names |= {parameter.name: parameter_kind(parameter) for parameter in ruleset.parameters}
        self.kinds = Kinds(names, ruleset.parameter)
        self._open: list[str] = []
        self._broken: dict[str, RuleProblem] = {}
        self._below: dict[Node, tuple[str, ...]] = {}

    def read(self) -> "Program":
        for name in self.texts:
            self.read_one(name)
        self.read_verdict()
        return self

    def read_one(self, name: str) -> Kind:
        """Read one formula or condition, and before it those it leans on."""
        if name in self.nodes:
            return self.kinds.names[name]
        if name in self._broken:
            raise self._broken[name]
        if name in self._open:
            raise RuleProblem(f"公式绕回了自己：{' → '.join([*self._open, name])}", kind="circle")
        self._open.append(name)
        try:
            node = parse(self.texts[name])
            below = [used for used in names_in(node) if used in self.texts]
            for used in below:
                self._read_below(used)
            kind = self._checked(name, self.kinds.read(node))
        except RuleProblem as error:
            self._broken[name] = error
            raise
        finally:
            self._open.remove(name)
        self.nodes[name] = node
        self.kinds.names[name] = kind
        self.depths[name] = 1 + max((self.depths[used] for used in below), default=0)
        return kind

    def _read_below(self, name: str) -> None:
        try:
            self.read_one(name)
        except RuleProblem as error:
            raise RuleProblem(str(error), kind=error.kind if error.kind == "circle" else LEANS) from None

    def _checked(self, name: str, kind: Kind) -> Kind:
        if name in self.ruleset.condition and kind.base != "bool":
            raise RuleProblem("条件要能判断真假")
        if kind.base == "number" and kind.scale:
            raise RuleProblem("结果带小数，要写明怎么取整，例如 round(…)", kind="rounding")
        return kind

    def read_verdict(self) -> None:
        node = parse(self.ruleset.verdict_text)
        for name in names_in(node):
            if name not in self.ruleset.condition:
                raise RuleProblem(f"结论里的“{name}”不是条件", kind="unknown_name")
        if self.kinds.read(node).base != "bool":
            raise RuleProblem("结论要由条件组成")
        self.nodes[VERDICT] = node
        self.depths[VERDICT] = 1 + max(self.depths[name] for name in names_in(node))

    @cached_property
    def needed(self) -> tuple[str, ...]:
        """The conditions that decide, in the order of the file."""
        names = names_in(self.nodes[VERDICT])
        return tuple(condition.key for condition in self.ruleset.conditions if condition.key in names)

    def facts_below(self, node: Node) -> tuple[str, ...]:
        """The facts on which ``node`` rests, through formulas and other conditions."""
        known = self._below.get(node)
        if known is None:
            found: list[str] = []
            for name in names_in(node):
                if name in self.ruleset.fact:
                    found.append(name)
                elif name in self.nodes:
                    found += self.facts_below(self.nodes[name])
            known = self._below[node] = tuple(dict.fromkeys(found))
        return known

    def lists_all(self, node: Node) -> bool:
        """Whether every unknown fact below keeps ``node`` open, or there are too many to tell them apart."""
        return len(self.facts_below(node)) > MOST_TOLD_APART or self.is_plain(node)

    def is_plain(self, node: Node) -> bool:
        """Whether an unknown answer always needs every unknown fact below: no alternatives anywhere."""
        if isinstance(node, Choose) or (isinstance(node, Call) and node.function in ("first", "known")):
            return False
        if isinstance(node, Logic) and not node.both:
            return False
        if isinstance(node, Not) and len(self.facts_below(node)) > 1:
            return False
        if isinstance(node, Name) and node.name in self.nodes:
            return self.is_plain(self.nodes[node.name])
        return all(self.is_plain(child) for child in node.children)

    def comparison(self, condition: str) -> Comparison | None:
        """The only comparison of numbers in a condition, if there is exactly one."""
        found = [node for node in _all_nodes(self.nodes[condition]) if self._is_numeric(node)]
        if len(found) != 1 or found[0] not in conjuncts(self.nodes[condition]):
            return None
        node = found[0]
        assert isinstance(node, Compare)
        left, right = self.kinds.read(node.left), self.kinds.read(node.right)
        return Comparison(node.sign, node.left, node.right, max(left.scale, right.scale), left.unit or right.unit)

    def _is_numeric(self, node: Node) -> bool:
        return isinstance(node, Compare) and self.kinds.read(node.left).base == "number"

    @cached_property
    def lookups(self) -> tuple[Lookup, ...]:
        """Every look-up in a table that must have a figure for each key."""
        found = [node for tree in self.nodes.values() for node in _all_nodes(tree) if isinstance(node, Lookup)]
        return tuple(dict.fromkeys(node for node in found if not self.ruleset.parameter[node.name].partial))

    def never_holds(self, name: str) -> bool:
        kind = self.kinds.names.get(name, BOOL)
        return kind.never or contradict([self.nodes[name]], self.kinds)

    def never_yes(self) -> bool:
        """Whether the conditions that must all hold exclude each other."""
        trees = [self.nodes[part.name] for part in conjuncts(self.nodes[VERDICT]) if isinstance(part, Name)]
        return contradict(trees, self.kinds)


def _all_nodes(node: Node) -> list[Node]:
    return [node, *(below for child in node.children for below in _all_nodes(child))]
