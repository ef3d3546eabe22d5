from pathlib import Path

import pytest
from django.contrib.auth import get_user_model

from yiwang.platform.notify.adapters import MemorySms

User = get_user_model()

HERE = Path(__file__).parent


@pytest.fixture(autouse=True)
def sms(settings):
    """Text messages go to ``MemorySms.outbox``; the templates of these tests are found."""
    settings.NOTIFY_ADAPTERS = {"sms": "yiwang.platform.notify.adapters.MemorySms"}
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [HERE / "templates"]}]
    MemorySms.clear()
    yield MemorySms
    MemorySms.clear()


@pytest.fixture
def wenjuan(db):
    return User.objects.create(phone="13912345520", name="周文娟")


@pytest.fixture
def stranger(db):
    return User.objects.create(phone="13912345521", name="孙志伟")
