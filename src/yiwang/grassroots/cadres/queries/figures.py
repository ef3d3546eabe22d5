"""What leaders ask: who carries how much, which posts are vacant, and the indicators with the rows behind them."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, DateField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from yiwang.grassroots.cadres import formulas
from yiwang.grassroots.cadres.models import Area, Cadre, Establishment, Evaluation, LedgerEntry, Team, Training, WorkLog
from yiwang.grassroots.cadres.models.people import GUIDES, CadreQuerySet, running
from yiwang.grassroots.cadres.queries.people import rule
from yiwang.kernel.clock import add_months, today
from yiwang.kernel.ltree import is_within
from yiwang.platform.counters.queries import figures
from yiwang.platform.ui.formats import number_text, percent_text
from yiwang.register.organisations.models import Employer, Organisation, OrganisationEmployer

MEMBERS, BODIES = "members.current", "organisations.bodies"
LARGE = 25  # employees from which a union committee is due (law art. 11)
TOWNS = ("C1", "C2")


@dataclass(frozen=True)
class Load:
    """What one officer carries; the band says whether it fits, nobody is ranked."""

    cadre: Cadre
    places: tuple[str, ...]
    bodies: int
    members: int
    employers: int
    visits: int
    verdict: str
    few_visits: bool


def loads(cadres: Sequence[Cadre]) -> list[Load]:
    """Four queries for any number of officers."""
    day = today()
    areas = Area.objects.filter(running(day), cadre__in=cadres).select_related("organisation", "employer")
    by_cadre: dict[int, list[Area]] = {}
    for area in areas.order_by("pk"):
        by_cadre.setdefault(area.cadre_id, []).append(area)
    roots = {cadre.pk: _outermost(by_cadre.get(cadre.pk, [])) for cadre in cadres}
    paths = sorted({path for found in roots.values() for path in found})
    numbers = figures(paths, [MEMBERS, BODIES])
    firms = _employers_under(paths)
    visits = _visits_in_month(cadres, day)
    most, fewest = rule("employers_most"), rule("visits_month")
    return [
        _load(cadre, by_cadre.get(cadre.pk, []), roots[cadre.pk], numbers, firms, visits.get(cadre.pk, 0), most, fewest)
        for cadre in cadres
    ]


def _load(
    cadre: Cadre,
    areas: list[Area],
    roots: list[str],
    numbers: dict[str, dict[str, int]],
    firms: dict[str, int],
    visits: int,
    most: int,
    fewest: int,
) -> Load:
    employers = sum(firms.get(path, 0) for path in roots) + sum(area.employer_id is not None for area in areas)
    return Load(
        cadre=cadre,
        places=tuple(_name(area) for area in areas),
        bodies=sum(numbers[path][BODIES] for path in roots),
        members=sum(numbers[path][MEMBERS] for path in roots),
        employers=employers,
        visits=visits,
        verdict=formulas.load_of(employers, most=most, is_full_time=cadre.is_full_time),
        few_visits=cadre.is_full_time and cadre.is_guide and visits < fewest,
    )


def _name(area: Area) -> str:
    return area.organisation.display_name if area.organisation else str(area.employer)


def _outermost(areas: Iterable[Area]) -> list[str]:
    """Places that lie within another one are not counted twice."""
    paths = {str(area.organisation.path) for area in areas if area.organisation}
    return sorted(path for path in paths if not any(is_within(path, other) for other in paths - {path}))


def _employers_under(paths: Sequence[str]) -> dict[str, int]:
    if not paths:
        return {}
    linked = (
        OrganisationEmployer.objects.filter(valid_to=None, organisation__path__descendant=OuterRef("path"))
        .order_by()
        .values("valid_to")
        .annotate(n=Count("employer", distinct=True))
        .values("n")
    )
    rows = Organisation.objects.filter(path__in=paths).annotate(firms=linked)
    return {str(path): firms or 0 for path, firms in rows.values_list("path", "firms")}


def _visits_in_month(cadres: Sequence[Cadre], day: dt.date) -> dict[int, int]:
    logs = WorkLog.objects.filter(cadre__in=cadres, day__gte=day.replace(day=1), day__lte=day)
    rows = logs.exclude(kind__in=("papers", "meeting")).values_list("cadre").annotate(n=Count("pk"))
    return dict(rows.order_by("cadre"))


@dataclass(frozen=True)
class Vacancy:
    row: Establishment
    serving: int

    @property
    def missing(self) -> int:
        return max(self.row.headcount - self.serving, 0)


def vacancies(rows: QuerySet[Establishment]) -> list[Vacancy]:
    """Every body that is meant to have so many people of a team, and how many it has: one query."""
    serving = (
        Cadre.objects.serving()
        .filter(organisation=OuterRef("organisation"), team=OuterRef("team"))
        .order_by()
        .values("team")
        .annotate(n=Count("pk"))
        .values("n")
    )
    found = (
        rows.select_related("organisation").annotate(has=serving).order_by("organisation__level", "organisation__code")
    )
    return [Vacancy(row, row.has or 0) for row in found[:MOST]]


@dataclass(frozen=True)
class Indicator:
    """One figure of 3.8: its value, what it divides, the rows behind it; "" where nothing can be said."""

    key: str
    label: str
    value: str
    words: str
    rows: str = ""  # what the list behind it shows
    parts: Sequence[tuple[str, str]] = field(default=())


def indicators(body: Organisation) -> list[Indicator]:
    """Of a body and all below it."""
    return [
        _full_time(body),
        _staffed(body),
        _guided(body),
        _contracts(body),
        _trained(body),
        _fields(body),
        _grades(body),
        _turnover(body),
        _new_chairs(body),
    ]


def _share(part: int, whole: int) -> str:
    return percent_text(part / whole) if whole else "—"


def _full_time(body: Organisation) -> Indicator:
    full = Cadre.objects.serving().under(str(body.path)).filter(team=Team.FULL_TIME).count()
    units = Organisation.objects.active().under(str(body.path)).filter(level=7)
    employees = units.aggregate(n=Sum("employee_count"))["n"] or 0
    value = f"{number_text(1000 * full / employees, 2)}‰" if employees else "—"
    words = _("专职干部{n}人，职工{m}人").format(n=number_text(full), m=number_text(employees))
    return Indicator("full-time", _("专职干部占职工"), value, words, _("专职干部"))


def towns_without(body: Organisation) -> QuerySet[Organisation]:
    served = Cadre.objects.serving().filter(
        Q(team=Team.FULL_TIME, is_full_time=True) | Q(team=Team.SOCIAL), organisation=OuterRef("pk")
    )
    towns = Organisation.objects.active().under(str(body.path)).filter(kind__in=TOWNS)
    return towns.filter(~Exists(served)).order_by("code")


def _staffed(body: Organisation) -> Indicator:
    towns = Organisation.objects.active().under(str(body.path)).filter(kind__in=TOWNS).count()
    without = towns_without(body).count()
    words = _("{n}个乡镇街道，{m}个没有专职或社会化工作者").format(n=towns, m=without)
    return Indicator("towns", _("乡镇街道配备率"), _share(towns - without, towns), words, _("没有人的乡镇街道"))


def _large(body: Organisation) -> QuerySet[Employer]:
    code = body.division_code.rstrip("0") if body.level < 4 else body.division_code[: 9 if body.level > 4 else 6]
    return Employer.objects.filter(status="active", headcount__gte=LARGE, division_code__startswith=code)


def _assigned(body: Organisation) -> Q:
    """Employers that lie in a guide's place: its union does, or the place is their town or county."""
    areas = Area.objects.filter(running(today()), cadre__team__in=GUIDES, cadre__state__in=("active", "suspended"))
    found = Q(pk__in=areas.exclude(employer=None).values("employer"))
    places = areas.exclude(organisation=None).values_list("organisation__division_code", "organisation__level")
    for code, level in set(places.filter(Q(organisation__path__descendant=str(body.path)), organisation__level__lte=6)):
        found |= Q(division_code__startswith=code[: 9 if level > 4 else 6])
    unions = areas.filter(organisation__level__gte=7).values("organisation")
    return found | Q(unions__organisation__in=unions, unions__valid_to=None)


