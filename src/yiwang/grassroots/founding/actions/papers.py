"""Numbered papers: what they say is frozen here; Word and PDF are printed from it."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import override

from yiwang.grassroots.founding.models import Paper, Procedure
from yiwang.kernel.clock import local_date, now
from yiwang.net.cases.actions.letters import HELP_LINE, LETTERS
from yiwang.net.cases.formulas import letter_prefix
from yiwang.platform.documents.actions import make_letter, next_document_number
from yiwang.platform.documents.letters import letter_kind
from yiwang.register.accounts.models import User
from yiwang.register.organisations.models import Organisation


@override(LETTERS)
def issue_paper(
    kind: str,
    *,
    issuer: Organisation,
    sender: str,
    recipient: str,
    by: User,
    procedure: Procedure | None = None,
    organisation: Organisation | None = None,
    facts: Sequence[str] = (),
    **more: str,
) -> Paper:
    """One paper in the name of a body (or of the group that prepares one). Runs in the caller's transaction."""
    moment = now()
    day = local_date(moment)
    level = issuer.level if sender == issuer.name else 7
    number = next_document_number(letter_prefix(sender, level), letter_kind(kind).number_kind, day.year)
    context: dict[str, Any] = {
        "organisation": sender,
        "number": number,
        "recipient": recipient,
        "date": chinese_day(day),
        "contact_person": issuer.contact or by.name,
        "contact_phone": issuer.phone or HELP_LINE,
        "facts": [str(fact) for fact in facts],
        **{key: str(value) for key, value in more.items() if value},
    }
    return Paper.objects.create(
        procedure=procedure,
        organisation=organisation,
        kind=kind,
        title=f"{letter_kind(kind).title}{'：' if more.get('subject') else ''}{more.get('subject', '')}"[:160],
        document_number=number,
        context=context,
        issued_by=issuer,
        issued_at=moment,
    )


def chinese_day(day: Any) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def printed(paper: Paper, form: str) -> bytes:
    made = make_letter(paper.kind, paper.context, at=paper.issued_at)
    return made.pdf if form == "pdf" else made.docx
