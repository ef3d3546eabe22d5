"""What is wrong with a form definition, in words for the person who edits it. Reads the raw JSON: a misspelt key
must not vanish silently."""

import re
from collections.abc import Container, Iterator, Mapping
from decimal import InvalidOperation
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yiwang.kernel.clock import today
from yiwang.kernel.identity import ID_TYPE_LABELS
from yiwang.platform.forms.library.fields import BOUNDED_KINDS, CHOICE_KINDS, COLUMN_KINDS, KINDS
from yiwang.platform.forms.library.reading import FORMATS
from yiwang.platform.forms.library.values import bound_date, bound_number

KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
FORM_KEYS = {"steps"}
STEP_KEYS = {"key", "title", "hint", "fields"}
FIELD_KEYS = {"key", "kind", "label", "hint", "optional", "sensitive", "show_if", "prefill", "autocomplete"}
KEYS_OF_KIND: dict[str, set[str]] = {
    "text": {"min_length", "max_length", "format"},
    "textarea": {"min_length", "max_length"},
    "number": {"min", "max", "decimals", "unit", "not_above", "not_below"},
    "money": {"min", "max", "not_above", "not_below"},
    "date": {"min", "max", "not_above", "not_below"},
    "phone": {"landline"},
    "identity": {"id_types"},
    "choice": {"options"},
    "choices": {"options"},
    "file": {"accept", "max_files"},
    "files": {"accept", "max_files"},
    "person_rows": {"columns", "min_rows", "max_rows", "noun"},
}
CONDITION_KEYS = {"field", "in", "not_in", "min", "max", "filled"}
OPTION_KEYS = {"value", "label", "hint"}
ACCEPTS = {"image", "pdf", "office"}
MAX_STEPS, MAX_FIELDS = 7, 12
LIMITS = {
    "min_length": (0, 20_000),
    "max_length": (1, 20_000),
    "decimals": (0, 4),
    "max_files": (1, 20),
    "min_rows": (0, 50),
    "max_rows": (1, 50),
}
Problems = Iterator[str]


def problems_of(data: Any) -> list[str]:
    if not isinstance(data, Mapping):
        return [_("表单定义要写成对象，里面有“steps”。")]
    found = list(_unknown(data, FORM_KEYS, pgettext("form definition", "表单")))
    steps = data.get("steps")
    if not isinstance(steps, list) or not steps:
        return [*found, _("表单里还没有步骤。至少要有一步。")]
    if len(steps) > MAX_STEPS:
        found.append(_("一份表最多{limit}步，现在有{count}步。").format(limit=MAX_STEPS, count=len(steps)))
    seen: dict[str, Mapping[str, Any]] = {}
    step_keys: set[str] = set()
    for place, step in enumerate(steps, start=1):
        if not isinstance(step, Mapping):
            found.append(_("第{place}步不是一个对象。").format(place=place))
            continue
        where = _("第{place}步").format(place=place)
        found += _key_problems(step.get("key"), step_keys, where)
        step_keys.add(str(step.get("key")))
        found += _step_problems(step, where, seen)
    return found


def _step_problems(step: Mapping[str, Any], where: str, seen: dict[str, Mapping[str, Any]]) -> Problems:
    yield from _unknown(step, STEP_KEYS, where)
    yield from _text_problems(step.get("title"), _("{where}的标题").format(where=where), is_needed=True)
    yield from _text_problems(step.get("hint"), _("{where}的提示").format(where=where))
    fields = step.get("fields")
    if not isinstance(fields, list) or not fields:
        yield _("{where}里没有问题。").format(where=where)
        return
    if len(fields) > MAX_FIELDS:
        message = _("{where}有{count}个问题，太长了。一步最多{limit}个，最好不超过5个。")
        yield message.format(where=where, count=len(fields), limit=MAX_FIELDS)
    for field in fields:
        if not isinstance(field, Mapping):
            yield _("{where}里有一个问题不是对象。").format(where=where)
            continue
        yield from field_problems(field, where, seen)
        if isinstance(field.get("key"), str):
            seen.setdefault(field["key"], field)


