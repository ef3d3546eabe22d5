"""Spreadsheets as they come: .xlsx, .xls, .csv in UTF-8 or GB18030, judged by content and never by name."""

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from yiwang.kernel.archives import unpacks_within
from yiwang.register.imports.errors import BadSheet

LARGEST_FILE = 50 * 1024 * 1024  # what a page takes
LARGEST_HERE = 1024 * 1024 * 1024  # what the command line takes: a million rows are a quarter of it
LARGEST_UNPACKED = 600 * 1024 * 1024
MOST_ROWS = 1_000_000
MOST_COLUMNS = 200
HEADER_WITHIN = 10
EXACT_IN_EXCEL = 10**15  # a number cell keeps 15 digits; what is longer has lost its end
PIECE = 16 * 1024 * 1024

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
NUMBER = "number"

Line = tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """One line of the sheet with the number a person sees beside it."""

    number: int
    cells: Line


@dataclass(frozen=True)
class Sheet:
    """A file whose header was found. ``first`` is the number of the line after it."""

    header: Line
    first: int
    total: int  # lines below the header; empty ones among them are passed over when they are read
    source: "Workbook | Text"

    def lines(self) -> Iterator[Row]:
        """Lines below the header, one by one, without the empty ones. By the thousand: ``frames.portions``."""
        width = len(self.header)
        for number, line in enumerate(islice(self.source.lines(), self.first - 1, None), self.first):
            cells = padded(line, width)[:width]
            if any(cells):
                yield Row(number, cells)

    @property
    def rows(self) -> tuple[Row, ...]:
        """All of them at once, for small files."""
        return tuple(self.lines())


def read_sheet(content: bytes, *, landmarks: Sequence[str], others: Mapping[str, str] | None = None) -> Sheet:
    """The first sheet. The header is the first line, within the first ten, that holds all ``landmarks``.

    ``others`` are the words people write instead of a landmark, each with the landmark it stands for.

    A header may take two lines, as merged cells make it: the lower word counts where there is one.
    """
    if not content[:4096].strip() and not content.strip():
        raise BadSheet("empty", _("文件是空的。"))
    source = Workbook(content) if content.startswith((ZIP, OLE)) else Text(content)
    header, first = _find_header(list(islice(source.lines(), HEADER_WITHIN + 1)), landmarks, others or {})
    if len([heading for heading in header if heading]) > MOST_COLUMNS:
        text = _("表格有{count}列，太多了，最多{most}列。请只留名册的列再传。")
        raise BadSheet("too_many_columns", text.format(count=len(header), most=MOST_COLUMNS))
    total = source.height - first + 1
    if total > MOST_ROWS:
        raise BadSheet("too_many_rows", _("表格超过100万行。请分成几个文件传。"))
    sheet = Sheet(header, first, total, source)
    if next(sheet.lines(), None) is None:
        raise BadSheet("no_rows", _("表头下面没有数据。"))
    return sheet


def _find_header(top: Sequence[Line], landmarks: Sequence[str], others: Mapping[str, str]) -> tuple[Line, int]:
    """The headings, and the number of the first line below them."""
    titles = [tuple(title(cell) for cell in line) for line in top]
    read = [tuple(others.get(_bare(cell), cell) for cell in line) for line in titles]
    for place, line in enumerate(read[:HEADER_WITHIN]):
        below = read[place + 1] if place + 1 < len(read) else ()
        both = _on_two_lines(line, below, landmarks)
        if set(landmarks) <= set(both):
            return _without_tail(_merged(titles[place], titles[place + 1])), place + 3
        if set(landmarks) <= set(line):
            return _without_tail(titles[place]), place + 2
    names = "、".join(landmarks)
    raise BadSheet("no_header", _("前10行里没有找到表头。表头要有这些列：{names}。请用模板填写。").format(names=names))


def _on_two_lines(upper: Line, lower: Line, landmarks: Sequence[str]) -> Line:
    """The two lines as one where the lower one goes on with headings; nothing where it already holds data."""
    width = max(len(upper), len(lower))
    pairs = list(zip(padded(upper, width), padded(lower, width), strict=True))
    stands_above = [below for above, below in pairs if above in landmarks]
    goes_on = any(below for above, below in pairs if above not in landmarks or below in landmarks)
    if not any(lower) or not goes_on or any(below not in ("", *landmarks) for below in stands_above):
        return ()
    if not stands_above and not set(landmarks) & set(lower):
        return ()
    adds = any(above and not below for above, below in pairs)
    if not any(below and above != below for above, below in pairs) or (set(landmarks) <= set(lower) and not adds):
        return ()
    return _merged(upper, lower)


