import datetime as dt

import pytest

from yiwang.kernel.identity import id_check_digit, uscc_check_digit
from yiwang.register.imports.library.cleaning import Limits, cells_of, clean_row, parse_day
from yiwang.register.imports.library.columns import REQUIRED
from yiwang.register.imports.tests.factories import make_row

ON = dt.date(2026, 11, 22)
LIMITS = Limits(youngest=16, oldest=75)
USCC = "91350100M000100Y43"


def with_check(seventeen: str) -> str:
    return seventeen + uscc_check_digit(seventeen)


def with_id_check(seventeen: str) -> str:
    return seventeen + id_check_digit(seventeen)


def clean(**changes):
    cells = make_row(1, **{"union": "u 1", "uscc": USCC, **changes})
    return clean_row(2, cells_of(list(cells.values()), {key: n for n, key in enumerate(cells)}), limits=LIMITS, on=ON)


def test_a_good_row_becomes_values():
    row = clean(
        gender="男",
        nation="汉",
        political="党员",
        education="本科",
        is_migrant="是",
        new_form="外卖员",
        skill_level="高级工",
        title_level="中级",
        household_division="320583",
        remark="x",
    )

    assert row.problems == []
    assert row.notes == []
    assert row.values == {
        "name": "王丁丁"[:1] + row.values["name"][1:],
        "id_type": "1",
        "id_number": row.values["id_number"],
        "birth_date": "1970-01-02",
        "gender": "1",
        "nation": "01",
        "political": "01",
        "education": "20",
        "phone": "13900000001",
        "employer_name": "恒达精密（昆山）有限公司",
        "uscc": USCC,
        "post": "装配工",
        "employ_kind": "1",
        "employ_state": "1",
        "is_migrant": True,
        "new_form": "N04",
        "skill_level": 4,
        "title_level": "中级",
        "household_division": "320583",
        "joined_on": "2021-03-05",
        "organisation": "U1",
    }


@pytest.mark.parametrize("column", REQUIRED)
@pytest.mark.parametrize("empty", ["", "无", "NULL", "—"])
def test_a_required_cell_that_is_empty_or_a_placeholder_is_named(column, empty):
    row = clean(**{column.key: empty})

    assert (column.heading, "required") in {(p.column, p.code) for p in row.problems}


@pytest.mark.parametrize(
    ("changes", "column", "code"),
    [
        ({"name": "周3"}, "姓名", "name_character"),
        ({"name": "测试一"}, "姓名", "test_word"),
        ({"id_type": "驾照"}, "证件类型", "unknown_word"),
        ({"id_number": "320102199001010011"}, "证件号码", "check_digit"),
        ({"id_number": "3.20102E+17"}, "证件号码", "excel_rounded"),
        ({"id_number": "320102199001010000"}, "证件号码", "excel_rounded"),
        ({"id_number": "320102900101001"}, "证件号码", "old_number"),
        ({"id_number": "830000199212310023"}, "证件号码", "other_type"),
        ({"gender": "女"}, "性别", "contradicts_id"),
        ({"phone": "0512-57321234"}, "手机号码", "phone"),
        ({"nation": "火星"}, "民族", "unknown_word"),
        ({"uscc": "91350100M000100Y44"}, "统一社会信用代码", "check_digit"),
        ({"uscc": "81320000509100012B"}, "统一社会信用代码", "union_code"),
        ({"is_migrant": "也许"}, "是否农民工", "unknown_word"),
        ({"joined_on": "去年"}, "入会时间", "date"),
        ({"joined_on": "2021-02-30"}, "入会时间", "date"),
        ({"joined_on": "2026-11-23"}, "入会时间", "future"),
        ({"joined_on": "1980-01-01"}, "入会时间", "too_young_then"),
        ({"id_number": with_id_check("32058320110101001"), "joined_on": "2026-11-01"}, "证件号码", "too_young"),
        ({"id_number": with_id_check("32010219500101001"), "joined_on": "1990-01-01"}, "就业状态", "too_old_to_work"),
    ],
)
def test_each_kind_of_bad_cell_is_refused_in_its_column(changes, column, code):
    row = clean(**changes)

    assert (column, code) in {(p.column, p.code) for p in row.problems}
    assert all(len(p.text) >= 4 for p in row.problems)


def test_all_problems_of_a_row_are_told_at_once():
    row = clean(name="", phone="1", joined_on="x", nation="?")

    assert [p.column for p in row.problems] == ["姓名", "民族", "手机号码", "入会时间"]


@pytest.mark.parametrize(
    ("changes", "column", "code"),
    [
        ({"name": "周 文 娟"}, "姓名", "tidied"),
        ({"household_division": "江苏昆山"}, "户籍地", "no_code"),
        ({"department": "部" * 61}, "部门", "shortened"),
        ({"uscc": with_check("91350100M000100Y5")}, "统一社会信用代码", "org_code"),
    ],
)
def test_a_doubt_is_noted_and_stops_nothing(changes, column, code):
    row = clean(**changes)

    assert [(n.column, n.code) for n in row.notes] == [(column, code)]
    assert row.problems == []


def test_an_old_number_still_finds_whom_it_may_be():
    assert clean(id_number="110105491231002").values["id_guess"] == "11010519491231002X"


def test_a_passport_needs_no_birth_date():
    row = clean(id_type="护照", id_number="E12345678", gender="女")

    assert row.problems == []
    assert "birth_date" not in row.values


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2021-3-5", dt.date(2021, 3, 5)),
        ("2021/03/05", dt.date(2021, 3, 5)),
        ("2021.3.5", dt.date(2021, 3, 5)),
        ("2021年3月5日", dt.date(2021, 3, 5)),
        ("20210305", dt.date(2021, 3, 5)),
        ("2021-03-05 00:00:00", dt.date(2021, 3, 5)),
        ("2021-03-05T08:00", dt.date(2021, 3, 5)),
        ("44260", dt.date(2021, 3, 5)),
        ("2021-03", None),
        ("99999", None),
        ("2021-13-01", None),
    ],
)
def test_days_are_read_as_sheets_have_them(text, day):
    assert parse_day(text) == day


def test_a_short_line_is_a_line_of_empty_cells():
    assert cells_of(["周文娟"], {"name": 0, "phone": 5}) == {"name": "周文娟", "phone": ""}


@pytest.mark.parametrize(
    "number",
    [
        "３２０１０２１９９００１０１００１０",
        " 320102 19900101 0010 ",
        "\u200b320102199001010010\ufeff",
        "\u202a320102199001010010\u202c",
        "320102\u00a0199001010010",
    ],
    ids=["full width", "blanks", "invisible", "direction marks", "hard blank"],
)
def test_a_number_is_read_through_what_nobody_sees(number):
    row = clean(id_number=number)

    assert (row.problems, row.values["id_number"]) == ([], "320102199001010010")


@pytest.mark.parametrize("text", ['=HYPERLINK("http://x","周")', "=cmd|' /C calc'!A0", "+周文娟", "@SUM(A1)"])
def test_a_formula_is_no_name(text):
    assert {"formula", "name_character"} & {problem.code for problem in clean(name=text).problems}


def test_a_residence_permit_of_its_own_kind_is_taken():
    assert clean(id_type="台湾居民居住证", id_number="830000199212310023", gender="").problems == []
