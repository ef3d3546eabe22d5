"""What the API says and hears: public words only, no database ids."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Literal

from ninja import Field, Schema

RatingTag = Literal["speed", "guide", "ease", "site", "skill", "manner", "result"]


class Refusal(Schema):
    """Every refusal of every endpoint: ``code`` is stable, ``message`` is the sentence a person reads."""

    code: str
    message: str
    fields: dict[str, str] = {}


class ServiceOut(Schema):
    """One published service."""

    code: str
    version: int
    name: str
    name_en: str
    summary: str
    audience: list[str]
    promised: str
    visits: int
    fee: Decimal


class ServiceDetail(ServiceOut):
    """One published service with what a client needs to show its form."""

    form: dict[str, Any]
    materials: list[dict[str, str]]


class OrganisationOut(Schema):
    """One union body, as far as it is public."""

    id: str
    name: str
    above: str


class CaseOut(Schema):
    """One case, as its applicant or an officer in charge may read it."""

    number: str
    service: str
    title: str
    state: str
    state_text: str
    organisation: str
    submitted_at: dt.datetime
    due_at: dt.datetime | None


class CasePage(Schema):
    """Up to 50 cases; ``next`` is the value of ``after`` for the following page."""

    items: list[CaseOut]
    next: str | None


class Submission(Schema):
    """A request: which service, and the answers to its form by field key."""

    service: str
    answers: dict[str, Any]


class OptionOut(Schema):
    value: str
    zh: str
    en: str


class QuestionOut(Schema):
    """One question of the finder; ``several`` says that more than one option may be chosen."""

    key: str
    text: str
    text_en: str
    several: bool
    options: list[OptionOut]


class Answers(Schema):
    """Answers by question key: an option, or a list of options."""

    answers: dict[str, Any] = {}


class EntitlementOut(Schema):
    """Whether one service is for this person, and why: yes, open, one_missing, missing, no, or person."""

    code: str
    name: str
    verdict: str
    because: str
    missing: str
    gain: str


class PartOut(Schema):
    """One part of a bundle; ``case`` once it has started."""

    service: str
    title: str
    state: str
    state_text: str
    case: str | None


class BundleOut(Schema):
    """Several services asked for at once."""

    id: str
    title: str
    submitted_at: dt.datetime
    parts: list[PartOut]


class TimelineOut(Schema):
    title: str
    text: str
    time: str
    state: str


class CaseDetail(CaseOut):
    """One's own case with everything its page tells; ``may`` names what the applicant can do now."""

    timeline: list[TimelineOut]
    wanted: list[str]
    wanted_until: dt.datetime | None
    outcome: str
    reason: str
    other_ways: str
    appeal_until: dt.date | None
    may: list[str]


class DocumentOut(Schema):
    """One file that was taken."""

    id: str
    name: str
    size: int


class SupplementAnswer(Schema):
    """Words that may be left out."""

    text: Annotated[str, Field(max_length=2000)] = ""


class Words(Schema):
    """What the applicant writes."""

    text: Annotated[str, Field(min_length=1, max_length=2000)]


class Rating(Schema):
    """Five levels, 5 the best; nothing else is needed."""

    score: Annotated[int, Field(ge=1, le=5)]
    tags: list[RatingTag] = []
    text: Annotated[str, Field(max_length=1000)] = ""
    anonymous: bool = False
    wants_no_call: bool = False


class MessageOut(Schema):
    id: str
    title: str
    text: str
    at: dt.datetime
    is_read: bool


class MessagePage(Schema):
    """``next`` is the value of ``before`` for the following page."""

    items: list[MessageOut]
    next: str | None
