"""Seeing the full numbers of one case, for a purpose that the applicant can read."""

from django.db import transaction

from yiwang.net.cases.actions.telling import tell_journal
from yiwang.net.cases.events import NumbersRevealed
from yiwang.net.cases.models import Case
from yiwang.net.cases.queries.casepage import Numbers, numbers_of
from yiwang.register.access.actions import note_reveal
from yiwang.register.access.errors import PurposeMissing
from yiwang.register.accounts.models import User


@transaction.atomic
def reveal_numbers(case: Case, *, by: User, purpose: str) -> Numbers:
    """Noted every time: for the applicant under “who looked at my data”, and in the journal of the case."""
    if not purpose.strip():
        raise PurposeMissing

    if case.applicant_id is not None:
        note_reveal("case", case.pk, case.applicant_id, by, purpose)
    tell_journal(case, NumbersRevealed(case_id=case.pk), by=by, purpose=purpose.strip())
    return numbers_of(case)
