"""``rules check``: everything that is wrong in a folder of rule files, each with file and line."""

import datetime as dt
import keyword
import pathlib
import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from yiwang.platform.rules.library.book import Book, Source, read_book, sentences, used_names
from yiwang.platform.rules.library.cases import run_cases
from yiwang.platform.rules.library.errors import BadFact, Problem, RuleProblem
from yiwang.platform.rules.library.explaining import PLACE
from yiwang.platform.rules.library.expressions import Node, Number, Truth
from yiwang.platform.rules.library.facts import checked_fact
from yiwang.platform.rules.library.model import (
    EVIDENCE,
    FACT_TYPES,
    MONTH_DAY,
    ORIGINS,
    TODAY,
    Condition,
    Fact,
    Parameter,
    RuleSet,
)
from yiwang.platform.rules.library.places import Path
from yiwang.platform.rules.library.program import LEANS, VERDICT, Program
from yiwang.platform.rules.library.words import UNITS, Words

MOST_QUESTIONS = 6
# Counting numbers that are no rule: none, one, two, the months of a year, percent.
PLAIN_NUMBERS = frozenset({0, 1, 2, 12, 100})
OTHER_UNITS = {"yuan", "rate", "date", "month_day"}
CHINESE = re.compile(r"[\u3400-\u9fff]")
SPECIAL_PLACES = {"about", "about_label", "limit", "margin"}


def check_directories(directories: Iterable[pathlib.Path]) -> tuple[Book, list[Problem]]:
    """The book and its problems, in the order of files and lines. Runs the tables of cases if all rules can be read."""
    book = read_book(directories)
    problems = list(book.problems)
    problems += check_vocabulary(book)
    for key in book.rulesets:
        problems += check_programme(book, key)
    if not problems:
        problems += run_cases(book)
    return book, sorted(problems, key=lambda problem: (problem.file, problem.line, problem.code))


def check_vocabulary(book: Book) -> Iterator[Problem]:
    for source in book.shared_sources:
        if source.path.stem == "facts":
            for name, fact in book.facts.items():
                yield from _check_fact(source, name, fact)
        if source.path.stem == "parameters":
            for name in source.data.get("parameters", {}):
                if name in book.parameters:
                    yield from check_parameter(source, book.parameters[name])
        if source.path.stem == "questions":
            yield from _check_questions(book, source)


def _check_fact(source: Source, name: str, fact: Fact) -> Iterator[Problem]:
    where = ("facts", name)
    if where not in source.lines:
        return
    if fact.type not in FACT_TYPES:
        yield source.problem("shape", f"类型只有 {'、'.join(FACT_TYPES)}", (*where, "type"))
    if fact.origin not in ORIGINS:
        yield source.problem("shape", f"来源只有 {'、'.join(ORIGINS)}", (*where, "origin"))
    if fact.unit not in UNITS.keys() | OTHER_UNITS:
        yield source.problem("unit", f"不认识单位“{fact.unit}”", (*where, "unit"))
    if (fact.type == "choice") != bool(fact.choices):
        yield source.problem("shape", "choice 类型要列出选项，别的类型不列", (*where, "choices"))
    for words in (fact.label, fact.source, fact.correct, *(choice.words for choice in fact.choices)):
        yield from _check_words(source, words, where)


def _check_questions(book: Book, source: Source) -> Iterator[Problem]:
    if len(book.questions) > MOST_QUESTIONS:
        yield source.problem("questions", f"最多问{MOST_QUESTIONS}个问题，现在有{len(book.questions)}个")
    asked = {name for question in book.questions for name in question.facts}
    for name, fact in book.facts.items():
        if fact.origin == "asked" and name not in asked:
            yield source.problem("questions", f"要问的事实“{name}”没有一个问题问到它")
    for place, question in enumerate(book.questions):
        where = ("questions", place)
        for words in (question.text, *(option.words for option in question.options)):
            yield from _check_words(source, words, where)
        for facts in (question.otherwise, *(option.facts for option in question.options)):
            for name, value in facts.items():
                if name not in book.facts:
                    yield source.problem("unknown_name", f"词表里没有“{name}”这个事实", where)
                    continue
                try:
                    checked_fact(book.facts[name], value)
                except BadFact as error:
                    yield source.problem("bad_fact", str(error), where)


