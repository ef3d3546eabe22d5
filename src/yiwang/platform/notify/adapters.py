"""Ways out of the house. Which one is used is a setting; a gateway of a province is one more class like these."""

from dataclasses import dataclass
from typing import ClassVar, Protocol

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.module_loading import import_string

from yiwang.kernel.identity import mask_phone
from yiwang.platform.notify.errors import CannotSend

DEFAULTS = {
    "sms": "yiwang.platform.notify.adapters.ConsoleSms",
    "email": "yiwang.platform.notify.adapters.DjangoEmail",
}

log = structlog.get_logger(__name__)


class Adapter(Protocol):
    """``reference`` is the same at every try, so a gateway can drop the second of two."""

    def send(self, address: str, text: str, *, reference: str) -> None: ...


def adapter(channel: str) -> Adapter:
    chosen: dict[str, str] = {**DEFAULTS, **getattr(settings, "NOTIFY_ADAPTERS", {})}
    made: Adapter = import_string(chosen[channel])()
    return made


class ConsoleSms:
    """Development: the text message is a line in the log, for everyone at the console to read."""

    def send(self, address: str, text: str, *, reference: str) -> None:
        log.warning("sms", to=mask_phone(address), text=text, reference=reference)


class DjangoEmail:
    """Through Django's mail settings; in development those print to the console."""

    def send(self, address: str, text: str, *, reference: str) -> None:
        headers = {"Message-ID": f"<{reference}@yiwang>"}
        try:
            EmailMessage(subject=text, body=text, to=[address], headers=headers).send()
        except OSError as reason:  # smtplib's errors are all of this family
            raise CannotSend(str(reason)) from reason


@dataclass
class Sent:
    address: str
    text: str
    reference: str


class MemorySms:
    """Tests: what was sent stands in ``MemorySms.outbox``; ``broken`` makes the gateway fail."""

    outbox: ClassVar[list[Sent]] = []
    broken: ClassVar[bool] = False

    def send(self, address: str, text: str, *, reference: str) -> None:
        if self.broken:
            raise CannotSend("gateway down")
        self.outbox.append(Sent(address, text, reference))

    @classmethod
    def clear(cls) -> None:
        cls.outbox.clear()
        cls.broken = False
