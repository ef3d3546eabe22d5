"""Persons and memberships by the ten thousand, column by column: one COPY for a table, one entry for a union.

For imports of large files. The rows were checked before; the database's own constraints hold as ever.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import starmap
from operator import itemgetter

import numpy as np
import polars as pl
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, models
from psycopg.sql import SQL, Identifier

from yiwang.kernel.clock import now
from yiwang.kernel.crypto import encrypt_many
from yiwang.kernel.ids import public_ids
from yiwang.platform.counters.actions import add_many
from yiwang.platform.journal.actions import record_many
from yiwang.platform.text.library import person_keys
from yiwang.register.members.actions import effects
from yiwang.register.members.codes import EmployKind, EmployState, JoinWay, NewForm, RealnameLevel
from yiwang.register.members.counting import CURRENT
from yiwang.register.members.events import MembersEnrolled, MembersUnenrolled
from yiwang.register.members.models import Membership, MembershipSpan, Person

# What stands in a row when the file says nothing.
_LEFT_OPEN = {
    "nation": "", "political": "", "education": "", "household_type": "", "household_division": "",
    "residence_division": "", "department": "", "post": "", "title_level": "", "union_post": "",
    "employ_kind": EmployKind.CONTRACT.value, "employ_state": EmployState.ON_POST.value, "new_form": NewForm.NONE.value,
}  # fmt: skip
_PERSON = ("name", "id_type", "gender", "birth_date", "id_hash", "phone_hash", *list(_LEFT_OPEN)[:6])
_MEMBERSHIP = (
    "organisation_id", "employer_id", "group_id", "joined_on", "department", "post", "title_level", "union_post",
    "employ_kind", "employ_state", "is_migrant", "new_form", "skill_level",
)  # fmt: skip


def enrol_columns(rows: pl.DataFrame, *, source: str, by: AbstractBaseUser | None) -> pl.DataFrame:
    """Register persons that nobody knows and start their memberships. Returns the rows with both ids.

    Columns: the fields of person and membership by name, ``id_number`` and ``phone`` in clear with their hashes, and
    ``path`` of the union. Everything happens in the caller's transaction. Call ``index_members`` afterwards.
    """
    full = [pl.col(name).fill_null(value) for name, value in _LEFT_OPEN.items()]
    made = rows.with_columns(*full, pl.col("is_migrant").fill_null(False)).with_columns(
        pl.Series("person_id", _serials(Person, len(rows)), dtype=pl.Int64),
        pl.Series("membership_id", _serials(Membership, len(rows)), dtype=pl.Int64),
    )
    at = now().isoformat()
    _copy(Person, _persons(made, at))
    _copy(Membership, _memberships(made, at, source))
    _copy(MembershipSpan, _spans(made))
    days = made.group_by("path", "joined_on").len().iter_rows()
    add_many((CURRENT, path, day, number) for path, day, number in days)
    per_union = made.group_by("organisation_id", maintain_order=True).len().iter_rows()
    record_many([MembersEnrolled(organisation_id=pk, rows=number, source=source) for pk, number in per_union], by=by)
    return made


def _serials(model: type[models.Model], count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [number for (number,) in cursor.fetchall()]


def _persons(made: pl.DataFrame, at: str) -> pl.DataFrame:
    keys = _pinyin(made["name"])
    return made.select(
        *_PERSON,
        pl.col("person_id").alias("id"),
        pl.Series("public_id", public_ids(len(made)), dtype=pl.String),
        pl.Series("pinyin_full", [full for full, _initials in keys], dtype=pl.String),
        pl.Series("pinyin_initials", [initials for _full, initials in keys], dtype=pl.String),
        _sealed(Person, "id_number", made["id_number"]),
        _sealed(Person, "phone", made["phone"]),
        pl.lit(RealnameLevel.FORMAT.value).alias("realname_level"),
        pl.lit(at).alias("created_at"),
        pl.lit(at).alias("updated_at"),
    )


def _memberships(made: pl.DataFrame, at: str, source: str) -> pl.DataFrame:
    return made.select(
        *_MEMBERSHIP,
        "person_id",
        pl.col("membership_id").alias("id"),
        pl.Series("public_id", public_ids(len(made)), dtype=pl.String),
        pl.Series("number", _member_numbers(len(made)), dtype=pl.String),
        pl.lit(Membership.State.ACTIVE.value).alias("state"),
        pl.lit(JoinWay.IMPORT.value).alias("join_way"),
        pl.col("post").str.slice(0, 60).alias("trade"),
        pl.lit("").alias("skill_certificate"),
        pl.lit(source).alias("source"),
        pl.lit(at).alias("created_at"),
        pl.lit(at).alias("updated_at"),
    )


def _spans(made: pl.DataFrame) -> pl.DataFrame:
    return made.select(
        "membership_id",
        "person_id",
        "organisation_id",
        pl.format("[{},)", pl.col("joined_on")).alias("days"),
        pl.lit(True).alias("may_vote"),
        pl.lit(MembershipSpan.Reason.JOINED.value).alias("reason"),
        pl.lit("").alias("end_reason"),
    )


def _sealed(model: type[models.Model], name: str, texts: pl.Series) -> pl.Series:
    context: bytes = model._meta.get_field(name).context  # type: ignore[union-attr]  # an encrypted field
    return pl.Series(name, ["\\x" + sealed.hex() for sealed in encrypt_many(texts, context)], dtype=pl.String)


def _pinyin(names: pl.Series) -> list[tuple[str, str]]:
    distinct = names.unique().to_list()
    known = dict(zip(distinct, map(person_keys, distinct), strict=True))
    return [known[name] for name in names.to_list()]


def _member_numbers(count: int) -> list[str]:
    """As ``formulas.member_number`` for the next serials."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('members_serial') FROM generate_series(1, %s)", [count])
        bodies = [f"32{serial:010d}" for (serial,) in cursor.fetchall()]
    digits = np.frombuffer("".join(bodies).encode(), dtype=np.uint8).reshape(count, 12).astype(np.int16) - 48
    digits[:, 1::2] *= 2
    digits -= 9 * (digits > 9)
    checks = -digits.sum(axis=1) % 10
    return list(starmap("{}{}".format, zip(bodies, checks.tolist(), strict=True)))


