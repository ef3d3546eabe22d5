import datetime as dt
from decimal import Decimal

from yiwang.grassroots.cadres import formulas
from yiwang.grassroots.cadres.formulas import Stretch

DAY = dt.date(2026, 5, 4)


def stretch(first, days, hours):
    return Stretch(DAY + dt.timedelta(days=first), DAY + dt.timedelta(days=first + days - 1), Decimal(hours))


def test_hours_of_overlapping_days_count_once():
    assert formulas.hours_counted([stretch(0, 2, 15)]) == 15
    assert formulas.hours_counted([stretch(0, 2, 15), stretch(1, 1, 6)]) == 15
    assert formulas.hours_counted([stretch(0, 2, 15), stretch(1, 2, 20)]) == Decimal("27.5")
    assert formulas.hours_counted([]) == 0


def test_more_than_the_day_allows_is_too_much():
    assert not formulas.is_too_much(stretch(0, 1, 12), 12)
    assert formulas.is_too_much(stretch(0, 1, 13), 12)
    assert not formulas.is_too_much(stretch(0, 2, 24), 12)


def test_points_are_weighted_and_grades_fit_them():
    items = [{"weight": 25, "score": 80}, {"weight": 75, "score": 60}]
    assert formulas.points(items) == 65
    assert formulas.grades_allowed(Decimal(85), excellent=85, good=60) == ("excellent", "good")
    assert formulas.grades_allowed(Decimal("84.9"), excellent=85, good=60) == ("good", "barely")
    assert formulas.grades_allowed(Decimal("59.9"), excellent=85, good=60) == ("failed",)


def test_a_fifth_of_the_people_may_be_excellent():
    assert [formulas.most_excellent(n, 20) for n in (4, 5, 9, 10)] == [0, 1, 1, 2]


def test_the_band_holds_for_who_serves_full_time():
    assert formulas.load_of(40, most=40, is_full_time=True) == "fits"
    assert formulas.load_of(41, most=40, is_full_time=True) == "over"
    assert formulas.load_of(41, most=40, is_full_time=False) == "fits"
    assert formulas.load_of(0, most=40, is_full_time=True) == "none"


def test_periods_and_their_days():
    assert formulas.period_of(dt.date(2026, 7, 1)) == "2026H1"
    assert formulas.period_of(dt.date(2026, 6, 30)) == "2025H2"
    assert formulas.days_of("2026H2") == (dt.date(2026, 7, 1), dt.date(2026, 12, 31))
    assert formulas.days_of("2026H1") == (dt.date(2026, 1, 1), dt.date(2026, 6, 30))
    assert formulas.days_of("2026") == (dt.date(2026, 1, 1), dt.date(2026, 12, 31))


def test_a_degree_of_latitude_is_111_kilometres():
    assert 110_000 < formulas.metres_between(120.9, 31.0, 120.9, 32.0) < 112_000
    assert formulas.metres_between(120.9, 31.0, 120.9, 31.0) == 0
