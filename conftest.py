"""Fixtures of every test; the cast stands in tests/cast.py."""

import os

import pytest
from hypothesis import settings

# The suite tries the same examples on every machine, so that what is green here is green there; `make explore`
# looks for new ones.
settings.register_profile("house", derandomize=True, deadline=None)
settings.register_profile("explore", max_examples=5000, deadline=None)
settings.load_profile(os.environ.get("YIWANG_EXAMPLES", "house"))

pytest_plugins = ["tests.cast"]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    from yiwang.platform.journal.testing import allow_flush  # noqa: PLC0415 -- needs settings
    from yiwang.platform.rules.testing import publish  # noqa: PLC0415 -- needs settings

    with django_db_blocker.unblock():
        allow_flush()
        publish()


@pytest.fixture(autouse=True)
def _no_job_outlives_a_transactional_test(request, django_db_blocker):
    """Django empties its own tables after such a test; the queue's tables are not among them."""
    yield
    marker = request.node.get_closest_marker("django_db")
    if marker and marker.kwargs.get("transaction"):
        from django.db import connection  # noqa: PLC0415 -- needs settings

        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers, procrastinate_periodic_defers CASCADE")


EMPTIED: list[str] = []
EMPTIES = {"transactional_db", "live_server", "django_db_serialized_rollback"}


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """Django empties the tables of parameters and rules after a transactional test; the next test gets them back.

    Before any fixture of the test, so that no transaction of the test takes them away again.
    """
    if EMPTIED:
        from pytest_django.plugin import blocking_manager_key  # noqa: PLC0415 -- needs settings

        from yiwang.platform.rules.testing import publish  # noqa: PLC0415 -- needs settings

        with item.config.stash[blocking_manager_key].unblock():
            publish()
        EMPTIED.clear()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item):
    marker = item.get_closest_marker("django_db")
    if (marker and marker.kwargs.get("transaction")) or EMPTIES & set(getattr(item, "fixturenames", ())):
        EMPTIED.append(item.nodeid)
