"""Reads folders of rule files into rule sets, and collects what is wrong with them, line by line."""

import csv
import dataclasses
import datetime as dt
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, TypeVar

from yiwang.platform.rules.library.errors import Problem, RuleProblem
from yiwang.platform.rules.library.explaining import PLACE
from yiwang.platform.rules.library.expressions import names_in, parse
from yiwang.platform.rules.library.model import Condition, Fact, Parameter, Question, RuleSet
from yiwang.platform.rules.library.places import Path as TomlPath
from yiwang.platform.rules.library.places import line_of, lines_of
from yiwang.platform.rules.library.shapes import BadShape, from_data
from yiwang.platform.rules.library.words import RATE_SCALE, Words, day_number

T = TypeVar("T")
SHARED = ("facts", "questions", "parameters", "common")
CASES = ".cases.csv"
TRUTHS = {"true": True, "yes": True, "是": True, "false": False, "no": False, "否": False}


@dataclass
class Source:
    """One TOML file and where its entries stand."""

    path: Path
    data: dict[str, Any]
    lines: dict[TomlPath, int]

    def problem(self, code: str, message: str, path: TomlPath = ()) -> Problem:
        return Problem(code, message, str(self.path), line_of(self.lines, path))


@dataclass
class Book:
    """All rule files of some folders: the shared vocabulary and every programme."""

    facts: dict[str, Fact] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)
    parameters: dict[str, Parameter] = field(default_factory=dict)
    common: dict[str, Condition] = field(default_factory=dict)
    rulesets: dict[str, RuleSet] = field(default_factory=dict)
    own_parameters: dict[str, dict[str, Parameter]] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    shared_sources: list[Source] = field(default_factory=list)
    case_files: list[Path] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_book(directories: Iterable[Path]) -> Book:
    """Never raises for what an expert wrote: everything unreadable becomes a problem with file and line."""
    book = Book()
    folders = list(directories)
    for stem in SHARED:
        for folder in folders:
            if (folder / f"{stem}.toml").exists():
                _read_shared(book, folder / f"{stem}.toml", stem)
    for folder in folders:
        for path in sorted(folder.glob("*.toml")):
            if path.stem not in SHARED:
                _read_programme(book, path)
        book.case_files += sorted(folder.glob(f"*{CASES}"))
    return book


def _open(book: Book, path: Path) -> Source | None:
    text = path.read_text("utf-8")
    try:
        # Decimals stay as they are written; a binary fraction never enters a rule.
        data = tomllib.loads(text, parse_float=str)
    except tomllib.TOMLDecodeError as error:
        line = str(error).partition("line ")[2].partition(",")[0]
        number = int(line) if line.isdigit() else len(text.splitlines())
        book.problems.append(Problem("toml", f"文件写法有错：{error}", str(path), number))
        return None
    return Source(path, data, lines_of(text))


def _read_shared(book: Book, path: Path, stem: str) -> None:
    source = _open(book, path)
    if source is None:
        return
    book.shared_sources.append(source)
    if stem == "questions":
        for place, entry in enumerate(source.data.get("questions", [])):
            question = _read(book, source, Question, _with_options(book, entry), ("questions", place))
            if question is not None:
                book.questions.append(question)
                _name_question(book, question)
        return
    for name, entry in source.data.get("conditions" if stem == "common" else stem, {}).items():
        _read_entry(book, source, stem, name, entry)


def _read_entry(book: Book, source: Source, stem: str, name: str, entry: dict[str, Any]) -> None:
    if stem == "facts":
        where: TomlPath = ("facts", name)
        _shelve(book, source, book.facts, Fact, {"name": name, **_fact_data(book, source, name, entry)}, where)
    elif stem == "parameters":
        written = {"name": name, **_parameter_data(book, source, name, entry)}
        _shelve(book, source, book.parameters, Parameter, written, ("parameters", name))
    else:
        _shelve(book, source, book.common, Condition, {"key": name, **entry}, ("conditions", name))


