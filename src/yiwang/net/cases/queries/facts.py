"""What the rules may reckon with for one case: the register, and the answers whose keys are facts."""

import datetime as dt
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import get_language

from yiwang.net.cases.formulas import left_per_head
from yiwang.net.cases.models import Case
from yiwang.net.cases.queries.casepage import all_answers
from yiwang.net.cases.queries.limits import plan_of
from yiwang.net.catalogue.queries import facts_of
from yiwang.platform.rules import queries as rules
from yiwang.platform.rules.library.explaining import Answer
from yiwang.platform.rules.library.model import Fact

Facts = dict[str, Any]


def case_facts(case: Case, on: dt.date) -> Facts:
    """Register facts win over what was written in the form, as everywhere."""
    answers = all_answers(case)
    known = rules.vocabulary()
    asked = {name: _fact(known[name], answers[name]) for name in answers if name in known}
    if "household_left_pc" not in asked and answers.get("monthly_income"):
        asked["household_left_pc"] = household_left(answers)
    asked = {name: value for name, value in asked.items() if value is not None}
    return asked | facts_of(case.applicant, {}, on=on)


def household_left(answers: dict[str, Any]) -> int | None:
    """Fen per person and month, from the incomes and the medical costs written in the form."""
    rows = answers.get("household") or []
    incomes = [fen(answers.get("monthly_income")), *(fen(row.get("monthly_income")) for row in rows)]
    return left_per_head(
        incomes=[income or 0 for income in incomes],
        medical_year=fen(answers.get("medical_self_paid")) or 0,
        rent_month=fen(answers.get("monthly_rent")) or 0,
    )


def fen(value: Any) -> int | None:
    try:
        return int(Decimal(str(value)) * 100) if value not in (None, "") else None
    except InvalidOperation:
        return None


def _fact(fact: Fact, value: Any) -> Any:
    """The answer as the vocabulary wants it; None where it does not fit, so that it counts as unknown."""
    if fact.type == "bool":
        return value if isinstance(value, bool) else None
    if fact.type == "choice":
        return value if value in fact.words_of else None
    if fact.type != "number":
        return None
    number = fen(value) if fact.unit == "yuan" else int(value) if str(value).isdigit() else None
    low, high = fact.low, fact.high
    if number is None or (low is not None and number < low):
        return None
    scale = 100 if fact.unit == "yuan" else 1
    return None if high is not None and number > high * scale else number


def rule_answer(case: Case, on: dt.date) -> Answer | None:
    """What the rules propose for this case; None where only a person can judge."""
    key = plan_of(case.version).definition.ruleset
    if not key or key not in rules.ruleset_keys():
        return None
    language = "en" if (get_language() or "").startswith("en") else "zh"
    return rules.explain_many([key], case_facts(case, on), on, language).get(key)
