from dataclasses import dataclass
from typing import ClassVar

from yiwang.platform.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class DocumentUploaded(Event):
    """A file was taken: scanned and ready, or waiting to be scanned."""

    name: ClassVar[str] = "files.document_uploaded"
    subject: ClassVar[str] = "document"

    document_id: int
    of: str
    of_id: int
    kind: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class DocumentClaimed(Event):
    """A draft's uploads became part of what was handed in."""

    name: ClassVar[str] = "files.document_claimed"
    subject: ClassVar[str] = "document"

    document_id: int
    of: str
    of_id: int


@dataclass(frozen=True, kw_only=True)
class DocumentOpened(Event):
    """Somebody other than who uploaded it opened a document."""

    name: ClassVar[str] = "files.document_opened"
    subject: ClassVar[str] = "document"

    document_id: int
    of: str
    of_id: int


@dataclass(frozen=True, kw_only=True)
class DocumentQuarantined(Event):
    """The scanner found something; nobody can open the document any more."""

    name: ClassVar[str] = "files.document_quarantined"
    subject: ClassVar[str] = "document"
    audience: ClassVar[str] = "staff"

    document_id: int
    of: str
    of_id: int
    virus: str


@dataclass(frozen=True, kw_only=True)
class DocumentRemoved(Event):
    """A document was taken out by who uploaded it, or its time was over; its content is gone."""

    name: ClassVar[str] = "files.document_removed"
    subject: ClassVar[str] = "document"

    document_id: int
    of: str
    of_id: int
    reason: str  # by_owner | expired | place_gone
