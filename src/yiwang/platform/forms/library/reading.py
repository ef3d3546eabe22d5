"""From what was typed to an answer that can be stored, one question at a time."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from django.utils.translation import gettext as _

from yiwang.kernel import identity
from yiwang.platform.forms.library.fields import (
    CHOICE_KINDS,
    FILE_KINDS,
    PICK_KINDS,
    Answers,
    Field,
)
from yiwang.platform.forms.library.values import (
    BadValue,
    bound_date,
    bound_number,
    clean_text,
    date_text,
    half_width,
    money_suggestion,
    read_date,
    read_money,
    read_number,
    shown,
)

YES, NO = "yes", "no"
LANDLINE = re.compile(r"(?:0\d{2,3}-?)?[2-9]\d{6,7}(?:-\d{1,6})?")


@dataclass(frozen=True)
class Picked:
    """One body or division on offer: what is stored, what is shown, and the path under it."""

    value: str
    label: str
    path: str = ""

    def to_json(self) -> dict[str, str]:
        return {"value": self.value, "label": self.label}


class PickSource(Protocol):
    """Where a picker finds its bodies. Handed in by the caller: forms lie below the register."""

    search_url: str

    def resolve(self, value: str) -> Picked | None:
        """The body with this public identifier or code, if this person may choose it."""

    def search(self, text: str) -> Sequence[Picked]:
        """At most ten hits, best first."""


Sources = Mapping[str, PickSource]


class SeveralFit(BadValue):
    """A typed name fits several bodies; the person picks one of ``choices``."""

    def __init__(self, message: str, choices: Sequence[Picked]) -> None:
        super().__init__(message, code="several")
        self.choices = tuple(choices)


class BadRows(BadValue):
    """Some cells of the rows can't stand; ``cells`` is (row from 0, column key, refusal)."""

    def __init__(self, message: str, cells: Sequence[tuple[int, str, BadValue]]) -> None:
        super().__init__(message, code="rows")
        self.cells = tuple(cells)


@dataclass(frozen=True)
class Typed:
    """What came in for a picker: the text, the pick, and the text the pick was offered for."""

    text: str = ""
    pick: str = ""
    offered_for: str = ""


def is_blank(raw: Any) -> bool:
    if isinstance(raw, Typed):
        return not clean_text(raw.text) and not raw.pick
    if isinstance(raw, Mapping):
        return all(is_blank(part) for part in raw.values())
    if isinstance(raw, list | tuple):
        return all(is_blank(part) for part in raw)
    return raw is None or (isinstance(raw, str) and not clean_text(raw))


def read_value(field: Field, raw: Any, *, today: dt.date, sources: Sources | None = None) -> Any:
    """The answer as it is stored; None for an optional question left empty. Raises ``BadValue``.

    Takes what a page sends (text, lists of text, rows) as well as answers that were cleaned before, so that answers
    of an API, of a draft and of a page pass the same gate. Files are not read here.
    """
    if is_blank(raw) and not (field.kind == "person_rows" and not field.optional):
        if field.optional:
            return None
        raise BadValue(missing_text(field), code="required")
    if field.kind in PICK_KINDS:
        return _read_pick(field, raw, (sources or {}).get(field.kind))
    return READERS[field.kind](field, raw, today)


def missing_text(field: Field) -> str:
    """What a page says about a question left empty: by its kind, so that it says what to do."""
    label = str(field.label)
    if field.kind in FILE_KINDS:
        return _("请上传“{label}”。").format(label=label)
    if field.kind in CHOICE_KINDS | PICK_KINDS | {"yesno"}:
        return _("请选“{label}”。").format(label=label)
    return _("请填“{label}”。").format(label=label)


def _read_text(field: Field, raw: Any, today: dt.date) -> str:
    text = clean_text(raw)
    if field.kind == "text":
        text = " ".join(text.split("\n")) if "\n" in text else text
    if len(text) > field.max_length:
        message = _("最多{limit}个字，你写了{count}个。请删掉{over}个。")
        raise BadValue(
            message.format(limit=field.max_length, count=len(text), over=len(text) - field.max_length), code="too_long"
        )
    if len(text) < field.min_length:
        message = _("至少写{limit}个字，你写了{count}个。")
        raise BadValue(message.format(limit=field.min_length, count=len(text)), code="too_short")
    return FORMATS[field.format](text) if field.format in FORMATS else text


def _read_bank_card(text: str) -> str:
    number = identity.normalise(text)
    if not re.fullmatch(r"\d{12,19}", number):
        raise BadValue(_("银行卡号是12到19位数字，你填了{count}位。").format(count=len(number)))
    digits = [int(char) for char in reversed(number)]
    doubled = [digit if place % 2 == 0 else sum(divmod(digit * 2, 10)) for place, digit in enumerate(digits)]
    if sum(doubled) % 10:
        raise BadValue(_("卡号里有一位写错了（校验位对不上）。请对照银行卡逐位检查。"))
    return number


