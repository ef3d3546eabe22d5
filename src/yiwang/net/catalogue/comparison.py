"""Two versions side by side, field by field, in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from yiwang.net.catalogue.definitions import Json, tidy

LABELS: dict[str, str | Promise] = {
    "name": gettext_lazy("名称"),
    "summary": gettext_lazy("一句话说明"),
    "gain": gettext_lazy("得到什么"),
    "situation": gettext_lazy("什么时候用得上"),
    "audience": gettext_lazy("给谁办"),
    "levels": gettext_lazy("哪几级办"),
    "legal_basis": gettext_lazy("依据"),
    "ruleset": gettext_lazy("用哪一套规则"),
    "conditions": gettext_lazy("条件"),
    "form": gettext_lazy("表单"),
    "materials": gettext_lazy("材料"),
    "steps": gettext_lazy("步骤"),
    "fields": gettext_lazy("问题"),
    "options": gettext_lazy("选项"),
    "timing": gettext_lazy("什么时候能申请"),
    "window": pgettext_lazy("of a service", "申报时间"),
    "legal_limit": gettext_lazy("最长时限"),
    "promised_limit": gettext_lazy("承诺时限"),
    "amount": gettext_lazy("数字"),
    "unit": pgettext_lazy("measure", "单位"),
    "visits": gettext_lazy("要到现场几次"),
    "visit_reason": gettext_lazy("为什么非来不可"),
    "fee": gettext_lazy("收费"),
    "fee_basis": gettext_lazy("收费依据"),
    "result": gettext_lazy("结果"),
    "bundle": gettext_lazy("一件事包含"),
    "code": pgettext_lazy("of a service", "编码"),
    "needs": gettext_lazy("等哪一件办成"),
    "answers": gettext_lazy("已经定好的回答"),
    "renamed": gettext_lazy("用哪个问题的回答"),
    "later": gettext_lazy("以后才知道的"),
    "channels": gettext_lazy("怎么办"),
    "other_ways": gettext_lazy("别的办法"),
    "aliases": gettext_lazy("老百姓的说法"),
    "icon": gettext_lazy("图标"),
    "minutes": gettext_lazy("填表大约几分钟"),
    "anonymous_allowed": gettext_lazy("可以不说自己是谁"),
    "evaluation": gettext_lazy("办完请人评价"),
    "province_item": gettext_lazy("对应的全省事项"),
    "title": gettext_lazy("标题"),
    "text": gettext_lazy("说明"),
    "hint": gettext_lazy("提示"),
    "label": gettext_lazy("问题"),
    "kind": gettext_lazy("种类"),
    "source": gettext_lazy("来源"),
    "origin": gettext_lazy("谁开的"),
    "when": gettext_lazy("什么情况才要"),
    "optional": gettext_lazy("可不填"),
    "sensitive": gettext_lazy("敏感"),
    "level": gettext_lazy("哪一级"),
    "role": gettext_lazy("谁来办"),
    "capability": gettext_lazy("要什么权"),
    "limit_days": gettext_lazy("最多多久"),
    "limit_unit": gettext_lazy("时限单位"),
    "delivery": gettext_lazy("怎么送到"),
    "evidence": gettext_lazy("核对过原文吗"),
    "zh": gettext_lazy("中文"),
    "en": gettext_lazy("英文"),
}


@dataclass(frozen=True)
class Difference:
    """One place where the versions say different things; None where a version says nothing there."""

    place: str
    old: str | None
    new: str | None


def differences(old: Json, new: Json) -> list[Difference]:
    return list(_differences((), tidy(old), tidy(new)))


def _differences(way: tuple[str, ...], old: Any, new: Any) -> Iterator[Difference]:
    if old == new or (old in (None, "", [], {}) and new in (None, "", [], {})):
        return
    if isinstance(old, dict | None) and isinstance(new, dict | None):
        before, after = old or {}, new or {}
        for name in dict.fromkeys([*before, *after]):
            if name != "key":
                yield from _differences((*way, _label(name)), before.get(name), after.get(name))
        return
    if _is_rows(old) and _is_rows(new):
        was, now = _keys(old), _keys(new)
        for key in dict.fromkeys([*was, *now]):
            title = _("第{n}").format(n=key) if key.isdigit() else key
            yield from _differences((*way, title), _row(old, key), _row(new, key))
        if was != now and sorted(was) == sorted(now):
            yield Difference(_("·").join([*way, _("顺序")]), _("、").join(was), _("、").join(now))
        return
    yield Difference(_("·").join(way), _text(old), _text(new))


def _label(name: str) -> str:
    return str(LABELS.get(name, name))


def _is_rows(value: Any) -> bool:
    return value is None or (isinstance(value, list) and any(isinstance(part, dict) for part in value)) or value == []


def _keys(rows: Any) -> list[str]:
    """Rows by their own key where they have one, so that moving a row is not read as changing it."""
    return [_key(row, at) for at, row in enumerate(rows or [])]


def _key(row: Any, at: int) -> str:
    own = row.get("key") or row.get("value") or row.get("code") if isinstance(row, dict) else None
    return str(own or at + 1)


def _row(rows: Any, key: str) -> Any:
    return next((row for at, row in enumerate(rows or []) if _key(row, at) == key), None)


def _text(value: Any) -> str | None:
    if value in (None, "", [], {}):
        return None
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, list):
        return _("、").join(str(part) for part in value)
    return str(value)
