"""Blocks of plain rows as they lie in the database: columns in Arrow's form, compressed, then encrypted."""

import io
from typing import Any

import polars as pl

from yiwang.kernel.crypto import decrypt_bytes, encrypt_bytes
from yiwang.register.imports.library.columnar import KEYS
from yiwang.register.imports.library.sheets import NUMBER
from yiwang.register.imports.models import StagedBlock

CONTEXT = b"imports.block"
SAID = (*(key for key in KEYS if key not in ("serial", "remark")), "birth_date")
PLACED = ("path", "organisation_id", "employer_id", "group_id", "verdict")


def seal(rows: pl.DataFrame) -> bytes:
    packed = rows.select(NUMBER, *SAID, *PLACED, *_digests())
    target = io.BytesIO()
    packed.write_ipc(target, compression="lz4")
    return encrypt_bytes(target.getvalue(), CONTEXT)


def _digests() -> list[pl.Expr]:
    return [pl.col(name).str.decode("hex").alias(name) for name in ("id_hash", "phone_hash")]


def open_block(block: StagedBlock) -> pl.DataFrame:
    """The rows of a block; no rows once it was forgotten."""
    rows = pl.read_ipc(io.BytesIO(decrypt_bytes(bytes(block.sealed), CONTEXT)))
    return rows.with_columns(pl.col("id_hash").bin.encode("hex"), pl.col("phone_hash").bin.encode("hex"))


def rows_of_block(block: StagedBlock, *, verdict: str, start: int, count: int) -> list[dict[str, Any]]:
    """Some of its rows with one verdict, for a page."""
    rows = open_block(block).filter(pl.col("verdict") == verdict).slice(start, count)
    return list(rows.iter_rows(named=True))
