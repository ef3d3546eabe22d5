import pytest

from yiwang.platform.counters.actions import recount
from yiwang.platform.counters.queries import figure
from yiwang.platform.journal.queries import staff_timeline
from yiwang.platform.text.queries import search
from yiwang.register.organisations import actions
from yiwang.register.organisations.counting import BODIES
from yiwang.register.organisations.errors import UnreadableFile
from yiwang.register.organisations.models import Organisation, OrganisationSpan

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
