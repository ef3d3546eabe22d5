"""Requests of the case line, and lists of unions, come into the open programme nearby; without one they stay ordinary
requests."""

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from yiwang.kernel import clock
from yiwang.kernel.clock import local_date
from yiwang.net.cases.actions import write_note
from yiwang.net.cases.models import Case
from yiwang.net.cases.queries.facts import fen
from yiwang.register.accounts.models import User
from yiwang.register.members.models import Person
from yiwang.rights.aid.actions.naming import find_member
from yiwang.rights.aid.actions.places import enter
from yiwang.rights.aid.errors_programmes import AlreadyIn
from yiwang.rights.aid.kinds import SPECS
from yiwang.rights.aid.models import Place, Programme
from yiwang.rights.aid.policies_programmes import members_to_name
from yiwang.rights.aid.queries_programmes import place_of_case, programme_for

STAGES = {"senior": "high_school", "college": "higher", "bachelor": "higher", "postgraduate": "higher"}
LISTS = tuple(code for spec in SPECS.values() for code in spec.lists)
PURPOSES = {"claim": Place.Purpose.CLAIM, "join": Place.Purpose.JOIN}


@transaction.atomic
def enter_for_case(case: Case, *, now: dt.datetime | None = None) -> Place | None:
    """Bears repeating: a request has one place."""
    now = now or clock.now()
    if case.service_code in LISTS:
        enter_list_of(case, now=now)
        return None
    known = place_of_case(case.pk)
    if known is not None or case.applicant is None or case.merged_into_id is not None or not case.is_open:
        return known
    answers = {**case.answers, **json.loads(case.sensitive_answers or "{}")}
    purpose = PURPOSES.get(answers.get("kind", ""), Place.Purpose.AID)
    programme = programme_for(case.service_code, case.organisation, local_date(now))
    if programme is None or (case.service_code == "MA-0001" and purpose == Place.Purpose.AID):
        return None
    try:
        with transaction.atomic():
            return enter(
                programme,
                case.applicant,
                by=case.submitted_by,
                told=told_by(answers),
                purpose=purpose,
                case=case,
                now=now,
            )
    except AlreadyIn:
        return None  # named by the union before: the desk answers this request on its own page


def enter_list_of(case: Case, *, now: dt.datetime) -> list[Place]:
    """A union hands in whom it would visit, by name: its own members come in, the others are left to the desk."""
    programme = programme_for(case.service_code, case.organisation, local_date(now))
    by = case.submitted_by
    if programme is None or by is None or not case.is_open or Place.objects.filter(listed_in=case).exists():
        return []
    members = members_to_name(by, programme)
    places: list[Place] = []
    left: list[str] = []
    for row in case.answers.get("people", []):
        membership = find_member(row["name"].strip(), members)
        place = _enter_row(programme, case, membership.person, row["why"], now) if membership else None
        if place is None:
            left.append(row["name"])
        else:
            places.append(place)
    _tell_desk(case, programme.name, len(places), left, by=by, now=now)
    return places


def _enter_row(programme: Programme, case: Case, person: Person, why: str, now: dt.datetime) -> Place | None:
    try:
        with transaction.atomic():
            told = {"visit_reason": why}
            return enter(programme, person, by=case.submitted_by, told=told, listed_in=case, now=now)
    except AlreadyIn:
        return None


def _tell_desk(case: Case, programme: str, entered: int, left: list[str], *, by: User, now: dt.datetime) -> None:
    with override("zh-hans"):
        text = _("已登记进“{programme}”{n}人。").format(programme=programme, n=entered)
        if left:
            names = "、".join(left)
            text += _("没有登记的：{names}。他们已经在项目里，或者没有找到、不止一个同名。").format(names=names)
    if not case.notes.filter(text=text).exists():
        write_note(case, text=text, by=by, now=now)


def told_by(answers: Mapping[str, Any]) -> dict[str, Any]:
    """What the form says, in words of the rules. What it does not say is asked at the desk."""
    told: dict[str, Any] = {}
    if answers.get("school_stage") in STAGES:
        told["school_stage"] = STAGES[answers["school_stage"]]
    paid = fen(answers.get("medical_self_paid"))
    if paid is not None:
        told["mutual_self_paid"] = paid
    if answers.get("before") == "yes":
        told["rested_lately"] = True
    return told