def check_parameter(source: Source, parameter: Parameter) -> Iterator[Problem]:
    """Unit, source, evidence, and no gap or overlap in the dates of any key."""
    where, name = ("parameters", parameter.name), parameter.name
    values = (*where, "values")
    yield from _check_words(source, parameter.label, where)
    if parameter.unit not in UNITS.keys() | OTHER_UNITS:
        yield source.problem("unit", f"不认识单位“{parameter.unit}”", (*where, "unit"))
    if not parameter.values:
        yield source.problem("no_value", f"“{name}”一个数值也没有", where)
    for value in parameter.values:
        if value.evidence not in EVIDENCE:
            yield source.problem("evidence", f"依据标记只有 {'、'.join(EVIDENCE)}", values)
        if not value.source.zh or not value.source.en:
            yield source.problem("no_source", f"“{name}”的数值{value.value}没写出处（中英文）", values)
        if len(value.key) != len(parameter.keys):
            yield source.problem("shape", f"“{name}”的每个数值要有{len(parameter.keys)}个键", values)
    for key in parameter.key_values:
        yield from _check_dates(source, parameter, key)


def _check_dates(source: Source, parameter: Parameter, key: tuple[str, ...]) -> Iterator[Problem]:
    values = sorted((value for value in parameter.values if value.key == key), key=lambda value: value.valid_from)
    named = f"“{'·'.join([parameter.name, *key])}”"
    where = ("parameters", parameter.name, "values")
    for value in values:
        if value.valid_to is not None and value.valid_to < value.valid_from:
            yield source.problem("dates", f"{named}的止日早于起日", where)
    for earlier, later in pairwise(values):
        if earlier.valid_to is None or earlier.valid_to >= later.valid_from:
            yield source.problem("overlap", f"{named}在{later.valid_from}有两个数值", where)
        elif earlier.valid_to + dt.timedelta(days=1) < later.valid_from:
            yield source.problem("gap", f"{named}从{earlier.valid_to}到{later.valid_from}中间没有数值", where)


def _check_words(source: Source, words: Words, where: Path) -> Iterator[Problem]:
    if not words.zh.strip() or not words.en.strip():
        yield source.problem("translation", "中文和英文都要写", where)
    elif CHINESE.search(words.en):
        yield source.problem("translation", f"英文里还有中文：{words.en}", where)
    elif set(PLACE.findall(words.zh)) != set(PLACE.findall(words.en)):
        yield source.problem("translation", f"中英文里的空格（花括号）不一样：{words.zh}", where)


def check_programme(book: Book, key: str) -> Iterator[Problem]:
    source, ruleset = book.sources[key], book.rulesets[key]
    yield from _check_names(book, source, ruleset)
    for name, parameter in book.own_parameters[key].items():
        yield from check_parameter(source, parameter)
        if name not in used_names(ruleset):
            yield source.problem("unused", f"参数“{name}”没有用到", ("parameters", name))
    program = Program(ruleset)
    sound = True
    for name, where in _expressions(ruleset):
        try:
            program.read_one(name)
        except RuleProblem as error:
            sound = False
            if error.kind != LEANS:
                yield source.problem(error.kind, str(error), where)
            continue
        yield from _check_numbers(source, program.nodes[name], where)
    for place, condition in enumerate(ruleset.conditions):
        yield from _check_condition(book, source, ruleset, condition, ("conditions", place))
    if not sound:
        return
    try:
        program.read_verdict()
    except RuleProblem as error:
        yield source.problem(error.kind, str(error), ("verdict",))
        return
    yield from _check_sense(source, program)


def _expressions(ruleset: RuleSet) -> list[tuple[str, Path]]:
    places: list[tuple[str, Path]] = []
    places += [(formula.key, ("formulas", place, "value")) for place, formula in enumerate(ruleset.formulas)]
    places += [(item.key, ("conditions", place, "when")) for place, item in enumerate(ruleset.conditions)]
    return places


