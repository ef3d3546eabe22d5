"""Money is ``Decimal`` with two places in tables and integer fen inside rules."""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django.utils.translation import gettext as _

from yiwang.kernel.errors import DomainError

CENT = Decimal("0.01")
DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
GROUPS = ("", "万", "亿", "万亿")
LIMIT = 10 ** (4 * len(GROUPS))


class BadAmount(DomainError):
    code = "bad_amount"


def parse_yuan(text: str) -> Decimal:
    """An amount as people type it: “38,460.5”, “１２００元”, “¥1200”."""
    plain = "".join(text.split()).translate(str.maketrans("０１２３４５６７８９．，", "0123456789.,"))
    plain = plain.removeprefix("¥").removeprefix("￥").removesuffix("元").replace(",", "")
    try:
        amount = Decimal(plain)
    except InvalidOperation:
        raise BadAmount(_("“{text}”不是金额。请只写数字，例如 1200 或 1200.50。").format(text=text)) from None
    if not amount.is_finite() or amount != amount.quantize(CENT):
        raise BadAmount(_("“{text}”最多写到分（小数点后两位）。").format(text=text))
    return amount.quantize(CENT)


def fen(yuan: Decimal | int) -> int:
    """Yuan as integer fen; a part of a fen is a mistake of the caller, never rounded away."""
    amount = Decimal(yuan) * 100
    if amount != amount.to_integral_value():
        raise ValueError(f"{yuan} yuan is not a whole number of fen")
    return int(amount)


def yuan(amount_in_fen: int) -> Decimal:
    return Decimal(amount_in_fen).scaleb(-2)


def whole_yuan(amount_in_fen: int) -> int:
    """Fen rounded half up to a whole yuan, away from zero for negatives."""
    return int(yuan(amount_in_fen).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def yuan_text(amount: Decimal) -> str:
    """“19,692.00”: the figure as it stands in decisions; the unit is the template's."""
    return f"{amount.quantize(CENT, rounding=ROUND_HALF_UP):,.2f}"


def capital_text(amount: Decimal) -> str:
    """Amount in capital figures for approvals and receipts: “人民币壹万零贰佰元伍角整”."""
    total = fen(amount)
    sign = "负" if total < 0 else ""
    whole, rest = divmod(abs(total), 100)
    if whole >= LIMIT:
        raise ValueError(f"{amount} is beyond capital figures")
    jiao, cents = divmod(rest, 10)

    text = f"{_capital_whole(whole)}元" if whole else ""
    if jiao:
        text += f"{DIGITS[jiao]}角"
    elif whole and cents:
        text += "零"
    if cents:
        return f"人民币{sign}{text}{DIGITS[cents]}分"
    return f"人民币{sign}{text or '零元'}整"


def _capital_whole(whole: int) -> str:
    text, gap = "", False
    for index in range(len(GROUPS) - 1, -1, -1):
        group = whole // 10_000**index % 10_000
        if group == 0:
            gap = bool(text)
            continue
        if text and (gap or group < 1000):
            text += "零"
        text += _capital_group(group) + GROUPS[index]
        gap = False
    return text


def _capital_group(group: int) -> str:
    text, gap = "", False
    for place in range(3, -1, -1):
        digit = group // 10**place % 10
        if digit == 0:
            gap = bool(text)
            continue
        text += ("零" if gap else "") + DIGITS[digit] + PLACES[place]
        gap = False
    return text
