from dataclasses import dataclass
from typing import ClassVar

from yiwang.platform.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class ListExported(Event):
    """Somebody took a list out of the house as a file."""

    name: ClassVar[str] = "ui.list_exported"
    subject: ClassVar[str] = "user"
    audience: ClassVar[str] = "staff"

    user_id: int
    table: str
    rows: int
    kind: str
