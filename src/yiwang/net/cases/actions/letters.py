"""Numbered letters: what they say is frozen here; Word and PDF are printed from it."""

import datetime as dt
from typing import Any

from yiwang.kernel.clock import local_date
from yiwang.net.cases.actions.telling import tell_journal
from yiwang.net.cases.events import LetterIssued
from yiwang.net.cases.formulas import letter_prefix
from yiwang.net.cases.models import Case, Letter
from yiwang.platform.documents.actions import next_document_number
from yiwang.register.accounts.models import User

# The last character before the year: 昆工受〔2026〕17号.
MARKS = {
    Letter.Kind.ACCEPTANCE: "受",
    Letter.Kind.REFUSAL: "退",
    Letter.Kind.SUPPLEMENT: "补",
    Letter.Kind.EXTENSION: "延",
    Letter.Kind.DECISION: "办",
    Letter.Kind.REVOCATION: "撤",
}


def issue_letter(case: Case, kind: str, *, by: User | None, now: dt.datetime, **said: Any) -> Letter:
    """One letter in the name of the handling body; numbers run per body, kind and year."""
    body = case.organisation
    number = next_document_number(letter_prefix(body.name, body.level), MARKS[kind], local_date(now).year)
    letter = Letter.objects.create(
        case=case,
        kind=kind,
        document_number=number,
        context=_context(case, said, now),
        organisation=body,
        issued_at=now,
        by=by,
    )
    tell_journal(
        case, LetterIssued(case_id=case.pk, kind=kind, document_number=letter.document_number), by=by, now=now
    )
    return letter


def _context(case: Case, said: dict[str, Any], now: dt.datetime) -> dict[str, Any]:
    """Plain values only, so that the letter reads the same for ever."""
    name = case.applicant.name if case.applicant is not None else case.contact_name
    frozen: dict[str, Any] = {
        "number": case.number,
        "title": case.title,
        "name": name,
        "organisation": case.organisation.name,
        "phone": case.organisation.phone,
        "submitted_on": local_date(case.submitted_at).isoformat(),
        "issued_on": local_date(now).isoformat(),
    }
    return frozen | {key: _plain(value) for key, value in said.items() if value not in (None, "")}


def _plain(value: Any) -> Any:
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value if isinstance(value, bool | int | dict) else str(value)
