"""Households as experts write them (``inputs`` of the worked households, amounts in yuan) into households of the rules,
and the answer in the words of their ``expected``."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from yiwang.rights.aid.household import BadHousehold, Household, Person
from yiwang.rights.aid.packaged import packaged_version
from yiwang.rights.aid.reckoning import RULES, Assessment, assess_by

LABELS = {"edge": "生活暂时困难(送温暖对象,不建困难职工档案)"}
LEVELS = {"national": "ACFTU(全总)"}
KINDS = {
    "pension": "pension",
    "unemployment": "unemployment_benefit",
    "business": "business_net_income",
    "property": "property_income",
    "maintenance": "maintenance_received",
    "transfer": "other_transfer",
}
MEDICAL = ("total", "basic", "serious", "assistance", "commercial", "mutual")


def is_household(inputs: Mapping[str, Any]) -> bool:
    return "members" in inputs and "region" in inputs


def fen(value: Any) -> int:
    """Yuan as people write them; fractions of a fen are refused."""
    try:
        amount = Decimal(str(value)) * 100
    except InvalidOperation:
        raise BadHousehold([_("不是金额：{value}").format(value=value)]) from None
    if amount != amount.to_integral_value():
        raise BadHousehold([_("金额写到了分以下：{value}").format(value=value)])
    return int(amount)


def read_inputs(inputs: Mapping[str, Any]) -> tuple[Household, dt.date]:
    """The household and the day whose rules apply. Raises BadHousehold."""
    try:
        on = dt.date.fromisoformat(inputs["reference_date"])
        household = _household(inputs)
    except (KeyError, TypeError, ValueError) as error:
        raise BadHousehold([_("缺少或写错：{what}").format(what=error)]) from error
    return household, on


def _household(inputs: Mapping[str, Any]) -> Household:
    accident = inputs.get("accident", {})
    persons = [
        Person(ref=f"{n}", relation=row.get("relation", ""), coresident=row.get("coresident", True))
        for n, row in enumerate(inputs["members"], 1)
    ]
    return Household(
        region=inputs["region"],
        union_member=inputs["union_member"],
        persons=tuple(_spread(persons, inputs)),
        rural_migrant=inputs.get("rural_hukou_migrant", False),
        labour_months=int(inputs.get("labour_relation_months", 0)),
        hard_exclusion=tuple(inputs.get("hard_exclusion", ())),
        soft_exclusion=tuple(inputs.get("soft_exclusion", ())),
        disaster_casualty=inputs.get("disaster_casualty", False),
        disability_care=fen(inputs.get("disability_care", 0)),
        accident_loss=fen(accident.get("loss", 0)),
        accident_compensation=fen(accident.get("compensation", 0)),
        accident_insurance=fen(accident.get("insurance", 0)),
        accident_relief=fen(accident.get("relief", 0)),
        prior_aid={item: fen(amount) for item, amount in inputs.get("prior_aid", {}).items()},
    )


def _spread(persons: list[Person], inputs: Mapping[str, Any]) -> list[Person]:
    """Incomes, students and jobs are listed for the household; the sums do not depend on who stands where."""
    fields: list[dict[str, Any]] = [dict(vars(person)) for person in persons]
    if not fields:
        return persons
    for row in inputs.get("income", ()):
        kind = _kind(row)
        fields[0][kind] += fen(Decimal(str(row["monthly"])) * Decimal(str(row["months"])))
    for name in MEDICAL:
        fields[0][f"medical_{name}"] += fen(inputs.get("medical", {}).get(name, 0))
    for place, row in enumerate(inputs.get("students", ())):
        fields[-1 - place % len(fields)] |= _student(row)
    for place, row in enumerate(inputs.get("employed", ())):
        fields[place % len(fields)]["employed_months"] += int(row["months"])
    return [Person(**row) for row in fields]


def _student(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"stage": row["stage"], "education_cost": fen(row["cost"]), "costly_school": row.get("costly", False)}


def _kind(row: Mapping[str, Any]) -> str:
    if not row.get("counted", True):
        return "exempt_income"
    label = str(row.get("label", ""))
    return next((name for start, name in KINDS.items() if label.startswith(start)), "wage_net")


def yuan(amount: int) -> str:
    """``388.22``, ``2300``: no more decimals than needed."""
    whole, rest = divmod(abs(amount), 100)
    return ("-" if amount < 0 else "") + (f"{whole}.{rest:02d}" if rest else f"{whole}")


def explain_household(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The keys of ``expected``, every step, every condition with its margin, and the other orders of items."""
    household, on = read_inputs(inputs)
    found = assess_by(packaged_version, household, on)
    return {
        **expected(found),
        "steps": [
            {"step": place, "rule": step.label.partition(" ")[0], "label": step.label, "value": step.text}
            for place, step in enumerate(found.steps, 1)
        ],
        "conditions": [
            {"requires": reason.label, "holds": reason.holds, "because": reason.because, "margin": reason.margin_text}
            for reason in found.reasons
        ],
        "orders": [
            {"order": list(order.order), "total": yuan(order.total), "in_force": order.chosen} for order in found.orders
        ],
        "ruleset": {"key": RULES, "sha256": found.sha256, "on": on.isoformat()},
    }


def expected(found: Assessment) -> dict[str, Any]:
    """The answer as the worked households write it."""
    figures = found.figures
    return {
        "class": found.file_class,
        "class_label": LABELS.get(found.file_class, found.class_label),
        "n": found.facts["persons"],
        "dibao_line": yuan(figures["line"]),
        "annual_income": yuan(figures["annual_income"]),
        "rigid_expenditure": yuan(figures["rigid"]),
        "net_monthly_per_capita": yuan(figures["net_month"]),
        "gross_monthly_per_capita": yuan(figures["gross_month"]),
        "items": [
            {"item": item.item, "entitlement": yuan(item.entitlement), "payable": yuan(item.payable)}
            for item in found.items
        ],
        "total_payable": yuan(found.total),
        "approval_level": LEVELS.get(found.approval_level, found.approval_level),
        "flags": list(found.flags),
    }
