"""Writing staged rows into the register, five hundred at a time, each batch with its own proof of what it replaced."""

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from typing import Any, cast

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from yiwang.kernel.clock import now
from yiwang.kernel.states import move
from yiwang.platform.jobs.actions import advance, set_total, start_job
from yiwang.platform.jobs.models import JobRun
from yiwang.platform.journal.actions import record
from yiwang.register.imports.actions.blocks import SOURCE, new_employer, write_blocks, written_members
from yiwang.register.imports.actions.claims import note_claims
from yiwang.register.imports.actions.marking import mark_rows
from yiwang.register.imports.actions.portions import cleaned_from
from yiwang.register.imports.actions.starting import language_of, scope_of
from yiwang.register.imports.events import ImportApplied
from yiwang.register.imports.models import ImportBatch, StagedRow
from yiwang.register.imports.queries import Finding, compare, left_to_write, written_rows
from yiwang.register.imports.queries.screening import Seen
from yiwang.register.imports.queries.selecting import Selection
from yiwang.register.members.actions import Correction, correct_many, enrol_many, index_members
from yiwang.register.members.codes import JoinWay, RealnameLevel
from yiwang.register.members.models import Membership, Person
from yiwang.register.organisations.models import Employer

INDEX = "imports.index"
CHUNK = 500

State = ImportBatch.State
Verdict = StagedRow.Verdict


def apply_rows(run: JobRun) -> None:
    """The work of the job ``imports.apply``. Rows already written are passed over, so a second run goes on."""
    batch = ImportBatch.objects.select_related("by").get(pk=run.params["batch"])
    if batch.state != State.APPLYING:
        return
    if run.cursor is None:
        set_total(run, left_to_write(batch))
    with translation.override(language_of(batch.by)):
        write_blocks(batch, run)
        waiting = Selection.of(batch).narrow_rows(batch.rows.to_write())
        while rows := list(waiting.filter(number__gt=run.cursor or 0).order_by("number")[:CHUNK]):
            with transaction.atomic():
                failed = _write(batch, rows)
                advance(run, done=len(rows) - len(failed), cursor=rows[-1].number, failed=failed)
    _finish(batch)


@transaction.atomic
def _finish(batch: ImportBatch) -> None:
    move(batch, State.APPLIED, applied_at=now())
    record(ImportApplied(batch_id=batch.pk, rows=written_rows(batch)), by=batch.by)
    note_claims(batch)
    if written_members(batch):
        title = _("让新会员可以搜到：{file}").format(file=batch.file_name)
        start_job(INDEX, {"batch": batch.pk}, by=None, title=title)


def index_rows(run: JobRun) -> None:
    """The work of the job ``imports.index``: the members of the blocks become findable, after they are members."""
    batch = ImportBatch.objects.get(pk=run.params["batch"])
    portions = written_members(batch)
    set_total(run, sum(map(len, portions)))
    for number, membership_ids in enumerate(portions):
        if number < (run.cursor or 0):
            continue
        with transaction.atomic():
            index_members(membership_ids)
            advance(run, done=len(membership_ids), cursor=number + 1)


def _write(batch: ImportBatch, rows: Sequence[StagedRow]) -> list[tuple[str, str]]:
    """Compare once more, for the register has gone on since, and write what still stands."""
    staged = {row.number: row for row in rows}
    findings = compare([cleaned_from(row) for row in rows], scope=scope_of(batch), taken=Seen())
    standing = [finding for finding in findings if finding.verdict in (Verdict.NEW, Verdict.CHANGED)]
    _settle_employers(standing)
    _enrol([finding for finding in standing if finding.verdict == Verdict.NEW], staged, batch)
    _correct([finding for finding in standing if finding.verdict == Verdict.CHANGED], staged, batch)
    written = [staged[finding.row.number] for finding in standing]
    moment = now()
    for row in written:
        row.written_at = moment
    mark_rows(written)
    return [_failure(finding) for finding in findings if finding.row.problems]


def _failure(finding: Finding) -> tuple[str, str]:
    reasons = "；".join(f"{problem.column}：{problem.text}" for problem in finding.row.problems)
    return _("第{row}行").format(row=finding.row.number), reasons


