import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.register.organisations.codes import UnitNature, headcount_band, ownership
from yiwang.register.organisations.formulas import (
    body_of,
    division_level,
    full_division,
    is_organisation_code,
    luhn,
    normal_name,
    organisation_code,
    place_of,
)
from yiwang.register.organisations.kinds import DATA, Kind, kind_rules, level_under


@pytest.mark.parametrize(
    ("typed", "name", "fixes"),
    [
        ("昆山市总工会", "昆山市总工会", ()),
        ("  昆山市 总工会　", "昆山市总工会", ("spaces",)),
        ("昆山(开发区)工会", "昆山（开发区）工会", ("brackets",)),
        ("某某公会", "某某工会", ("guild",)),
        ("崑山市總工會", "崑山市总工会", ("traditional",)),
        ("IBM 中国 工会", "IBM中国工会", ("spaces",)),
        ("𠮷野家工会", "𠮷野家工会", ()),
    ],
)
def test_a_name_is_mended_as_the_handbook_says(typed, name, fixes):
    normal = normal_name(typed)

    assert (normal.name, normal.fixes) == (name, fixes)


@given(st.text(max_size=60))
def test_mending_a_name_twice_changes_nothing_more(text):
    once = normal_name(text).name

    assert normal_name(once).name == once


def test_luhn_agrees_with_the_known_example():
    assert luhn("7992739871") == "3"


def test_an_organisation_code_is_division_kind_serial_and_check_digit():
    code = organisation_code("320583", "C1", 42)

    assert code == "320583C1000000427"
    assert is_organisation_code(code)
    assert not is_organisation_code(code[:-1] + "8")
    assert not is_organisation_code("32058C1000000427")
    assert organisation_code("32", "A2", 1).startswith("320000A2")


@pytest.mark.parametrize(
    ("level", "division", "kind", "name", "doubt"),
    [
        ("province", "江苏省", "A2", "江苏省总工会", False),
        ("city", "苏州市", "A3", "苏州市总工会", False),
        ("county", "苏州工业园区", "A4", "苏州工业园区总工会", False),
        ("town", "玉山镇", "C1", "玉山镇总工会", False),
        ("town", "丁庄街道办事处", "C1", "丁庄街道总工会", False),
        ("town", "三星镇（叠石桥家纺产业园区）", "C1", "三星镇（叠石桥家纺产业园区）总工会", False),
        ("town", "昆山开发区", "C2", "昆山开发区工会", False),
        ("town", "工业园区管委会", "C2", "工业园区工会", False),
        ("town", "连云港碱厂", "C2", "连云港碱厂工会", True),
        ("village", "五联村委会", "C3", "五联村工会", False),
        ("village", "王桥村村委会", "C3", "王桥村工会", False),
        ("village", "长江社区居委会", "C3", "长江社区工会", False),
        ("village", "南岭居委会", "C3", "南岭社区工会", False),
        ("village", "洛阳社区居委会（含洛阳村村委）", "C3", "洛阳社区工会", False),
        ("village", "林业站", "C3", "林业站工会", True),
    ],
)
def test_each_division_has_its_body(level, division, kind, name, doubt):
    found = body_of(level, division)

    assert (found.kind, found.name, found.doubt) == (kind, name, doubt)
    assert found.level in kind_rules()[kind].levels


def test_the_packaged_list_gives_no_name_twice_under_one_parent_but_for_two_places():
    with (DATA / "jiangsu_divisions.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    names = [(row["parent_code"], body_of(row["level"], row["name"]).name) for row in rows]

    assert len(rows) == 23_563
    assert len(names) - len(set(names)) == 2


def test_helpers_of_divisions():
    assert [division_level(code) for code in ("32", "3205", "320583", "320583100", "320583100201", "1")] == [
        "province", "city", "county", "town", "village", None,
    ]  # fmt: skip
    assert full_division("32") == "320000"
    assert [place_of(name) for name in ("昆山市总工会", "总工会", "玉山镇工会联合会")] == ["昆山市", "总工会", "玉山镇"]


def test_every_kind_has_a_rule_and_every_parent_is_a_kind():
    rules = kind_rules()

    assert set(rules) == {kind.value for kind in Kind}
    assert all(parent in rules for rule in rules.values() for parent in rule.parents)


def test_area_and_trade_federations_never_lead_a_general_union():
    assert not any({"D1", "D2"} & kind_rules()[kind].parents for kind in ("A1", "A2", "A3", "A4"))


@pytest.mark.parametrize(
    ("kind", "above", "level"),
    [("C1", 4, 5), ("C2", 3, 4), ("C2", 4, 5), ("E4", 2, 3), ("A3", None, 3), ("C1", None, None), ("F1", 8, None)],
)
def test_a_level_is_the_first_one_below_the_parent(kind, above, level):
    assert level_under(kind, above) == level


@pytest.mark.parametrize("nature", UnitNature)
def test_every_employer_falls_in_one_first_level_bucket(nature):
    plain, controlled = (ownership(nature, state_controlled=flag) for flag in (False, True))

    assert plain
    assert (plain == controlled) or controlled == "state"


def test_headcount_bands_have_no_gap():
    assert [headcount_band(n) for n in (0, 24, 25, 49, 50, 100, 200, 500, 999, 1000)] == [
        "<25", "<25", "25–49", "25–49", "50–99", "100–199", "200–499", "500–999", "500–999", "≥1000",
    ]  # fmt: skip
