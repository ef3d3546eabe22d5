"""What happens around a congress. Nothing here, or anywhere, says how somebody voted in secret, or that they voted."""

from dataclasses import dataclass
from typing import ClassVar

from yiwang.platform.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class CongressEvent(Event):
    subject: ClassVar[str] = "congress"

    congress_id: int


@dataclass(frozen=True, kw_only=True)
class CongressStarted(CongressEvent):
    name: ClassVar[str] = "congress.congress_started"

    kind: str
    number: int
    seats: int


@dataclass(frozen=True, kw_only=True)
class ConstituencyDrawn(CongressEvent):
    name: ClassVar[str] = "congress.constituency_drawn"

    constituency: str
    seats: int


@dataclass(frozen=True, kw_only=True)
class ConstituencyDropped(CongressEvent):
    name: ClassVar[str] = "congress.constituency_dropped"

    constituency: str


@dataclass(frozen=True, kw_only=True)
class DelegateNominated(CongressEvent):
    name: ClassVar[str] = "congress.delegate_nominated"

    person_id: int
    constituency: str


@dataclass(frozen=True, kw_only=True)
class ConstituencyElected(CongressEvent):
    name: ClassVar[str] = "congress.constituency_elected"

    constituency: str
    present: int
    elected: int


@dataclass(frozen=True, kw_only=True)
class DelegateEnded(CongressEvent):
    name: ClassVar[str] = "congress.delegate_ended"

    person_id: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class CongressConstituted(CongressEvent):
    name: ClassVar[str] = "congress.congress_constituted"

    delegates: int


@dataclass(frozen=True, kw_only=True)
class CongressEnded(CongressEvent):
    name: ClassVar[str] = "congress.congress_ended"


@dataclass(frozen=True, kw_only=True)
class SessionEvent(Event):
    subject: ClassVar[str] = "session"

    session_id: int


@dataclass(frozen=True, kw_only=True)
class SessionPlanned(SessionEvent):
    name: ClassVar[str] = "congress.session_planned"

    number: int
    held_on: str


@dataclass(frozen=True, kw_only=True)
class SessionMoved(SessionEvent):
    name: ClassVar[str] = "congress.session_moved"

    state: str
    present: int = 0
    entitled: int = 0
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class PresidiumNamed(SessionEvent):
    name: ClassVar[str] = "congress.presidium_named"

    members: int


@dataclass(frozen=True, kw_only=True)
class ItemTabled(SessionEvent):
    name: ClassVar[str] = "congress.item_tabled"

    title: str
    fingerprint: str


@dataclass(frozen=True, kw_only=True)
class OthersNamed(SessionEvent):
    name: ClassVar[str] = "congress.others_named"

    title: str
    added: int
    fingerprint: str


@dataclass(frozen=True, kw_only=True)
class ItemWithdrawn(SessionEvent):
    name: ClassVar[str] = "congress.item_withdrawn"

    title: str


@dataclass(frozen=True, kw_only=True)
class DelegateCheckedIn(SessionEvent):
    name: ClassVar[str] = "congress.delegate_checked_in"

    delegate: str
    way: str


@dataclass(frozen=True, kw_only=True)
class DelegateLeft(SessionEvent):
    name: ClassVar[str] = "congress.delegate_left"

    delegate: str


@dataclass(frozen=True, kw_only=True)
class FloorAsked(SessionEvent):
    name: ClassVar[str] = "congress.floor_asked"

    delegate: str


@dataclass(frozen=True, kw_only=True)
class FloorGiven(SessionEvent):
    name: ClassVar[str] = "congress.floor_given"

    delegate: str


@dataclass(frozen=True, kw_only=True)
class MotionPut(SessionEvent):
    name: ClassVar[str] = "congress.motion_put"

    motion: str


@dataclass(frozen=True, kw_only=True)
class MotionDecided(SessionEvent):
    name: ClassVar[str] = "congress.motion_decided"

    motion: str
    state: str


@dataclass(frozen=True, kw_only=True)
class VoteOpened(SessionEvent):
    name: ClassVar[str] = "congress.vote_opened"

    title: str
    method: str
    present: int


@dataclass(frozen=True, kw_only=True)
class NamedVoteGiven(SessionEvent):
    """An open vote by name, which everyone in the hall sees."""

    name: ClassVar[str] = "congress.named_vote_given"

    title: str
    delegate: str


@dataclass(frozen=True, kw_only=True)
class ItemDecided(SessionEvent):
    name: ClassVar[str] = "congress.item_decided"

    title: str
    state: str
    entitled: int
    needed: int


@dataclass(frozen=True, kw_only=True)
class BallotDrawn(SessionEvent):
    name: ClassVar[str] = "congress.ballot_drawn"

    ballot: str
    items: int


