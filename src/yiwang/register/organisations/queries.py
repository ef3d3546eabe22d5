"""Reads about the tree: where a body stands, what is below it, what it looked like on another day."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from yiwang.kernel.clock import today
from yiwang.kernel.ltree import labels_of
from yiwang.platform.counters.queries import children_figures, figures
from yiwang.platform.text.library import Entry
from yiwang.platform.text.queries import search as search_text
from yiwang.register.organisations import finding
from yiwang.register.organisations.kinds import Kind, kind_rules, level_under
from yiwang.register.organisations.models import (
    Employer,
    Organisation,
    OrganisationEmployer,
    OrganisationLink,
    OrganisationSpan,
    TreeChange,
)


def ancestors(organisation: Organisation) -> list[Organisation]:
    """From the root down to the parent."""
    above = labels_of(organisation.path)[:-1]
    found = Organisation.objects.filter(pk__in=[int(label[1:]) for label in above])
    return sorted(found, key=lambda body: len(body.path))


def lineage(organisation: Organisation) -> list[Organisation]:
    """From the body itself up to the root: where a matter goes when nobody below can take it."""
    return [organisation, *reversed(ancestors(organisation))]


def children(organisation: Organisation) -> QuerySet[Organisation]:
    """The living bodies just below. Index: organisation_children."""
    return Organisation.objects.live().filter(parent=organisation).in_order()


def living() -> QuerySet[Organisation]:
    """Every body that exists today."""
    return Organisation.objects.live()


def roots() -> QuerySet[Organisation]:
    return Organisation.objects.live().filter(parent=None).in_order()


def under(organisation: Organisation) -> QuerySet[Organisation]:
    """The body and all living bodies below it. Index: organisation_path_gist."""
    return Organisation.objects.live().under(organisation.path)


def lowest_common(first: Organisation, second: Organisation) -> Organisation | None:
    """The lowest body above (or equal to) both: who decides between two unions (GT 2.7)."""
    shared = None
    for label, other in zip(labels_of(first.path), labels_of(second.path), strict=False):
        if label != other:
            break
        shared = label
    return Organisation.objects.get(pk=int(shared[1:])) if shared else None


def nearest_of_level(organisation: Organisation, level: int) -> Organisation | None:
    """The body itself or the lowest one above it at this level or higher up."""
    return next((body for body in lineage(organisation) if body.level <= level), None)


AREA_KINDS = ("A2", "A3", "A4", "C1", "C2", "C3")


def organisation_of_division(code: str) -> Organisation | None:
    """The area body of a division, or of the smallest division around it that has one: province to village."""
    wanted = [code[:size] for size in (12, 9, 6) if len(code) >= size] + [f"{code[:4]}00", f"{code[:2]}0000"]
    # Index: organisation_of_division.
    found = Organisation.objects.active().filter(division_code__in=wanted, kind__in=AREA_KINDS)
    return max(found, key=lambda body: body.level, default=None)


def names_of_divisions(codes: Iterable[str]) -> dict[str, str]:
    """Division code → name of its area body, in one query; a division without a body is left out."""
    # Index: organisation_of_division.
    found = Organisation.objects.active().filter(division_code__in=list(codes), kind__in=AREA_KINDS)
    return {body.division_code: body.display_name for body in found}


@dataclass(frozen=True)
class Branch:
    """One child in the tree of the workbench: the body, its figures, and whether it can be opened."""

    organisation: Organisation
    figures: dict[str, int]
    has_children: bool

    @property
    def members(self) -> int:
        return self.figures.get("members.current", 0)

    @property
    def unions(self) -> int:
        return self.figures.get("organisations.grassroots", 0)


def branches(organisation: Organisation, names: Sequence[str]) -> list[Branch]:
    """The children of a body with their figures: three queries, whatever is below."""
    bodies = list(children(organisation))
    numbers = children_figures(organisation.path, names)
    zeros = dict.fromkeys(names, 0)
    parents = _parents_among(bodies)
    return [Branch(body, numbers.get(body.label, zeros), body.pk in parents) for body in bodies]


def with_figures(rows: Iterable[Organisation], names: Sequence[str]) -> list[Branch]:
    """Any few bodies with their figures."""
    bodies = list(rows)
    numbers = figures([body.path for body in bodies], names)
    parents = _parents_among(bodies)
    return [Branch(body, numbers[body.path], body.pk in parents) for body in bodies]


def figures_of(organisation: Organisation, names: Sequence[str]) -> dict[str, int]:
    return figures([organisation.path], names)[organisation.path]


def _parents_among(bodies: list[Organisation]) -> set[int]:
    """One child found is enough: a county has thousands. Index: organisation_children."""
    below = Organisation.objects.live().filter(parent=OuterRef("pk")).order_by()
    return set(
        Organisation.objects.filter(Exists(below), pk__in=[body.pk for body in bodies]).values_list("pk", flat=True)
    )


def nearest_with_phone(organisation: Organisation) -> Organisation | None:
    """Whom to call: the body itself, or the nearest one above it that has a telephone."""
    return next((body for body in lineage(organisation) if body.phone), None)


@dataclass(frozen=True)
class Found:
    """One body as the picker shows it: nothing that is not public."""

    public_id: str
    name: str
    trail: str
    place: int

    def as_dict(self) -> dict[str, str]:
        return {"id": self.public_id, "name": self.name, "place": self.trail}

    def as_option(self) -> dict[str, str]:
        """As the hits of the picker read it."""
        return {"value": self.public_id, "name": self.name, "place": self.trail}


def search(text: str, *, limit: int = 20) -> list[Found]:
    """Bodies by name, place, code, pinyin or initials."""
    hits = search_text(text, kinds=(finding.KIND,), limit=limit)
    return [Found(hit.object_id, hit.title, hit.detail, hit.place) for hit in hits]


def trail(organisation: Organisation) -> str:
    return finding.trail(body.name for body in ancestors(organisation))


def lines(organisation: Organisation, *, on: dt.date | None = None) -> QuerySet[OrganisationLink]:
    """The further lines above a body on a day."""
    day = on or today()
    running = Q(valid_to=None) | Q(valid_to__gt=day)
    found = OrganisationLink.objects.filter(running, organisation=organisation, valid_from__lte=day)
    return found.select_related("leader").order_by("kind", "leader__name")


def employers(organisation: Organisation, *, on: dt.date | None = None) -> QuerySet[OrganisationEmployer]:
    """The employers a body covers on a day."""
    day = on or today()
    running = Q(valid_to=None) | Q(valid_to__gt=day)
    found = OrganisationEmployer.objects.filter(running, organisation=organisation, valid_from__lte=day)
    return found.select_related("employer").order_by("relation", "employer__name")


def union_of_employer(employer: Employer, *, on: dt.date | None = None) -> Organisation | None:
    """The body that covers an employer: its own union before a joint one before a federation."""
    day = on or today()
    running = Q(valid_to=None) | Q(valid_to__gt=day)
    found = OrganisationEmployer.objects.filter(running, employer=employer, valid_from__lte=day)
    order = {"own": 0, "joint": 1, "federation": 2}
    links = sorted(found.select_related("organisation"), key=lambda link: (order[link.relation], link.pk))
    return next((link.organisation for link in links if not link.organisation.is_gone), None)


def history(organisation: Organisation) -> list[OrganisationSpan]:
    """All names and parents a body has had, oldest first."""
    return list(OrganisationSpan.objects.filter(organisation=organisation).select_related("parent").order_by("days"))


_TREE_ON = """
    WITH RECURSIVE standing AS (
        SELECT s.organisation_id, s.parent_id, s.name, s.kind FROM organisations_organisationspan s
        WHERE s.days @> %(day)s::date
    ),
    tree AS (
        SELECT organisation_id, name, kind, parent_id, 0 AS depth FROM standing WHERE {start}
        UNION ALL
        SELECT s.organisation_id, s.name, s.kind, s.parent_id, t.depth + 1
        FROM standing s JOIN tree t ON s.parent_id = t.organisation_id
    )
    SELECT organisation_id, parent_id, name, kind, depth FROM tree ORDER BY depth, name
