"""What one due clock shows. Whoever owns a deadline makes the face; the part only draws it."""

from dataclasses import dataclass
from typing import Literal

State = Literal["run", "soon", "today", "over", "paused", "done"]
CIRCUMFERENCE = 50.27  # of the ring's radius 8 on a grid of 20


@dataclass(frozen=True)
class ClockFace:
    """``used`` of ``total`` is the share of time gone (any unit); ``text`` and ``subtext`` are the words beside it."""

    state: State
    used: float
    total: float
    text: str
    subtext: str = ""

    @property
    def share(self) -> float:
        if self.total <= 0:
            return 1.0
        return min(max(self.used / self.total, 0.0), 1.0)

    @property
    def percent(self) -> int:
        return round(self.share * 100)

    @property
    def dashes(self) -> str:
        return f"{self.share * CIRCUMFERENCE:.2f} {CIRCUMFERENCE}"
