"""Facts of the case line. ``audience = "staff"`` marks what the applicant does not read on the timeline."""

from dataclasses import dataclass
from typing import ClassVar

from yiwang.platform.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class CaseEvent(Event):
    """Something that happened to one case."""

    subject: ClassVar[str] = "case"

    case_id: int


@dataclass(frozen=True, kw_only=True)
class CaseSubmitted(CaseEvent):
    name: ClassVar[str] = "cases.case_submitted"

    service: str
    channel: str
    organisation_id: int


@dataclass(frozen=True, kw_only=True)
class CaseRouted(CaseEvent):
    name: ClassVar[str] = "cases.case_routed"
    audience: ClassVar[str] = "staff"

    organisation_id: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class FileWanted(CaseEvent):
    """A case of a service that a wing works on in a file of its own (``registry.register_wing``)."""

    name: ClassVar[str] = "cases.file_wanted"
    audience: ClassVar[str] = "staff"

    service: str


@dataclass(frozen=True, kw_only=True)
class CaseAccepted(CaseEvent):
    name: ClassVar[str] = "cases.case_accepted"

    deemed: bool
    due: str


@dataclass(frozen=True, kw_only=True)
class CaseRefused(CaseEvent):
    name: ClassVar[str] = "cases.case_refused"


@dataclass(frozen=True, kw_only=True)
class SupplementRequested(CaseEvent):
    name: ClassVar[str] = "cases.supplement_requested"

    count: int
    due: str


@dataclass(frozen=True, kw_only=True)
class SupplementAnswered(CaseEvent):
    name: ClassVar[str] = "cases.supplement_answered"


@dataclass(frozen=True, kw_only=True)
class WorkStarted(CaseEvent):
    name: ClassVar[str] = "cases.work_started"


@dataclass(frozen=True, kw_only=True)
class StepCompleted(CaseEvent):
    name: ClassVar[str] = "cases.step_completed"

    step: str
    index: int


@dataclass(frozen=True, kw_only=True)
class ClockPaused(CaseEvent):
    name: ClassVar[str] = "cases.clock_paused"

    kind: str


@dataclass(frozen=True, kw_only=True)
class ClockResumed(CaseEvent):
    name: ClassVar[str] = "cases.clock_resumed"

    kind: str
    due: str


@dataclass(frozen=True, kw_only=True)
class ClockExtended(CaseEvent):
    name: ClassVar[str] = "cases.clock_extended"

    amount: int
    unit: str
    due: str


@dataclass(frozen=True, kw_only=True)
class CaseHandedOver(CaseEvent):
    name: ClassVar[str] = "cases.case_handed_over"

    from_organisation_id: int
    to_organisation_id: int
    kind: str


@dataclass(frozen=True, kw_only=True)
class HandlerAssigned(CaseEvent):
    name: ClassVar[str] = "cases.handler_assigned"
    audience: ClassVar[str] = "staff"

    handler_id: int


@dataclass(frozen=True, kw_only=True)
class HandlerRecused(CaseEvent):
    name: ClassVar[str] = "cases.handler_recused"
    audience: ClassVar[str] = "staff"

    user_id: int


@dataclass(frozen=True, kw_only=True)
class CoHandlerAdded(CaseEvent):
    name: ClassVar[str] = "cases.co_handler_added"
    audience: ClassVar[str] = "staff"

    organisation_id: int


@dataclass(frozen=True, kw_only=True)
class CoHandlerReported(CaseEvent):
    name: ClassVar[str] = "cases.co_handler_reported"
    audience: ClassVar[str] = "staff"

    organisation_id: int


@dataclass(frozen=True, kw_only=True)
class CaseUrged(CaseEvent):
    name: ClassVar[str] = "cases.case_urged"


@dataclass(frozen=True, kw_only=True)
class CaseSupervised(CaseEvent):
    name: ClassVar[str] = "cases.case_supervised"
    audience: ClassVar[str] = "staff"

    organisation_id: int


@dataclass(frozen=True, kw_only=True)
class CaseEscalated(CaseEvent):
    name: ClassVar[str] = "cases.case_escalated"

    organisation_id: int
    clock: str


