"""Cross-checks that need nobody else's data (RI 1.12, 1.14): each a sign for a person, in Chinese, for it is kept."""

import datetime as dt
from collections.abc import Iterator

from django.utils.translation import gettext as _

from yiwang.kernel.clock import add_months, local_date
from yiwang.kernel.errors import DomainError
from yiwang.net.cases.models import Case
from yiwang.platform.files.queries import places_alike, places_with_same_content
from yiwang.platform.rules.library.words import RATE_SCALE
from yiwang.platform.rules.queries import parameter
from yiwang.platform.ui.formats import money_text
from yiwang.register.access.models import Recusal
from yiwang.register.accounts.models import User
from yiwang.register.members.models import Person
from yiwang.rights.aid.assessment import assess
from yiwang.rights.aid.codes import AssetKind, Signal
from yiwang.rights.aid.formulas_belongings import excluded_by, savings
from yiwang.rights.aid.formulas_files import age_on, first_digits_odd, fits_stage, mostly_round
from yiwang.rights.aid.models import AidFile, Expense, Member, Visit
from yiwang.rights.aid.queries import household_of, line_of_file, things_of, usual_ages

MOST_BILLS = 5_000  # the newest; older ones change nothing

Sign = tuple[str, str]


def signs_at_hand(file: AidFile, members: list[Member], on: dt.date) -> Iterator[Sign]:
    yield from _statuses(members)
    yield from _students(members, on)
    yield from _shared(file, on)
    yield from _namesakes(file, members)
    yield from _kin(file)
    yield from _visits(file, on)
    yield from _visitors(file, on)
    yield from _unit_bills(file, on)
    yield from _standing_still(file, on)
    yield from _belongings(file, members, on)
    yield from _months(file, on)
    yield from _edge(file, on)


def _bound(name: str, on: dt.date) -> int:
    """A dated figure of RI 1.12: it only decides who looks twice, never what somebody gets."""
    return int(parameter(name, on))


def _share(name: str, on: dt.date) -> float:
    return float(_bound(name, on) / 10**RATE_SCALE)


def _statuses(members: list[Member]) -> Iterator[Sign]:
    for member in members:
        if member.work_state == "soldier" and member.is_coresident:
            yield Signal.STATUS, _("{name}在服役，不算共同生活的人，请核对人口").format(name=member.name)


def _students(members: list[Member], on: dt.date) -> Iterator[Sign]:
    for member in members:
        if not member.stage or member.birth_date is None:
            continue
        age = age_on(member.birth_date, on)
        if not fits_stage(age, usual=usual_ages(member.stage, on), slack=_bound("aid_study_slack", on)):
            stage = member.get_stage_display()
            yield Signal.STUDENT, _("{name}{age}岁，写的是{stage}").format(name=member.name, age=age, stage=stage)


def _shared(file: AidFile, on: dt.date) -> Iterator[Sign]:
    """One telephone for many households; one account for two people is refused where it is entered."""
    active = AidFile.objects.active().exclude(pk=file.pk)
    if file.applicant.phone_hash:
        same = Person.objects.filter(phone_hash=file.applicant.phone_hash).values("pk")
        n = active.filter(applicant__in=same).exclude(applicant=file.applicant).count() + 1
        if n >= _bound("aid_many_files", on):
            yield Signal.SHARED, _("{n}份档案用同一个电话").format(n=n)


def _namesakes(file: AidFile, members: list[Member]) -> Iterator[Sign]:
    """The same name and birthday under another number: perhaps one person with an old and a new one (RI 1.11)."""
    others = Member.objects.filter(file__in=AidFile.objects.active().exclude(pk=file.pk)).exclude(id_hash="")
    for member in members:
        if member.birth_date is None or not member.id_hash:
            continue
        twins = others.filter(name=member.name, birth_date=member.birth_date).exclude(id_hash=member.id_hash)
        for twin in twins.select_related("file").order_by("pk")[:3]:
            text = _("{name}和档案{number}里的人同名同生日，证件号不同")
            yield Signal.OTHER_FILE, text.format(name=member.name, number=twin.file.number)


def _kin(file: AidFile) -> Iterator[Sign]:
    """Declared ties to officers: those step aside, and a second level looks."""
    hashes = [value for value in file.members.values_list("id_hash", flat=True) if value]
    people = Person.objects.filter(id_hash__in=hashes).values_list("pk", flat=True)
    ties = Recusal.objects.filter(person_id__in=[file.applicant_id, *people], ended_at=None)
    for name in ties.order_by("pk").values_list("user__name", flat=True).distinct():
        yield Signal.RELATIVE, _("和{name}有登记过的回避关系").format(name=name)


