"""Opening a file and writing down the facts of a household. Bad data is refused with a sentence (RI 1.14)."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from yiwang.kernel import clock
from yiwang.kernel.clock import local_date
from yiwang.kernel.crypto import blind_index
from yiwang.kernel.identity import check_resident_id
from yiwang.kernel.money import CENT
from yiwang.kernel.states import move
from yiwang.net.cases.models import Case
from yiwang.net.cases.queries.routing import line_of
from yiwang.platform.journal.actions import record
from yiwang.platform.rules.queries import parameter
from yiwang.register.accounts.models import User
from yiwang.register.members.models import Person
from yiwang.register.members.queries import identity_hash
from yiwang.register.organisations.models import Organisation
from yiwang.rights.aid.codes import Bucket, IncomeKind, Origin, Relation, WorkState
from yiwang.rights.aid.errors import BadFact, FactsFixed, FileExists
from yiwang.rights.aid.events import FactsChanged, FileOpened
from yiwang.rights.aid.formulas_files import age_on, file_number, fits_stage
from yiwang.rights.aid.models import AidFile, Decision, Expense, Income, Member
from yiwang.rights.aid.queries import other_files, used_invoice, usual_ages

State = AidFile.State
OPEN_TO_FACTS = (
    State.BASE_REVIEW,
    State.VISITING,
    State.CROSSCHECKING,
    State.BASE_OPINION,
    State.EXPLAIN,
    State.PUBLICITY,
    State.OBJECTION_CHECK,
    State.COUNTY_REVIEW,
    State.REVIEWING,
    State.RELAPSE_CHECK,
)
COUNTY = 4
ZERO = Decimal(0)


@transaction.atomic
def open_file(
    applicant: Person,
    *,
    organisation: Organisation,
    region: str,
    by: User,
    case: Case | None = None,
    is_urgent: bool = False,
    now: dt.datetime | None = None,
    **circumstances: Any,
) -> AidFile:
    """One household, one file. The applicant is its first member."""
    now = now or clock.now()
    known = other_files([applicant.id_hash]).first()
    if known is not None:
        raise FileExists(applicant.name, known.file.organisation.name)
    county = next((body for body in line_of(organisation) if body.level <= COUNTY), organisation)
    file = AidFile.objects.create(
        number=_next_number(region, local_date(now).year),
        case=case,
        applicant=applicant,
        organisation=organisation,
        county=county,
        region=region[:6],
        is_urgent=is_urgent,
        household_key=blind_index("household", applicant.id_hash),
        opened_on=local_date(now),
        **circumstances,
    )
    Member.objects.create(
        file=file,
        name=applicant.name,
        relation=Relation.SELF,
        id_number=applicant.id_number,
        id_hash=applicant.id_hash,
        birth_date=applicant.birth_date,
    )
    record(FileOpened(aid_file_id=file.pk, urgent=is_urgent), by=by)
    return file


NEXT = """
    INSERT INTO cases_numberseries (kind, year, place, last) VALUES ('aid', %s, %s, 1)
    ON CONFLICT (kind, year, place) DO UPDATE SET last = cases_numberseries.last + 1 RETURNING last
