"""Reads of imports: batches for pages and the command line, and the comparison of rows with the register."""

from yiwang.register.imports.queries.batches import (
    batch_called,
    batch_json,
    limits_on,
    preview_of,
    refused_rows,
    rows_of,
    shared_phones,
)
from yiwang.register.imports.queries.matching import Finding, Register, compare

__all__ = [
    "Finding",
    "Register",
    "batch_called",
    "batch_json",
    "compare",
    "limits_on",
    "preview_of",
    "refused_rows",
    "rows_of",
    "shared_phones",
]
