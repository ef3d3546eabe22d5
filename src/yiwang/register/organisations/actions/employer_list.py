"""Loading the list of an area's employers, so that it shows who ought to have a union and has none."""

import csv
import io
from collections.abc import Iterator
from typing import Any
from zipfile import BadZipFile

from django.db import transaction
from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from yiwang.kernel.archives import unpacks_within
from yiwang.kernel.clock import today
from yiwang.kernel.identity import BadIdentity, check_uscc
from yiwang.platform.journal.actions import record
from yiwang.platform.text.library import pinyin_keys
from yiwang.register.accounts.models import User
from yiwang.register.organisations.actions.bulk import LARGEST_UNPACKED, Loaded, Refused
from yiwang.register.organisations.codes import Industry, UnitNature
from yiwang.register.organisations.coverage import area_of
from yiwang.register.organisations.errors import UnreadableFile
from yiwang.register.organisations.events import EmployersImported
from yiwang.register.organisations.formulas import normal_name
from yiwang.register.organisations.kinds import DATA
from yiwang.register.organisations.models import Employer, Organisation


def _headings() -> dict[str, str]:
    """Heading of the sheet → field; several headings of different offices mean the same."""
    with (DATA / "employer_list.csv").open(encoding="utf-8") as lines:
        return {row["heading"]: row["field"] for row in csv.DictReader(lines)}


HEADINGS = _headings()
NEEDED = {"uscc", "name", "headcount"}
LONGEST = {"name": 120, "address": 200, "contact_name": 50, "contact_phone": 30}
MOST_BYTES = 20 * 1024 * 1024
MOST_ROWS = 200_000
BATCH = 2_000
MOST_HEADCOUNT = 2_000_000


@transaction.atomic
def load_employers(content: bytes, *, file_name: str, area: Organisation, by: User | None) -> Loaded:
    """Take the good rows into the register of employers, the others into the report; safe to repeat."""
    report = Loaded()
    rows = list(_rows(content, file_name))
    codes = {_code(values.get("uscc", "")) for _number, values in rows}
    known = {row.uscc: row for row in Employer.objects.filter(uscc__in=codes - {""})}
    seen: set[str] = set()
    fresh: list[Employer] = []
    changed: list[Employer] = []
    for number, values in rows:
        facts = _judge(number, values, seen, area, report)
        if facts is None:
            continue
        employer = known.get(facts["uscc"])
        if employer is None:
            fresh.append(_new(facts))
        elif _differs(employer, facts):
            changed.append(employer)
        else:
            report.unchanged += 1
    Employer.objects.bulk_create(fresh, batch_size=BATCH)
    Employer.objects.bulk_update(changed, _UPDATED, batch_size=BATCH)
    Employer.objects.filter(uscc__in=seen).update(last_seen_on=today())
    report.new, report.changed = len(fresh), len(changed)
    record(
        EmployersImported(
            organisation_id=area.pk,
            new=report.new,
            changed=report.changed,
            unchanged=report.unchanged,
            refused=len(report.refused),
        ),
        by=by,
    )
    return report


_UPDATED = [
    "name", "pinyin_full", "pinyin_initials", "headcount", "division_code", "unit_nature", "industry", "address",
    "status", "contact_name", "contact_phone",
]  # fmt: skip


def _new(facts: dict[str, Any]) -> Employer:
    full, initials = pinyin_keys(facts["name"])
    return Employer(**facts, pinyin_full=full, pinyin_initials=initials, source="import")


def _differs(employer: Employer, facts: dict[str, Any]) -> bool:
    """Put what the list says on the employer; empty cells say nothing."""
    news = {field: value for field, value in facts.items() if value != "" and getattr(employer, field) != value}
    for field, value in news.items():
        setattr(employer, field, value)
    if "name" in news:
        employer.pinyin_full, employer.pinyin_initials = pinyin_keys(employer.name)
    return bool(news)


def _judge(
    number: int, values: dict[str, str], seen: set[str], area: Organisation, report: Loaded
) -> dict[str, Any] | None:
    """The row's facts, or None and a sentence in the report."""
    try:
        return _facts(values, seen, area)
    except _RowRefused as fault:
        report.refused.append(Refused(number, fault.column, str(fault)))
        return None


class _RowRefused(Exception):
    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column = column


