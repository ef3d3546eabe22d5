"""What happens to practices from below."""

from dataclasses import dataclass
from typing import ClassVar

from yiwang.platform.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class PracticeEvent(Event):
    subject: ClassVar[str] = "practice"
    audience: ClassVar[str] = "staff"

    practice_id: int


@dataclass(frozen=True, kw_only=True)
class PracticeTold(PracticeEvent):
    name: ClassVar[str] = "practices.told"

    organisation_id: int


@dataclass(frozen=True, kw_only=True)
class PracticeEdited(PracticeEvent):
    name: ClassVar[str] = "practices.edited"

    fields: list[str]


@dataclass(frozen=True, kw_only=True)
class PracticeMoved(PracticeEvent):
    """Sent, returned, shown to everybody, withdrawn."""

    name: ClassVar[str] = "practices.moved"

    state: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class AdoptionBegun(PracticeEvent):
    name: ClassVar[str] = "practices.adoption_begun"

    adoption_id: int
    organisation_id: int


@dataclass(frozen=True, kw_only=True)
class AdoptionReported(PracticeEvent):
    name: ClassVar[str] = "practices.adoption_reported"

    adoption_id: int
    verdict: str


@dataclass(frozen=True, kw_only=True)
class AdoptionStopped(PracticeEvent):
    name: ClassVar[str] = "practices.adoption_stopped"

    adoption_id: int


@dataclass(frozen=True, kw_only=True)
class PracticePromoted(PracticeEvent):
    """By a county, a city or the province, on so many good reports."""

    name: ClassVar[str] = "practices.promoted"

    organisation_id: int
    level: int
    reports: int


@dataclass(frozen=True, kw_only=True)
class PromotionEnded(PracticeEvent):
    name: ClassVar[str] = "practices.promotion_ended"

    organisation_id: int
