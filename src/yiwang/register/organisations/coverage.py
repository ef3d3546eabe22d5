"""How far unions reach in an area: employers with and without one, and what ails the bodies that stand."""

from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from yiwang.kernel.clock import today
from yiwang.register.organisations.formulas import area_prefix, share
from yiwang.register.organisations.models import Employer, Organisation, OrganisationEmployer

# Lower bounds of the size bands of the coverage table (mock-up 09); 25 is the number of the Trade Union Law art. 11.
BANDS = (1000, 300, 100, 25, 1)
DUTY = 25


@dataclass(frozen=True)
class Band:
    """One size of employers: how many there are, have a union, work there, and work where a union is."""

    at_least: int
    employers: int
    covered: int
    headcount: int
    covered_headcount: int

    @property
    def rate(self) -> int | None:
        return share(self.covered, self.employers)

    @property
    def rate_share(self) -> float:
        return self.covered / self.employers if self.employers else 0.0

    @property
    def uncovered(self) -> int:
        return self.employers - self.covered

    @property
    def uncovered_headcount(self) -> int:
        return self.headcount - self.covered_headcount


@dataclass(frozen=True)
class Coverage:
    """The indicators O1–O6 of an area (GT 1.10)."""

    bands: list[Band]
    federated: int  # reached by a federation only: shown apart (O1b)
    private_50: Band

    @property
    def whole(self) -> Band:
        return _together(self.bands, 1)

    @property
    def duty(self) -> Band:
        """Employers with 25 employees and more (O2)."""
        return _together([band for band in self.bands if band.at_least >= DUTY], DUTY)

    @property
    def hundred(self) -> Band:
        return _together([band for band in self.bands if band.at_least >= BANDS[2]], BANDS[2])


def _together(bands: list[Band], at_least: int) -> Band:
    return Band(
        at_least,
        sum(band.employers for band in bands),
        sum(band.covered for band in bands),
        sum(band.headcount for band in bands),
        sum(band.covered_headcount for band in bands),
    )


# Index: employer_of_division; the links by employer.
_COVERAGE = """
    SELECT width_bucket(e.headcount, ARRAY[1, 25, 100, 300, 1000]) AS band, count(*),
        count(*) FILTER (WHERE c.own), sum(e.headcount), coalesce(sum(e.headcount) FILTER (WHERE c.own), 0),
        count(*) FILTER (WHERE c.own IS NOT TRUE AND c.federated),
        count(*) FILTER (WHERE e.headcount >= 50 AND {private}),
        count(*) FILTER (WHERE e.headcount >= 50 AND {private} AND c.own)
    FROM organisations_employer e
    LEFT JOIN (
        SELECT l.employer_id, bool_or(l.relation <> 'federation') AS own,
            bool_or(l.relation = 'federation') AS federated
        FROM organisations_organisationemployer l JOIN organisations_employer x ON x.id = l.employer_id
        WHERE x.division_code LIKE %(area)s AND l.valid_from <= %(day)s AND (l.valid_to IS NULL OR l.valid_to > %(day)s)
        GROUP BY 1
    ) c ON c.employer_id = e.id
    WHERE e.division_code LIKE %(area)s AND e.status = 'active' AND e.headcount > 0
    GROUP BY 1
"""
_PRIVATE = (
    "((e.unit_nature IN ('130', '140', '159', '169', '170', '190', '200', '300') AND NOT e.state_controlled)"
    " OR e.unit_nature = '600')"
)


def coverage(organisation: Organisation) -> Coverage | None:
    """One query; None for a body that stands for no area."""
    area = area_of(organisation)
    if not area:
        return None
    with connection.cursor() as cursor:
        cursor.execute(_COVERAGE.format(private=_PRIVATE), {"area": f"{area}%", "day": today()})
        rows = {row[0]: row for row in cursor.fetchall()}
    bands = []
    for place, at_least in enumerate(BANDS):
        row = rows.get(len(BANDS) - place, (0,) * 8)
        bands.append(Band(at_least, row[1], row[2], int(row[3]), int(row[4])))
    private = [(row[6], row[7]) for row in rows.values()]
    return Coverage(
        bands=bands,
        federated=sum(row[5] for row in rows.values()),
        private_50=Band(50, sum(every for every, _ in private), sum(done for _, done in private), 0, 0),
    )


