"""Spreadsheets as they come: .xlsx, .xls, .csv in UTF-8 or GB18030, judged by content and never by name."""

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from yiwang.register.imports.errors import BadSheet

LARGEST_FILE = 20 * 1024 * 1024
LARGEST_UNPACKED = 300 * 1024 * 1024
MOST_ROWS = 200_000
HEADER_WITHIN = 10
EXACT_IN_EXCEL = 10**15  # a number cell keeps 15 digits; what is longer has lost its end

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class Row:
    """One line of the sheet with the number a person sees beside it."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    header: tuple[str, ...]
    rows: tuple[Row, ...]


def read_sheet(content: bytes, *, landmarks: Sequence[str]) -> Sheet:
    """The first sheet. The header is the first line, within the first ten, that holds all ``landmarks``."""
    if not content.strip():
        raise BadSheet("empty", _("文件是空的。"))
    if len(content) > LARGEST_FILE:
        raise BadSheet("too_big", _("文件超过20MB。请分成几个文件传。"))
    lines = _workbook(content) if content.startswith((ZIP, OLE)) else _text(content)
    return _sheet(lines, landmarks)


def _sheet(lines: Iterator[tuple[str, ...]], landmarks: Sequence[str]) -> Sheet:
    header: tuple[str, ...] = ()
    rows: list[Row] = []
    for number, cells in enumerate(lines, 1):
        if header:
            if any(cells):
                rows.append(Row(number, cells))
            if len(rows) > MOST_ROWS:
                raise BadSheet("too_many_rows", _("表格超过20万行。请分成几个文件传。"))
        elif set(landmarks) <= {title(cell) for cell in cells}:
            header = tuple(title(cell) for cell in cells)
        elif number >= HEADER_WITHIN:
            break
    if not header:
        names = "、".join(landmarks)
        raise BadSheet(
            "no_header", _("前10行里没有找到表头。表头要有这些列：{names}。请用模板填写。").format(names=names)
        )
    if not rows:
        raise BadSheet("no_rows", _("表头下面没有数据。"))
    return Sheet(header, tuple(rows))


def title(cell: str) -> str:
    """A heading without the star of required columns and without spaces."""
    return "".join(cell.split()).rstrip("*＊")


def _workbook(content: bytes) -> Iterator[tuple[str, ...]]:
    if content.startswith(ZIP):
        _refuse_bomb(content)
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    except PasswordError as reason:
        raise BadSheet("password", _("文件有密码。请另存一份没有密码的再传。")) from reason
    except (CalamineError, IndexError) as reason:
        message = _("打不开这个文件。请用 Excel 或 WPS 打开，另存为“.xlsx”再传。")
        raise BadSheet("unreadable", message) from reason
    for line in sheet.to_python(skip_empty_area=False):
        yield tuple(cell_text(value) for value in line)


def _refuse_bomb(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(info.file_size for info in archive.infolist())
    except zipfile.BadZipFile as reason:
        raise BadSheet("unreadable", _("文件不完整，可能没有传完。请重新传一次。")) from reason
    if size > LARGEST_UNPACKED:
        raise BadSheet("too_big", _("文件展开后太大。请分成几个文件传。"))


def _text(content: bytes) -> Iterator[tuple[str, ...]]:
    text = decode(content)
    first = text.lstrip("\n\r").partition("\n")[0]
    delimiter = max(",\t;，", key=first.count)
    if "\x00" in text or first.count(delimiter) == 0:
        message = _("这不是表格文件。请传 .xlsx 或 .csv。")
        raise BadSheet("not_a_sheet", message)
    for line in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
        yield tuple(cell.strip() for cell in line)


def decode(content: bytes) -> str:
    """UTF-8 when it is (with or without BOM), else GB18030, which is all that Excel in China writes."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadSheet("encoding", _("文件里的文字读不出来。请另存为“.xlsx”再传。"))


def cell_text(value: object) -> str:
    """What a person reads in the cell. A number that Excel has cut keeps an E, so that it is not taken for whole."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        if abs(value) >= EXACT_IN_EXCEL:
            return f"{value:.5E}"
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value).strip()
