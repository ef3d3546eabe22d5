"""Loading bodies from an office's spreadsheet: each row is taken, unchanged, or refused with column and reason."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from django.db import transaction
from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from yiwang.kernel.archives import unpacks_within
from yiwang.kernel.clock import today
from yiwang.kernel.identity import BadIdentity, check_uscc
from yiwang.platform.counters.actions import fold
from yiwang.platform.journal.actions import record
from yiwang.register.accounts.models import User
from yiwang.register.organisations.actions.bulk import LARGEST_UNPACKED, Loaded, NewBody, Refused, found_many
from yiwang.register.organisations.actions.tree import hold_tree, update_organisation
from yiwang.register.organisations.errors import UnreadableFile
from yiwang.register.organisations.events import OrganisationsImported
from yiwang.register.organisations.formulas import full_division, normal_name
from yiwang.register.organisations.kinds import Kind, kind_rules, level_under
from yiwang.register.organisations.models import Organisation

# Header as offices write it → field. The first four are what a row can't do without.
HEADERS = {
    "工会名称": "name", "name": "name",
    "组织类型": "kind", "type": "kind",
    "上级工会编码": "parent", "parent code": "parent", "parent_code": "parent",
    "行政区划": "division_code", "division code": "division_code", "division_code": "division_code",
    "统一社会信用代码": "uscc", "uscc": "uscc",
    "简称": "short_name", "short name": "short_name", "short_name": "short_name",
    "办公电话": "phone", "phone": "phone",
    "找谁办": "contact", "contact": "contact",
    "地址": "address", "address": "address",
    "职工数": "employee_count", "employees": "employee_count",
    "女职工数": "female_employee_count",
    "农民工数": "migrant_count",
}  # fmt: skip
REQUIRED = ("name", "kind", "parent")
COUNTS = ("employee_count", "female_employee_count", "migrant_count")
LENGTHS = {"short_name": 40, "phone": 30, "contact": 60, "address": 200}
ROWS_LIMIT = 400_000


@dataclass
class Plan:
    """What a file would do: nothing is written until it is carried out."""

    report: Loaded
    bodies: list[NewBody] = field(default_factory=list)
    updates: list[tuple[Organisation, dict[str, Any]]] = field(default_factory=list)
    standing: dict[str, Organisation] = field(default_factory=dict)


def compare_organisations(path: Path | str) -> Loaded:
    """What the file would do, without doing it."""
    return _plan(Path(path)).report


@transaction.atomic
def import_organisations(path: Path | str, *, by: User | None = None) -> Loaded:
    """Take the good rows of a .csv (UTF-8 or GBK) or .xlsx file; safe to repeat, one transaction."""
    hold_tree(exclusive=True)
    plan = _plan(Path(path))
    found_many(plan.bodies, plan.standing, source=Organisation.Source.IMPORT, valid_from=today())
    for organisation, changes in plan.updates:
        update_organisation(organisation, by=by, **changes)
    anchor = next(iter(plan.standing.values()), None)
    if anchor is not None and (plan.bodies or plan.updates):
        record(
            OrganisationsImported(
                organisation_id=anchor.pk,
                batch=plan.report.batch,
                new=plan.report.new,
                changed=plan.report.changed,
                unchanged=plan.report.unchanged,
                refused=len(plan.report.refused),
            ),
            by=by,
        )
    fold()
    return plan.report


def _plan(path: Path) -> Plan:
    rows = _rows(path)
    plan = Plan(Loaded())
    codes = {values["parent"] for _number, values in rows if values.get("parent")}
    plan.standing = {body.code: body for body in Organisation.objects.live().filter(code__in=codes)}
    below = Organisation.objects.live().filter(parent__in=list(plan.standing.values()))
    known = {(body.parent_id, body.name): body for body in below}
    owners = dict(Organisation.objects.exclude(uscc="").values_list("uscc", "pk"))
    seen: dict[tuple[str, str], int] = {}
    for number, values in rows:
        _judge(number, values, plan, known, owners, seen)
    plan.report.new = len(plan.bodies)
    plan.report.changed = len(plan.updates)
    return plan


def _judge(
    number: int,
    values: Mapping[str, str],
    plan: Plan,
    known: Mapping[tuple[int | None, str], Organisation],
    owners: dict[str, int],
    seen: dict[tuple[str, str], int],
) -> None:
    """Put one row into the plan, or into the report of refusals."""
    report = plan.report
    name = normal_name(values["name"]).name
    parent = plan.standing.get(values["parent"])
    fault = _fault(values, name, parent, seen)
    if fault or parent is None:
        column, reason = fault or ("parent", "")
        report.refused.append(Refused(number, column, reason))
        return
    seen[values["parent"], name] = number
    details = _details(values)
    body = known.get((parent.pk, name))
    owner = owners.get(details.get("uscc", ""))
    if owner is not None and owner != (body.pk if body else None):
        report.conflict += 1
        report.refused.append(Refused(number, "uscc", _("这个统一社会信用代码已经登记在另一个工会名下。")))
        return
    if body is None:
        plan.bodies.append(_body(number, values, name, parent, details))
        if details.get("uscc"):
            owners[details["uscc"]] = 0
        return
    changes = {key: value for key, value in details.items() if getattr(body, key) != value}
    if changes:
        plan.updates.append((body, changes))
    else:
        report.unchanged += 1


def _body(number: int, values: Mapping[str, str], name: str, parent: Organisation, details: dict[str, Any]) -> NewBody:
    kind = _kind(values["kind"])
    return NewBody(
        key=f"row {number}",
        parent_key=parent.code,
        name=name,
        kind=kind,
        level=level_under(kind, parent.level) or parent.level + 1,
        division_code=full_division(values.get("division_code") or parent.division_code),
        source_ref=f"row {number}",
        details=details,
    )


def _fault(
    values: Mapping[str, str], name: str, parent: Organisation | None, seen: Mapping[tuple[str, str], int]
) -> tuple[str, str] | None:
    kind = _kind(values["kind"])
    for column in REQUIRED:
        if not values[column]:
            return column, _("这一格不能空着。")
    if not 2 <= len(name) <= 120:
        return "name", _("工会名称要写2到120个字，你填了{count}个。").format(count=len(name))
    if not kind:
        return "kind", _("没有“{value}”这种组织类型。请填A1到G1的代码，或者类型的全称。").format(value=values["kind"])
    if fault := _fault_of_place(values["parent"], kind, parent):
        return fault
    if first := seen.get((values["parent"], name)):
        return "name", _("和第{row}行是同一个上级、同一个名称。").format(row=first)
    return _fault_of_details(values)


def _fault_of_place(code: str, kind: str, parent: Organisation | None) -> tuple[str, str] | None:
    if parent is None:
        return "parent", _("没有编码是“{code}”的工会。请先核对上级工会的编码。").format(code=code)
    if parent.kind not in kind_rules()[kind].parents or level_under(kind, parent.level) is None:
        text = _("“{parent}”下面不能建“{kind}”。")
        return "kind", text.format(parent=parent.name, kind=Kind(kind).label)
    return None


def _fault_of_details(values: Mapping[str, str]) -> tuple[str, str] | None:
    division = values.get("division_code", "")
    if division and not (division.isdigit() and len(division) in (6, 9, 12)):
        return "division_code", _("行政区划代码是6位、9位或12位数字。")
    if values.get("uscc"):
        try:
            if not check_uscc(values["uscc"]).is_union:
                return "uscc", _("工会自己的统一社会信用代码以81或89开头，这个像是单位的。")
        except BadIdentity as reason:
            return "uscc", str(reason)
    for column in COUNTS:
        if values.get(column) and not values[column].removesuffix(".0").isdigit():
            return column, _("“{value}”不是人数。请填整数。").format(value=values[column])
    for column, limit in LENGTHS.items():
        if len(values.get(column, "")) > limit:
            return column, _("最多{limit}个字。").format(limit=limit)
    return None


def _details(values: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {key: values[key] for key in LENGTHS if values.get(key)}
    found |= {key: int(values[key].removesuffix(".0")) for key in COUNTS if values.get(key)}
    if values.get("uscc"):
        found["uscc"] = check_uscc(values["uscc"]).code
    return found


def _kind(text: str) -> str:
    """The code of a kind given by code or by its Chinese name."""
    wanted = text.strip().upper()
    return next((kind.value for kind in Kind if wanted in (kind.value, str(kind.label).upper())), "")


def _rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    """(number in the file, values by field), blank rows left out."""
    table = _spreadsheet(path) if path.suffix.lower() in (".xlsx", ".xls", ".ods") else _csv(path)
    lines = iter(table)
    header = [HEADERS.get(str(cell).strip().rstrip("*").strip().lower(), "") for cell in next(lines, [])]
    missing = [column for column in REQUIRED if column not in header]
    if missing:
        raise UnreadableFile(_("表头缺少列：工会名称、组织类型、上级工会编码都要有。"))
    found = []
    for number, cells in enumerate(lines, 2):
        values = {column: _cell(cell) for column, cell in zip(header, cells, strict=False) if column}
        if any(values.values()):
            found.append((number, {column: values.get(column, "") for column in {*header, *REQUIRED} if column}))
        if number > ROWS_LIMIT:
            raise UnreadableFile(_("一个文件最多{limit}行。请分成几个文件。").format(limit=ROWS_LIMIT))
    return found


def _cell(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value if value is not None else "").strip()


def _spreadsheet(path: Path) -> Iterable[list[Any]]:
    try:
        with path.open("rb") as content:
            if content.read(2) == b"PK" and not unpacks_within(content, LARGEST_UNPACKED):
                raise UnreadableFile(_("文件展开后太大。请分成几个文件传。"))
        return CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    except (CalamineError, BadZipFile, OSError) as reason:
        raise UnreadableFile(_("打不开“{file}”。请用Excel另存为.xlsx再试。").format(file=path.name)) from reason


def _csv(path: Path) -> Iterable[list[str]]:
    try:
        data = path.read_bytes()
    except OSError as reason:
        raise UnreadableFile(_("找不到文件“{file}”。").format(file=path.name)) from reason
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return list(csv.reader(io.StringIO(data.decode(encoding), newline="")))
        except UnicodeDecodeError:
            continue
    raise UnreadableFile(_("看不懂“{file}”的编码。请另存为UTF-8的CSV，或者.xlsx。").format(file=path.name))