def _check_names(book: Book, source: Source, ruleset: RuleSet) -> Iterator[Problem]:
    if ruleset.key != source.path.stem:
        yield source.problem("key", f"文件名要和 key 一样：{ruleset.key}.toml", ("key",))
    yield from _check_words(source, ruleset.title, ("title",))
    if not ruleset.conditions:
        yield source.problem("no_condition", '至少要有一个条件；人人可办就写 when = "True"')
    taken = {TODAY, MONTH_DAY, VERDICT, *book.facts, *book.parameters, *book.own_parameters[ruleset.key]}
    for name, where in _expressions(ruleset):
        if name in taken:
            yield source.problem("twice", f"“{name}”这个名字已经有了", where)
        if not name.isidentifier() or keyword.iskeyword(name):
            yield source.problem("key", f"“{name}”不能做名字：只用字母、数字和下划线，不用保留字", where)
        taken.add(name)
    if ruleset.total and (ruleset.total not in ruleset.formula or ruleset.formula[ruleset.total].unit != "yuan"):
        yield source.problem("unknown_name", "total 要是一个以 yuan 为单位的公式", ("total",))
    for place, formula in enumerate(ruleset.formulas):
        yield from _check_words(source, formula.label, ("formulas", place))


def _check_numbers(source: Source, node: Node, where: Path) -> Iterator[Problem]:
    if isinstance(node, Number) and node.unit == "" and (node.scale or node.value not in PLAIN_NUMBERS):
        yield source.problem("bare_number", "数字不要写死在公式里，写成带出处的参数", where)
    if isinstance(node, Number) and node.unit == "yuan" and node.value:
        yield source.problem("bare_number", "金额不要写死在公式里，写成带出处的参数", where)
    for child in node.children:
        yield from _check_numbers(source, child, where)


def _check_condition(
    book: Book, source: Source, ruleset: RuleSet, condition: Condition, where: Path
) -> Iterator[Problem]:
    if condition.evidence not in EVIDENCE:
        yield source.problem("evidence", f"依据标记只有 {'、'.join(EVIDENCE)}", (*where, "evidence"))
    if not condition.basis.zh or not condition.basis.en:
        yield source.problem("no_source", f"条件“{condition.key}”没写依据（中英文）", (*where, "basis"))
    known = {*ruleset.fact, *ruleset.formula, *ruleset.parameter, *SPECIAL_PLACES}
    for words in sentences(condition):
        yield from _check_words(source, words, where)
        for name in PLACE.findall(words.zh):
            if name not in known or (name in ruleset.parameter and ruleset.parameter[name].keys):
                yield source.problem("unknown_name", f"句子里的“{{{name}}}”填不出来", where)
    if condition.about and condition.about not in book.facts:
        yield source.problem("unknown_name", f"about 里的“{condition.about}”不是事实", (*where, "about"))
    for mark in condition.marks:
        if mark not in ruleset.formula and mark not in ruleset.parameter:
            yield source.problem("unknown_name", f"marks 里的“{mark}”不是参数或公式", (*where, "marks"))


def _check_sense(source: Source, program: Program) -> Iterator[Problem]:
    contradictory = False
    where: Path
    for place, condition in enumerate(program.ruleset.conditions):
        where = ("conditions", place, "when")
        node = program.nodes[condition.key]
        if program.never_holds(condition.key):
            contradictory = True
            yield source.problem("never", f"条件“{condition.key}”永远不会成立", where)
        elif program.kinds.names[condition.key].always and not isinstance(node, Truth):
            yield source.problem("always", f'条件“{condition.key}”永远成立；人人可办就写 when = "True"', where)
    if not contradictory and program.never_yes():
        yield source.problem("never", "这些条件互相矛盾，没有人能符合", ("conditions", 0))
    for place, formula in enumerate(program.ruleset.formulas):
        kind, where = program.kinds.names[formula.key], ("formulas", place)
        if kind.unit == "yuan" and formula.unit != "yuan":
            yield source.problem("unit", f"公式“{formula.key}”算的是钱，unit 要写 yuan", where)
        if kind.base == "choice" and not kind.choices <= {choice.value for choice in formula.choices}:
            yield source.problem("shape", f"公式“{formula.key}”的结果要列在 choices 里", where)
