"""Every household at once: columns of persons and of households in, class and amounts of every household out.

Persons stand in the order of their households. Amounts are whole fen; a stage of school is its place in ``STAGES``,
a region its place in the choices of ``aid_region``.
"""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from django.utils.translation import gettext as _

from yiwang.platform.rules.library.columns import Plan, extremes, in_pieces, sums
from yiwang.platform.rules.library.errors import BadFact
from yiwang.platform.rules.library.graph import NARROW
from yiwang.platform.rules.library.kinds import fact_kind
from yiwang.rights.aid.reckoning import PAID, PERSON_RULES, RULES, Rules

STAGES = ("none", "preschool", "compulsory", "high_school", "higher")
STUDENTS = ("students_preschool", "students_compulsory", "students_high", "students_higher")
WANTED = ("file_class", "total", *PAID.values())
# A sum over persons takes the place of the first fact of its sum; the others are 0 then.
SUMMED = {"income": "wage_net", "medical_rest": "medical_total", "school_allowed": "education_allowed"}
ZERO: tuple[str, ...] = (
    "pension",
    "unemployment_benefit",
    "business_net_income",
    "property_income",
    "maintenance_received",
)
ZERO += ("other_transfer", "medical_basic", "medical_serious", "medical_assistance", "medical_commercial")
ZERO += ("medical_mutual",)
MONTHS = 13
Columns = Mapping[str, Any]


class Screening:
    """The plans for one set of columns. ``answer`` may be called once or, with ``wanted``, for other figures."""

    def __init__(
        self, rules: Rules, persons: Columns, households: Columns, on: dt.date, wanted: tuple[str, ...] = WANTED
    ):
        self.persons, self.households, self.wanted = persons, households, wanted
        self.rows = len(households["persons"])
        self.ends = np.cumsum(households["persons"], dtype=np.int64)
        self.starts = self.ends - households["persons"]
        self._check_count()
        found = extremes({name: array for name, array in persons.items() if name != "household"})
        most = extremes(households)
        self.person_plan = Plan(
            rules(PERSON_RULES), on, tuple(SUMMED), constants={"costly_school": False}, bounds=_inside(rules, found)
        )
        self.bounds = self._bounds(most)
        self.plan = Plan(rules(RULES), on, wanted, constants=dict.fromkeys(ZERO, 0), bounds=self.bounds)
        self.person_columns = self.person_plan.checked(persons, {})
        self.household_columns = self.plan.checked(households, {})
        regions = [choice.value for choice in self.plan.facts["aid_region"].choices]
        self.regions = self.plan.codes_of("aid_region", regions).astype(np.int32)
        self.stages = self.person_plan.codes_of("school_stage", STAGES).astype(np.int32)
        self.packed = _packed()

    def _check_count(self) -> None:
        if self.rows == 0 or self.households["persons"].min() < 1:
            raise BadFact(_("有的家庭没有一个成员。"))
        if self.ends[-1] != len(self.persons["household"]):
            raise BadFact(_("成员没有按家庭排好，或者人数对不上。"))

    def _check_order(self, start: int, stop: int) -> None:
        """The first and the last person of each household are of that household; asked while they are in the cache."""
        told, numbers = self.persons["household"], np.arange(start, stop)
        first, last = told.take(self.starts[start:stop]), told.take(self.ends[start:stop] - 1)
        if not (np.array_equal(first, numbers) and np.array_equal(last, numbers)):
            raise BadFact(_("成员没有按家庭排好，或者人数对不上。"))

    def _bounds(self, most: Mapping[str, tuple[int, int]]) -> dict[str, tuple[int, int]]:
        persons = most["persons"][1]
        bounds = dict(most)
        for source, target in SUMMED.items():
            node = self.person_plan.graph.nodes[self.person_plan.answers[source][0]]
            bounds[target] = min(0, persons * node.low), persons * node.high
        bounds |= dict.fromkeys(STUDENTS, (0, persons))
        bounds["employed_months"] = 0, 12 * persons
        return bounds

    def answer(self) -> dict[str, Any]:
        """One array per wanted figure; the class as a dictionary column of Arrow's kind: codes into ``classes``."""
        out = {name: np.empty(self.rows, self._kind(name)) for name in self.wanted}

        def work(start: int, stop: int) -> None:
            for name, values in self.plan.run(self._household_piece(start, stop)).items():
                out[name][start:stop] = values

        in_pieces(self.rows, work)
        return out

    def _kind(self, name: str) -> Any:
        node = self.plan.graph.nodes[self.plan.answers[name][0]]
        return np.int64 if node.wide else np.int32

    def _household_piece(self, start: int, stop: int) -> dict[str, Any]:
        self._check_order(start, stop)
        low, high = self.starts[start], self.ends[stop - 1]
        ends = self.ends[start:stop] - low
        stage = self.persons["stage"][low:high]
        persons = self.person_plan.piece(self.person_columns, low, high)
        persons["school_stage"] = self.stages.take(stage)
        found = self.person_plan.run(persons)
        cut = self.plan.piece(self.household_columns, start, stop)
        cut["aid_region"] = self.regions.take(self.households["region"][start:stop])
        for source, target in SUMMED.items():
            values = found[source]
            if self.bounds[target][1] > NARROW or self.bounds[target][0] < -NARROW:
                values = values.astype(np.int64)
            cut[target] = sums(values, ends)
        packed = sums(self.packed.take(stage * np.int8(MONTHS) + self.persons["employed_months"][low:high]), ends)
        for place, name in enumerate(STUDENTS):
            cut[name] = ((packed >> (8 * place)) & 255).astype(np.int32)
        cut["employed_months"] = (packed >> 32).astype(np.int32)
        return cut

    @property
    def classes(self) -> list[str]:
        return self.plan.texts


