"""Concrete records of the net for the walk: a bundle of 周文娟 with a part that waits for another."""

from typing import Any

from yiwang.net.cases.actions import submit_bundle
from yiwang.net.cases.models import Bundle
from yiwang.net.cases.tests.factories import make_service, step

Kwargs = dict[str, str | int]


def _bundle(world: Any) -> Bundle:
    """Made once for each world."""
    if "_bundle" not in world.__dict__:
        for code in ("MB-0981", "MB-0982"):
            make_service(code, steps=[step("decide")])
        parts = [{"code": "MB-0981"}, {"code": "MB-0982", "needs": "MB-0981"}]
        cast = world.cast
        world.__dict__["_bundle"] = submit_bundle(
            make_service("BD-0981", bundle=parts),
            applicant=cast.wenjuan_person,
            answers={"reason": "一次办好"},
            by=cast.wenjuan,
            idempotency_key="access:bundle",
        )
    made: Bundle = world.__dict__["_bundle"]
    return made


def bundle(world: Any) -> Kwargs:
    return {"bundle": _bundle(world).public_id}


def part(world: Any) -> Kwargs:
    return {**bundle(world), "code": "MB-0982"}


SAMPLES = {
    "cases:bundle-detail": bundle,
    "cases:bundle-done": bundle,
    "cases:part-withdraw": part,
    "api-v1:one_bundle": bundle,
    **dict.fromkeys(
        (
            "api-v1:matter",
            "api-v1:supplement",
            "api-v1:supplement_file",
            "api-v1:urge",
            "api-v1:write",
            "api-v1:withdraw",
            "api-v1:review",
            "api-v1:rating",
        ),
        lambda world: {"number": world.case.number},
    ),
}


def make_all(world: Any) -> None:
    """Before the first page is asked for: what is made later would be rolled back with it."""
    _bundle(world)
