"""Facts that rules record."""

from dataclasses import dataclass
from typing import ClassVar

from yiwang.platform.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class RuleSetPublished(Event):
    """A new version of one programme's rules is in use."""

    name: ClassVar[str] = "rules.ruleset_published"
    subject: ClassVar[str] = "ruleset_version"
    audience: ClassVar[str] = "staff"

    ruleset_version_id: int
    key: str
    number: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class ParameterValuesLoaded(Event):
    """Figures of one parameter were loaded anew from the rule files."""

    name: ClassVar[str] = "rules.parameter_values_loaded"
    subject: ClassVar[str] = "parameter_value"
    audience: ClassVar[str] = "staff"

    parameter_value_id: int
    parameter: str
    values: int


@dataclass(frozen=True, kw_only=True)
class ReceiptIssued(Event):
    """The reasons of a decision were fixed in a receipt."""

    name: ClassVar[str] = "rules.receipt_issued"
    subject: ClassVar[str] = "receipt"

    receipt_id: int
    about: str
    about_id: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class ParameterProposed(Event):
    """Somebody put a new figure forward; nothing changes before another person publishes it."""

    name: ClassVar[str] = "rules.parameter_proposed"
    subject: ClassVar[str] = "parameter_proposal"
    audience: ClassVar[str] = "staff"

    parameter_proposal_id: int
    parameter: str
    key: str
    value: int
    valid_from: str


@dataclass(frozen=True, kw_only=True)
class ParameterPublished(ParameterProposed):
    """A second person brought the figure in force."""

    name: ClassVar[str] = "rules.parameter_published"


@dataclass(frozen=True, kw_only=True)
class ParameterDeclined(ParameterProposed):
    """A second person did not take the figure over; the purpose of the entry says why."""

    name: ClassVar[str] = "rules.parameter_declined"
