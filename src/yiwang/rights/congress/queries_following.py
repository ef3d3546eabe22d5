"""Reads about what follows from a congress."""

from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from yiwang.kernel.clock import today
from yiwang.rights.congress.models import (
    AgendaItem,
    Congress,
    Delegate,
    Disclosure,
    DisclosureQuestion,
    Proposal,
    Resolution,
    WorkerDirector,
)
from yiwang.rights.congress.queries import rule


def proposals_of(congress: Congress) -> QuerySet[Proposal]:
    return congress.proposals.select_related("proposer__person").order_by("-number")


def proposal_called(congress: Congress, public_id: str) -> Proposal | None:
    rows = proposals_of(congress).prefetch_related("seconders__person")
    return rows.filter(public_id=public_id).first()


@dataclass(frozen=True)
class Rates:
    """Whole numbers beside each other; nobody is ranked by them."""

    filed: int
    taken: int
    replied: int
    content: int
    late: int


def rates_of(congress: Congress) -> Rates:
    rows = list(congress.proposals.all())
    taken = [row for row in rows if row.handler]
    waiting = [row for row in taken if row.state == Proposal.State.ASSIGNED]
    return Rates(
        filed=len(rows),
        taken=len(taken),
        replied=sum(row.replied_on is not None for row in taken),
        content=sum(row.satisfaction in ("yes", "mostly") for row in taken),
        late=sum(row.due_on is not None and row.due_on < today() for row in waiting),
    )


def disclosures_of(congress: Congress) -> QuerySet[Disclosure]:
    rows = congress.disclosures.annotate(readers=Count("readings", distinct=True))
    return rows.order_by("-published_on", "-pk")


def disclosures_for(congress: Congress, mandate: Delegate | None) -> QuerySet[Disclosure]:
    """What a worker reads; some items are for delegates only."""
    rows = disclosures_of(congress)
    return rows if mandate else rows.filter(scope=Disclosure.Scope.ALL)


def readers_said(item: Disclosure, count: int) -> str:
    """How many read it; a small number is not told, for it could be guessed who."""
    few = rule("small_group")
    return _("不到{n}人看过").format(n=few) if count < few else _("{n}人看过").format(n=count)


def is_overdue(item: Disclosure) -> bool:
    """The next period should be there by now."""
    if item.next_on is None or item.next_on >= today():
        return False
    later = Disclosure.objects.filter(congress_id=item.congress_id, group=item.group, title=item.title)
    return not later.filter(published_on__gt=item.published_on).exists()


def questions_of_disclosure(item: Disclosure) -> list[DisclosureQuestion]:
    return list(item.questions.order_by("pk"))


def question_called(item: Disclosure, public_id: str) -> DisclosureQuestion | None:
    return item.questions.filter(public_id=public_id).select_related("disclosure").first()


def disclosure_called(congress: Congress, public_id: str) -> Disclosure | None:
    return disclosures_of(congress).filter(public_id=public_id).first()


def resolutions_of(congress: Congress) -> QuerySet[Resolution]:
    rows = Resolution.objects.filter(session__congress=congress).select_related("item", "session__congress", "replaces")
    return rows.prefetch_related("checks", "replaced_by").order_by("-pk")


def resolution_called(congress: Congress, public_id: str) -> Resolution | None:
    return resolutions_of(congress).filter(public_id=public_id).first()


def directors_of(congress: Congress) -> list[WorkerDirector]:
    return list(congress.directors.order_by("-since", "pk"))


def director_called(congress: Congress, public_id: str) -> WorkerDirector | None:
    return congress.directors.filter(public_id=public_id).first()


def elections_of(congress: Congress) -> list[AgendaItem]:
    """Items that elected somebody: directors come from there."""
    rows = AgendaItem.objects.filter(session__congress=congress, kind=AgendaItem.Kind.ELECT, outcome__isnull=False)
    return list(rows.select_related("session__congress").order_by("-pk"))


def needs_director(congress: Congress) -> bool:
    """By headcount, while no worker sits on the board of supervisors (Company Law, article 68)."""
    if congress.headcount < rule("director_from"):
        return False
    return not congress.directors.filter(recalled_on=None, until__gte=today()).exists()
