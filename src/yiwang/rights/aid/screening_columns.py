"""Every household at once: columns of persons and of households in, class and amounts of every household out.

Persons stand in the order of their households. Amounts are whole fen; a stage of school is its place in ``STAGES``,
a region its place in the choices of ``aid_region``.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from django.utils.translation import gettext as _

from yiwang.platform.rules.library.errors import BadFact
from yiwang.platform.rules.library.groups import BadOrder, Grouping, Groups, Part
from yiwang.platform.rules.library.kernels import kernel_folder
from yiwang.rights.aid.reckoning import PAID, PERSON_RULES, RULES, Rules

STAGES = ("none", "preschool", "compulsory", "high_school", "higher")
WANTED = ("file_class", "total", *PAID.values())
# A sum over persons takes the place of the first fact of its sum; the others are 0 then.
SUMMED = {"income": "wage_net", "medical_rest": "medical_total", "school_allowed": "education_allowed"}
SUMMED |= {"is_preschool": "students_preschool", "is_compulsory": "students_compulsory"}
SUMMED |= {"is_high": "students_high", "is_higher": "students_higher", "employed_months": "employed_months"}
ZERO: tuple[str, ...] = (
    "pension",
    "unemployment_benefit",
    "business_net_income",
    "property_income",
    "maintenance_received",
)
ZERO += ("other_transfer", "medical_basic", "medical_serious", "medical_assistance", "medical_commercial")
ZERO += ("medical_mutual",)
# What our columns are called where the rules call them otherwise.
CALLED = {"stage": "school_stage", "region": "aid_region"}
BLOCK = 800_000  # persons, at least
Columns = Mapping[str, Any]
T = TypeVar("T")


def grouping(rules: Rules, on: dt.date, *, compiled: bool | None = None, folder: Path | None = None) -> Grouping:
    """Persons in households, by the rules of that day. Raises MissingParameter."""
    household = rules(RULES)
    regions = tuple(choice.value for choice in household.ruleset.fact["aid_region"].choices)
    persons = Part(
        tuple(SUMMED),
        constants=(("costly_school", False),),
        numbered=STAGES,
        also=(("employed_months", (0, 12)),),
    )
    zero = tuple((name, 0) for name in ZERO)
    groups = Groups(
        row=persons,
        group=Part(WANTED, constants=zero, numbered=regions),
        sums=tuple(SUMMED.items()),
        named="household",
        counted="persons",
    )
    folder = folder or kernel_folder()
    return Grouping(groups, rules(PERSON_RULES), household, on, folder=folder, compiled=compiled)


def screen_households(
    rules: Rules, persons: Columns, households: Columns, on: dt.date, *, compiled: bool | None = None
) -> dict[str, Any]:
    """Columns in memory: ``file_class`` as text codes of Arrow, amounts in fen. Raises BadFact, MissingParameter."""
    return screen_columns(grouping(rules, on, compiled=compiled), persons, households)


def screen_columns(groups: Grouping, persons: Columns, households: Columns, *, first: int = 0) -> dict[str, Any]:
    """The same for one batch after the other; its households are called ``first``, ``first`` + 1 and so on."""
    if not len(households["persons"]) or households["persons"].min() < 1:
        raise BadFact(_("有的家庭没有一个成员。"))
    try:
        found = groups.answer(_renamed(persons), _renamed(households), first=first)
    except BadOrder:
        raise BadFact(_("成员没有按家庭排好，或者人数对不上。")) from None
    codes = _arrow(found.pop("file_class"))
    return {"file_class": pa.DictionaryArray.from_arrays(codes, _texts(groups.texts)), **found}


def _arrow(array: Any) -> Any:
    """The same memory for Arrow. ``pa.array`` would load pandas to ask it, which takes longer than screening."""
    kind = pa.from_numpy_dtype(array.dtype)
    return pa.Array.from_buffers(kind, len(array), [None, pa.py_buffer(array)])


def _texts(texts: Sequence[str]) -> Any:
    parts = [text.encode() for text in texts]
    ends = np.cumsum([0, *map(len, parts)], dtype=np.int32)
    return pa.StringArray.from_buffers(len(parts), pa.py_buffer(ends), pa.py_buffer(b"".join(parts)))


def _renamed(columns: Mapping[str, T]) -> dict[str, T]:
    return {CALLED.get(name, name): column for name, column in columns.items()}


def screen_parquet(rules: Rules, folder: Path, target: Path, on: dt.date, *, block: int = BLOCK) -> int:
    """``persons.parquet`` and ``households.parquet`` of ``folder`` in, ``target`` out. Returns how many households.

    Block by block: while one is worked out, the next is read and the one before written. Raises BadFact.
    """
    groups = grouping(rules, on)
    blocks = _blocks(groups, folder, block)
    with _Written(target) as written, ThreadPoolExecutor(1) as reader, ThreadPoolExecutor(1) as writer:
        count, found, ahead, behind = 0, [], reader.submit(next, blocks, None), None
        while (read := ahead.result()) is not None:
            ahead = reader.submit(next, blocks, None)
            for persons, households in read:
                told = screen_columns(groups, persons, households, first=count)
                classes = told.pop("file_class")
                found.append(pa.table({"file_class": classes, **{name: _arrow(told[name]) for name in told}}))
                count += len(classes)
            if behind is not None:
                behind.result()
            behind = writer.submit(written.write, pa.concat_tables(found))
            found = []
        if behind is not None:
            behind.result()
    return count


class _Written:
    """One file of Parquet that has a row group for every block; nothing is left where that failed."""

    def __init__(self, target: Path) -> None:
        self.target, self.part = target, target.with_name(f"{target.name}.part")
        self.file: Any = None

    def __enter__(self) -> "_Written":
        return self

    def write(self, table: Any) -> None:
        if self.file is None:
            plain = {"compression": "lz4", "use_dictionary": ["file_class"], "write_statistics": False}
            self.file = pq.ParquetWriter(self.part, table.schema, **plain)
        self.file.write_table(table)

    def __exit__(self, kind: Any, *_rest: Any) -> None:
        if self.file is not None:
            self.file.close()
            self.part.replace(self.target) if kind is None else self.part.unlink()


def _blocks(groups: Grouping, folder: Path, rows: int) -> Iterator[list[tuple[dict[str, Any], dict[str, Any]]]]:
    """Whole row groups of persons. A household that goes on from the one before stands alone, before the others."""
    files = [folder / "persons.parquet", folder / "households.parquet"]
    persons, households = (_scanned(file, names) for file, names in zip(files, groups.columns, strict=True))
    ends = np.cumsum(_arrays(households.select("persons"))["persons"], dtype=np.int64)
    left: dict[str, Any] = {}
    done = at = 0
    for size in _sizes(files[0], rows):
        here = _arrays(persons.slice(at, size))
        until, begun, cut = int(np.searchsorted(ends, at + size, side="right")), done, 0
        homes = _arrays(households.slice(done, until - done)) if until > done else {}
        parts = []
        if left and until > done:
            cut, done = int(ends[done]) - at, done + 1
            parts.append((_joined(left, here, 0, cut), _cut(homes, 0, 1)))
            left = {}
        if until > done:
            start, cut = cut, int(ends[until - 1]) - at
            parts.append((_cut(here, start, cut), _cut(homes, done - begun, until - begun)))
        left, done, at = _joined(left, here, cut, size), until, at + size
        if parts:
            yield parts
    if not done or done != len(ends) or left:
        raise BadFact(_("成员没有按家庭排好，或者人数对不上。"))


def _scanned(file: Path, names: frozenset[str]) -> Any:
    told = pl.read_parquet_schema(file)
    return pl.scan_parquet(file).select([name for name in told if CALLED.get(name, name) in names])


def _cut(columns: Columns, start: int, stop: int) -> dict[str, Any]:
    return {name: array[start:stop] for name, array in columns.items()}


def _joined(left: Columns, here: Columns, start: int, stop: int) -> dict[str, Any]:
    """Few rows, copied; nothing if there are none."""
    if start == stop:
        return dict(left)
    return {name: np.concatenate([left.get(name, array[:0]), array[start:stop]]) for name, array in here.items()}


def _sizes(file: Path, rows: int) -> Iterator[int]:
    """Row groups as they stand in the file, small ones together."""
    told, size = pq.read_metadata(file), 0
    for place in range(told.num_row_groups):
        size += told.row_group(place).num_rows
        if size >= rows or place == told.num_row_groups - 1:
            yield size
            size = 0


def _arrays(rows: Any) -> dict[str, Any]:
    frame = rows.collect()
    return {name: frame[name].to_numpy() for name in frame.columns}
