"""The list of union bodies: read, compared, written and taken back, some hundred rows in one transaction."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import islice
from typing import Any, cast

from django.db import transaction
from django.db.models import Count, Max
from django.utils import translation
from django.utils.translation import gettext as _

from yiwang.kernel.clock import now, today
from yiwang.kernel.copying import copy_rows
from yiwang.kernel.states import move
from yiwang.platform.jobs.actions import advance, set_total
from yiwang.platform.jobs.models import JobRun
from yiwang.platform.journal.actions import record
from yiwang.platform.journal.models import JournalEntry
from yiwang.register.imports.actions.receiving import content_of
from yiwang.register.imports.actions.starting import language_of, scope_of
from yiwang.register.imports.events import ImportApplied, ImportStaged, ImportUndone
from yiwang.register.imports.library.bodies import HEADINGS, clean_body
from yiwang.register.imports.library.cleaning import Cleaned, cells_of
from yiwang.register.imports.library.layouts import BODIES
from yiwang.register.imports.library.sheets import Row, read_sheet
from yiwang.register.imports.models import ImportBatch, StagedRow
from yiwang.register.imports.queries import left_to_write, written_rows
from yiwang.register.imports.queries.batches import unseal
from yiwang.register.imports.queries.bodies import (
    BodyFinding,
    SeenBodies,
    compare_bodies,
    employer_key,
    place_key,
    plain,
    typed,
)
from yiwang.register.imports.queries.selecting import Selection
from yiwang.register.organisations import actions as tree
from yiwang.register.organisations.formulas import full_division
from yiwang.register.organisations.kinds import Kind, level_under, relation_of
from yiwang.register.organisations.models import Organisation

CHUNK = 500
LINKS = "employers"  # among what a row keeps: the links it made

State = ImportBatch.State
Verdict = StagedRow.Verdict
Failures = list[tuple[str, str]]


def stage_bodies(run: JobRun) -> None:
    """The work of the job ``imports.stage`` for this list: from the line after ``run.cursor`` on."""
    batch = ImportBatch.objects.select_related("by").get(pk=run.params["batch"])
    if batch.state != State.STAGING or not batch.pieces.exists():
        return
    sheet = read_sheet(content_of(batch), landmarks=BODIES.landmarks, others=BODIES.other_landmarks)
    set_total(run, sheet.total)
    seen, after = _seen_in(batch), run.cursor or 0
    lines = (line for line in sheet.lines() if line.number > after)
    with translation.override(language_of(batch.by)):
        while portion := list(islice(lines, CHUNK)):
            with transaction.atomic():
                _stage(batch, portion, seen)
                advance(run, done=len(portion), cursor=portion[-1].number)
    _finish_staging(batch)


def _seen_in(batch: ImportBatch) -> SeenBodies:
    """For a job that goes on where another stopped."""
    seen = SeenBodies()
    for row in batch.rows.order_by("number").iterator(chunk_size=1000):
        values = unseal(row).get("values", {})
        seen.first(place_key(values), row.number)
        if "uscc" in values:
            seen.first(values["uscc"], row.number)
        if values.get("kind") == Kind.SINGLE and "employers" in values:
            seen.first(employer_key(values), row.number)
    return seen


def _stage(batch: ImportBatch, portion: Sequence[Row], seen: SeenBodies) -> None:
    cells = {line.number: {**cells_of(line.cells, batch.columns), **batch.constants} for line in portion}
    rows = [clean_body(number, said, on=today()) for number, said in cells.items()]
    findings = compare_bodies(rows, scope=scope_of(batch), seen=seen)
    copy_rows([_staged(batch, finding, cells[finding.row.number]) for finding in findings])


def _staged(batch: ImportBatch, finding: BodyFinding, cells: dict[str, str]) -> StagedRow:
    row = finding.row
    said: dict[str, Any] = {
        "values": row.values,
        "problems": [asdict(problem) for problem in row.problems],
        "notes": [asdict(note) for note in row.notes],
        "changes": finding.changes,
    }
    if finding.verdict in (Verdict.CONFLICT, Verdict.REFUSED):
        said["cells"] = cells  # goes back to its owner in the file of refused rows
    return StagedRow(
        batch=batch,
        number=row.number,
        verdict=finding.verdict,
        sealed=json.dumps(said, ensure_ascii=False),
        organisation_id=finding.body.pk if finding.body else None,
    )


@transaction.atomic
def _finish_staging(batch: ImportBatch) -> None:
    counted = dict(batch.rows.values_list("verdict").annotate(rows=Count("pk")).order_by())
    counts = {verdict.value: counted.get(verdict.value, 0) for verdict in Verdict}
    batch.pieces.all().delete()
    move(batch, State.STAGED, staged_at=now(), total=sum(counts.values()), **counts)
    record(ImportStaged(batch_id=batch.pk, sha256=batch.sha256, **counts), by=batch.by)


def apply_bodies(run: JobRun) -> None:
    """The work of the job ``imports.apply``. Rows already written are passed over, so a second run goes on."""
    batch = ImportBatch.objects.select_related("by").get(pk=run.params["batch"])
    if batch.state != State.APPLYING:
        return
    if run.cursor is None:
        set_total(run, left_to_write(batch))
    waiting = Selection.of(batch).narrow_rows(batch.rows.to_write())
    with translation.override(language_of(batch.by)):
        while rows := list(waiting.filter(number__gt=run.cursor or 0).order_by("number")[:CHUNK]):
            with transaction.atomic():
                failed = _write(batch, rows)
                advance(run, done=len(rows) - len(failed), cursor=rows[-1].number, failed=failed)
    with transaction.atomic():
        move(batch, State.APPLIED, applied_at=now())
        record(ImportApplied(batch_id=batch.pk, rows=written_rows(batch)), by=batch.by)


def _write(batch: ImportBatch, rows: Sequence[StagedRow]) -> Failures:
    """Compare once more, for the tree has gone on since, and write what still stands."""
    tree.hold_tree(exclusive=False)
    staged = {row.number: row for row in rows}
    cleaned = [Cleaned(row.number, values=unseal(row)["values"], headings=HEADINGS) for row in rows]
    findings = compare_bodies(cleaned, scope=scope_of(batch), seen=SeenBodies())
    _found([finding for finding in findings if finding.verdict == Verdict.NEW], staged, batch)
    for finding in findings:
        if finding.verdict == Verdict.CHANGED and finding.body is not None:
            row = staged[finding.row.number]
            row.organisation_id = finding.body.pk
            row.before = json.dumps(_before(finding.body, finding.fields), ensure_ascii=False)
            tree.update_organisation(finding.body, by=batch.by, **finding.fields)
    _link([finding for finding in findings if finding.links and not finding.row.problems], staged, batch)
    moment = now()
    for finding in findings:
        if finding.verdict in (Verdict.NEW, Verdict.CHANGED):
            row = staged[finding.row.number]
            row.written_at = moment
            row.save(update_fields=["organisation_id", "made_organisation", "before", "written_at"])
    return [_failure(staged[f.row.number], _reasons(f)) for f in findings if f.row.problems]


def _reasons(finding: BodyFinding) -> str:
    return "；".join(f"{problem.column}：{problem.text}" for problem in finding.row.problems)


def _found(findings: Sequence[BodyFinding], staged: dict[int, StagedRow], batch: ImportBatch) -> None:
    if not findings:
        return
    bodies, standing = [], {}
    for finding in findings:
        parent, values = finding.parent, finding.row.values
        assert parent is not None  # else the row would have been refused
        standing[parent.code] = parent
        division = finding.fields.pop("division_code", parent.division_code)
        bodies.append(
            tree.NewBody(
                key=f"row {finding.row.number}",
                parent_key=parent.code,
                name=values["name"],
                kind=values["kind"],
                level=level_under(values["kind"], parent.level) or parent.level + 1,
                division_code=full_division(division),
                source_ref=f"{batch.public_id}:{finding.row.number}",
                details=finding.fields,
            )
        )
    for finding, body in zip(findings, tree.found_bodies(bodies, standing, by=batch.by), strict=True):
        row = staged[finding.row.number]
        row.organisation_id, row.made_organisation = body.pk, True


def _link(findings: Sequence[BodyFinding], staged: dict[int, StagedRow], batch: ImportBatch) -> None:
    """The bodies begin to cover their employers; each row keeps its links, for the day it is taken back."""
    pairs, rows = [], []
    for finding in findings:
        row = staged[finding.row.number]
        for employer in finding.links:
            pairs.append((cast(int, row.organisation_id), employer, relation_of(finding.row.values["kind"])))
            rows.append(row)
    made: dict[int, list[int]] = {}
    for row, link in zip(rows, tree.link_listed(pairs, by=batch.by), strict=True):
        made.setdefault(row.number, []).append(link.pk)
    for number, links in made.items():
        kept = json.loads(staged[number].before or "{}")
        staged[number].before = json.dumps({**kept, LINKS: links}, ensure_ascii=False)


def _before(body: Organisation, fields: dict[str, Any]) -> dict[str, list[Any]]:
    """For each field what stood there and what is written, so that an undo can tell whether anybody came after."""
    return {key: [plain(getattr(body, key)), plain(value)] for key, value in fields.items()}


def undo_bodies(run: JobRun) -> None:
    """The work of the job ``imports.undo``, from the last row to the first: children leave before their parents."""
    batch = ImportBatch.objects.select_related("by").get(pk=run.params["batch"])
    if batch.state != State.UNDOING:
        return
    if run.cursor is None:
        set_total(run, written_rows(batch))
    with translation.override(language_of(batch.by)):
        for rows in _written(batch, run.cursor or 2**31 - 1):
            with transaction.atomic():
                failed = _take_back(batch, rows, reason=str(run.params.get("reason", "")))
                advance(run, done=len(rows) - len(failed), cursor=rows[-1].number, failed=failed)
    with transaction.atomic():
        move(batch, State.UNDONE, undone_at=now())
        record(ImportUndone(batch_id=batch.pk, rows=run.done, kept=run.failed), by=batch.by)


def _written(batch: ImportBatch, last: int) -> Iterator[list[StagedRow]]:
    while rows := list(batch.rows.to_undo().filter(number__lt=last).order_by("-number")[:CHUNK]):
        last = rows[-1].number
        yield rows


def _take_back(batch: ImportBatch, rows: Sequence[StagedRow], *, reason: str) -> Failures:
    bodies = Organisation.objects.live().in_bulk({row.organisation_id for row in rows})
    later = _touched_since(rows)
    failed: dict[int, str] = {}
    made: list[StagedRow] = []
    for row in rows:
        body = bodies.get(row.organisation_id)
        if body is None:
            failed[row.pk] = _("这个工会后来撤销或合并了。")
        elif not row.made_organisation:
            failed |= _restore(row, body, batch)
        elif row.organisation_id in later:
            failed[row.pk] = _("写入以后，这个工会又有变化。请到组织变更里办。")
        else:
            made.append(row)
    needed = tree.take_back_bodies([bodies[row.organisation_id] for row in made], by=batch.by, reason=reason)
    told = _("这个工会已经有会员、下级、任职或别的记录，不能撤回。请办撤销。")
    failed |= {row.pk: told for row in made if row.organisation_id in needed}
    batch.rows.filter(pk__in=[row.pk for row in rows if row.pk not in failed]).update(undone_at=now())
    return [_failure(row, failed[row.pk]) for row in rows if row.pk in failed]


def _touched_since(rows: Sequence[StagedRow]) -> set[int]:
    """Bodies that the journal knows later things of than our own writing."""
    written = {row.organisation_id: row.written_at for row in rows if row.organisation_id and row.written_at}
    entries = JournalEntry.objects.filter(subject="organisation", subject_id__in=written)
    last = entries.values_list("subject_id").annotate(last=Max("at")).order_by()
    return {pk for pk, at in last if at > written[pk]}


def _restore(row: StagedRow, body: Organisation, batch: ImportBatch) -> dict[int, str]:
    """Put back what stood there; what somebody has changed again since stays, and is named."""
    before: dict[str, list[Any]] = json.loads(row.before or "{}")
    tree.unlink_listed(before.pop(LINKS, []), by=batch.by)
    since = [key for key, (_was, became) in before.items() if plain(getattr(body, key)) != became]
    back = {key: typed(key, was) for key, (was, _became) in before.items() if key not in since}
    if back:
        tree.update_organisation(body, by=batch.by, **back)
    if not since:
        return {}
    names = "、".join(HEADINGS[key] for key in since)
    return {row.pk: _("写入以后又改过，没有改回去：{names}。").format(names=names)}


def _failure(row: StagedRow, reason: str) -> tuple[str, str]:
    return _("第{row}行").format(row=row.number), reason
