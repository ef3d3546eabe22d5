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


@dataclass(frozen=True, kw_only=True)
class AliasProposed(Event):
    """Somebody says what a word should lead to; nothing changes before another person publishes it."""

    name: ClassVar[str] = "text.alias_proposed"
    subject: ClassVar[str] = "alias_proposal"
    audience: ClassVar[str] = "staff"

    alias_proposal_id: int
    word: str
    codes: str
    terms: str
    is_active: bool


@dataclass(frozen=True, kw_only=True)
class AliasDeclined(AliasProposed):
    name: ClassVar[str] = "text.alias_declined"
