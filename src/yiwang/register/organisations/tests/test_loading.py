import csv
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from rustpy_xlsxwriter import write_worksheet

from yiwang.platform.counters.actions import recount
from yiwang.platform.counters.queries import figure
from yiwang.platform.journal.queries import staff_timeline
from yiwang.platform.text.queries import search
from yiwang.register.organisations import actions, queries
from yiwang.register.organisations.actions import loading
from yiwang.register.organisations.counting import BODIES
from yiwang.register.organisations.errors import UnreadableFile
from yiwang.register.organisations.models import Organisation, OrganisationSpan
from yiwang.register.organisations.tests.factories import line

pytestmark = pytest.mark.django_db

DIVISIONS = """code,name,level,parent_code
32,江苏省,province,
3205,苏州市,city,32
320583,昆山市,county,3205
320583100,玉山镇,town,320583
320583400,昆山开发区,town,320583
320583401,连云港碱厂,town,320583
320583100201,桥头社区居委会,village,320583100
320583100202,桥头居委会,village,320583100
320583100203,五联村委会,village,320583100
"""


def a_list(tmp_path, text=DIVISIONS, name="divisions.csv"):
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    return file


def test_a_list_of_divisions_founds_its_bodies(tmp_path):
    report = actions.import_divisions(a_list(tmp_path))

    assert (report.new, report.changed, report.unchanged, report.refused) == (9, 0, 0, [])
    top = Organisation.objects.get(kind="A2")
    names = set(Organisation.objects.values_list("name", flat=True))
    assert {"江苏省总工会", "昆山市总工会", "玉山镇总工会", "昆山开发区工会", "桥头社区工会", "桥头居委会工会"} <= names
    assert [note.row for note in report.notes] == [7, 9]
    assert figure(top.path, BODIES) == 9
    assert recount() == []
    assert OrganisationSpan.objects.count() == 9
    assert [hit.title for hit in search("wlcgh")] == ["五联村工会"]
    assert [entry.name for entry in staff_timeline("organisation", top.pk)] == ["organisations.organisations_imported"]
    assert set(report.as_dict()) == {"batch", "new", "changed", "unchanged", "conflict", "refused", "notes"}


def test_the_same_list_again_changes_nothing(tmp_path):
    actions.import_divisions(a_list(tmp_path))
    village = Organisation.objects.get(name="五联村工会")
    actions.rename_organisation(village, "五联新村工会", by=None)

    report = actions.import_divisions(a_list(tmp_path))

    assert (report.new, report.changed, report.unchanged) == (0, 0, 9)
    assert Organisation.objects.filter(name="五联新村工会").exists()  # what officers changed stays


def test_a_changed_list_is_followed(tmp_path):
    actions.import_divisions(a_list(tmp_path))
    text = DIVISIONS.replace("320583100,玉山镇", "320583100,玉峰镇").replace("320583401,连云港碱厂,town,320583\n", "")
    text = text.replace("3205,苏州市,city,32", "3205,苏州市,city,32\n3201,南京市,city,32")

    report = actions.import_divisions(a_list(tmp_path, text))

    assert (report.new, report.changed, report.unchanged) == (1, 1, 7)
    assert Organisation.objects.filter(name="玉峰镇总工会", kind="C1").exists()


def test_a_row_that_hangs_elsewhere_now_moves_its_body_and_odd_characters_are_mended(tmp_path):
    text = DIVISIONS + "320583100299,某某公会村委会,village,320583100\n"
    report = actions.import_divisions(a_list(tmp_path, text))
    assert "改成了" in report.notes[-1].reason
    Organisation.objects.filter(division_code="320583400").update(source_ref="320583400:昆山开发区@3201")

    again = actions.import_divisions(a_list(tmp_path, text))

    assert (again.new, again.changed) == (0, 1)  # it already hangs where the list now says


def test_odd_rows_are_refused_in_words(tmp_path):
    text = (
        DIVISIONS
        + "320583100201,又一个,village,320583100\n999,短,town,320583\n320584100,别处,town,320583\n3206001,x,county,3206\n"
    )
    text += "320599,,county,3205\n320599100,孤儿镇,town,320599\n"

    report = actions.import_divisions(a_list(tmp_path, text))

    assert report.new == 9
    assert [(row.row, row.column) for row in report.refused] == [
        (15, "name") if row.row == 15 else (row.row, row.column) for row in report.refused
    ]
    assert {(row.row, row.column) for row in report.refused} == {
        (11, "code"), (12, "code"), (13, "parent_code"), (14, "code"), (15, "name"), (16, "parent_code"),
    }  # fmt: skip
    assert all(row.reason.endswith("。") for row in report.refused)


@pytest.mark.parametrize("text", ["a,b\n1,2\n", ""])
def test_a_file_that_is_no_list_is_refused_as_a_whole(tmp_path, text):
    with pytest.raises(UnreadableFile):
        actions.import_divisions(a_list(tmp_path, text))


def test_a_file_that_is_not_there_or_not_utf8_is_refused(tmp_path):
    with pytest.raises(UnreadableFile):
        actions.import_divisions(tmp_path / "none.csv")
    (tmp_path / "gbk.csv").write_bytes(DIVISIONS.encode("gbk"))
    with pytest.raises(UnreadableFile):
        actions.import_divisions(tmp_path / "gbk.csv")


