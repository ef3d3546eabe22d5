"""Fixtures of every test; the cast stands in tests/cast.py."""

import pytest

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


EMPTIED = []


@pytest.fixture(autouse=True)
def _rules_outlive_a_transactional_test(request, django_db_blocker):
    """Django empties the tables of parameters and rules after such a test; the next test gets them back."""
    marker = request.node.get_closest_marker("django_db")
    if EMPTIED and marker:
        from yiwang.platform.rules.testing import publish  # noqa: PLC0415 -- needs settings

        with django_db_blocker.unblock():
            publish()
        EMPTIED.clear()
    yield
    if marker and marker.kwargs.get("transaction"):
        EMPTIED.append(request.node.nodeid)
