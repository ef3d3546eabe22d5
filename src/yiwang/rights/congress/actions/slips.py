"""Paper beside the box: who can't or won't use a device votes on a slip, in the same election, each person once.

Slips carry no name. The tellers count them in the hall before anybody opens the box, and what they counted is added to
what the box holds. Few slips would show who wrote them: then those people use the station.
"""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from yiwang.platform.ballots.library.election import Question
from yiwang.platform.ballots.models import Election
from yiwang.platform.journal.actions import record
from yiwang.register.accounts.models import User
from yiwang.rights.congress import queries
from yiwang.rights.congress.actions.ballots import locked_ballot
from yiwang.rights.congress.errors import BadCount, NotReady
from yiwang.rights.congress.events import SlipsCounted, SlipsGivenOut
from yiwang.rights.congress.models import Delegate, RollEntry, SecretBallot, Session
from yiwang.rights.congress.queries_slips import questions_on, slips_of

State = Session.State


@transaction.atomic
def give_slip(ballot: SecretBallot, delegate: Delegate, *, by: User) -> None:
    """To a delegate in the hall who has no card; whoever has a slip gets none."""
    entry = _entry(ballot, delegate)
    if not queries.is_present(ballot.session, delegate):
        raise NotReady(_("先签到，再领纸票。"))
    if entry.has_card:
        raise NotReady(_("已经领了投票卡，不能再领纸票，一人只能投一次。"))
    _mark(entry, ballot, on_paper=True, by=by)


@transaction.atomic
def take_slip_back(ballot: SecretBallot, delegate: Delegate, *, by: User) -> None:
    """An unused slip is handed back; then the delegate draws a card like the others."""
    entry = _entry(ballot, delegate)
    if not entry.on_paper:
        raise NotReady(_("这个人没有领纸票。"))
    _mark(entry, ballot, on_paper=False, by=by)


def _entry(ballot: SecretBallot, delegate: Delegate) -> RollEntry:
    ballot = locked_ballot(ballot, State.CALLED, State.OPEN)
    entry = RollEntry.objects.select_for_update().filter(ballot=ballot, delegate=delegate).first()
    if entry is None or ballot.election.state not in (Election.State.DRAFT, Election.State.OPEN):
        raise NotReady(_("还没有名册，或者投票已经截止，不能领、退纸票。"))
    return entry


def _mark(entry: RollEntry, ballot: SecretBallot, *, on_paper: bool, by: User) -> None:
    RollEntry.objects.filter(pk=entry.pk).update(on_paper=on_paper)
    slips = slips_of(ballot)
    record(SlipsGivenOut(session_id=ballot.session_id, ballot=ballot.public_id, slips=slips), by=by)


@transaction.atomic
def note_slips(ballot: SecretBallot, counts: Sequence[Sequence[int]], *, by: User) -> None:
    """What the tellers counted, question by question, before anybody knows what is in the box."""
    ballot = locked_ballot(ballot, State.OPEN, State.CLOSED)
    slips = slips_of(ballot)
    election = ballot.election
    if not slips or election.state != Election.State.CLOSED or election.trustees.filter(shared=True).exists():
        raise NotReady(_("投票截止以后、开箱以前登记纸票。开始开箱就不能再改。"))
    for question, votes in zip(questions_on(ballot), counts, strict=True):
        if too_many(question, votes, slips):
            text = _("“{title}”登记的票数比纸票多：纸票{slips}张。请再数一遍。")
            raise BadCount(text.format(title=question.question, slips=slips))
    SecretBallot.objects.filter(pk=ballot.pk).update(slip_counts=[list(votes) for votes in counts])
    record(SlipsCounted(session_id=ballot.session_id, ballot=ballot.public_id, slips=slips), by=by)


def too_many(question: Question, votes: Sequence[int], slips: int) -> bool:
    """More ticks than so many slips can bear; fewer is no fault, for a slip may be invalid."""
    if question.blank:
        blank, *others = votes
        return blank > slips or any(n > slips for n in others) or sum(others) > (slips - blank) * question.most
    return sum(votes) > slips * question.most or any(n > slips for n in votes)
