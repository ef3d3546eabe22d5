"""The only writers of imports: stage → compare → apply → undo."""

from yiwang.register.imports.actions.apply import apply_rows, index_rows, start_applying, start_applying_valid_rows
from yiwang.register.imports.actions.here import apply_here, apply_here_if_clean, stage_here
from yiwang.register.imports.actions.stage import discard_batch, receive_file, settle_columns, stage_rows
from yiwang.register.imports.actions.undo import forget_rows, start_undoing, undo_here, undo_rows

__all__ = [
    "apply_here",
    "apply_here_if_clean",
    "apply_rows",
    "discard_batch",
    "forget_rows",
    "index_rows",
    "receive_file",
    "settle_columns",
    "stage_here",
    "stage_rows",
    "start_applying",
    "start_applying_valid_rows",
    "start_undoing",
    "undo_here",
    "undo_rows",
]
