import re

import pytest


@pytest.fixture(autouse=True)
def _fresh_limits(db):
    """Rate limits live in the cache table; a test starts with none used up."""
    from django.core.cache import cache  # noqa: PLC0415 -- needs settings

    cache.clear()


@pytest.fixture
def sms(settings):
    """The text messages sent in this test."""
    from yiwang.platform.notify.adapters import MemorySms  # noqa: PLC0415 -- needs settings

    settings.NOTIFY_ADAPTERS = {"sms": "yiwang.platform.notify.adapters.MemorySms"}
    MemorySms.clear()
    return MemorySms.outbox


@pytest.fixture
def code(sms):
    """The code in the latest text message."""

    def latest() -> str:
        return re.search(r"\d{6}", sms[-1].text)[0]

    return latest
