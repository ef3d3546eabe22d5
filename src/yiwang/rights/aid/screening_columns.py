"""Every household at once: columns of persons and of households in, class and amounts of every household out.

Persons stand in the order of their households. Amounts are whole fen; a stage of school is its place in ``STAGES``,
a region its place in the choices of ``aid_region``.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
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
    codes = pa.array(found.pop("file_class"))
    return {"file_class": pa.DictionaryArray.from_arrays(codes, groups.texts), **found}


def _renamed(columns: Mapping[str, T]) -> dict[str, T]:
    return {CALLED.get(name, name): column for name, column in columns.items()}


def screen_parquet(rules: Rules, folder: Path, target: Path, on: dt.date, *, block: int = BLOCK) -> int:
    """``persons.parquet`` and ``households.parquet`` of ``folder`` in, ``target`` out. Returns how many households.

    Block by block: while one is worked out, the next is read and the one before written. Raises BadFact.
    """
    groups = grouping(rules, on)
    blocks = _blocks(groups, folder, block)
    with ThreadPoolExecutor(1) as reader, ThreadPoolExecutor(1) as writer, _Written(target) as written:
        count, ahead, behind = 0, reader.submit(next, blocks, None), None
        while (read := ahead.result()) is not None:
            ahead = reader.submit(next, blocks, None)
            found = pa.table(screen_columns(groups, *read, first=count))
            if behind is not None:
                behind.result()
            behind = writer.submit(written.write, found)
            count += found.num_rows
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


def _blocks(groups: Grouping, folder: Path, rows: int) -> Iterator[tuple[Columns, Columns]]:
    """Whole row groups of persons, with the persons of a household that was not complete in the block before."""
    files = [folder / "persons.parquet", folder / "households.parquet"]
    kinds = [{name: _kind(kind) for name, kind in pl.read_parquet_schema(file).items()} for file in files]
    wanted = groups.columns(*(_renamed(told) for told in kinds))
    persons, households = (
        pl.scan_parquet(file).select([name for name in told if CALLED.get(name, name) in columns])
        for file, told, columns in zip(files, kinds, wanted, strict=True)
    )
    ends = np.cumsum(_arrays(households.select("persons"))["persons"], dtype=np.int64)
    left: Columns = {}
    done = at = 0
    for size in _sizes(files[0], rows):
        found = _arrays(persons.slice(at, size))
        at += size
        here = {name: np.concatenate([left[name], array]) for name, array in found.items()} if left else found
        until = int(np.searchsorted(ends, at, side="right"))
        count = int(ends[until - 1] - (ends[done - 1] if done else 0)) if until > done else 0
        if count:
            yield {name: array[:count] for name, array in here.items()}, _arrays(households.slice(done, until - done))
        left, done = {name: array[count:] for name, array in here.items()}, until
    if done != len(ends) or not done or len(left["household"]):
        raise BadFact(_("成员没有按家庭排好，或者人数对不上。"))


def _sizes(file: Path, rows: int) -> Iterator[int]:
    """Row groups as they stand in the file, small ones together."""
    told, size = pq.read_metadata(file), 0
    for place in range(told.num_row_groups):
        size += told.row_group(place).num_rows
        if size >= rows or place == told.num_row_groups - 1:
            yield size
            size = 0


def _kind(kind: Any) -> str:
    return str(kind).lower().replace("boolean", "bool")


def _arrays(rows: Any) -> dict[str, Any]:
    frame = rows.collect()
    return {name: frame[name].to_numpy() for name in frame.columns}
