"""What happens when people join a union or move to another."""

from dataclasses import dataclass
from typing import ClassVar

from yiwang.platform.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class CampaignEvent(Event):
    subject: ClassVar[str] = "campaign"
    audience: ClassVar[str] = "staff"

    campaign_id: int


@dataclass(frozen=True, kw_only=True)
class CampaignOpened(CampaignEvent):
    name: ClassVar[str] = "joining.campaign_opened"

    organisation_id: int


@dataclass(frozen=True, kw_only=True)
class CampaignHeld(CampaignEvent):
    """Too many joined within an hour: somebody looks before more can."""

    name: ClassVar[str] = "joining.campaign_held"

    joins: int


@dataclass(frozen=True, kw_only=True)
class CampaignMoved(CampaignEvent):
    name: ClassVar[str] = "joining.campaign_moved"

    state: str


@dataclass(frozen=True, kw_only=True)
class RequestEvent(Event):
    subject: ClassVar[str] = "case"

    case_id: int


@dataclass(frozen=True, kw_only=True)
class Admitted(RequestEvent):
    name: ClassVar[str] = "joining.admitted"

    organisation_id: int
    membership_id: int


@dataclass(frozen=True, kw_only=True)
class ContactNoted(RequestEvent):
    """One of the five: call, text, meeting, card, file."""

    name: ClassVar[str] = "joining.contact_noted"

    what: str


@dataclass(frozen=True, kw_only=True)
class TransferReleased(RequestEvent):
    """The former union lets go; ``deemed`` where its silence counted."""

    name: ClassVar[str] = "joining.transfer_released"

    deemed: bool


@dataclass(frozen=True, kw_only=True)
class TransferObjected(RequestEvent):
    name: ClassVar[str] = "joining.transfer_objected"

    ground: str


@dataclass(frozen=True, kw_only=True)
class TransferEscalated(RequestEvent):
    """The common superior decides."""

    name: ClassVar[str] = "joining.transfer_escalated"

    organisation_id: int


@dataclass(frozen=True, kw_only=True)
class MovedFromPool(Event):
    name: ClassVar[str] = "joining.moved_from_pool"
    subject: ClassVar[str] = "membership"

    membership_id: int
    organisation_id: int