def _merged(upper: Line, lower: Line) -> Line:
    width = max(len(upper), len(lower))
    pairs = zip(padded(upper, width), padded(lower, width), strict=True)
    return tuple(below or above for above, below in pairs)


def _bare(heading: str) -> str:
    """Without what stands in brackets: “身份证号（必填）”."""
    return heading.partition("（")[0].partition("(")[0]


def padded(line: Line, width: int) -> Line:
    return line + ("",) * (width - len(line))


def _without_tail(header: Line) -> Line:
    """Sheets are often wider than what is written in them."""
    return header[: max(place for place, heading in enumerate(header, 1) if heading)]


def title(cell: str) -> str:
    """A heading without the star of required columns and without spaces."""
    return "".join(cell.split()).rstrip("*＊")


class Workbook:
    """.xlsx and .xls, whoever wrote them."""

    def __init__(self, content: bytes) -> None:
        if content.startswith(ZIP):
            _refuse_bomb(content)
        try:
            self.sheet: CalamineSheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
        except PasswordError as reason:
            raise BadSheet("password", _("文件有密码。请另存一份没有密码的再传。")) from reason
        except (CalamineError, IndexError) as reason:
            message = _("打不开这个文件。请用 Excel 或 WPS 打开，另存为“.xlsx”再传。")
            raise BadSheet("unreadable", message) from reason
        self.height = self.sheet.end[0] + 1 if self.sheet.end else 0

    def lines(self) -> Iterator[Line]:
        above = self.sheet.start[0] if self.sheet.start else 0  # empty lines on top, which the rows leave out
        left = ("",) * (self.sheet.start[1] if self.sheet.start else 0)
        yield from [()] * above
        for line in self.sheet.iter_rows():
            yield left + tuple(cell_text(value) for value in line)


class Text:
    """Values between commas, tabs or semicolons, in UTF-8 with or without BOM, or in GB18030."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.encoding = encoding_of(content)
        head = content[:PIECE].decode(self.encoding, errors="ignore")
        first = head.lstrip("\n\r").partition("\n")[0]
        self.delimiter = max(",\t;，", key=first.count)
        if "\x00" in head or first.count(self.delimiter) == 0:
            raise BadSheet("not_a_sheet", _("这不是表格文件。请传 .xlsx 或 .csv。"))
        # Where no cell is quoted, a line of the file is a line of the sheet, and lines can be cut by the thousand.
        self.is_plain = b'"' not in content and b"\n" in content
        self.height = content.count(b"\n") + (not content.endswith(b"\n"))

    def lines(self) -> Iterator[Line]:
        text = io.TextIOWrapper(io.BytesIO(self.content), encoding=self.encoding, newline="")
        for line in csv.reader(text, delimiter=self.delimiter):
            yield tuple(cell.strip() for cell in line)


def pieces(content: bytes) -> Iterator[bytes]:
    """Whole lines, some megabytes at a time; each piece ends with a line end."""
    at, end = 0, len(content)
    while at < end:
        cut = content.find(b"\n", min(at + PIECE, end - 1)) + 1
        yield content[at : cut or end] if cut else content[at:] + b"\n"
        at = cut or end


def _refuse_bomb(content: bytes) -> None:
    try:
        is_small = unpacks_within(io.BytesIO(content), LARGEST_UNPACKED)
    except zipfile.BadZipFile as reason:
        raise BadSheet("unreadable", _("文件不完整，可能没有传完。请重新传一次。")) from reason
    if not is_small:
        raise BadSheet("too_big", _("文件展开后太大。请分成几个文件传。"))


def encoding_of(content: bytes) -> str:
    """UTF-8 when it is (with or without BOM), else GB18030, which is all that Excel in China writes."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            for piece in pieces(content):
                piece.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    raise BadSheet("encoding", _("文件里的文字读不出来。请另存为“.xlsx”再传。"))


def cell_text(value: object) -> str:
    """What a person reads in the cell. A number that Excel has cut keeps an E, so that it is not taken for whole."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return _number_text(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    return str(value).strip()


def _number_text(value: float) -> str:
    if abs(value) >= EXACT_IN_EXCEL:
        return f"{value:.5E}"
    return str(int(value)) if value.is_integer() else repr(value)
