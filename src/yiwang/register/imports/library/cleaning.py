"""From the cells of one row to values, with a sentence for every cell that can't be what it says."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from yiwang.kernel.clock import add_months
from yiwang.kernel.identity import (
    BadIdentity,
    Identity,
    check_identity,
    check_uscc,
    clean_name,
    from_fifteen,
    parse_phone,
)
from yiwang.register.imports.library.columns import HEADINGS, NO, PLACEHOLDERS, REQUIRED, YES, code_tables, folded

EXCEL_EPOCH = dt.date(1899, 12, 30)
EXCEL_DAYS = range(20_000, 80_000)  # 1954 to 2119
LENGTHS = {"employer_name": 120, "department": 60, "post": 60, "title_level": 20, "group": 120}
TEST_WORDS = ("测试", "test", "某某", "姓名")


@dataclass(frozen=True)
class Limits:
    """Dated parameters that decide about a row."""

    youngest: int
    oldest: int


@dataclass(frozen=True)
class Problem:
    """What is wrong with one cell, in words for who fills in the sheet."""

    column: str
    code: str
    text: str


@dataclass
class Cleaned:
    """One row as values; ``notes`` are repairs and doubts that don't stop it."""

    number: int
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    headings: Mapping[str, str] = field(default_factory=lambda: HEADINGS, repr=False, compare=False)

    def refuse(self, key: str, code: str, text: str) -> None:
        self.problems.append(Problem(self.headings[key], code, text))

    def note(self, key: str, code: str, text: str) -> None:
        self.notes.append(Problem(self.headings[key], code, text))


def cells_of(cells: Sequence[str], places: Mapping[str, int]) -> dict[str, str]:
    """The row by column; placeholders such as “无” and “NULL” are empty."""
    row = {key: cells[place] if place < len(cells) else "" for key, place in places.items()}
    return {key: "" if cell.casefold() in PLACEHOLDERS else cell for key, cell in row.items()}


def clean_row(number: int, cells: Mapping[str, str], *, limits: Limits, on: dt.date) -> Cleaned:
    """All problems of a row at once, so that it needs one correction and not five."""
    row = Cleaned(number)
    for column in REQUIRED:
        if not cells.get(column.key):
            row.refuse(column.key, "required", _("没有填。"))
    cells = without_formulas(row, cells)
    _read_codes(row, cells)
    _read_person(row, cells, on)
    _read_employer(row, cells)
    _read_flags(row, cells)
    _read_joining(row, cells, limits, on)
    for key, length in LENGTHS.items():
        if text := cells.get(key, ""):
            row.values[key] = text[:length]
            if len(text) > length:
                row.note(key, "shortened", _("超过{length}个字，后面的没有录入。").format(length=length))
    return row


def without_formulas(row: Cleaned, cells: Mapping[str, str]) -> dict[str, str]:
    """“="3205…"” is how people make Excel keep digits; any other formula has no value that we could read."""
    told = {}
    for key, text in cells.items():
        if text.startswith('="') and text.endswith('"'):
            told[key] = text[2:-1]
        elif text.startswith("="):
            row.refuse(key, "formula", _("单元格里是公式，读不出结果。请复制后“选择性粘贴”为数值。"))
        else:
            told[key] = text
    return told


def _read_codes(row: Cleaned, cells: Mapping[str, str]) -> None:
    for key, table in code_tables().items():
        text = cells.get(key, "")
        if not text:
            continue
        code = table.get(folded(text))
        if code is None:
            row.refuse(
                key,
                "unknown_word",
                _("“{text}”不在可以填的词里。请对照模板里的“可以填的词”那一页。").format(text=text[:20]),
            )
        else:
            row.values[key] = code


def _read_person(row: Cleaned, cells: Mapping[str, str], on: dt.date) -> None:
    if text := cells.get("name", ""):
        try:
            row.values["name"] = name = clean_name(text)
            if any(word in name.casefold() for word in TEST_WORDS):
                row.refuse("name", "test_word", _("“{name}”像是测试用的姓名。").format(name=name))
            elif name != text:
                row.note("name", "tidied", _("去掉了多余的空格，统一了间隔号。"))
        except BadIdentity as refusal:
            row.refuse("name", refusal.reason, str(refusal))
    if text := cells.get("phone", ""):
        try:
            row.values["phone"] = parse_phone(text)
        except BadIdentity as refusal:
            row.refuse("phone", refusal.reason, str(refusal))
    if (text := cells.get("id_number", "")) and (kind := row.values.get("id_type")):
        try:
            _take_identity(row, check_identity(kind, text, on))
        except BadIdentity as refusal:
            row.refuse("id_number", refusal.reason, str(refusal))
            if refusal.reason == "old_number" and (longer := from_fifteen(text)):
                row.values["id_guess"] = longer  # for finding whom it may be; never stored as their number


