"""The layout of the list of union bodies (handbook GT 1.3, 1.12), and reading one of its rows."""

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Choices
from django.utils.translation import gettext as _

from yiwang.kernel.identity import BadIdentity, check_uscc
from yiwang.register.imports.library.cleaning import Cleaned, parse_day, without_formulas
from yiwang.register.imports.library.columns import Column, folded
from yiwang.register.organisations.formulas import full_division, normal_name
from yiwang.register.organisations.kinds import Kind
from yiwang.register.organisations.models import Organisation

COLUMNS = (
    Column("serial", "序号"),
    Column("code", "工会组织编码"),
    Column("name", "工会名称", True),
    Column("kind", "组织类型", True),
    Column("parent", "上级工会编码", True),
    Column("division_code", "行政区划"),
    Column("uscc", "统一社会信用代码"),
    Column("employers", "所在单位信用代码"),
    Column("short_name", "简称"),
    Column("stat_code", "基层工会统计代码"),
    Column("member_scope", "覆盖方式"),
    Column("founded_on", "建会日期"),
    Column("employee_count", "职工数"),
    Column("female_employee_count", "女职工数"),
    Column("migrant_count", "农民工数"),
    Column("dispatch_count", "劳务派遣工数"),
    Column("counted_on", "职工数统计日期"),
    Column("phone", "办公电话"),
    Column("contact", "找谁办"),
    Column("hours", "办公时间"),
    Column("email", "邮箱"),
    Column("address", "地址"),
    Column("postcode", "邮编"),
    Column("longitude", "经度"),
    Column("latitude", "纬度"),
    Column("remark", "备注"),
)
HEADINGS = {column.key: column.heading for column in COLUMNS}
REQUIRED = tuple(column for column in COLUMNS if column.is_required)
LANDMARKS = ("工会名称", "上级工会编码")
CHOICES: Mapping[str, type[Choices]] = {"kind": Kind, "member_scope": Organisation.MemberScope}
USUAL = {
    "code": ("工会编码", "组织编码", "工会代码"),
    "name": ("工会全称", "组织名称", "基层工会名称"),
    "kind": ("工会类型", "类型", "组织形式"),
    "parent": ("上级编码", "上级工会代码", "上级组织编码"),
    "division_code": ("区划代码", "行政区划代码", "所在地区划代码"),
    "uscc": ("信用代码", "社会信用代码", "工会信用代码", "工会统一社会信用代码"),
    "employers": (
        "单位信用代码",
        "单位统一社会信用代码",
        "用人单位信用代码",
        "所在单位统一社会信用代码",
        "企业信用代码",
    ),
    "short_name": ("工会简称",),
    "stat_code": ("统计代码",),
    "founded_on": ("成立日期", "建会时间", "成立时间"),
    "employee_count": ("职工人数", "职工总数", "现职工人数"),
    "female_employee_count": ("女职工人数", "其中女职工"),
    "migrant_count": ("农民工人数", "其中农民工"),
    "dispatch_count": ("劳务派遣", "派遣工人数", "其中劳务派遣"),
    "counted_on": ("统计日期", "截至日期"),
    "phone": ("电话", "联系电话", "工会电话"),
    "contact": ("联系科室", "联系岗位"),
    "email": ("电子邮箱", "邮箱地址"),
    "address": ("办公地址", "工会地址", "详细地址"),
    "postcode": ("邮政编码",),
}
LENGTHS = {"short_name": 40, "stat_code": 20, "phone": 30, "contact": 60, "hours": 60, "address": 200}
COUNTS = ("employee_count", "female_employee_count", "migrant_count", "dispatch_count")
_BETWEEN = re.compile(r"[\s、，,;；/]+")
MOST_PEOPLE = 5_000_000
EDGES = {"longitude": (73, 136), "latitude": (3, 54)}  # of China


def clean_body(number: int, cells: Mapping[str, str], *, on: dt.date) -> Cleaned:
    """All problems of a row at once, so that it needs one correction and not five."""
    row = Cleaned(number, headings=HEADINGS)
    for column in REQUIRED:
        if not cells.get(column.key):
            row.refuse(column.key, "required", _("没有填。"))
    cells = without_formulas(row, cells)
    _read_name(row, cells)
    _read_words(row, cells)
    _read_codes(row, cells)
    _read_employers(row, cells)
    _read_counts(row, cells)
    for key in ("founded_on", "counted_on"):
        _read_day(row, key, cells.get(key, ""), on)
    _read_place(row, cells)
    for key, length in LENGTHS.items():
        text = cells.get(key, "")
        if len(text) > length:
            row.refuse(key, "too_long", _("最多{limit}个字。").format(limit=length))
        elif text:
            row.values[key] = text
    return row