def _facts(values: dict[str, str], seen: set[str], area: Organisation) -> dict[str, Any]:
    """What one row says of an employer; raises with the column and the reason."""
    try:
        code = check_uscc(values.get("uscc", "")).code
    except BadIdentity as fault:
        raise _RowRefused("uscc", str(fault)) from fault
    if code.startswith("8"):
        raise _RowRefused("uscc", _("8开头的是工会自己的代码，这里要填单位的代码。"))
    if code in seen:
        raise _RowRefused("uscc", _("这个代码在表里前面已经有一行了。"))
    name = normal_name(values.get("name", "")).name
    if len(name) < 2:
        raise _RowRefused("name", _("单位名称没有填。"))
    long = next((field for field, most in LONGEST.items() if len(values.get(field, "")) > most), None)
    if long is not None or len(name) > LONGEST["name"]:
        raise _RowRefused(long or "name", _("这一格的字太多了。"))
    count = values.get("headcount", "").replace(",", "").removesuffix(".0")
    if not (count.isascii() and count.isdigit()) or int(count) > MOST_HEADCOUNT:
        raise _RowRefused(
            "headcount", _("职工数要填数字，你填的是“{text}”。").format(text=values.get("headcount", "")[:20])
        )
    division = values.get("division_code", "").removesuffix(".0") or area.division_code
    if not division.isdigit() or not 6 <= len(division) <= 12 or not division.startswith(area_of(area)):
        raise _RowRefused(
            "division_code", _("区划代码“{code}”不在{area}的范围里。").format(code=division[:12], area=area)
        )
    seen.add(code)
    return {
        "uscc": code,
        "name": name,
        "headcount": int(count),
        "division_code": division,
        "unit_nature": _choice(values.get("unit_nature", ""), UnitNature.choices) or UnitNature.PRIVATE,
        "industry": _choice(values.get("industry", ""), Industry.choices),
        "status": _choice(values.get("status", ""), Employer.Status.choices) or Employer.Status.ACTIVE,
        **{field: values.get(field, "") for field in ("address", "contact_name", "contact_phone")},
    }


def _choice(text: str, choices: Any) -> str:
    """By code or by its words."""
    return next((str(code) for code, label in choices if text in (str(code), str(label)) and text), "")


def _code(text: str) -> str:
    try:
        return check_uscc(text).code
    except BadIdentity:
        return ""


def _rows(content: bytes, file_name: str) -> Iterator[tuple[int, dict[str, str]]]:
    """(row number, field → text) of every row that is not empty."""
    if len(content) > MOST_BYTES:
        raise UnreadableFile(_("文件太大，最多20MB。"))
    table = _sheet(content) if content[:2] == b"PK" else _text_table(content)
    heading = next((place for place, cells in enumerate(table) if _fields(cells) >= NEEDED), None)
    if heading is None:
        raise UnreadableFile(_("“{file}”里没找到表头：要有统一社会信用代码、单位名称、职工数。").format(file=file_name))
    names = [HEADINGS.get(cell.strip(), "") for cell in table[heading]]
    if len(table) > MOST_ROWS:
        raise UnreadableFile(_("行数太多，最多20万行，请分几个文件。"))
    for number, cells in enumerate(table[heading + 1 :], heading + 2):
        values = {name: cell.strip() for name, cell in zip(names, cells, strict=False) if name}
        if any(values.values()):
            yield number, values


def _fields(cells: list[str]) -> set[str]:
    return {HEADINGS[cell.strip()] for cell in cells if cell.strip() in HEADINGS}


def _sheet(content: bytes) -> list[list[str]]:
    try:
        if not unpacks_within(io.BytesIO(content), LARGEST_UNPACKED):
            raise UnreadableFile(_("文件展开后太大。请分成几个文件传。"))
        rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    except (CalamineError, BadZipFile, ValueError, OSError) as reason:
        raise UnreadableFile(_("打不开这个表格，请另存为.xlsx或.csv再试。")) from reason
    return [["" if cell is None else str(cell) for cell in row] for row in rows]


def _text_table(content: bytes) -> list[list[str]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return list(csv.reader(io.StringIO(text, newline="")))
    raise UnreadableFile(_("打不开这个表格，请另存为.xlsx或.csv再试。"))
