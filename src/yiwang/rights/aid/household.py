"""A household as rules see it: plain data, amounts in whole fen, nothing guessed."""

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from yiwang.kernel.errors import DomainError

HARD = ("costly_school", "controls_company", "high_consumption", "refuses_checks", "false_declaration", "refuses_work")
SOFT = ("homes", "vehicle")
ITEMS = ("living", "medical", "education", "accident", "warmth", "temporary")
STAGES = ("", "preschool", "compulsory", "high_school", "higher")
INCOME = (
    "wage_net",
    "pension",
    "unemployment_benefit",
    "business_net_income",
    "property_income",
    "maintenance_received",
    "other_transfer",
    "exempt_income",
)
MEDICAL = (
    "medical_total",
    "medical_basic",
    "medical_serious",
    "medical_assistance",
    "medical_commercial",
    "medical_mutual",
)
MOST_PERSONS = 20
LARGEST = 10**9  # ten million yuan


class BadHousehold(DomainError):
    """The facts of a household cannot be reckoned with."""

    code = "bad_household"

    def __init__(self, problems: list[str]) -> None:
        super().__init__(_("这户人家的资料还不能测算：{problems}。").format(problems="；".join(problems)))
        self.problems = problems


@dataclass(frozen=True)
class Person:
    """One member of the household; money is of one year."""

    ref: str = ""
    relation: str = ""
    coresident: bool = True
    wage_net: int = 0
    pension: int = 0
    unemployment_benefit: int = 0
    business_net_income: int = 0
    property_income: int = 0
    maintenance_received: int = 0
    other_transfer: int = 0
    exempt_income: int = 0
    medical_total: int = 0
    medical_basic: int = 0
    medical_serious: int = 0
    medical_assistance: int = 0
    medical_commercial: int = 0
    medical_mutual: int = 0
    education_cost: int = 0
    stage: str = ""
    costly_school: bool = False
    employed_months: int = 0

    @property
    def money(self) -> dict[str, int]:
        return {name: getattr(self, name) for name in (*INCOME, *MEDICAL, "education_cost")}


@dataclass(frozen=True)
class Household:
    """Those who live together, and what concerns all of them."""

    region: str
    union_member: bool
    persons: tuple[Person, ...]
    rural_migrant: bool = False
    labour_months: int = 0
    hard_exclusion: tuple[str, ...] = ()
    soft_exclusion: tuple[str, ...] = ()
    disaster_casualty: bool = False
    accident_loss: int = 0
    accident_compensation: int = 0
    accident_insurance: int = 0
    accident_relief: int = 0
    disability_care: int = 0
    prior_aid: Mapping[str, int] = field(default_factory=dict)

    @property
    def coresidents(self) -> tuple[Person, ...]:
        return tuple(person for person in self.persons if person.coresident)

    @property
    def money(self) -> dict[str, int]:
        names = ("accident_loss", "accident_compensation", "accident_insurance", "accident_relief", "disability_care")
        return {name: getattr(self, name) for name in names}

    def to_data(self) -> dict[str, Any]:
        data = dataclasses.asdict(self)
        data["persons"] = list(data["persons"])
        data["hard_exclusion"], data["soft_exclusion"] = list(self.hard_exclusion), list(self.soft_exclusion)
        return data

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Household":
        known = dict(data)
        known["persons"] = tuple(Person(**person) for person in known["persons"])
        for name in ("hard_exclusion", "soft_exclusion"):
            known[name] = tuple(known.get(name, ()))
        return cls(**known)

    def check(self) -> None:
        """Raises BadHousehold with everything that is wrong."""
        problems = [*self._problems(), *(line for person in self.persons for line in _person_problems(person))]
        if problems:
            raise BadHousehold(problems)

    def _problems(self) -> Iterator[str]:
        if not self.coresidents:
            yield _("没有一个共同生活的家庭成员")
        if len(self.coresidents) > MOST_PERSONS:
            yield _("家庭成员多于{most}人，请核对").format(most=MOST_PERSONS)
        refs = [person.ref for person in self.persons if person.ref]
        for ref in sorted({ref for ref in refs if refs.count(ref) > 1}):
            yield _("同一个人写了两次：{who}").format(who=ref)
        for code in {*self.hard_exclusion} - {*HARD} | {*self.soft_exclusion} - {*SOFT}:
            yield _("没有这种排除情形：{code}").format(code=code)
        for item in set(self.prior_aid) - {*ITEMS, "mutual"}:
            yield _("没有这种救助：{code}").format(code=item)
        amounts = [*self.money.values(), *self.prior_aid.values()]
        if any(not 0 <= amount <= LARGEST for amount in amounts):
            yield _("全家的金额不能是负数，也不能超过一千万元")
        if not 0 <= self.labour_months <= 900:
            yield _("劳动关系的月数写错了")


def _person_problems(person: Person) -> Iterator[str]:
    who = person.ref or person.relation
    for name, amount in person.money.items():
        low = -LARGEST if name == "business_net_income" else 0
        if isinstance(amount, bool) or not isinstance(amount, int) or not low <= amount <= LARGEST:
            yield _("{who}：金额不能是负数、带分以下的零头，也不能超过一千万元").format(who=who)
            break
    if not 0 <= person.employed_months <= 12:
        yield _("{who}：一年的就业月数在0和12之间").format(who=who)
    if person.stage not in STAGES:
        yield _("{who}：没有这个就读阶段").format(who=who)


def reimbursed_too_much(household: Household) -> bool:
    """Whether reimbursements exceed the bills: then nothing counts as self-paid, and somebody must look."""
    people = household.coresidents
    total = sum(person.medical_total for person in people)
    back: int = sum(getattr(person, name) for person in people for name in MEDICAL[1:])
    return back > total