def field_problems(field: Mapping[str, Any], where: str, seen: Mapping[str, Mapping[str, Any]]) -> Problems:
    """One question; ``seen`` are the questions before it, which alone it may refer to."""
    name = _("{where}的问题“{key}”").format(where=where, key=field.get("key") or "?")
    kind = field.get("kind")
    yield from _key_problems(field.get("key"), seen.keys(), name)
    if kind not in KINDS:
        yield _("{name}：没有“{kind}”这种题型。").format(name=name, kind=kind or "")
        return
    yield from _unknown(field, FIELD_KEYS | KEYS_OF_KIND.get(str(kind), set()), name)
    yield from _text_problems(field.get("label"), _("{name}的问法").format(name=name), is_needed=True)
    yield from _text_problems(field.get("hint"), _("{name}的提示").format(name=name))
    for flag in ("optional", "sensitive", "landline"):
        if flag in field and not isinstance(field[flag], bool):
            yield _("{name}：“{flag}”只能是 true 或 false。").format(name=name, flag=flag)
    yield from _limit_problems(field, name)
    if kind in CHOICE_KINDS:
        yield from _option_problems(field.get("options"), name)
    if kind in BOUNDED_KINDS:
        yield from _bound_problems(field, str(kind), name)
        yield from _other_problems(field, str(kind), name, seen)
    if kind == "person_rows":
        yield from _column_problems(field.get("columns"), name)
    yield from _member_problems(field, name)
    yield from _condition_problems(field.get("show_if"), name, seen)


def _unknown(data: Mapping[str, Any], known: set[str], name: str) -> Problems:
    for key in data:
        if key not in known:
            yield _("{name}：不认识“{key}”。").format(name=name, key=key)


def _key_problems(key: Any, taken: Container[str], name: str) -> Problems:
    if not isinstance(key, str) or not KEY.fullmatch(key):
        yield _("{name}：代号要用小写英文字母开头，只含字母、数字和下划线，最多40个。").format(name=name)
    elif key in taken:
        yield _("{name}：代号“{key}”用了两次。").format(name=name, key=key)


def _text_problems(text: Any, name: str, *, is_needed: bool = False) -> Problems:
    if text in (None, "", {}):
        if is_needed:
            yield _("{name}还没有写。").format(name=name)
        return
    if isinstance(text, str):
        yield _("{name}缺英文。").format(name=name)
        return
    if not isinstance(text, Mapping) or set(text) - {"zh", "en"}:
        yield _("{name}要写成中文（zh）和英文（en）两句。").format(name=name)
        return
    if not str(text.get("zh") or "").strip():
        yield _("{name}缺中文。").format(name=name)
    if not str(text.get("en") or "").strip():
        yield _("{name}缺英文。").format(name=name)


def _limit_problems(field: Mapping[str, Any], name: str) -> Problems:
    for key, (low, high) in LIMITS.items():
        value = field.get(key)
        if key in field and (not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high):
            message = _("{name}：“{key}”要是{low}到{high}之间的整数。")
            yield message.format(name=name, key=key, low=low, high=high)
    for small, great in (("min_length", "max_length"), ("min_rows", "max_rows")):
        pair = field.get(small), field.get(great)
        if isinstance(pair[0], int) and isinstance(pair[1], int) and pair[0] > pair[1]:
            yield _("{name}：“{small}”比“{great}”大。").format(name=name, small=small, great=great)


def _option_problems(options: Any, name: str) -> Problems:
    if not isinstance(options, list) or len(options) < 2:
        yield _("{name}：至少要有两个选项。").format(name=name)
        return
    values: set[str] = set()
    for option in options:
        if not isinstance(option, Mapping) or not isinstance(option.get("value"), str) or not option["value"]:
            yield _("{name}：每个选项要有 value（文字）和 label。").format(name=name)
            continue
        where = _("{name}的选项“{value}”").format(name=name, value=option["value"])
        yield from _unknown(option, OPTION_KEYS, where)
        yield from _text_problems(option.get("label"), where, is_needed=True)
        yield from _text_problems(option.get("hint"), _("{name}的提示").format(name=where))
        if option["value"] in values:
            yield _("{name}用了两次。").format(name=where)
        values.add(option["value"])