@dataclass(frozen=True, kw_only=True)
class BallotRollFrozen(SessionEvent):
    name: ClassVar[str] = "congress.roll_frozen"

    ballot: str
    voters: int
    roll_hash: str


@dataclass(frozen=True, kw_only=True)
class SlipsGivenOut(SessionEvent):
    """How many vote on paper now; who, the roll says as long as it is kept."""

    name: ClassVar[str] = "congress.slips_given_out"

    ballot: str
    slips: int


@dataclass(frozen=True, kw_only=True)
class SlipsCounted(SessionEvent):
    """That the tellers handed in their count of the slips. The numbers are in the ballot."""

    name: ClassVar[str] = "congress.slips_counted"

    ballot: str
    slips: int


@dataclass(frozen=True, kw_only=True)
class CardsGivenOut(SessionEvent):
    """How many cards were given out. Who drew which, nobody knows; who got one when, nobody writes down."""

    name: ClassVar[str] = "congress.cards_given_out"

    ballot: str
    cards: int


@dataclass(frozen=True, kw_only=True)
class BallotClosed(SessionEvent):
    name: ClassVar[str] = "congress.ballot_closed"

    ballot: str


@dataclass(frozen=True, kw_only=True)
class BallotCounted(SessionEvent):
    name: ClassVar[str] = "congress.ballot_counted"

    ballot: str
    counted: int
    is_void: bool


@dataclass(frozen=True, kw_only=True)
class MinutesWritten(SessionEvent):
    name: ClassVar[str] = "congress.minutes_written"


@dataclass(frozen=True, kw_only=True)
class CommitteeFormed(CongressEvent):
    name: ClassVar[str] = "congress.committee_formed"

    kind: str
    members: int


@dataclass(frozen=True, kw_only=True)
class GuestAsked(SessionEvent):
    name: ClassVar[str] = "congress.guest_asked"

    way: str


@dataclass(frozen=True, kw_only=True)
class GuestMoved(SessionEvent):
    name: ClassVar[str] = "congress.guest_moved"

    state: str


@dataclass(frozen=True, kw_only=True)
class ConsultationMoved(CongressEvent):
    name: ClassVar[str] = "congress.consultation_moved"

    title: str
    state: str


@dataclass(frozen=True, kw_only=True)
class ConsultationTalked(CongressEvent):
    name: ClassVar[str] = "congress.consultation_talked"

    title: str


@dataclass(frozen=True, kw_only=True)
class ProposalFiled(CongressEvent):
    name: ClassVar[str] = "congress.proposal_filed"

    number: int


@dataclass(frozen=True, kw_only=True)
class ProposalMoved(CongressEvent):
    name: ClassVar[str] = "congress.proposal_moved"

    number: int
    state: str


@dataclass(frozen=True, kw_only=True)
class DisclosurePublished(CongressEvent):
    name: ClassVar[str] = "congress.disclosure_published"

    title: str
    period: str


@dataclass(frozen=True, kw_only=True)
class DisclosureAnswered(CongressEvent):
    name: ClassVar[str] = "congress.disclosure_answered"

    title: str


@dataclass(frozen=True, kw_only=True)
class ResolutionChecked(CongressEvent):
    name: ClassVar[str] = "congress.resolution_checked"

    title: str
    result: str


@dataclass(frozen=True, kw_only=True)
class DirectorRecorded(CongressEvent):
    name: ClassVar[str] = "congress.director_recorded"

    body: str


@dataclass(frozen=True, kw_only=True)
class DirectorReported(CongressEvent):
    name: ClassVar[str] = "congress.director_reported"

    body: str


@dataclass(frozen=True, kw_only=True)
class DirectorRecallMoved(CongressEvent):
    name: ClassVar[str] = "congress.director_recall_moved"

    body: str
    state: str


@dataclass(frozen=True, kw_only=True)
class ReportMoved(CongressEvent):
    """A report to the union above was sent, or it came there."""

    name: ClassVar[str] = "congress.report_moved"

    about: str
    state: str


@dataclass(frozen=True, kw_only=True)
class RollChallenged(SessionEvent):
    name: ClassVar[str] = "congress.roll_challenged"

    challenge: str
    about: str


@dataclass(frozen=True, kw_only=True)
class RollChallengeDecided(SessionEvent):
    name: ClassVar[str] = "congress.roll_challenge_decided"

    challenge: str
    state: str


@dataclass(frozen=True, kw_only=True)
class KeyDestroyed(SessionEvent):
    """A key of a box, or the codes nobody drew, no longer exist. Who saw it stands in the record."""

    name: ClassVar[str] = "congress.key_destroyed"

    ballot: str
    what: str
