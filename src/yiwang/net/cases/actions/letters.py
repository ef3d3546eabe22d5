"""Numbered letters: what they say is frozen here; Word and PDF are printed from it."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils.translation import override

from yiwang.kernel.clock import local_date
from yiwang.kernel.money import yuan_text
from yiwang.net.cases.actions.telling import tell_journal
from yiwang.net.cases.events import LetterIssued
from yiwang.net.cases.formulas import letter_prefix
from yiwang.net.cases.models import Case, Letter
from yiwang.platform.documents.actions import next_document_number
from yiwang.platform.documents.letters import letter_kind
from yiwang.register.accounts.models import User

HELP_LINE = "12351"
LETTERS = "zh-hans"  # official papers are Chinese, whatever language the officer reads


@override(LETTERS)
def issue_letter(case: Case, template: str, *, by: User | None, now: dt.datetime, **facts: Any) -> Letter:
    """One letter in the name of the handling body, by one of the kinds that ``documents`` keeps. Numbers run per
    body, kind and year; the words are frozen, so that the letter reads the same for ever."""
    body = case.organisation
    prefix = letter_prefix(body.name, body.level)
    number = next_document_number(prefix, letter_kind(template).number_kind, local_date(now).year)
    letter = Letter.objects.create(
        case=case,
        kind=template,
        document_number=number,
        context=_frozen(case, number, by, now) | {key: _plain(fact) for key, fact in facts.items()},
        organisation=body,
        issued_at=now,
        by=by,
    )
    tell_journal(case, LetterIssued(case_id=case.pk, kind=template, document_number=number), by=by, now=now)
    return letter


def _frozen(case: Case, number: str, by: User | None, now: dt.datetime) -> dict[str, Any]:
    body = case.organisation
    officer = case.handler or by
    facts = {
        "organisation": body.name,
        "number": number,
        "recipient": case.applicant.name if case.applicant is not None else case.contact_name,
        "date": local_date(now),
        "contact_person": body.contact or (officer.name if officer else body.name),
        "contact_phone": body.phone or HELP_LINE,
        "service": case.title,
        "case_number": case.number,
        "submitted_on": local_date(case.submitted_at),
        "accepted_on": local_date(case.accepted_at) if case.accepted_at else "",
        "handling_body": body.name,
    }
    return {key: _plain(fact) for key, fact in facts.items()}


def money_words(amount: Decimal) -> str:
    """An amount as letters write it; letters are Chinese whoever signs them."""
    return f"{yuan_text(amount)}元"


def _plain(value: Any) -> Any:
    if isinstance(value, dt.date):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return "" if value is None else str(value)