def _read_name(text: str) -> str:
    return _kernel(identity.clean_name, text)


def _read_uscc(text: str) -> str:
    return _kernel(lambda value: identity.check_uscc(value).code, text)


FORMATS = {"name": _read_name, "bank_card": _read_bank_card, "uscc": _read_uscc}


def _kernel(check: Any, text: str) -> str:
    try:
        return str(check(text))
    except identity.BadIdentity as refusal:
        raise BadValue(str(refusal), code=refusal.reason) from None


def _read_options(field: Field, raw: Any, today: dt.date) -> Any:
    known = {option.value for option in field.options}
    given = [clean_text(part) for part in (raw if isinstance(raw, list | tuple) else [raw])]
    given = list(dict.fromkeys(part for part in given if part))
    if strange := next((part for part in given if part not in known), None):
        raise BadValue(_("“{text}”不在选项里。请从列出的选项里选。").format(text=shown(strange)), code="option")
    if field.kind == "choices":
        return given
    if len(given) > 1:
        raise BadValue(_("这里只能选一项。"), code="option")
    return given[0]


def _read_yesno(field: Field, raw: Any, today: dt.date) -> bool:
    if isinstance(raw, bool):
        return raw
    text = half_width(raw).lower()
    if text in (YES, "true", "1", "是", "有"):
        return True
    if text in (NO, "false", "0", "否", "没有"):
        return False
    raise BadValue(_("请选“是”或“否”。"), code="option")


def _read_number(field: Field, raw: Any, today: dt.date) -> int | str:
    value = read_number(str(raw), field.decimals, str(field.unit))
    low, high = bound_number(field.minimum), bound_number(field.maximum)
    if low is not None and value < low:
        raise BadValue(_("你填了{value}，不能少于{limit}。").format(value=f"{value:f}", limit=f"{low:f}"), code="min")
    if high is not None and value > high:
        raise BadValue(_("你填了{value}，不能多于{limit}。").format(value=f"{value:f}", limit=f"{high:f}"), code="max")
    return f"{value.quantize(Decimal(1).scaleb(-field.decimals)):f}" if field.decimals else int(value)


def _read_money(field: Field, raw: Any, today: dt.date) -> str:
    value = read_money(str(raw))
    low, high = bound_number(field.minimum), bound_number(field.maximum)
    if value < (low if low is not None else 0):
        hint = money_suggestion(-value) if value < 0 and low is None else None
        message = _("你填了{value}元，不能少于{limit}元。")
        raise BadValue(message.format(value=f"{value:,.2f}", limit=f"{low or 0:,.2f}"), hint, code="min")
    if high is not None and value > high:
        hint = money_suggestion(value / 10) if value / 10 <= high and value == value.to_integral_value() else None
        message = _("你填了{value}元，最多是{limit}元。看看是不是多打了一个0。")
        raise BadValue(message.format(value=f"{value:,.2f}", limit=f"{high:,.2f}"), hint, code="max")
    return f"{value:f}"


def _read_date(field: Field, raw: Any, today: dt.date) -> str:
    value = read_date(str(raw), today)
    low, high = bound_date(field.minimum, today), bound_date(field.maximum, today)
    if high == today and value > today:
        raise BadValue(_("你填了{day}，这一天还没到。").format(day=date_text(value)), code="max")
    if low is not None and value < low:
        message = _("你填了{day}，不能早于{limit}。")
        raise BadValue(message.format(day=date_text(value), limit=date_text(low)), code="min")
    if high is not None and value > high:
        message = _("你填了{day}，不能晚于{limit}。")
        raise BadValue(message.format(day=date_text(value), limit=date_text(high)), code="max")
    return value.isoformat()


def _read_phone(field: Field, raw: Any, today: dt.date) -> str:
    if field.landline:
        plain = half_width(str(raw)).replace("(", "").replace(")", "-").replace("--", "-")
        if LANDLINE.fullmatch(plain):
            return plain
    return _kernel(identity.parse_phone, str(raw))


def _read_identity(field: Field, raw: Any, today: dt.date) -> str:
    """The number under the first of the allowed types that it fits; the refusal is the first type's."""
    first: BadValue | None = None
    for id_type in field.id_types:
        try:
            return identity.check_identity(id_type, str(raw), today).number
        except identity.BadIdentity as refusal:
            first = first or BadValue(str(refusal), code=refusal.reason)
    raise first or BadValue(missing_text(field))


