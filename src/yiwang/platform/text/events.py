"""What happens to the words of search."""

from dataclasses import dataclass
from typing import ClassVar

from yiwang.platform.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class AliasSaved(Event):
    """An editor said what an everyday word means."""

    name: ClassVar[str] = "text.alias_saved"
    subject: ClassVar[str] = "alias"
    audience: ClassVar[str] = "staff"

    alias_id: int
    word: str
    codes: str
    terms: str
    is_active: bool
