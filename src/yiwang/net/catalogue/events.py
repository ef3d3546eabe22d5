from dataclasses import dataclass
from typing import ClassVar

from yiwang.platform.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class _VersionEvent(Event):
    subject: ClassVar[str] = "service"
    audience: ClassVar[str] = "staff"

    service_id: int
    code: str
    number: int


@dataclass(frozen=True, kw_only=True)
class ServiceDrafted(_VersionEvent):
    name: ClassVar[str] = "catalogue.service_drafted"


@dataclass(frozen=True, kw_only=True)
class ServiceSubmitted(_VersionEvent):
    name: ClassVar[str] = "catalogue.service_submitted"


@dataclass(frozen=True, kw_only=True)
class ServiceReturned(_VersionEvent):
    name: ClassVar[str] = "catalogue.service_returned"

    reason: str


@dataclass(frozen=True, kw_only=True)
class ServicePublished(_VersionEvent):
    name: ClassVar[str] = "catalogue.service_published"


@dataclass(frozen=True, kw_only=True)
class ServiceSuspended(_VersionEvent):
    name: ClassVar[str] = "catalogue.service_suspended"

    reason: str


@dataclass(frozen=True, kw_only=True)
class ServiceResumed(_VersionEvent):
    name: ClassVar[str] = "catalogue.service_resumed"


@dataclass(frozen=True, kw_only=True)
class ServiceRetired(_VersionEvent):
    name: ClassVar[str] = "catalogue.service_retired"

    reason: str
