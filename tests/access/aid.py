"""Concrete records of hardship aid: an answer that can be appealed, a family to call."""

from typing import Any

from yiwang.net.catalogue.actions import load_seed
from yiwang.rights.aid.actions import decide_file, prepare_decision
from yiwang.rights.aid.models import Decision, Outreach, Screening
from yiwang.rights.aid.tests import factories as of_aid

Kwargs = dict[str, str | int]


def _kept(world: Any, name: str, make: Any) -> Any:
    """Made once for each world."""
    if name not in world.__dict__:
        world.__dict__[name] = make(world.cast)
    return world.__dict__[name]


def _answer(cast: Any) -> Decision:
    """孙志伟's household was told no: their own answer, and that of the county."""
    file = of_aid.make_file(cast, applicant=cast.stranger_person)
    of_aid.at_county(cast, file)
    decision = prepare_decision(file, by=cast.handler)
    decide_file(decision, decided_class="none", reason="高于标准", by=cast.approver)
    return decision


def _family(cast: Any) -> Outreach:
    """周文娟 agreed to be told and has not asked."""
    load_seed()
    screening = Screening.objects.create(
        organisation=cast.county, service="HP-0001", on=of_aid.DAY, by=cast.handler, started_at=of_aid.NOW
    )
    return Outreach.objects.create(
        person=cast.wenjuan_person,
        organisation=cast.unit,
        screening=screening,
        service="HP-0001",
        reason="是会员",
        found_on=of_aid.DAY,
    )


def answer(world: Any) -> Kwargs:
    return {"public_id": _kept(world, "_aid_answer", _answer).public_id}


def family(world: Any) -> Kwargs:
    return {"public_id": _kept(world, "_aid_family", _family).public_id}


def seeded(world: Any) -> Kwargs:
    family(world)
    return {}


SAMPLES = {
    "aid:own-receipt": answer,
    "aid:own-appeal": answer,
    "aid:own-receipt-file": lambda world: {**answer(world), "form": "json"},
    "aid:family-detail": family,
    "aid:outreach-list": seeded,
    "aid:outreach-start": seeded,
}


def make_all(world: Any) -> None:
    """Before the first test: what is made within one test is undone with it."""
    for sample in SAMPLES.values():
        sample(world)
