"""Comparing rows with the tree of union bodies: hundreds of rows in a handful of queries."""

import datetime as dt
import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from yiwang.kernel.ltree import is_within
from yiwang.register.imports.library.bodies import CHOICES, HEADINGS
from yiwang.register.imports.library.cleaning import Cleaned
from yiwang.register.imports.models import ImportBatch, StagedRow
from yiwang.register.imports.queries.batches import unseal
from yiwang.register.organisations.kinds import Kind, kind_rules, level_under, relation_of
from yiwang.register.organisations.models import Employer, Organisation, OrganisationEmployer

Verdict = StagedRow.Verdict

# What a file may write; the name, the kind and the parent change by a decision of two people (care of the tree).
FIELDS = (
    "division_code", "uscc", "short_name", "stat_code", "member_scope", "employee_count", "female_employee_count",
    "migrant_count", "dispatch_count", "counted_on", "phone", "contact", "hours", "email", "address", "postcode",
    "longitude", "latitude",
)  # fmt: skip
DAYS = ("counted_on", "founded_on")
DEGREES = ("longitude", "latitude")
SCOPE_OF_KIND = {"E1": "single", "E2": "joint", "D1": "federation", "D2": "federation"}


@dataclass
class BodyFinding:
    """How one row compares: the verdict, which body it is about, what would be written, and what it would change."""

    row: Cleaned
    verdict: str = Verdict.REFUSED
    body: Organisation | None = None
    parent: Organisation | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    links: list[int] = field(default_factory=list)  # employers it would cover from now on

    def conflict(self, key: str, code: str, text: str) -> None:
        self.verdict = Verdict.CONFLICT
        self.row.refuse(key, code, text)


@dataclass(frozen=True)
class Standing:
    """The part of the tree that some rows touch, read at once."""

    by_code: Mapping[str, Organisation]
    children: Mapping[tuple[int | None, str], Organisation]
    owners: Mapping[str, int]
    namesakes: Mapping[str, list[tuple[int | None, str]]]
    employers: Mapping[str, Employer]
    covering: Mapping[int, list[OrganisationEmployer]]

    @classmethod
    def around(cls, rows: Sequence[Cleaned]) -> "Standing":
        codes = _all(rows, "parent") | _all(rows, "code")
        live = Organisation.objects.live()
        by_code = {body.code: body for body in live.filter(code__in=codes)}
        parents = [by_code[code].pk for code in _all(rows, "parent") if code in by_code]
        same = list(live.filter(name__in=_all(rows, "name")))
        owned = Organisation.objects.filter(uscc__in=_all(rows, "uscc"))
        employers, covering = covered_by({code for row in rows for code in row.values.get("employers", ())})
        namesakes: dict[str, list[tuple[int | None, str]]] = {}
        for body in same:
            namesakes.setdefault(body.name, []).append((body.parent_id, str(body.path)))
        return cls(
            by_code=by_code,
            children={(body.parent_id, body.name): body for body in same if body.parent_id in parents},
            owners=dict(owned.values_list("uscc", "pk")),
            namesakes=namesakes,
            employers=employers,
            covering=covering,
        )


def covered_by(codes: Collection[str]) -> tuple[dict[str, Employer], dict[int, list[OrganisationEmployer]]]:
    """Employers by their codes, and which bodies cover each of them now."""
    if not codes:
        return {}, {}
    employers = {employer.uscc: employer for employer in Employer.objects.filter(uscc__in=codes)}
    covering: dict[int, list[OrganisationEmployer]] = {}
    running = OrganisationEmployer.objects.filter(employer__in=employers.values(), valid_to=None)
    for link in running.select_related("organisation"):
        covering.setdefault(link.employer_id, []).append(link)
    return employers, covering


def why_not_linked(
    code: str, kind: str, employers: Mapping[str, Employer], covering: Mapping[int, list[OrganisationEmployer]]
) -> str:
    """Why a body of this kind can't begin to cover this employer; nothing if it can."""
    employer = employers.get(code)
    if employer is None:
        return _("单位名单里没有{code}。先导入单位名单，再传一次。").format(code=code)
    own = OrganisationEmployer.Relation.OWN
    taken = next((link for link in covering.get(employer.pk, ()) if link.relation == own), None)
    if relation_of(kind) == own and taken is not None:
        text = _("“{employer}”已经有自己的工会：{organisation}。")
        return text.format(employer=employer.name, organisation=taken.organisation.name)
    return ""


@dataclass
class SeenBodies:
    """Places and credit codes of the rows before, each with the first row that holds it."""

    rows: dict[str, int] = field(default_factory=dict)

    def first(self, key: str, number: int) -> int:
        return self.rows.setdefault(key, number)


def _all(rows: Iterable[Cleaned], key: str) -> set[Any]:
    return {row.values[key] for row in rows if key in row.values}


