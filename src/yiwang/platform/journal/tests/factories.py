from dataclasses import dataclass
from typing import ClassVar

from yiwang.platform.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class DoorOpened(Event):
    name: ClassVar[str] = "test.door_opened"
    subject: ClassVar[str] = "door"

    door_id: int
    how: str = "key"


@dataclass(frozen=True, kw_only=True)
class DoorInspected(Event):
    name: ClassVar[str] = "test.door_inspected"
    subject: ClassVar[str] = "door"
    audience: ClassVar[str] = "staff"

    door_id: int


CALLS: list[tuple[str, int, str]] = []


def ring_bell(*, door_id: int, how: str) -> None:
    CALLS.append(("bell", door_id, how))


def break_down(*, door_id: int, how: str) -> None:
    raise RuntimeError("broken reaction")


REACTIONS = {DoorOpened: (ring_bell, break_down)}
