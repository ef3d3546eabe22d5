"""When a message may ring: quiet hours and flood limits, as plain arithmetic."""

import datetime as dt
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Shanghai")


def next_loud_moment(moment: dt.datetime, *, quiet_from: int, quiet_until: int) -> dt.datetime:
    """The moment itself, or the end of the quiet hours that it falls into; equal hours mean never quiet."""
    here = moment.astimezone(LOCAL)
    if quiet_from == quiet_until:
        return moment
    if quiet_from < quiet_until:
        is_quiet, tomorrow = quiet_from <= here.hour < quiet_until, False
    else:
        is_quiet, tomorrow = here.hour >= quiet_from or here.hour < quiet_until, here.hour >= quiet_from
    if not is_quiet:
        return moment
    day = here.date() + dt.timedelta(days=tomorrow)
    return dt.datetime.combine(day, dt.time(quiet_until), LOCAL).astimezone(dt.UTC)


def next_try(moment: dt.datetime, attempts: int) -> dt.datetime:
    """One minute, four, nine …: a gateway that is down is not called all the time."""
    return moment + dt.timedelta(minutes=attempts**2)
