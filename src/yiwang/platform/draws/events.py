"""Facts about draws: hashes and counts, never whose ticket it is."""

from dataclasses import dataclass
from typing import ClassVar

from yiwang.platform.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class DrawEvent(Event):
    subject: ClassVar[str] = "draw"

    draw_id: int


@dataclass(frozen=True, kw_only=True)
class DrawAnnounced(DrawEvent):
    name: ClassVar[str] = "draws.draw_announced"

    commitment: str
    entries: int
    places: int


@dataclass(frozen=True, kw_only=True)
class DrawHeld(DrawEvent):
    """The public value exists and the secret was told: the order follows."""

    name: ClassVar[str] = "draws.draw_held"

    public: str
    seed: str


@dataclass(frozen=True, kw_only=True)
class DrawVoided(DrawEvent):
    name: ClassVar[str] = "draws.draw_voided"

    reason: str
