"""What a rule set is made of. The fields are exactly what experts write in the rule files."""

import datetime as dt
import hashlib
import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from yiwang.platform.rules.library.shapes import from_data, to_data
from yiwang.platform.rules.library.words import Words

FACT_TYPES = ("bool", "number", "choice", "date")
ORIGINS = ("register", "asked", "computed")
EVIDENCE = ("verified", "unverified", "design")
# Facts that every rule may use; the day of the decision supplies them.
TODAY, MONTH_DAY = "today", "month_day"


def canonical(data: Any) -> bytes:
    """The one way to write data as bytes: JSON, keys sorted, UTF-8, no spaces, no fractions."""
    _refuse_fractions(data)
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _refuse_fractions(data: Any) -> None:
    if isinstance(data, float):
        raise TypeError(f"没有小数的位置：{data!r}。金额用分，比例用万分之几。")
    for item in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        _refuse_fractions(item)


@dataclass(frozen=True)
class Choice:
    """One value a choice fact can have."""

    value: str
    zh: str
    en: str

    @property
    def words(self) -> Words:
        return Words(self.zh, self.en)


@dataclass(frozen=True)
class Fact:
    """One thing that may be known about a person. ``ranged``: may be known only as lowest and highest value."""

    name: str
    type: str
    label: Words
    origin: str
    source: Words
    correct: Words
    unit: str = ""
    low: int | None = None
    high: int | None = None
    ranged: bool = False
    sensitive: bool = False
    choices: tuple[Choice, ...] = ()
    question: str = ""  # the question that asks for it; set when the files are read

    @cached_property
    def words_of(self) -> dict[str, Words]:
        return {choice.value: choice.words for choice in self.choices}


@dataclass(frozen=True)
class Option:
    """One answer to a question, and the facts that follow from it."""

    value: str
    zh: str
    en: str
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def words(self) -> Words:
        return Words(self.zh, self.en)


@dataclass(frozen=True)
class Question:
    """One question to the person. ``many``: several answers; what is not chosen takes ``otherwise``."""

    key: str
    text: Words
    options: tuple[Option, ...]
    hint: Words | None = None
    many: bool = False
    otherwise: dict[str, Any] = field(default_factory=dict)

    @property
    def facts(self) -> tuple[str, ...]:
        names = [name for option in self.options for name in option.facts]
        return tuple(dict.fromkeys([*names, *self.otherwise]))


@dataclass(frozen=True)
class Value:
    """One figure of a parameter, from a day on, with the text that sets it. ``valid_to`` is the last day."""

    value: int
    valid_from: dt.date
    source: Words
    evidence: str
    valid_to: dt.date | None = None
    key: tuple[str, ...] = ()

    def holds_on(self, day: dt.date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class Parameter:
    """A number the union or the law sets: one figure at a time, or one per key (city, class, …)."""

    name: str
    label: Words
    values: tuple[Value, ...]
    unit: str = ""
    keys: tuple[str, ...] = ()
    partial: bool = False  # some keys rightly have no figure

    @property
    def key_values(self) -> list[tuple[str, ...]]:
        return list(dict.fromkeys(value.key for value in self.values))

    def on(self, day: dt.date) -> dict[tuple[str, ...], Value]:
        return {value.key: value for value in self.values if value.holds_on(day)}


@dataclass(frozen=True)
class Because:
    """The sentence that follows 因为, for each way the condition can come out."""

    yes: Words | None = None
    no: Words | None = None
    missing: Words | None = None


@dataclass(frozen=True)
class Condition:
    """One requirement, as the person reads it and as the machine decides it."""

    key: str
    requires: Words
    when: str
    basis: Words
    evidence: str
    because: Because = Because()
    about: str = ""  # the fact the reason is about; the first one in the expression if not said
    others: Words | None = None  # what else the person can do when the answer is no
    marks: tuple[str, ...] = ()  # parameters or formulas to draw on the scale beside the person's figure


@dataclass(frozen=True)
class Formula:
    """One figure worked out from facts and parameters; ``shown`` ones are steps of the ledger."""

    key: str
    label: Words
    value: str
    unit: str = ""
    shown: bool = False
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class RuleSet:
    """Everything that decides one programme: closed, so that it means the same for ever."""

    key: str
    title: Words
    facts: tuple[Fact, ...]
    conditions: tuple[Condition, ...]
    parameters: tuple[Parameter, ...] = ()
    formulas: tuple[Formula, ...] = ()
    verdict: str = ""  # over condition keys; all of them if empty
    total: str = ""  # the formula that is the amount

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> "RuleSet":
        return from_data(cls, data)

    def to_data(self) -> dict[str, Any]:
        data: dict[str, Any] = to_data(self)
        return data

    @cached_property
    def sha256(self) -> str:
        return digest(canonical(self.to_data()))

    @cached_property
    def fact(self) -> dict[str, Fact]:
        return {fact.name: fact for fact in self.facts}

    @cached_property
    def parameter(self) -> dict[str, Parameter]:
        return {parameter.name: parameter for parameter in self.parameters}

    @cached_property
    def formula(self) -> dict[str, Formula]:
        return {formula.key: formula for formula in self.formulas}

    @cached_property
    def condition(self) -> dict[str, Condition]:
        return {condition.key: condition for condition in self.conditions}

    @property
    def verdict_text(self) -> str:
        return self.verdict or " and ".join(condition.key for condition in self.conditions)
