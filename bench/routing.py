"""Loading the real tree, moving a county, searching bodies, routing and submitting requests, figures of the province.

Runs in a database of its own beside the one given; peer of the figures is the recursive query over the same rows.
"""

from typing import Any

from django.db import connection, transaction

from bench.measure import document, once, repeat
from yiwang.kernel.clock import today
from yiwang.net.cases.queries.routing import Situation, find_route
from yiwang.platform.counters.queries import children_figures
from yiwang.register.members.models import Membership
from yiwang.register.organisations import queries as organisations
from yiwang.register.organisations.actions import move_subtree
from yiwang.register.organisations.models import Organisation

WORDS = ("昆山", "玉山镇", "kunshan", "ks", "恒达", "社区", "320583", "张家港市总工会", "wuxi", "开发区")
RECURSIVE = """
    WITH RECURSIVE below AS (
        SELECT id, id AS child FROM organisations_organisation WHERE parent_id = %(root)s
        UNION ALL
        SELECT o.id, b.child FROM organisations_organisation o JOIN below b ON o.parent_id = b.id
    )
    SELECT b.child, count(m.id) FROM below b JOIN members_membership m ON m.organisation_id = b.id
    WHERE m.state IN ('active', 'moving') GROUP BY 1
"""


class Undo(Exception):
    """Takes a measured change back."""


def move_and_undo() -> None:
    county = Organisation.objects.get(name="昆山市总工会")
    city = Organisation.objects.get(name="无锡市总工会")
    try:
        with transaction.atomic():
            move_subtree(county, city, by=None)
            raise Undo
    except Undo:
        return


def run() -> dict[str, Any]:
    root = Organisation.objects.get(parent=None)
    members = list(Membership.objects.current().select_related("person", "organisation", "employer")[:200])
    situations = [
        Situation(
            applicant=row.person,
            home=row.organisation,
            employer=row.employer,
            employer_name="",
            division_code=row.organisation.division_code,
            new_form="",
            target="",
            anonymous=False,
        )
        for row in members
    ]
    turn = iter(range(10**9))
    search = repeat(lambda: organisations.search(WORDS[next(turn) % len(WORDS)]), times=100)
    route = repeat(
        lambda: find_route(situations[next(turn) % len(situations)], level=0, capability="cases.handle", on=today()),
        times=100,
    )
    figures = repeat(lambda: children_figures(str(root.path), ["members.current"]), times=60)

    def recursive() -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(RECURSIVE, {"root": root.pk})
            return cursor.fetchall()

    slow = repeat(recursive, times=10, warm=1)
    ours = {
        "move of a county (s)": once(move_and_undo),
        "search bodies p95 (ms)": search.p95_ms,
        "route p95 (ms)": route.p95_ms,
        "figures of the province's children p95 (ms)": figures.p95_ms,
    }
    return document(
        "routing",
        ours=ours,
        peer={"recursive query for the same figures p95 (ms)": slow.p95_ms},
        ratio=round(slow.median_ms / max(figures.median_ms, 0.01), 1),
        unit="figures: peer / ours",
    )