"""


@dataclass(frozen=True)
class Stood:
    """Where and under which name a body stood on a day."""

    organisation_id: int
    parent_id: int | None
    name: str
    kind: str
    depth: int


def tree_on(day: dt.date, root: Organisation | None = None) -> list[Stood]:
    """The tree as it was on a day, from one body down or whole: statistics use the tree of the period's end."""
    start = "organisation_id = %(root)s" if root else "parent_id IS NULL"
    params: dict[str, Any] = {"day": day, "root": root.pk if root else None}
    with connection.cursor() as cursor:
        cursor.execute(_TREE_ON.format(start=start), params)
        return [Stood(*row) for row in cursor.fetchall()]


def span_open(organisation: Organisation, day: dt.date) -> OrganisationSpan:
    """The page of history that begins on a day with what the body is now; not yet saved."""
    return OrganisationSpan(
        organisation=organisation,
        name=organisation.name,
        kind=organisation.kind,
        parent_id=organisation.parent_id,
        days=(day, None),
    )


def entries_under(path: str, *, only_self: bool = False) -> Iterator[Entry]:
    """What the search should know of a body and all below it."""
    bodies = list(Organisation.objects.live().under(path) if not only_self else Organisation.objects.filter(path=path))
    above = [int(label[1:]) for label in labels_of(path)[:-1]]
    names = {f"n{pk}": name for pk, name in Organisation.objects.filter(pk__in=above).values_list("pk", "name")}
    names |= {body.label: body.name for body in bodies}
    for body in bodies:
        yield finding.entry(
            public_id=body.public_id,
            name=body.name,
            short_name=body.short_name,
            code=body.code,
            path=body.path,
            level=body.level,
            above=finding.names_above(body.path, names),
            keys=(body.pinyin_full, body.pinyin_initials),
            division_code=body.division_code,
        )


def body_called(public_id: str) -> Organisation | None:
    """A living body by what its card shows in the address."""
    return Organisation.objects.live().filter(public_id=public_id).first() if public_id else None


def kinds_under(organisation: Organisation) -> list[tuple[str, str]]:
    """Kinds of bodies that may stand just below this one; unions of employers are founded by their own procedure."""
    rules = kind_rules().values()
    return [
        (rule.code, kind_label(rule.code))
        for rule in rules
        if organisation.kind in rule.parents and level_under(rule.code, organisation.level) is not None
    ]


def kind_label(kind: str) -> str:
    return str(Kind(kind).label)


def changes_of(organisation: Organisation) -> list[TreeChange]:
    rows = TreeChange.objects.filter(Q(organisation=organisation) | Q(target=organisation) | Q(result=organisation))
    return list(
        rows.select_related("organisation", "target", "proposed_by", "decided_by").order_by("-proposed_at")[:20]
    )


def employer_called(text: str) -> Employer | None:
    """By its code, its exact name or its public id."""
    wanted = text.strip()
    if not wanted:
        return None
    same = Q(uscc=wanted.upper()) | Q(name=wanted) | Q(public_id=wanted)
    return Employer.objects.filter(same).order_by("pk").first()
