"""What a household said in its application, as facts of a file. Plain Python: nothing guessed, nothing dropped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

MONTHS = 12
RELATIONS = ("spouse", "child", "parent", "in_law")
STATES = {"employed": "working", "unemployed": "unemployed", "retired": "retired", "student": "student"}
INCOMES = {"employed": "wage_net", "retired": "pension", "unemployed": "unemployment_benefit"}
STAGES = {"preschool": "preschool", "compulsory": "compulsory", "senior": "high_school", "higher": "higher"}
CAUSES = {"medical": "6", "education": "9", "living": "10"}
ASSETS = ("homes", "vehicle", "controls_company")
TOLD, MEANS = "told", "means"


@dataclass
class Person:
    """One of the household as the applicant wrote it down; amounts in yuan for a year."""

    name: str
    relation: str
    birth: str = ""
    work_state: str = ""
    stage: str = ""
    school: str = ""
    months: int = 0
    incomes: dict[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class Bill:
    """A cost of one person: the whole and what they paid themselves."""

    name: str
    bucket: str
    total: Decimal
    self_paid: Decimal


@dataclass(frozen=True)
class Declared:
    """One application. The applicant is the first person."""

    persons: tuple[Person, ...]
    bills: tuple[Bill, ...]
    main_cause: str
    assets: tuple[str, ...]
    kinds: tuple[str, ...]
    authorised: tuple[str, ...]
    strangers: tuple[str, ...]  # named for a bill, but not among those who live together


def declared(answers: Mapping[str, Any], applicant: str) -> Declared:
    """1. The applicant with wage and other income. 2. Those who live with them. 3. Students. 4. Bills."""
    me = Person(applicant, "self", work_state="working")
    months = whole(answers.get("months_worked"), MONTHS)
    wage = yuan(answers.get("monthly_income")) * months
    me.months, me.incomes["wage_net"] = months, wage
    if not wage:
        me.work_state = "unemployed"
    if other := yuan(answers.get("other_income")):
        me.incomes["other_transfer"] = other
    persons = [me, *(_person(row) for row in _rows(answers.get("household")) if text(row.get("name")))]
    bills = [*_school(answers, persons)]
    strangers: list[str] = []
    if medical := _medical(answers, persons, strangers):
        bills.append(medical)
    kinds = tuple(text(kind) for kind in answers.get("kinds") or ())
    return Declared(
        persons=tuple(persons),
        bills=tuple(bills),
        main_cause=text(answers.get("main_cause")) or next((CAUSES[kind] for kind in kinds if kind in CAUSES), "10"),
        assets=tuple(code for code in ASSETS if code in (answers.get("assets") or ())),
        kinds=kinds,
        authorised=tuple(text(code) for code in answers.get("authorised") or ()),
        strangers=tuple(strangers),
    )


def _person(row: Mapping[str, Any]) -> Person:
    relation, state = text(row.get("relation")), text(row.get("work_state"))
    person = Person(
        text(row.get("name")),
        relation if relation in RELATIONS else "other",
        birth=text(row.get("birth")),
        work_state=STATES.get(state, "other"),
    )
    if income := yuan(row.get("monthly_income")):
        person.incomes[INCOMES.get(state, "other_transfer")] = income * MONTHS
    person.months = MONTHS if state == "employed" else 0
    return person


def _school(answers: Mapping[str, Any], persons: list[Person]) -> list[Bill]:
    bills = []
    for row in _rows(answers.get("students")):
        name = text(row.get("name"))
        if not name:
            continue
        person = _find(persons, name)
        if person is None:
            person = Person(name, "child", work_state="student")
            persons.append(person)
        person.stage, person.school = STAGES.get(text(row.get("stage")), ""), text(row.get("school"))
        if cost := yuan(row.get("cost")):
            bills.append(Bill(name, "education", cost, cost))
    return bills


def _medical(answers: Mapping[str, Any], persons: Sequence[Person], strangers: list[str]) -> Bill | None:
    total, paid = yuan(answers.get("medical_total")), yuan(answers.get("medical_self_paid"))
    if not total and not paid:
        return None
    patient = text(answers.get("patient")) or persons[0].name
    if _find(persons, patient) is None:
        strangers.append(patient)
        patient = persons[0].name
    return Bill(patient, "medical", max(total, paid), paid or total)


def _find(persons: Sequence[Person], name: str) -> Person | None:
    return next((person for person in persons if person.name == name), None)


def _rows(value: Any) -> list[Mapping[str, Any]]:
    return [row for row in value or () if isinstance(row, Mapping)]


def text(value: Any) -> str:
    return "" if value is None else str(value).strip()


def yuan(value: Any) -> Decimal:
    """An amount as the form keeps it; nothing where there is none."""
    try:
        amount = Decimal(text(value).replace(",", "") or "0")
    except InvalidOperation:
        return Decimal(0)
    return amount if amount.is_finite() else Decimal(0)


def whole(value: Any, otherwise: int) -> int:
    try:
        return int(Decimal(text(value)))
    except InvalidOperation:
        return otherwise
