"""Codes, requests and transfers for tests, made by the very actions and the shipped services."""

import datetime as dt
from itertools import count

from yiwang.grassroots.joining import actions
from yiwang.kernel.clock import add_days, now, today
from yiwang.net.cases.actions import submit_case
from yiwang.net.catalogue.actions import load_seed
from yiwang.net.catalogue.queries import current_version
from yiwang.register.accounts.models import User
from yiwang.register.members.tests.factories import person
from yiwang.register.organisations.models import Organisation

KEYS, PHONES = count(1), count(1)
ANSWERS = {"new_form": "N03", "platform": "城东配送站"}
CONSENTS = [{"key": "truthful", "text": "我自愿加入工会"}]


def services() -> None:
    load_seed()


def code(union, *, by, **more):
    given = {
        "name": "驿站入会",
        "kind": "station",
        "valid_from": today(),
        "valid_until": add_days(today(), 30),
        "most": 9,
    }
    if union.kind == "D1":  # a pool's people are reviewed by the town
        more.setdefault("office", Organisation.objects.get(name="玉山镇总工会"))
    return actions.open_campaign(union, by=by, **{**given, **more})


def scan(campaign, person, *, device="a", **more):
    by = more.pop("by", None) or person.user
    answers = more.pop("answers", ANSWERS)
    return actions.join_by_code(campaign, person, answers=answers, device=device, consents=CONSENTS, by=by, **more)


def ask_to_move(person, union, *, at: dt.datetime | None = None, since: str = "2026-01-01"):
    """By the general form of MB-0003, as the worker's telephone sends it; the reaction is called at once."""
    answers = {
        "name": person.name,
        "organisation": {"value": union.public_id, "label": union.name},
        "reason": "job_change",
        "since": since,
    }
    case = submit_case(
        current_version("MB-0003"),
        applicant=person,
        answers=answers,
        by=person.user,
        idempotency_key=f"move:{next(KEYS)}",
        now=at or now(),
    )
    actions.note_submitted(case.pk)
    case.refresh_from_db()
    return case


def newcomer(name: str):
    """Somebody with an account of their own who belongs to no union."""
    made = person(name)
    made.user = User.objects.create(phone=f"1370000{next(PHONES):04d}", name=name)
    made.save(update_fields=["user"])
    return made
