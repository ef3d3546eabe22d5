"""Reads about practices: lists, where they are tried, what a promotion still lacks."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yiwang.grassroots.practices.models import Adoption, Practice, Promotion
from yiwang.kernel.clock import today
from yiwang.kernel.ltree import is_within, prefixes_of
from yiwang.platform.files.models import Document
from yiwang.platform.rules.queries import parameter
from yiwang.platform.ui.clockface import ClockFace
from yiwang.platform.ui.formats import number_text
from yiwang.platform.ui.maps import Shade, cities
from yiwang.register.organisations.models import Organisation

PHOTO = "practice"
GOOD = (Adoption.Verdict.WORKS, Adoption.Verdict.CHANGED)
COUNTY, CITY, PROVINCE = 4, 3, 2
TOWNS = ("C1", "C2")
LEVELS = {COUNTY: "county", CITY: "city", PROVINCE: "province"}


def rule(name: str, on: dt.date | None = None) -> int:
    return int(parameter(f"practices.{name}", on or today()))


def for_list(rows: QuerySet[Practice]) -> QuerySet[Practice]:
    """With how many unions try it and how many reported, in one query. In order of time: nothing is ranked."""
    trying = Q(adoptions__state__in=("trying", "reported"))
    reported = Q(adoptions__state="reported")
    return rows.select_related("organisation").annotate(
        tried=Count("adoptions", filter=trying, distinct=True),
        reported=Count("adoptions", filter=reported, distinct=True),
        promoted=Count("promotions", filter=Q(promotions__ended_at=None), distinct=True),
    )


def photos_of(practice: Practice) -> list[Document]:
    return list(Document.objects.belonging_to(PHOTO, practice.pk).usable().order_by("pk"))


def adoptions_of(practice: Practice) -> list[Adoption]:
    rows = practice.adoptions.exclude(state=Adoption.State.STOPPED).select_related("organisation")
    return list(rows.order_by("-reported_at", "-started_on", "pk"))


def promotions_of(practice: Practice) -> list[Promotion]:
    rows = practice.promotions.filter(ended_at=None).select_related("organisation")
    return list(rows.order_by("level", "pk"))


def is_promoted_by(practice: Practice, organisation: Organisation) -> bool:
    return practice.promotions.filter(organisation=organisation, ended_at=None).exists()


def good_reports(practice: Practice, organisation: Organisation) -> list[Adoption]:
    """Reports below this body that say it works, by unions other than the one that told it."""
    rows = practice.adoptions.filter(
        Q(organisation__path__descendant=str(organisation.path)), state=Adoption.State.REPORTED, verdict__in=GOOD
    )
    return list(rows.exclude(organisation=practice.organisation).select_related("organisation"))


def missing_for(practice: Practice, organisation: Organisation) -> list[str]:
    """What a promotion by this county, city or province still lacks; empty when it may be given."""
    level = organisation.level
    reports, found = good_reports(practice, organisation), []
    need = rule(f"reports_{LEVELS[level]}")
    if len(reports) < need:
        words = _("{name}推广要有{need}家报过有用，现在{has}家。")
        found.append(words.format(name=organisation.display_name, need=need, has=len(reports)))
    spread = {
        CITY: ("counties_city", COUNTY, _("要来自{need}个县，现在{has}个。")),
        PROVINCE: ("cities_province", CITY, _("要来自{need}个设区市，现在{has}个。")),
    }
    if level in spread:
        name, below, text = spread[level]
        places, wanted = len(areas_of(reports, below)), rule(name)
        if places < wanted:
            found.append(text.format(need=wanted, has=places))
    return found


def areas_of(rows: list[Adoption], level: int) -> set[int]:
    """Bodies of a level above these unions: one query."""
    paths = {path for row in rows for path in prefixes_of(str(row.organisation.path))}
    return set(Organisation.objects.filter(path__in=paths, level=level).values_list("pk", flat=True))


@dataclass(frozen=True)
class Place:
    """One area just below a body, and what is tried there."""

    organisation: Organisation
    tried: int
    reported: int
    good: int
    told: int


def by_place(body: Organisation, practice: Practice | None = None) -> list[Place]:
    """For every area below: how many unions there try, report, tell. Three queries for any number of areas."""
    rows = Adoption.objects.exclude(state="stopped").filter(Q(organisation__path__descendant=str(body.path)))
    told = Practice.objects.shown().filter(Q(organisation__path__descendant=str(body.path)))
    if practice is not None:
        rows, told = rows.filter(practice=practice), told.filter(pk=practice.pk)
    areas = list(_areas_of(body, rows, told))
    adopted = list(rows.values_list("organisation__path", "state", "verdict"))
    tellers = [str(path) for path in told.values_list("organisation__path", flat=True)]
    return [_place(area, adopted, tellers) for area in areas]


def _areas_of(body: Organisation, rows: QuerySet[Adoption], told: QuerySet[Practice]) -> QuerySet[Organisation]:
    """The areas below; below a town there are none, and the unions that try or tell stand in their place."""
    below = Organisation.objects.active().filter(parent=body)
    if body.kind in TOWNS:
        below = below.filter(Q(pk__in=rows.values("organisation")) | Q(pk__in=told.values("organisation")))
    else:
        below = below.filter(kind__in=("A3", "A4", *TOWNS))
    return below.order_by("division_code", "code")


def _place(area: Organisation, adopted: list[tuple[str, str, str]], tellers: list[str]) -> Place:
    root = str(area.path)
    here = [(state, verdict) for path, state, verdict in adopted if is_within(str(path), root)]
    return Place(
        organisation=area,
        tried=len(here),
        reported=sum(state == "reported" for state, _verdict in here),
        good=sum(verdict in GOOD for _state, verdict in here),
        told=sum(is_within(path, root) for path in tellers),
    )


def shades(places: list[Place], link: str) -> list[Shade]:
    """The map of the province, where the places are its cities; four classes from none to most."""
    areas = cities()
    by_code = {place.organisation.division_code[:6]: place for place in places}
    if not areas.keys() <= by_code.keys():
        return []
    most = max((place.tried for place in places), default=0)
    return [
        Shade(
            area,
            tone_of(by_code[code].tried, most),
            number_text(by_code[code].tried),
            f"{link}?org={by_code[code].organisation.public_id}",
        )
        for code, area in areas.items()
    ]


def tone_of(tried: int, most: int) -> str:
    """Sequential: nobody yet, a few, more, most; it says where to carry a practice, not who is best."""
    if tried == 0 or most == 0:
        return "none"
    return f"q{-(-4 * tried // most) + 1}"


def legend(places: list[Place]) -> list[tuple[str, str]]:
    most = max((place.tried for place in places), default=0)
    found = [("none", _("还没有人试"))]
    tones: dict[str, list[int]] = {}
    for n in range(1, most + 1):
        tones.setdefault(tone_of(n, most), []).append(n)
    for tone, numbers in tones.items():
        low, high = numbers[0], numbers[-1]
        found.append(
            (tone, _("{n}家").format(n=low) if low == high else _("{low}到{high}家").format(low=low, high=high))
        )
    return found


def adopted_by(organisations: QuerySet[Organisation], practice: Practice) -> Adoption | None:
    """The adoption of one of these unions, if any of them tries it."""
    rows = practice.adoptions.exclude(state="stopped").filter(organisation__in=organisations)
    return rows.select_related("organisation", "practice").order_by("pk").first()


def report_face(adoption: Adoption) -> ClockFace | None:
    """When the report is due."""
    if adoption.state != Adoption.State.TRYING:
        return None
    days = rule("report_days")
    left = days - (today() - adoption.started_on).days
    if left < 0:
        text = ngettext("逾期{n}天", "逾期{n}天", -left).format(n=-left)
        return ClockFace("over", 1, 1, text)
    text = ngettext("还剩{n}天", "还剩{n}天", left).format(n=left)
    return ClockFace("soon" if left <= 14 else "run", days - left, days, text)


def adoptions_to_remind(day: dt.date) -> list[Adoption]:
    since = day - dt.timedelta(days=rule("report_days", day))
    rows = Adoption.objects.filter(state=Adoption.State.TRYING, started_on=since)
    return list(rows.select_related("practice", "organisation", "began_by"))


def shown_for(home: Organisation | None, subject: str = "") -> QuerySet[Practice]:
    """What workers read: newest first, whoever told it."""
    rows = Practice.objects.shown().select_related("organisation")
    if subject:
        rows = rows.filter(subject=subject)
    if home is not None:
        mine = Q(organisation=home) | Q(adoptions__organisation=home)
        return rows.filter(mine).distinct().order_by("-shown_at", "-pk")
    return rows.order_by("-shown_at", "-pk")


def revisions_of(practice: Practice) -> list[tuple[str, str, dt.datetime, list[tuple[str, str]]]]:
    """Who changed what: name, union, when, and each field with its words before."""
    labels = {
        field.name: str(field.verbose_name) for field in Practice._meta.get_fields() if hasattr(field, "verbose_name")
    }
    rows = practice.revisions.select_related("by", "organisation")[:20]
    return [
        (
            row.by.name if row.by else "",
            row.organisation.display_name if row.organisation else "",
            row.at,
            [(labels.get(name, name), text) for name, text in row.was.items()],
        )
        for row in rows
    ]