@dataclass(frozen=True, kw_only=True)
class CaseWithdrawn(CaseEvent):
    name: ClassVar[str] = "cases.case_withdrawn"


@dataclass(frozen=True, kw_only=True)
class CaseDecided(CaseEvent):
    name: ClassVar[str] = "cases.case_decided"

    outcome: str
    on_time: bool


@dataclass(frozen=True, kw_only=True)
class CaseDelivered(CaseEvent):
    name: ClassVar[str] = "cases.case_delivered"


@dataclass(frozen=True, kw_only=True)
class CaseArchived(CaseEvent):
    name: ClassVar[str] = "cases.case_archived"
    audience: ClassVar[str] = "staff"


@dataclass(frozen=True, kw_only=True)
class CaseForgotten(CaseEvent):
    """The years it had to be kept are over."""

    name: ClassVar[str] = "cases.case_forgotten"
    audience: ClassVar[str] = "staff"


@dataclass(frozen=True, kw_only=True)
class CaseClosedUnanswered(CaseEvent):
    name: ClassVar[str] = "cases.case_closed_unanswered"


@dataclass(frozen=True, kw_only=True)
class DecisionRevoked(CaseEvent):
    name: ClassVar[str] = "cases.decision_revoked"

    was: str


@dataclass(frozen=True, kw_only=True)
class CaseReopened(CaseEvent):
    name: ClassVar[str] = "cases.case_reopened"


@dataclass(frozen=True, kw_only=True)
class CaseMerged(CaseEvent):
    """Recorded on the case that goes on; the other one only points at it."""

    name: ClassVar[str] = "cases.case_merged"

    from_case_id: int


@dataclass(frozen=True, kw_only=True)
class ClusterFound(CaseEvent):
    name: ClassVar[str] = "cases.cluster_found"
    audience: ClassVar[str] = "staff"

    applicants: int


@dataclass(frozen=True, kw_only=True)
class ReviewRequested(CaseEvent):
    name: ClassVar[str] = "cases.review_requested"


@dataclass(frozen=True, kw_only=True)
class ReviewAnswered(CaseEvent):
    name: ClassVar[str] = "cases.review_answered"

    upheld: bool


@dataclass(frozen=True, kw_only=True)
class NoteWritten(CaseEvent):
    name: ClassVar[str] = "cases.note_written"
    audience: ClassVar[str] = "staff"


@dataclass(frozen=True, kw_only=True)
class ReplyWritten(CaseEvent):
    name: ClassVar[str] = "cases.reply_written"

    from_applicant: bool


@dataclass(frozen=True, kw_only=True)
class NumbersRevealed(CaseEvent):
    """An officer saw the full numbers of one case; the purpose stands in the entry."""

    name: ClassVar[str] = "cases.numbers_revealed"
    audience: ClassVar[str] = "staff"


@dataclass(frozen=True, kw_only=True)
class BundleEvent(Event):
    """Something happened to a bundle 一件事."""

    subject: ClassVar[str] = "bundle"

    bundle_id: int


@dataclass(frozen=True, kw_only=True)
class BundleSubmitted(BundleEvent):
    name: ClassVar[str] = "cases.bundle_submitted"

    service: str
    parts: int


@dataclass(frozen=True, kw_only=True)
class BundlePartStarted(BundleEvent):
    name: ClassVar[str] = "cases.bundle_part_started"

    service: str
    case_id: int


@dataclass(frozen=True, kw_only=True)
class BundlePartNotStarted(BundleEvent):
    name: ClassVar[str] = "cases.bundle_part_not_started"

    service: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class QueueExported(Event):
    """An officer took a list of cases out of the house as a file."""

    name: ClassVar[str] = "cases.queue_exported"
    subject: ClassVar[str] = "user"
    audience: ClassVar[str] = "staff"

    user_id: int
    table: str
    rows: int


@dataclass(frozen=True, kw_only=True)
class LetterIssued(CaseEvent):
    name: ClassVar[str] = "cases.letter_issued"

    kind: str
    document_number: str
