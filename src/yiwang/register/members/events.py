"""What happens to persons and memberships; never a name or a number of a document."""

from dataclasses import dataclass
from typing import ClassVar

from yiwang.platform.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class PersonEvent(Event):
    subject: ClassVar[str] = "person"

    person_id: int


@dataclass(frozen=True, kw_only=True)
class PersonRegistered(PersonEvent):
    name: ClassVar[str] = "members.person_registered"

    realname_level: int


@dataclass(frozen=True, kw_only=True)
class PersonCorrected(PersonEvent):
    name: ClassVar[str] = "members.person_corrected"

    fields: list[str]


@dataclass(frozen=True, kw_only=True)
class PersonBound(PersonEvent):
    """An account proved to belong to this person."""

    name: ClassVar[str] = "members.person_bound"

    user_id: int
    realname_level: int


@dataclass(frozen=True, kw_only=True)
class PersonUnbound(PersonEvent):
    name: ClassVar[str] = "members.person_unbound"

    user_id: int


@dataclass(frozen=True, kw_only=True)
class DataExported(PersonEvent):
    """A person took a copy of their own data."""

    name: ClassVar[str] = "members.data_exported"


@dataclass(frozen=True, kw_only=True)
class MembershipEvent(Event):
    subject: ClassVar[str] = "membership"

    membership_id: int
    person_id: int
    organisation_id: int


@dataclass(frozen=True, kw_only=True)
class MembershipStarted(MembershipEvent):
    name: ClassVar[str] = "members.membership_started"

    on: str


@dataclass(frozen=True, kw_only=True)
class MembershipRetained(MembershipEvent):
    name: ClassVar[str] = "members.membership_retained"

    on: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class MembershipResumed(MembershipEvent):
    name: ClassVar[str] = "members.membership_resumed"

    on: str


@dataclass(frozen=True, kw_only=True)
class MembershipEnded(MembershipEvent):
    name: ClassVar[str] = "members.membership_ended"

    on: str
    state: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class MembershipTransferred(MembershipEvent):
    name: ClassVar[str] = "members.membership_transferred"

    from_organisation_id: int
    on: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class TransferBegun(MembershipEvent):
    name: ClassVar[str] = "members.transfer_begun"

    to_organisation_id: int


@dataclass(frozen=True, kw_only=True)
class TransferCalledOff(MembershipEvent):
    name: ClassVar[str] = "members.transfer_called_off"

    reason: str


@dataclass(frozen=True, kw_only=True)
class AffiliationBegun(PersonEvent):
    """A second union serves this person beside their own."""

    name: ClassVar[str] = "members.affiliation_begun"

    organisation_id: int


@dataclass(frozen=True, kw_only=True)
class AffiliationEnded(PersonEvent):
    name: ClassVar[str] = "members.affiliation_ended"

    organisation_id: int


@dataclass(frozen=True, kw_only=True)
class ConflictNoted(PersonEvent):
    name: ClassVar[str] = "members.conflict_noted"
    audience: ClassVar[str] = "staff"

    rule: str


@dataclass(frozen=True, kw_only=True)
class ConflictSettled(PersonEvent):
    name: ClassVar[str] = "members.conflict_settled"
    audience: ClassVar[str] = "staff"

    rule: str
    state: str


@dataclass(frozen=True, kw_only=True)
class PersonsMerged(PersonEvent):
    """Another record turned out to be the same person; ``person_id`` is the one that stays."""

    name: ClassVar[str] = "members.persons_merged"

    dropped_id: int


@dataclass(frozen=True, kw_only=True)
class MergeUndone(PersonEvent):
    name: ClassVar[str] = "members.merge_undone"

    dropped_id: int


@dataclass(frozen=True, kw_only=True)
class GroupLeaderNamed(MembershipEvent):
    name: ClassVar[str] = "members.group_leader_named"

    group_id: int


@dataclass(frozen=True, kw_only=True)
class GroupLeaderEnded(MembershipEvent):
    name: ClassVar[str] = "members.group_leader_ended"

    group_id: int


@dataclass(frozen=True, kw_only=True)
class MembershipCorrected(MembershipEvent):
    name: ClassVar[str] = "members.membership_corrected"

    fields: list[str]


@dataclass(frozen=True, kw_only=True)
class MembersExported(Event):
    """An officer took a list of members out as a file."""

    name: ClassVar[str] = "members.members_exported"
    subject: ClassVar[str] = "user"
    audience: ClassVar[str] = "staff"

    user_id: int
    rows: int


@dataclass(frozen=True, kw_only=True)
class MembersEnrolled(Event):
    """Many people became members of a union by one import; whose rows they were stands with the import."""

    name: ClassVar[str] = "members.members_enrolled"
    subject: ClassVar[str] = "organisation"
    audience: ClassVar[str] = "staff"

    organisation_id: int
    rows: int
    source: str


@dataclass(frozen=True, kw_only=True)
class MembersUnenrolled(Event):
    """Many memberships that one import had made were taken back."""

    name: ClassVar[str] = "members.members_unenrolled"
    subject: ClassVar[str] = "organisation"
    audience: ClassVar[str] = "staff"

    organisation_id: int
    rows: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class ReleaseEvent(Event):
    subject: ClassVar[str] = "release"
    audience: ClassVar[str] = "staff"

    release_id: int
    organisation_id: int


@dataclass(frozen=True, kw_only=True)
class ReleaseAsked(ReleaseEvent):
    """Somebody wants a list of members with full numbers."""

    name: ClassVar[str] = "members.release_asked"

    rows: int
    fields: list[str]


@dataclass(frozen=True, kw_only=True)
class ReleaseApproved(ReleaseEvent):
    """A second person let it go."""

    name: ClassVar[str] = "members.release_approved"


@dataclass(frozen=True, kw_only=True)
class ReleaseRefused(ReleaseEvent):
    name: ClassVar[str] = "members.release_refused"


@dataclass(frozen=True, kw_only=True)
class ReleaseWithdrawn(ReleaseEvent):
    """Who asked for it does not want it any more; a file that was made is gone."""

    name: ClassVar[str] = "members.release_withdrawn"


@dataclass(frozen=True, kw_only=True)
class ReleaseMade(ReleaseEvent):
    """The file was made; each of its people reads so under “who looked at my data”."""

    name: ClassVar[str] = "members.release_made"

    rows: int


@dataclass(frozen=True, kw_only=True)
class ReleaseTaken(ReleaseEvent):
    """Who asked for it downloaded the file."""

    name: ClassVar[str] = "members.release_taken"


@dataclass(frozen=True, kw_only=True)
class ReleaseExpired(ReleaseEvent):
    """Its last day is over; the file is deleted."""

    name: ClassVar[str] = "members.release_expired"