def _settle_employers(findings: Iterable[Finding]) -> None:
    """Turn credit codes into employers, registering those that nobody knew."""
    wanted = {f.membership_fields["uscc"]: f for f in findings if "uscc" in f.membership_fields}
    known = {e.uscc: e for e in Employer.objects.filter(uscc__in=wanted)}
    new = [_employer(finding) for uscc, finding in wanted.items() if uscc not in known]
    Employer.objects.bulk_create(new, ignore_conflicts=True)  # another import may be registering the same
    if new:
        known |= {e.uscc: e for e in Employer.objects.filter(uscc__in=[e.uscc for e in new])}
    for finding in findings:
        if uscc := finding.membership_fields.pop("uscc", None):
            finding.membership_fields["employer_id"] = known[uscc].pk


def _employer(finding: Finding) -> Employer:
    values, organisation = finding.row.values, finding.organisation
    return new_employer(values["uscc"], values["employer_name"], organisation.division_code if organisation else "")


def _enrol(findings: Sequence[Finding], staged: dict[int, StagedRow], batch: ImportBatch) -> None:
    if not findings:
        return
    pairs = [(finding.person or _person(finding), _membership(finding)) for finding in findings]
    known = [(finding, person) for finding, (person, _m) in zip(findings, pairs, strict=True) if finding.person]
    for finding, person in known:
        _keep(staged[finding.row.number], person=_before(person, finding.person_fields))
        _set(person, finding.person_fields)
    for finding in findings:
        staged[finding.row.number].made_person = finding.person is None
        staged[finding.row.number].made_membership = True
    enrol_many(pairs, by=batch.by)
    corrections = [
        Correction(person, finding.person_fields, membership, ())
        for finding, (person, membership) in zip(findings, pairs, strict=True)
        if finding.person and finding.person_fields
    ]
    correct_many(corrections, by=batch.by)
    for finding, (person, membership) in zip(findings, pairs, strict=True):
        row = staged[finding.row.number]
        row.person_id, row.membership_id = person.pk, membership.pk


def _person(finding: Finding) -> Person:
    values = finding.row.values
    return Person(
        name=values["name"],
        id_type=values["id_type"],
        id_number=values["id_number"],
        gender=values.get("gender", "0"),
        birth_date=_day(values.get("birth_date")),
        realname_level=RealnameLevel.FORMAT,
        **finding.person_fields,
    )


def _membership(finding: Finding) -> Membership:
    fields = {**finding.membership_fields, "joined_on": _day(finding.membership_fields["joined_on"])}
    return Membership(organisation=finding.organisation, join_way=JoinWay.IMPORT, source=SOURCE, **fields)


def _correct(findings: Sequence[Finding], staged: dict[int, StagedRow], batch: ImportBatch) -> None:
    corrections = []
    for finding in findings:
        person, membership = cast(Person, finding.person), cast(Membership, finding.membership)
        row = staged[finding.row.number]
        if "joined_on" in finding.membership_fields:
            finding.membership_fields["joined_on"] = _day(finding.membership_fields["joined_on"])
        _keep(
            row,
            person=_before(person, finding.person_fields),
            membership=_before(membership, finding.membership_fields),
        )
        _set(person, finding.person_fields)
        _set(membership, finding.membership_fields)
        row.person_id, row.membership_id = person.pk, membership.pk
        names = tuple(name.removesuffix("_id") for name in finding.membership_fields)
        corrections.append(Correction(person, tuple(finding.person_fields), membership, names))
    correct_many(corrections, by=batch.by)


def _before(record: Person | Membership, fields: dict[str, Any]) -> dict[str, list[Any]]:
    """For each field what stood there and what is written, so that an undo can tell whether anybody came after."""
    return {name: [_plain(getattr(record, name)), _plain(value)] for name, value in fields.items()}


def _keep(row: StagedRow, **before: dict[str, list[Any]]) -> None:
    row.before = json.dumps(before, ensure_ascii=False)


def _set(record: Person | Membership, fields: dict[str, Any]) -> None:
    for name, value in fields.items():
        setattr(record, name, value)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