"""


def _next_number(region: str, year: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute(NEXT, [year, region[2:6]])
        return file_number(region, year, cursor.fetchone()[0])


@transaction.atomic
def add_member(
    file: AidFile,
    *,
    name: str,
    relation: str,
    by: User,
    id_number: str = "",
    birth_date: dt.date | None = None,
    now: dt.datetime | None = None,
    **facts: Any,
) -> Member:
    """Somebody of the household. A person stands in one file only."""
    today = local_date(now or clock.now())
    id_hash = ""
    if id_number:
        identity = check_resident_id(id_number, today)
        id_number, birth_date = identity.number, identity.birth_date
        id_hash = identity_hash("1", id_number)
        known = other_files([id_hash], but=file).first()
        if known is not None:
            raise FileExists(name, known.file.organisation.name)
    _check_member(birth_date, today, facts)
    member = Member(
        file=file,
        name=name.strip(),
        relation=relation,
        id_number=id_number or None,
        id_hash=id_hash,
        birth_date=birth_date,
        **facts,
    )
    try:
        with transaction.atomic():
            member.save()
    except IntegrityError as clash:
        raise BadFact(_("这个人已经在这户里了。"), "id_number") from clash
    note_change(file, "member", by=by)
    return member


def _check_member(birth: dt.date | None, today: dt.date, facts: dict[str, Any]) -> None:
    if birth is not None and birth > today:
        raise BadFact(_("出生日期在以后，请核对。"), "birth_date")
    if facts.get("disability_grade") and not facts.get("disability_number"):
        raise BadFact(_("填了残疾等级，就要填残疾证号。"), "disability_number")
    if not 0 <= facts.get("employed_months", 0) <= 12:
        raise BadFact(_("一年最多工作12个月。"), "employed_months")
    stage = facts.get("stage")
    if not stage or birth is None:
        return
    age = age_on(birth, today)
    longest = int(parameter("aid_study_age", today))
    if age > longest and not facts.get("school"):
        raise BadFact(_("{age}岁还在上学，请写明学校并附在读证明。").format(age=age), "school")
    slack = int(parameter("aid_study_slack", today))
    if age <= longest and not fits_stage(age, usual=usual_ages(stage, today), slack=slack):
        raise BadFact(_("{age}岁和这个就读阶段对不上，请核对。").format(age=age), "stage")


@transaction.atomic
def remove_member(member: Member, *, by: User) -> None:
    if member.relation == Relation.SELF:
        raise BadFact(_("申请人本人不能删掉。"))
    file = member.file
    member.delete()
    note_change(file, "member", by=by)


@transaction.atomic
def set_income(
    member: Member,
    *,
    kind: str,
    amount: Decimal,
    by: User,
    proof: str = Income.Proof.PROMISED,
    months: int | None = None,
    origin: str = Origin.OFFICER,
    declared: Decimal | None = None,
    why: str = "",
) -> None:
    """The income of one kind in the year; nothing below zero but a business, no part of a fen.

    An amount other than the applicant's own needs its reason; theirs stays beside it.
    """
    if amount != amount.quantize(CENT):
        raise BadFact(_("金额最多写到分。"), "amount")
    if amount < 0 and kind != IncomeKind.BUSINESS:
        raise BadFact(_("收入不能是负数。"), "amount")
    if kind == IncomeKind.WAGE and member.work_state == WorkState.RETIRED and amount > 0:
        raise BadFact(_("退休的人不能有在职工资，请改成养老金。"), "kind")
    if months is not None and not 0 <= months <= 12:
        raise BadFact(_("一年最多工作12个月。"), "months")
    facts: dict[str, Any] = {"amount": amount, "proof": proof, "why": why.strip()[:200]}
    if declared is not None:
        facts |= {"declared": declared, "origin": origin}
    known = Income.objects.filter(member=member, kind=kind).first()
    if known is not None and known.declared is not None and declared is None:
        _explained(known.declared, amount, why)
    Income.objects.update_or_create(member=member, kind=kind, defaults=facts)
    if months is not None:
        member.employed_months = months
        member.save(update_fields=["employed_months"])
    note_change(member.file, "income", by=by)


def _explained(declared: Decimal, allowed: Decimal, why: str) -> None:
    if declared != allowed and not why.strip():
        raise BadFact(_("和本人申报的不一样，请写明为什么，本人会看到。"), "why")


@transaction.atomic
def add_expense(
    member: Member,
    *,
    bucket: str,
    total: Decimal,
    day: dt.date,
    by: User,
    invoice: str = "",
    payee: str = "",
    origin: str = Origin.OFFICER,
    declared: Decimal | None = None,
    now: dt.datetime | None = None,
    **reimbursed: Decimal,
) -> Expense:
    """One bill in one bucket. A number that any file used before is refused, in whichever county that was."""
    today = local_date(now or clock.now())
    _check_amounts(total, reimbursed, bucket)
    if day > today:
        raise BadFact(_("日期在以后，请核对。"), "day")
    if day < today - dt.timedelta(days=int(parameter("aid_bill_days", today))):
        raise BadFact(_("这张票据太早，不在这次计算的时间里。"), "day")
    invoice = "".join(invoice.split()).upper()
    if invoice and used_invoice(invoice, but=member.file) is not None:
        raise BadFact(_("这张票据已经在另一份档案里用过，不能再用。"), "invoice")
    try:
        with transaction.atomic():
            expense = Expense.objects.create(
                member=member, bucket=bucket, total=total, day=day, invoice=invoice, payee=payee.strip(),
                origin=origin, declared=declared, **reimbursed,
            )  # fmt: skip
    except IntegrityError as clash:
        raise BadFact(_("这张票据已经用过了，一张票据只能算在一种支出里。"), "invoice") from clash
    note_change(member.file, "expense", by=by)
    return expense


def _check_amounts(total: Decimal, reimbursed: dict[str, Decimal], bucket: str) -> None:
    amounts = [total, *reimbursed.values()]
    if any(amount < 0 or amount != amount.quantize(CENT) for amount in amounts) or total == 0:
        raise BadFact(_("金额要大于0，最多写到分。"), "total")
    if any(reimbursed.values()) and bucket != Bucket.MEDICAL:
        raise BadFact(_("只有看病的票据才填报销。"), "bucket")


@transaction.atomic
def correct_expense(expense: Expense, *, total: Decimal, why: str, by: User, **reimbursed: Decimal) -> None:
    """What the papers say instead of what was told; what was told stays beside it."""
    _check_amounts(total, reimbursed, expense.bucket)
    for name, amount in {"total": total, **reimbursed}.items():
        setattr(expense, name, amount)
    if expense.declared is not None:
        _explained(expense.declared, expense.self_paid, why)
    expense.why = why.strip()[:200]
    expense.save(update_fields=["total", "why", *reimbursed])
    note_change(expense.member.file, "expense", by=by)


@transaction.atomic
def void_expense(expense: Expense, *, by: User) -> None:
    Expense.objects.filter(pk=expense.pk).update(is_void=True)
    expense.is_void = True
    note_change(expense.member.file, "expense", by=by)


@transaction.atomic
def set_circumstances(file: AidFile, *, by: User, now: dt.datetime | None = None, **facts: Any) -> None:
    """What concerns the whole household: causes, exclusions, accident, care, labour relation."""
    if facts.get("main_cause") and facts["main_cause"] in facts.get("other_causes", []):
        raise BadFact(_("主要原因不用再写进次要原因。"), "other_causes")
    if len(facts.get("other_causes", [])) > 3:
        raise BadFact(_("次要原因最多选三项。"), "other_causes")
    for name in ("accident_loss", "accident_paid", "disability_care"):
        if facts.get(name) is not None and facts[name] < ZERO:
            raise BadFact(_("金额不能是负数。"), name)
    for name, value in facts.items():
        setattr(file, name, value)
    file.save(update_fields=list(facts))
    note_change(file, "circumstances", by=by)


def note_change(file: AidFile, what: str, *, by: User) -> None:
    """Every change counts up the version; a proposal made on older facts must be made anew."""
    file.refresh_from_db(fields=["state"])
    if file.state not in OPEN_TO_FACTS:
        raise FactsFixed(file.get_state_display())
    AidFile.objects.filter(pk=file.pk).update(facts_version=F("facts_version") + 1)
    file.refresh_from_db(fields=["facts_version"])
    stale = Decision.objects.filter(file=file, decided_at=None, is_stale=False)
    for decision in stale:
        decision.is_stale = True
        decision.save(update_fields=["is_stale"])
        decision.grants.filter(state="proposed").update(state="cancelled")
    if file.state == State.COUNTY_REVIEW and not file.is_urgent:
        move(file, State.BASE_OPINION)
    record(FactsChanged(aid_file_id=file.pk, what=what, version=file.facts_version), by=by)
