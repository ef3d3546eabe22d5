"""Files we hand out: the template, and the rows that could not be imported, ready to be corrected and sent again."""

import io
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from rustpy_xlsxwriter import FastExcel

from yiwang.register.imports.library.layouts import Layout

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def headings(layout: Layout) -> list[str]:
    return [f"{column.heading}*" if column.is_required else column.heading for column in layout.columns]


def template(layout: Layout) -> bytes:
    """The empty layout with one sheet of words that may be filled in. All cells are text, numbers included."""
    lists = {layout.headings[key]: choices for key, choices in layout.choices.items()}
    longest = max(len(choices.choices) for choices in lists.values())
    words = [
        {heading: str(choices.choices[n][1]) if n < len(choices.choices) else "" for heading, choices in lists.items()}
        for n in range(longest)
    ]
    target = io.BytesIO()
    book = FastExcel(target, autofit=True)
    book.format(bold_headers=True).freeze(row=1)
    book.sheet(layout.title, [dict.fromkeys(headings(layout), "")]).sheet("可以填的词", words).save()
    return target.getvalue()


def refused(rows: Iterable[list[str]], layout: Layout) -> bytes:
    """The layout, with the old row number and the reasons at the end."""
    names = [*headings(layout), _("原来的行"), _("原因")]
    target = io.BytesIO()
    book = FastExcel(target, autofit=True)
    book.format(bold_headers=True).freeze(row=1)
    records: Iterable[dict[str, Any]] = (dict(zip(names, row, strict=True)) for row in rows)
    book.sheet(layout.title, records).save()
    return target.getvalue()
