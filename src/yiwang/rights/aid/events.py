"""Facts about household files: ids and codes, never an illness, never an amount of income."""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from yiwang.platform.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class FileEvent(Event):
    subject: ClassVar[str] = "aid_file"
    audience: ClassVar[str] = "staff"

    aid_file_id: int


@dataclass(frozen=True, kw_only=True)
class FileOpened(FileEvent):
    name: ClassVar[str] = "aid.file_opened"

    urgent: bool


@dataclass(frozen=True, kw_only=True)
class ApplicationReceived(FileEvent):
    name: ClassVar[str] = "aid.application_received"

    case_id: int


@dataclass(frozen=True, kw_only=True)
class FactsChanged(FileEvent):
    name: ClassVar[str] = "aid.facts_changed"

    what: str
    version: int


@dataclass(frozen=True, kw_only=True)
class FileMoved(FileEvent):
    """A step of the file's life that needs no words of its own."""

    name: ClassVar[str] = "aid.file_moved"

    to: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class VisitPlanned(FileEvent):
    name: ClassVar[str] = "aid.visit_planned"

    on: str


@dataclass(frozen=True, kw_only=True)
class VisitRecorded(FileEvent):
    name: ClassVar[str] = "aid.visit_recorded"

    opinion: str


@dataclass(frozen=True, kw_only=True)
class CallRecorded(FileEvent):
    """A household that left its file was called."""

    name: ClassVar[str] = "aid.call_recorded"

    outcome: str


@dataclass(frozen=True, kw_only=True)
class ReportReceived(FileEvent):
    """The answer of Civil Affairs' checking platform."""

    name: ClassVar[str] = "aid.report_received"

    matches: int


@dataclass(frozen=True, kw_only=True)
class FindingResolved(FileEvent):
    name: ClassVar[str] = "aid.finding_resolved"

    signal: str
    outcome: str


@dataclass(frozen=True, kw_only=True)
class DecisionPrepared(FileEvent):
    name: ClassVar[str] = "aid.decision_prepared"

    proposed: str
    level: str


@dataclass(frozen=True, kw_only=True)
class DecisionApproved(FileEvent):
    name: ClassVar[str] = "aid.decision_approved"

    level: str


@dataclass(frozen=True, kw_only=True)
class FileDecided(FileEvent):
    name: ClassVar[str] = "aid.file_decided"

    decided: str
    proposed: str


@dataclass(frozen=True, kw_only=True)
class AppealAsked(FileEvent):
    name: ClassVar[str] = "aid.appeal_asked"


@dataclass(frozen=True, kw_only=True)
class AppealAnswered(FileEvent):
    name: ClassVar[str] = "aid.appeal_answered"

    upheld: bool


@dataclass(frozen=True, kw_only=True)
class FileAppealed(FileEvent):
    name: ClassVar[str] = "aid.file_appealed"


@dataclass(frozen=True, kw_only=True)
class RelapseNoted(FileEvent):
    name: ClassVar[str] = "aid.relapse_noted"

    signal: str


@dataclass(frozen=True, kw_only=True)
class SamplesDrawn(Event):
    """A body above the county picked new files to look at again; the seed gives the same ones again."""

    name: ClassVar[str] = "aid.samples_drawn"
    subject: ClassVar[str] = "organisation"
    audience: ClassVar[str] = "staff"

    organisation_id: int
    seed: str
    files: int


@dataclass(frozen=True, kw_only=True)
class SampleChecked(FileEvent):
    name: ClassVar[str] = "aid.sample_checked"

    confirmed: bool


@dataclass(frozen=True, kw_only=True)
class FileRecorded(FileEvent):
    """Taken into the books of a body above the county."""

    name: ClassVar[str] = "aid.file_recorded"

    organisation_id: int


@dataclass(frozen=True, kw_only=True)
class NationalWritten(FileEvent):
    """Columns of the national file that the rules do not look at."""

    name: ClassVar[str] = "aid.national_written"


