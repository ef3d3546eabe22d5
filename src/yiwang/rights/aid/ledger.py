"""The calculation as people read it: what was told, what counts, why; frozen with the decision."""

import dataclasses
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from yiwang.kernel.money import fen, yuan
from yiwang.platform.ui.formats import money_text
from yiwang.platform.ui.parts import Band, Mark, Scale
from yiwang.rights.aid.assessment import assess
from yiwang.rights.aid.codes import Bucket, FileClass, IncomeKind
from yiwang.rights.aid.household import MEDICAL, Household
from yiwang.rights.aid.models import AidFile, Decision, Member
from yiwang.rights.aid.reckoning import Assessment

EXEMPT, WORK, CARE = IncomeKind.EXEMPT, "work", "care"


@dataclass(frozen=True)
class Line:
    """One income or cost of one person. ``told`` is None where nobody declared it: it was found or worked out."""

    group: str
    code: str
    who: str
    told: Decimal | None
    counts: Decimal
    why: str
    origin: str

    @property
    def label(self) -> str:
        if self.group == "income":
            return str(IncomeKind(self.code).label)
        return {
            "medical": _("看病自己付的"),
            "education": _("上学"),
            CARE: _("因残或长期照料"),
            WORK: _("上班的必要花费"),
        }.get(self.code, self.code)

    @property
    def words(self) -> str:
        if self.why:
            return self.why
        if self.code == WORK:
            return _("按上班的月数和低保标准算，不用票据")
        if self.code == EXEMPT:
            return _("低保金、补贴等不算收入")
        if self.code == "education" and self.is_cut:
            return _("每个就读阶段有上限，超过的不算")
        return _("和申报一致") if self.told is not None and not self.is_cut else ""

    @property
    def is_cut(self) -> bool:
        return self.told is not None and self.told != self.counts


@dataclass(frozen=True)
class Ledger:
    incomes: tuple[Line, ...]
    costs: tuple[Line, ...]
    income: Decimal
    rigid: Decimal
    net: Decimal
    people: int
    told_income: Decimal
    told_rigid: Decimal
    told_net: Decimal | None
    told_class: str
    the_class: str
    line: Decimal
    relative: Decimal

    @property
    def cut(self) -> Decimal:
        """How much less of the costs counts than was told; nothing where more counts."""
        return max(self.told_rigid - self.rigid, Decimal(0))

    @property
    def sum_words(self) -> str:
        given = {"income": f"{self.income:,.2f}", "rigid": f"{self.rigid:,.2f}", "people": self.people}
        return _("({income} − {rigid}) ÷ {people}人 ÷ 12个月").format(**given)

    @property
    def sensitivity(self) -> str:
        if self.told_net is None:
            return ""
        net = money_text(self.told_net)
        if self.told_class == self.the_class:
            return _("按申报的{net}算，类别也一样。").format(net=net)
        return _("按申报的{net}算，会是{other}。").format(net=net, other=FileClass(self.told_class).label)

    @property
    def against_line(self) -> str:
        """By how much, in whole words: the sentence a refused household needs."""
        if self.net < self.line:
            return _("比低保标准{line}低{gap}").format(line=money_text(self.line), gap=money_text(self.line - self.net))
        if self.net < self.relative:
            gap = money_text(self.relative - self.net)
            return _("比低保标准的2倍{line}低{gap}").format(line=money_text(self.relative), gap=gap)
        gap = money_text(self.net - self.relative)
        return _("比低保标准的2倍{line}高出{gap}").format(line=money_text(self.relative), gap=gap)

    @property
    def scale(self) -> Scale:
        most = max(self.relative * Decimal("1.2"), self.net * Decimal("1.1"), Decimal(1))
        marks = [
            Mark(_share(self.net, most), _("核定{net}").format(net=f"{self.net:,.2f}"), "value"),
            Mark(_share(self.line, most), _("低保线{line}").format(line=f"{self.line:,.0f}")),
            Mark(_share(self.relative, most), _("2倍{line}").format(line=f"{self.relative:,.0f}")),
        ]
        if self.told_net is not None and self.told_net != self.net:
            told = _("申报{net}").format(net=f"{self.told_net:,.2f}")
            marks.append(Mark(_share(self.told_net, most), told, "declared"))
        bands = [
            Band(_share(self.line, most), str(FileClass.DEEP.label), "deep"),
            Band(_share(self.relative, most), str(FileClass.RELATIVE.label), "middle"),
            Band(1.0, _("高于标准"), "out"),
        ]
        sentence = _("每人每月剩{net}，{against}").format(net=money_text(self.net), against=self.against_line)
        return Scale(sentence, bands, marks)


