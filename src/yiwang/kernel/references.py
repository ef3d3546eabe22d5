"""Foreign keys judged for a set of rows at once: row by row they cost more than half of a large import or its undo.

A key is safe without the database's own look-up for each row when the transaction holds the locks that look-up would
take: the rows pointed at FOR KEY SHARE before rows are written (``keep``), or the rows themselves FOR UPDATE before
they are searched for in every table that may point at them and deleted (``lock``, ``pointed_at``). Whoever writes a
reference at the same time then waits for us, or we for them, exactly as with the look-up.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from django.db import connection, models, transaction
from psycopg.sql import SQL, Identifier

from yiwang.kernel.copying import array_of

_POINTING = """
    SELECT c.conrelid::regclass::text, a.attname FROM pg_constraint c
    JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
    WHERE c.contype = 'f' AND c.confrelid = %s::regclass
"""


def lock(model: type[models.Model], ids: Collection[int]) -> None:
    """Until the transaction ends nobody changes these rows or begins to point at them."""
    _lock(model, ids, SQL("FOR UPDATE"))


def keep(model: type[models.Model], ids: Collection[int]) -> bool:
    """Until the transaction ends nobody deletes these rows. False when some of them are gone already."""
    return _lock(model, ids, SQL("FOR KEY SHARE")) == len(set(ids))


def _lock(model: type[models.Model], ids: Collection[int], strength: SQL) -> int:
    rows = SQL("SELECT id FROM {} WHERE id = ANY (%s::bigint[]) ORDER BY id {}")
    with connection.cursor() as cursor:
        cursor.execute(rows.format(Identifier(model._meta.db_table), strength), [array_of(ids)])
        return int(cursor.rowcount)


def pointed_at(model: type[models.Model], ids: Collection[int], *, leaving: Collection[type[models.Model]]) -> set[int]:
    """Those of ``ids`` that rows of other tables point at. The tables come from the database's own keys, so that none
    is forgotten; the rows of ``leaving`` go together with these and don't count."""
    theirs = {other._meta.db_table for other in leaving}
    found: set[int] = set()
    with connection.cursor() as cursor:
        cursor.execute(_POINTING, [model._meta.db_table])
        for table, column in cursor.fetchall():
            if table not in theirs:
                pointing = SQL("SELECT {column} FROM {table} WHERE {column} = ANY (%s::bigint[])")
                cursor.execute(pointing.format(column=Identifier(column), table=Identifier(table)), [array_of(ids)])
                found |= {pk for (pk,) in cursor.fetchall()}
    return found


@contextmanager
def judged_as_a_set() -> Iterator[None]:
    """The database looks up no reference of what is written or deleted inside; every other constraint holds.

    Only for rows that were judged as above. Where the database's role may not do this (it needs ``GRANT SET ON
    PARAMETER session_replication_role``, which the embedded server's has) each row is looked up as ever.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT has_parameter_privilege('session_replication_role', 'SET')")
        (may,) = cursor.fetchone()
        if may:
            cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        if may:
            cursor.execute("SET LOCAL session_replication_role = origin")