@dataclass(frozen=True, kw_only=True)
class NationalNumbered(FileEvent):
    """The national system gave the file its number."""

    name: ClassVar[str] = "aid.national_numbered"

    number: str


@dataclass(frozen=True, kw_only=True)
class NationalExported(Event):
    """Files with full numbers were taken out for the national system."""

    name: ClassVar[str] = "aid.national_exported"
    subject: ClassVar[str] = "organisation"
    audience: ClassVar[str] = "staff"

    organisation_id: int
    rows: int
    purpose: str


@dataclass(frozen=True, kw_only=True)
class ReferralSent(FileEvent):
    """The household was shown to the state's own help."""

    name: ClassVar[str] = "aid.referral_sent"

    to: str


@dataclass(frozen=True, kw_only=True)
class ReferralAnswered(FileEvent):
    name: ClassVar[str] = "aid.referral_answered"

    to: str
    outcome: str


@dataclass(frozen=True, kw_only=True)
class ScreeningStarted(Event):
    """Somebody let the rules look through all who agreed to be told."""

    name: ClassVar[str] = "aid.screening_started"
    subject: ClassVar[str] = "aid_screening"
    audience: ClassVar[str] = "staff"

    screening_id: int
    service: str
    organisation_id: int

    @property
    def subject_id(self) -> int:
        return self.screening_id


@dataclass(frozen=True, kw_only=True)
class OutreachRecorded(Event):
    name: ClassVar[str] = "aid.outreach_recorded"
    subject: ClassVar[str] = "aid_outreach"
    audience: ClassVar[str] = "staff"

    outreach_id: int
    outcome: str

    @property
    def subject_id(self) -> int:
        return self.outreach_id


@dataclass(frozen=True, kw_only=True)
class ProgrammeEvent(Event):
    subject: ClassVar[str] = "aid_programme"
    audience: ClassVar[str] = "staff"

    programme_id: int

    @property
    def subject_id(self) -> int:
        return self.programme_id


@dataclass(frozen=True, kw_only=True)
class ProgrammeMade(ProgrammeEvent):
    name: ClassVar[str] = "aid.programme_made"

    quota: int
    budget: Decimal


@dataclass(frozen=True, kw_only=True)
class ProgrammeChanged(ProgrammeEvent):
    """Dates, quota, fund or budget, with the reason."""

    name: ClassVar[str] = "aid.programme_changed"

    quota: int
    budget: Decimal
    reason: str


@dataclass(frozen=True, kw_only=True)
class ProgrammeMoved(ProgrammeEvent):
    name: ClassVar[str] = "aid.programme_moved"

    to: str


@dataclass(frozen=True, kw_only=True)
class ShareSet(ProgrammeEvent):
    name: ClassVar[str] = "aid.share_set"

    organisation_id: int
    quota: int


@dataclass(frozen=True, kw_only=True)
class PlaceEvent(Event):
    subject: ClassVar[str] = "aid_place"
    audience: ClassVar[str] = "staff"

    place_id: int

    @property
    def subject_id(self) -> int:
        return self.place_id


@dataclass(frozen=True, kw_only=True)
class PlaceEntered(PlaceEvent):
    name: ClassVar[str] = "aid.place_entered"

    purpose: str


@dataclass(frozen=True, kw_only=True)
class PlaceChecked(PlaceEvent):
    name: ClassVar[str] = "aid.place_checked"


@dataclass(frozen=True, kw_only=True)
class DoubleResolved(PlaceEvent):
    name: ClassVar[str] = "aid.double_resolved"

    signal: str
    outcome: str


@dataclass(frozen=True, kw_only=True)
class PlaceDecided(PlaceEvent):
    """Given, refused, or put on the waiting list."""

    name: ClassVar[str] = "aid.place_decided"

    to: str
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class PlaceWithdrawn(PlaceEvent):
    name: ClassVar[str] = "aid.place_withdrawn"

    reason: str


@dataclass(frozen=True, kw_only=True)
class PremiumReceived(PlaceEvent):
    """For taking part in mutual aid, by the person or by their union."""

    name: ClassVar[str] = "aid.premium_received"

    payer: str
