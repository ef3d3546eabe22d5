"""One officer: papers, places, what is wrong; and whose officer somebody is."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yiwang.grassroots.cadres.models import (
    Area,
    Cadre,
    Contract,
    Evaluation,
    LedgerEntry,
    Task,
    Team,
    Training,
    WorkLog,
)
from yiwang.grassroots.cadres.models.people import CONTRACTED, GUIDES, running
from yiwang.kernel.clock import today
from yiwang.kernel.ltree import prefixes_of
from yiwang.platform.files.models import Document
from yiwang.platform.rules.queries import parameter
from yiwang.platform.ui.clockface import ClockFace
from yiwang.register.members.formulas import age_on
from yiwang.register.members.models import Person
from yiwang.register.organisations.models import Employer, Organisation
from yiwang.register.organisations.queries import employer_called, nearest_with_phone

PHOTO, LOG = "cadre_photo", "cadre_log"


def rule(name: str, on: dt.date | None = None) -> int:
    return int(parameter(f"cadres.{name}", on or today()))


def for_list(rows: QuerySet[Cadre]) -> QuerySet[Cadre]:
    """With the last day of the papers and the number of places, for a list in one query."""
    now_running = Q(areas__since__lte=today()) & (Q(areas__until=None) | Q(areas__until__gte=today()))
    return rows.select_related("person", "organisation").annotate(
        contract_ends=Max("contracts__ends_on"), places=Count("areas", filter=now_running, distinct=True)
    )


def ailing(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Who serves without a running paper or without a place to serve, or stays on past the plan (GT 3.9)."""
    day = today()
    papers = Contract.objects.filter(cadre=OuterRef("pk"), starts_on__lte=day, ends_on__gte=day)
    places = Area.objects.filter(running(day), cadre=OuterRef("pk"))
    no_paper = Q(team__in=CONTRACTED) & ~Exists(papers)
    no_place = Q(team__in=GUIDES) & ~Exists(places)
    overdue = Q(planned_to__lt=day)
    return rows.filter(no_paper | no_place | overdue, state__in=("active", "suspended"))


def ending(rows: QuerySet[Any], days: int) -> QuerySet[Any]:
    """Whose last paper ends within so many days, or has ended already."""
    until = today() + dt.timedelta(days=days)
    found: QuerySet[Any] = rows.annotate(last_end=Max("contracts__ends_on"))
    return found.filter(state__in=("active", "suspended"), last_end__lte=until)


def contract_of(cadre: Cadre) -> Contract | None:
    """The paper that ends last."""
    return cadre.contracts.order_by("-ends_on").first()


def paper_face(cadre: Any) -> ClockFace | None:
    """Days until the last paper of a serving cadre ends; ``contract_ends`` comes from ``for_list``."""
    ends: dt.date | None = getattr(cadre, "contract_ends", None)
    if ends is None or not cadre.is_serving:
        return None
    left = (ends - today()).days
    if left < 0:
        return ClockFace("over", 1, 1, _("合同过期{n}天").format(n=-left), ends.isoformat())
    remind = rule("contract_remind_days")
    return ClockFace("soon" if left <= remind else "run", max(365 - left, 0), 365, _left(left), ends.isoformat())


def _left(days: int) -> str:
    return ngettext("还剩{n}天", "还剩{n}天", days).format(n=days)


def findings_of(cadre: Cadre) -> list[str]:
    """What is wrong with a serving cadre, in sentences that say what to do."""
    if not cadre.is_serving:
        return []
    day, found = today(), []
    paper = contract_of(cadre)
    if cadre.needs_contract and (paper is None or paper.ends_on < day):
        found.append(_("没有在效的合同或聘书：请续签，或者办离任。"))
    if cadre.planned_to and cadre.planned_to < day:
        found.append(_("超过了预计的日期{day}：请办离任或者写明新的日期。").format(day=cadre.planned_to.isoformat()))
    if cadre.is_guide and not cadre.areas.filter(running(day)).exists():
        found.append(_("指导员没有片区：请写明服务哪些工会或单位。"))
    for row in cadre.certificates.filter(expires_on__lt=day):
        found.append(_("证书“{name}”过期了：请换新证。").format(name=row.name))
    return found


