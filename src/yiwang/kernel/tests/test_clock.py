import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.kernel import clock
from yiwang.kernel.clock import (
    LOCAL,
    Pause,
    UnknownYear,
    WorkCalendar,
    add_days,
    add_months,
    add_workdays,
    deadline,
    due_day,
    end_of,
    history,
    local_date,
    start_of,
    used_and_total,
)

CHINA = WorkCalendar()
PLAIN = WorkCalendar(years=frozenset(range(2027, 2032)))
D = dt.date


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=LOCAL).astimezone(dt.UTC)


def test_swapped_workdays_count_and_holidays_do_not():
    assert CHINA.is_workday(D(2026, 10, 10)) is True  # a Saturday, worked for National Day
    assert CHINA.is_workday(D(2026, 10, 1)) is False
    assert CHINA.is_workday(D(2026, 10, 7)) is False  # a Wednesday
    assert CHINA.is_workday(D(2026, 10, 8)) is True
    assert add_workdays(D(2026, 9, 30), 3, CHINA) == D(2026, 10, 10)


def test_the_table_wins_over_the_packaged_calendar():
    told = WorkCalendar(overrides={D(2026, 10, 10): False, D(2026, 10, 7): True})

    assert told.is_workday(D(2026, 10, 10)) is False
    assert told.is_workday(D(2026, 10, 7)) is True


def test_a_year_nobody_told_us_stops_the_reckoning():
    with pytest.raises(UnknownYear, match="2031年"):
        add_workdays(D(2031, 1, 4), 3, CHINA)
    assert CHINA.knows(2026) is True
    assert CHINA.knows(2031) is False


def test_a_year_can_be_supplied_by_table():
    told = WorkCalendar(overrides={D(2027, 1, 1): False, D(2027, 1, 2): True}, years=frozenset({2027}))

    assert told.knows(2027) is True
    assert told.is_workday(D(2027, 1, 1)) is False
    assert told.is_workday(D(2027, 1, 2)) is True
    assert told.is_workday(D(2027, 1, 3)) is False
    assert told.is_workday(D(2027, 1, 4)) is True


def test_the_start_day_is_not_counted():
    assert add_days(D(2026, 3, 2), 1) == D(2026, 3, 3)
    assert add_workdays(D(2026, 3, 2), 1, CHINA) == D(2026, 3, 3)
    assert add_workdays(D(2026, 3, 2), 0, CHINA) == D(2026, 3, 2)


@pytest.mark.parametrize(
    ("start", "n", "end"),
    [
        (D(2026, 1, 31), 1, D(2026, 2, 28)),
        (D(2024, 1, 31), 1, D(2024, 2, 29)),
        (D(2026, 3, 31), 1, D(2026, 4, 30)),
        (D(2026, 3, 15), 12, D(2027, 3, 15)),
        (D(2024, 2, 29), 12, D(2025, 2, 28)),
        (D(2026, 12, 31), 2, D(2027, 2, 28)),
    ],
)
def test_months_end_on_the_corresponding_day_or_at_the_end(start, n, end):
    assert add_months(start, n) == end


def test_a_last_day_of_rest_moves_to_the_day_after():
    assert add_days(D(2026, 9, 1), 30, CHINA) == D(2026, 10, 8)
    assert add_months(D(2026, 9, 3), 1, CHINA) == D(2026, 10, 8)
    assert add_months(D(2026, 9, 9), 1, CHINA) == D(2026, 10, 9)


def test_days_are_those_of_shanghai():
    assert local_date(dt.datetime(2026, 3, 1, 16, 0, tzinfo=dt.UTC)) == D(2026, 3, 2)
    assert start_of(D(2026, 3, 2)) == dt.datetime(2026, 3, 1, 16, 0, tzinfo=dt.UTC)
    assert end_of(D(2026, 3, 2)) == start_of(D(2026, 3, 3))
    assert due_day(end_of(D(2026, 3, 2))) == D(2026, 3, 2)
    with pytest.raises(ValueError, match="zone"):
        local_date(dt.datetime(2026, 3, 1))
    assert clock.today() == local_date(clock.now())