def employers_without(body: Organisation) -> QuerySet[Employer]:
    covered = Employer.objects.filter(_assigned(body)).values("pk")
    return _large(body).exclude(pk__in=covered).order_by("-headcount", "pk")


def _guided(body: Organisation) -> Indicator:
    large = _large(body).count()
    without = employers_without(body).count() if large else 0
    words = _("25人以上的单位{n}家，{m}家还没有指导员").format(n=number_text(large), m=number_text(without))
    return Indicator("employers", _("指导员覆盖率"), _share(large - without, large), words, _("没有指导员的单位"))


def _contracts(body: Organisation) -> Indicator:
    guides = Cadre.objects.serving().under(str(body.path)).filter(team=Team.BARGAINING)
    made = LedgerEntry.objects.filter(cadre__in=guides, effective_on__lte=today(), year=today().year).count()
    n = guides.count()
    words = _("今年生效合同{m}份，指导员{n}人").format(m=made, n=n)
    value = number_text(made / n, 1) if n else "—"
    return Indicator("ledger", _("人均指导签订合同"), value, words, _("集体协商指导员"))


def obliged(body: Organisation) -> QuerySet[Cadre]:
    """Who has to learn so many hours a year: full-time, seconded, and social union workers."""
    teams = (Team.FULL_TIME, Team.SECONDED, Team.SOCIAL)
    return Cadre.objects.serving().under(str(body.path)).filter(team__in=teams).select_related("person", "organisation")


