"""Facts about elections. None is about a ballot or a voter: casting leaves no entry."""

from dataclasses import dataclass
from typing import ClassVar

from yiwang.platform.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class ElectionEvent(Event):
    subject: ClassVar[str] = "election"

    election_id: int


@dataclass(frozen=True, kw_only=True)
class ElectionDrafted(ElectionEvent):
    name: ClassVar[str] = "ballots.election_drafted"


@dataclass(frozen=True, kw_only=True)
class TrusteeKeyGiven(ElectionEvent):
    name: ClassVar[str] = "ballots.trustee_key_given"

    owner: int
    step: str


@dataclass(frozen=True, kw_only=True)
class RollFrozen(ElectionEvent):
    name: ClassVar[str] = "ballots.roll_frozen"

    codes: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class ElectionOpened(ElectionEvent):
    name: ClassVar[str] = "ballots.election_opened"

    fingerprint: str


@dataclass(frozen=True, kw_only=True)
class ElectionClosed(ElectionEvent):
    name: ClassVar[str] = "ballots.election_closed"

    counted: int


@dataclass(frozen=True, kw_only=True)
class ShareGiven(ElectionEvent):
    name: ClassVar[str] = "ballots.share_given"

    owner: int


@dataclass(frozen=True, kw_only=True)
class ResultPublished(ElectionEvent):
    name: ClassVar[str] = "ballots.result_published"

    head: str


@dataclass(frozen=True, kw_only=True)
class ElectionCancelled(ElectionEvent):
    name: ClassVar[str] = "ballots.election_cancelled"
