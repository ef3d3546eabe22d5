"""Reading a file in the background, and comparing every row with the register."""

from django.db import transaction
from django.db.models import Count, Sum
from django.db.models.functions import Coalesce
from django.utils import translation

from yiwang.kernel.clock import now, today
from yiwang.kernel.states import move
from yiwang.platform.jobs.actions import advance, set_total
from yiwang.platform.jobs.models import JobRun
from yiwang.platform.journal.actions import record
from yiwang.platform.rules.queries import parameter
from yiwang.register.imports.actions.portions import Reader, columns_of, seen_in, shared_phones, stage_portion
from yiwang.register.imports.actions.receiving import content_of
from yiwang.register.imports.actions.starting import language_of, scope_of
from yiwang.register.imports.events import ImportStaged
from yiwang.register.imports.library.frames import portions
from yiwang.register.imports.library.layouts import MEMBERS
from yiwang.register.imports.library.sheets import NUMBER, read_sheet
from yiwang.register.imports.models import ImportBatch, StagedRow
from yiwang.register.imports.queries import limits_on
from yiwang.register.imports.queries.screening import Places

PORTION = 20_000

State = ImportBatch.State

Verdict = StagedRow.Verdict


def stage_rows(run: JobRun) -> None:
    """The work of the job ``imports.stage``: from the line after ``run.cursor`` on, a portion at a time."""
    batch = ImportBatch.objects.select_related("by").get(pk=run.params["batch"])
    if batch.state != State.STAGING or not batch.pieces.exists():
        return
    sheet = read_sheet(content_of(batch), landmarks=MEMBERS.landmarks, others=MEMBERS.other_landmarks)
    set_total(run, sheet.total)
    after = run.cursor or 0
    scope = scope_of(batch)
    reader = Reader(batch, columns_of(batch), limits_on(today()), today(), scope, seen_in(batch), Places(scope))
    with translation.override(language_of(batch.by)):
        for portion in portions(sheet, after=after, size=PORTION):
            if not len(portion):
                continue
            last = portion[NUMBER][-1]
            with transaction.atomic():
                stage_portion(reader, portion)
                advance(run, done=len(portion), cursor=last)
    _finish(batch, reader)


@transaction.atomic
def _finish(batch: ImportBatch, reader: Reader) -> None:
    counted = dict(batch.rows.values_list("verdict").annotate(rows=Count("pk")).order_by())
    plain = batch.blocks.aggregate(new=Coalesce(Sum("new"), 0), unchanged=Coalesce(Sum("unchanged"), 0))
    counts = {verdict.value: counted.get(verdict.value, 0) + plain.get(verdict.value, 0) for verdict in Verdict}
    shared = shared_phones(reader.phones, more_than=parameter("imports.shared_phone", reader.on))
    batch.pieces.all().delete()
    move(batch, State.STAGED, staged_at=now(), total=sum(counts.values()), shared_phones=shared, **counts)
    record(ImportStaged(batch_id=batch.pk, sha256=batch.sha256, **counts), by=batch.by)