def place_key(values: Mapping[str, Any]) -> str:
    """One body stands once in a file: by its place and name."""
    return hashlib.sha256(f"{values.get('parent', '')}|{values.get('name', '')}".encode()).hexdigest()


def employer_key(values: Mapping[str, Any]) -> str:
    """One employer has one union of its own, also within a file."""
    return f"employer {values['employers'][0]}"


def compare_bodies(rows: Sequence[Cleaned], *, scope: Sequence[str] | None, seen: SeenBodies) -> list[BodyFinding]:
    """The verdict on each row. ``scope`` None means everywhere."""
    standing = Standing.around(rows)
    return [_judge(row, standing, scope, seen) for row in rows]


def _judge(row: Cleaned, standing: Standing, scope: Sequence[str] | None, seen: SeenBodies) -> BodyFinding:
    finding = BodyFinding(row)
    finding.parent = _found(row, "parent", standing, scope)
    finding.body = _found(row, "code", standing, scope)
    _refuse_place(finding)
    _refuse_twins(row, seen)
    if row.problems or finding.parent is None:
        return finding
    if finding.body is None:
        finding.body = standing.children.get((finding.parent.pk, row.values["name"]))
    _find_conflict(finding, standing)
    if finding.verdict == Verdict.CONFLICT:
        return finding
    _gather(finding)
    _find_links(finding, standing)
    if finding.body is not None:
        finding.verdict = Verdict.CHANGED if finding.changes else Verdict.UNCHANGED
        return finding
    finding.verdict = Verdict.NEW
    _note_namesakes(finding, standing, scope)
    return finding


def _found(row: Cleaned, key: str, standing: Standing, scope: Sequence[str] | None) -> Organisation | None:
    """The same words for what does not exist and what is not ours: codes must not be probed."""
    code = row.values.get(key)
    body = standing.by_code.get(code) if code else None
    if body is not None and (scope is None or any(is_within(str(body.path), root) for root in scope)):
        return body
    if code:
        text = _("你管的范围里没有编码为{code}的工会。请核对编码。")
        row.refuse(key, "unknown_organisation", text.format(code=code[:20]))
    return None


def _refuse_place(finding: BodyFinding) -> None:
    row, parent = finding.row, finding.parent
    kind = row.values.get("kind")
    if parent is None or kind is None:
        return
    if parent.kind not in kind_rules()[kind].parents or level_under(kind, parent.level) is None:
        text = _("“{parent}”下面不能建“{kind}”。")
        row.refuse("kind", "not_there", text.format(parent=parent.name, kind=Kind(kind).label))


def _refuse_twins(row: Cleaned, seen: SeenBodies) -> None:
    values = row.values
    if "name" in values and "parent" in values:
        first = seen.first(place_key(values), row.number)
        if first != row.number:
            row.refuse("name", "twice", _("和第{row}行是同一个上级、同一个名称。").format(row=first))
    if "uscc" in values:
        first = seen.first(values["uscc"], row.number)
        if first != row.number:
            row.refuse("uscc", "twice", _("和第{row}行是同一个信用代码。").format(row=first))
    if values.get("kind") == Kind.SINGLE and "employers" in values:
        first = seen.first(employer_key(values), row.number)
        if first != row.number:
            row.refuse("employers", "twice", _("和第{row}行是同一个单位。").format(row=first))


def _find_links(finding: BodyFinding, standing: Standing) -> None:
    """Which employers it would cover from now on; who can't be linked stops nothing, and is told."""
    row, body = finding.row, finding.body
    for code in row.values.get("employers", ()):
        employer = standing.employers.get(code)
        links = standing.covering.get(employer.pk, ()) if employer else ()
        if body is not None and any(link.organisation_id == body.pk for link in links):
            continue
        reason = why_not_linked(code, row.values["kind"], standing.employers, standing.covering)
        if reason:
            row.note("employers", "not_linked", reason)
        elif employer is not None:
            finding.links.append(employer.pk)
            if body is not None:
                finding.changes.append((HEADINGS["employers"], "", employer.name))


def _find_conflict(finding: BodyFinding, standing: Standing) -> None:
    values, body, parent = finding.row.values, finding.body, finding.parent
    owner = standing.owners.get(values.get("uscc", ""))
    if owner is not None and (body is None or owner != body.pk):
        finding.conflict("uscc", "uscc_taken", _("这个统一社会信用代码已经登记在另一个工会名下。"))
    if body is None or parent is None:
        return
    if body.parent_id != parent.pk:
        text = _("这个编码的工会不在“{parent}”下面。换上级请在“组织变更”里办。").format(parent=parent.name)
        finding.conflict("parent", "elsewhere", text)
    elif body.name != values["name"]:
        text = _("这个编码的工会叫“{name}”。改名请在“组织变更”里办。").format(name=body.name)
        finding.conflict("name", "other_name", text)
    elif body.kind != values["kind"]:
        text = _("登记的类型是“{kind}”。改类型请先核对，再由上级更正。").format(kind=Kind(body.kind).label)
        finding.conflict("kind", "other_kind", text)
    elif body.state not in (Organisation.State.ACTIVE, Organisation.State.SUSPENDED):
        text = _("这个工会正在办手续（{state}），办完再导入。").format(state=body.get_state_display())
        finding.conflict("name", "under_way", text)


