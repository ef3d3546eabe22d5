from dataclasses import dataclass
from typing import ClassVar

from yiwang.platform.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class AppointmentEvent(Event):
    subject: ClassVar[str] = "appointment"
    audience: ClassVar[str] = "staff"

    appointment_id: int
    user_id: int
    organisation_id: int
    role: str


@dataclass(frozen=True, kw_only=True)
class AppointmentProposed(AppointmentEvent):
    name: ClassVar[str] = "access.appointment_proposed"


@dataclass(frozen=True, kw_only=True)
class AppointmentDeclined(AppointmentEvent):
    name: ClassVar[str] = "access.appointment_declined"


@dataclass(frozen=True, kw_only=True)
class Appointed(AppointmentEvent):
    name: ClassVar[str] = "access.appointed"


@dataclass(frozen=True, kw_only=True)
class AppointmentEnded(AppointmentEvent):
    name: ClassVar[str] = "access.appointment_ended"


@dataclass(frozen=True, kw_only=True)
class MandateEvent(Event):
    subject: ClassVar[str] = "mandate"

    mandate_id: int
    person_id: int
    delegate_id: int


@dataclass(frozen=True, kw_only=True)
class MandateGiven(MandateEvent):
    name: ClassVar[str] = "access.mandate_given"


@dataclass(frozen=True, kw_only=True)
class MandateEnded(MandateEvent):
    name: ClassVar[str] = "access.mandate_ended"


@dataclass(frozen=True, kw_only=True)
class RecusalDeclared(Event):
    name: ClassVar[str] = "access.recusal_declared"
    subject: ClassVar[str] = "recusal"
    audience: ClassVar[str] = "staff"

    recusal_id: int
    user_id: int


@dataclass(frozen=True, kw_only=True)
class RecusalEnded(Event):
    name: ClassVar[str] = "access.recusal_ended"
    subject: ClassVar[str] = "recusal"
    audience: ClassVar[str] = "staff"

    recusal_id: int
    user_id: int


@dataclass(frozen=True, kw_only=True)
class PersonRevealed(Event):
    name: ClassVar[str] = "access.person_revealed"
    subject: ClassVar[str] = "person"
    audience: ClassVar[str] = "staff"

    person_id: int
    seen: str
    seen_id: int
