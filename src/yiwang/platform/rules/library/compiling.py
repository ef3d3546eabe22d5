"""Rule sets as Ibis expressions: the one place that says what the language does.

From here come both the SQL that is stored with a version and answers one person, and the expression that screens a
whole table on any engine. Ibis is imported here and in ``screening`` only, and neither is needed by the web process.
"""

import datetime as dt
import functools
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import ibis
import ibis.expr.types as ir
import sqlglot.expressions as sge
from ibis.backends.sql.compilers.duckdb import compiler as DUCKDB
from ibis.backends.sql.compilers.pyspark import compiler as SPARK

from yiwang.platform.rules.library.expressions import (
    FLIPPED,
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
    names_in,
)
from yiwang.platform.rules.library.model import MONTH_DAY, TODAY, Fact, RuleSet
from yiwang.platform.rules.library.program import VERDICT, Comparison, Program
from yiwang.platform.rules.library.reckoning import read_tree
from yiwang.platform.rules.library.running import Compiled, parameter_column
from yiwang.platform.rules.library.words import day_number

Columns: TypeAlias = Callable[[ir.Table], dict[str, ir.Value]]
COLUMN_TYPES = {"bool": "boolean", "choice": "string", "number": "int64", "date": "int64"}


RECKONING = (sge.Mul, sge.Add, sge.Sub, sge.Div, sge.If, sge.Case, sge.Coalesce, sge.Paren, sge.Neg)


def high_column(name: str) -> str:
    return f"{name}:high"


def fact_columns(fact: Fact) -> dict[str, str]:
    columns = {fact.name: COLUMN_TYPES[fact.type]}
    if fact.ranged:
        columns[high_column(fact.name)] = "int64"
    return columns


