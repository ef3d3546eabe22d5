"""Concrete records of the register's care: 周文娟 with a second union, a pair, a merge, a group she leads."""

from typing import Any

from yiwang.kernel.clock import now
from yiwang.register.members import actions, cards
from yiwang.register.members.models import Conflict, Membership
from yiwang.register.members.tests.factories import member, person

Kwargs = dict[str, str | int]


def _kept(world: Any, name: str, make: Any) -> Any:
    """Made once for each world."""
    if name not in world.__dict__:
        world.__dict__[name] = make(world.cast)
    return world.__dict__[name]


def _second(cast: Any) -> Any:
    return actions.begin_affiliation(cast.wenjuan_person, cast.sibling_unit, by=cast.wenjuan)


def _pair(cast: Any) -> Conflict:
    return actions.note_conflict("D4", cast.wenjuan_person, other=person("周文娟"))


def _merge(cast: Any) -> Any:
    return actions.merge_persons(cast.wenjuan_person, person("周文娟"), reason="看过证件", by=cast.handler)


def _group(cast: Any) -> Any:
    group = actions.make_group(cast.unit, "装配一线小组", by=cast.clerk)
    held = Membership.objects.select_related("person").get(pk=cast.wenjuan_membership.pk)
    actions.put_in_group(group, [held, member(cast.unit, "陈静")], by=cast.clerk)
    actions.name_leader(group, held, by=cast.clerk)
    return group


def _release(cast: Any) -> Any:
    return actions.ask_release(
        cast.unit,
        address="/work/members/",
        told="",
        columns=["name"],
        fields=["id_number"],
        rows=1,
        purpose="参保",
        by=cast.clerk,
    )


SAMPLES = {
    "members:membership-edit": lambda _world: {"part": "about"},
    "members:affiliation-end": lambda world: {"public_id": _kept(world, "_second", _second).public_id},
    "members:own-group": lambda world: {"public_id": _kept(world, "_group", _group).public_id},
    "members:card-check": lambda world: {"code": cards.sign(world.cast.wenjuan_membership.public_id, now())},
    "members:conflict-detail": lambda world: {"public_id": _kept(world, "_pair", _pair).public_id},
    "members:conflict-act": lambda world: {"public_id": _kept(world, "_pair", _pair).public_id, "act": "hand-over"},
    "members:conflict-merge": lambda world: {"public_id": _kept(world, "_pair", _pair).public_id},
    "members:merge-undo": lambda world: {"public_id": _kept(world, "_merge", _merge).public_id},
    "members:quality": lambda world: {"public_id": world.cast.unit.public_id},
    "members:group-list": lambda world: {"public_id": world.cast.unit.public_id},
    "members:group-detail": lambda world: {"public_id": _kept(world, "_group", _group).public_id},
    "members:release-detail": lambda world: {"public_id": _kept(world, "_release", _release).public_id},
    "members:release-decide": lambda world: {"public_id": _kept(world, "_release", _release).public_id},
    "members:release-withdraw": lambda world: {"public_id": _kept(world, "_release", _release).public_id},
    "members:release-file": lambda world: {"public_id": _kept(world, "_release", _release).public_id},
    "members:person-standing": lambda world: {"public_id": world.cast.wenjuan_person.public_id},
    "members:person-edit": lambda world: {"public_id": world.cast.wenjuan_person.public_id},
}


def make_all(world: Any) -> None:
    """Before the first test: what is made within one test is undone with it."""
    for sample in SAMPLES.values():
        sample(world)
