"""New rows by COPY: several times faster than ``bulk_create`` from some fifty rows on, with the same values."""

from collections.abc import Iterable, Sequence

from django.db import DEFAULT_DB_ALIAS, connections, models
from psycopg.sql import SQL, Identifier

WORTH_IT = 50


def copy_rows(objects: Sequence[models.Model]) -> None:
    """Insert new objects of one model in the caller's transaction and give each its id. Constraints hold as ever.

    Fields with a default of the database get it only when all objects leave it open.
    """
    if not objects:
        return
    model = type(objects[0])
    if len(objects) < WORTH_IT:
        model._base_manager.bulk_create(objects)
        return
    table = model._meta.db_table
    key = model._meta.pk.attname
    database = connections[DEFAULT_DB_ALIAS]  # not the proxy: it is asked for every value
    with database.cursor() as cursor:
        if objects[0].pk is None:
            cursor.execute(
                "SELECT nextval(serial) FROM (SELECT pg_get_serial_sequence(%s, %s)::regclass AS serial OFFSET 0) one,"
                " generate_series(1, %s)",
                [table, key, len(objects)],
            )
            for made, (number,) in zip(objects, cursor.fetchall(), strict=True):
                made.pk = number
        fields = [field for field in model._meta.concrete_fields if not _is_left_to_database(field, objects)]
        names = SQL(", ").join([Identifier(str(field.column)) for field in fields])
        statement = SQL("COPY {} ({}) FROM STDIN").format(Identifier(table), names)
        with cursor.copy(statement) as copy:
            for made in objects:
                copy.write_row([f.get_db_prep_save(f.pre_save(made, add=True), database) for f in fields])
    for made in objects:
        made._state.adding, made._state.db = False, database.alias


def array_of(numbers: Iterable[int]) -> str:
    """Whole numbers as PostgreSQL writes an array, for ``%s::bigint[]``: tens of thousands in no time."""
    return f"{{{','.join(map(str, numbers))}}}"


def _is_left_to_database(field: models.Field, objects: Sequence[models.Model]) -> bool:  # type: ignore[type-arg]  # any
    if not field.has_db_default():
        return False
    return all(isinstance(getattr(made, field.attname), models.expressions.DatabaseDefault) for made in objects)
