"""What belongings say by the rules, and what a call after leaving says. Plain Python."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Thing:
    """One belonging: ``holding`` own, joint or used; ``use`` of a vehicle; ``controls`` of a company."""

    kind: str
    holding: str = "own"
    area: Decimal | None = None
    use: str = ""
    value: Decimal | None = None
    controls: bool = False


def excluded_by(things: Sequence[Thing], *, people: int, homes: int, area_each: int) -> Iterator[str]:
    """Exclusions of RI 1.6: homes above number and area, a vehicle that replaces no leg, a company one controls.

    Homes whose area nobody has written down yet count as large: who tells it takes the exclusion away.
    """
    own = [thing for thing in things if thing.kind == "home" and thing.holding != "used"]
    areas = [thing.area for thing in own]
    if len(own) >= homes and (None in areas or sum(area or 0 for area in areas) > area_each * max(people, 1)):
        yield "homes"
    if any(thing.kind == "vehicle" and thing.use != "aid" for thing in things):
        yield "vehicle"
    if any(thing.kind == "company" and thing.controls for thing in things):
        yield "controls_company"


def savings(things: Iterable[Thing]) -> Decimal:
    """Deposits, securities and the like of all of them."""
    return sum((thing.value or Decimal(0) for thing in things if thing.kind == "money"), Decimal(0))


@dataclass(frozen=True)
class Told:
    """What a household told on the telephone."""

    is_worse: bool
    net: Decimal | None
    bill: Decimal | None
    lost_job: bool
    had_accident: bool


def relapse_signs(told: Told, *, line: Decimal, multiple: Decimal, bill: Decimal) -> list[str]:
    """R29: new costs of illness, the only earner out of work, an accident, or less than so many times the line."""
    signs = {
        "bill": told.bill is not None and told.bill > bill,
        "job": told.lost_job,
        "accident": told.had_accident,
        "income": told.net is not None and told.net < line * multiple,
        "worse": told.is_worse,
    }
    return [sign for sign, is_there in signs.items() if is_there]
