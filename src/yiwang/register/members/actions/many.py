"""Members by the thousand, given by their ids: making them findable, taking them back."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection

from yiwang.kernel.copying import array_of
from yiwang.kernel.references import judged_as_a_set, lock, pointed_at
from yiwang.platform.counters.actions import add_many
from yiwang.platform.journal.actions import record_many
from yiwang.register.members.actions import effects
from yiwang.register.members.counting import CURRENT
from yiwang.register.members.events import MembersUnenrolled
from yiwang.register.members.models import Membership, MembershipSpan, Person


def index_members(membership_ids: Sequence[int]) -> None:
    """Make members findable who came by the thousand; those that are gone again are passed over. Safe to repeat."""
    effects.make_findable(
        Membership.objects.held().filter(pk__in=membership_ids).select_related("person", "organisation")
    )


@dataclass(frozen=True)
class Kept:
    """Members that can't be taken back: changed since, gone, or with other records on them."""

    gone: set[int]
    changed: set[int]
    needed: set[int]

    @property
    def all(self) -> set[int]:
        return self.gone | self.changed | self.needed


def unenrol_pairs(
    pairs: Sequence[tuple[int, int]], *, since: dt.datetime, by: AbstractBaseUser | None, reason: str
) -> Kept:
    """Take back persons with their memberships, given by their ids, where nothing happened to them since.

    Returns the memberships that stay, and why.
    """
    lock(Person, [person for person, _membership in pairs])
    lock(Membership, [membership for _person, membership in pairs])
    kept = _kept(pairs, since)
    leaving = [pair for pair in pairs if pair[1] not in kept.all]
    if not leaving:
        return kept
    persons, memberships = map(array_of, zip(*leaving, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(_LEAVING, [memberships])
        figures = cursor.fetchall()
    with judged_as_a_set(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM members_membershipspan WHERE membership_id = ANY (%s::bigint[])", [memberships])
        cursor.execute("DELETE FROM members_membership WHERE id = ANY (%s::bigint[])", [memberships])
        cursor.execute("DELETE FROM members_person WHERE id = ANY (%s::bigint[]) RETURNING public_id", [persons])
        public = [public_id for (public_id,) in cursor.fetchall()]
    add_many((CURRENT, path, day, -number) for _pk, path, day, number in figures)
    effects.make_unfindable(public)
    record_many(_unenrolled(figures, reason), by=by)
    return kept


_LEAVING = """
    SELECT m.organisation_id, o.path::text, m.joined_on, count(*) FROM members_membership m
    JOIN organisations_organisation o ON o.id = m.organisation_id WHERE m.id = ANY (%s::bigint[])
    GROUP BY 1, 2, 3 ORDER BY 1, 3
"""


def _unenrolled(figures: Iterable[tuple[int, str, dt.date, int]], reason: str) -> list[MembersUnenrolled]:
    rows: dict[int, int] = {}
    for organisation_id, number in map(itemgetter(0, 3), figures):
        rows[organisation_id] = rows.get(organisation_id, 0) + number
    return [MembersUnenrolled(organisation_id=pk, rows=number, reason=reason) for pk, number in rows.items()]


_GONE = """
    SELECT u.membership FROM unnest(%s::bigint[], %s::bigint[]) u (person, membership)
    LEFT JOIN members_membership m ON m.id = u.membership AND m.person_id = u.person
    LEFT JOIN members_person p ON p.id = u.person WHERE m.id IS NULL OR p.id IS NULL OR p.merged_into_id IS NOT NULL
"""
_CHANGED = """
    WITH u AS (SELECT * FROM unnest(%(persons)s::bigint[], %(memberships)s::bigint[]) u (person, membership)),
    late AS (
        SELECT u.membership
        FROM u JOIN journal_journalentry j ON j.subject = 'membership' AND j.subject_id = u.membership
        WHERE j.at > %(since)s AND starts_with(j.name, 'members.')
        UNION ALL
        SELECT u.membership FROM u JOIN journal_journalentry j ON j.subject = 'person' AND j.subject_id = u.person
        WHERE j.at > %(since)s AND starts_with(j.name, 'members.')
    )
    SELECT membership FROM late UNION
    SELECT u.membership FROM u JOIN members_membership m ON m.id = u.membership JOIN members_person p ON p.id = u.person
    WHERE m.updated_at > m.created_at OR p.updated_at > p.created_at
"""


# A second membership, or a span of another one: both would be left behind.
_MORE = """
    SELECT u.membership FROM unnest(%s::bigint[], %s::bigint[]) u (person, membership)
    WHERE EXISTS (SELECT FROM members_membership m WHERE m.person_id = u.person AND m.id <> u.membership)
    OR EXISTS (SELECT FROM members_membershipspan s WHERE s.person_id = u.person AND s.membership_id <> u.membership)
"""


def _kept(pairs: Sequence[tuple[int, int]], since: dt.datetime) -> Kept:
    person_ids, membership_ids = zip(*pairs, strict=True)
    persons, memberships = array_of(person_ids), array_of(membership_ids)
    with connection.cursor() as cursor:
        cursor.execute(_GONE, [persons, memberships])
        gone = {pk for (pk,) in cursor.fetchall()}
        cursor.execute(_CHANGED, {"persons": persons, "memberships": memberships, "since": since})
        changed = {pk for (pk,) in cursor.fetchall()}
        cursor.execute(_MORE, [persons, memberships])
        needed = {pk for (pk,) in cursor.fetchall()}
    busy = pointed_at(Person, person_ids, leaving=[Membership, MembershipSpan])
    needed |= {pk for person, pk in pairs if person in busy}
    return Kept(gone, changed, needed | pointed_at(Membership, membership_ids, leaving=[MembershipSpan]))
