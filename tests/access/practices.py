"""Concrete records of practices: one of 恒达精密 waits at the town, one is shown and tried by the county."""

from typing import Any

from yiwang.grassroots.practices import actions
from yiwang.grassroots.practices.models import Adoption, Practice
from yiwang.grassroots.practices.tests.factories import shown, told

Kwargs = dict[str, str | int]


def _kept(world: Any, name: str, make: Any) -> Any:
    """Made once for each world."""
    if name not in world.__dict__:
        world.__dict__[name] = make(world)
    return world.__dict__[name]


def _sent(world: Any) -> Practice:
    practice = told(world.cast)
    actions.send_up(practice, by=world.cast.chair)
    return practice


def _shown(world: Any) -> Practice:
    return _kept(world, "_practice_shown", lambda world: shown(world.cast, title="站点墙上一张办事码"))  # type: ignore[no-any-return]


def _adoption(world: Any) -> Adoption:
    return actions.begin_adoption(_shown(world), world.cast.county, plan="先试一个驿站", by=world.cast.handler)


def sent(world: Any) -> Kwargs:
    return {"public_id": _kept(world, "_practice_sent", _sent).public_id}


def adoption(world: Any) -> Kwargs:
    return {"public_id": _kept(world, "_practice_adoption", _adoption).public_id}


SAMPLES = {
    "practices:shown-detail": lambda world: {"public_id": _shown(world).public_id},
    "practices:practice-detail": sent,
    "practices:practice-edit": sent,
    "practices:practice-act": lambda world: {**sent(world), "act": "show"},
    "practices:map-of": lambda world: {"public_id": _shown(world).public_id},
    "practices:adoption-report": adoption,
    "practices:adoption-stop": adoption,
}


def make_all(world: Any) -> None:
    """Before the first test: what is made within one test is undone with it."""
    for sample in SAMPLES.values():
        sample(world)
