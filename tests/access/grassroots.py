"""Concrete records of foundings and changes of the tree: all below 玉山镇, in the county of 昆山."""

from typing import Any

from yiwang.grassroots.founding.actions import draw_handover, start_founding, vacate_seat
from yiwang.grassroots.founding.models import Handover, Procedure
from yiwang.grassroots.founding.queries import committee_of
from yiwang.grassroots.founding.tests.factories import GROUP, firm, founded
from yiwang.grassroots.joining import actions as joining_actions
from yiwang.grassroots.joining.codes import code_of
from yiwang.grassroots.joining.models import Campaign
from yiwang.grassroots.joining.tests.factories import ask_to_move, code
from yiwang.net.cases.models import Case
from yiwang.net.cases.tests.factories import make_service, step
from yiwang.register.members.tests.factories import id_number
from yiwang.register.organisations.actions import propose_change
from yiwang.register.organisations.models import Organisation, TreeChange
from yiwang.register.organisations.queries import span_open

Kwargs = dict[str, str | int]


def _kept(world: Any, name: str, make: Any) -> Any:
    """Made once for each world."""
    if name not in world.__dict__:
        world.__dict__[name] = make(world.cast)
    return world.__dict__[name]


def _procedure(cast: Any) -> Procedure:
    """Waits for the town officer to send it."""
    return start_founding(cast.town, name="瑞芯显示工会", employers=[firm()], group=GROUP, by=cast.town_officer)


def _founded(cast: Any) -> Procedure:
    return founded(cast, members=12)


def _handover(cast: Any) -> Handover:
    procedure = founded(cast, members=13)
    assert procedure.organisation is not None
    term = committee_of(procedure.organisation)
    assert term is not None
    old, new = term.seats.get(post="chair"), term.seats.filter(post="member").first()
    assert new is not None
    vacate_seat(old, reason="resigned", by=cast.town_officer)
    new.post = "chair"
    new.save(update_fields=["post"])
    return draw_handover(procedure.organisation, old.person, by=cast.town_officer)


def _change(cast: Any) -> TreeChange:
    span_open(cast.unit, cast.unit.valid_from).save()  # the cast is made without its history
    return propose_change(cast.unit, "rename", by=cast.handler, reason="公司改名", name="恒达智造工会")


def procedure(world: Any) -> Kwargs:
    return {"public_id": _kept(world, "_procedure", _procedure).public_id}


def union(world: Any) -> Kwargs:
    return {"public_id": _kept(world, "_founded", _founded).organisation.public_id}


def change(world: Any) -> Kwargs:
    return {"public_id": _kept(world, "_change", _change).public_id}


def unit(world: Any) -> Kwargs:
    return {"public_id": world.cast.unit.public_id}


def county(world: Any) -> Kwargs:
    return {"public_id": world.cast.county.public_id}


def _pool(cast: Any) -> Organisation:
    return joining_actions.pool_of(cast.town)


def _code(cast: Any) -> Campaign:
    return code(_pool(cast), by=cast.town_officer)


def _asked(cast: Any) -> Case:
    """周文娟's colleague asks to join the unit: her chair and those above see it."""
    make_service("MB-0001", steps=[step("review"), step("decide", capability="cases.decide")])
    row = {"name": "田小一", "id_number": id_number()}
    made, _refused = joining_actions.submit_for_others(cast.unit, [row], by=cast.clerk, key="sample")
    return made[0]


def _moving(cast: Any) -> Case:
    first = step("release", level=7)
    make_service("MB-0003", steps=[first, step("receive", level=7, capability="cases.decide", at="organisation")])
    return ask_to_move(cast.wenjuan_person, cast.sibling_unit)


SAMPLES = {
    "joining:join": lambda world: {"code": code_of(_kept(world, "_code", _code))},
    "joining:join-second": lambda world: {"code": code_of(_kept(world, "_code", _code))},
    "joining:campaign-detail": lambda world: {"public_id": _kept(world, "_code", _code).public_id},
    "joining:campaign-poster": lambda world: {"public_id": _kept(world, "_code", _code).public_id},
    "joining:campaign-act": lambda world: {"public_id": _kept(world, "_code", _code).public_id, "act": "close"},
    "joining:pool-detail": lambda world: {"public_id": _kept(world, "_pool", _pool).public_id},
    "joining:request-detail": lambda world: {"number": _kept(world, "_asked", _asked).number},
    "joining:request-act": lambda world: {"number": _kept(world, "_asked", _asked).number, "act": "admit"},
    "joining:transfer-detail": lambda world: {"number": _kept(world, "_moving", _moving).number},
    "joining:transfer-act": lambda world: {"number": _kept(world, "_moving", _moving).number, "act": "release"},
    "founding:procedure-detail": procedure,
    "founding:procedure-act": lambda world: {**procedure(world), "act": "apply"},
    "founding:candidate-drop": lambda world: {**procedure(world), "candidate": "nobody"},
    "founding:paper-file": lambda world: {
        "public_id": _kept(world, "_founded", _founded).papers.order_by("pk").first().public_id,
        "form": "pdf",
    },
    "founding:union-detail": union,
    "founding:union-act": lambda world: {**union(world), "act": "elect"},
    "founding:union-act-item": lambda world: {**union(world), "act": "seal-back", "item": "nothing"},
    "founding:handover-detail": lambda world: {"public_id": _kept(world, "_handover", _handover).public_id},
    "organisations:change-detail": change,
    "organisations:change-act": lambda world: {**change(world), "act": "approve"},
    "organisations:closing-task": lambda world: {**change(world), "task": "seal"},
    "organisations:organisation-overview": county,
    "organisations:gap-list": county,
    "organisations:health-list": lambda world: {**county(world), "key": "no_staff"},
    "organisations:three-list": county,
    "organisations:employers-import": county,
    "organisations:organisation-on": county,
    "organisations:organisation-care": unit,
    "organisations:change-new": lambda world: {**unit(world), "kind": "rename"},
    "organisations:care-act": lambda world: {**unit(world), "act": "suspend"},
}


def make_all(world: Any) -> None:
    """Before the first test: what is made within one test is undone with it."""
    for sample in SAMPLES.values():
        sample(world)
