"""How far unions reach in an area: employers with and without one, and what ails the bodies that stand."""

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from yiwang.kernel.clock import today
from yiwang.register.organisations.formulas import area_prefix, share
from yiwang.register.organisations.models import FOUNDED, MAY_AIL, Employer, Organisation, OrganisationEmployer

# Lower bounds of the size bands of the coverage table (mock-up 09); 25 is the number of the Trade Union Law art. 11.
BANDS = (1000, 300, 100, 25, 1)
DUTY = 25
EMPLOYER_GONE = "employer_gone"


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
    gap_ids: tuple[int, ...] = ()  # the biggest employers without a union, as many as were asked for

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


# Indexes: employer_of_area, organisation_employer_of_area, organisation_without_founding; they are read alone, the
# tables are not touched. A union that is still being founded has its employer, but covers nobody yet.
_COVERAGE = """
    WITH firm AS MATERIALIZED (
        SELECT id, headcount, headcount >= 50 AND {private} AS private FROM organisations_employer e
        WHERE division_code LIKE %(area)s AND status = 'active' AND headcount > 0
    ),
    link AS (
        SELECT employer_id, bool_or(relation <> 'federation') AS own, bool_or(relation = 'federation') AS federated
        FROM organisations_organisationemployer
        WHERE division_code LIKE %(area)s AND valid_from <= %(day)s AND (valid_to IS NULL OR valid_to > %(day)s)
            AND organisation_id NOT IN (SELECT id FROM organisations_organisation WHERE NOT (state IN {founded}))
        GROUP BY 1
    ),
    reached AS MATERIALIZED (
        SELECT f.*, coalesce(l.own, false) AS own, coalesce(l.federated, false) AS federated
        FROM firm f LEFT JOIN link l ON l.employer_id = f.id
    )
    SELECT width_bucket(headcount, ARRAY[1, 25, 100, 300, 1000]), count(*), count(*) FILTER (WHERE own),
        sum(headcount), coalesce(sum(headcount) FILTER (WHERE own), 0), count(*) FILTER (WHERE federated AND NOT own),
        count(*) FILTER (WHERE private), count(*) FILTER (WHERE private AND own), ARRAY[]::bigint[]
    FROM reached GROUP BY 1
    UNION ALL
    SELECT 0, 0, 0, 0, 0, 0, 0, 0,
        ARRAY(SELECT id FROM reached WHERE NOT own ORDER BY headcount DESC, id LIMIT %(gaps)s)
"""
_PRIVATE = (
    "((e.unit_nature IN ('130', '140', '159', '169', '170', '190', '200', '300') AND NOT e.state_controlled)"
    " OR e.unit_nature = '600')"
)


def coverage(organisation: Organisation, *, gaps: int = 0) -> Coverage | None:
    """One query; None for a body that stands for no area. ``gaps``: so many of the biggest without a union."""
    area = area_of(organisation)
    if not area:
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            _COVERAGE.format(private=_PRIVATE, founded=FOUNDED),
            {"area": f"{area}%", "day": today(), "gaps": gaps},
        )
        rows = {row[0]: row for row in cursor.fetchall()}
    bands = []
    for place, at_least in enumerate(BANDS):
        row = rows.get(len(BANDS) - place, (0,) * 9)
        bands.append(Band(at_least, row[1], row[2], int(row[3]), int(row[4])))
    private = [(row[6], row[7]) for row in rows.values()]
    return Coverage(
        bands=bands,
        federated=sum(row[5] for row in rows.values()),
        private_50=Band(50, sum(every for every, _ in private), sum(done for _, done in private), 0, 0),
        gap_ids=tuple(rows[0][8]),
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
    links = links.filter(organisation__state__in=FOUNDED)
    if direct_only:
        links = links.exclude(relation=OrganisationEmployer.Relation.FEDERATION)
    return Exists(links)


def employers_without_union(organisation: Organisation) -> QuerySet[Employer]:
    """Those that ought to have a union, the biggest first (GT 1.10 O1): the list behind the rate."""
    return employers_in(organisation).filter(~covers()).order_by("-headcount", "pk")


def biggest_gaps(reach: Coverage) -> list[Employer]:
    """Those that ``coverage`` named, the biggest first."""
    found = Employer.objects.in_bulk(reach.gap_ids)
    return [found[pk] for pk in reach.gap_ids if pk in found]


@dataclass(frozen=True)
class Ail:
    """One thing that is wrong with some bodies, and how many it is wrong with."""

    key: str
    count: int


def _conditions() -> dict[str, Q]:
    """What is wrong, as conditions on a body (GT 1.11)."""
    town = Q(kind__in=("C1", "C2"))
    return {
        "suspended": Q(state=Organisation.State.SUSPENDED),
        "no_staff": town & Q(has_staff=False),
        "no_money": town & Q(has_money=False),
        "no_place": town & Q(has_place=False),
        EMPLOYER_GONE: Q(kind="E1", pk__in=_with_gone_employer()),
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
    """All lines in two queries, over the bodies that can have one of them: not the thousands of sound unions."""
    conditions = _conditions()
    lines = list(conditions)
    living = Organisation.objects.live().under(organisation.path)
    orphaned = living.filter(conditions.pop(EMPLOYER_GONE)).count()
    # Index: organisation_that_may_ail; the lines below concern no other body.
    counts = living.filter(MAY_AIL).aggregate(**{key: Count("pk", filter=wanted) for key, wanted in conditions.items()})
    return [Ail(key, orphaned if key == EMPLOYER_GONE else counts[key]) for key in lines]


def small_three(organisation: Organisation) -> QuerySet[Organisation]:
    """Towns, streets and zones with their three flags: somebody to do the work, money, premises."""
    return Organisation.objects.live().under(organisation.path).filter(kind__in=("C1", "C2")).in_order()


def small_three_share(organisation: Organisation) -> tuple[int, int]:
    """(sound, all) towns and zones: indicator O12."""
    sound = Q(has_staff=True, has_money=True, has_place=True)
    counts = small_three(organisation).order_by().aggregate(sound=Count("pk", filter=sound), every=Count("pk"))
    return counts["sound"], counts["every"]