def _read_name(row: Cleaned, cells: Mapping[str, str]) -> None:
    if not (text := cells.get("name", "")):
        return
    normal = normal_name(text)
    if not 2 <= len(normal.name) <= 120:
        sentence = _("工会名称要写2到120个字，你填了{count}个。")
        row.refuse("name", "length", sentence.format(count=len(normal.name)))
        return
    row.values["name"] = normal.name
    if normal.fixes:
        row.note("name", "tidied", _("名称按规范改成了“{name}”。").format(name=normal.name))


def _read_words(row: Cleaned, cells: Mapping[str, str]) -> None:
    for key, choices in CHOICES.items():
        if not (text := cells.get(key, "")):
            continue
        wanted = folded(text)
        found = next((code for code, label in choices.choices if wanted in (folded(code), folded(str(label)))), None)
        if found is not None:
            row.values[key] = found
        elif key == "kind":
            sentence = _("没有“{value}”这种组织类型。请填A1到G1的代码，或者类型的全称。")
            row.refuse(key, "unknown_word", sentence.format(value=text[:20]))
        else:
            sentence = _("“{text}”不在可以填的词里。请对照模板里的“可以填的词”那一页。")
            row.refuse(key, "unknown_word", sentence.format(text=text[:20]))


def _read_codes(row: Cleaned, cells: Mapping[str, str]) -> None:
    for key in ("code", "parent"):
        if text := cells.get(key, ""):
            row.values[key] = text.replace(" ", "").upper()
    if text := cells.get("division_code", ""):
        if text.isdigit() and len(text) in (6, 9, 12):
            row.values["division_code"] = full_division(text)
        else:
            row.refuse("division_code", "division", _("行政区划代码是6位、9位或12位数字。"))
    if text := cells.get("uscc", ""):
        try:
            found = check_uscc(text)
        except BadIdentity as refusal:
            row.refuse("uscc", refusal.reason, str(refusal))
            return
        if found.is_union:
            row.values["uscc"] = found.code
        else:
            row.refuse(
                "uscc",
                "not_a_union",
                _("工会自己的代码以81或89开头，这个像单位的，请填到“所在单位信用代码”里。"),
            )


def _read_employers(row: Cleaned, cells: Mapping[str, str]) -> None:
    """One code, or for a joint union several."""
    codes: list[str] = []
    for text in _BETWEEN.split(cells.get("employers", "")):
        try:
            found = check_uscc(text) if text else None
        except BadIdentity as refusal:
            row.refuse("employers", refusal.reason, str(refusal))
            return
        if found and found.is_union:
            row.refuse("employers", "a_union", _("{code}是工会的代码，这里填单位的。").format(code=found.code))
            return
        if found and found.code not in codes:
            codes.append(found.code)
    if len(codes) > 1 and row.values.get("kind") == Kind.SINGLE:
        row.refuse("employers", "one_employer", _("单独基层工会只有一个单位。几家联合的，组织类型填E2。"))
    elif codes:
        row.values["employers"] = codes


def _read_counts(row: Cleaned, cells: Mapping[str, str]) -> None:
    for key in COUNTS:
        text = cells.get(key, "").removesuffix("人").replace(",", "")
        if not text:
            continue
        if text.isdigit() and int(text) <= MOST_PEOPLE:
            row.values[key] = int(text)
        else:
            row.refuse(key, "number", _("“{value}”不是人数。请填整数。").format(value=text[:20]))
    total = row.values.get("employee_count")
    for key in COUNTS[1:]:
        if total is not None and row.values.get(key, 0) > total:
            row.refuse(key, "more_than_all", _("比职工数还多。请核对。"))


def _read_day(row: Cleaned, key: str, text: str, on: dt.date) -> None:
    if not text:
        return
    day = parse_day(text)
    if day is None:
        row.refuse(key, "date", _("“{text}”不是日期。请写成2024-03-05这样。").format(text=text[:20]))
    elif day > on:
        row.refuse(key, "future", _("日期不能晚于今天。"))
    else:
        row.values[key] = day.isoformat()


def _read_place(row: Cleaned, cells: Mapping[str, str]) -> None:
    if text := cells.get("postcode", ""):
        if text.isdigit() and len(text) == 6:
            row.values["postcode"] = text
        else:
            row.refuse("postcode", "postcode", _("邮编是6位数字。"))
    if text := cells.get("email", ""):
        try:
            validate_email(text)
            row.values["email"] = text
        except ValidationError:
            row.refuse("email", "email", _("“{text}”不是邮箱地址。").format(text=text[:40]))
    for key, (low, high) in EDGES.items():
        if not (text := cells.get(key, "")):
            continue
        try:
            degrees = Decimal(text).quantize(Decimal("0.0000001"))
        except InvalidOperation:
            degrees = Decimal(-1000)
        if low <= degrees <= high:
            row.values[key] = str(degrees)
        else:
            row.refuse(key, "place", _("不在中国境内，经度和纬度可能填反了。写成120.9581、31.3851这样。"))
