"""What keeps an officer away from cases: recusals they declared, and the workplace of their own."""

from dataclasses import dataclass

from django.db.models import BigIntegerField, QuerySet, Value
from django.db.models.functions import Cast

from yiwang.kernel.prepared import Prepared
from yiwang.net.cases.models import CaseRecusal
from yiwang.register.access.models import Recusal
from yiwang.register.accounts.models import User
from yiwang.register.members.models import Membership
from yiwang.register.members.queries import person_of

_CACHE = "_cases_ties"


@dataclass(frozen=True)
class Ties:
    """What keeps one account away from cases as an officer."""

    person_id: int | None
    employer_ids: frozenset[int]  # where they work
    recused_persons: frozenset[int]
    recused_employers: frozenset[int]
    recused_cases: frozenset[int]


def _ties(user: int, person: int) -> QuerySet[Recusal]:
    """Columns: a person, an employer, a case they keep away from; an employer they work at."""
    none = Cast(Value(None), BigIntegerField())
    declared = Recusal.objects.filter(user_id=user, ended_at=None)
    by_case = CaseRecusal.objects.filter(user_id=user)
    works_at = Membership.objects.current().filter(person_id=person)
    return declared.values_list("person_id", "employer_id", none, none).union(
        by_case.values_list(none, none, "case_id", none),
        works_at.values_list(none, none, none, "employer_id"),
        all=True,
    )


TIES = Prepared(_ties)


def ties_of(user: User) -> Ties:
    """One small query, once for each user object (a fresh one in every request)."""
    known: Ties | None = getattr(user, _CACHE, None)
    if known is None:
        person = person_of(user)
        rows = TIES.rows(user=user.pk, person=person.pk if person else 0)
        known = Ties(
            person_id=person.pk if person else None,
            employer_ids=frozenset(pk for *_, pk in rows if pk),
            recused_persons=frozenset(pk for pk, *_ in rows if pk),
            recused_employers=frozenset(pk for _, pk, *_ in rows if pk),
            recused_cases=frozenset(pk for _, _, pk, _ in rows if pk),
        )
        setattr(user, _CACHE, known)
    return known


def forget_ties(user: User) -> None:
    """Drop what this object remembers, after a tie was declared within one request."""
    if hasattr(user, _CACHE):
        delattr(user, _CACHE)
