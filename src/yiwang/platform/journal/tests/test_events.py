import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, ClassVar

import pytest

from yiwang.platform.journal.events import Event, fields_of


@dataclass(frozen=True, kw_only=True)
class EverythingHappened(Event):
    name: ClassVar[str] = "test.everything_happened"
    subject: ClassVar[str] = "thing"

    thing_id: int
    word: str = "周文娟"
    sure: bool = True
    on: dt.date = dt.date(2026, 3, 2)
    at: dt.datetime = dt.datetime(2026, 3, 2, 9, 30, tzinfo=dt.UTC)
    amount: Decimal = Decimal("12.30")
    maybe: dt.date | None = None
    numbers: tuple[int, ...] = (1, 2)
    days: list[dt.date] = field(default_factory=lambda: [dt.date(2026, 3, 3)])
    facts: Any = None


def test_an_event_survives_its_way_through_json():
    event = EverythingHappened(thing_id=7, maybe=dt.date(2026, 3, 4), facts={"a": [1, None]})

    assert EverythingHappened(**fields_of(EverythingHappened, event.as_json())) == event
    assert event.subject_id == 7


def test_older_entries_without_a_field_and_with_a_dropped_one_still_deliver():
    assert fields_of(EverythingHappened, {"thing_id": 7, "dropped": 1}) == {"thing_id": 7}


@pytest.mark.parametrize("secret", [object(), b"x", 1.5, {1: 2}])
def test_an_event_refuses_what_is_no_plain_value(secret):
    with pytest.raises(TypeError, match="plain values"):
        EverythingHappened(thing_id=7, facts=secret).as_json()