def test_a_deadline_in_days_ends_at_midnight_of_its_last_day():
    start = at("2026-03-02 09:30")

    assert deadline(start, 5, "workday", CHINA) == end_of(D(2026, 3, 9))
    assert deadline(start, 5, "day", CHINA) == end_of(D(2026, 3, 9))  # the 7th is a Saturday
    assert deadline(start, 4, "day", CHINA) == end_of(D(2026, 3, 6))
    assert deadline(start, 1, "month", CHINA) == end_of(D(2026, 4, 2))
    assert deadline(start, 48, "hour", CHINA) == at("2026-03-04 09:30")
    with pytest.raises(ValueError, match="ahead"):
        deadline(start, -1, "day", CHINA)


def test_a_pause_moves_the_end_by_the_days_it_lasted():
    start = at("2026-03-02 09:30")
    pause = Pause(at("2026-03-03 10:00"), at("2026-03-05 17:00"))

    # Tuesday (the day of stopping) counts, Wednesday and Thursday don't, Friday goes on.
    assert deadline(start, 5, "workday", CHINA, [pause]) == end_of(D(2026, 3, 11))
    assert deadline(start, 4, "day", CHINA, [pause]) == end_of(D(2026, 3, 9))
    assert deadline(start, 48, "hour", CHINA, [pause]) == at("2026-03-06 16:30")


def test_a_pause_within_one_day_changes_nothing_for_days():
    start = at("2026-03-02 09:30")
    pause = Pause(at("2026-03-03 10:00"), at("2026-03-03 17:00"))

    assert deadline(start, 5, "workday", CHINA, [pause]) == deadline(start, 5, "workday", CHINA)
    assert deadline(start, 48, "hour", CHINA, [pause]) == at("2026-03-04 16:30")


def test_an_open_pause_moves_the_end_with_time():
    start, open_pause = at("2026-03-02 09:30"), [Pause(at("2026-03-03 10:00"))]

    assert deadline(start, 5, "workday", CHINA, open_pause, at=at("2026-03-04 12:00")) == end_of(D(2026, 3, 10))
    assert deadline(start, 5, "workday", CHINA, open_pause, at=at("2026-03-05 12:00")) == end_of(D(2026, 3, 11))
    assert deadline(start, 5, "hour", CHINA, [Pause(at("2026-03-02 10:30"))], at=at("2026-03-02 12:30")) == at(
        "2026-03-02 16:30"
    )
    assert deadline(start, 48, "hour", CHINA) == start + dt.timedelta(hours=48)


def test_overlapping_and_foreign_pauses_count_once():
    start = at("2026-03-02 09:00")
    twice = [
        Pause(at("2026-03-02 10:00"), at("2026-03-02 12:00")),
        Pause(at("2026-03-02 11:00"), at("2026-03-02 13:00")),
    ]
    late = [Pause(at("2026-03-05 10:00"), at("2026-03-06 12:00"))]
    early = [Pause(at("2026-03-01 10:00"), at("2026-03-02 08:00"))]

    assert deadline(start, 10, "hour", CHINA, twice) == at("2026-03-02 22:00")
    assert deadline(start, 10, "hour", CHINA, late) == at("2026-03-02 19:00")
    assert deadline(start, 10, "hour", CHINA, early) == at("2026-03-02 19:00")
    assert used_and_total(start, 10, "hour", CHINA, twice, at=at("2026-03-02 15:00")) == (3, 10)


def test_used_counts_what_is_wholly_behind_us():
    start = at("2026-03-02 09:30")

    def used(when, pauses=()):
        return used_and_total(start, 5, "workday", CHINA, pauses, at=at(when))

    assert used("2026-03-02 18:00") == (0, 5)
    assert used("2026-03-03 18:00") == (0, 5)
    assert used("2026-03-04 00:00") == (1, 5)
    assert used("2026-03-09 23:59") == (4, 5)
    assert used("2026-03-10 00:00") == (5, 5)
    assert used("2026-03-12 12:00") == (7, 5)
    assert used("2026-03-10 00:00", [Pause(at("2026-03-03 10:00"), at("2026-03-05 17:00"))]) == (3, 5)
    assert used_and_total(start, 1, "month", CHINA, at=at("2026-03-05 00:00")) == (2, 31)
    assert used_and_total(start, 5, "workday", CHINA)[1] == 5


DAYS = st.dates(D(2027, 1, 1), D(2029, 6, 30))


