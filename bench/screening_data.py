"""Made-up households for ``bench/screening.py``: the same for the same seed, with every class of hardship in them."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from yiwang.platform.rules.library.model import RuleSet

SIZES = (1, 2, 3, 4, 5, 6, 7)
SHARES = (0.06, 0.1, 0.22, 0.28, 0.18, 0.1, 0.06)
STAGES = ("none", "preschool", "compulsory", "high_school", "higher")
CLASSES = ("none", "deep", "relative", "accident", "edge")
INCOME = ("wage_net", "pension", "unemployment_benefit", "property_income", "maintenance_received", "other_transfer")
REIMBURSED = ("medical_basic", "medical_serious", "medical_assistance", "medical_commercial", "medical_mutual")
PRIORS = ("living", "medical", "education", "accident", "warmth", "temporary")


def people(households: int, seed: int = 1) -> tuple[dict[str, Any], dict[str, Any]]:
    """Columns of persons (about four to a household, in the order of households) and of households, amounts in fen."""
    chance = np.random.default_rng(seed)
    sizes = chance.choice(SIZES, households, p=SHARES)
    count = int(sizes.sum())

    def money(share: float, most: int, rows: int) -> Any:
        amounts = chance.integers(0, most * 100, rows, dtype=np.int32)
        amounts[chance.random(rows, dtype=np.float32) >= share] = 0
        return amounts

    persons = {"household": np.repeat(np.arange(households, dtype=np.int32), sizes)}
    persons |= {name: money(share, most, count) for name, share, most in INCOMES}
    persons["business_net_income"] = money(0.05, 60_000, count) - money(0.02, 90_000, count)
    persons["medical_total"] = money(0.3, 60_000, count)
    for place, name in enumerate(REIMBURSED):
        part = persons["medical_total"] // (2, 8, 20, 30, 30)[place]
        persons[name] = np.where(chance.random(count, dtype=np.float32) < 0.6, part, 0).astype(np.int32)
    persons["education_cost"] = money(0.3, 15_000, count)
    persons["stage"] = chance.choice(5, count, p=(0.7, 0.05, 0.12, 0.06, 0.07)).astype(np.int8)
    persons["employed_months"] = chance.integers(0, 13, count, dtype=np.int8)
    return persons, _households(chance, sizes, money)


INCOMES = (
    ("wage_net", 0.55, 110_000),
    ("pension", 0.15, 60_000),
    ("unemployment_benefit", 0.04, 20_000),
    ("property_income", 0.05, 20_000),
    ("maintenance_received", 0.03, 15_000),
    ("other_transfer", 0.05, 5_000),
    ("exempt_income", 0.05, 9_000),
)


def _households(chance: Any, sizes: Any, money: Any) -> dict[str, Any]:
    rows = len(sizes)

    def some(share: float) -> Any:
        return chance.random(rows, dtype=np.float32) < share

    found = {
        "region": chance.integers(0, 13, rows, dtype=np.int8),
        "persons": sizes.astype(np.int8),
        "union_member": some(0.95),
        "rural_migrant": some(0.3),
        "labour_months": chance.integers(0, 120, rows, dtype=np.int16),
        "hard_exclusion": some(0.03),
        "soft_exclusion": some(0.1),
        "disaster_casualty": some(0.005),
        "disability_care": money(0.05, 30_000, rows),
        "accident_loss": money(0.05, 120_000, rows),
    }
    for name, part in (("compensation", 4), ("insurance", 5), ("relief", 10)):
        found[f"accident_{name}"] = np.where(some(0.5), found["accident_loss"] // part, 0).astype(np.int32)
    for item in PRIORS:
        found[f"prior_{item}"] = money(0.05, 5_000, rows)
    return found


def figures(rules: RuleSet, person_rules: RuleSet, on: Any) -> dict[str, Any]:
    """The dated figures of the rule set as plain numbers, for the peer."""
    in_force = {parameter.name: parameter.on(on) for parameter in (*rules.parameters, *person_rules.parameters)}

    def one(name: str, *key: str) -> int:
        value = in_force[name].get(key)
        return -1 if value is None else value.value

    regions = [choice.value for choice in rules.fact["aid_region"].choices]
    plain = {name: one(name) for name, values in in_force.items() if () in values}
    months = [
        [max(0, min(one("aid_school_months", classed, stage), plain["school_cap"])) for stage in STAGES[1:]]
        for classed in CLASSES
    ]
    return plain | {
        "income": list(INCOME),
        "reimbursed": list(REIMBURSED),
        "priors": list(PRIORS),
        "education_cap": [0] + [one("education_cap", stage) for stage in STAGES[1:]],
        "dibao_line": [one("dibao_line", region) for region in regions],
        "living_months": [max(0, min(one("aid_living_months", classed), plain["living_cap"])) for classed in CLASSES],
        "medical_rate": [max(0, one("aid_medical_rate", classed)) for classed in CLASSES],
        "medical_cap": [one("aid_medical_cap", classed) for classed in CLASSES],
        "school_table": [
            [[one("school_table", region, classed, stage) for stage in STAGES[1:]] for classed in CLASSES]
            for region in regions
        ],
        "school_months": months,
    }


def write(
    folder: Path, persons: dict[str, Any], households: dict[str, Any], plain: dict[str, Any], *, packed: bool = True
) -> None:
    """As pyarrow writes by itself (dictionaries, Snappy) or, not ``packed``, the values as they are."""
    how: dict[str, Any] = {} if packed else {"compression": "none", "use_dictionary": False}
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(persons), folder / "persons.parquet", **how)
    pq.write_table(pa.table(households), folder / "households.parquet", **how)
    (folder / "figures.json").write_text(json.dumps(plain))
