"""Writing and taking back whole blocks of plain rows."""

import datetime as dt
from collections.abc import Sequence
from typing import cast

import polars as pl
from django.db import connection, transaction
from django.utils.translation import gettext as _

from yiwang.kernel.clock import now
from yiwang.kernel.copying import array_of, copy_rows
from yiwang.platform.jobs.actions import advance
from yiwang.platform.jobs.models import JobRun
from yiwang.platform.text.library import pinyin_keys
from yiwang.register.imports.actions.portions import staged_row
from yiwang.register.imports.actions.starting import scope_of
from yiwang.register.imports.library.cleaning import Cleaned
from yiwang.register.imports.library.columnar import PLAIN, rows_as_dicts
from yiwang.register.imports.library.sheets import NUMBER
from yiwang.register.imports.models import ImportBatch, StagedBlock
from yiwang.register.imports.queries import compare
from yiwang.register.imports.queries.matching import FULL_TIME
from yiwang.register.imports.queries.screening import NEW, VERDICT, Places, Seen, placed, screen
from yiwang.register.imports.queries.sealing import SAID, open_block, seal
from yiwang.register.imports.queries.selecting import Selection
from yiwang.register.members.actions import unenrol_pairs
from yiwang.register.members.actions.columnar import enrol_columns
from yiwang.register.organisations.models import Employer, Organisation

SOURCE = "import"
BEFORE_PLACING = ("organisation_id", "employer_id", "group_id", "path", VERDICT)
CHUNK = 1000


def write_blocks(batch: ImportBatch, run: JobRun) -> None:
    """Every block that was not written yet, each in a transaction of its own."""
    chosen = Selection.of(batch)
    if not chosen.takes(NEW):
        return
    places = Places(scope_of(batch))
    waiting = batch.blocks.filter(new__gt=0, undone_at=None).order_by("first")
    for pk in list(waiting.values_list("pk", flat=True)):
        with transaction.atomic():
            block = StagedBlock.objects.select_for_update().get(pk=pk)
            rows = open_block(block)
            rows = chosen.narrow(rows.filter((pl.col(VERDICT) == NEW) & ~pl.col(NUMBER).is_in(block.numbers)))
            done = _write(batch, block, rows, places) if len(rows) else 0
            advance(run, done=done, cursor=run.cursor)


def _write(batch: ImportBatch, block: StagedBlock, rows: pl.DataFrame, places: Places) -> int:
    """Compare once more, for the register has gone on since; rows that need a word by now become rows of their own."""
    fresh = rows.drop(*BEFORE_PLACING).with_columns(pl.lit(True).alias(PLAIN))
    now_placed = screen(placed(fresh, places))
    plain = now_placed.filter(pl.col(VERDICT) == NEW)
    _single_out(batch, block, now_placed.filter(pl.col(VERDICT).fill_null("") != NEW))
    if not len(plain):
        return 0
    full_time = pl.when(pl.col("is_full_time").fill_null(False)).then(pl.lit(FULL_TIME)).otherwise(pl.lit(""))
    made = enrol_columns(_with_employers(plain).with_columns(full_time.alias("union_post")), source=SOURCE, by=batch.by)
    block.numbers = [*block.numbers, *made[NUMBER].to_list()]
    block.person_ids = [*block.person_ids, *made["person_id"].to_list()]
    block.membership_ids = [*block.membership_ids, *made["membership_id"].to_list()]
    block.written_at = now()
    written = (block.numbers, block.person_ids, block.membership_ids)
    with connection.cursor() as cursor:
        cursor.execute(_WRITTEN, [*map(array_of, written), block.written_at, block.pk])
    return len(made)


_WRITTEN = """
    UPDATE imports_stagedblock SET numbers = %s::integer[], person_ids = %s::bigint[], membership_ids = %s::bigint[],
        written_at = %s WHERE id = %s
"""


