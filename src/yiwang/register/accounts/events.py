from dataclasses import dataclass
from typing import ClassVar

from yiwang.platform.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class AccountEvent(Event):
    subject: ClassVar[str] = "user"

    user_id: int


@dataclass(frozen=True, kw_only=True)
class AccountOpened(AccountEvent):
    name: ClassVar[str] = "accounts.account_opened"


@dataclass(frozen=True, kw_only=True)
class SignedIn(AccountEvent):
    name: ClassVar[str] = "accounts.signed_in"

    methods: str


@dataclass(frozen=True, kw_only=True)
class PhoneChanged(AccountEvent):
    name: ClassVar[str] = "accounts.phone_changed"


@dataclass(frozen=True, kw_only=True)
class NoticeAccepted(AccountEvent):
    name: ClassVar[str] = "accounts.notice_accepted"

    version: str


@dataclass(frozen=True, kw_only=True)
class AccountRecovered(AccountEvent):
    name: ClassVar[str] = "accounts.account_recovered"


@dataclass(frozen=True, kw_only=True)
class SessionsEnded(AccountEvent):
    name: ClassVar[str] = "accounts.sessions_ended"

    sessions: int


@dataclass(frozen=True, kw_only=True)
class SteppedInto(AccountEvent):
    """A demo persona was taken on; never outside demo mode."""

    name: ClassVar[str] = "accounts.stepped_into"
