"""Text messages that carry a code or a notice about the account itself."""

import structlog

log = structlog.get_logger(__name__)
outbox: list[tuple[str, str]] = []


def text_code(phone: str, text: str) -> None:
    """Send at once, at night too: somebody waits for it."""
    outbox.append((phone, text))
    print(f"SMS {phone}: {text}")  # noqa: T201
