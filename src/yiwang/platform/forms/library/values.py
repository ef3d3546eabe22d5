"""Values as people type them: numbers, money, dates. Each refusal says what is wrong with this very value,
and offers the repair where it can be guessed."""

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django.utils.translation import gettext as _

from yiwang.kernel.clock import add_days, add_months

CENT = Decimal("0.01")
MOST = Decimal("999999999999.99")  # numeric(14,2), the house's money
SHOWN = 30
CHINESE_DIGITS = {char: n for n, char in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
SCALES = {"万": 10_000, "千": 1000, "百": 100, "亿": 100_000_000, "w": 10_000, "k": 1000}
KEPT_CONTROLS = "\n\t"


@dataclass(frozen=True)
class Suggestion:
    """The repair we guess: ``value`` goes into the field, ``label`` is how a person reads it (“38,460.00元”)."""

    value: str
    label: str


class BadValue(Exception):
    """A value that can't stand. ``str()`` is the sentence; ``suggestion`` the repair where one is likely."""

    def __init__(self, message: str, suggestion: Suggestion | None = None, *, code: str = "invalid") -> None:
        super().__init__(message)
        self.message = message
        self.suggestion = suggestion
        self.code = code


def clean_text(raw: object) -> str:
    """Text without characters no database or printer takes: NUL and other controls, lone surrogates; lines end in \\n.

    Emoji, rare characters and their variants stay as they were typed.
    """
    text = str(raw if raw is not None else "").replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        char for char in text if char in KEPT_CONTROLS or unicodedata.category(char) not in ("Cc", "Cs")
    ).strip()


def shown(text: str) -> str:
    """A value quoted back to the person, short enough for a sentence."""
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= SHOWN else one_line[: SHOWN - 1] + "…"


def half_width(text: str) -> str:
    """Digits, letters and marks in their half-width form, without any space."""
    return "".join(unicodedata.normalize("NFKC", clean_text(text)).split()).replace("−", "-").replace("，", ",")


def read_number(raw: str, decimals: int, unit: str = "") -> Decimal:
    text = half_width(raw)
    plain = text.removesuffix(half_width(unit)) if unit else text
    plain = re.sub(r"(?<=\d)(个|人|天|岁|年|次|份|口|名|位|元)$", "", plain)
    value = _plain_decimal(plain)
    if value is None:
        guess = guess_number(plain)
        hint = Suggestion(f"{guess:f}", f"{guess:,f}{unit}") if guess is not None and _fits(guess, decimals) else None
        raise BadValue(_("“{text}”不是数字。请只写数字，例如 3。").format(text=shown(raw)), hint)
    if not _fits(value, decimals):
        rounded = value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
        hint = Suggestion(f"{rounded:f}", f"{rounded:,f}{unit}")
        if decimals == 0:
            raise BadValue(_("你填了{text}，这里只能填整数。").format(text=shown(raw)), hint)
        message = _("你填了{text}，小数点后最多{count}位。")
        raise BadValue(message.format(text=shown(raw), count=decimals), hint)
    return value


def read_money(raw: str) -> Decimal:
    """“38460”, “38,460.5元”, “￥３８４６０” are read; “3.8万” is asked back with 38,000.00元 on offer."""
    plain = re.sub(r"^(¥|￥|RMB|CNY|人民币)", "", half_width(raw), flags=re.IGNORECASE)
    plain = re.sub(r"(元整|元|块钱|块|圆)$", "", plain)
    value = _plain_decimal(plain)
    if value is None:
        guess = guess_number(plain)
        hint = money_suggestion(guess) if guess is not None and abs(guess) <= MOST else None
        message = _("“{text}”读不成金额。请用数字写多少元，例如 38460.00。")
        raise BadValue(message.format(text=shown(raw)), hint)
    if abs(value) > MOST:
        raise BadValue(
            _("这个金额太大了，一共{count}位数。请看看是不是多打了0。").format(count=len(f"{abs(value):.0f}"))
        )
    if value != value.quantize(CENT):
        message = _("你填了{text}，金额最多写到分（小数点后两位）。")
        raise BadValue(message.format(text=shown(raw)), money_suggestion(value))
    return value.quantize(CENT)


def money_suggestion(amount: Decimal) -> Suggestion:
    exact = amount.quantize(CENT, rounding=ROUND_HALF_UP)
    return Suggestion(f"{exact:f}", _("{amount}元").format(amount=f"{exact:,.2f}"))


def guess_number(text: str) -> Decimal | None:
    """What somebody probably means by “3.8万”, “两千五”, “十二”, “38.460,00”; None where two readings are likely."""
    if found := re.fullmatch(r"(\d+(?:\.\d+)?)([万千百亿wk])(?:元)?", text, flags=re.IGNORECASE):
        return (Decimal(found[1]) * SCALES[found[2].lower()]).normalize() + 0
    if re.fullmatch(r"\d{1,3}(\.\d{3})+,\d{2}", text):
        return Decimal(text.replace(".", "").replace(",", "."))
    if re.fullmatch(r"[零〇一二两三四五六七八九十百千万]{1,12}", text):
        return _chinese_number(text)
    if re.search(r"[-零〇一二两三四五六七八九十百千万亿]", text):
        return None
    digits = re.findall(r"\d+(?:\.\d+)?", text.replace(",", ""), flags=re.ASCII)
    return Decimal(digits[0]) if len(digits) == 1 and len(digits[0]) <= 12 else None


