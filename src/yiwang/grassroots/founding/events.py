"""What happens on the way of a union to its committee."""

from dataclasses import dataclass
from typing import ClassVar

from yiwang.platform.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class ProcedureEvent(Event):
    subject: ClassVar[str] = "procedure"

    procedure_id: int


@dataclass(frozen=True, kw_only=True)
class ProcedureStarted(ProcedureEvent):
    name: ClassVar[str] = "founding.procedure_started"

    kind: str
    title: str


@dataclass(frozen=True, kw_only=True)
class ProcedureMoved(ProcedureEvent):
    name: ClassVar[str] = "founding.procedure_moved"

    state: str
    opinion: str = ""
    document_number: str = ""


@dataclass(frozen=True, kw_only=True)
class PreparationCorrected(ProcedureEvent):
    name: ClassVar[str] = "founding.preparation_corrected"

    fields: list[str]


@dataclass(frozen=True, kw_only=True)
class CandidateNamed(ProcedureEvent):
    name: ClassVar[str] = "founding.candidate_named"

    person_id: int
    body: str


@dataclass(frozen=True, kw_only=True)
class CandidateDropped(ProcedureEvent):
    name: ClassVar[str] = "founding.candidate_dropped"

    person_id: int
    body: str


@dataclass(frozen=True, kw_only=True)
class UnionEvent(Event):
    subject: ClassVar[str] = "organisation"

    organisation_id: int


@dataclass(frozen=True, kw_only=True)
class UnionFounded(UnionEvent):
    name: ClassVar[str] = "founding.union_founded"

    document_number: str


@dataclass(frozen=True, kw_only=True)
class TermBegun(UnionEvent):
    name: ClassVar[str] = "founding.term_begun"

    body: str
    number: int
    ends_on: str


@dataclass(frozen=True, kw_only=True)
class TermExtended(UnionEvent):
    name: ClassVar[str] = "founding.term_extended"

    until: str
    document_number: str


@dataclass(frozen=True, kw_only=True)
class ExtensionAsked(UnionEvent):
    name: ClassVar[str] = "founding.extension_asked"

    until: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ExtensionRefused(UnionEvent):
    name: ClassVar[str] = "founding.extension_refused"

    opinion: str


@dataclass(frozen=True, kw_only=True)
class ReelectionOrdered(UnionEvent):
    name: ClassVar[str] = "founding.reelection_ordered"

    document_number: str


@dataclass(frozen=True, kw_only=True)
class SeatVacated(UnionEvent):
    name: ClassVar[str] = "founding.seat_vacated"

    person_id: int
    post: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class CertificateMoved(UnionEvent):
    name: ClassVar[str] = "founding.certificate_moved"

    state: str
    number: str = ""
    opinion: str = ""


@dataclass(frozen=True, kw_only=True)
class SealRecorded(UnionEvent):
    name: ClassVar[str] = "founding.seal_recorded"

    kind: str
    keeper: str


@dataclass(frozen=True, kw_only=True)
class SealReturned(UnionEvent):
    name: ClassVar[str] = "founding.seal_returned"

    kind: str


@dataclass(frozen=True, kw_only=True)
class HandoverDrawn(UnionEvent):
    name: ClassVar[str] = "founding.handover_drawn"

    from_person_id: int
    to_person_id: int


@dataclass(frozen=True, kw_only=True)
class HandoverSigned(UnionEvent):
    name: ClassVar[str] = "founding.handover_signed"

    side: str