def _share(amount: Decimal, most: Decimal) -> float:
    return float(min(max(amount / most, Decimal(0)), Decimal(1)))


def freeze(file: AidFile, household: Household, proposal: Assessment) -> str:
    """The lines of today, to be kept with the decision. Figures in fen."""
    members = list(file.members.filter(is_coresident=True).prefetch_related("incomes", "expenses").order_by("pk"))
    lines = [*_incomes(members), *_costs(members, proposal)]
    told = _as_told(household, members)
    other = assess(told, proposal.on) if any(line["told"] is not None for line in lines) else None
    kept = {
        "lines": lines,
        "told_net": other.net_month if other else None,
        "told_class": other.file_class if other else "",
    }
    return json.dumps(kept, ensure_ascii=False, sort_keys=True)


def _incomes(members: Sequence[Member]) -> Iterator[dict[str, Any]]:
    for member in members:
        for income in member.incomes.all():
            counts = 0 if income.kind == EXEMPT else max(0, fen(income.amount))
            told = None if income.declared is None else fen(income.declared)
            yield _row("income", income.kind, member.name, told, counts, income.why, income.origin)


def _costs(members: Sequence[Member], proposal: Assessment) -> Iterator[dict[str, Any]]:
    for member, person in zip(members, proposal.persons, strict=True):
        for bucket in (Bucket.MEDICAL, Bucket.EDUCATION, Bucket.CARE):
            bills = [bill for bill in member.expenses.all() if not bill.is_void and bill.bucket == bucket]
            if not bills:
                continue
            told = [bill.declared for bill in bills if bill.declared is not None]
            paid = fen(sum((bill.self_paid for bill in bills), Decimal(0)))
            counts = person["school_allowed"] if bucket == Bucket.EDUCATION else paid
            why = "；".join(bill.why for bill in bills if bill.why)
            declared = fen(sum(told, Decimal(0))) if told else None
            yield _row("cost", bucket, member.name, declared, counts, why, bills[0].origin)
    if proposal.figures["job_costs"]:
        yield _row("cost", WORK, "", None, proposal.figures["job_costs"], "", "")


def _row(group: str, code: str, who: str, told: int | None, counts: int, why: str, origin: str) -> dict[str, Any]:
    return {"group": group, "code": code, "who": who, "told": told, "counts": counts, "why": why, "origin": origin}


def _as_told(household: Household, members: Sequence[Member]) -> Household:
    """The same household if every amount were as it was declared."""
    by_name = {member.name: member for member in members}
    persons = []
    for person in household.persons:
        member = by_name.get(person.ref)
        changes: dict[str, Any] = {}
        for income in member.incomes.all() if member else ():
            if income.declared is not None:
                changes[income.kind] = fen(income.declared)
        bills = [bill for bill in member.expenses.all() if not bill.is_void] if member else []
        for bucket, name in ((Bucket.MEDICAL, "medical_total"), (Bucket.EDUCATION, "education_cost")):
            some = [bill for bill in bills if bill.bucket == bucket]
            if any(bill.declared is not None for bill in some):
                if bucket == Bucket.MEDICAL:
                    changes |= dict.fromkeys(MEDICAL, 0)
                paid = (bill.self_paid if bill.declared is None else bill.declared for bill in some)
                changes[name] = fen(sum(paid, Decimal(0)))
        persons.append(dataclasses.replace(person, **changes))
    return dataclasses.replace(household, persons=tuple(persons))


def ledger_of(decision: Decision, proposal: Assessment) -> Ledger | None:
    """Nothing for a decision made before ledgers were kept."""
    if not decision.ledger:
        return None
    kept = json.loads(decision.ledger)
    lines = [
        Line(**{**row, "told": None if row["told"] is None else yuan(row["told"]), "counts": yuan(row["counts"])})
        for row in kept["lines"]
    ]
    incomes = tuple(line for line in lines if line.group == "income")
    costs = tuple(line for line in lines if line.group == "cost")
    return Ledger(
        incomes=incomes,
        costs=costs,
        income=yuan(proposal.figures["annual_income"]),
        rigid=yuan(proposal.figures["rigid"]),
        net=yuan(proposal.net_month),
        people=proposal.facts["persons"],
        told_income=_told(incomes),
        told_rigid=_told(costs),
        told_net=None if kept["told_net"] is None else yuan(kept["told_net"]),
        told_class=kept["told_class"],
        the_class=proposal.file_class,
        line=yuan(proposal.line),
        relative=yuan(proposal.figures["relative_line"]),
    )


def _told(lines: Sequence[Line]) -> Decimal:
    amounts = (line.counts if line.told is None else line.told for line in lines)
    return sum(amounts, Decimal(0))
