"""Reads about aid files, and the one place where rows become the household that rules see."""

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from yiwang.kernel import clock
from yiwang.kernel.clock import add_months, deadline, due_day, local_date
from yiwang.kernel.money import fen, yuan
from yiwang.net.cases.models import Case
from yiwang.net.cases.models.case import OPEN_STATES
from yiwang.net.payments.models import Fund, Payment
from yiwang.net.payments.queries import payments_for
from yiwang.platform.files.models import Document
from yiwang.platform.rules.queries import parameter, work_calendar
from yiwang.platform.ui.formats import money_text
from yiwang.register.members.models import Person as RegisteredPerson
from yiwang.rights.aid.assessment import assess
from yiwang.rights.aid.codes import AssetKind, Bucket, FileClass, IncomeKind, Knowledge
from yiwang.rights.aid.formulas_belongings import Thing, excluded_by
from yiwang.rights.aid.household import HARD, SOFT, Household, Person
from yiwang.rights.aid.models import AidFile, Appeal, Application, Asset, Decision, Expense, Grant, Member
from yiwang.rights.aid.reckoning import Assessment, city_of

PAYABLE = (AidFile.State.FILED, AidFile.State.REVIEWING)
WITHOUT_FILE = ("warmth", "temporary")  # paid to households that get no file
PARTS = ("basic", "serious", "assistance", "commercial", "mutual")


def doubts_about_grants(ids: Sequence[int]) -> dict[int, str]:
    """Which grants may not be paid now: cancelled ones, and those of a file that is not in force (RI 1.10 rule 6)."""
    doubts = {}
    for grant in Grant.objects.filter(pk__in=ids).select_related("file"):
        if grant.state != Grant.State.APPROVED:
            doubts[grant.pk] = _("这项帮扶已经取消")
        elif grant.item not in WITHOUT_FILE and grant.file.state not in PAYABLE:
            doubts[grant.pk] = _("档案不在档，不能发放")
    return doubts


def hardship_facts(person: RegisteredPerson, on: dt.date) -> dict[str, Any]:
    """The class of the household a person lives in, in the words of the rules. Frozen, over or not decided yet: none.

    Temporary difficulty gets no file; it stands for the months after which a file would be looked at again.
    """
    mine = Q(applicant=person) | Q(members__id_hash=person.id_hash, members__is_coresident=True)
    files = AidFile.objects.filter(mine if person.id_hash else Q(applicant=person)).exclude(file_class="")
    since = add_months(on, -int(parameter("aid_review_months", on)))
    edge = Q(state=AidFile.State.REFUSED, file_class=FileClass.EDGE, closed_on__gte=since)
    standing = files.filter(Q(state__in=PAYABLE) | edge).order_by("-pk").values_list("file_class", flat=True).first()
    return {"hardship_class": standing or FileClass.NONE.value}


def file_of_case(case_id: int) -> AidFile | None:
    application = Application.objects.filter(case_id=case_id).select_related("file").first()
    return application.file if application else None


def desk_url(case_id: int) -> str:
    file = file_of_case(case_id)
    return reverse("aid:file-detail", args=[file.public_id]) if file else ""


def own_url(case_id: int) -> str:
    return reverse("aid:own-file") if file_of_case(case_id) else ""


def things_of(file: AidFile) -> list[Thing]:
    """The belongings that count, as formulas read them."""
    rows = file.assets.filter(is_void=False).order_by("pk")
    return [Thing(row.kind, row.holding, row.area, row.vehicle_use, row.value, row.controls) for row in rows]


def exclusions_of(file: AidFile, people: int, on: dt.date) -> list[str]:
    """Those a person wrote down, and those that belongings bring with them."""
    bounds = {"homes": int(parameter("aid_homes", on)), "area_each": int(parameter("aid_home_area", on))}
    return list(dict.fromkeys([*file.exclusions, *excluded_by(things_of(file), people=people, **bounds)]))


def household_of(file: AidFile, *, on: dt.date) -> Household:
    """The facts of a file as the rules read them, in whole fen."""
    members = list(file.members.prefetch_related("incomes", "expenses").order_by("pk"))
    live = [expense for member in members for expense in member.expenses.all() if not expense.is_void]
    care = sum((expense.total for expense in live if expense.bucket == Bucket.CARE), file.disability_care)
    loss = sum((expense.total for expense in live if expense.bucket == Bucket.ACCIDENT), file.accident_loss)
    exclusions = exclusions_of(file, sum(member.is_coresident for member in members), on)
    return Household(
        region=file.region,
        union_member=file.is_union_member,
        rural_migrant=file.is_rural_migrant,
        labour_months=file.labour_months,
        hard_exclusion=tuple(code for code in exclusions if code in HARD),
        soft_exclusion=tuple(code for code in exclusions if code in SOFT),
        disaster_casualty=file.disaster_casualty,
        accident_loss=fen(loss),
        accident_compensation=fen(file.accident_paid),
        disability_care=fen(care),
        prior_aid=prior_aid(file, year=on.year),
        persons=tuple(_person(member) for member in members),
    )