def _shelve(book: Book, source: Source, shelf: dict[str, T], kind: type[T], entry: Any, where: TomlPath) -> None:
    name = str(where[-1])
    if name in shelf:
        book.problems.append(source.problem("twice", f"“{name}”写了两次", where))
    item = _read(book, source, kind, entry, where)
    if item is not None:
        shelf[name] = item


def _name_question(book: Book, question: Question) -> None:
    for name in question.facts:
        if name in book.facts:
            book.facts[name] = dataclasses.replace(book.facts[name], question=question.key)


def _read(book: Book, source: Source, kind: type[T], entry: Any, where: TomlPath) -> T | None:
    try:
        return from_data(kind, entry, where)
    except BadShape as error:
        book.problems.append(source.problem("shape", str(error), error.path))
        return None


def _fact_data(book: Book, source: Source, name: str, entry: dict[str, Any]) -> dict[str, Any]:
    written = dict(entry)
    for bound in ("low", "high"):
        if bound in written:
            written[bound] = _figure(book, source, written[bound], str(entry.get("unit", "")), ("facts", name, bound))
    return written


def _with_options(book: Book, entry: dict[str, Any]) -> dict[str, Any]:
    """The options' facts in the form rules reckon with (yuan written, fen held)."""
    options = []
    for option in entry.get("options", []):
        facts = option.get("facts", {})
        options.append({**option, "facts": {name: written_fact(book.facts, name, raw) for name, raw in facts.items()}})
    return {**entry, "options": options}


def written_fact(facts: dict[str, Fact], name: str, raw: Any) -> Any:
    """A fact as people write it in files: yuan instead of fen, days as 2026-07-01, empty for unknown."""
    fact = facts.get(name)
    if raw is None or raw == "":
        return None
    if fact is None:
        return raw
    if fact.ranged and isinstance(raw, str) and "~" in raw:
        raw = [part.strip() for part in raw.split("~", 1)]
    if isinstance(raw, list):
        return [written_fact(facts, name, item) for item in raw]
    return _written_value(fact, raw)


def _written_value(fact: Fact, raw: Any) -> Any:
    if fact.type == "bool" and isinstance(raw, str):
        return TRUTHS.get(raw.lower(), raw)
    if fact.type == "number":
        try:
            return read_figure(raw, fact.unit)
        except (InvalidOperation, ValueError):
            return raw  # refused with the fact's name when it is checked
    return raw


def read_figure(raw: Any, unit: str) -> int:
    """A written figure as the whole number that rules reckon with."""
    text = str(raw).strip().replace(",", "")
    if unit == "date":
        return day_number(raw if isinstance(raw, dt.date) else dt.date.fromisoformat(text))
    if unit == "month_day":
        month, _, day = text.partition("-")
        return int(dt.date(2024, int(month), int(day)).strftime("%m%d"))
    figure = Decimal(text.removesuffix("%"))
    if text.endswith("%"):
        figure /= 100
    scaled = figure.scaleb({"yuan": 2, "rate": RATE_SCALE}.get(unit, 0))
    if scaled != scaled.to_integral_value():
        raise ValueError(text)
    return int(scaled)


def _figure(book: Book, source: Source, raw: Any, unit: str, where: TomlPath) -> int:
    try:
        return read_figure(raw, unit)
    except (InvalidOperation, ValueError):
        book.problems.append(source.problem("figure", f"这个数读不懂，或小数太多：{raw}", where))
        return 0


def _parameter_data(book: Book, source: Source, name: str, entry: dict[str, Any]) -> dict[str, Any]:
    written = dict(entry)
    rows = list(written.get("values", []))
    table = written.pop("table", None)
    where: TomlPath = ("parameters", name, "values")
    if table is not None:
        rows += _table_rows(book, source, name, str(table), list(entry.get("keys", [])))
    unit = str(entry.get("unit", ""))
    written["values"] = [
        {**row, "value": _figure(book, source, row.get("value"), unit, where)} if isinstance(row, dict) else row
        for row in rows
    ]
    return written


