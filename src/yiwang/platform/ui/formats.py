"""Numbers, dates and money as the reader's language writes them (design.md 12)."""

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal

from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from yiwang.kernel.clock import today

MISSING = "—"
MINUS = "−"
TEN_THOUSAND = 10_000


def weekday_name(day: dt.date) -> str:
    names = [_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日")]
    return names[day.weekday()]


def month_name(day: dt.date) -> str:
    """Only other languages than Chinese name a month; there it is the figure."""
    names = [
        pgettext("month", "1月"),
        pgettext("month", "2月"),
        pgettext("month", "3月"),
        pgettext("month", "4月"),
        pgettext("month", "5月"),
        pgettext("month", "6月"),
        pgettext("month", "7月"),
        pgettext("month", "8月"),
        pgettext("month", "9月"),
        pgettext("month", "10月"),
        pgettext("month", "11月"),
        pgettext("month", "12月"),
    ]
    return names[day.month - 1]


def local(value: dt.datetime) -> dt.datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value


def as_date(value: dt.date | dt.datetime) -> dt.date:
    return local(value).date() if isinstance(value, dt.datetime) else value


def day_text(value: dt.date | dt.datetime | None, on: dt.date | None = None) -> str:
    """“11月25日（周三）”, with the year when it is not this one."""
    if value is None:
        return MISSING
    day = as_date(value)
    words = {"year": day.year, "month": month_name(day), "day": day.day, "weekday": weekday_name(day)}
    if day.year == (on or today()).year:
        return _("{month}{day}日（{weekday}）").format(**words)
    return _("{year}年{month}{day}日（{weekday}）").format(**words)


def plain_day_text(value: dt.date | dt.datetime | None, on: dt.date | None = None) -> str:
    """“11月25日” without the weekday, for ranges and running text."""
    if value is None:
        return MISSING
    day = as_date(value)
    words = {"year": day.year, "month": month_name(day), "day": day.day}
    if day.year == (on or today()).year:
        return _("{month}{day}日").format(**words)
    return _("{year}年{month}{day}日").format(**words)


def short_day_text(value: dt.date | dt.datetime | None, on: dt.date | None = None) -> str:
    """“11-25” in tables; “2027-11-25” when it is not this year."""
    if value is None:
        return MISSING
    day = as_date(value)
    return f"{day:%m-%d}" if day.year == (on or today()).year else f"{day:%Y-%m-%d}"


def time_text(value: dt.datetime | None) -> str:
    return f"{local(value):%H:%M}" if value is not None else MISSING


def moment_text(value: dt.datetime | None, on: dt.date | None = None) -> str:
    """“11月5日（周四）20:14”."""
    if value is None:
        return MISSING
    return _("{day}{time}").format(day=day_text(value, on), time=time_text(value))


def short_moment_text(value: dt.datetime | None, on: dt.date | None = None) -> str:
    """“11-05 20:14” in tables."""
    return f"{short_day_text(value, on)} {time_text(value)}" if value is not None else MISSING


def days_text(start: dt.date, end: dt.date, on: dt.date | None = None) -> str:
    """“11月25日–12月1日”."""
    return f"{plain_day_text(start, on)}–{plain_day_text(end, on)}"


def number_text(value: Decimal | float | None, places: int | None = None) -> str:
    """Commas by thousands, a true minus sign, “—” for missing, 0 for zero."""
    if value is None:
        return MISSING
    text = f"{value:,}" if places is None else f"{rounded(value, places):,.{places}f}"
    return text.replace("-", MINUS)


def big_number_text(value: float | None) -> str:
    """“2,146.3万” from ten thousand on; smaller figures in full."""
    if value is None or abs(value) < TEN_THOUSAND:
        return number_text(value)
    if (get_language() or "").startswith("zh"):
        return f"{number_text(value / TEN_THOUSAND, 1)}万"
    return f"{number_text(value / 1_000_000, 1)}M" if abs(value) >= 1_000_000 else f"{number_text(value / 1000, 1)}k"


def percent_text(share: float | None) -> str:
    """A share of 0–1 as “95.4%”."""
    return f"{number_text(share * 100, 1)}%" if share is not None else MISSING


def money_text(amount: Decimal | None) -> str:
    """“19,692.00元” in decisions."""
    return _("{amount}元").format(amount=number_text(amount, 2)) if amount is not None else MISSING


def about_money_text(amount: Decimal | None) -> str:
    """“约1,260元” in estimates: whole yuan."""
    return _("约{amount}元").format(amount=number_text(amount, 0)) if amount is not None else MISSING


def rounded(value: Decimal | float, places: int) -> Decimal:
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
