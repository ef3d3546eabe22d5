from dataclasses import dataclass
from typing import ClassVar

from yiwang.platform.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class DraftOpened(Event):
    """Somebody began to fill in a form."""

    name: ClassVar[str] = "forms.draft_opened"
    subject: ClassVar[str] = "draft"

    draft_id: int
    key: str


@dataclass(frozen=True, kw_only=True)
class DraftRenewed(Event):
    """A draft moved to a newer version of its form; some answers may have fallen away."""

    name: ClassVar[str] = "forms.draft_renewed"
    subject: ClassVar[str] = "draft"

    draft_id: int
    kept: list[str]
    dropped: list[str]
    new: list[str]


@dataclass(frozen=True, kw_only=True)
class DraftDiscarded(Event):
    """A draft was thrown away by its owner, or its time ran out; its uploads are no longer needed."""

    name: ClassVar[str] = "forms.draft_discarded"
    subject: ClassVar[str] = "draft"

    draft_id: int
    key: str
    reason: str  # by_owner | expired


@dataclass(frozen=True, kw_only=True)
class DraftFinished(Event):
    """What the draft held was handed in; its uploads were claimed by what came of it."""

    name: ClassVar[str] = "forms.draft_finished"
    subject: ClassVar[str] = "draft"

    draft_id: int
    key: str
