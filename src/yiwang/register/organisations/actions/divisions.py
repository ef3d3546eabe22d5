"""Founding the area bodies of a province from its list of divisions, and following the list when it changes."""

import csv
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from yiwang.platform.counters.actions import fold
from yiwang.platform.journal.actions import record
from yiwang.register.accounts.models import User
from yiwang.register.organisations.actions.bulk import Loaded, NewBody, Refused, found_many
from yiwang.register.organisations.actions.tree import hold_tree, move_subtree, rename_organisation
from yiwang.register.organisations.errors import UnreadableFile
from yiwang.register.organisations.events import OrganisationsImported
from yiwang.register.organisations.formulas import body_of, division_level, full_division, normal_name
from yiwang.register.organisations.kinds import DATA
from yiwang.register.organisations.models import Organisation

PACKAGED = DATA / "jiangsu_divisions.csv"
COLUMNS = {"code", "name", "level", "parent_code"}
# The list does not say since when a body stands; “for as long as our records reach” is the honest day.
SINCE = dt.date(2000, 1, 1)
LEVELS = ("province", "city", "county", "town", "village")


@dataclass(frozen=True)
class Division:
    """One row of the list."""

    row: int
    code: str
    name: str
    level: str
    parent_code: str

    @property
    def ref(self) -> str:
        return f"{self.name}@{self.parent_code}"


@transaction.atomic
def import_divisions(path: Path | str = PACKAGED, *, by: User | None = None) -> Loaded:
    """Found or update the body of every division of the list; safe to repeat, one transaction.

    A body follows its row only where the row itself changed since the last time, so that what officers
    renamed or moved by hand stays as they left it.
    """
    hold_tree(exclusive=True)
    report = Loaded()
    divisions = list(_sound(_read(Path(path)), report))
    standing = {
        body.source_ref_code: body for body in Organisation.objects.live().filter(source=Organisation.Source.DIVISIONS)
    }
    fresh = [row for row in divisions if row.code not in standing]
    names = _names(divisions, report)
    for row in divisions:
        if row.code in standing:
            _follow(row, names[row.code], standing, report, by=by)
    created = found_many(
        [_body(row, names[row.code]) for row in fresh],
        standing,
        source=Organisation.Source.DIVISIONS,
        valid_from=SINCE,
    )
    report.new = len(created)
    if created or report.changed:
        root = standing[divisions[0].code]
        event = OrganisationsImported(
            organisation_id=root.pk,
            batch=report.batch,
            new=report.new,
            changed=report.changed,
            unchanged=report.unchanged,
            refused=len(report.refused),
        )
        record(event, by=by)
    fold()
    return report


def _read(path: Path) -> Iterator[Division]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = csv.DictReader(lines)
            if not set(rows.fieldnames or ()) >= COLUMNS:
                raise UnreadableFile(_("这个表缺少列：要有 code、name、level、parent_code。"))
            for number, row in enumerate(rows, 2):
                values = {key: (row[key] or "").strip() for key in COLUMNS}
                yield Division(row=number, **values)
    except (OSError, UnicodeDecodeError) as reason:
        raise UnreadableFile(_("读不了“{file}”。请确认文件存在，是UTF-8编码的CSV。").format(file=path.name)) from reason


def _sound(rows: Iterator[Division], report: Loaded) -> Iterator[Division]:
    """The rows that can be taken, parents before children; the others go into the report with their reason."""
    taken: set[str] = set()
    for row in sorted(rows, key=lambda row: (LEVELS.index(row.level) if row.level in LEVELS else 9, row.row)):
        column, reason = _fault(row, taken)
        if reason:
            report.refused.append(Refused(row.row, column, reason))
        else:
            taken.add(row.code)
            yield row


def _fault(row: Division, taken: set[str]) -> tuple[str, str]:
    if not row.code.isdigit() or division_level(row.code) != row.level:
        return "code", _("代码“{code}”和级别“{level}”对不上。").format(code=row.code, level=row.level)
    if row.code in taken:
        return "code", _("代码“{code}”前面已经有一行了。").format(code=row.code)
    if not 1 <= len(row.name) <= 60:
        return "name", _("名称要写1到60个字。")
    if row.level != "province" and row.parent_code not in taken:
        return "parent_code", _("上级“{code}”不在表里，或者它自己没有被收下。").format(code=row.parent_code)
    if row.level != "province" and not row.code.startswith(row.parent_code):
        return "parent_code", _("代码“{code}”不是从上级“{parent}”的代码开始的。").format(
            code=row.code, parent=row.parent_code
        )
    return "", ""


def _names(divisions: list[Division], report: Loaded) -> dict[str, str]:
    """The name of each body: the short form where it is free under its parent, else the full one; doubts are noted."""
    names: dict[str, str] = {}
    taken: set[tuple[str, str]] = set()
    for row in divisions:
        normal = normal_name(row.name)
        body = body_of(row.level, normal.name)
        name = body.name
        if (row.parent_code, name) in taken:
            name = f"{normal.name}工会"
            text = _("同一个上级下面已经有“{short}”，这个工会叫“{name}”。")
            report.notes.append(Refused(row.row, "name", text.format(short=body.name, name=name)))
        if body.doubt:
            text = _("“{name}”不像镇、街道、园区、村或社区，按“{kind}”建立，请核对。")
            report.notes.append(Refused(row.row, "name", text.format(name=row.name, kind=body.kind)))
        if set(normal.fixes) - {"spaces"}:
            text = _("名称“{was}”改成了“{name}”。")
            report.notes.append(Refused(row.row, "name", text.format(was=row.name, name=normal.name)))
        taken.add((row.parent_code, name))
        names[row.code] = name
    return names


def _body(row: Division, name: str) -> NewBody:
    found = body_of(row.level, normal_name(row.name).name)
    return NewBody(
        key=row.code,
        parent_key=row.parent_code or None,
        name=name,
        kind=found.kind,
        level=found.level,
        division_code=full_division(row.code),
        source_ref=f"{row.code}:{row.ref}",
    )


def _follow(row: Division, name: str, standing: dict[str, Organisation], report: Loaded, *, by: User | None) -> None:
    body = standing[row.code]
    _code, _colon, ref = body.source_ref.partition(":")
    if ref == row.ref:
        report.unchanged += 1
        return
    was_name, _at, was_parent = ref.rpartition("@")
    if was_name != row.name:
        rename_organisation(body, name, by=by)
    if was_parent != row.parent_code and row.parent_code in standing:
        move_subtree(body, standing[row.parent_code], by=by)
    Organisation.objects.filter(pk=body.pk).update(source_ref=f"{row.code}:{row.ref}")
    report.changed += 1