def _person(member: Member) -> Person:
    incomes = {income.kind: fen(income.amount) for income in member.incomes.all()}
    bills = [expense for expense in member.expenses.all() if not expense.is_void]
    medical = [bill for bill in bills if bill.bucket == Bucket.MEDICAL]
    school = sum((bill.total for bill in bills if bill.bucket == Bucket.EDUCATION), Decimal(0))
    return Person(
        ref=member.name,
        relation=str(member.get_relation_display()),
        coresident=member.is_coresident,
        stage=member.stage,
        costly_school=member.costly_school,
        employed_months=member.employed_months,
        education_cost=fen(school),
        medical_total=fen(sum((bill.total for bill in medical), Decimal(0))),
        **{f"medical_{part}": fen(sum((getattr(bill, part) for bill in medical), Decimal(0))) for part in PARTS},
        **{kind: incomes.get(kind, 0) for kind in IncomeKind.values},
    )


def prior_aid(file: AidFile, *, year: int) -> dict[str, int]:
    """Same item, same household, same year, from any payer: what is approved or paid already (RI 1.11)."""
    identities = list(file.members.exclude(id_hash="").values_list("id_hash", flat=True))
    same = Q(file=file) | Q(file__members__id_hash__in=identities)
    grants = Grant.objects.filter(same, year=year, state=Grant.State.APPROVED).distinct()
    live = {grant.pk: grant for grant in grants}
    gone = {
        number
        for number, payment in payments_for("aid.grant", list(live)).items()
        if payment.state in (Payment.State.CANCELLED, Payment.State.RECOVERED)
    }
    sums: dict[str, int] = {}
    for grant in live.values():
        if grant.pk not in gone:
            sums[grant.item] = sums.get(grant.item, 0) + fen(grant.payable)
    return sums


def line_of_file(file: AidFile, on: dt.date) -> Decimal:
    """The subsistence line where the household lives, in yuan a month for each head."""
    return yuan(int(parameter("dibao_line", on, city_of(file.region))))


def due_calls(files: QuerySet[AidFile], on: dt.date) -> QuerySet[AidFile]:
    """Households that left and are to be called by now."""
    return files.filter(state=AidFile.State.EXITED, call_due__lte=on)


def usual_ages(stage: str, on: dt.date) -> tuple[int, int]:
    """From which age to which a stage of school usually goes."""
    return int(parameter("aid_stage_from", on, stage)), int(parameter("aid_stage_to", on, stage))


def expenses_of(file: AidFile) -> list[Expense]:
    """Every bill of the household, in the order in which its page counts them."""
    return list(Expense.objects.filter(member__file=file).select_related("member").order_by("pk"))


def appeal_end(moment: dt.datetime) -> dt.date:
    """The last day to object to a decision of that moment."""
    days = int(parameter("aid_appeal_days", local_date(moment)))
    return due_day(deadline(moment, days, "workday", work_calendar(), at=moment))


def appeal_until(decision: Decision) -> dt.date:
    return appeal_end(decision.decided_at or decision.prepared_at)


def appeal_of(decision: Decision | None) -> Appeal | None:
    return Appeal.objects.filter(decision=decision).first() if decision else None


def open_appeal(file: AidFile) -> Appeal | None:
    waiting = Appeal.objects.filter(decision__file=file, answered_at=None)
    return waiting.select_related("decision__file__applicant__user").order_by("-pk").first()


def open_decision(file: AidFile) -> Decision | None:
    return file.decisions.filter(decided_at=None, is_stale=False).first()


def other_files(identity_hashes: Sequence[str], *, but: AidFile | None = None) -> QuerySet[Member]:
    """Members of other files that are in hand or in force."""
    found = Member.objects.filter(id_hash__in=identity_hashes, file__in=AidFile.objects.active())
    found = found.exclude(file=but) if but is not None else found
    return found.select_related("file__organisation")


TOLD = {"is_void": False, "origin": Knowledge.APPLICANT}


def asset_title(asset: Asset) -> str:
    """Whose and what: “李芳 车辆”."""
    who = asset.owner.name if asset.owner else _("全家")
    return f"{who} {asset.get_kind_display()}"