class Compiler:
    """Builds the columns of one rule set. ``figure`` says where the figures of parameters come from."""

    def __init__(
        self, program: Program, figure: Callable[[ir.Table, str, tuple[str, ...]], ir.Value], *, reasons: bool = True
    ) -> None:
        self.program = program
        self.ruleset: RuleSet = program.ruleset
        self.figure = figure
        self.reasons = reasons

    def column(self, name: str) -> str:
        return f"{self.ruleset.key}:{name}"

    def layers(self) -> list[Columns]:
        """One function per layer, each from the table so far to its new columns."""
        return [functools.partial(self._layer, depth) for depth in sorted(set(self.program.depths.values()))]

    def _layer(self, depth: int, table: ir.Table) -> dict[str, ir.Value]:
        """The answers of one depth and, beside them, what their reasons need."""
        names = [name for name, at in self.program.depths.items() if at == depth]
        columns = {self.column(name): self.value(table, self.program.nodes[name]) for name in names}
        for name in names if self.reasons else ():
            if name in self.ruleset.condition:
                columns |= self._figures(table, name) | self._needs_of(table, name)
            if name == VERDICT:
                columns |= self._needs_of_verdict(table) | self._stops(table)
        return columns

    def _needs_of_verdict(self, table: ir.Table) -> dict[str, ir.Value]:
        if not self.ruleset.verdict:
            return {}
        node = self.program.nodes[VERDICT]
        return {self.column(f"needs:{name}"): self.needs(table, node, name) for name in self.program.needed}

    def _stops(self, table: ir.Table) -> dict[str, ir.Value]:
        """Tables that have no row in force for a key that is known."""
        columns = {}
        for place, lookup in enumerate(self.program.lookups):
            keys = [self.value(table, key).notnull() for key in lookup.keys]
            columns[self.column(f"stopped:{place}")] = ibis.and_(*keys, self._found(table, lookup).isnull())
        return columns

    def _found(self, table: ir.Table, lookup: Lookup) -> ir.Value:
        """The figure looked up, from the formula that is nothing but this look-up if there is one."""
        same = [name for name, node in self.program.nodes.items() if node == lookup]
        return table[self.column(same[0])] if same else self.value(table, lookup)

    def _figures(self, table: ir.Table, condition: str) -> dict[str, ir.Value]:
        comparison = self.program.comparison(condition)
        if comparison is None:
            return {}
        sides = {"value": comparison.value, "limit": comparison.limit}
        return {
            self.column(f"{side}:{condition}"): self._scaled(table, node, comparison.scale)
            for side, node in sides.items()
            if not _is_given(self.program, node)
        }

    def _needs_of(self, table: ir.Table, condition: str) -> dict[str, ir.Value]:
        node = self.program.nodes[condition]
        facts = self.program.facts_below(node)
        if len(facts) < 2 or self.program.lists_all(node):
            return {}
        return {self.column(f"needs:{condition}:{fact}"): self.needs(table, node, fact) for fact in facts}

    def value(self, table: ir.Table, node: Node) -> ir.Value:
        method = getattr(self, f"_{type(node).__name__.lower()}")
        value: ir.Value = method(table, node)
        return value

    def _scaled(self, table: ir.Table, node: Node, scale: int) -> ir.Value:
        factor = 10 ** (scale - self.program.kinds.read(node).scale)
        value = self.value(table, node)
        return value if factor == 1 else value * _whole(factor)

    def _number(self, table: ir.Table, node: Number) -> ir.Value:
        return _whole(node.value)

    def _text(self, table: ir.Table, node: Text) -> ir.Value:
        return ibis.literal(node.value, type="string")

    def _truth(self, table: ir.Table, node: Truth) -> ir.Value:
        return ibis.literal(node.value, type="boolean")

    def _name(self, table: ir.Table, node: Name) -> ir.Value:
        if node.name in self.ruleset.parameter:
            return self.figure(table, node.name, ())
        if node.name in self.program.nodes:
            return table[self.column(node.name)]
        fact = self.ruleset.fact.get(node.name)
        if fact is not None and fact.ranged:
            low, high = table[node.name], table[high_column(node.name)]
            return ibis.cases((low == high, low))
        return table[node.name]

    def _lookup(self, table: ir.Table, node: Lookup) -> ir.Value:
        keys = [self.value(table, key) for key in node.keys]
        known = [self.program.kinds.read(key).choices for key in node.keys]
        rows = self.ruleset.parameter[node.name].key_values
        branches = [
            (ibis.and_(*(key == text for key, text in zip(keys, row, strict=True))), self.figure(table, node.name, row))
            for row in rows
            if all(text in options for text, options in zip(row, known, strict=True))
        ]
        return ibis.cases(*branches)

    def _not(self, table: ir.Table, node: Not) -> ir.Value:
        return ~self.value(table, node.item)

    def _logic(self, table: ir.Table, node: Logic) -> ir.Value:
        items = [self.value(table, item) for item in node.items]
        return ibis.and_(*items) if node.both else ibis.or_(*items)

    def _compare(self, table: ir.Table, node: Compare) -> ir.Value:
        scale = max(self.program.kinds.read(node.left).scale, self.program.kinds.read(node.right).scale)
        left, right, sign = node.left, node.right, node.sign
        if self._is_ranged(right) and not self._is_ranged(left):
            left, right, sign = right, left, FLIPPED[sign]
        if self._is_ranged(left):
            assert isinstance(left, Name)
            return self._compare_range(table, left.name, sign, self._scaled(table, right, scale), 10**scale)
        return _compared(self._scaled(table, left, scale), sign, self._scaled(table, right, scale))

    def _is_ranged(self, node: Node) -> bool:
        return isinstance(node, Name) and node.name in self.ruleset.fact and self.ruleset.fact[node.name].ranged

    def _compare_range(self, table: ir.Table, name: str, sign: str, limit: ir.Value, factor: int) -> ir.Value:
        """Holds if it does for every figure in the range, fails if it does for none, else unknown."""
        low, high = table[name] * _whole(factor), table[high_column(name)] * _whole(factor)
        if sign in ("==", "!="):
            same, apart = (low == limit) & (high == limit), (high < limit) | (low > limit)
            yes, no = (same, apart) if sign == "==" else (apart, same)
            return ibis.cases((yes, True), (no, False))
        worst, best = (high, low) if sign in ("<", "<=") else (low, high)
        return ibis.cases((_compared(worst, sign, limit), True), (~_compared(best, sign, limit), False))

    def _among(self, table: ir.Table, node: Among) -> ir.Value:
        item = self.value(table, node.item)
        # Engines disagree on "unknown in (…)": say it ourselves.
        return ibis.cases((item.notnull(), item.isin(list(node.options))))

    def _sum(self, table: ir.Table, node: Sum) -> ir.Value:
        if node.sign == "*":
            return self.value(table, node.left) * self.value(table, node.right)
        scale = self.program.kinds.read(node).scale
        left, right = self._scaled(table, node.left, scale), self._scaled(table, node.right, scale)
        return left + right if node.sign == "+" else left - right

    def _round(self, table: ir.Table, node: Round) -> ir.Value:
        item, divisor = self.program.kinds.read(node.item), self.program.kinds.read(node.divisor)
        above = self.value(table, node.item) * _whole(10**divisor.scale)
        below = self.value(table, node.divisor) * _whole(10**item.scale * node.step)
        if item.scale == divisor.scale == 0 and node.step == 1 and node.divisor == Number(1):
            return self.value(table, node.item)
        if node.down:
            return (above // below) * _whole(node.step)
        # Half up, away from zero: as on paper, −2.5 becomes −3.
        size = (above.abs() * _whole(2) + below) // (below * _whole(2))
        return ibis.cases((above >= _whole(0), size), (above < _whole(0), _whole(0) - size)) * _whole(node.step)

    def _choose(self, table: ir.Table, node: Choose) -> ir.Value:
        test = self.value(table, node.test)
        yes, no = self._same_scale(table, node, (node.yes, node.no))
        return ibis.cases((test, yes), (~test, no))

    def _call(self, table: ir.Table, node: Call) -> ir.Value:
        if node.function == "known":
            return self.value(table, node.arguments[0]).notnull()
        values = self._same_scale(table, node, node.arguments)
        if node.function == "first":
            return ibis.coalesce(*values)
        # Not LEAST and GREATEST: engines disagree on unknowns there. Unknown stays unknown.
        best, wins, loses = values[0], *(("<=", "<") if node.function == "min" else (">=", ">"))
        for other in values[1:]:
            best = ibis.cases((_compared(best, wins, other), best), (_compared(other, loses, best), other))
        return best

    def _same_scale(self, table: ir.Table, node: Node, parts: tuple[Node, ...]) -> list[ir.Value]:
        kind = self.program.kinds.read(node)
        if kind.base != "number":
            return [self.value(table, part) for part in parts]
        return [self._scaled(table, part, kind.scale) for part in parts]

    def needs(self, table: ir.Table, node: Node, fact: str) -> ir.Value:
        """Whether, ``node`` being unknown, it is (also) because ``fact`` is unknown."""
        if fact not in {*self.program.facts_below(node), *names_in(node)}:
            return ibis.literal(False)
        if isinstance(node, Name) and node.name == fact:
            return self.value(table, node).isnull()
        if isinstance(node, Name):
            return self.needs(table, self.program.nodes[node.name], fact)
        if isinstance(node, Compare) and any(self._is_ranged(side) for side in node.children):
            return ibis.or_(*(self.needs(table, side, fact) for side in node.children))
        if isinstance(node, Choose):
            test = self.value(table, node.test)
            branches = [
                (test.isnull(), self.needs(table, node.test, fact)),
                (test, self._unknown(table, node.yes, fact)),
            ]
            return ibis.cases(*branches, else_=self._unknown(table, node.no, fact))
        return ibis.or_(*(self._unknown(table, child, fact) for child in node.children))

    def _unknown(self, table: ir.Table, node: Node, fact: str) -> ir.Value:
        return self.value(table, node).isnull() & self.needs(table, node, fact)


def _whole(value: int) -> ir.Value:
    return ibis.literal(value, type="int64")


def _compared(left: ir.Value, sign: str, right: ir.Value) -> ir.Value:
    signs: dict[str, Callable[[], ir.Value]] = {
        "<": lambda: left < right,
        "<=": lambda: left <= right,
        ">": lambda: left > right,
        ">=": lambda: left >= right,
        "==": lambda: left == right,
        "!=": lambda: left != right,
    }
    return signs[sign]()


def _is_given(program: Program, node: Node) -> bool:
    """Whether the figure is at hand without a column of its own: a fact, a formula, a parameter, a number."""
    return isinstance(node, Number) or (isinstance(node, Name) and node.name not in DAYS)


DAYS = (TODAY, MONTH_DAY)


def compile_ruleset(ruleset: RuleSet) -> Compiled:
    """The SQL of one version, to be stored with it."""
    program = Program(ruleset).read()
    compiler = Compiler(program, lambda table, name, key: table[parameter_column(ruleset.key, name, key)])
    schema: dict[str, str] = {TODAY: "int64", MONTH_DAY: "int64"}
    for fact in ruleset.facts:
        schema |= fact_columns(fact)
    parameters = {
        parameter_column(ruleset.key, parameter.name, key): [parameter.name, *key]
        for parameter in ruleset.parameters
        for key in parameter.key_values
    }
    schema |= dict.fromkeys(parameters, "int64")
    layers, trees = [], []
    for columns in compiler.layers():
        table = ibis.table(schema, name="facts")
        new = columns(table)
        selected = _selected(table, new)
        layers.append([[column.alias, column.this.sql(dialect="duckdb")] for column in selected])
        trees.append([[column.alias, read_tree(column.this)] for column in selected])
        schema |= {name: str(value.type()) for name, value in new.items()}
    return Compiled(
        key=ruleset.key,
        sha256=ruleset.sha256,
        layers=layers,
        trees=trees,
        inputs={column: kind for fact in ruleset.facts for column, kind in fact_columns(fact).items()},
        parameters=parameters,
        conditions={condition.key: _about(program, condition.key) for condition in ruleset.conditions},
        needed=list(program.needed),
        tables=[lookup.name for lookup in program.lookups],
    )


def _selected(table: ir.Table, columns: dict[str, ir.Value]) -> list[Any]:
    return list(wide(DUCKDB.to_sqlglot(table.select(**columns))).expressions)


def wide(tree: sge.Expression, parents: tuple[type[sge.Expression], ...] = RECKONING) -> sge.Expression:
    """Bare figures that are reckoned with become 64 bit wide: engines take 2000000 for 32 bits and would overflow."""

    def widened(node: sge.Expression) -> sge.Expression:
        if isinstance(node, sge.Literal) and node.is_int and isinstance(node.parent, parents):
            return sge.Cast(this=node.copy(), to=sge.DataType.build("BIGINT"))
        return node

    return tree.transform(widened)


def _about(program: Program, condition: str) -> dict[str, Any]:
    node = program.nodes[condition]
    about: dict[str, Any] = {"facts": list(program.facts_below(node))}
    about["plain"] = len(about["facts"]) < 2 or program.lists_all(node)
    comparison = program.comparison(condition)
    if comparison is not None:
        about["compare"] = _compare_data(program, comparison)
    return about


def _compare_data(program: Program, comparison: Comparison) -> dict[str, Any]:
    data: dict[str, Any] = {"sign": comparison.sign, "scale": comparison.scale, "unit": comparison.unit}
    for side, node in (("value", comparison.value), ("limit", comparison.limit)):
        if isinstance(node, Number):
            data[side] = {"number": node.value * 10 ** (comparison.scale - node.scale)}
        elif _is_given(program, node) and isinstance(node, Name):
            data[side] = {"name": node.name, "factor": 10 ** (comparison.scale - program.kinds.read(node).scale)}
        else:
            data[side] = {}
            data[f"{side}_names"] = names_in(node)
    return data


def screening_layers(ruleset: RuleSet, on: dt.date) -> list[Columns]:
    """The layers for a whole table; the figures of ``on`` are written in as constants.

    An engine must work out one layer before the next is built on it: Ibis would write a formula out again
    wherever a later layer uses it.
    """
    figures: Mapping[str, dict[tuple[str, ...], Any]] = {
        parameter.name: parameter.on(on) for parameter in ruleset.parameters
    }

    def figure(_: ir.Table, name: str, key: tuple[str, ...]) -> ir.Value:
        value = figures[name].get(key)
        return ibis.null("int64") if value is None else _whole(value.value)

    def days(_: ir.Table) -> dict[str, ir.Value]:
        return {TODAY: _whole(day_number(on)), MONTH_DAY: _whole(on.month * 100 + on.day)}

    return [days, *Compiler(Program(ruleset).read(), figure, reasons=False).layers()]


COMPILERS = {"duckdb": DUCKDB, "spark": SPARK}


def layered_sql(source: str, schema: dict[str, str], layers: list[Columns], dialect: str = "duckdb") -> str:
    """One statement over ``source``, a projection per layer."""
    schema = dict(schema)
    sql = f"SELECT * FROM {source}"  # noqa: S608 -- our own name
    for columns in layers:
        table = ibis.table(schema, name="t")
        new = columns(table)
        tree = wide(COMPILERS[dialect].to_sqlglot(table.select(**new)), (*RECKONING, sge.Alias))
        listed = ", ".join(column.sql(dialect=dialect) for column in tree.expressions)
        sql = f"SELECT *, {listed} FROM ({sql}) AS {quoted('t0', dialect)}"  # noqa: S608 -- compiled text, no input
        schema |= {name: str(value.type()) for name, value in new.items()}
    return sql


def quoted(name: str, dialect: str) -> str:
    return sge.to_identifier(name, quoted=True).sql(dialect=dialect)
