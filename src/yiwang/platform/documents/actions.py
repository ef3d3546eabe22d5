"""Numbers and papers. Numbers are given inside the caller's transaction: it commits with the paper or not at all."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from yiwang.platform.documents import letters
from yiwang.platform.documents.errors import BadNumberPrefix, NumbersExhausted
from yiwang.platform.documents.formulas import MOST, DocumentNumber, is_prefix

NEXT = """
    INSERT INTO documents_numbersequence (body, kind, year, last) VALUES (%s, %s, %s, 1)
    ON CONFLICT (body, kind, year) DO UPDATE SET last = documents_numbersequence.last + 1
    RETURNING last
"""


@dataclass(frozen=True)
class Paper:
    """One letter in both forms, made from the same data, with the facts a register of letters keeps."""

    kind: str
    title: str
    number: str
    check_code: str
    docx: bytes
    pdf: bytes


def next_document_number(body: str, kind: str, year: int) -> str:
    """“昆工助〔2026〕17号”. Without gaps or repeats: the row stays locked until the caller's transaction ends,
    and a number whose paper fails is given again.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a number belongs inside the transaction of the paper that carries it")
    if not is_prefix(body + kind):
        raise BadNumberPrefix(body + kind)
    with connection.cursor() as cursor:
        cursor.execute(NEXT, [body, kind, year])
        serial = cursor.fetchone()[0]
    if serial > MOST:
        raise NumbersExhausted(body + kind, year)
    return str(DocumentNumber(body + kind, year, serial))


def make_letter(kind: str, data: Mapping[str, Any], *, at: dt.datetime | None = None) -> Paper:
    """The letter as Word and PDF. Raises ``LetterIncomplete`` with the keys that ``data`` still needs."""
    from yiwang.platform.documents.pdf import render_pdf  # noqa: PLC0415 -- slow import
    from yiwang.platform.documents.word import letter_template, render_docx  # noqa: PLC0415 -- slow import

    page = letters.compose(kind, data)
    return Paper(
        kind=kind,
        title=page["title"],
        number=page["number"],
        check_code=page["check_code"],
        docx=render_docx(letter_template(kind), page),
        pdf=render_pdf("letter", page, at=at),
    )


def make_form_sheet(data: Mapping[str, Any], *, at: dt.datetime | None = None) -> bytes:
    """An approval form on A4 (``docs/apps/documents.md`` lists the keys)."""
    from yiwang.platform.documents.pdf import render_pdf  # noqa: PLC0415 -- slow import

    return render_pdf("form", letters.compose_sheet(data), at=at)


@dataclass(frozen=True)
class ListSheet:
    """A list on A4 across, in both forms."""

    title: str
    docx: bytes
    pdf: bytes


def make_list_sheet(data: Mapping[str, Any], *, at: dt.datetime | None = None) -> ListSheet:
    """Many columns under one title: ``title``, ``body``, ``printed_by``, ``printed_at``, ``heads`` and ``rows``."""
    from yiwang.platform.documents.pdf import render_pdf  # noqa: PLC0415 -- slow import
    from yiwang.platform.documents.word import render_list  # noqa: PLC0415 -- slow import

    page = letters.compose_list(data)
    return ListSheet(title=page["title"], docx=render_list(page), pdf=render_pdf("list", page, at=at))
