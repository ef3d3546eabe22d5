"""What happens to the people who serve and to what they do."""

from dataclasses import dataclass
from typing import ClassVar

from yiwang.platform.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class CadreEvent(Event):
    subject: ClassVar[str] = "cadre"
    audience: ClassVar[str] = "staff"

    cadre_id: int


@dataclass(frozen=True, kw_only=True)
class CadreNominated(CadreEvent):
    name: ClassVar[str] = "cadres.nominated"

    team: str
    organisation_id: int


@dataclass(frozen=True, kw_only=True)
class CadreMoved(CadreEvent):
    """A step of the appointment, leave, return, end."""

    name: ClassVar[str] = "cadres.moved"

    state: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class ContractSigned(CadreEvent):
    name: ClassVar[str] = "cadres.contract_signed"

    contract_id: int
    kind: str


@dataclass(frozen=True, kw_only=True)
class CertificateAdded(CadreEvent):
    name: ClassVar[str] = "cadres.certificate_added"

    certificate_id: int


@dataclass(frozen=True, kw_only=True)
class AreaGiven(CadreEvent):
    """``organisation_id`` or ``employer_id``: whom the cadre serves from now on."""

    name: ClassVar[str] = "cadres.area_given"

    area_id: int
    organisation_id: int | None
    employer_id: int | None


@dataclass(frozen=True, kw_only=True)
class AreaEnded(CadreEvent):
    name: ClassVar[str] = "cadres.area_ended"

    area_id: int


@dataclass(frozen=True, kw_only=True)
class CardChanged(CadreEvent):
    """What workers see of this officer; ``has_photo`` with their own consent."""

    name: ClassVar[str] = "cadres.card_changed"

    has_photo: bool


@dataclass(frozen=True, kw_only=True)
class EstablishmentSet(Event):
    name: ClassVar[str] = "cadres.establishment_set"
    subject: ClassVar[str] = "organisation"
    audience: ClassVar[str] = "staff"

    organisation_id: int
    team: str
    headcount: int


@dataclass(frozen=True, kw_only=True)
class TaskSet(CadreEvent):
    name: ClassVar[str] = "cadres.task_set"

    task_id: int


@dataclass(frozen=True, kw_only=True)
class TaskMoved(CadreEvent):
    name: ClassVar[str] = "cadres.task_moved"

    task_id: int
    state: str


@dataclass(frozen=True, kw_only=True)
class LogWritten(CadreEvent):
    name: ClassVar[str] = "cadres.log_written"

    log_id: int
    kind: str
    is_late: bool


@dataclass(frozen=True, kw_only=True)
class LogVerified(CadreEvent):
    name: ClassVar[str] = "cadres.log_verified"

    log_id: int


@dataclass(frozen=True, kw_only=True)
class LedgerKept(CadreEvent):
    name: ClassVar[str] = "cadres.ledger_kept"

    entry_id: int


@dataclass(frozen=True, kw_only=True)
class TrainingClaimed(CadreEvent):
    name: ClassVar[str] = "cadres.training_claimed"

    training_id: int


@dataclass(frozen=True, kw_only=True)
class TrainingSettled(CadreEvent):
    name: ClassVar[str] = "cadres.training_settled"

    training_id: int
    state: str


@dataclass(frozen=True, kw_only=True)
class EvaluationMoved(CadreEvent):
    """Rated, confirmed, returned, appealed, final; the points stay in the evaluation."""

    name: ClassVar[str] = "cadres.evaluation_moved"

    evaluation_id: int
    state: str
