"""Text messages that carry a code or a warning about the account itself."""

import secrets

import structlog

from yiwang.kernel.identity import mask_phone
from yiwang.platform.notify.actions import send_code
from yiwang.platform.notify.errors import CannotSend

log = structlog.get_logger(__name__)


def text_code(phone: str, text: str) -> None:
    """Send at once, at night too: somebody waits for it. When the gateway fails the page offers to send again."""
    try:
        send_code(phone, text, reference=secrets.token_hex(8))
    except CannotSend as reason:
        log.error("code_not_sent", to=mask_phone(phone), reason=str(reason))
