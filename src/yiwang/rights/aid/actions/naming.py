"""A list of names as a union writes it becomes places: all of them, or none and the lines that were not found."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from yiwang.register.accounts.models import User
from yiwang.register.members.models import Membership
from yiwang.rights.aid.actions.places import enter
from yiwang.rights.aid.errors_programmes import UnknownName
from yiwang.rights.aid.models import Place, Programme

TAIL = 4


@transaction.atomic
def name_people(
    programme: Programme, text: str, *, told: Mapping[str, Any], members: QuerySet[Membership], by: User
) -> list[Place]:
    lines = list(dict.fromkeys(" ".join(line.split()) for line in text.splitlines() if line.strip()))
    found = {line: find_member(line, members) for line in lines}
    unknown = [line for line, membership in found.items() if membership is None]
    if unknown:
        raise UnknownName("、".join(unknown[:20]))
    purpose = Place.Purpose.JOIN if programme.is_mutual else Place.Purpose.AID
    people = [membership.person for membership in found.values() if membership]
    return [enter(programme, person, told=told, purpose=purpose, by=by) for person in people]


def find_member(line: str, members: QuerySet[Membership]) -> Membership | None:
    """The one of that name; with the last four digits of the telephone where there are more."""
    name, _space, tail = line.rpartition(" ")
    if not (name and tail.isdigit() and len(tail) == TAIL):
        name, tail = line, ""
    same = [one for one in members.filter(person__name=name)[:50] if (one.person.phone or "").endswith(tail)]
    return same[0] if len(same) == 1 else None