def _take_identity(row: Cleaned, identity: Identity) -> None:
    stated = row.values.get("gender")
    row.values["id_number"] = identity.number
    if identity.birth_date:
        row.values["birth_date"] = identity.birth_date.isoformat()
    if identity.gender is None:
        return
    if stated in ("1", "2") and stated != identity.gender:
        row.refuse("gender", "contradicts_id", _("和证件号码里的性别不一致。请核对性别和号码。"))
    elif stated != identity.gender:
        row.values["gender"] = identity.gender


def _read_employer(row: Cleaned, cells: Mapping[str, str]) -> None:
    if not (text := cells.get("uscc", "")):
        return
    try:
        found = check_uscc(text)
    except BadIdentity as refusal:
        row.refuse("uscc", refusal.reason, str(refusal))
        return
    if found.is_union:
        row.refuse("uscc", "union_code", _("这是工会自己的代码。这一列要填用人单位的代码。"))
    row.values["uscc"] = found.code
    if "org_code" in found.warnings:
        row.note("uscc", "org_code", _("第9到17位（组织机构代码）的校验位对不上，少数老代码会这样。请核对一下。"))


def _read_flags(row: Cleaned, cells: Mapping[str, str]) -> None:
    for key in ("is_migrant", "is_full_time"):
        text = cells.get(key, "").casefold()
        if text in YES or text in NO:
            row.values[key] = text in YES
        elif text:
            row.refuse(key, "unknown_word", _("请填“是”或者“否”。"))
    for key in ("household_division", "residence_division"):
        text = cells.get(key, "")
        if re.fullmatch(r"\d{6}|\d{9}|\d{12}", text):
            row.values[key] = text
        elif text:
            row.note(key, "no_code", _("这一列只认行政区划代码（6、9或12位数字），文字没有录入。"))
    if text := cells.get("organisation", ""):
        row.values["organisation"] = text.replace(" ", "").upper()


def _read_joining(row: Cleaned, cells: Mapping[str, str], limits: Limits, on: dt.date) -> None:
    birth_text = row.values.get("birth_date")
    birth = dt.date.fromisoformat(birth_text) if birth_text else None
    if birth and add_months(birth, 12 * limits.youngest) > on:
        text = _("不满{age}周岁，不能入会。").format(age=limits.youngest)
        row.refuse("id_number", "too_young", text)
    if birth and add_months(birth, 12 * (limits.oldest + 1)) <= on and row.values.get("employ_state") == "1":
        text = _("超过{age}周岁还填“在岗”。请核对证件号码和就业状态。").format(age=limits.oldest)
        row.refuse("employ_state", "too_old_to_work", text)
    if not (text := cells.get("joined_on", "")):
        return
    joined = parse_day(text)
    if joined is None:
        row.refuse("joined_on", "date", _("“{text}”不是日期。请写成2024-03-05这样。").format(text=text[:20]))
    elif joined > on:
        row.refuse("joined_on", "future", _("入会时间还没有到。"))
    elif birth and joined < add_months(birth, 12 * limits.youngest):
        text = _("入会时不满{age}周岁。请核对入会时间和证件号码。")
        row.refuse("joined_on", "too_young_then", text.format(age=limits.youngest))
    else:
        row.values["joined_on"] = joined.isoformat()


def parse_day(text: str) -> dt.date | None:
    """A day as sheets have it: 2024-3-5, 2024/03/05, 2024.3.5, 2024年3月5日, 20240305, or Excel's number of days."""
    plain = text.split(" ")[0].split("T")[0]
    if re.fullmatch(r"\d{5}", plain) and int(plain) in EXCEL_DAYS:
        return EXCEL_EPOCH + dt.timedelta(days=int(plain))
    match = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{4})(\d{2})(\d{2})", plain)
    if match is None:
        return None
    year, month, day = (int(part) for part in match.groups() if part)
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