def area_of(organisation: Organisation) -> str:
    return area_prefix(organisation.kind, organisation.level, organisation.division_code)


def employers_in(organisation: Organisation) -> QuerySet[Employer]:
    """Every living employer of the area; nobody's for a body without an area."""
    area = area_of(organisation)
    rows = Employer.objects.filter(status=Employer.Status.ACTIVE, headcount__gt=0)
    return rows.filter(division_code__startswith=area) if area else rows.none()


def covers(*, direct_only: bool = True) -> Exists:
    running = Q(valid_to=None) | Q(valid_to__gt=today())
    links = OrganisationEmployer.objects.filter(running, employer=OuterRef("pk"), valid_from__lte=today())
    if direct_only:
        links = links.exclude(relation=OrganisationEmployer.Relation.FEDERATION)
    return Exists(links)


def employers_without_union(organisation: Organisation) -> QuerySet[Employer]:
    """Those that ought to have a union, the biggest first (GT 1.10 O1): the list behind the rate."""
    return employers_in(organisation).filter(~covers()).order_by("-headcount", "pk")


@dataclass(frozen=True)
class Ail:
    """One thing that is wrong with some bodies, and how many it is wrong with."""

    key: str
    count: int


# What is wrong with a body by its own columns, and by its employers: those start from the few employers it can concern.
def _conditions() -> dict[str, Q]:
    """What is wrong, as conditions on a body (GT 1.11)."""
    town = Q(kind__in=("C1", "C2"))
    return {
        "suspended": Q(state=Organisation.State.SUSPENDED),
        "no_staff": town & Q(has_staff=False),
        "no_money": town & Q(has_money=False),
        "no_place": town & Q(has_place=False),
        "employer_gone": Q(kind="E1", pk__in=_with_gone_employer()),
        "joint_of_one": Q(kind="E2") & ~Q(pk__in=_with_two_employers()),
        "no_phone": Q(kind__in=("A4", "C1", "C2"), phone=""),
    }


def _running() -> QuerySet[OrganisationEmployer]:
    day = today()
    return OrganisationEmployer.objects.filter(Q(valid_to=None) | Q(valid_to__gt=day), valid_from__lte=day)


def _with_gone_employer() -> Any:
    return _running().filter(employer__status=Employer.Status.CANCELLED).values("organisation")


def _with_two_employers() -> Any:
    joint = _running().filter(organisation__kind="E2").values("organisation")
    return joint.annotate(employers=Count("pk")).filter(employers__gt=1).values("organisation")


def ailing(organisation: Organisation, key: str) -> QuerySet[Organisation]:
    """The bodies behind one line of the health check."""
    living = Organisation.objects.live().under(organisation.path)
    wanted = _conditions().get(key)
    return living.filter(wanted).in_order() if wanted is not None else living.none()


def health(organisation: Organisation) -> list[Ail]:
    """All lines in one query over the bodies that can have one of them: not the thousands of sound unions."""
    conditions = _conditions()
    any_of_them = reduce(or_, conditions.values())
    rows = Organisation.objects.live().under(organisation.path).filter(any_of_them)
    counts = rows.aggregate(**{key: Count("pk", filter=wanted) for key, wanted in conditions.items()})
    return [Ail(key, count) for key, count in counts.items()]


def small_three(organisation: Organisation) -> QuerySet[Organisation]:
    """Towns, streets and zones with their three flags: somebody to do the work, money, premises."""
    return Organisation.objects.live().under(organisation.path).filter(kind__in=("C1", "C2")).in_order()


def small_three_share(organisation: Organisation) -> tuple[int, int]:
    """(sound, all) towns and zones: indicator O12."""
    sound = Q(has_staff=True, has_money=True, has_place=True)
    counts = small_three(organisation).order_by().aggregate(sound=Count("pk", filter=sound), every=Count("pk"))
    return counts["sound"], counts["every"]
