"""Requests of the case line come into the open programme nearby; without one they stay ordinary requests."""

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from yiwang.kernel import clock
from yiwang.kernel.clock import local_date
from yiwang.net.cases.models import Case
from yiwang.net.cases.queries.facts import fen
from yiwang.rights.aid.actions.places import enter
from yiwang.rights.aid.errors_programmes import AlreadyIn
from yiwang.rights.aid.models import Place
from yiwang.rights.aid.queries_programmes import place_of_case, programme_for

STAGES = {"senior": "high_school", "college": "higher", "bachelor": "higher", "postgraduate": "higher"}
PURPOSES = {"claim": Place.Purpose.CLAIM, "join": Place.Purpose.JOIN}


@transaction.atomic
def enter_for_case(case: Case, *, now: dt.datetime | None = None) -> Place | None:
    """Bears repeating: a request has one place."""
    now = now or clock.now()
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