def hours_of(cadres: Iterable[Cadre], since: dt.date, until: dt.date) -> dict[int, Decimal]:
    """Counted hours of each, overlapping days once: one query."""
    rows = Training.objects.filter(cadre__in=list(cadres), state=Training.State.APPROVED)
    rows = rows.filter(ends_on__gte=since, starts_on__lte=until)
    by_cadre: dict[int, list[formulas.Stretch]] = {}
    for cadre, start, end, hours in rows.values_list("cadre", "starts_on", "ends_on", "hours"):
        by_cadre.setdefault(cadre, []).append(formulas.Stretch(start, end, hours))
    return {cadre: formulas.hours_counted(found) for cadre, found in by_cadre.items()}


def short_of_hours(body: Organisation) -> tuple[list[tuple[Cadre, Decimal, int]], int]:
    """Who lacks hours, with what they have and what they need; and how many are obliged."""
    people = list(obliged(body))
    day = today()
    year = hours_of([row for row in people if not row.is_section_head], day.replace(month=1, day=1), day)
    long = hours_of([row for row in people if row.is_section_head], add_months(day, -60), day)
    need, need_long = rule("training_hours_year"), rule("training_hours_five_years")
    found = []
    for row in people:
        has = (long if row.is_section_head else year).get(row.pk, Decimal(0))
        wanted = need_long if row.is_section_head else need
        if has < wanted:
            found.append((row, has, wanted))
    return found, len(people)


def _trained(body: Organisation) -> Indicator:
    short, people = short_of_hours(body)
    words = _("应训{n}人，学时不够的{m}人").format(n=people, m=len(short))
    return Indicator("training", _("培训达标率"), _share(people - len(short), people), words, _("学时不够的人"))


def _fields(body: Organisation) -> Indicator:
    year = today().year
    rows = Training.objects.filter(cadre__in=obliged(body), state=Training.State.APPROVED, ends_on__year=year)
    by_field = dict(rows.values_list("field").annotate(n=Sum("hours")).order_by("field"))
    total = sum(by_field.values(), Decimal(0))
    n = obliged(body).count()
    parts = [(str(label), _share(int(by_field.get(key, 0)), int(total))) for key, label in Training.Field.choices]
    value = number_text(total / n, 1) if n else "—"
    words = _("今年认定{hours}学时，{n}人").format(hours=number_text(total), n=n)
    return Indicator("fields", _("人均学时"), value, words, parts=parts)


def _grades(body: Organisation) -> Indicator:
    rows = Evaluation.objects.filter(Q(cadre__organisation__path__descendant=str(body.path)))
    rows = rows.filter(state__in=("confirmed", "appealed", "final"))
    period = rows.order_by("-rated_at").values_list("period", flat=True).first() or ""
    counts = dict(rows.filter(period=period).values_list("grade").annotate(n=Count("pk")).order_by("grade"))
    parts = [(str(label), number_text(counts.get(key, 0))) for key, label in Evaluation.Grade.choices]
    total = sum(counts.values())
    words = _("{period}考核了{n}人").format(period=period, n=total) if period else _("还没有考核")
    return Indicator("grades", _("考核优秀率"), _share(counts.get("excellent", 0), total), words, parts=parts)


def _turnover(body: Organisation) -> Indicator:
    here = Cadre.objects.under(str(body.path)).filter(team__in=(Team.SOCIAL, *GUIDES))
    left = here.filter(ended_on__year=today().year).count()
    stay = here.serving().count()
    words = _("今年离任{n}人，在岗{m}人").format(n=left, m=stay)
    return Indicator("turnover", _("工作者和指导员流动率"), _share(left, left + stay), words, _("今年离任的人"))


def new_chairs(body: Organisation) -> QuerySet[Any]:
    """Chairs who took office between one and two years ago, with whether they were trained in their first year."""
    day = today()
    rows = Cadre.objects.serving().under(str(body.path)).filter(post="chair")
    rows = rows.filter(starts_on__gte=add_months(day, -24), starts_on__lte=add_months(day, -12))
    # The rule says within a year of taking office; a year is 365 days from the day itself.
    year_over = ExpressionWrapper(OuterRef("starts_on") + dt.timedelta(days=365), output_field=DateField())
    within = Training.objects.filter(cadre=OuterRef("pk"), state="approved", starts_on__gte=OuterRef("starts_on"))
    within = within.filter(starts_on__lte=year_over)
    return rows.annotate(was_trained=Exists(within)).select_related("person", "organisation").order_by("pk")