def _visits(file: AidFile, on: dt.date) -> Iterator[Sign]:
    minutes = _bound("aid_hurry_minutes", on)
    hurry = dt.timedelta(minutes=minutes)
    for visit in file.visits.all():
        near = (visit.recorded_at - hurry, visit.recorded_at + hurry)
        same = Visit.objects.filter(first=visit.first_id, recorded_at__range=near).values("file").distinct().count()
        if same >= _bound("aid_many_files", on):
            day = local_date(visit.recorded_at)
            yield (
                Signal.VISITOR,
                _("{day}前后{minutes}分钟内记了{n}户的入户").format(day=f"{day:%Y-%m-%d}", minutes=minutes, n=same),
            )
    visits = list(file.visits.values_list("pk", flat=True))
    if visits and places_alike("aid_visit", visits):
        yield Signal.VISITOR, _("入户照片和别家的一样，或者看着是同一张")
    cases = list(file.applications.values_list("case_id", flat=True))
    twins = places_with_same_content("case", cases) if cases else []
    if Case.objects.filter(pk__in=twins).exclude(applicant=file.applicant_id).exists():
        yield Signal.SAME_BILL, _("交的照片和别人申请里的是同一张")


def _visitors(file: AidFile, on: dt.date) -> Iterator[Sign]:
    """Somebody who went to many households in a year and found everything true every time."""
    year = (on - dt.timedelta(days=365), on)
    for officer in User.objects.filter(pk__in=file.visits.values("first")).order_by("pk"):
        told = Visit.objects.filter(first=officer, day__range=year)
        if told.count() >= _bound("aid_many_visits", on) and not told.exclude(opinion=Visit.Opinion.TRUE).exists():
            yield Signal.VISITOR, _("{name}一年去的每一户都写属实").format(name=officer.name)


def _unit_bills(file: AidFile, on: dt.date) -> Iterator[Sign]:
    """Amounts of all bills in the files this union keeps (RI 1.12, 13)."""
    bills = Expense.objects.filter(member__file__organisation=file.organisation_id, is_void=False)
    amounts = list(bills.order_by("-pk").values_list("total", flat=True)[:MOST_BILLS])
    if mostly_round(amounts, enough=_bound("aid_round_bills", on), share=_share("aid_round_share", on)):
        yield Signal.ROUND, _("所在工会各户的票据，很多是整百")
    if first_digits_odd(amounts, enough=_bound("aid_digit_bills", on), chance=_share("aid_digit_chance", on)):
        yield Signal.ROUND, _("所在工会各户的票据，首位数字的分布反常")


def _belongings(file: AidFile, members: list[Member], on: dt.date) -> Iterator[Sign]:
    """What the household has, from whomever it is known (RI 1.12: 2, 3, 4, 6)."""
    things = things_of(file)
    people = sum(member.is_coresident for member in members)
    bounds = {"homes": _bound("aid_homes", on), "area_each": _bound("aid_home_area", on)}
    texts = {
        "homes": (Signal.HOMES, _("住房超过{homes}套的限，请核对套数和面积").format(homes=bounds["homes"])),
        "vehicle": (Signal.VEHICLE, _("名下有车，请核对是不是代步")),
        "controls_company": (Signal.BUSINESS, _("控股或实际控制一家企业")),
    }
    yield from (texts[code] for code in excluded_by(things, people=people, **bounds))
    kinds = {thing.kind for thing in things if not (thing.kind == AssetKind.COMPANY and thing.controls)}
    if kinds & {AssetKind.SHOP, AssetKind.COMPANY}:
        yield Signal.BUSINESS, _("名下有商铺、股权或个体户，请核对收入")
    if AssetKind.SPENDING in kinds:
        yield Signal.WARNING, _("有大额开销，请核对钱从哪里来")
    saved = savings(things)
    months = _bound("aid_savings_months", on) * _bound("aid_savings_multiple", on)
    if saved and saved > line_of_file(file, on) * months * people:
        yield Signal.BALANCES, _("存款、证券共{amount}，超过限额").format(amount=money_text(saved))


def _months(file: AidFile, on: dt.date) -> Iterator[Sign]:
    """The same to the fen month after month: somebody writes it down without looking (RI 1.14)."""
    many = _bound("aid_exit_months", on)
    nets = list(file.months.order_by("-month").values_list("net", flat=True)[:many])
    if len(nets) == many and len(set(nets)) == 1:
        yield Signal.WARNING, _("连着{many}个月登记的数都一样").format(many=many)


def _standing_still(file: AidFile, on: dt.date) -> Iterator[Sign]:
    """On file for years and never another class: somebody asks why (RI 1.14)."""
    months = _bound("aid_standing_months", on)
    if file.filed_on is None or add_months(file.filed_on, months) > on:
        return
    if file.decisions.exclude(decided_at=None).values("decided_class").distinct().count() == 1:
        yield Signal.WARNING, _("在档满{months}个月，类别一直没有变过").format(months=months)


def _edge(file: AidFile, on: dt.date) -> Iterator[Sign]:
    """Just below a line that decides the class: a second reader looks."""
    try:
        proposal = assess(household_of(file, on=on), on)
    except DomainError:
        return  # what is missing or odd stops the calculation itself, with its own sentence
    near = _share("aid_near_line", on)
    for times in (1, 2):
        limit = times * proposal.line
        if limit * (1 - near) <= proposal.net_month < limit:
            yield Signal.THRESHOLD, _("每人每月剩的钱只比{times}倍低保标准低一点").format(times=times)
