"""Cross-checks that need nobody else's data (RI 1.12, 1.14): each a sign for a person, in Chinese, for it is kept."""

import datetime as dt
from collections.abc import Iterator

from django.utils.translation import gettext as _

from yiwang.kernel.clock import local_date
from yiwang.kernel.errors import DomainError
from yiwang.platform.files.models import Document
from yiwang.register.access.models import Recusal
from yiwang.register.members.models import Person
from yiwang.rights.aid.assessment import assess
from yiwang.rights.aid.codes import Signal
from yiwang.rights.aid.formulas_files import age_on
from yiwang.rights.aid.models import AidFile, Member, Visit
from yiwang.rights.aid.queries import household_of

# [design] RI 1.12 names these numbers; they only decide who looks twice, never what somebody gets.
MANY_FILES = 3
HURRY = dt.timedelta(minutes=30)
NEAR = 100  # within a hundredth below a line
SLACK = 4  # years
AGES = {"preschool": (3, 6), "compulsory": (6, 15), "high_school": (15, 18), "higher": (18, 26)}

Sign = tuple[str, str]


def signs_at_hand(file: AidFile, members: list[Member], on: dt.date) -> Iterator[Sign]:
    yield from _statuses(members)
    yield from _students(members, on)
    yield from _shared(file)
    yield from _kin(file)
    yield from _visits(file)
    yield from _edge(file, on)


def _statuses(members: list[Member]) -> Iterator[Sign]:
    for member in members:
        if member.work_state == "soldier" and member.is_coresident:
            yield Signal.STATUS, _("{name}在服役，不算共同生活的人，请核对人口").format(name=member.name)


def _students(members: list[Member], on: dt.date) -> Iterator[Sign]:
    for member in members:
        if member.stage not in AGES or member.birth_date is None:
            continue
        low, high = AGES[member.stage]
        age = age_on(member.birth_date, on)
        if not low - SLACK <= age <= high + SLACK:
            stage = member.get_stage_display()
            yield Signal.STUDENT, _("{name}{age}岁，写的是{stage}").format(name=member.name, age=age, stage=stage)


def _shared(file: AidFile) -> Iterator[Sign]:
    """One telephone for many households; one account for two people is refused where it is entered."""
    active = AidFile.objects.active().exclude(pk=file.pk)
    if file.applicant.phone_hash:
        same = Person.objects.filter(phone_hash=file.applicant.phone_hash).values("pk")
        n = active.filter(applicant__in=same).exclude(applicant=file.applicant).count() + 1
        if n >= MANY_FILES:
            yield Signal.SHARED, _("{n}份档案用同一个电话").format(n=n)


def _kin(file: AidFile) -> Iterator[Sign]:
    """Declared ties to officers: those step aside, and a second level looks."""
    hashes = [value for value in file.members.values_list("id_hash", flat=True) if value]
    people = Person.objects.filter(id_hash__in=hashes).values_list("pk", flat=True)
    ties = Recusal.objects.filter(person_id__in=[file.applicant_id, *people], ended_at=None)
    for name in ties.order_by("pk").values_list("user__name", flat=True).distinct():
        yield Signal.RELATIVE, _("和{name}有登记过的回避关系").format(name=name)


def _visits(file: AidFile) -> Iterator[Sign]:
    for visit in file.visits.all():
        near = (visit.recorded_at - HURRY, visit.recorded_at + HURRY)
        same = Visit.objects.filter(first=visit.first_id, recorded_at__range=near).values("file").distinct().count()
        if same >= MANY_FILES:
            day = local_date(visit.recorded_at)
            yield Signal.VISITOR, _("{day}半小时内记了{n}户的入户").format(day=f"{day:%Y-%m-%d}", n=same)
        hashes = Document.objects.live().filter(subject="aid_visit", subject_id=visit.pk).values("sha256")
        again = Document.objects.live().filter(subject="aid_visit", sha256__in=hashes)
        others = again.exclude(subject_id__in=file.visits.values("pk"))
        if others.exists():
            yield Signal.VISITOR, _("入户照片和别家的一样")


def _edge(file: AidFile, on: dt.date) -> Iterator[Sign]:
    """Just below a line that decides the class: a second reader looks."""
    try:
        proposal = assess(household_of(file, year=on.year), on)
    except DomainError:
        return  # what is missing or odd stops the calculation itself, with its own sentence
    for times in (1, 2):
        limit = times * proposal.line
        if limit - limit // NEAR <= proposal.net_month < limit:
            yield Signal.THRESHOLD, _("每人每月剩的钱只比{times}倍低保标准低一点").format(times=times)