@given(DAYS, st.integers(0, 60))
def test_between_start_and_end_lie_exactly_n_workdays(start, n):
    end = add_workdays(start, n, PLAIN)

    days = [start + dt.timedelta(days=i) for i in range(1, (end - start).days + 1)]
    assert sum(map(PLAIN.is_workday, days)) == n
    assert n == 0 or PLAIN.is_workday(end)


@given(DAYS, st.integers(0, 40), st.integers(0, 40))
def test_workdays_add_up(start, first, second):
    assert add_workdays(add_workdays(start, first, PLAIN), second, PLAIN) == add_workdays(start, first + second, PLAIN)


@given(DAYS, st.integers(1, 40), st.integers(0, 30), st.integers(0, 20))
def test_a_pause_never_shortens_a_deadline_and_costs_at_most_its_length(start, n, begin, length):
    opened = start_of(start) + dt.timedelta(hours=9)
    pause = Pause(opened + dt.timedelta(days=begin), opened + dt.timedelta(days=begin + length))

    without = deadline(opened, n, "day", PLAIN)
    with_pause = deadline(opened, n, "day", PLAIN, [pause])

    assert without <= with_pause
    assert (due_day(with_pause) - due_day(without)).days <= length + 2  # a weekend at the end


@given(DAYS, st.integers(1, 30), st.sampled_from(["workday", "day", "hour"]))
def test_a_clock_is_used_up_exactly_when_it_is_due(start, n, unit):
    opened = start_of(start) + dt.timedelta(hours=9)
    due = deadline(opened, n, unit, PLAIN)

    assert used_and_total(opened, n, unit, PLAIN, at=due)[0] >= n
    if unit != "day":  # a last day of rest prolongs calendar days without using any
        assert used_and_total(opened, n, unit, PLAIN, at=due - dt.timedelta(seconds=1))[0] < n


@given(DAYS, st.integers(1, 36))
def test_months_never_leave_their_month(start, n):
    end = add_months(start, n)

    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == n
    assert end.day <= start.day


def test_days_are_not_counted_backwards():
    with pytest.raises(ValueError, match="forwards"):
        add_workdays(D(2026, 3, 2), -1, CHINA)


def test_a_pause_within_another_stops_hours_once():
    start = at("2026-03-02 08:00")
    pauses = [
        Pause(at("2026-03-02 09:00"), at("2026-03-02 12:00")),
        Pause(at("2026-03-02 10:00"), at("2026-03-02 11:00")),
    ]

    assert used_and_total(start, 10, "hour", CHINA, pauses, at=at("2026-03-02 15:00")) == (4, 10)


def test_a_day_is_looked_up_once_and_an_unknown_year_is_refused_each_time():
    assert CHINA.is_workday(D(2026, 10, 10)) is CHINA.is_workday(D(2026, 10, 10)) is True
    for _ in range(2):
        with pytest.raises(UnknownYear):
            CHINA.is_workday(D(2050, 3, 1))


def test_inside_a_history_now_is_the_moment_last_told_and_afterwards_the_walls():
    with history() as tell_time:
        before_any = clock.now()
        tell_time(at("2024-03-01T09:30"))
        assert clock.now() == at("2024-03-01T09:30")
        assert clock.today() == D(2024, 3, 1)
        tell_time(at("2024-03-04T16:00"))
        assert clock.now() == at("2024-03-04T16:00")

    assert clock.now() >= before_any


@given(DAYS, st.integers(-40, 900), st.sets(st.integers(0, 900), max_size=5))
def test_workdays_between_two_days_are_the_working_days_one_by_one(start, length, swapped):
    turned = {start + dt.timedelta(days=n): not PLAIN.is_workday(start + dt.timedelta(days=n)) for n in swapped}
    told = WorkCalendar(turned, PLAIN.years)
    end = start + dt.timedelta(days=length)
    days = [start + dt.timedelta(days=n) for n in range(1, length + 1)]

    assert told.workdays_between(start, end) == sum(map(told.is_workday, days))


def test_workdays_between_days_of_a_year_that_is_known_in_part():
    told = WorkCalendar({D(2050, 3, n): n != 2 for n in range(1, 6)})

    assert told.workdays_between(D(2050, 2, 28), D(2050, 3, 5)) == 4
    with pytest.raises(UnknownYear):
        told.workdays_between(D(2050, 2, 28), D(2050, 3, 6))
