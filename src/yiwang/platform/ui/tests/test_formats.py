import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone, translation

from yiwang.platform.ui import formats

ON = dt.date(2026, 11, 20)


@pytest.mark.parametrize(
    ("day", "text", "english"),
    [
        (dt.date(2026, 11, 25), "11月25日（周三）", "Wed 25 Nov"),
        (dt.date(2027, 1, 3), "2027年1月3日（周日）", "Sun 3 Jan 2027"),
        (None, "—", "—"),
    ],
)
def test_a_day_is_written_in_the_readers_language_with_the_year_when_it_is_another(day, text, english):
    assert formats.day_text(day, ON) == text
    with translation.override("en"):
        assert formats.day_text(day, ON) == english


def test_an_instant_falls_on_the_day_of_shanghai():
    late = dt.datetime(2026, 11, 24, 17, 30, tzinfo=dt.UTC)

    assert formats.day_text(late, ON) == "11月25日（周三）"
    assert formats.moment_text(late, ON) == "11月25日（周三）01:30"
    assert formats.short_moment_text(late, ON) == "11-25 01:30"
    assert formats.time_text(late) == "01:30"


def test_a_naive_time_is_taken_as_it_stands():
    assert formats.time_text(timezone.make_naive(dt.datetime(2026, 11, 25, 10, tzinfo=dt.UTC))) == "18:00"


def test_nothing_is_a_dash_everywhere():
    nothing = [
        formats.plain_day_text(None),
        formats.short_day_text(None),
        formats.time_text(None),
        formats.moment_text(None),
        formats.short_moment_text(None),
        formats.number_text(None),
        formats.big_number_text(None),
        formats.percent_text(None),
        formats.money_text(None),
        formats.about_money_text(None),
    ]

    assert set(nothing) == {"—"}


def test_tables_write_short_days():
    assert formats.short_day_text(dt.date(2026, 11, 5), ON) == "11-05"
    assert formats.short_day_text(dt.date(2025, 11, 5), ON) == "2025-11-05"
    assert formats.plain_day_text(dt.date(2025, 11, 5), ON) == "2025年11月5日"
    assert formats.days_text(dt.date(2026, 11, 25), dt.date(2026, 12, 1), ON) == "11月25日–12月1日"


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [(12480, None, "12,480"), (0, None, "0"), (-11, None, "−11"), (1.255, 2, "1.26"), (Decimal("3.1"), 2, "3.10")],
)
def test_numbers_have_commas_and_a_true_minus(value, places, text):
    assert formats.number_text(value, places) == text


def test_big_numbers_go_by_ten_thousands_in_chinese_and_by_thousands_in_english():
    assert formats.big_number_text(21_463_000) == "2,146.3万"
    assert formats.big_number_text(9_999) == "9,999"
    with translation.override("en"):
        assert formats.big_number_text(21_463_000) == "21.5M"
        assert formats.big_number_text(18_940) == "18.9k"


def test_shares_and_money():
    assert formats.percent_text(0.954) == "95.4%"
    assert formats.money_text(Decimal("19692")) == "19,692.00元"
    assert formats.about_money_text(Decimal("1260.4")) == "约1,260元"
