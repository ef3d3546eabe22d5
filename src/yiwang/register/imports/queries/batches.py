"""Batches and their rows, for pages and the command line."""

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Func, IntegerField, QuerySet, Sum
from django.db.models.functions import Coalesce

from yiwang.kernel.identity import mask_id
from yiwang.platform.rules.queries import parameter
from yiwang.register.accounts.models import User
from yiwang.register.imports.errors import UnknownBatch
from yiwang.register.imports.library.cleaning import Limits
from yiwang.register.imports.library.layouts import LAYOUTS
from yiwang.register.imports.models import ImportBatch, KnownHeading, StagedRow

CARDINALITY = Func("numbers", function="cardinality", output_field=IntegerField())


def limits_on(day: dt.date) -> Limits:
    return Limits(youngest=parameter("imports.youngest", day), oldest=parameter("imports.oldest_on_post", day))


def undo_days(day: dt.date) -> int:
    return parameter("imports.undo_days", day)


def batch_called(public_id: str) -> ImportBatch:
    """For the command line, where whoever runs it may see every batch."""
    batch = ImportBatch.objects.filter(public_id=public_id).first()
    if batch is None:
        raise UnknownBatch(public_id)
    return batch


def is_of_bodies(pk: int) -> bool:
    """A list of unions, not of members."""
    return ImportBatch.objects.filter(pk=pk, kind=ImportBatch.Kind.ORGANISATIONS).exists()


@dataclass(frozen=True)
class RowView:
    """A staged row as a page shows it: names in full, numbers masked."""

    number: int
    name: str
    id_number: str
    organisation: str
    problems: list[tuple[str, str]]
    notes: list[tuple[str, str]]
    changes: list[tuple[str, str, str]]


def rows_of(rows: QuerySet[StagedRow]) -> list[RowView]:
    return [_view(row) for row in rows]


def _view(row: StagedRow) -> RowView:
    said = unseal(row)
    values = said.get("values", {})
    return RowView(
        number=row.number,
        name=values.get("name", ""),
        id_number=mask_id(values.get("id_number", "")),
        organisation=values.get("organisation", "") or values.get("parent", ""),
        problems=[(problem["column"], problem["text"]) for problem in said.get("problems", [])],
        notes=[(note["column"], note["text"]) for note in said.get("notes", [])],
        changes=[tuple(change) for change in said.get("changes", [])],
    )


def unseal(row: StagedRow) -> dict[str, Any]:
    """What the row says; nothing when its time is over and it was forgotten."""
    said: dict[str, Any] = json.loads(row.sealed) if row.sealed else {}
    return said


def refused_rows(batch: ImportBatch) -> Iterator[list[str]]:
    """Every refused or conflicting row as it came, in the columns of the layout, with the reason at the end."""
    stopped = batch.rows.filter(verdict__in=[StagedRow.Verdict.CONFLICT, StagedRow.Verdict.REFUSED])
    for row in stopped.order_by("number").iterator(chunk_size=1000):
        said = unseal(row)
        cells = said.get("cells", {})
        reasons = "；".join(f"{problem['column']}：{problem['text']}" for problem in said.get("problems", []))
        columns = LAYOUTS[batch.kind].columns
        yield [*(cells.get(column.key, "") for column in columns), str(row.number), reasons]


def batch_json(batch: ImportBatch) -> dict[str, Any]:
    """The one JSON document of the command line; no name and no number of a person."""
    stopped = batch.rows.filter(verdict=StagedRow.Verdict.REFUSED).order_by("number").iterator(chunk_size=1000)
    return {
        "batch": batch.public_id,
        "new": batch.new,
        "changed": batch.changed,
        "unchanged": batch.unchanged,
        "conflict": batch.conflict,
        "refused": [
            {"row": row.number, "column": problem["column"], "reason": problem["text"]}
            for row in stopped
            for problem in unseal(row).get("problems", [])
        ],
    }


def known_headings(by: User | None, kind: str) -> dict[str, str]:
    """What this person, or the command line, said of headings before."""
    return dict(KnownHeading.objects.filter(by=by, kind=kind).values_list("heading", "key"))