def check_problems(cadre: Cadre) -> list[str]:
    """What stands against an appointment (GT 3.2, 3.5)."""
    found, person, day = [], cadre.person, today()
    if cadre.team == Team.SOCIAL:
        least, most = rule("social_age_least"), rule("social_age_most")
        if cadre.experience_years:
            most = rule("social_age_experienced")
        age = age_on(person.birth_date, day) if person.birth_date else None
        if age is None:
            found.append(_("不知道他的出生日期，请先在会员资料里补上。"))
        elif not least <= age <= most:
            text = _("社会化工会工作者招聘年龄是{least}到{most}岁，他{age}岁。")
            found.append(text.format(least=least, most=most, age=age))
        if not cadre.has_no_kin:
            found.append(_("请让本人书面说明和本级、下级工会领导没有近亲属关系。"))
    if cadre.is_full_time and (other := full_time_at(person, without=cadre)):
        found.append(_("这个人已经在“{organisation}”全职。").format(organisation=other))
    return found


def full_time_at(person: Person, *, without: Cadre | None = None) -> Organisation | None:
    rows = Cadre.objects.serving().filter(person=person, is_full_time=True).select_related("organisation")
    row = (rows.exclude(pk=without.pk) if without else rows).first()
    return row.organisation if row else None


def areas_of(cadre: Cadre) -> list[Area]:
    rows = cadre.areas.filter(running(today())).select_related("organisation", "employer")
    return list(rows.order_by("organisation__name", "employer__name", "pk"))


def bodies_served(cadre: Cadre, *, most: int = 300) -> list[Organisation]:
    """Unions in the cadre's places, for the list of names on the phone."""
    scope = Q(pk__in=[])
    for area in areas_of(cadre):
        if area.organisation is not None:
            scope |= Q(path__descendant=str(area.organisation.path))
    return list(Organisation.objects.live().filter(scope).order_by("name")[:most])


def body_named(cadre: Cadre, text: str) -> Organisation | None:
    """A union by its exact name or short name: within the cadre's places first."""
    wanted = text.strip()
    if not wanted:
        return None
    found = list(Organisation.objects.live().filter(Q(name=wanted) | Q(short_name=wanted))[:5])
    roots = [str(area.organisation.path) for area in areas_of(cadre) if area.organisation]
    return next(
        (body for body in found if any(path in prefixes_of(str(body.path)) for path in roots)),
        found[0] if len(found) == 1 else None,
    )


def place_called(scope: QuerySet[Organisation], text: str) -> Organisation | Employer | None:
    """What an area names: a union of this scope, or an employer."""
    wanted = text.strip()
    named = Q(name=wanted) | Q(short_name=wanted) | Q(code=wanted) | Q(public_id=wanted)
    return scope.filter(named).order_by("level").first() or employer_called(wanted)


def logs_of(cadre: Cadre, *, most: int = 10) -> list[WorkLog]:
    return list(cadre.logs.select_related("organisation").order_by("-day", "-pk")[:most])


def open_tasks(cadre: Cadre) -> list[Task]:
    rows = cadre.tasks.filter(state__in=("open", "done")).select_related("organisation")
    return list(rows.order_by("due_on", "pk"))


def trainings_of(cadre: Cadre) -> list[Training]:
    return list(cadre.trainings.order_by("-ends_on", "-pk")[:20])


def evaluations_of(cadre: Cadre) -> list[Evaluation]:
    return list(cadre.evaluations.order_by("-period", "-pk"))


def ledger_of(cadre: Cadre) -> list[LedgerEntry]:
    return list(cadre.ledger.select_related("employer").order_by("-year", "employer__name", "pk"))


