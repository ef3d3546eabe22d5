"""Taking a written file back: what it made goes, what it changed returns, what others changed since stays."""

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max, ProtectedError, RestrictedError
from django.utils import translation
from django.utils.translation import gettext as _

from yiwang.kernel.clock import now, today
from yiwang.kernel.states import move
from yiwang.platform.jobs.actions import advance, set_total
from yiwang.platform.jobs.models import JobRun
from yiwang.platform.journal.actions import record
from yiwang.platform.journal.models import JournalEntry
from yiwang.register.imports.actions.blocks import take_back_blocks
from yiwang.register.imports.actions.starting import language_of
from yiwang.register.imports.events import ImportUndone
from yiwang.register.imports.models import ImportBatch, StagedRow
from yiwang.register.imports.queries.batches import written_rows
from yiwang.register.members.actions import Correction, correct_many, unenrol_many
from yiwang.register.members.models import Membership, Person

CHUNK = 500

State = ImportBatch.State
Failures = list[tuple[str, str]]


def undo_rows(run: JobRun) -> None:
    """The work of the job ``imports.undo``, from the last row to the first."""
    batch = ImportBatch.objects.select_related("by").get(pk=run.params["batch"])
    if batch.state != State.UNDOING:
        return
    if run.cursor is None:
        set_total(run, written_rows(batch))
    last = run.cursor or 2**31 - 1
    with translation.override(language_of(batch.by)):
        take_back_blocks(batch, run, reason=str(run.params.get("reason", "")))
        while rows := list(batch.rows.to_undo().filter(number__lt=last).order_by("-number")[:CHUNK]):
            last = rows[-1].number
            with transaction.atomic():
                failed = _take_back(batch, rows, reason=str(run.params.get("reason", "")))
                advance(run, done=len(rows) - len(failed), cursor=last, failed=failed)
    _finish(batch, run)


@transaction.atomic
def _finish(batch: ImportBatch, run: JobRun) -> None:
    move(batch, State.UNDONE, undone_at=now())
    record(ImportUndone(batch_id=batch.pk, rows=run.done, kept=run.failed), by=batch.by)


def _take_back(batch: ImportBatch, rows: Sequence[StagedRow], *, reason: str) -> Failures:
    people = Person.objects.in_bulk({row.person_id for row in rows if row.person_id})
    memberships = Membership.objects.select_related("organisation", "person").in_bulk(
        {row.membership_id for row in rows if row.membership_id}
    )
    later = _touched_since(rows)
    failed: Failures = []
    made: list[StagedRow] = []
    for row in rows:
        if row.person_id not in people or row.membership_id not in memberships:
            failed.append(_failure(row, _("这个人或会籍后来被合并或删除了。")))
        elif row.made_membership and later.get((row.person_id, row.membership_id)):
            failed.append(_failure(row, _("写入以后，这个人的资料或会籍又有变化。请到会员页面更正。")))
        elif row.made_membership:
            made.append(row)
    changed = [row for row in rows if not row.made_membership and row.person_id in people]
    failed += _restore(changed, people, memberships, batch)
    failed += _remove(made, people, memberships, batch, reason)
    stuck = {words for words, _reason in failed}
    undone = [row.pk for row in rows if _words(row) not in stuck]
    StagedRow.objects.filter(pk__in=undone).update(undone_at=now())
    return failed


def _touched_since(rows: Sequence[StagedRow]) -> dict[tuple[int | None, int | None], bool]:
    """Which persons or memberships the journal knows later things of than our own writing."""
    last: dict[tuple[str, int], dt.datetime] = {}
    for subject, ids in (
        ("person", [row.person_id for row in rows if row.person_id]),
        ("membership", [row.membership_id for row in rows if row.membership_id]),
    ):
        # Looking at a person is journalled too, and changes nothing.
        entries = JournalEntry.objects.filter(subject=subject, subject_id__in=ids, name__startswith="members.")
        for subject_id, at in entries.values_list("subject_id").annotate(last=Max("at")).order_by():
            last[subject, subject_id] = at
    return {
        (row.person_id, row.membership_id): any(
            at > row.written_at
            for at in (last.get(("person", row.person_id or 0)), last.get(("membership", row.membership_id or 0)))
            if at and row.written_at
        )
        for row in rows
    }


def _remove(
    rows: Sequence[StagedRow],
    people: dict[int, Person],
    memberships: dict[int, Membership],
    batch: ImportBatch,
    reason: str,
) -> Failures:
    """Remove what the import made: all at once, and one by one only when something stands in the way."""
    if not rows:
        return []
    try:
        with transaction.atomic():
            unenrol_many(
                [memberships[row.membership_id or 0] for row in rows],
                [people[row.person_id or 0] for row in rows if row.made_person],
                by=batch.by,
                on=today(),
                reason=reason,
            )
            return _restore([row for row in rows if row.before], people, memberships, batch)
    except (ProtectedError, RestrictedError):
        if len(rows) == 1:
            return [_failure(rows[0], _("这个人已经办过事或有别的记录，不能撤回。请办退会或更正。"))]
    return [failure for row in rows for failure in _remove([row], people, memberships, batch, reason)]


def _restore(
    rows: Sequence[StagedRow], people: dict[int, Person], memberships: dict[int, Membership], batch: ImportBatch
) -> Failures:
    """Put back what stood there, unless somebody has changed it again."""
    failed: Failures = []
    corrections = []
    for row in rows:
        before = json.loads(row.before or "{}")
        person, membership = people[row.person_id or 0], memberships.get(row.membership_id or 0)
        person_fields, membership_fields = before.get("person", {}), before.get("membership", {})
        if membership is None or not (_stands(person, person_fields) and _stands(membership, membership_fields)):
            failed.append(_failure(row, _("写入以后，同一项又被改过，没有改回去。")))
            continue
        _put_back(person, person_fields)
        _put_back(membership, membership_fields)
        names = tuple(name.removesuffix("_id") for name in membership_fields)
        corrections.append(Correction(person, tuple(person_fields), membership, names))
    correct_many(corrections, by=batch.by)
    return failed


def _stands(record: Person | Membership, fields: dict[str, list[Any]]) -> bool:
    return all(_plain(getattr(record, name)) == written for name, (_was, written) in fields.items())


def _put_back(record: Person | Membership, fields: dict[str, list[Any]]) -> None:
    for name, (was, _written) in fields.items():
        setattr(record, name, dt.date.fromisoformat(was) if name == "joined_on" and was else was)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


def _words(row: StagedRow) -> str:
    return _("第{row}行").format(row=row.number)


def _failure(row: StagedRow, reason: str) -> tuple[str, str]:
    return _words(row), reason
