"""The only writers of imports: stage → compare → apply → undo.

What jobs do (``stage``, ``apply``, ``undo``) is imported by ``tasks`` alone: it needs Polars, and pages don't.
"""

from yiwang.register.imports.actions.here import apply_here, apply_here_if_clean, content_of, stage_here, undo_here
from yiwang.register.imports.actions.receiving import discard_batch, receive_file, settle_columns
from yiwang.register.imports.actions.starting import (
    forget_rows,
    start_applying,
    start_applying_valid_rows,
    start_undoing,
)

__all__ = [
    "apply_here",
    "apply_here_if_clean",
    "content_of",
    "discard_batch",
    "forget_rows",
    "receive_file",
    "settle_columns",
    "stage_here",
    "start_applying",
    "start_applying_valid_rows",
    "start_undoing",
    "undo_here",
]