def asset_text(asset: Asset) -> str:
    """What is known of it, in a line."""
    parts = [asset.get_holding_display() if asset.kind != AssetKind.MONEY else "", asset.get_housing_display()]
    parts.append(_("{area}平方米").format(area=f"{asset.area.normalize():f}") if asset.area is not None else "")
    parts.append(asset.get_vehicle_use_display())
    parts.append(_("控股或实际控制") if asset.controls else "")
    parts.append(money_text(asset.value) if asset.value is not None else "")
    return _("，").join(str(part) for part in [*parts, asset.words] if part)


def declared_facts(file: AidFile) -> list[tuple[str, str]]:
    """What the household told, one by one, for two officers to look at."""
    facts = [(asset_title(asset), asset_text(asset)) for asset in file.assets.filter(**TOLD).order_by("pk")]
    for member in file.members.prefetch_related("incomes", "expenses").order_by("pk"):
        for income in member.incomes.all():
            if income.declared is not None:
                facts.append((f"{member.name} {income.get_kind_display()}", money_text(income.declared)))
        for bill in member.expenses.all():
            if bill.declared is not None and not bill.is_void:
                facts.append((f"{member.name} {bill.get_bucket_display()}", money_text(bill.declared)))
    return facts


def papers_of(file: AidFile) -> list[Document]:
    """What was handed in with the requests of the household, and photographs of the visits."""
    cases = list(file.applications.values_list("case_id", flat=True))
    visits = list(file.visits.values_list("pk", flat=True))
    places = Q(subject="case", subject_id__in=cases) | Q(subject="aid_visit", subject_id__in=visits)
    return list(Document.objects.live().filter(places).order_by("pk"))


def has_asked(person: RegisteredPerson, service: str) -> bool:
    """A request that waits or was answered this year, or a file in hand or in force."""
    if other_files([person.id_hash]).exists():
        return True
    since = clock.now() - dt.timedelta(days=int(parameter("aid_asked_days", clock.today())))
    cases = Case.objects.filter(applicant=person, service_code=service)
    return cases.filter(Q(state__in=OPEN_STATES) | Q(submitted_at__gte=since)).exists()


def used_invoice(invoice: str, *, but: AidFile) -> Expense | None:
    return Expense.objects.filter(invoice=invoice, is_void=False).exclude(member__file=but).first()


def figures(files: QuerySet[AidFile], *, year: int) -> dict[str, object]:
    """RI 1.13 for one scope: files by state and class, new, exited, paid."""
    start, end = dt.date(year, 1, 1), dt.date(year, 12, 31)
    on_file = files.filter(state__in=PAYABLE)
    counted = files.aggregate(
        filed=Count("pk", filter=Q(state__in=PAYABLE)),
        new=Count("pk", filter=Q(filed_on__range=(start, end))),
        exited=Count("pk", filter=Q(state="exited", closed_on__range=(start, end))),
        at_start=Count("pk", filter=Q(filed_on__lt=start) & (Q(closed_on=None) | Q(closed_on__gte=start))),
    )
    paid = Payment.objects.filter(
        source="aid.grant", state=Payment.State.PAID, source_id__in=Grant.objects.filter(file__in=files).values("pk")
    ).aggregate(total=Sum("amount"), households=Count("household", distinct=True))
    base = counted["at_start"] + counted["new"]
    return {
        **counted,
        "persons": Member.objects.filter(file__in=on_file, is_coresident=True).count(),
        "by_class": dict(on_file.order_by().values_list("file_class").annotate(n=Count("pk"))),
        "paid": paid["total"] or Decimal(0),
        "helped": paid["households"],
        "exit_share": counted["exited"] / base if base else None,
    }


def proposal_of(decision: Decision, language: str) -> Assessment:
    """What the rules of that day say of the frozen facts: the same for ever, in the reader's language."""
    household = Household.from_data(json.loads(decision.facts))
    return assess(household, local_date(decision.prepared_at), language)


def money_left(files: QuerySet[AidFile], year: int) -> dict[str, Decimal]:
    """What the open funds of each county may still give this year, by the county's name."""
    funds = Fund.objects.filter(organisation__in=files.order_by().values("county"), year=year, state=Fund.State.OPEN)
    left: dict[str, Decimal] = {}
    for fund in funds.select_related("organisation"):
        left[fund.organisation.name] = left.get(fund.organisation.name, Decimal(0)) + fund.free
    return left


def frozen_households(files: QuerySet[AidFile]) -> Iterator[tuple[str, Household]]:
    """The county and the facts of the last decision of every file, as they were frozen then."""
    decisions = Decision.objects.filter(file__in=files.values("pk")).exclude(decided_at=None)
    newest = decisions.order_by("file_id", "-decided_at", "-pk").distinct("file_id").select_related("file__county")
    for decision in newest:
        yield decision.file.county.name, Household.from_data(json.loads(decision.facts))
