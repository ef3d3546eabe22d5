"""What an expression may say, and what is refused with a sentence."""

import pytest

from yiwang.platform.rules.library.errors import RuleProblem
from yiwang.platform.rules.library.expressions import Compare, Name, Number, decimal_parts, names_in, parse
from yiwang.platform.rules.library.kinds import fact_kind
from yiwang.platform.rules.library.program import Program
from yiwang.platform.rules.tests.factories import condition, fact, formula, parameter, ruleset

FACTS = [
    fact("age", unit="year", low=0, high=130),
    fact("months", unit="month"),
    fact("income", unit="yuan"),
    fact("member", "bool"),
    fact("state", "choice", choices=["active", "none"]),
    fact("born", "date"),
]
TABLES = [
    parameter("line", (100, None, None, ("active",)), unit="yuan", keys=("state",)),
    parameter("least", 16, unit="year"),
]


def read(text, *, as_condition=True):
    rules = ruleset(
        condition("c", text if as_condition else "True"),
        facts=FACTS,
        parameters=TABLES,
        formulas=[] if as_condition else [formula("f", text)],
    )
    return Program(rules).read()


def test_a_comparison_is_read_as_it_is_written():
    assert parse("age >= 16") == Compare(">=", Name("age"), Number(16))
    assert names_in(parse("a and b or a")) == ["a", "b"]
    assert names_in(parse("line[state] + income")) == ["line", "state", "income"]


@pytest.mark.parametrize(
    ("text", "value", "scale"), [("3.50", 35, 1), ("0.8", 8, 1), ("100", 100, 0), ("1_000", 1000, 0), ("0", 0, 0)]
)
def test_decimals_are_exact(text, value, scale):
    assert decimal_parts(text) == (value, scale)


REFUSED = {
    "age >=": "不完整",
    "class == 'a'": "保留字",
    "__import__('os')": "没有这个函数",
    "age.real > 1": "不能这样写",
    "(lambda: 1)()": "没有这个函数",
    "[age]": "不能这样写",
    "age ** 2 > 1": "只有",
    "age / 2 > 1": "怎么取整",
    "round() > 1": "round",
    "round(age, 0) > 1": "正整数",
    "min() > 1": "参数个数",
    "known(age, months)": "参数个数",
    "known(age, key=1)": "没有这个函数",
    "yuan(income) > income": "yuan(5000)",
    "yuan(1.234) > income": "两位小数",
    "day('2026-13-01') > born": "日期",
    "age is 3": "比较",
    "state in active": "带引号",
    "state in ('active', 3)": "带引号",
    "~member": "不能这样写",
    "age > b'x'": "不能用",
    "f(age)(1)": "没有这个函数",
    "(age + 1)[state]": "查表",
    "nobody > 1": "没有“nobody”",
    "line > income": "是一张表",
    "line[age] > income": "键要是选项",
    "line[state, state] > income": "不是这样查",
    "least[state] > age": "不是这样查",
    "line['none'] > income": "对不上",
    "age > income": "金额只能",
    "age > months": "单位不一样",
    "income > 5000": "金额只能",
    "income * income > yuan(1)": "不能相乘",
    "born * 2 > born": "不能相乘",
    "member > 1": "不是一类",
    "member == True": "真假不用比较",
    "state > 'active'": "只能用",
    "state == 'gone'": "没有“gone”",
    "state in ('gone',)": "没有“gone”",
    "age and member": "要是真假",
    "not age": "要是真假",
    "age in ('active',)": "要是选项",
    "state + 1 > 1": "要是数",
    "round(age / months) > 1": "除数可能",
    "min(state, state) == 'active'": "要是数",
    "(age if member else state) == 1": "不是一类",
    "age if age else age": "要是真假",
    "age": "判断真假",
    "income * 1_000_000_000_000 > income * 1_000_000_000_000": "太大",
    "round(income * 1_000_000_000 / 3) > yuan(1)": "太大",
    "c": "绕回",
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_the_language_does_not_know_is_refused_with_a_reason(text):
    with pytest.raises(RuleProblem, match=REFUSED[text].replace("(", r"\(").replace(")", r"\)")):
        read(text)


@pytest.mark.parametrize(
    "text",
    [
        "member and (age >= least or not member)",
        "income * 0.8 > yuan(5000) * 3",
        "16 <= age <= 60",
        "born < today and today - born > 365",
        "born + 30 >= day('2026-07-01')",
        "101 <= month_day <= 1231",
        "state not in ('none',)",
        "income > 0",
        "first(income, yuan(1)) >= max(income, line[state])",
    ],
)
def test_what_experts_need_is_understood(text):
    assert read(text).kinds.names["c"].base == "bool"


def test_a_formula_with_decimals_must_say_how_it_rounds():
    with pytest.raises(RuleProblem, match="取整"):
        read("income * 0.15", as_condition=False)

    assert read("round(income * 0.15)", as_condition=False).kinds.names["f"].unit == "yuan"


def test_a_circle_of_formulas_is_named():
    rules = ruleset(condition("c", "a > 1"), formulas=[formula("a", "b + 1"), formula("b", "a + 1")])

    with pytest.raises(RuleProblem, match="a → b → a"):
        Program(rules).read()


NEVER = [
    "age > 130",
    "age < 16 and age >= 60",
    "state == 'active' and state == 'none'",
    "age >= 20 and age < least",
    "False",
]
SOMETIMES = [
    "age > 129",
    "age < 60 and age >= 16",
    "state == 'active' or state == 'none'",
    "member and not member or age > 3",
]


@pytest.mark.parametrize("text", NEVER)
def test_a_condition_that_can_never_hold_is_found(text):
    assert read(text).never_holds("c")


@pytest.mark.parametrize("text", SOMETIMES)
def test_a_condition_that_may_hold_is_not_suspected(text):
    assert not read(text).never_holds("c")


def test_conditions_that_exclude_each_other_are_found():
    def program(first, second):
        return Program(ruleset(condition("a", first), condition("b", second), facts=FACTS)).read()

    assert program("age < 16", "age > 20").never_yes()
    assert not program("age > 16", "age < 20").never_yes()


def test_facts_without_bounds_get_bounds_that_every_engine_can_reckon_with():
    assert fact_kind(fact("x", unit="yuan")).high == 10**10
    assert fact_kind(fact("x", unit="yuan", low=-5, high=7)).low == -5