def _inside(rules: Rules, found: Mapping[str, tuple[int, int]]) -> dict[str, tuple[int, int]]:
    """The extremes of the data, refused where they leave the bounds of the vocabulary."""
    facts = rules(PERSON_RULES).ruleset.fact
    for name, (low, high) in found.items():
        fact = facts.get(name)
        bounds = fact_kind(fact) if fact is not None else None
        if fact is not None and bounds is not None and not bounds.low <= low <= high <= bounds.high:
            raise BadFact(_("“{fact}”里有超出范围的数。").format(fact=fact.label.zh))
    if found["stage"][0] < 0 or found["stage"][1] >= len(STAGES):
        raise BadFact(_("就读阶段的编号不对。"))
    if found["employed_months"][0] < 0 or found["employed_months"][1] >= MONTHS:
        raise BadFact(_("一年的就业月数在0和12之间。"))
    return dict(found)


def _packed() -> Any:
    """Four counts of students and the months in work in one number: one sum instead of five."""
    students = [0, *(1 << (8 * place) for place in range(len(STUDENTS)))]
    return np.array([one + (months << 32) for one in students for months in range(MONTHS)], dtype=np.int64)


def screen_households(rules: Rules, persons: Columns, households: Columns, on: dt.date) -> dict[str, Any]:
    """Columns in memory: ``file_class`` as text codes of Arrow, amounts in fen. Raises BadFact, MissingParameter."""
    screening = Screening(rules, persons, households, on)
    found = screening.answer()
    codes = pa.array(found.pop("file_class"))
    return {"file_class": pa.DictionaryArray.from_arrays(codes, screening.classes), **found}


def screen_parquet(rules: Rules, folder: Path, target: Path, on: dt.date) -> int:
    """``persons.parquet`` and ``households.parquet`` of ``folder`` in, ``target`` out. Returns how many households."""
    persons, households = (_arrays(folder / f"{name}.parquet") for name in ("persons", "households"))
    found = screen_households(rules, persons, households, on)
    pq.write_table(pa.table(found), target, compression="lz4", use_dictionary=["file_class"])
    return len(found["total"])


def _arrays(path: Path) -> dict[str, Any]:
    table = pq.read_table(path)
    return {name: table[name].to_numpy() for name in table.column_names}
