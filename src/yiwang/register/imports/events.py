"""What happens to imports; counts only, never what a row says."""

from dataclasses import dataclass
from typing import ClassVar

from yiwang.platform.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class ImportEvent(Event):
    subject: ClassVar[str] = "batch"
    audience: ClassVar[str] = "staff"

    batch_id: int


@dataclass(frozen=True, kw_only=True)
class ImportStaged(ImportEvent):
    """A file was read and compared with the register."""

    name: ClassVar[str] = "imports.import_staged"

    sha256: str
    new: int
    changed: int
    unchanged: int
    conflict: int
    refused: int


@dataclass(frozen=True, kw_only=True)
class ImportStarted(ImportEvent):
    """Somebody decided to write a staged file into the register."""

    name: ClassVar[str] = "imports.import_started"

    rows: int
    left_out: int


@dataclass(frozen=True, kw_only=True)
class ImportApplied(ImportEvent):
    name: ClassVar[str] = "imports.import_applied"

    rows: int


@dataclass(frozen=True, kw_only=True)
class ImportUndoStarted(ImportEvent):
    """Somebody decided to take a written file back."""

    name: ClassVar[str] = "imports.import_undo_started"

    reason: str


@dataclass(frozen=True, kw_only=True)
class ImportUndone(ImportEvent):
    name: ClassVar[str] = "imports.import_undone"

    rows: int
    kept: int


@dataclass(frozen=True, kw_only=True)
class ImportDiscarded(ImportEvent):
    """A staged file was thrown away without writing anything."""

    name: ClassVar[str] = "imports.import_discarded"