def _plain_decimal(text: str) -> Decimal | None:
    if len(text) > 40 or not re.fullmatch(r"[+-]?(\d{1,3}(,\d{3})+|\d{1,4}(,\d{4})+|\d+)?(\.\d*)?", text, re.ASCII):
        return None
    try:
        return Decimal(text.replace(",", ""))
    except InvalidOperation:
        return None


def _fits(value: Decimal, decimals: int) -> bool:
    return abs(value) < Decimal(10) ** 15 and value == value.quantize(Decimal(1).scaleb(-decimals))


def _chinese_number(text: str) -> Decimal | None:
    """“十二” 12, “两千五” 2500, “三万八” 38000, “一百零五” 105; “二〇二六” digit by digit."""
    if not re.search(r"[十百千万]", text):
        return Decimal("".join(str(CHINESE_DIGITS[char]) for char in text)) if len(text) > 1 or text else None
    total = section = digit = 0
    last = 1
    for char in text:
        if char in CHINESE_DIGITS:
            digit = CHINESE_DIGITS[char]
            last = 1 if char in "零〇" else last
            continue
        scale = {"十": 10, "百": 100, "千": 1000, "万": 10_000}[char]
        if char == "万":
            total, section = (total + section + digit) * scale, 0
        else:
            section += (digit or 1) * scale
        digit, last = 0, scale
    return Decimal(total + section + digit * max(1, last // 10))


def read_date(raw: str, today: dt.date) -> dt.date:
    """“2026-11-25”, “2026/11/25”, “2026.11.25”, “20261125”, “2026年11月25日”, “2026 11 25”, in any width."""
    spaced = re.sub(r"\s+", "-", unicodedata.normalize("NFKC", clean_text(raw)))
    text = re.sub(r"-*([年月./日号-])-*", r"\1", spaced)
    text = re.sub(r"[日号]$", "", re.sub(r"[年月./]", "-", text)).rstrip("-")
    if found := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text) or re.fullmatch(r"(\d{4})(\d\d)(\d\d)", text):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    raise BadValue(
        _("“{text}”读不成日期。请按年月日写8位数字，例如 {example}。").format(
            text=shown(raw), example=f"{today:%Y%m%d}"
        ),
        _guess_date(text, today),
    )


def _day(year: int, month: int, day: int) -> dt.date:
    if not 1 <= month <= 12:
        raise BadValue(_("没有{month}月。月份写1到12。").format(month=month))
    try:
        return dt.date(year, month, day)
    except ValueError:
        if year < 1:
            raise BadValue(_("年份要写四位数字，例如 1986。")) from None
        raise BadValue(_("{year}年{month}月没有{day}日。").format(year=year, month=month, day=day)) from None


def _guess_date(text: str, today: dt.date) -> Suggestion | None:
    day = month = year = 0
    if found := re.fullmatch(r"(\d{1,2})-(\d{1,2})-(\d{4})", text):
        first, second, year = int(found[1]), int(found[2]), int(found[3])
        if first > 12 or first == second:
            day, month = first, second
        elif second > 12:
            month, day = first, second
    elif found := re.fullmatch(r"(\d\d)-(\d{1,2})-(\d{1,2})", text):
        short, month, day = int(found[1]), int(found[2]), int(found[3])
        year = 2000 + short if short <= today.year % 100 else 1900 + short
    elif found := re.fullmatch(r"(\d{1,2})-(\d{1,2})", text):
        year, month, day = today.year, int(found[1]), int(found[2])
    try:
        guess = dt.date(year, month, day)
    except ValueError:
        return None
    return Suggestion(guess.isoformat(), date_text(guess))


def date_text(day: dt.date) -> str:
    return _("{year}年{month}月{day}日").format(year=day.year, month=day.month, day=day.day)


BOUND = re.compile(r"today(?:([+-])(\d{1,5})([ymd]))?")


def bound_date(told: object, today: dt.date) -> dt.date | None:
    """The day a bound names: “2026-01-01”, “today”, “today-18y”, “today+30d”; None when none is told."""
    if told in (None, ""):
        return None
    text = str(told)
    found = BOUND.fullmatch(text)
    if found is None:
        return dt.date.fromisoformat(text)
    amount = int(f"{found[1] or '+'}{found[2] or 0}")
    if found[3] == "d":
        return add_days(today, amount)
    return add_months(today, amount * (12 if found[3] == "y" else 1))


def bound_number(told: object) -> Decimal | None:
    if told in (None, "") or isinstance(told, bool):
        return None
    return Decimal(str(told))
