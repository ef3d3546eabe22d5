from decimal import Decimal

import pytest

from yiwang.platform.forms.library.values import (
    BadValue,
    bound_date,
    bound_number,
    clean_text,
    guess_number,
    read_date,
    read_money,
    read_number,
    shown,
)

from .factories import TODAY


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("38460", "38460.00"),
        ("38,460.5", "38460.50"),
        ("3,8460", "38460.00"),
        ("￥38460", "38460.00"),
        ("38460元", "38460.00"),
        ("38460元整", "38460.00"),
        ("３８４６０．５０", "38460.50"),
        (" 38 460 ", "38460.00"),
        ("０", "0.00"),
        (".5", "0.50"),
        ("120块", "120.00"),
        ("-5", "-5.00"),
    ],
)
def test_money_is_read_as_people_type_it(typed, amount):
    assert read_money(typed) == Decimal(amount)


@pytest.mark.parametrize(
    ("typed", "value", "label"),
    [
        ("3.8万", "38000.00", "38,000.00元"),
        ("3.8万元", "38000.00", "38,000.00元"),
        ("5千", "5000.00", "5,000.00元"),
        ("2w", "20000.00", "20,000.00元"),
        ("38.460,00", "38460.00", "38,460.00元"),
        ("38460.005", "38460.01", "38,460.01元"),
        ("两千五", "2500.00", "2,500.00元"),
        ("三万八", "38000.00", "38,000.00元"),
        ("大约38460", "38460.00", "38,460.00元"),
    ],
)
def test_money_that_is_not_read_offers_the_likely_repair(typed, value, label):
    with pytest.raises(BadValue) as refusal:
        read_money(typed)

    assert (refusal.value.suggestion.value, refusal.value.suggestion.label) == (value, label)


@pytest.mark.parametrize("typed", ["很多", "38460到40000", "1/2", "-", ".", "元", "9" * 50, "NaN", "1e5", "٣٨"])
def test_money_nobody_can_guess_offers_nothing(typed):
    with pytest.raises(BadValue) as refusal:
        read_money(typed)

    assert refusal.value.suggestion is None


def test_money_beyond_every_table_is_refused_with_its_length():
    with pytest.raises(BadValue, match="一共13位数"):
        read_money("1000000000000")


@pytest.mark.parametrize(
    ("typed", "decimals", "number"),
    [("３", 0, "3"), ("4人", 0, "4"), ("2.50", 1, "2.5"), ("1,200", 0, "1200"), ("5天", 0, "5")],
)
def test_number_is_read_with_its_unit(typed, decimals, number):
    assert read_number(typed, decimals, "天") == Decimal(number)


@pytest.mark.parametrize(
    ("typed", "decimals", "sentence", "suggestion"),
    [
        ("三", 0, "“三”不是数字", "3"),
        ("十二", 0, "“十二”不是数字", "12"),
        ("2.4", 0, "这里只能填整数", "2"),
        ("2.456", 2, "小数点后最多2位", "2.46"),
        ("没有", 0, "“没有”不是数字", None),
        ("十二.5万人", 0, "不是数字", None),
        ("9999999999999999", 0, "只能填整数", "9999999999999999"),
    ],
)
def test_number_that_is_not_read_says_why(typed, decimals, sentence, suggestion):
    with pytest.raises(BadValue, match=sentence) as refusal:
        read_number(typed, decimals)

    assert (refusal.value.suggestion.value if refusal.value.suggestion else None) == suggestion


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("一百零五", 105),
        ("二〇二六", 2026),
        ("十", 10),
        ("两万三千", 23000),
        ("三百二", 320),
        ("一万零五十", 10050),
        ("零", 0),
    ],
)
def test_chinese_figures_are_guessed(words, number):
    assert guess_number(words) == number


@pytest.mark.parametrize(
    "typed",
    [
        "2026-11-05",
        "2026-11-5",
        "2026/11/05",
        "2026.11.05",
        "20261105",
        "2026年11月5日",
        "2026年11月5号",
        "2026 11 05",
        "２０２６－１１－０５",
        " 2026年 11月 5日 ",
    ],
)
def test_date_is_read_in_many_styles(typed):
    assert read_date(typed, TODAY).isoformat() == "2026-11-05"


@pytest.mark.parametrize(
    ("typed", "suggestion"),
    [
        ("25/11/2026", "2026-11-25"),
        ("11/25/2026", "2026-11-25"),
        ("5/5/2026", "2026-05-05"),
        ("3/4/2026", None),
        ("86-3-25", "1986-03-25"),
        ("26-11-05", "2026-11-05"),
        ("11月25日", "2026-11-25"),
        ("13月40日", None),
        ("昨天", None),
    ],
)
def test_date_that_is_not_read_offers_the_likely_day(typed, suggestion):
    with pytest.raises(BadValue, match="读不成日期") as refusal:
        read_date(typed, TODAY)

    assert (refusal.value.suggestion.value if refusal.value.suggestion else None) == suggestion


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [("2026-02-30", "2026年2月没有30日"), ("2026-13-01", "没有13月"), ("0000-01-01", "年份要写四位数字")],
)
def test_date_that_does_not_exist_says_so(typed, sentence):
    with pytest.raises(BadValue, match=sentence):
        read_date(typed, TODAY)


@pytest.mark.parametrize(
    ("told", "day"),
    [
        ("2026-01-31", "2026-01-31"),
        ("today", "2026-11-22"),
        ("today-18y", "2008-11-22"),
        ("today+30d", "2026-12-22"),
        ("today-1m", "2026-10-22"),
    ],
)
def test_bound_of_a_date_moves_with_the_day(told, day):
    assert bound_date(told, TODAY).isoformat() == day


def test_no_bound_is_no_bound():
    assert (bound_date("", TODAY), bound_number(None), bound_number(True)) == (None, None, None)
    assert bound_number("1.5") == Decimal("1.5")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\x00b", "ab"),
        ("\ud83d 字", "字"),
        ("行1\r\n行2\r行3", "行1\n行2\n行3"),
        ("  吉  ", "吉"),
        ("𠮷㐂·😀👨‍👩‍👧", "𠮷㐂·😀👨‍👩‍👧"),
        (None, ""),
        ("\x1b[31m红", "[31m红"),
    ],
)
def test_text_loses_only_what_no_database_takes(typed, kept):
    assert clean_text(typed) == kept


def test_a_long_value_is_quoted_short():
    assert shown("长" * 100) == "长" * 29 + "…"
    assert shown("短\n句") == "短 句"
