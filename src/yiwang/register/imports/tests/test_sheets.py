import datetime as dt
import io
import zipfile

import pytest

from yiwang.register.imports.errors import BadSheet
from yiwang.register.imports.library import sheets
from yiwang.register.imports.library.columns import LANDMARKS
from yiwang.register.imports.library.sheets import Row, cell_text, read_sheet
from yiwang.register.imports.tests.factories import as_csv, as_xlsx, make_row

ROWS = [make_row(n, union="U1", uscc="91350100M000100Y43") for n in (1, 2)]
ROWS[0]["name"] = "阿卜杜拉·𠮷㐂"


def read(content: bytes):
    return read_sheet(content, landmarks=LANDMARKS)


@pytest.mark.parametrize(
    "content",
    [
        as_xlsx(ROWS),
        as_csv(ROWS, encoding="gb18030"),
        as_csv(ROWS, encoding="utf-8"),
        as_csv(ROWS, encoding="utf-8-sig"),
        as_csv(ROWS, encoding="utf-8", delimiter="\t"),
        as_csv(ROWS, encoding="gb18030", delimiter=";"),
    ],
    ids=["xlsx", "gbk", "utf8", "bom", "tab", "semicolon"],
)
def test_every_form_of_the_file_reads_the_same(content):
    sheet = read(content)

    assert [row.number for row in sheet.rows] == [2, 3]
    assert sheet.rows[0].cells[sheet.header.index("姓名")] == "阿卜杜拉·𠮷㐂"
    assert sheet.rows[1].cells[sheet.header.index("证件号码")] == ROWS[1]["id_number"]


def test_a_title_above_the_header_stars_and_empty_lines_do_no_harm():
    text = "2026年会员名册,,\n,,\n 姓名* ,证件号码＊,部门\n周文娟,1,x\n,,\n王伟,2,y\n"

    sheet = read(text.encode())

    assert sheet.header == ("姓名", "证件号码", "部门")
    assert sheet.rows == (Row(4, ("周文娟", "1", "x")), Row(6, ("王伟", "2", "y")))


def broken_zip() -> bytes:
    return as_xlsx(ROWS)[:-400]


def foreign_zip() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("a.txt", "x")
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"  \n ", "empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "not_a_sheet"),
        (b"hello", "not_a_sheet"),
        ("姓名,部门\nA,B\n".encode(), "no_header"),
        (b"x,y\n" * 12, "no_header"),
        ("姓名,证件号码\n".encode(), "no_rows"),
        (broken_zip(), "unreadable"),
        (foreign_zip(), "unreadable"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "unreadable"),
        (b"\xff\xff\xff\xff,\xff", "encoding"),
    ],
)
def test_what_is_no_sheet_of_ours_is_refused_in_words(content, reason):
    with pytest.raises(BadSheet) as refusal:
        read(content)

    assert refusal.value.reason == reason
    assert len(str(refusal.value)) > 5


def test_sizes_have_limits(monkeypatch):
    monkeypatch.setattr(sheets, "LARGEST_UNPACKED", 100)
    with pytest.raises(BadSheet, match="展开"):
        read(as_xlsx(ROWS))
    monkeypatch.setattr(sheets, "MOST_ROWS", 1)
    with pytest.raises(BadSheet, match="100万行"):
        read(as_csv(ROWS))


def test_a_workbook_with_a_password_says_so(monkeypatch):
    def refuse(*_args):
        raise sheets.PasswordError("x")

    monkeypatch.setattr(sheets.CalamineWorkbook, "from_filelike", refuse)
    with pytest.raises(BadSheet, match="密码"):
        read(as_xlsx(ROWS))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("  x ", "x"),
        (13912345520.0, "13912345520"),
        (3.20102199001010e17, "3.20102E+17"),
        (1.5, "1.5"),
        (True, "是"),
        (False, "否"),
        (dt.datetime(2021, 3, 5, 8, 0), "2021-03-05"),
        (dt.date(2021, 3, 5), "2021-03-05"),
        (None, "None"),
    ],
)
def test_cells_read_as_a_person_reads_them(value, text):
    assert cell_text(value) == text