def _table_rows(book: Book, source: Source, name: str, table: str, keys: list[str]) -> list[dict[str, Any]]:
    """The rows of a CSV: one column per key, then value, valid_from, valid_to, source_zh, source_en, evidence."""
    path = source.path.parent / table
    if not path.exists():
        where = ("parameters", name, "table")
        book.problems.append(source.problem("file", f"找不到表格文件 {table}", where))
        return []
    rows = []
    with path.open(encoding="utf-8-sig", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), 2):
            missing = [column for column in (*keys, "value", "valid_from") if not row.get(column)]
            if missing:
                book.problems.append(Problem("table", f"这一行缺{'、'.join(missing)}", str(path), number))
                continue
            words = {"zh": row.get("source_zh") or "", "en": row.get("source_en") or ""}
            item = {"key": [row[key] for key in keys], "value": row["value"], "valid_from": row["valid_from"]}
            ends = {"valid_to": row["valid_to"]} if row.get("valid_to") else {}
            rows.append(item | ends | {"source": words, "evidence": row.get("evidence") or ""})
    return rows


def _read_programme(book: Book, path: Path) -> None:
    source = _open(book, path)
    if source is None:
        return
    data = dict(source.data)
    key = data.get("key", path.stem)
    book.sources[key] = source
    own = _own_parameters(book, source, data.pop("parameters", {}))
    book.own_parameters[key] = own
    data["conditions"] = _with_common(book, source, data.get("conditions", []))
    ruleset = _read(book, source, RuleSet, {**data, "key": key, "facts": [], "parameters": []}, ())
    if ruleset is None:
        return
    names = used_names(ruleset)
    parameters = {**book.parameters, **own}
    book.rulesets[key] = RuleSet(
        key=ruleset.key,
        title=ruleset.title,
        facts=tuple(fact for name, fact in book.facts.items() if name in names),
        parameters=tuple(parameter for name, parameter in parameters.items() if name in names),
        conditions=ruleset.conditions,
        formulas=ruleset.formulas,
        verdict=ruleset.verdict,
        total=ruleset.total,
    )


def _own_parameters(book: Book, source: Source, entries: dict[str, Any]) -> dict[str, Parameter]:
    own = {}
    for name, entry in entries.items():
        where = ("parameters", name)
        if name in book.parameters:
            book.problems.append(source.problem("twice", f"“{name}”已是公用参数，换个名字", where))
        item = _read(book, source, Parameter, {"name": name, **_parameter_data(book, source, name, entry)}, where)
        if item is not None:
            own[name] = item
    return own


def _with_common(book: Book, source: Source, entries: list[dict[str, Any]]) -> list[Any]:
    """Each ``{use = "…"}`` replaced by the shared condition; what is written beside it overrides."""
    shared = next((item for item in book.shared_sources if item.path.stem == "common"), None)
    written = shared.data.get("conditions", {}) if shared else {}
    full = []
    for place, entry in enumerate(entries):
        name = entry.get("use")
        if name is not None and name not in written:
            where = ("conditions", place, "use")
            book.problems.append(source.problem("unknown_name", f"公用条件里没有“{name}”", where))
        elif name is not None:
            rest = {part: value for part, value in entry.items() if part != "use"}
            full.append({"key": name, **written[name], **rest})
        else:
            full.append(entry)
    return full


def used_names(ruleset: RuleSet) -> set[str]:
    """Every name the rule set uses, in expressions and in its sentences."""
    names: set[str] = set()
    for text in [formula.value for formula in ruleset.formulas] + [item.when for item in ruleset.conditions]:
        try:
            names |= set(names_in(parse(text)))
        except RuleProblem:
            continue  # reported by the check of this very expression
    for condition in ruleset.conditions:
        names |= {condition.about, *condition.marks}
        for words in sentences(condition):
            names |= set(PLACE.findall(words.zh)) | set(PLACE.findall(words.en))
    return names


def sentences(condition: Condition) -> list[Words]:
    because = condition.because
    found = (condition.requires, because.yes, because.no, because.missing, condition.others)
    return [words for words in found if words is not None]
