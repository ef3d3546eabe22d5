"""Persons and memberships by the ten thousand, column by column: one COPY for a table, one entry for a union.

For imports of large files. The rows were checked before; the database's own constraints hold as ever.
"""

from collections.abc import Mapping
from contextlib import nullcontext
from itertools import starmap

import numpy as np
import polars as pl
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, models
from psycopg.sql import SQL, Identifier

from yiwang.kernel.clock import now
from yiwang.kernel.crypto import encrypt_many
from yiwang.kernel.ids import public_ids
from yiwang.kernel.references import judged_as_a_set, keep
from yiwang.platform.counters.actions import add_many
from yiwang.platform.journal.actions import record_many
from yiwang.platform.text.library import person_keys
from yiwang.register.members.codes import EmployKind, EmployState, JoinWay, NewForm, RealnameLevel
from yiwang.register.members.counting import CURRENT
from yiwang.register.members.events import MembersEnrolled
from yiwang.register.members.models import Membership, MembershipSpan, Person
from yiwang.register.members.queries import MASKED_TO_FOUR, tail_hash

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
    tables = {Person: _persons(made, at), Membership: _memberships(made, at, source), MembershipSpan: _spans(made)}
    with judged_as_a_set() if _may_point(tables) else nullcontext():
        for model, table in tables.items():
            _copy(model, table)
    days = made.group_by("path", "joined_on").len().iter_rows()
    add_many((CURRENT, path, day, number) for path, day, number in days)
    per_union = made.group_by("organisation_id", maintain_order=True).len().iter_rows()
    record_many([MembersEnrolled(organisation_id=pk, rows=number, source=source) for pk, number in per_union], by=by)
    return made


def _may_point(tables: Mapping[type[models.Model], pl.DataFrame]) -> bool:
    """Whether everything the rows point at is there, and stays until they are written."""
    wanted: dict[type[models.Model], set[int]] = {}
    for model, table in tables.items():
        for field in model._meta.concrete_fields:
            target = field.related_model
            if isinstance(target, type) and target not in tables and field.column in table.columns:
                wanted.setdefault(target, set()).update(table[field.column].drop_nulls().unique())
    return all(keep(target, sorted(ids)) for target, ids in wanted.items())


def _serials(model: type[models.Model], count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(serial) FROM (SELECT pg_get_serial_sequence(%s, 'id')::regclass AS serial OFFSET 0) one,"
            " generate_series(1, %s)",
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
        pl.Series("tail_hash", _tails(made["id_number"].to_list()), dtype=pl.String),
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


def _tails(numbers: list[str]) -> list[str]:
    """As ``queries.tail_hash``, each ending once: there are eleven thousand at most."""
    ends = [number[-4:] if len(number) >= MASKED_TO_FOUR else "" for number in numbers]
    known = {end: tail_hash(end.rjust(MASKED_TO_FOUR)) if end else "" for end in set(ends)}
    return [known[end] for end in ends]


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