HEADER = ["工会名称*", "组织类型*", "上级工会编码*", "行政区划", "统一社会信用代码", "职工数", "办公电话"]


def rows_for(town):
    return [
        ["甲厂公会", "E1", town.code, "", "81320000509100012B", "120", "0512-1"],
        ["乙厂(昆山)工会", "单独基层工会", town.code, "320583100", "", "80.0", ""],
    ]


def as_csv(tmp_path, rows, encoding="utf-8-sig"):
    file = tmp_path / "unions.csv"
    with file.open("w", encoding=encoding, newline="") as lines:
        csv.writer(lines).writerows([HEADER, *rows])
    return file


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gbk"])
def test_a_spreadsheet_of_an_office_is_taken_once(tmp_path, encoding):
    town = line()[3]
    file = as_csv(tmp_path, rows_for(town), encoding)

    assert actions.compare_organisations(file).new == 2
    assert queries.children(town).count() == 2  # comparing wrote nothing
    report, again = actions.import_organisations(file), actions.import_organisations(file)

    assert (report.new, report.changed, report.unchanged, report.refused) == (2, 0, 0, [])
    assert (again.new, again.changed, again.unchanged) == (0, 0, 2)
    found = Organisation.objects.get(name="甲厂工会")
    assert (found.level, found.employee_count, found.uscc, found.phone) == (7, 120, "81320000509100012B", "0512-1")
    assert Organisation.objects.filter(name="乙厂（昆山）工会").exists()
    assert recount() == []


def test_an_excel_file_is_taken_too_and_changes_are_followed(tmp_path):
    town = line()[3]
    actions.import_organisations(as_csv(tmp_path, rows_for(town)))
    file = tmp_path / "unions.xlsx"
    rows = [dict(zip([name.rstrip("*") for name in HEADER], row, strict=True)) for row in rows_for(town)]
    rows[0]["职工数"] = 150
    write_worksheet(rows, str(file), "工会")

    report = actions.import_organisations(file)

    assert (report.new, report.changed, report.unchanged) == (0, 1, 1)
    assert Organisation.objects.get(name="甲厂工会").employee_count == 150


def test_each_bad_row_says_its_column_and_why(tmp_path):
    town, unit = line()[3], Organisation.objects.get(kind="E1")
    actions.update_organisation(unit, by=None, uscc="81320000509100012B")
    bad = [
        ["", "E1", town.code, "", "", "", ""],
        ["丙厂工会", "Z9", town.code, "", "", "", ""],
        ["丙厂工会", "E1", "320000X", "", "", "", ""],
        ["丙市总工会", "A3", town.code, "", "", "", ""],
        ["丙厂工会", "E1", town.code, "32", "", "", ""],
        ["丙厂工会", "E1", town.code, "", "8132", "", ""],
        ["丙厂工会", "E1", town.code, "", "91350100M000100Y43", "", ""],
        ["丙厂工会", "E1", town.code, "", "", "很多", ""],
        ["丙厂工会", "E1", town.code, "", "", "", "1" * 31],
        ["丁厂工会", "E1", town.code, "", "81320000509100012B", "", ""],
        ["戊厂工会", "E1", town.code, "", "", "", ""],
        ["戊厂工会", "E1", town.code, "", "", "", ""],
        ["工", "E1", town.code, "", "", "", ""],
        ["", "", "", "", "", "", ""],
    ]

    report = actions.import_organisations(as_csv(tmp_path, bad))

    assert (report.new, report.conflict) == (1, 1)
    assert [(row.row, row.column) for row in report.refused] == [
        (2, "name"), (3, "kind"), (4, "parent"), (5, "kind"), (6, "division_code"), (7, "uscc"), (8, "uscc"),
        (9, "employee_count"), (10, "phone"), (11, "uscc"), (13, "name"), (14, "name"),
    ]  # fmt: skip


def test_files_that_cannot_be_read_are_refused_as_a_whole(tmp_path):
    (tmp_path / "bad.xlsx").write_bytes(b"no zip")
    (tmp_path / "bad.csv").write_bytes(b"\xff\xff\xff\x00\x81")
    (tmp_path / "head.csv").write_text("a,b\n1,2\n")

    for name in ("bad.xlsx", "bad.csv", "head.csv", "none.csv"):
        with pytest.raises(UnreadableFile):
            actions.import_organisations(tmp_path / name)


def test_a_file_of_too_many_rows_is_refused_as_a_whole(tmp_path, monkeypatch):
    town = line()[3]
    file = as_csv(tmp_path, rows_for(town))
    monkeypatch.setattr(loading, "ROWS_LIMIT", 2)

    with pytest.raises(UnreadableFile, match="2行"):
        actions.import_organisations(file)
    assert not Organisation.objects.filter(name="甲厂工会").exists()


def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path, monkeypatch):
    file = tmp_path / "unions.xlsx"
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 100_000)
    monkeypatch.setattr(loading, "LARGEST_UNPACKED", 50_000)

    with pytest.raises(UnreadableFile, match="展开后太大"):
        actions.compare_organisations(file)
