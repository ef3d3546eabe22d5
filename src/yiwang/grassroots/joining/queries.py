"""Reads about requests to join, codes, pools and transfers."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiwang.grassroots.joining.models import Campaign, JoinRequest, Pool, Transfer
from yiwang.kernel.clock import start_of, today
from yiwang.net.cases.models import Case
from yiwang.platform.rules.queries import parameter
from yiwang.register.members.formulas import age_on
from yiwang.register.members.models import Membership, Person
from yiwang.register.members.queries import held_membership
from yiwang.register.organisations.models import Employer, Organisation, OrganisationEmployer
from yiwang.register.organisations.queries import nearest_of_level

JOIN = ("MB-0001", "MB-0002")
TRANSFER = "MB-0003"
RETAIN = "MB-0004"
QUIT = "MB-0005"
CARRIED_OUT = (*JOIN, TRANSFER, RETAIN, QUIT)
AN_HOUR = dt.timedelta(hours=1)

# The service standard 五个一 (GT 2.6).
CONTACTS: tuple[tuple[str, str | Promise], ...] = (
    ("call", gettext_lazy("打过电话")),
    ("text", gettext_lazy("发过短信")),
    ("met", gettext_lazy("见过面")),
    ("card", gettext_lazy("发了卡")),
    ("file", gettext_lazy("建了档")),
)


def rule(name: str, on: dt.date | None = None) -> int:
    return int(parameter(f"joining.{name}", on or today()))


def picked(answers: dict[str, Any], key: str) -> str:
    """The value of a picker, which keeps its label beside it; or a plain value."""
    answer = answers.get(key)
    return str((answer.get("value") if isinstance(answer, dict) else answer) or "")


def case_to_carry_out(case_id: int) -> Case | None:
    """The case of an event, if its service is one of ours."""
    rows = Case.objects.select_related("applicant__user", "organisation", "employer", "home", "version__service")
    return rows.filter(pk=case_id, service_code__in=CARRIED_OUT).first()


def campaign_called(code: str) -> Campaign | None:
    return Campaign.objects.filter(public_id=code).select_related("organisation", "office").first()


def joins_within_an_hour(campaign: Campaign, now: dt.datetime) -> int:
    """Since the hour began or somebody looked, whichever is later."""
    since = max(now - AN_HOUR, campaign.looked_at or now - AN_HOUR)
    return JoinRequest.objects.filter(campaign=campaign, at__gt=since).count()


def joins_of_device(device: str, on: dt.date) -> int:
    return JoinRequest.objects.filter(device=device, at__gte=start_of(on)).count() if device else 0


def joins_of(campaign: Campaign) -> int:
    return JoinRequest.objects.filter(campaign=campaign).count()


def results_of(campaign: Campaign) -> dict[str, int]:
    """Asked, admitted, still open: the three numbers of a code."""
    return JoinRequest.objects.filter(campaign=campaign).aggregate(
        asked=Count("pk"),
        joined=Count("pk", filter=Q(admitted__isnull=False)),
        waiting=Count("pk", filter=Q(admitted=None, case__closed_at=None)),
    )


def open_request_of(person: Person) -> Case | None:
    return Case.objects.open().filter(applicant=person, service_code__in=JOIN).order_by("-pk").first()


def requests_of(person: Person) -> int:
    """How often this person asked to join, ever: the same answer twice in a second gives one request."""
    return Case.objects.filter(applicant=person, service_code__in=JOIN).count()


def pool_within(place: Organisation) -> Organisation | None:
    """The county's pool, if there is one."""
    county = nearest_of_level(place, 4)
    pool = Pool.objects.filter(county=county).select_related("organisation").first()
    return pool.organisation if pool else None


def union_called(text: str) -> Organisation | None:
    """A union that takes in members, by its whole name, short name or code."""
    wanted = text.strip()
    named = Q(name=wanted) | Q(short_name=wanted) | Q(code=wanted) | Q(public_id=wanted)
    rows = Organisation.objects.joinable().filter(named) if wanted else Organisation.objects.none()
    return next((body for body in rows.order_by("level", "pk")[:5] if body.holds_members), None)


def only_employer_of(union: Organisation) -> Employer | None:
    """The employer of a union that has just one."""
    links = OrganisationEmployer.objects.filter(organisation=union).filter(Q(valid_to=None) | Q(valid_to__gt=today()))
    found = list(links.select_related("employer")[:2])
    return found[0].employer if len(found) == 1 else None


@dataclass(frozen=True)
class Finding:
    """One thing checked before anybody reads the request: fine, worth a look, or in the way."""

    tone: str
    text: str


def findings(case: Case, request: JoinRequest) -> list[Finding]:
    """What the register and the other requests say about this one (GT 2.6, 2.10)."""
    person, told = case.applicant, []
    if person is None:
        told.append(Finding("warn", _("还没有实名。批准前请核对证件，填上证件号码。")))
    else:
        told += _about_person(person)
    if request.campaign is not None:
        code, day = joins_of(request.campaign), joins_of_device(request.device, today())
        told.append(Finding("info", _("扫“{name}”的码来的，这个码来过{n}人。").format(name=request.campaign, n=code)))
        if day > 1:
            told.append(Finding("warn", _("同一部手机今天申请了{n}个人。").format(n=day)))
    if case.employer is None and case.employer_name:
        told.append(Finding("warn", _("单位名单里没有“{name}”。").format(name=case.employer_name)))
    return told


def _about_person(person: Person) -> list[Finding]:
    held, told = held_membership(person), []
    youngest = int(parameter("members.youngest", today()))
    if held is not None:
        told.append(Finding("bad", _("已经是“{name}”的会员，应办转接。").format(name=held.organisation)))
    else:
        told.append(Finding("ok", _("现在没有会籍，可以入会。")))
    if person.birth_date is not None and age_on(person.birth_date, today()) < youngest:
        told.append(Finding("bad", _("不满{age}周岁，不能入会。").format(age=youngest)))
    same = Person.objects.known().filter(name=person.name, birth_date=person.birth_date).exclude(pk=person.pk)
    if person.birth_date is not None and same.exists():
        told.append(Finding("warn", _("登记里还有同名、同一天出生的人，请核对是不是重复。")))
    if person.phone_hash and Person.objects.known().filter(phone_hash=person.phone_hash).exclude(pk=person.pk).exists():
        told.append(Finding("warn", _("手机号还登记在别人名下。")))
    return told


def waiting_in_pool(pool: Organisation) -> list[Membership]:
    rows = Membership.objects.current().filter(organisation=pool).select_related("person")
    return list(rows.order_by("joined_on", "pk")[:200])


def transfer_of(case: Case) -> Transfer | None:
    rows = Transfer.objects.select_related("membership__person", "from_organisation", "to_organisation", "case")
    return rows.filter(case=case).first()
