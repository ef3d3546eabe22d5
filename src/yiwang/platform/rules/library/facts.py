"""Facts on their way in: checked against the vocabulary, never guessed; and the sentences that show them."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from yiwang.platform.rules.library.errors import BadFact
from yiwang.platform.rules.library.kinds import fact_kind
from yiwang.platform.rules.library.model import Fact, Question, RuleSet
from yiwang.platform.rules.library.words import Words, day_number, number_text

YES, NO = Words("是", "yes"), Words("否", "no")


def known_facts(ruleset: RuleSet, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts this rule set uses, in the form rules reckon with; unknown ones are left out."""
    checked = ((name, checked_fact(fact, facts.get(name))) for name, fact in ruleset.fact.items())
    return {name: value for name, value in checked if value is not None}


def check_names(vocabulary: Mapping[str, Fact], facts: Iterable[str]) -> None:
    """Raises BadFact for a name that is not in the vocabulary, so that a typing error never passes as unknown."""
    for name in facts:
        if name not in vocabulary:
            raise BadFact(f"词表里没有“{name}”这个事实。")


def checked_fact(fact: Fact, value: Any) -> Any:
    """bool, choice text, whole number, or (lowest, highest) for a ranged fact; None stays unknown."""
    if value is None:
        return None
    if fact.type == "bool" and isinstance(value, bool):
        return value
    if fact.type == "choice" and isinstance(value, str) and value in fact.words_of:
        return value
    if fact.ranged and isinstance(value, list | tuple) and len(value) == 2:
        return _checked_range(fact, value[0], value[1])
    if fact.type == "date":
        value = _as_day(value)
    if fact.type in ("number", "date") and isinstance(value, int) and not isinstance(value, bool):
        return _in_bounds(fact, value)
    raise BadFact(f"“{fact.label.zh}”不能是 {value!r}。")


def _checked_range(fact: Fact, low: Any, high: Any) -> Any:
    kind = fact_kind(fact)
    low = kind.low if low is None else low
    high = kind.high if high is None else high
    if not isinstance(low, int) or not isinstance(high, int) or low > high:
        raise BadFact(f"“{fact.label.zh}”的范围写错了。")
    low, high = _in_bounds(fact, low), _in_bounds(fact, high)
    return low if low == high else (low, high)


def _in_bounds(fact: Fact, value: int) -> int:
    kind = fact_kind(fact)
    if not kind.low <= value <= kind.high:
        raise BadFact(f"“{fact.label.zh}”要在{kind.low}和{kind.high}之间。")
    return value


def _as_day(value: Any) -> Any:
    if isinstance(value, dt.date):
        return day_number(value)
    if isinstance(value, str):
        try:
            return day_number(dt.date.fromisoformat(value))
        except ValueError:
            return value  # refused by its caller
    return value


def is_unknown(fact: Fact, value: Any) -> bool:
    return value is None or (fact.ranged and isinstance(value, tuple))


def columns_of(ruleset: RuleSet, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The input columns of the stored SQL."""
    columns: dict[str, Any] = {}
    for name, fact in ruleset.fact.items():
        value = facts.get(name)
        if fact.ranged:
            low, high = value if isinstance(value, tuple) else (value, value)
            columns |= {name: low, f"{name}:high": high}
        else:
            columns[name] = value
    return columns


def fact_text(fact: Fact, value: Any, language: str) -> str:
    """The value as the person would say it."""
    if fact.type == "bool":
        return (YES if value else NO).read(language)
    if fact.type == "choice":
        return fact.words_of[value].read(language)
    unit = "date" if fact.type == "date" else fact.unit
    if isinstance(value, tuple):
        return _range_text(fact, value, unit, language)
    return number_text(value, unit, language)


def _range_text(fact: Fact, value: tuple[int, int], unit: str, language: str) -> str:
    low, high = value
    if unit == "yuan":
        high = -(-high // 100) * 100  # 1,199.99 reads as 1,200
    if high >= fact_kind(fact).high:
        return Words(f"{number_text(low, unit, 'zh')}以上", f"{number_text(low, unit, 'en')} or more").read(language)
    if low <= fact_kind(fact).low:
        return Words(f"{number_text(high, unit, 'zh')}以内", f"up to {number_text(high, unit, 'en')}").read(language)
    first = number_text(low, unit, language)
    last = number_text(high, unit, language)
    return f"{first.removesuffix(' yuan').removesuffix('元')}–{last}"


def facts_from_answers(questions: Iterable[Question], answers: Mapping[str, Any]) -> dict[str, Any]:
    """The facts that follow from the options a person chose. Raises BadFact for an option that does not exist."""
    facts: dict[str, Any] = {}
    for question in questions:
        chosen = answers.get(question.key)
        if chosen is None or chosen == "":
            continue
        values = list(chosen) if question.many else [chosen]
        options = {option.value: option for option in question.options}
        facts |= question.otherwise
        for value in values:
            if value not in options:
                raise BadFact(f"“{question.text.zh}”没有“{value}”这个选项。")
            facts |= options[value].facts
    return facts