def _gather(finding: BodyFinding) -> None:
    """What the row would write. An empty cell never erases."""
    values, body = finding.row.values, finding.body
    for key in FIELDS:
        if key not in values:
            continue
        value = typed(key, values[key])
        if body is None:
            finding.fields[key] = value
        elif (was := getattr(body, key)) != value:
            finding.fields[key] = value
            finding.changes.append((HEADINGS[key], words_for(key, was), words_for(key, value)))
    if body is not None:
        _note_founding(finding, body)
        return
    if "founded_on" in values:
        finding.fields["founded_on"] = typed("founded_on", values["founded_on"])
    if "member_scope" not in values and values["kind"] in SCOPE_OF_KIND:
        finding.fields["member_scope"] = SCOPE_OF_KIND[values["kind"]]


def _note_founding(finding: BodyFinding, body: Organisation) -> None:
    stated = finding.row.values.get("founded_on")
    held = body.founded_on.isoformat() if body.founded_on else ""
    if stated and stated != held:
        text = _("登记的建会日期是{day}，没有改。").format(day=held or "—")
        finding.row.note("founded_on", "founded_on", text)


def _note_namesakes(finding: BodyFinding, standing: Standing, scope: Sequence[str] | None) -> None:
    for parent_id, path in standing.namesakes.get(finding.row.values["name"], ()):
        ours = scope is None or any(is_within(path, root) for root in scope)
        if ours and finding.parent is not None and parent_id != finding.parent.pk:
            finding.row.note("name", "namesake", _("别的上级下面也有叫这个名称的工会。请核对是不是同一个。"))
            return


def typed(key: str, value: Any) -> Any:
    """A staged value, which is plain JSON, as the field holds it."""
    if key in DAYS and isinstance(value, str):
        return dt.date.fromisoformat(value)
    if key in DEGREES and isinstance(value, str):
        return Decimal(value)
    return value


def plain(value: Any) -> Any:
    return str(value) if isinstance(value, dt.date | Decimal) else value


KINDS_OF_EMPLOYERS = ("E1", "E2", "E3")


@dataclass(frozen=True)
class Unlinked:
    """A union of a list that covers no employer, so no rate counts it; and why."""

    number: int
    body: Organisation
    reason: str


def unlinked_of(batch: ImportBatch) -> list[Unlinked]:
    """As things stand now: whoever was linked since is off the list."""
    written = batch.rows.to_undo().order_by("number")
    rows = {row.organisation_id: row for row in written if row.organisation_id is not None}
    running = OrganisationEmployer.objects.filter(organisation=OuterRef("pk"), valid_to=None)
    bodies = Organisation.objects.live().filter(pk__in=rows, kind__in=KINDS_OF_EMPLOYERS).exclude(Exists(running))
    found = [(rows[body.pk], body, unseal(rows[body.pk])) for body in bodies]
    stated = {row.pk: said.get("values", {}).get("employers", []) for row, _body, said in found}
    employers, covering = covered_by({code for codes in stated.values() for code in codes})
    listed = []
    for row, body, said in sorted(found, key=lambda one: one[0].number):
        why = [why_not_linked(code, body.kind, employers, covering) for code in stated[row.pk]]
        told = "".join(why) or (_("现在可以连了，再传一次，或者在这里连。") if why else _("没有填所在单位信用代码。"))
        listed.append(Unlinked(row.number, body, told if said else _("当时的行已经删了，请在这里连。")))
    return listed


def words_for(key: str, value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, list):
        return "、".join(value)
    choices = CHOICES.get(key)
    return str(choices(value).label) if choices and value in choices.values else str(value)


@dataclass(frozen=True)
class Origin:
    """Where one fact of a body came from: which line of which file, written when and by whom; what stood there."""

    label: str
    was: str
    became: str
    row: StagedRow
    batch: ImportBatch


def origins_of(body: Organisation) -> list[Origin]:
    """For each fact the last import that wrote it and was not taken back; newest first."""
    rows = StagedRow.objects.to_undo().filter(organisation_id=body.pk).select_related("batch__by")
    found: dict[str, Origin] = {}
    for row in rows.order_by("-written_at", "-pk")[:200]:
        said = unseal(row)
        stated = said.get("changes") or [
            (HEADINGS[key], "", words_for(key, value)) for key, value in said.get("values", {}).items()
        ]
        for label, was, became in stated:
            found.setdefault(label, Origin(label, was, became, row, row.batch))
    return list(found.values())
