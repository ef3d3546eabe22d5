"""The small language of conditions and formulas, read once into a tree.

It is a part of Python's own grammar: names, whole numbers and decimals, texts in quotes, ``and or not``,
comparisons, ``in``, ``+ - *``, ``a if test else b``, ``table[key]`` and a few functions. Nothing else exists, so a
rule file can do nothing but compute.
"""

import ast
import datetime as dt
import keyword
import re
from dataclasses import dataclass, field
from decimal import Decimal

from yiwang.platform.rules.library.errors import RuleProblem
from yiwang.platform.rules.library.words import day_number

COMPARISONS = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!="}
FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
WORD = re.compile(r"\w+")
GRAMMAR = ("and", "or", "not", "in", "if", "else", "True", "False")
FUNCTIONS = ("min", "max", "round", "floor", "known", "first", "yuan", "day")


@dataclass(frozen=True)
class Node:
    at: int = field(compare=False, kw_only=True, default=0)

    @property
    def children(self) -> "tuple[Node, ...]":
        return ()


@dataclass(frozen=True)
class Number(Node):
    """``value`` is the figure without its decimal point, ``scale`` the decimals: 3.5 is (35, 1)."""

    value: int
    scale: int = 0
    unit: str = ""


@dataclass(frozen=True)
class Text(Node):
    value: str


@dataclass(frozen=True)
class Truth(Node):
    value: bool


@dataclass(frozen=True)
class Name(Node):
    name: str


@dataclass(frozen=True)
class Lookup(Node):
    name: str
    keys: tuple[Node, ...]

    @property
    def children(self) -> tuple[Node, ...]:
        return self.keys


@dataclass(frozen=True)
class Not(Node):
    item: Node

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.item,)


@dataclass(frozen=True)
class Logic(Node):
    both: bool  # and; otherwise or
    items: tuple[Node, ...]

    @property
    def children(self) -> tuple[Node, ...]:
        return self.items


@dataclass(frozen=True)
class Compare(Node):
    sign: str
    left: Node
    right: Node

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.left, self.right)


@dataclass(frozen=True)
class Among(Node):
    item: Node
    options: tuple[str, ...]

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.item,)


@dataclass(frozen=True)
class Sum(Node):
    """``+``, ``-`` or ``*`` of two numbers."""

    sign: str
    left: Node
    right: Node

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.left, self.right)


@dataclass(frozen=True)
class Choose(Node):
    test: Node
    yes: Node
    no: Node

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.test, self.yes, self.no)


@dataclass(frozen=True)
class Call(Node):
    """``min max known first`` of its arguments."""

    function: str
    arguments: tuple[Node, ...]

    @property
    def children(self) -> tuple[Node, ...]:
        return self.arguments


@dataclass(frozen=True)
class Round(Node):
    """``item / divisor`` to whole multiples of ``step``: half up, or down where ``down``."""

    item: Node
    divisor: Node
    step: int
    down: bool

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.item, self.divisor)


def parse(text: str) -> Node:
    """The tree of one expression. Raises RuleProblem with the column where it stops making sense."""
    flat = " ".join(text.split())
    try:
        tree = ast.parse(flat, mode="eval")
    except SyntaxError as error:
        words = [word for word in WORD.findall(flat) if keyword.iskeyword(word) and word not in GRAMMAR]
        message = f"“{words[0]}”是保留字，换个名字" if words else f"表达式写得不完整：{flat}"
        raise RuleProblem(message, at=error.offset or 0) from None
    return _Reader(flat).read(tree.body)