def written_rows(batch: ImportBatch) -> int:
    """Rows that were written and not taken back."""
    blocks = batch.blocks.exclude(numbers=[]).filter(undone_at=None)
    in_blocks = blocks.aggregate(rows=Coalesce(Sum(CARDINALITY), 0))["rows"]
    return int(in_blocks) + batch.rows.to_undo().count()


def left_to_write(batch: ImportBatch) -> int:
    blocks = batch.blocks.filter(undone_at=None)
    left = blocks.aggregate(rows=Coalesce(Sum(F("new") - CARDINALITY), 0))["rows"]
    return int(left) + batch.rows.to_write().count()


def earlier_with(batch: ImportBatch) -> ImportBatch | None:
    """The same file, written into the register before."""
    same = ImportBatch.objects.of_file(batch.sha256).filter(
        state=ImportBatch.State.APPLIED, by=batch.by, kind=batch.kind
    )
    return same.exclude(pk=batch.pk).order_by("-pk").first()


PAGE = 50
TABS = (
    StagedRow.Verdict.NEW,
    StagedRow.Verdict.CHANGED,
    StagedRow.Verdict.UNCHANGED,
    StagedRow.Verdict.CONFLICT,
    StagedRow.Verdict.REFUSED,
)


SHOWN = frozenset(ImportBatch.State.values) - {ImportBatch.State.STAGING, ImportBatch.State.MATCHING}


def _rows_on(batch: ImportBatch, verdict: str, start: int) -> list[RowView]:
    """Rows that have a word to say come first, then the plain ones out of their blocks."""
    spoken = batch.rows.filter(verdict=verdict).order_by("number")
    shown = rows_of(spoken[start : start + PAGE])
    if len(shown) == PAGE or verdict not in (StagedRow.Verdict.NEW, StagedRow.Verdict.UNCHANGED):
        return shown
    from yiwang.register.imports.queries.sealing import rows_of_block  # noqa: PLC0415 -- slow import

    passed = max(start - spoken.count(), 0)
    for block in batch.blocks.filter(**{f"{verdict}__gt": 0}).exclude(sealed=b"").order_by("first"):
        count = getattr(block, verdict)
        if passed < count:
            rows = rows_of_block(block, verdict=verdict, start=passed, count=PAGE - len(shown))
            shown += [_plain_view(row) for row in rows]
        passed = max(passed - count, 0)
        if len(shown) == PAGE:
            break
    return shown


def _plain_view(row: dict[str, Any]) -> RowView:
    return RowView(
        number=row["number"],
        name=row["name"],
        id_number=mask_id(row["id_number"]),
        organisation=row["organisation"],
        problems=[],
        notes=[],
        changes=[],
    )


@dataclass(frozen=True)
class Tab:
    """One verdict with its count."""

    key: str
    label: str
    count: int
    is_current: bool


@dataclass(frozen=True)
class Preview:
    """What a batch page shows of its rows."""

    tabs: list[Tab]
    rows: list[RowView]
    shared_phones: list[tuple[int, int]]
    earlier: ImportBatch | None
    page: int
    pages: int
    undo_days: int


def preview_of(batch: ImportBatch, *, tab: str, page: str, on: dt.date) -> Preview:
    """One page of one tab; the tab that needs eyes first unless another was asked for."""
    counts = {verdict: getattr(batch, verdict.value) for verdict in TABS}
    needing = (StagedRow.Verdict.REFUSED, StagedRow.Verdict.CONFLICT, *TABS)
    asked = next((verdict for verdict in TABS if verdict.value == tab), None)
    current = asked or next((verdict for verdict in needing if counts[verdict]), StagedRow.Verdict.NEW)
    pages = max(1, -(-counts[current] // PAGE))
    number = min(max(int(page) if page.isdecimal() else 1, 1), pages)
    rows = _rows_on(batch, current, (number - 1) * PAGE) if batch.state in SHOWN else []
    return Preview(
        tabs=[Tab(v.value, str(v.label), counts[v], v == current) for v in TABS],
        rows=rows,
        shared_phones=[(count, first) for count, first in batch.shared_phones],
        earlier=earlier_with(batch),
        page=number,
        pages=pages,
        undo_days=undo_days(on),
    )
