import datetime as dt
import io
import zipfile

import pytest

from yiwang.register.imports.errors import BadSheet
from yiwang.register.imports.library import sheets
from yiwang.register.imports.library.columns import LANDMARKS
from yiwang.register.imports.library.layouts import MEMBERS
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


def bomb(size: int) -> bytes:
    """A workbook whose sheet unpacks to ``size`` blanks while its list says a thousand bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * size)
    return target.getvalue().replace(size.to_bytes(4, "little"), (1000).to_bytes(4, "little"))


def test_a_zip_bomb_that_lies_about_its_size_is_refused(monkeypatch):
    monkeypatch.setattr(sheets, "LARGEST_UNPACKED", 8 << 20)

    with pytest.raises(BadSheet, match="展开后太大"):
        read(bomb(64 << 20))


def test_three_hundred_columns_are_too_many():
    headings = ["姓名", "证件号码", *(f"列{n}" for n in range(298))]

    with pytest.raises(BadSheet, match="有300列，太多了") as refusal:
        read(f"{','.join(headings)}\n{','.join('x' for _ in headings)}\n".encode())
    assert refusal.value.reason == "too_many_columns"


def workbook(sheet: str, *, strings: tuple[str, ...] = ()) -> bytes:
    """A workbook as other programs write it: ``sheet`` is what stands in the worksheet's element."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType='
        f'"{kinds}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType='
        f'"{kinds}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" Type='
        f'"{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="名册" sheetId="1"'
        ' r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" Type='
        f'"{office}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type='
        f'"{office}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/sharedStrings.xml": f'<sst xmlns="{main}">{"".join(strings)}</sst>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}">{sheet}</worksheet>',
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return target.getvalue()


def inline(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def test_a_header_on_two_lines_with_merged_cells_is_read():
    """As WPS writes it: a title over all, “本人” merged over two headings, “部门” merged over two lines."""
    content = workbook(
        "<sheetData>"
        f'<row r="1">{inline("A1", "2026年会员名册")}</row>'
        f'<row r="2">{inline("A2", "本人")}{inline("C2", "部门")}</row>'
        f'<row r="3">{inline("A3", "姓名 *")}{inline("B3", "证件号码 *")}</row>'
        f'<row r="4">{inline("A4", " 周文娟 ")}{inline("B4", "11010519491231002X")}{inline("C4", "一车间")}</row>'
        '</sheetData><mergeCells count="3"><mergeCell ref="A1:C1"/><mergeCell ref="A2:B2"/>'
        '<mergeCell ref="C2:C3"/></mergeCells>'
    )

    sheet = read(content)

    assert sheet.header == ("姓名", "证件号码", "部门")
    assert sheet.rows == (Row(4, ("周文娟", "11010519491231002X", "一车间")),)


@pytest.mark.parametrize(
    "header",
    [
        pytest.param("姓 名,身份证号", id="one-line"),
        pytest.param("职工花名册,\n职工姓名,身份证号码（必填）", id="a-title-above"),
        pytest.param("本人,,部门\n名字,身份证,", id="two-lines"),
    ],
)
def test_a_header_is_known_by_the_words_people_use_and_kept_as_they_wrote_it(header):
    content = f"{header}\n周文娟,11010519491231002X,一车间\n".encode()
    sheet = read_sheet(content, landmarks=MEMBERS.landmarks, others=MEMBERS.other_landmarks)
    assert sheet.rows[0].cells[:2] == ("周文娟", "11010519491231002X")
    assert sheet.header[0] in ("姓名", "职工姓名", "名字")


def test_strings_with_marks_of_their_own_and_formulas_read_as_what_is_shown():
    """As LibreOffice writes it: shared strings in runs with phonetic hints, a formula with the value it had."""
    content = workbook(
        '<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
        '<row r="2"><c r="A2" t="s"><v>2</v></c><c r="B2" t="str"><f>CONCATENATE("110105","19491231002X")</f>'
        '<v>11010519491231002X</v></c></row><row r="3"><c r="A3" t="s"><v>2</v></c>'
        '<c r="B3"><v>320102199001010000</v></c></row></sheetData>',
        strings=(
            "<si><t>姓名</t></si>",
            "<si><r><t>证件</t></r><r><rPr><b/></rPr><t>号码</t></r></si>",
            '<si><t>周文娟</t><rPh sb="0" eb="1"><t>しゅう</t></rPh></si>',
        ),
    )

    sheet = read(content)

    assert sheet.header == ("姓名", "证件号码")
    assert sheet.rows[0] == Row(2, ("周文娟", "11010519491231002X"))
    assert "E+17" in sheet.rows[1].cells[1]  # the end of the number is lost, and nobody takes it for whole