def _single_out(batch: ImportBatch, block: StagedBlock, rows: pl.DataFrame) -> None:
    if not len(rows):
        return
    cleaned = [Cleaned(*pair) for pair in zip(rows[NUMBER].to_list(), rows_as_dicts(rows, SAID), strict=True)]
    for start in range(0, len(cleaned), CHUNK):
        findings = compare(cleaned[start : start + CHUNK], scope=scope_of(batch), taken=Seen())
        copy_rows([staged_row(batch, finding, {}) for finding in findings])
    block.new -= len(rows)
    block.sealed = seal(open_block(block).filter(~pl.col(NUMBER).is_in(rows[NUMBER].to_list())))
    block.save(update_fields=["sealed", "new"])


def _with_employers(rows: pl.DataFrame) -> pl.DataFrame:
    """Employers that nobody knew are registered, in the division of the union that names them first."""
    unknown = rows.filter(pl.col("employer_id").is_null()).unique("uscc", keep="first", maintain_order=True)
    if not len(unknown):
        return rows
    divisions = divisions_of(unknown["organisation_id"].to_list())
    named = unknown.select("uscc", "employer_name", "organisation_id").iter_rows()
    made = [new_employer(uscc, name, divisions[organisation]) for uscc, name, organisation in named]
    Employer.objects.bulk_create(made, ignore_conflicts=True)  # another import may be registering the same
    found = dict(Employer.objects.filter(uscc__in=unknown["uscc"].to_list()).values_list("uscc", "pk"))
    ids = pl.col("uscc").replace_strict(found, default=None, return_dtype=pl.Int64)
    return rows.with_columns(pl.coalesce("employer_id", ids).alias("employer_id"))


def divisions_of(organisation_ids: Sequence[int]) -> dict[int, str]:
    return dict(Organisation.objects.filter(pk__in=organisation_ids).values_list("pk", "division_code"))


def new_employer(uscc: str, name: str, division_code: str) -> Employer:
    full, initials = pinyin_keys(name)
    return Employer(
        uscc=uscc,
        name=name,
        pinyin_full=full[:720],
        pinyin_initials=initials[:120],
        division_code=division_code,
        source=SOURCE,
    )


def take_back_blocks(batch: ImportBatch, run: JobRun, *, reason: str) -> None:
    """Remove what the blocks made, from the last to the first; members something happened to since stay, by name."""
    written = batch.blocks.exclude(numbers=[]).filter(undone_at=None).order_by("-first")
    for pk in list(written.values_list("pk", flat=True)):
        with transaction.atomic():
            block = StagedBlock.objects.select_for_update().get(pk=pk)
            failed = _take_back(batch, block, reason)
            advance(run, done=len(block.numbers) - len(failed), cursor=run.cursor, failed=failed)


def _take_back(batch: ImportBatch, block: StagedBlock, reason: str) -> list[tuple[str, str]]:
    pairs = list(zip(block.person_ids, block.membership_ids, strict=True))
    written_at = cast(dt.datetime, block.written_at)  # the database refuses written rows without it
    kept = unenrol_pairs(pairs, since=written_at, by=batch.by, reason=reason)
    StagedBlock.objects.filter(pk=block.pk).update(undone_at=now())
    return [
        (_("第{row}行").format(row=number), _why(membership, kept.gone, kept.changed))
        for number, membership in zip(block.numbers, block.membership_ids, strict=True)
        if membership in kept.all
    ]


def _why(membership: int, gone: set[int], changed: set[int]) -> str:
    if membership in gone:
        return _("这个人或会籍后来被合并或删除了。")
    if membership in changed:
        return _("写入以后，这个人的资料或会籍又有变化。请到会员页面更正。")
    return _("这个人已经办过事或有别的记录，不能撤回。请办退会或更正。")


def written_members(batch: ImportBatch) -> Sequence[Sequence[int]]:
    # In the order of the file: whoever goes on after a stop counts blocks from the first.
    blocks = batch.blocks.exclude(numbers=[]).filter(undone_at=None).order_by("first")
    return list(blocks.values_list("membership_ids", flat=True))