def _read_pick(field: Field, raw: Any, source: PickSource | None) -> dict[str, str]:
    if isinstance(raw, Mapping):
        raw = Typed(pick=str(raw.get("value") or ""))
    typed = raw if isinstance(raw, Typed) else Typed(text=str(raw))
    if source is None:
        raise BadValue(_("现在查不到名单，请稍后再试。你填的都存着。"), code="no_source")
    text = clean_text(typed.text)
    if typed.pick and (found := source.resolve(clean_text(typed.pick))):
        if not text or text in (found.label, clean_text(typed.offered_for)):
            return found.to_json()
    elif found := source.resolve(text):
        return found.to_json()
    hits = list(source.search(text))
    exact = [hit for hit in hits if hit.label == text]
    if len(exact) == 1:
        return exact[0].to_json()
    if hits:
        raise SeveralFit(_("找到{count}个和“{text}”有关的，请选一个。").format(count=len(hits), text=shown(text)), hits)
    message = _("没有找到“{text}”。换个说法试试，例如只写名字里的几个字。")
    raise BadValue(message.format(text=shown(text)), code="unknown")


def _read_files(field: Field, raw: Any, today: dt.date) -> list[str]:
    given = [clean_text(part) for part in (raw if isinstance(raw, list | tuple) else [raw])]
    if len(given) > field.max_files:
        message = _("最多{limit}个文件，你传了{count}个。请去掉{over}个。")
        over = len(given) - field.max_files
        raise BadValue(message.format(limit=field.max_files, count=len(given), over=over), code="too_many")
    return given


def _read_rows(field: Field, raw: Any, today: dt.date) -> list[dict[str, Any]]:
    rows = [row for row in (raw if isinstance(raw, list | tuple) else []) if isinstance(row, Mapping)]
    answers: list[dict[str, Any]] = []
    bad: list[tuple[int, str, BadValue]] = []
    for place, row in enumerate(rows):
        if is_blank(row):
            continue
        answers.append({})
        for column in field.columns:
            try:
                value = read_value(column, row.get(column.key), today=today)
            except BadValue as refusal:
                bad.append((place, column.key, refusal))
                continue
            if value is not None:
                answers[-1][column.key] = value
    if bad:
        raise BadRows(_("有{count}处要改。").format(count=len(bad)), bad)
    if len(answers) < field.min_rows:
        message = _("至少填{limit}行，你填了{count}行。")
        raise BadValue(message.format(limit=field.min_rows, count=len(answers)), code="min_rows")
    if len(answers) > field.max_rows:
        message = _("最多填{limit}行，你填了{count}行。")
        raise BadValue(message.format(limit=field.max_rows, count=len(answers)), code="max_rows")
    return answers


def _yuan(amount: Decimal) -> str:
    return _("{amount}元").format(amount=f"{amount:,.2f}".removesuffix(".00"))


READERS = {
    "text": _read_text,
    "textarea": _read_text,
    "choice": _read_options,
    "choices": _read_options,
    "yesno": _read_yesno,
    "number": _read_number,
    "money": _read_money,
    "date": _read_date,
    "phone": _read_phone,
    "identity": _read_identity,
    "file": _read_files,
    "files": _read_files,
    "person_rows": _read_rows,
}


def compare(field: Field, value: Any, others: Answers, fields: Mapping[str, Field]) -> BadValue | None:
    """The refusal when ``value`` stands above or below an answer it must not pass; None when all is well."""
    for name, sign in ((field.not_above, 1), (field.not_below, -1)):
        other = others.get(name) if name else None
        if other is None or name not in fields:
            continue
        if field.kind == "date":
            if (value > other) - (value < other) == sign:
                return _date_passes(value, other, fields[name], sign)
            continue
        mine, limit = Decimal(str(value)), Decimal(str(other))
        if (mine - limit) * sign > 0:
            return _amount_passes(field, mine, limit, fields[name], sign)
    return None


def _date_passes(value: str, other: str, field: Field, sign: int) -> BadValue:
    words = {
        "day": date_text(dt.date.fromisoformat(value)),
        "label": str(field.label),
        "other": date_text(dt.date.fromisoformat(other)),
    }
    if sign > 0:
        return BadValue(_("你填了{day}，比“{label}”{other}还晚。").format(**words), code="not_above")
    return BadValue(_("你填了{day}，比“{label}”{other}还早。").format(**words), code="not_below")


def _amount_passes(field: Field, mine: Decimal, limit: Decimal, other: Field, sign: int) -> BadValue:
    if field.kind == "money":
        texts = (_yuan(mine), _yuan(limit))
    else:
        texts = (f"{mine:f}{field.unit}", f"{limit:f}{other.unit}")
    words = {"value": texts[0], "label": str(other.label), "limit": texts[1]}
    if sign < 0:
        return BadValue(_("你填了{value}，比“{label}”{limit}还少。").format(**words), code="not_below")
    tenth = mine / 10
    if field.kind == "money" and tenth <= limit and mine == mine.to_integral_value():
        message = _("你填了{value}，比“{label}”{limit}还多。看看是不是多打了一个0。")
        return BadValue(message.format(**words), money_suggestion(tenth), code="not_above")
    return BadValue(_("你填了{value}，比“{label}”{limit}还多。").format(**words), code="not_above")
