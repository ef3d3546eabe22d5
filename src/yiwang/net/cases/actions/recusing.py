"""Keeping away from a person altogether; what lies on the desk goes to somebody free."""

from django.db import transaction
from django.db.models import Q

from yiwang.net.cases.actions.handling import recuse
from yiwang.net.cases.errors import NobodyCanReceive
from yiwang.net.cases.models import Case
from yiwang.register.access.actions import declare_recusal
from yiwang.register.access.models import Recusal
from yiwang.register.accounts.models import User


@transaction.atomic
def recuse_from_person(case: Case, *, user: User, kind: str, reason: str, by: User) -> None:
    """From now on nothing of this applicant comes to ``user``; this case is passed on in the same breath."""
    recuse(case, user=user, reason=reason, by=by)
    declare_recusal(user, person_id=case.applicant_id, reason=kind, note=reason, by=by)


def take_off_tied_cases(*, recusal_id: int, user_id: int) -> int:
    """Pass on every open case that a declared tie concerns. Run twice it changes nothing; where nobody else can take
    a case it stays, invisible to the officer, until the sweep raises it."""
    recusal = Recusal.objects.filter(pk=recusal_id, user=user_id, ended_at=None).select_related("user").first()
    if recusal is None:
        return 0
    tied = Q(applicant=recusal.person_id) if recusal.person_id else Q(employer=recusal.employer_id)
    passed = 0
    for case in Case.objects.open().filter(tied, handler=user_id).select_related("version__service", "organisation"):
        try:
            recuse(case, user=recusal.user, reason=str(recusal.get_reason_display()), by=recusal.user)
        except NobodyCanReceive:
            continue
        passed += 1
    return passed
