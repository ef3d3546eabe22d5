import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from yiwang.platform.notify.formulas import next_loud_moment, next_try

LOCAL = ZoneInfo("Asia/Shanghai")


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=LOCAL)


@pytest.mark.parametrize(
    ("quiet", "moment", "loud"),
    [
        ((22, 7), "2026-03-02 21:59", "2026-03-02 21:59"),
        ((22, 7), "2026-03-02 22:00", "2026-03-03 07:00"),
        ((22, 7), "2026-12-31 23:30", "2027-01-01 07:00"),
        ((22, 7), "2026-03-03 00:00", "2026-03-03 07:00"),
        ((22, 7), "2026-03-03 06:59", "2026-03-03 07:00"),
        ((22, 7), "2026-03-03 07:00", "2026-03-03 07:00"),
        ((12, 14), "2026-03-03 13:00", "2026-03-03 14:00"),
        ((12, 14), "2026-03-03 14:00", "2026-03-03 14:00"),
        ((0, 0), "2026-03-03 03:00", "2026-03-03 03:00"),
    ],
)
def test_the_next_loud_moment(quiet, moment, loud):
    assert next_loud_moment(at(moment), quiet_from=quiet[0], quiet_until=quiet[1]) == at(loud)


def test_tries_grow_apart():
    start = at("2026-03-02 12:00")

    assert [next_try(start, n) - start for n in (1, 2, 3)] == [dt.timedelta(minutes=m) for m in (1, 4, 9)]