def _bound_problems(field: Mapping[str, Any], kind: str, name: str) -> Problems:
    bounds = []
    for key in ("min", "max"):
        told = field.get(key)
        try:
            bounds.append(bound_date(told, today()) if kind == "date" else bound_number(told))
        except (ValueError, InvalidOperation, OverflowError):
            if kind == "date":
                message = _("{name}：“{key}”要写成 2026-01-31、today、today-18y 或 today+30d 这样。")
            else:
                message = _("{name}：“{key}”要写成数字。")
            yield message.format(name=name, key=key)
            return
    if bounds[0] is not None and bounds[1] is not None and _exceeds(bounds[0], bounds[1]):
        yield _("{name}：最小值比最大值大，谁也填不进去。").format(name=name)


def _exceeds(low: Any, high: Any) -> bool:
    return bool(low > high)


def _other_problems(field: Mapping[str, Any], kind: str, name: str, seen: Mapping[str, Mapping[str, Any]]) -> Problems:
    for key in ("not_above", "not_below"):
        other = field.get(key)
        if other and (other not in seen or seen[other].get("kind") != kind):
            message = _("{name}：“{key}”要指向前面一个同类的问题，“{other}”不是。")
            yield message.format(name=name, key=key, other=other)


def _column_problems(columns: Any, name: str) -> Problems:
    if not isinstance(columns, list) or not columns:
        yield _("{name}：还没有列。").format(name=name)
        return
    if len(columns) > 8:
        yield _("{name}：最多8列，再多手机上填不了。").format(name=name)
    taken: dict[str, Mapping[str, Any]] = {}
    for column in columns:
        if not isinstance(column, Mapping):
            yield _("{name}：每一列要写成对象。").format(name=name)
            continue
        if column.get("kind") in KINDS and column.get("kind") not in COLUMN_KINDS:
            yield _("{name}：列里不能用“{kind}”这种题型。").format(name=name, kind=column.get("kind"))
        if column.get("show_if") or column.get("not_above") or column.get("not_below"):
            yield _("{name}：列不能带显示条件，也不能和别的列比。").format(name=name)
        plain = {key: value for key, value in column.items() if key not in ("show_if", "not_above", "not_below")}
        yield from field_problems(plain, name, taken)
        if isinstance(column.get("key"), str):
            taken.setdefault(column["key"], column)


def _member_problems(field: Mapping[str, Any], name: str) -> Problems:
    if field.get("format") and field["format"] not in FORMATS:
        yield _("{name}：没有“{value}”这种格式。").format(name=name, value=field["format"])
    for key, known in (("accept", ACCEPTS), ("id_types", set(ID_TYPE_LABELS))):
        value = field.get(key)
        if value is not None and (not isinstance(value, list) or not value or set(map(str, value)) - known):
            message = _("{name}：“{key}”只能从 {known} 里选。")
            yield message.format(name=name, key=key, known=", ".join(sorted(known)))
    if field.get("kind") == "file" and field.get("max_files", 1) != 1:
        yield _("{name}：要传多个文件，题型请用“files”。").format(name=name)


def _condition_problems(told: Any, name: str, seen: Mapping[str, Mapping[str, Any]]) -> Problems:
    conditions = told if isinstance(told, list) else [told]
    for condition in conditions:
        if condition in (None, {}):
            continue
        if not isinstance(condition, Mapping):
            yield _("{name}：显示条件要写成对象。").format(name=name)
            continue
        where = _("{name}的显示条件").format(name=name)
        yield from _unknown(condition, CONDITION_KEYS, where)
        other = seen.get(str(condition.get("field") or ""))
        if other is None:
            message = _("{where}要看前面的问题，前面没有“{field}”。")
            yield message.format(where=where, field=condition.get("field") or "")
            continue
        if not CONDITION_KEYS - {"field"} & set(condition):
            yield _("{where}没有写要满足什么。").format(where=where)
        yield from _condition_values(condition, other, where)


def _condition_values(condition: Mapping[str, Any], other: Mapping[str, Any], where: str) -> Problems:
    if other.get("kind") in CHOICE_KINDS and isinstance(other.get("options"), list):
        known = {str(option.get("value")) for option in other["options"] if isinstance(option, Mapping)}
    elif other.get("kind") == "yesno":
        known = {"yes", "no", "True", "False"}
    else:
        return
    for key in ("in", "not_in"):
        values = condition.get(key)
        for value in values if isinstance(values, list) else [] if values is None else [values]:
            if str(value) not in known:
                yield _("{where}里的“{value}”不是那个问题的选项。").format(where=where, value=value)