def _new_chairs(body: Organisation) -> Indicator:
    rows = new_chairs(body)
    n, trained = rows.count(), rows.filter(was_trained=True).count()
    words = _("去年上任的主席{n}人，一年内培训过{m}人").format(n=n, m=trained)
    return Indicator("chairs", _("新任主席一年内培训率"), _share(trained, n), words, _("没有培训的新任主席"))


@dataclass(frozen=True)
class Line:
    """One row behind an indicator."""

    name: str
    note: str
    url: str = ""


MOST = 200


def rows_behind(body: Organisation, key: str) -> list[Line] | None:
    """The very rows an indicator counts; None for what has none."""
    make = _BEHIND.get(key)
    return make(body) if make else None


def _people(body: Organisation) -> CadreQuerySet:
    rows = Cadre.objects.under(str(body.path)).select_related("person", "organisation")
    return rows.order_by("organisation__code", "pk")


def _towns(body: Organisation) -> list[Line]:
    return [
        Line(row.name, row.phone, reverse("organisations:organisation-detail", args=[row.public_id]))
        for row in towns_without(body)[:MOST]
    ]


def _firms(body: Organisation) -> list[Line]:
    return [Line(row.name, _("{n}人").format(n=row.headcount)) for row in employers_without(body)[:MOST]]


def _short(body: Organisation) -> list[Line]:
    words = _("有{has}学时，要{wanted}学时")
    found = short_of_hours(body)[0][:MOST]
    return [_person(row, words.format(has=has, wanted=wanted)) for row, has, wanted in found]


def _left(body: Organisation) -> list[Line]:
    left = _people(body).filter(team__in=(Team.SOCIAL, *GUIDES), ended_on__year=today().year)
    return [_person(row, row.end_reason) for row in left[:MOST]]


def _person(row: Cadre, note: str = "") -> Line:
    words = " · ".join(text for text in (row.organisation.display_name, note) if text)
    return Line(row.person.name, words, reverse("cadres:cadre-detail", args=[row.public_id]))


_BEHIND: dict[str, Callable[[Organisation], list[Line]]] = {
    "full-time": lambda body: [_person(row) for row in _people(body).serving().filter(team=Team.FULL_TIME)[:MOST]],
    "towns": _towns,
    "employers": _firms,
    "ledger": lambda body: [_person(row) for row in _people(body).serving().filter(team=Team.BARGAINING)[:MOST]],
    "training": _short,
    "turnover": _left,
    "chairs": lambda body: [_person(row) for row in new_chairs(body).filter(was_trained=False)[:MOST]],
}


def evidence_of(cadre: Cadre, period: str) -> dict[str, Any]:
    """What the records say about a period, beside the points somebody gives."""
    first, last = formulas.days_of(period)
    logs = cadre.logs.filter(day__gte=first, day__lte=last)
    tasks = cadre.tasks.filter(due_on__gte=first, due_on__lte=last)
    ledger = cadre.ledger.filter(effective_on__gte=first, effective_on__lte=last)
    quality = [row.quality for row in ledger if row.quality is not None]
    hours = hours_of([cadre], first, last).get(cadre.pk, Decimal(0))
    return {
        "visits": logs.exclude(kind__in=("papers", "meeting")).count(),
        "bodies": logs.exclude(organisation=None).values("organisation").distinct().count(),
        "late": logs.filter(is_late=True).count(),
        "tasks": tasks.exclude(state="cancelled").count(),
        "confirmed": tasks.filter(state="confirmed").count(),
        "contracts": len(ledger),
        "quality": round(sum(quality) / len(quality)) if quality else None,
        "given": logs.filter(kind="training").count(),
        "hours": hours,
    }


def peers(evaluation: Evaluation) -> QuerySet[Evaluation]:
    """The same team, evaluated by the same body in the same period."""
    same = Evaluation.objects.filter(organisation=evaluation.organisation, period=evaluation.period)
    return same.filter(cadre__team=evaluation.cadre.team).exclude(state__in=("rated", "returned"))


def team_size(organisation: Organisation, team: str) -> int:
    return Cadre.objects.serving().under(str(organisation.path)).filter(team=team).count()


def failed_before(cadre: Cadre, period: str) -> bool:
    """Was the evaluation before this one failed, too?"""
    rows = cadre.evaluations.filter(period__lt=period).exclude(state__in=("rated", "returned"))
    last = rows.order_by("-period").first()
    return last is not None and last.grade == Evaluation.Grade.FAILED
