"""The same cleaning for whole columns: rows with nothing unusual in any cell, recognised by the ten thousand.

A row is *plain* when ``cleaning.clean_row`` would neither refuse nor note nor repair anything in it, and would read
exactly the values found here. Whatever looks unusual is left to ``clean_row``, which has the words for it.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from yiwang.kernel.identity import ID_CHECKS, ID_WEIGHTS, PROVINCES, RESIDENCE_TYPES, BadIdentity, check_uscc
from yiwang.register.imports.library.cleaning import LENGTHS, TEST_WORDS, Limits, parse_day
from yiwang.register.imports.library.columns import COLUMNS, NO, PLACEHOLDERS, REQUIRED, YES, code_tables, folded

PLAIN = "is_plain"
FLAGS = ("is_migrant", "is_full_time")
DIVISIONS = ("household_division", "residence_division")
KEYS = tuple(column.key for column in COLUMNS)

# Names of two to twenty common characters; rare ones, dots and letters are for the careful reader.
_NAME = r"^[\x{4e00}-\x{9fa5}]{2,20}$"
_ID = r"^[1-9]\d{16}[\dX]$"
_PHONE = r"^1[3-9]\d{9}$"
_EIGHTEEN = "111111111111111111"


def read_columns(cells: pl.DataFrame, *, limits: Limits, on: dt.date) -> pl.DataFrame:
    """Typed values by key, empty ones null, and ``is_plain``. ``cells`` are texts by key, with ``number``."""
    missing = [pl.lit("").alias(key) for key in KEYS if key not in cells.columns]
    frame = cells.with_columns(missing).with_columns(_without_placeholder(key) for key in KEYS)
    plain = pl.all_horizontal(pl.col(column.key) != "" for column in REQUIRED)
    formula = pl.any_horizontal(pl.col(key).str.starts_with("=") for key in KEYS)
    frame = frame.with_columns((plain & ~formula).alias(PLAIN))
    frame = _read_codes(frame)
    frame = _read_person(frame, on)
    frame = _read_work(frame)
    frame = _read_days(frame, limits, on)
    texts = [key for key, kind in frame.schema.items() if kind == pl.String]
    return frame.with_columns(pl.col(key).replace("", None) for key in texts).drop("serial", "remark")


def _without_placeholder(key: str) -> pl.Expr:
    return pl.when(pl.col(key).str.to_lowercase().is_in(list(PLACEHOLDERS))).then(pl.lit("")).otherwise(key).alias(key)


def _by_word(frame: pl.DataFrame, key: str, read: Callable[[str], Any], dtype: Any) -> tuple[pl.Series, pl.Series]:
    """Each distinct word read once: the values, and where a word could not be read. Empty words are null."""
    words = frame[key].unique().to_list()
    known = {word: read(word) for word in words if word}
    values = (
        frame[key].replace_strict(list(known), list(known.values()), default=None, return_dtype=dtype)
        if known
        else pl.Series(key, [None] * len(frame), dtype=dtype)
    )
    return values.alias(key), (values.is_null() & (frame[key] != ""))


def _take(frame: pl.DataFrame, key: str, read: Callable[[str], Any], dtype: Any) -> pl.DataFrame:
    values, unread = _by_word(frame, key, read, dtype)
    return frame.with_columns(values, (frame[PLAIN] & ~unread).alias(PLAIN))


def _read_codes(frame: pl.DataFrame) -> pl.DataFrame:
    for key, table in code_tables().items():
        dtype = pl.Int16 if key == "skill_level" else pl.String
        frame = _take(frame, key, lambda word, table=table: table.get(folded(word)), dtype)  # type: ignore[misc]  # bound
    for key in FLAGS:
        frame = _take(frame, key, _flag, pl.Boolean)
    return frame


def _flag(word: str) -> bool | None:
    text = word.casefold()
    return text in YES if text in YES or text in NO else None


def _read_person(frame: pl.DataFrame, on: dt.date) -> pl.DataFrame:
    name = pl.col("name").str.contains(_NAME) & ~pl.any_horizontal(pl.col("name").str.contains(w) for w in TEST_WORDS)
    frame = frame.with_columns((pl.col(PLAIN) & name & pl.col("phone").str.contains(_PHONE)).alias(PLAIN))
    frame = frame.with_columns((pl.col(PLAIN) & pl.col("id_number").str.contains(_ID)).alias(PLAIN))
    numbers = pl.when(PLAIN).then("id_number").otherwise(pl.lit(_EIGHTEEN))
    checked = frame.select(numbers.alias("text"), "id_type", "gender", PLAIN)
    text = checked["text"]
    digits = np.frombuffer("".join(text.to_list()).encode(), dtype=np.uint8).reshape(-1, 18)
    expected = np.frombuffer(ID_CHECKS.encode(), dtype=np.uint8)
    sums = (digits[:, :17].astype(np.int32) - 48) @ np.array(ID_WEIGHTS, dtype=np.int32)
    is_right = pl.Series(expected[sums % 11] == digits[:, 17])
    gender = pl.Series(np.where(digits[:, 16] % 2 == 1, "1", "2"))
    birth = text.str.slice(6, 8).str.to_date("%Y%m%d", strict=False)
    prefix = text.str.slice(0, 2)
    kinds = prefix.replace_strict({p: str(kind.value) for p, kind in RESIDENCE_TYPES.items()}, default="1")
    is_ours = prefix.is_in([str(province) for province in PROVINCES])
    alive = birth.is_between(dt.date(1900, 1, 1), on)
    stated = checked["gender"]
    agrees = ~(stated.is_in(["1", "2"]).fill_null(False) & (stated != gender).fill_null(False))
    plain = checked[PLAIN] & is_right & is_ours & alive.fill_null(False) & (kinds == checked["id_type"]) & agrees
    return frame.with_columns(plain.fill_null(False).alias(PLAIN), gender.alias("gender"), birth.alias("birth_date"))


def _read_work(frame: pl.DataFrame) -> pl.DataFrame:
    frame = _take(frame, "uscc", _uscc, pl.String)
    code = pl.col("organisation").str.replace_all(" ", "", literal=True).str.to_uppercase()
    short = pl.all_horizontal(pl.col(key).str.len_chars() <= length for key, length in LENGTHS.items())
    coded = pl.all_horizontal(pl.col(key).str.contains(r"^(\d{6}|\d{9}|\d{12})?$") for key in DIVISIONS)
    return frame.with_columns(code, (pl.col(PLAIN) & short & coded).alias(PLAIN))


def _uscc(word: str) -> str | None:
    """The code when it is one of an employer with nothing odd about it."""
    try:
        found = check_uscc(word)
    except BadIdentity:
        return None
    return None if found.is_union or "org_code" in found.warnings else found.code


def _read_days(frame: pl.DataFrame, limits: Limits, on: dt.date) -> pl.DataFrame:
    frame = _take(frame, "joined_on", parse_day, pl.Date)
    grown = pl.col("birth_date").dt.offset_by(f"{limits.youngest}y")
    old = pl.col("birth_date").dt.offset_by(f"{limits.oldest + 1}y")
    plain = (
        pl.col(PLAIN)
        & (pl.col("joined_on") <= on)
        & (pl.col("joined_on") >= grown)
        & (grown <= on)
        & ~((old <= on) & (pl.col("employ_state") == "1"))
    )
    return frame.with_columns(plain.fill_null(False).alias(PLAIN))


def by_key(portion: pl.DataFrame, places: Mapping[str, int], constants: Mapping[str, str]) -> pl.DataFrame:
    """A portion of a sheet with its columns called by key; columns that are none of ours are left out."""
    return portion.select(
        "number",
        *(pl.col(str(place)).alias(key) for key, place in places.items() if key not in constants),
        *(pl.lit(text).alias(key) for key, text in constants.items()),
    )


def rows_as_dicts(frame: pl.DataFrame, keys: Sequence[str]) -> list[dict[str, Any]]:
    """Values of plain rows as ``clean_row`` would hold them: nothing for what is empty, days as text."""
    dated = frame.select(keys).with_columns(pl.col(pl.Date).dt.to_string("%Y-%m-%d"))
    return [{key: value for key, value in row.items() if value is not None} for row in dated.iter_rows(named=True)]
