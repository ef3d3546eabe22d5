"""What happens to figures."""

from dataclasses import dataclass
from typing import ClassVar

from yiwang.platform.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class CounterRepaired(Event):
    """A recount found a figure that did not agree with its rows, and set it right."""

    name: ClassVar[str] = "counters.counter_repaired"
    subject: ClassVar[str] = "counter"
    audience: ClassVar[str] = "staff"

    counter_id: int
    counter: str
    path: str
    day: str
    was: int
    now: int
