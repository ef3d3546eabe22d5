import pytest

from yiwang.net.cases.formulas import (
    RouteFacts,
    case_number,
    first_route,
    left_per_head,
    letter_prefix,
    longest_extension,
    number_key,
    place_sign,
)


def test_a_number_says_kind_year_county_and_serial():
    assert case_number("帮扶", 2026, "昆", 417) == "帮扶2026-昆-00417"


@pytest.mark.parametrize(
    "typed", ["帮扶2026-昆-00417", "帮扶2026昆00417", " 帮扶２０２６－昆－００４１７ ", "帮扶2026—昆—00417"]
)
def test_a_typed_number_is_found_without_its_dashes(typed):
    assert number_key(typed) == "帮扶2026昆00417"


@pytest.mark.parametrize(
    ("name", "sign"), [("昆山市总工会", "昆"), ("江苏省总工会", "江"), ("工会", "工"), ("", "总"), ("ABC工会", "总")]
)
def test_a_county_has_one_character(name, sign):
    assert place_sign(name) == sign


@pytest.mark.parametrize(
    ("name", "level", "prefix"),
    [
        ("昆山市总工会", 4, "昆工"),
        ("玉山镇总工会", 5, "玉山工"),
        ("A12工会", 7, "基层工"),
        ("恒达精密机械昆山工厂工会", 7, "恒达精密机械昆工"),
    ],
)
def test_a_letter_is_numbered_by_its_body(name, level, prefix):
    assert letter_prefix(name, level) == prefix


@pytest.mark.parametrize(
    ("facts", "start", "deepest", "reasons"),
    [
        (RouteFacts(level=7, has_workplace=True), "workplace", 7, ("workplace",)),
        (RouteFacts(level=0, has_workplace=True), "workplace", 9, ("workplace",)),
        (RouteFacts(level=7, has_industry=True), "industry", 7, ("industry",)),
        (RouteFacts(level=4), "region", 4, ("region",)),
        (RouteFacts(level=7, has_workplace=True, target="employer"), "workplace", 6, ("workplace", "about_employer")),
        (RouteFacts(level=7, has_workplace=True, anonymous=True), "workplace", 6, ("workplace", "anonymous")),
        (RouteFacts(level=7, has_workplace=True, target="union"), "workplace", 4, ("workplace", "about_union")),
        (RouteFacts(level=3, target="union"), "region", 3, ("region", "about_union")),
    ],
)
def test_the_first_route_follows_the_handbook(facts, start, deepest, reasons):
    found = first_route(facts)

    assert (found.start, found.deepest, found.reasons) == (start, deepest, reasons)


@pytest.mark.parametrize(("promised", "most"), [(10, 5), (7, 3), (1, 0)])
def test_an_extension_is_half_the_promise_at_most(promised, most):
    assert longest_extension(promised=promised, share_percent=50) == most


@pytest.mark.parametrize(
    ("incomes", "medical", "rent", "left"),
    [
        ([500_000, 200_000, 0, 32_000], 3_846_000, 80_000, 82_875),
        ([500_000], 0, 0, 500_000),
        ([100_000], 9_000_000, 0, 0),
        ([], 0, 0, 0),
    ],
)
def test_what_is_left_per_head_and_month(incomes, medical, rent, left):
    assert left_per_head(incomes=incomes, medical_year=medical, rent_month=rent) == left
