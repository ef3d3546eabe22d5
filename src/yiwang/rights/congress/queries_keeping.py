"""Reads about the roll and its objections, reports to the union above, keys that should be gone, recalls."""

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from yiwang.kernel.clock import end_of, local_date, today
from yiwang.platform.ballots.models import Election
from yiwang.register.accounts.models import User
from yiwang.rights.congress import formulas
from yiwang.rights.congress.models import (
    AgendaItem,
    Congress,
    Delegate,
    DirectorRecall,
    KeyDestruction,
    KeyHolder,
    Report,
    RollChallenge,
    SecretBallot,
    Session,
    WorkerDirector,
)
from yiwang.rights.congress.queries import delegates_of, rule

BEGUN = (Election.State.OPEN, Election.State.CLOSED, Election.State.TALLIED)


def roll_hash_of(delegates: Sequence[Delegate]) -> str:
    """The fingerprint of a roll: the same people, the same digits."""
    return hashlib.sha256("\n".join(sorted(row.public_id for row in delegates)).encode()).hexdigest()


def challenges_of(session: Session) -> QuerySet[RollChallenge]:
    return session.challenges.select_related("raised_by", "decided_by").order_by("pk")


def open_challenges(session: Session) -> int:
    return session.challenges.filter(state=RollChallenge.State.OPEN).count()


def own_challenges(session: Session, user: User) -> list[RollChallenge]:
    return list(challenges_of(session).filter(raised_by=user))


def challenge_called(session: Session, public_id: str) -> RollChallenge | None:
    return challenges_of(session).filter(public_id=public_id).first()


def roll_is_settled(session: Session) -> bool:
    """A secret vote of the session has begun: from then on the roll stands."""
    return session.ballots.filter(election__state__in=BEGUN).exists()


def has_frozen_roll(session: Session) -> bool:
    """On a paper that is drawn, with its codes made, and not yet open."""
    return session.ballots.exclude(roll_hash="").filter(election__state=Election.State.DRAFT).exists()


def roll_contestable_until(session: Session) -> dt.date | None:
    """The first day on which the vote may begin: the roll lies open for so many days before."""
    if session.called_at is None:
        return None
    return local_date(session.called_at) + dt.timedelta(days=rule("roll_days"))


def roll_lay_open(session: Session) -> bool:
    """Long enough, or the presidium took the shorter notice upon itself, with a reason that everybody reads."""
    until = roll_contestable_until(session)
    return until is not None and (today() >= until or bool(session.short_notice_reason))


def reports_of(congress: Congress) -> QuerySet[Report]:
    rows = congress.reports.select_related("session__congress", "congress__organisation__parent")
    return rows.order_by("-pk")


def report_called(congress: Congress, public_id: str) -> Report | None:
    return reports_of(congress).filter(public_id=public_id).first()


def reports_due(congresses: QuerySet[Congress]) -> QuerySet[Report]:
    """Still owed by these congresses, the most pressing first."""
    rows = Report.objects.filter(congress__in=congresses, state=Report.State.DUE)
    return rows.select_related("congress__organisation", "session__congress").order_by("due_on", "pk")


def reports_sent(congresses: QuerySet[Congress]) -> QuerySet[Report]:
    """Arrived, and nobody has said so yet."""
    rows = Report.objects.filter(congress__in=congresses, state=Report.State.SENT)
    return rows.select_related("congress__organisation", "session__congress").order_by("sent_on", "pk")


def is_late(report: Report) -> bool:
    return report.state == Report.State.DUE and report.due_on < today()


def days_late(report: Report) -> int:
    return max(((report.sent_on or today()) - report.due_on).days, 0)


def keys_free_on(ballot: SecretBallot) -> dt.date | None:
    """From when keys and codes may be destroyed: at once where the paper was not used; never before a result."""
    election = ballot.election
    if election.state == Election.State.CANCELLED:
        return today()
    if election.tallied_at is None:
        return None
    return local_date(election.tallied_at) + dt.timedelta(days=rule("keys_days"))


@dataclass(frozen=True)
class Kept:
    """One key, or the codes: whose it is, and what became of it."""

    name: str
    what: str
    destruction: KeyDestruction | None


def keys_kept(ballot: SecretBallot) -> list[Kept]:
    """Every key of the paper and its codes, with the record of the destruction where there is one."""
    found = {row.holder_id: row for row in ballot.destructions.all()}
    rows = [
        Kept(row.user.name, _("钥匙（{side}）").format(side=row.get_side_display()), found.get(row.pk))
        for row in ballot.holders.select_related("user").order_by("trustee__owner")
    ]
    return [*rows, Kept(ballot.authority.name, _("投票码"), found.get(None))]


def destruction_of(ballot: SecretBallot, holder: KeyHolder | None) -> KeyDestruction | None:
    return ballot.destructions.filter(holder=holder).first()


def destructions_due(user: User) -> list[tuple[SecretBallot, str]]:
    """Papers whose key, or codes, this account should have destroyed by now."""
    before = end_of(today() - dt.timedelta(days=rule("keys_days")))
    ready = Q(election__state=Election.State.TALLIED, election__tallied_at__lt=before)
    rows = SecretBallot.objects.with_election().filter(ready)
    keys = rows.filter(holders__user=user, holders__destruction=None)
    gone = KeyDestruction.objects.filter(ballot=OuterRef("pk"), holder=None)
    codes = rows.filter(~Exists(gone), authority=user)
    return [*((row, "key") for row in keys), *((row, "codes") for row in codes)]


def askers_needed(congress: Congress, askers: str) -> tuple[int, int]:
    """All who could ask for a recall, and how many of them must."""
    if askers == DirectorRecall.Askers.DELEGATES:
        entitled = delegates_of(congress).count()
        return entitled, formulas.quorum(entitled, of=rule("recall_delegates_of"), needs=1)
    return congress.headcount, formulas.quorum(congress.headcount, of=rule("recall_workers_of"), needs=1)


def office_of(director: WorkerDirector) -> str:
    """What people call the seat."""
    names = {
        WorkerDirector.Body.BOARD: _("职工董事"),
        WorkerDirector.Body.SUPERVISORS: _("职工监事"),
        WorkerDirector.Body.AUDIT: _("审计委员会职工委员"),
    }
    return names[WorkerDirector.Body(director.body)]


def recalls_of(congress: Congress) -> list[DirectorRecall]:
    rows = DirectorRecall.objects.filter(director__congress=congress).select_related("director", "item__session")
    return list(rows.order_by("-pk"))


def recall_called(congress: Congress, public_id: str) -> DirectorRecall | None:
    rows = DirectorRecall.objects.filter(director__congress=congress, public_id=public_id)
    return rows.select_related("director", "item__session").first()


def recall_fell_off(recall: DirectorRecall) -> bool:
    """Its point was taken off the agenda, or the session does not take place."""
    item = recall.item
    if item is None:
        return False
    return item.state == AgendaItem.State.WITHDRAWN or item.session.state == Session.State.CANCELLED