def _copy(model: type[models.Model], rows: pl.DataFrame) -> None:
    names = SQL(", ").join(map(Identifier, rows.columns))
    statement = SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(Identifier(model._meta.db_table), names)
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(rows.write_csv(include_header=False).encode())


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
    kept = _kept(pairs, since)
    leaving = [pair for pair in pairs if pair[1] not in kept.all]
    if not leaving:
        return kept
    persons, memberships = [list(ids) for ids in zip(*leaving, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(_LEAVING, [memberships])
        figures = cursor.fetchall()
        cursor.execute("DELETE FROM members_membershipspan WHERE membership_id = ANY (%s)", [memberships])
        cursor.execute("DELETE FROM members_membership WHERE id = ANY (%s)", [memberships])
        cursor.execute("DELETE FROM members_person WHERE id = ANY (%s) RETURNING public_id", [persons])
        public = [public_id for (public_id,) in cursor.fetchall()]
    add_many((CURRENT, path, day, -number) for _pk, path, day, number in figures)
    effects.make_unfindable(public)
    record_many(_unenrolled(figures, reason), by=by)
    return kept


_LEAVING = """
    SELECT m.organisation_id, o.path::text, m.joined_on, count(*) FROM members_membership m
    JOIN organisations_organisation o ON o.id = m.organisation_id WHERE m.id = ANY (%s) GROUP BY 1, 2, 3 ORDER BY 1, 3
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


def _kept(pairs: Sequence[tuple[int, int]], since: dt.datetime) -> Kept:
    persons, memberships = [list(ids) for ids in zip(*pairs, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(_GONE, [persons, memberships])
        gone = {pk for (pk,) in cursor.fetchall()}
        cursor.execute(_CHANGED, {"persons": persons, "memberships": memberships, "since": since})
        changed = {pk for (pk,) in cursor.fetchall()}
    busy = _referred(Person, persons)
    needed = {pk for person, pk in pairs if person in busy}
    return Kept(gone, changed, needed | _referred(Membership, memberships))


def _referred(model: type[models.Model], ids: list[int]) -> set[int]:
    """Ids that rows of other tables point at; a person's own membership and history don't count."""
    own = (Membership, MembershipSpan)
    found: set[int] = set()
    for relation in model._meta.related_objects:
        if relation.field.model in own:
            continue
        table, column = relation.field.model._meta.db_table, str(relation.field.column)
        pointing = SQL("SELECT {column} FROM {table} WHERE {column} = ANY (%s)")
        with connection.cursor() as cursor:
            cursor.execute(pointing.format(column=Identifier(column), table=Identifier(table)), [ids])
            found |= {pk for (pk,) in cursor.fetchall()}
    return found