def photos_of(log: WorkLog) -> list[Document]:
    return list(Document.objects.belonging_to(LOG, log.pk).usable().order_by("pk"))


def photo_of(cadre: Cadre) -> Document | None:
    return Document.objects.belonging_to(PHOTO, cadre.pk).usable().order_by("-pk").first()


def task_face(task: Task) -> ClockFace | None:
    if task.state != Task.State.OPEN:
        return None
    left = (task.due_on - today()).days
    if left < 0:
        text = ngettext("逾期{n}天", "逾期{n}天", -left).format(n=-left)
        return ClockFace("over", 1, 1, text, task.due_on.isoformat())
    state = "today" if left == 0 else "soon" if left <= 3 else "run"
    text = _("今天到期") if left == 0 else _left(left)
    return ClockFace(state, max(30 - left, 0), 30, text, task.due_on.isoformat())  # type: ignore[arg-type]  # one of the states


@dataclass(frozen=True)
class Officer:
    """One officer as a worker sees them."""

    cadre: Cadre
    serves: str
    phone: str
    hours: str
    place: str
    photo: Document | None


def officers_for(home: Organisation, *, most: int = 4) -> list[Officer]:
    """Whose officer am I under: who serves this very union first, then the town, then the county."""
    line = prefixes_of(str(home.path))
    day = today()
    areas = Area.objects.filter(running(day), organisation__path__in=line, cadre__state=Cadre.State.ACTIVE)
    nearest = {
        area.cadre_id: area.organisation
        for area in areas.select_related("organisation").order_by("organisation__level")
        if area.organisation is not None
    }
    on_post = Q(organisation__path__in=line, organisation__level__gte=4) & ~Q(team__in=(Team.ACTIVIST, *GUIDES))
    rows = Cadre.objects.filter(on_post | Q(pk__in=nearest), state=Cadre.State.ACTIVE)
    rows = rows.filter(Q(organisation__level__gte=4) | Q(pk__in=nearest)).select_related("person", "organisation")
    found = sorted(rows.distinct(), key=lambda row: (-(nearest.get(row.pk) or row.organisation).level, row.pk))
    return [_officer(row, nearest.get(row.pk) or row.organisation) for row in found[:most]]


def _officer(cadre: Cadre, serves: Organisation) -> Officer:
    desk = cadre.organisation if cadre.organisation.phone else nearest_with_phone(cadre.organisation)
    return Officer(
        cadre=cadre,
        serves=serves.display_name,
        phone=cadre.office_phone or (desk.phone if desk else ""),
        hours=cadre.hours or cadre.organisation.hours,
        place=cadre.place or cadre.organisation.address,
        photo=photo_of(cadre) if cadre.photo_consented_at else None,
    )


def hours_by_field(cadre: Cadre, year: int) -> dict[str, Any]:
    rows = cadre.trainings.filter(state=Training.State.APPROVED, ends_on__year=year)
    return dict(rows.values_list("field").annotate(n=Sum("hours")).order_by("field"))


def ledger_called(cadre: Cadre, public_id: str) -> LedgerEntry | None:
    return cadre.ledger.filter(public_id=public_id).select_related("employer").first()


def log_of_key(cadre: Cadre, key: str) -> WorkLog | None:
    return cadre.logs.filter(key=key).first()


def contracts_to_remind(day: dt.date, days: Sequence[int]) -> QuerySet[Contract]:
    """The last papers of serving cadres that end in exactly so many days."""
    ends = [day + dt.timedelta(days=n) for n in days]
    rows = Contract.objects.filter(ends_on__in=ends, cadre__state__in=("active", "suspended"))
    later = Contract.objects.filter(cadre=OuterRef("cadre"), ends_on__gt=OuterRef("ends_on"))
    return rows.filter(~Exists(later)).select_related("cadre__person__user", "cadre__organisation")
