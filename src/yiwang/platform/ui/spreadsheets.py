"""Rows as a file that a spreadsheet program opens, and runs nothing of."""

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any

from rustpy_xlsxwriter import FastExcel, Format

Record = dict[str, Any]
# What a spreadsheet program would run as a formula when it opens the file.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def neutral(value: Any) -> Any:
    """A text that would be run as a formula, made a text for good."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


def as_xlsx(labels: list[str], rows: Iterator[Record]) -> bytes:
    """Cells of text are written as text, which no spreadsheet program runs."""
    target = io.BytesIO()
    sheet = FastExcel(target, autofit=True)
    sheet.format(bold_headers=True, datetime_format="yyyy-mm-dd hh:mm").freeze(row=1)
    first = next(rows, dict.fromkeys(labels))  # an empty list still has its headings
    sheet.sheet("Sheet1", chain([first], rows)).save()
    return target.getvalue()


def as_stamped_xlsx(labels: list[str], rows: Iterator[Record], stamp: str) -> bytes:
    """The same with a sentence above the headings and at the foot of every printed page: whose copy it is, what for."""
    target = io.BytesIO()
    sheet = FastExcel(target, autofit=True)
    sheet.format(bold_headers=True, datetime_format="yyyy-mm-dd hh:mm").freeze(row=2)
    first = next(rows, dict.fromkeys(labels))
    words = Format().set_bold().set_text_wrap().set_font_color("#B42318")
    foot = stamp.replace("&", "&&")[:240]  # Excel takes 255 characters, and reads “&” as a code
    sheet.sheet(
        "Sheet1",
        chain([first], rows),
        header_row=1,
        merge_ranges=[(0, 0, 0, max(len(labels) - 1, 1), stamp, words)],
        row_heights={0: 48},
        page_setup={"footer": f"&L{foot}", "landscape": True},
    ).save()
    return target.getvalue()


def as_csv(labels: list[str], rows: Iterator[Record]) -> bytes:
    """UTF-8 with a mark, so that spreadsheet programs read the characters right."""
    target = io.StringIO()
    writer = csv.DictWriter(target, labels)
    writer.writeheader()
    for record in rows:
        writer.writerow({label: neutral(csv_value(value)) for label, value in record.items()})
    return b"\xef\xbb\xbf" + target.getvalue().encode()


def csv_value(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return value


KINDS: dict[str, tuple[str, Callable[[list[str], Iterator[Record]], bytes]]] = {
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
    "csv": ("text/csv; charset=utf-8", as_csv),
}
