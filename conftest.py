"""Fixtures of every test; the cast stands in tests/cast.py."""

import pytest


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    from yiwang.platform.journal.testing import allow_flush  # noqa: PLC0415 -- needs settings

    with django_db_blocker.unblock():
        allow_flush()
