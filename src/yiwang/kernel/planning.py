"""Fresh statistics after a bulk change, for statements that follow in the same transaction."""

from django.db import connection, models

BULK = 2_000  # rows; below it a bad plan costs milliseconds


def look_again(*tables: type[models.Model], changed: int) -> None:
    """Let the planner see what this transaction has changed in bulk; nothing happens below ``BULK`` rows.

    The database looks by itself a minute after a commit. Before that it plans for the few rows of yesterday, and a
    join that is fine for three rows runs through the square of fifty thousand.
    """
    if changed < BULK:
        return
    names = ", ".join(connection.ops.quote_name(table._meta.db_table) for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {names}")
