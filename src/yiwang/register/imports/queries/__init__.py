"""Reads of imports: batches for pages and the command line, and the comparison of rows with the register."""

from yiwang.register.imports.queries.batches import (
    batch_called,
    batch_json,
    is_of_bodies,
    known_headings,
    left_to_write,
    limits_on,
    preview_of,
    refused_rows,
    rows_of,
    undo_days,
    written_rows,
)
from yiwang.register.imports.queries.matching import Finding, Register, compare, hashes_of

__all__ = [
    "Finding",
    "Register",
    "batch_called",
    "batch_json",
    "compare",
    "hashes_of",
    "is_of_bodies",
    "known_headings",
    "left_to_write",
    "limits_on",
    "preview_of",
    "refused_rows",
    "rows_of",
    "undo_days",
    "written_rows",
]
