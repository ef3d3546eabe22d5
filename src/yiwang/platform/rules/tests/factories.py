import datetime as dt

from yiwang.platform.rules.library.compiling import compile_ruleset
from yiwang.platform.rules.library.explaining import Version
from yiwang.platform.rules.library.model import Because, Choice, Condition, Fact, Formula, Parameter, RuleSet, Value
from yiwang.platform.rules.library.words import Words

DAY = dt.date(2026, 11, 22)
W = Words("字", "word")


def fact(name, type="number", unit="", choices=(), **more):
    options = tuple(Choice(value, f"选项{value}", f"option {value}") for value in choices)
    given = {"label": Words(f"事实{name}", f"fact {name}"), "origin": "register", "source": W, "correct": W} | more
    return Fact(name=name, type=type, unit=unit, choices=options, **given)


def parameter(name, *values, unit="", keys=(), partial=False):
    """values: (value, from, to, key) with everything after the value optional"""
    rows = []
    for item in values:
        value, start, end, key = _row(item)
        rows.append(Value(value, start, W, "verified", end, key))
    return Parameter(name, W, tuple(rows), unit, keys, partial)


def _row(item):
    item = item if isinstance(item, tuple) else (item,)
    value, start, end, key = (*item, *(None,) * (4 - len(item)))
    return value, start or dt.date(2000, 1, 1), end, key or ()


def condition(key, when, **more):
    given = {
        "requires": Words(f"要{key}", f"needs {key}"),
        "basis": Words("某法第一条", "Some Law, article 1"),
        "evidence": "verified",
    }
    return Condition(key=key, when=when, **(given | more))


def formula(key, value, unit="", **more):
    return Formula(key=key, label=Words(f"公式{key}", f"formula {key}"), value=value, unit=unit, **more)


def ruleset(*conditions, facts=(), parameters=(), formulas=(), key="test", **more):
    return RuleSet(
        key=key,
        title=Words("测试", "Test"),
        facts=tuple(facts),
        conditions=conditions,
        parameters=tuple(parameters),
        formulas=tuple(formulas),
        **more,
    )


def version(*conditions, **parts):
    rules = ruleset(*conditions, **parts)
    return Version(rules, compile_ruleset(rules))


BECAUSE = Because(
    yes=Words("你{age}", "You are {age}"), no=Words("你才{age}，差{margin}", "You are only {age}, {margin} short")
)