def names_in(node: Node) -> list[str]:
    """Every name the expression uses, in the order of first use."""
    found = [node.name] if isinstance(node, Name | Lookup) else []
    for child in node.children:
        found += names_in(child)
    return list(dict.fromkeys(found))


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text

    def read(self, tree: ast.expr) -> Node:
        method = getattr(self, f"_{type(tree).__name__.lower()}", None)
        if method is None:
            raise self._refuse(tree, "规则里不能这样写")
        node: Node = method(tree)
        return node

    def _refuse(self, tree: ast.expr, message: str) -> RuleProblem:
        piece = ast.get_source_segment(self.text, tree) or self.text
        return RuleProblem(f"{message}：{piece}", at=tree.col_offset)

    def _constant(self, tree: ast.Constant) -> Node:
        if isinstance(tree.value, bool):
            return Truth(tree.value, at=tree.col_offset)
        if isinstance(tree.value, str):
            return Text(tree.value, at=tree.col_offset)
        if isinstance(tree.value, int | float):
            value, scale = decimal_parts(ast.get_source_segment(self.text, tree) or "")
            return Number(value, scale, at=tree.col_offset)
        raise self._refuse(tree, "这个值规则里不能用")

    def _name(self, tree: ast.Name) -> Node:
        return Name(tree.id, at=tree.col_offset)

    def _subscript(self, tree: ast.Subscript) -> Node:
        if not isinstance(tree.value, ast.Name):
            raise self._refuse(tree, "查表要写成 表名[键]")
        keys = tree.slice.elts if isinstance(tree.slice, ast.Tuple) else [tree.slice]
        return Lookup(tree.value.id, tuple(self.read(key) for key in keys), at=tree.col_offset)

    def _unaryop(self, tree: ast.UnaryOp) -> Node:
        if isinstance(tree.op, ast.Not):
            return Not(self.read(tree.operand), at=tree.col_offset)
        if isinstance(tree.op, ast.USub):
            return Sum("-", Number(0), self.read(tree.operand), at=tree.col_offset)
        raise self._refuse(tree, "规则里不能这样写")

    def _boolop(self, tree: ast.BoolOp) -> Node:
        items = tuple(self.read(item) for item in tree.values)
        return Logic(isinstance(tree.op, ast.And), items, at=tree.col_offset)

    def _ifexp(self, tree: ast.IfExp) -> Node:
        return Choose(self.read(tree.test), self.read(tree.body), self.read(tree.orelse), at=tree.col_offset)

    def _binop(self, tree: ast.BinOp) -> Node:
        signs: dict[type, str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*"}
        if isinstance(tree.op, ast.Div):
            raise self._refuse(tree, "除法要写明怎么取整，例如 round(a / b)")
        if type(tree.op) not in signs:
            raise self._refuse(tree, "规则里只有 + - * 和 round(a / b)")
        return Sum(signs[type(tree.op)], self.read(tree.left), self.read(tree.right), at=tree.col_offset)

    def _compare(self, tree: ast.Compare) -> Node:
        sides = [tree.left, *tree.comparators]
        parts = [
            self._pair(left, sign, right, tree)
            for left, sign, right in zip(sides[:-1], tree.ops, sides[1:], strict=True)
        ]
        return parts[0] if len(parts) == 1 else Logic(True, tuple(parts), at=tree.col_offset)

    def _pair(self, left: ast.expr, sign: ast.cmpop, right: ast.expr, tree: ast.Compare) -> Node:
        if isinstance(sign, ast.In | ast.NotIn):
            among = Among(self.read(left), self._options(right), at=tree.col_offset)
            return among if isinstance(sign, ast.In) else Not(among, at=tree.col_offset)
        if type(sign) not in COMPARISONS:
            raise self._refuse(tree, "规则里只能用 < <= > >= == != in 比较")
        return Compare(COMPARISONS[type(sign)], self.read(left), self.read(right), at=tree.col_offset)

    def _options(self, tree: ast.expr) -> tuple[str, ...]:
        texts = tree.elts if isinstance(tree, ast.Tuple | ast.List) else [tree]
        options = [item.value for item in texts if isinstance(item, ast.Constant) and isinstance(item.value, str)]
        if len(options) != len(texts):
            raise self._refuse(tree, "in 后面要写带引号的选项，例如 in ('active', 'moving')")
        return tuple(options)

    def _call(self, tree: ast.Call) -> Node:
        name = tree.func.id if isinstance(tree.func, ast.Name) else ""
        if name not in FUNCTIONS or tree.keywords:
            raise self._refuse(tree, f"没有这个函数，可用的有 {'、'.join(FUNCTIONS)}")
        if name in ("round", "floor"):
            return self._round(tree, down=name == "floor")
        if name in ("yuan", "day"):
            return self._literal(tree, name)
        arguments = tuple(self.read(argument) for argument in tree.args)
        if not arguments or (name == "known") != (len(arguments) == 1):
            raise self._refuse(tree, "这个函数的参数个数不对")
        return Call(name, arguments, at=tree.col_offset)

    def _round(self, tree: ast.Call, *, down: bool) -> Node:
        if not 1 <= len(tree.args) <= 2:
            raise self._refuse(tree, "取整要写成 round(数) 或 round(数, yuan(1))")
        step = self.read(tree.args[1]) if len(tree.args) == 2 else Number(1)
        if not isinstance(step, Number) or step.scale or step.value < 1:
            raise self._refuse(tree, "取整到多少，要写正整数")
        inner = tree.args[0]
        divisor: Node = Number(1)
        if isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Div):
            divisor = self.read(inner.right)
            inner = inner.left
        return Round(self.read(inner), divisor, step.value, down, at=tree.col_offset)

    def _literal(self, tree: ast.Call, name: str) -> Node:
        constant = tree.args[0] if len(tree.args) == 1 else None
        if not isinstance(constant, ast.Constant):
            raise self._refuse(tree, "要写成 yuan(5000) 或 day('2026-07-01')")
        if name == "day":
            return self._day(tree, str(constant.value))
        value, scale = decimal_parts(ast.get_source_segment(self.text, constant) or "")
        if scale > 2:
            raise self._refuse(tree, "金额最多两位小数")
        return Number(value * 10 ** (2 - scale), 0, "yuan", at=tree.col_offset)

    def _day(self, tree: ast.Call, text: str) -> Node:
        try:
            return Number(day_number(dt.date.fromisoformat(text)), 0, "date", at=tree.col_offset)
        except ValueError:
            raise self._refuse(tree, "日期要写成 day('2026-07-01')") from None


def decimal_parts(text: str) -> tuple[int, int]:
    """``"3.50"`` is (35, 1): an exact whole number and how many decimals it has."""
    figure = Decimal(text.replace("_", "")).normalize()
    exponent = int(figure.as_tuple().exponent)
    scale = max(0, -exponent)
    return int(figure.scaleb(scale)), scale
