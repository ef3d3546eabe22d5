"""What the rules propose for one household, with every reason. A person decides; this only proposes."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from yiwang.platform.rules.library.errors import MissingParameter
from yiwang.platform.rules.library.explaining import Outcome, Reason, Step, Version, decide_many
from yiwang.rights.aid.formulas_orders import Order, orders_of
from yiwang.rights.aid.household import MEDICAL, Household, Person, reimbursed_too_much

RULES, PERSON_RULES = "aid", "aid-person"
PAID = {
    "living": "pay_living",
    "medical": "pay_medical",
    "education": "pay_education",
    "accident": "pay_accident",
    "warmth": "pay_warmth",
    "temporary": "pay_temporary",
}
ENTITLED = {"warmth": "pay_warmth", "accident": "accident_aid"}
SUMMED: tuple[str, ...] = ("wage_net", "pension", "unemployment_benefit", "property_income", "maintenance_received")
SUMMED += ("other_transfer", "exempt_income", *MEDICAL, "employed_months")
STUDENTS = ("students_higher", "students_high", "students_compulsory", "students_preschool")
Rules = Callable[[str], Version]


@dataclass(frozen=True)
class Item:
    """One kind of aid that is granted, in fen."""

    item: str
    entitlement: int
    prior: int
    payable: int
    label: str


@dataclass(frozen=True)
class Assessment:
    """The proposal for one household. ``facts`` are those the rules used: freeze them with the decision."""

    on: dt.date
    version: int
    sha256: str
    language: str
    file_class: str
    class_label: str
    items: tuple[Item, ...]
    total: int
    approval_level: str
    collective: bool
    flags: tuple[str, ...]
    reasons: tuple[Reason, ...]
    steps: tuple[Step, ...]
    orders: tuple[Order, ...]
    figures: Mapping[str, Any]
    facts: Mapping[str, Any]
    persons: tuple[Mapping[str, Any], ...]

    @property
    def line(self) -> int:
        return int(self.figures["line"])

    @property
    def net_month(self) -> int:
        return int(self.figures["net_month"])

    @property
    def gross_month(self) -> int:
        return int(self.figures["gross_month"])


def assess_by(rules: Rules, household: Household, on: dt.date, language: str = "zh") -> Assessment:
    """Raises BadHousehold, MissingParameter, BadFact."""
    household.check()
    persons = [_person(rules(PERSON_RULES), person, on) for person in household.coresidents]
    facts = household_facts(household, persons)
    outcome = decided(rules(RULES), facts, on, language)
    return _assessment(outcome, household, persons, language)


def decided(version: Version, facts: Mapping[str, Any], on: dt.date, language: str = "zh") -> Outcome:
    """One outcome; a figure that is not set stops it."""
    outcome = decide_many([version], facts, on)[0]
    if outcome.stopped is not None:
        raise MissingParameter(outcome.stopped.read(language))
    return outcome


def person_facts(person: Person) -> dict[str, Any]:
    known: dict[str, Any] = dict(person.money)
    known["school_stage"] = person.stage or "none"
    known["costly_school"] = person.costly_school
    known["employed_months"] = person.employed_months
    return known


def _person(version: Version, person: Person, on: dt.date) -> dict[str, Any]:
    known = person_facts(person)
    outcome = decided(version, {name: value for name, value in known.items() if name in version.ruleset.fact}, on)
    return {**known, **{formula.key: outcome.result(formula.key) for formula in version.ruleset.formulas}}


def household_facts(household: Household, persons: list[dict[str, Any]]) -> dict[str, Any]:
    """The facts of the rule set ``aid``: sums over those who live together."""
    facts: dict[str, Any] = {name: sum(person[name] for person in persons) for name in SUMMED}
    facts["business_net_income"] = sum(person["business"] for person in persons)
    facts["education_allowed"] = sum(person["school_allowed"] for person in persons)
    for name in STUDENTS:
        facts[name] = sum(person[name.replace("students_", "is_")] for person in persons)
    facts["aid_region"] = city_of(household.region)
    facts["persons"] = len(persons)
    for name in ("union_member", "rural_migrant", "labour_months", "disaster_casualty"):
        facts[name] = getattr(household, name)
    facts["hard_exclusion"], facts["soft_exclusion"] = bool(household.hard_exclusion), bool(household.soft_exclusion)
    facts |= household.money
    facts |= {f"prior_{item}": household.prior_aid.get(item, 0) for item in PAID}
    return facts


def city_of(region: str) -> str:
    """The prefecture city of a six-digit division code: the lines are set per city."""
    return f"{region[:4]}00"


def _assessment(outcome: Outcome, household: Household, persons: list[dict[str, Any]], language: str) -> Assessment:
    answer = outcome.answer(language)
    figures = {formula.key: outcome.result(formula.key) for formula in outcome.ruleset.formulas}
    classes = {choice.value: choice.words for choice in outcome.ruleset.formula["file_class"].choices}

    items = tuple(
        Item(
            item=item,
            entitlement=figures[ENTITLED.get(item, item)],
            prior=outcome.facts[f"prior_{item}"],
            payable=figures[key],
            label=outcome.ruleset.formula[key].label.read(language),
        )
        for item, key in PAID.items()
        if figures[key] > 0
    )
    return Assessment(
        on=outcome.on,
        version=outcome.version.number,
        sha256=outcome.ruleset.sha256,
        language=language,
        file_class=figures["file_class"],
        class_label=classes[figures["file_class"]].read(language),
        items=items,
        total=figures["total"],
        approval_level=figures["approval"],
        collective=figures["collective"],
        flags=tuple(flags_of(outcome, household, figures)),
        reasons=answer.reasons,
        steps=answer.steps,
        orders=orders_of(figures, _places(outcome)),
        figures=figures,
        facts=outcome.facts,
        persons=tuple(persons),
    )


def _places(outcome: Outcome) -> dict[str, int]:
    return {key[0]: value.value for key, value in outcome.ruleset.parameter["item_place"].on(outcome.on).items()}


def flags_of(outcome: Outcome, household: Household, figures: Mapping[str, Any]) -> list[str]:
    """What a second reader must see, as codes for machines."""
    flags = []
    if not outcome.result("migrant_long_enough"):
        months = outcome.ruleset.parameter["migrant_months"].on(outcome.on)[()].value
        flags.append(f"not_fileable:migrant_labour_relation_under_{months}_months")
    if not outcome.result("member"):
        flags.append("not_fileable:not_a_union_member")
    flags += [f"hard_exclusion:{code}" for code in household.hard_exclusion]
    flags += [f"soft_exclusion:{code}" for code in household.soft_exclusion]
    if figures["file_class"] == "deep":
        order = sorted(_places(outcome).items(), key=lambda pair: pair[1])
        stopped = [item for item, _ in order if figures[f"{item}_left"] > 0 and figures[f"deep_{item}"] == 0]
        flags += [f"recheck_stopped_before:{item}" for item in stopped]
    if figures["collective"]:
        over = outcome.ruleset.parameter["collective_over"].on(outcome.on)[()].value // 100
        flags.append(f"over_household_year_soft_cap_{over}:collective_decision_required")
    if reimbursed_too_much(household):
        flags.append("reimbursed_more_than_billed")
    return flags
