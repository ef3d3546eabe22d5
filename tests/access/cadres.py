"""Concrete records of cadres: 顾晓东 of 玉山镇, with a task, a log, hours and an evaluation."""

from decimal import Decimal
from typing import Any

from yiwang.grassroots.cadres import actions
from yiwang.grassroots.cadres.models import Area, Cadre, Evaluation, LedgerEntry, Post, Task, Team, Training, WorkLog
from yiwang.grassroots.cadres.tests.factories import log, officer, person, rated, serving, task
from yiwang.kernel.clock import today

Kwargs = dict[str, str | int]


def _kept(world: Any, name: str, make: Any) -> Any:
    """Made once for each world."""
    if name not in world.__dict__:
        world.__dict__[name] = make(world)
    return world.__dict__[name]


def _cadre(world: Any) -> Cadre:
    return _kept(world, "_cadre", lambda world: officer(world.cast))  # type: ignore[no-any-return]


def _area(world: Any) -> Area:
    return _kept(  # type: ignore[no-any-return]
        world, "_cadre_area", lambda world: actions.give_area(_cadre(world), world.cast.unit, by=world.cast.handler)
    )


def _task(world: Any) -> Task:
    return _kept(world, "_cadre_task", lambda world: task(world.cast, _cadre(world)))  # type: ignore[no-any-return]


def _log(world: Any) -> WorkLog:
    return _kept(world, "_cadre_log", lambda world: log(_cadre(world), by=world.cast.town_officer))  # type: ignore[no-any-return]


def _claimed(world: Any) -> Training:
    facts = {"title": "任职班", "field": "union", "mode": "together", "starts_on": today(), "ends_on": today()}
    return actions.claim_training(_cadre(world), hours=Decimal(7), by=world.cast.town_officer, **facts)


def _training(world: Any) -> Training:
    return _kept(world, "_cadre_training", _claimed)  # type: ignore[no-any-return]


def _evaluation(world: Any) -> Evaluation:
    return _kept(world, "_cadre_evaluation", lambda world: rated(world.cast, _cadre(world)))  # type: ignore[no-any-return]


def _entered(world: Any) -> LedgerEntry:
    """Of a guide who is nobody's account: everybody else gets no page."""
    guide = serving(world.cast, team=Team.BARGAINING, post=Post.GUIDE, who=person("指导员"))
    return actions.keep_ledger(guide, world.cast.employer, entry=None, year=2026, kind="wage", by=None)


def cadre(world: Any) -> Kwargs:
    return {"public_id": _cadre(world).public_id}


SAMPLES = {
    "cadres:cadre-detail": cadre,
    "cadres:cadre-act": lambda world: {**cadre(world), "act": "suspend"},
    "cadres:area-end": lambda world: {**cadre(world), "area": _area(world).public_id},
    "cadres:evaluation-new": cadre,
    "cadres:task-finish": lambda world: {"public_id": _task(world).public_id},
    "cadres:task-act": lambda world: {"public_id": _task(world).public_id, "act": "cancel"},
    "cadres:training-act": lambda world: {"public_id": _training(world).public_id, "act": "approve"},
    "cadres:log-detail": lambda world: {"public_id": _log(world).public_id},
    "cadres:ledger-edit": lambda world: {"public_id": _kept(world, "_cadre_ledger", _entered).public_id},
    "cadres:evaluation-detail": lambda world: {"public_id": _evaluation(world).public_id},
    "cadres:evaluation-act": lambda world: {"public_id": _evaluation(world).public_id, "act": "confirm"},
    "cadres:indicator-rows": lambda world: {"key": "towns"},
    "cadres:paper": lambda world: {"kind": "roster", "form": "docx"},
}


def make_all(world: Any) -> None:
    """Before the first test: what is made within one test is undone with it."""
    for sample in SAMPLES.values():
        sample(world)
