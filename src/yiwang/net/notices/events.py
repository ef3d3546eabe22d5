"""Facts about public notices. None says who objected."""

from dataclasses import dataclass
from typing import ClassVar

from yiwang.platform.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class NoticeEvent(Event):
    subject: ClassVar[str] = "notice"
    audience: ClassVar[str] = "staff"

    notice_id: int
    source: str
    source_id: int


@dataclass(frozen=True, kw_only=True)
class NoticePosted(NoticeEvent):
    name: ClassVar[str] = "notices.notice_posted"


@dataclass(frozen=True, kw_only=True)
class NoticeObjected(NoticeEvent):
    name: ClassVar[str] = "notices.notice_objected"


@dataclass(frozen=True, kw_only=True)
class ObjectionAnswered(NoticeEvent):
    name: ClassVar[str] = "notices.objection_answered"

    upheld: bool


@dataclass(frozen=True, kw_only=True)
class NoticeEnded(NoticeEvent):
    name: ClassVar[str] = "notices.notice_ended"

    result: str


@dataclass(frozen=True, kw_only=True)
class NoticeWithdrawn(NoticeEvent):
    name: ClassVar[str] = "notices.notice_withdrawn"

    reason: str
