"""A table as a file: every row of the list as filtered and sorted, in the columns shown."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.db.models import QuerySet
from django.http import HttpResponse

from yiwang.kernel.clock import today
from yiwang.platform.ui.spreadsheets import KINDS, Record

if TYPE_CHECKING:
    from yiwang.platform.ui.tables.table import Table

CHUNK = 2_000


def records(table: "Table", rows: QuerySet[Any]) -> Iterator[Record]:
    columns = [(str(column.label), column) for column in table.shown_columns]
    for row in rows.iterator(chunk_size=CHUNK):
        yield {label: column.plain(row) for label, column in columns}


def response(table: "Table", rows: QuerySet[Any], kind: str) -> HttpResponse:
    content_type, write = KINDS[kind]
    name = quote(f"{table.label or table.name}-{today():%Y-%m-%d}.{kind}")
    return HttpResponse(
        write([str(column.label) for column in table.shown_columns], records(table, rows)),
        content_type=content_type,
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{name}", "Cache-Control": "no-store"},
    )
