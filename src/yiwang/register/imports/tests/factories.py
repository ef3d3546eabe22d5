"""Spreadsheets as people send them."""

import csv
import datetime as dt
import io
from collections.abc import Sequence

from rustpy_xlsxwriter import FastExcel

from yiwang.kernel.identity import id_check_digit
from yiwang.register.imports.library.columns import COLUMNS, HEADINGS

BIRTH = dt.date(1970, 1, 1)


def make_id(n: int, *, female: bool = False) -> str:
    """The n-th invented identity number; all are valid and differ."""
    day = BIRTH + dt.timedelta(days=n % 11_000)
    seventeen = f"320583{day:%Y%m%d}{(n // 11_000) * 2 + (0 if female else 1):03d}"
    return seventeen + id_check_digit(seventeen)


def make_row(
    n: int, *, union: str, uscc: str, employer: str = "恒达精密（昆山）有限公司", **changes: str
) -> dict[str, str]:
    """A row that is right in every cell, by key; ``changes`` spoil it."""
    row = {
        "serial": str(n),
        "name": f"王{chr(0x4E00 + n % 20_000)}{chr(0x4E00 + n // 20_000 + 7)}",
        "id_type": "居民身份证",
        "id_number": make_id(n),
        "phone": f"139{n:08d}",
        "employer_name": employer,
        "uscc": uscc,
        "post": "装配工",
        "employ_kind": "合同制",
        "employ_state": "在岗",
        "joined_on": "2021-03-05",
        "organisation": union,
    }
    return {**row, **changes}


def by_heading(rows: Sequence[dict[str, str]], keys: Sequence[str] | None = None) -> list[dict[str, str]]:
    keys = keys or [column.key for column in COLUMNS]
    return [{HEADINGS[key]: row.get(key, "") for key in keys} for row in rows]


def as_xlsx(rows: Sequence[dict[str, str]], keys: Sequence[str] | None = None) -> bytes:
    target = io.BytesIO()
    FastExcel(target).sheet("会员名册", by_heading(rows, keys)).save()
    return target.getvalue()


def as_csv(rows: Sequence[dict[str, str]], *, encoding: str = "gb18030", delimiter: str = ",") -> bytes:
    target = io.StringIO()
    lines = by_heading(rows)
    writer = csv.DictWriter(target, list(lines[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(lines)
    return target.getvalue().encode(encoding)
