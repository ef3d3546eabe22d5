"""One portion of a file: plain rows by column into a block, all others one by one with words."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from yiwang.kernel.copying import copy_rows
from yiwang.register.imports.library.cleaning import Cleaned, Limits, cells_of, clean_row
from yiwang.register.imports.library.columnar import PLAIN, by_key, read_columns, rows_as_dicts
from yiwang.register.imports.library.sheets import NUMBER
from yiwang.register.imports.models import ImportBatch, StagedBlock, StagedRow
from yiwang.register.imports.queries import Finding, compare, hashes_of
from yiwang.register.imports.queries.screening import (
    NEW,
    UNCHANGED,
    VERDICT,
    Places,
    Seen,
    key_of,
    placed,
    screen,
    with_hashes,
    without_twins,
)
from yiwang.register.imports.queries.sealing import SAID, open_block, seal

WORTH_IT = 200  # fewer rows are judged one by one: statements over tables have a price too
CHUNK = 1000

Verdict = StagedRow.Verdict


@dataclass
class Reader:
    """What is the same for all rows of a file, and what earlier rows tell about later ones."""

    batch: ImportBatch
    columns: "Columns"
    limits: Limits
    on: date
    scope: Sequence[str] | None
    seen: Seen
    places: Places
    phones: list[tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]] = field(default_factory=list)


@dataclass(frozen=True)
class Columns:
    places: Mapping[str, int]
    constants: Mapping[str, str]


def columns_of(batch: ImportBatch) -> Columns:
    return Columns(batch.columns, batch.constants)


def seen_in(batch: ImportBatch) -> Seen:
    """Documents in the rows staged so far: for a job that goes on where another stopped."""
    seen = Seen()
    for id_hash, number in batch.rows.exclude(id_hash="").order_by("number").values_list("id_hash", "number"):
        seen.setdefault(id_hash, number)
    for block in batch.blocks.all():
        rows = open_block(block)
        seen.add(map(key_of, rows["id_hash"].to_list()), rows[NUMBER].to_list())
    return seen


def stage_portion(reader: Reader, portion: pl.DataFrame) -> None:
    """Read and judge some thousand lines, in the caller's transaction."""
    cells = by_key(portion, reader.columns.places, reader.columns.constants)
    if len(cells) < WORTH_IT:
        _stage_slowly(reader, _cleaned(reader, cells), cells)
        return
    frame = read_columns(cells, limits=reader.limits, on=reader.on)
    unusual = _cleaned(reader, cells.filter(~frame[PLAIN]))
    frame = with_hashes(frame.filter(PLAIN))
    frame = without_twins(frame, seen=reader.seen, others={h for row in unusual if (h := hashes_of(row)[0])})
    frame = screen(placed(frame, reader.places))
    others = frame.filter(pl.col(VERDICT).is_null())
    usual = [Cleaned(*pair) for pair in zip(others[NUMBER].to_list(), rows_as_dicts(others, SAID), strict=True)]
    plain = frame.filter(pl.col(VERDICT).is_not_null())
    if len(plain):
        _save_block(reader, plain)
    slow = sorted([*unusual, *usual], key=lambda row: row.number)
    _stage_slowly(reader, slow, cells.filter(pl.col(NUMBER).is_in([row.number for row in slow])))


def _cleaned(reader: Reader, cells: pl.DataFrame) -> list[Cleaned]:
    places = {key: place for place, key in enumerate(cells.columns[1:])}
    return [
        clean_row(line[0], cells_of(line[1:], places), limits=reader.limits, on=reader.on) for line in cells.iter_rows()
    ]


def _stage_slowly(reader: Reader, rows: list[Cleaned], cells: pl.DataFrame) -> None:
    said = {line[NUMBER]: line for line in cells.iter_rows(named=True)} if rows else {}
    for start in range(0, len(rows), CHUNK):
        findings = compare(rows[start : start + CHUNK], scope=reader.scope, taken=reader.seen)
        copy_rows([staged_row(reader.batch, finding, said[finding.row.number]) for finding in findings])
        phones = [(int(f.phone_hash[:15], 16), f.row.number) for f in findings if f.phone_hash]
        if phones:
            keys, numbers = zip(*phones, strict=True)
            reader.phones.append((np.array(keys, dtype=np.int64), np.array(numbers, dtype=np.int64)))


def _save_block(reader: Reader, rows: pl.DataFrame) -> None:
    verdicts = rows[VERDICT]
    numbers = rows[NUMBER]
    StagedBlock.objects.create(
        batch=reader.batch,
        first=numbers[0],
        last=numbers[-1],
        new=int((verdicts == NEW).sum()),
        unchanged=int((verdicts == UNCHANGED).sum()),
        sealed=seal(rows),
    )
    reader.seen.add(map(key_of, rows["id_hash"].to_list()), numbers.to_list())
    keys = [key_of(phone) for phone in rows["phone_hash"].to_list()]
    reader.phones.append((np.array(keys, dtype=np.int64), numbers.to_numpy()))


def staged_row(batch: ImportBatch, finding: Finding, cells: Mapping[str, str]) -> StagedRow:
    row = finding.row
    said: dict[str, Any] = {
        "values": row.values,
        "problems": [asdict(problem) for problem in row.problems],
        "notes": [asdict(note) for note in row.notes],
        "changes": finding.changes,
    }
    if finding.verdict in (Verdict.CONFLICT, Verdict.REFUSED):
        said["cells"] = dict(cells)  # goes back to its owner in the file of refused rows
        said["cells"].pop(NUMBER, None)
    return StagedRow(
        batch=batch,
        number=row.number,
        verdict=finding.verdict,
        sealed=json.dumps(said, ensure_ascii=False),
        id_hash=finding.id_hash,
        phone_hash=finding.phone_hash,
        person_id=finding.person.pk if finding.person else None,
        membership_id=finding.membership.pk if finding.membership else None,
    )


def cleaned_from(row: StagedRow) -> Cleaned:
    """A staged row as it was read, without its old verdict."""
    said = json.loads(row.sealed)
    return Cleaned(row.number, values=said["values"])


def shared_phones(
    phones: list[tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]], *, more_than: int
) -> list[list[int]]:
    """Telephones that more people share than is likely: [how many rows, the first of them]."""
    if not phones:
        return []
    keys = np.concatenate([keys for keys, _numbers in phones])
    numbers = np.concatenate([numbers for _keys, numbers in phones])
    found, counts = np.unique(keys, return_counts=True)
    often = counts > more_than
    pairs = [
        [int(count), int(numbers[keys == key].min())] for key, count in zip(found[often], counts[often], strict=True)
    ]
    return sorted(pairs, key=lambda pair: (-pair[0], pair[1]))[:20]
