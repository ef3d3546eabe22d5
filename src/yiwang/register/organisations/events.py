"""What happens to union bodies."""

from dataclasses import dataclass
from typing import ClassVar

from yiwang.platform.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class OrganisationEvent(Event):
    subject: ClassVar[str] = "organisation"

    organisation_id: int


@dataclass(frozen=True, kw_only=True)
class OrganisationCreated(OrganisationEvent):
    name: ClassVar[str] = "organisations.organisation_created"

    title: str
    kind: str
    parent_id: int | None


@dataclass(frozen=True, kw_only=True)
class OrganisationChanged(OrganisationEvent):
    name: ClassVar[str] = "organisations.organisation_changed"

    changes: dict[str, list[str]]


@dataclass(frozen=True, kw_only=True)
class OrganisationRenamed(OrganisationEvent):
    name: ClassVar[str] = "organisations.organisation_renamed"

    was: str
    title: str
    on: str
    document_number: str = ""


@dataclass(frozen=True, kw_only=True)
class OrganisationMoved(OrganisationEvent):
    name: ClassVar[str] = "organisations.organisation_moved"

    from_parent_id: int | None
    to_parent_id: int
    bodies: int
    on: str
    document_number: str = ""


@dataclass(frozen=True, kw_only=True)
class OrganisationClosed(OrganisationEvent):
    name: ClassVar[str] = "organisations.organisation_closed"

    on: str
    document_number: str = ""


@dataclass(frozen=True, kw_only=True)
class OrganisationsImported(Event):
    """A whole file of bodies was loaded; the bodies themselves say where they came from (``source``)."""

    name: ClassVar[str] = "organisations.organisations_imported"
    subject: ClassVar[str] = "organisation"
    audience: ClassVar[str] = "staff"

    organisation_id: int
    batch: str
    new: int
    changed: int
    unchanged: int
    refused: int


@dataclass(frozen=True, kw_only=True)
class OrganisationsListed(OrganisationEvent):
    """So many bodies were founded below this one by a list; which ones stands with the import."""

    name: ClassVar[str] = "organisations.organisations_listed"
    audience: ClassVar[str] = "staff"

    rows: int


@dataclass(frozen=True, kw_only=True)
class OrganisationsTakenBack(OrganisationEvent):
    """So many bodies that a list had founded below this one are gone again."""

    name: ClassVar[str] = "organisations.organisations_taken_back"
    audience: ClassVar[str] = "staff"

    rows: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class EmployerLinked(OrganisationEvent):
    name: ClassVar[str] = "organisations.employer_linked"
    audience: ClassVar[str] = "staff"

    employer_id: int
    relation: str


@dataclass(frozen=True, kw_only=True)
class LineLinked(OrganisationEvent):
    name: ClassVar[str] = "organisations.line_linked"

    leader_id: int
    kind: str


@dataclass(frozen=True, kw_only=True)
class EmployerUnlinked(OrganisationEvent):
    name: ClassVar[str] = "organisations.employer_unlinked"
    audience: ClassVar[str] = "staff"

    employer_id: int


@dataclass(frozen=True, kw_only=True)
class EmployerEvent(Event):
    subject: ClassVar[str] = "employer"
    audience: ClassVar[str] = "staff"

    employer_id: int


@dataclass(frozen=True, kw_only=True)
class EmployerRegistered(EmployerEvent):
    name: ClassVar[str] = "organisations.employer_registered"

    title: str


@dataclass(frozen=True, kw_only=True)
class EmployerChanged(EmployerEvent):
    name: ClassVar[str] = "organisations.employer_changed"

    fields: list[str]


@dataclass(frozen=True, kw_only=True)
class TreeChangeProposed(OrganisationEvent):
    name: ClassVar[str] = "organisations.change_proposed"
    audience: ClassVar[str] = "staff"

    change_id: int
    kind: str
    on: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class TreeChangeDecided(OrganisationEvent):
    """A proposal was approved, refused or taken back."""

    name: ClassVar[str] = "organisations.change_decided"
    audience: ClassVar[str] = "staff"

    change_id: int
    kind: str
    state: str
    opinion: str = ""


@dataclass(frozen=True, kw_only=True)
class OrganisationMerged(OrganisationEvent):
    name: ClassVar[str] = "organisations.organisation_merged"

    into_id: int
    members: int
    on: str
    document_number: str = ""


@dataclass(frozen=True, kw_only=True)
class OrganisationSplit(OrganisationEvent):
    name: ClassVar[str] = "organisations.organisation_split"

    new_id: int
    members: int
    on: str
    document_number: str = ""


@dataclass(frozen=True, kw_only=True)
class ClosingBegun(OrganisationEvent):
    name: ClassVar[str] = "organisations.closing_begun"

    on: str


@dataclass(frozen=True, kw_only=True)
class ClosingStopped(OrganisationEvent):
    name: ClassVar[str] = "organisations.closing_stopped"


@dataclass(frozen=True, kw_only=True)
class ClosingTaskDone(OrganisationEvent):
    name: ClassVar[str] = "organisations.closing_task_done"
    audience: ClassVar[str] = "staff"

    task: str


@dataclass(frozen=True, kw_only=True)
class OrganisationSuspended(OrganisationEvent):
    name: ClassVar[str] = "organisations.organisation_suspended"

    reason: str


@dataclass(frozen=True, kw_only=True)
class OrganisationRestored(OrganisationEvent):
    name: ClassVar[str] = "organisations.organisation_restored"


@dataclass(frozen=True, kw_only=True)
class LineEnded(OrganisationEvent):
    name: ClassVar[str] = "organisations.line_ended"

    leader_id: int


@dataclass(frozen=True, kw_only=True)
class EmployersImported(OrganisationEvent):
    """A list of employers of an area was loaded, to compare it with the unions that stand."""

    name: ClassVar[str] = "organisations.employers_imported"
    audience: ClassVar[str] = "staff"

    new: int
    changed: int
    unchanged: int
    refused: int
