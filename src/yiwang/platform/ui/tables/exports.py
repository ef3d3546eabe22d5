"""A table as a file: every row of the list as filtered and sorted, in the columns shown."""

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.db.models import QuerySet
from django.http import HttpResponse
from rustpy_xlsxwriter import FastExcel

from yiwang.kernel.clock import today

if TYPE_CHECKING:
    from yiwang.platform.ui.tables.table import Table

CHUNK = 2_000
# What a spreadsheet program would run as a formula when it opens the file.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def neutral(value: Any) -> Any:
    """A text that would be run as a formula, made a text for good."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


def records(table: "Table", rows: QuerySet[Any]) -> Iterator[dict[str, Any]]:
    columns = [(str(column.label), column) for column in table.shown_columns]
    is_empty = True
    for row in rows.iterator(chunk_size=CHUNK):
        is_empty = False
        yield {label: column.plain(row) for label, column in columns}
    if is_empty:
        yield {label: None for label, _column in columns}


def as_xlsx(table: "Table", rows: QuerySet[Any]) -> bytes:
    """Cells of text are written as text, which no spreadsheet program runs."""
    target = io.BytesIO()
    sheet = FastExcel(target, autofit=True)
    sheet.format(bold_headers=True, datetime_format="yyyy-mm-dd hh:mm").freeze(row=1)
    sheet.sheet("Sheet1", records(table, rows)).save()
    return target.getvalue()


def as_csv(table: "Table", rows: QuerySet[Any]) -> bytes:
    """UTF-8 with a mark, so that spreadsheet programs read the characters right."""
    target = io.StringIO()
    labels = [str(column.label) for column in table.shown_columns]
    writer = csv.DictWriter(target, labels)
    writer.writeheader()
    for record in records(table, rows):
        writer.writerow({label: neutral(csv_value(value)) for label, value in record.items()})
    return b"\xef\xbb\xbf" + target.getvalue().encode()


def csv_value(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return value


KINDS: dict[str, tuple[str, Callable[["Table", QuerySet[Any]], bytes]]] = {
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
    "csv": ("text/csv; charset=utf-8", as_csv),
}


def response(table: "Table", rows: QuerySet[Any], kind: str) -> HttpResponse:
    content_type, write = KINDS[kind]
    name = quote(f"{table.label or table.name}-{today():%Y-%m-%d}.{kind}")
    return HttpResponse(
        write(table, rows),
        content_type=content_type,
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{name}", "Cache-Control": "no-store"},
    )
