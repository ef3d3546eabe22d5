"""One person's answer with its reasons: every condition, the fact, the limit, the margin and the source."""

import dataclasses
import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yiwang.platform.rules.library.errors import MissingParameter
from yiwang.platform.rules.library.facts import columns_of, fact_text, is_unknown, known_facts
from yiwang.platform.rules.library.model import Condition, Parameter, RuleSet, Value
from yiwang.platform.rules.library.running import Compiled, Job, answer
from yiwang.platform.rules.library.words import Words, number_text

PLACE = re.compile(r"\{(\w+)\}")
UNKNOWN = Words("还不知道", "not known yet")
OURS = Words("本会暂定", "Set by this union for now")
DEFAULT_BECAUSE = Words("{about_label}是{about}", "{about_label}: {about}")
DEFAULT_MISSING = Words("还不知道{about_label}", "We do not know yet: {about_label}")


@dataclass(frozen=True)
class Version:
    """A rule set ready to answer: its text and its stored SQL."""

    ruleset: RuleSet
    compiled: Compiled
    number: int = 0


@dataclass(frozen=True)
class Mark:
    """One line on the scale a figure is compared with."""

    label: str
    value: int
    text: str


@dataclass(frozen=True)
class Reason:
    """One condition of one answer. ``holds`` is None where a fact is missing."""

    condition: str
    label: str
    holds: bool | None
    because: str
    fact: str
    fact_text: str
    source: str
    basis: str
    evidence: str
    value: int | None = None
    limit: int | None = None
    limit_text: str = ""
    limit_source: str = ""
    margin: int | None = None
    margin_text: str = ""
    unit: str = ""
    others: str = ""
    marks: tuple[Mark, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class MissingFact:
    """A fact that would help to decide. ``exact``: roughly known, the exact figure is what is missing."""

    fact: str
    label: str
    origin: str
    source: str
    question: str = ""
    exact: bool = False


@dataclass(frozen=True)
class Step:
    """One line of the ledger."""

    key: str
    label: str
    value: int | str | bool | None
    text: str
    unit: str


@dataclass(frozen=True)
class Answer:
    """``verdict``: yes, no, missing (``missing`` says what), or stopped (``stopped`` says which number is not set)."""

    ruleset: str
    title: str
    version: int
    sha256: str
    on: dt.date
    verdict: str
    reasons: tuple[Reason, ...]
    missing: tuple[MissingFact, ...]
    steps: tuple[Step, ...] = ()
    amount: int | None = None
    amount_text: str = ""
    stopped: str = ""

    @property
    def one_missing(self) -> bool:
        """差1样就能定: one fact, or the facts that a single question settles."""
        return self.verdict == "missing" and len({item.question or item.fact for item in self.missing}) == 1

    def to_data(self) -> dict[str, Any]:
        return {**dataclasses.asdict(self), "on": self.on.isoformat()}


def explain(version: Version, facts: Mapping[str, Any], on: dt.date, language: str = "zh") -> Answer:
    """Raises BadFact for a fact of the wrong shape, MissingParameter where a number that decides is not in force."""
    outcome = decide_many([version], facts, on)[0]
    if outcome.stopped is not None:
        raise MissingParameter(outcome.stopped.read(language))
    return outcome.answer(language)


def explain_many(
    versions: Sequence[Version], facts: Mapping[str, Any], on: dt.date, language: str = "zh"
) -> list[Answer]:
    """All programmes in one statement. One that lacks a number is ``stopped``; the others still answer."""
    return [outcome.answer(language) for outcome in decide_many(versions, facts, on)]


def decide_many(versions: Sequence[Version], facts: Mapping[str, Any], on: dt.date) -> "list[Outcome]":
    known: dict[str, Any] = {}
    columns: dict[str, Any] = {}
    for version in versions:
        given = known_facts(version.ruleset, facts)
        known |= given
        columns |= columns_of(version.ruleset, given)
    stops = {version.ruleset.key: unset_figure(version.ruleset, on) for version in versions}
    jobs = [
        Job(version.compiled, figures_on(version, on)) for version in versions if stops[version.ruleset.key] is None
    ]
    results = answer(jobs, columns, on)
    return [Outcome(version, known, on, results, stops[version.ruleset.key]) for version in versions]


def unset_figure(ruleset: RuleSet, on: dt.date) -> Words | None:
    """The sentence for the first single-figure parameter that is not in force on that day."""
    for parameter in ruleset.parameters:
        if not parameter.keys and not parameter.on(on):
            return _unset(parameter, on)
    return None


def _unset(parameter: Parameter, on: dt.date) -> Words:
    return Words(
        f"“{parameter.label.zh}”在{on}没有生效的数值，先不作决定。请管规则的人补上这个参数。",
        f"No value of “{parameter.label.en}” is in force on {on}, so nothing is decided. "
        "Ask the rule keepers to add it.",
    )


def figures_on(version: Version, on: dt.date) -> dict[str, int | None]:
    in_force = {parameter.name: parameter.on(on) for parameter in version.ruleset.parameters}
    figures: dict[str, int | None] = {}
    for column, (name, *key) in version.compiled.parameters.items():
        value = in_force[name].get(tuple(key))
        figures[column] = None if value is None else value.value
    return figures


class Outcome:
    """What the engine found for one programme, before it is put into words of one language."""

    def __init__(
        self, version: Version, facts: dict[str, Any], on: dt.date, results: Mapping[str, Any], stopped: Words | None
    ) -> None:
        self.version = version
        self.ruleset = version.ruleset
        self.facts = facts
        self.on = on
        self.results = results
        self.stopped = stopped
        if stopped is None and self.result("verdict") is None:
            self.stopped = self._unset_table()

    def result(self, name: str) -> Any:
        return self.results.get(f"{self.ruleset.key}:{name}")

    def _unset_table(self) -> Words | None:
        for place, name in enumerate(self.version.compiled.tables):
            if self.result(f"stopped:{place}"):
                return _unset(self.ruleset.parameter[name], self.on)
        return None

    @property
    def verdict(self) -> str:
        if self.stopped is not None:
            return "stopped"
        decided = self.result("verdict")
        return "missing" if decided is None else "yes" if decided else "no"

    def missing_in(self, condition: str) -> tuple[str, ...]:
        """The unknown facts that keep a condition open."""
        if self.result(condition) is not None:
            return ()
        about = self.version.compiled.conditions[condition]
        return tuple(
            name
            for name in about["facts"]
            if is_unknown(self.ruleset.fact[name], self.facts.get(name))
            and (about["plain"] or self.result(f"needs:{condition}:{name}"))
        )

    @property
    def missing(self) -> tuple[str, ...]:
        """The unknown facts that keep the verdict open."""
        if self.verdict != "missing":
            return ()
        names: list[str] = []
        for condition in self.version.compiled.needed:
            if not self.ruleset.verdict or self.result(f"needs:{condition}"):
                names += self.missing_in(condition)
        return tuple(dict.fromkeys(names))

    def answer(self, language: str) -> Answer:
        return _Teller(self, language).answer()


class _Teller:
    """Puts one outcome into the words of one language."""

    def __init__(self, outcome: Outcome, language: str) -> None:
        self.outcome = outcome
        self.ruleset = outcome.ruleset
        self.language = language
        self.figures: dict[str, str] = {}

    def answer(self) -> Answer:
        outcome, ruleset = self.outcome, self.ruleset
        amount = outcome.result(ruleset.total) if ruleset.total and outcome.verdict == "yes" else None
        return Answer(
            ruleset=ruleset.key,
            title=ruleset.title.read(self.language),
            version=outcome.version.number,
            sha256=ruleset.sha256,
            on=outcome.on,
            verdict=outcome.verdict,
            reasons=tuple(self._reason(condition) for condition in ruleset.conditions),
            missing=tuple(self._missing(name) for name in outcome.missing),
            steps=tuple(self._steps()),
            amount=amount,
            amount_text="" if amount is None else number_text(amount, "yuan", self.language),
            stopped="" if outcome.stopped is None else outcome.stopped.read(self.language),
        )

    def _missing(self, name: str) -> MissingFact:
        fact = self.ruleset.fact[name]
        exact = self.outcome.facts.get(name) is not None
        label, source = fact.label.read(self.language), fact.source.read(self.language)
        return MissingFact(name, label, fact.origin, source, fact.question, exact)

    def _steps(self) -> list[Step]:
        steps = []
        for formula in self.ruleset.formulas:
            value = self.outcome.result(formula.key)
            if formula.shown and value is not None:
                label = formula.label.read(self.language)
                steps.append(Step(formula.key, label, value, self._named_text(formula.key), formula.unit))
        return steps

    def _reason(self, condition: Condition) -> Reason:
        holds = self.outcome.result(condition.key)
        about = self._about(condition)
        fact = self.ruleset.fact.get(about)
        compared = self._comparison(condition)
        self.figures = {"limit": compared.get("limit_text", ""), "margin": compared.get("margin_text", "")}
        return Reason(
            condition=condition.key,
            label=self._fill(condition.requires, about),
            holds=holds,
            because=self._because(condition, holds, about),
            fact=about,
            fact_text=self._named_text(about) if about else "",
            source=fact.source.read(self.language) if fact else "",
            basis=(condition.basis if condition.evidence == "verified" else OURS).read(self.language),
            evidence=self._evidence(condition),
            others=self._fill(condition.others, about) if condition.others and holds is not True else "",
            marks=tuple(mark for name in condition.marks for mark in self._mark(name)),
            missing=self.outcome.missing_in(condition.key),
            **compared,
        )

    def _about(self, condition: Condition) -> str:
        names = self.outcome.version.compiled.conditions[condition.key]["facts"]
        return condition.about or (names[0] if names else "")

    def _because(self, condition: Condition, holds: bool | None, about: str) -> str:
        because = condition.because
        written = because.missing if holds is None else because.yes if holds else because.no
        default = DEFAULT_MISSING if holds is None else DEFAULT_BECAUSE
        return self._fill(written or default, about)

    def _evidence(self, condition: Condition) -> str:
        """As weak as the weakest number the condition leans on."""
        marks = [condition.evidence]
        limit = self._limit_value(condition)
        if limit is not None:
            marks.append(limit.evidence)
        return next((mark for mark in ("design", "unverified") if mark in marks), "verified")

    def _limit_value(self, condition: Condition) -> Value | None:
        """The dated figure behind the limit, where the limit is a parameter or rests on one table row."""
        compare = self.outcome.version.compiled.conditions[condition.key].get("compare", {})
        names = [compare.get("limit", {}).get("name", ""), *compare.get("limit_names", ())]
        for name in names:
            parameter = self.ruleset.parameter.get(name)
            values = [] if parameter is None else list(parameter.on(self.outcome.on).values())
            if values:
                keys = {str(value) for value in self.outcome.facts.values()}
                return next((value for value in values if set(value.key) <= keys), values[0])
        return None

    def _comparison(self, condition: Condition) -> dict[str, Any]:
        compare = self.outcome.version.compiled.conditions[condition.key].get("compare")
        if compare is None:
            return {}
        value = self._side(condition.key, compare, "value")
        limit = self._side(condition.key, compare, "limit")
        figures: dict[str, Any] = {"unit": compare["unit"]}
        factor = 10 ** compare["scale"]
        if value is not None:
            figures["value"] = _down(value, factor)
        if limit is not None:
            figures["limit"] = _down(limit, factor)
            figures["limit_text"] = number_text(figures["limit"], compare["unit"], self.language)
        if value is not None and limit is not None:
            margin = limit - value if compare["sign"] in ("<", "<=") else value - limit
            figures["margin"] = _down(margin, factor)
            unit = {"date": "day", "year": "years"}.get(compare["unit"], compare["unit"])
            figures["margin_text"] = number_text(figures["margin"], unit, self.language)
        dated = self._limit_value(condition)
        if dated is not None:
            figures["limit_source"] = (dated.source if dated.evidence == "verified" else OURS).read(self.language)
        return figures

    def _side(self, condition: str, compare: dict[str, Any], side: str) -> int | None:
        given = compare[side]
        if "number" in given:
            return int(given["number"])
        if "name" not in given:
            value = self.outcome.result(f"{side}:{condition}")
            return None if value is None else int(value)
        figure = self._named(given["name"])
        return int(figure) * int(given["factor"]) if isinstance(figure, int) else None

    def _mark(self, name: str) -> list[Mark]:
        value = self._named(name)
        if not isinstance(value, int):
            return []
        labelled = self.ruleset.formula.get(name) or self.ruleset.parameter[name]
        return [Mark(labelled.label.read(self.language), value, self._named_text(name))]

    def _named(self, name: str) -> Any:
        """The value of a fact, formula or single-figure parameter."""
        if name in self.ruleset.fact:
            return self.outcome.facts.get(name)
        if name in self.ruleset.parameter:
            value = self.ruleset.parameter[name].on(self.outcome.on).get(())
            return None if value is None else value.value
        return self.outcome.result(name)

    def _named_text(self, name: str) -> str:
        value = self._named(name)
        if value is None:
            return UNKNOWN.read(self.language)
        if name in self.ruleset.fact:
            return fact_text(self.ruleset.fact[name], value, self.language)
        formula = self.ruleset.formula.get(name)
        if formula is not None and formula.choices:
            return {choice.value: choice.words for choice in formula.choices}[value].read(self.language)
        if isinstance(value, bool):
            return Words("是" if value else "否", "yes" if value else "no").read(self.language)
        unit = formula.unit if formula is not None else self.ruleset.parameter[name].unit
        return number_text(value, unit, self.language)

    def _fill(self, words: Words, about: str) -> str:
        def place(match: re.Match[str]) -> str:
            name = match.group(1)
            if name == "about":
                return self._named_text(about)
            if name == "about_label":
                return self.ruleset.fact[about].label.read(self.language)
            return self.figures.get(name) or self._named_text(name)

        return PLACE.sub(place, words.read(self.language))


def _down(value: int, factor: int) -> int:
    """Half up to the unit, for showing only: the comparison itself used the exact figures."""
    whole, rest = divmod(abs(value), factor)
    whole += 2 * rest >= factor
    return whole if value >= 0 else -whole
