"""Batches and their rows, for pages and the command line."""

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from yiwang.kernel.identity import mask_id, mask_phone
from yiwang.platform.rules.queries import parameter
from yiwang.register.imports.errors import UnknownBatch
from yiwang.register.imports.library.cleaning import Limits
from yiwang.register.imports.library.columns import COLUMNS
from yiwang.register.imports.models import ImportBatch, StagedRow


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


@dataclass(frozen=True)
class RowView:
    """A staged row as a page shows it: names in full, numbers masked."""

    number: int
    name: str
    id_number: str
    phone: str
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
        phone=mask_phone(values.get("phone", "")),
        organisation=values.get("organisation", ""),
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
        yield [*(cells.get(column.key, "") for column in COLUMNS), str(row.number), reasons]


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


def shared_phones(batch: ImportBatch, *, more_than: int) -> list[tuple[int, int]]:
    """Telephones that more people share than is likely: (how many rows, the first of them)."""
    counted = (
        batch.rows.exclude(phone_hash="").values("phone_hash").annotate(rows=Count("pk")).filter(rows__gt=more_than)
    )
    found = []
    for line in counted.order_by("-rows")[:20]:
        first = batch.rows.filter(phone_hash=line["phone_hash"]).order_by("number").values_list("number", flat=True)[0]
        found.append((line["rows"], first))
    return found


def earlier_with(batch: ImportBatch) -> ImportBatch | None:
    """The same file, written into the register before."""
    same = ImportBatch.objects.of_file(batch.sha256).filter(state=ImportBatch.State.APPLIED, by=batch.by)
    return same.exclude(pk=batch.pk).order_by("-pk").first()


PAGE = 50
TABS = (
    StagedRow.Verdict.NEW,
    StagedRow.Verdict.CHANGED,
    StagedRow.Verdict.UNCHANGED,
    StagedRow.Verdict.CONFLICT,
    StagedRow.Verdict.REFUSED,
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
    rows = batch.rows.filter(verdict=current).order_by("number")[(number - 1) * PAGE : number * PAGE]
    is_staged = batch.state != ImportBatch.State.STAGING
    return Preview(
        tabs=[Tab(v.value, str(v.label), counts[v], v == current) for v in TABS],
        rows=rows_of(rows) if is_staged else [],
        shared_phones=shared_phones(batch, more_than=parameter("imports.shared_phone", on)) if is_staged else [],
        earlier=earlier_with(batch),
        page=number,
        pages=pages,
        undo_days=undo_days(on),
    )
