"""What the API says and hears: public words only, no database ids."""

import datetime as dt
from decimal import Decimal
from typing import Any

from ninja import Schema


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
