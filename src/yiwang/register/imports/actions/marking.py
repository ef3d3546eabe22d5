"""Noting on staged rows what became of them: one statement for hundreds, where bulk_update would build a CASE each."""

from collections.abc import Sequence

from django.db import connection

from yiwang.kernel.crypto import encrypt
from yiwang.kernel.fields import EncryptedTextField
from yiwang.register.imports.models import StagedRow

_MARK = """
    UPDATE imports_stagedrow AS row SET
        person_id = said.person_id, membership_id = said.membership_id, made_person = said.made_person,
        made_membership = said.made_membership, before = said.before, written_at = said.written_at
    FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::boolean[], %s::boolean[], %s::bytea[], %s::timestamptz[])
        AS said (id, person_id, membership_id, made_person, made_membership, before, written_at)
    WHERE row.id = said.id
"""


def mark_rows(rows: Sequence[StagedRow]) -> None:
    field: EncryptedTextField[str | None, str | None] = StagedRow._meta.get_field("before")
    columns = (
        [row.pk for row in rows],
        [row.person_id for row in rows],
        [row.membership_id for row in rows],
        [row.made_person for row in rows],
        [row.made_membership for row in rows],
        [encrypt(row.before, field.context) if row.before else None for row in rows],
        [row.written_at for row in rows],
    )
    with connection.cursor() as cursor:
        cursor.execute(_MARK, columns)
