"""Concrete records of hardship aid: an answer that can be appealed, a family to call."""

import datetime as dt
from decimal import Decimal
from typing import Any

from yiwang.kernel import clock
from yiwang.net.catalogue.actions import load_seed
from yiwang.net.payments.tests.factories import make_fund
from yiwang.platform.draws.actions import announce_draw
from yiwang.platform.draws.models import Draw
from yiwang.rights.aid.actions import (
    check_place,
    decide_file,
    enter,
    make_programme,
    open_programme,
    prepare_decision,
    refuse_place,
)
from yiwang.rights.aid.models import Asset, Decision, Doubled, Outreach, Place, Programme, Sample, Screening
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


def _programme(cast: Any) -> Programme:
    """The county's visits, with places of 孙志伟 (checked) and 周文娟; both doubled."""
    made = make_programme(
        cast.county,
        kind="warmth",
        name="冬季送温暖",
        choice="rules",
        opens_on=clock.today(),
        closes_on=clock.today(),
        quota=9,
        budget=Decimal(5000),
        fund=make_fund(cast, year=clock.today().year),
        by=cast.approver,
    )
    open_programme(made, by=cast.approver)
    for person in (cast.wenjuan_person, cast.stranger_person):
        place = enter(made, person, told={"visit_reason": "front"}, by=None)
        check_place(place, told={}, by=cast.handler)
        Doubled.objects.create(place=place, signal="item", detail="今年发过", found_at=of_aid.NOW)
    return made


def programme(world: Any) -> Kwargs:
    return {"public_id": _kept(world, "_aid_programme", _programme).public_id}


def place(world: Any) -> Kwargs:
    """周文娟's own, and of her union and those above."""
    programme(world)
    return {"public_id": Place.objects.get(person=world.cast.wenjuan_person, programme__kind="warmth").public_id}


def _answered(cast: Any) -> Place:
    """An answer of another programme: its receipt can be taken home."""
    made = make_programme(
        cast.county, kind="rest", name="疗休养", choice="rules", opens_on=clock.today(), closes_on=clock.today(),
        quota=9, budget=Decimal(0), fund=None, by=cast.approver,
    )  # fmt: skip
    open_programme(made, by=cast.approver)
    place = enter(made, cast.wenjuan_person, by=None)
    check_place(place, told={}, by=cast.handler)
    refuse_place(place, reason="今年去过了", by=cast.approver)
    return place


def answered(world: Any) -> Kwargs:
    return {"public_id": _kept(world, "_aid_answered", _answered).public_id}


def double(world: Any) -> Kwargs:
    return {"public_id": Doubled.objects.get(place__public_id=place(world)["public_id"]).public_id}


def sample(world: Any) -> Kwargs:
    """The city looks again at the household on file."""
    known = {"file": world.aid_file, "body": world.cast.city}
    made, _is_new = Sample.objects.get_or_create(**known, defaults={"why": "random", "drawn_on": clock.today()})
    return {"public_id": made.public_id}


def _draw(cast: Any) -> Draw:
    return announce_draw(
        "疗休养", organiser="昆山市总工会", places=1, tickets=["AAAAAAAA", "BBBBBBBB"], source="双色球",
        draws_on=clock.today() + dt.timedelta(days=9), subject="access", subject_id=1, by=cast.approver,
    )  # fmt: skip


def draw(world: Any) -> Kwargs:
    return {"public_id": _kept(world, "_aid_draw", _draw).public_id}


def asset(world: Any) -> Kwargs:
    """Written straight into the table: the action would make the proposal of this household stale."""
    made, _is_new = Asset.objects.get_or_create(file=world.aid_file, kind="shop", defaults={"noted_on": clock.today()})
    return {"public_id": world.aid_file.public_id, "asset": made.public_id}


SAMPLES = {
    "aid:asset-void": asset,
    "aid:roll": lambda world: {"kind": "file"},
    "draws:draw-file": draw,
    "portal:draw-detail": draw,
    "aid:file-form": lambda world: {"public_id": world.aid_file.public_id, "form": "application"},
    "aid:file-national": lambda world: {"public_id": world.aid_file.public_id},
    "aid:own-place": place,
    "aid:own-place-receipt": answered,
    "aid:programme-detail": programme,
    "aid:programme-change": programme,
    "aid:programme-names": programme,
    "aid:programme-paper": programme,
    "aid:programme-act": lambda world: {**programme(world), "act": "close"},
    "aid:place-detail": place,
    "aid:place-act": lambda world: {**place(world), "act": "refuse"},
    "aid:double-resolve": double,
    "aid:own-receipt": answer,
    "aid:own-appeal": answer,
    "aid:own-receipt-file": lambda world: {**answer(world), "form": "json"},
    "aid:family-detail": family,
    "aid:sample-detail": sample,
    "aid:sampling-act": lambda world: {"act": "draw"},
    "aid:outreach-list": seeded,
    "aid:outreach-start": seeded,
}


def make_all(world: Any) -> None:
    """Before the first test: what is made within one test is undone with it."""
    for sample in SAMPLES.values():
        sample(world)
