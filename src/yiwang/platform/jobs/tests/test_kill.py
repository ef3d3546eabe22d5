"""kill -9 in the middle of a long job: the next worker goes on, no row is lost and none is written twice."""

import contextlib
import datetime as dt
import os
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from django.db import connection

from yiwang.kernel.clock import now
from yiwang.platform.jobs.actions import requeue_stalled
from yiwang.platform.jobs.models import JobRun
from yiwang.platform.jobs.tests.factories import start

ROWS = 120


def fill(run: JobRun) -> None:
    """Stands for the job of the same name in the worker."""


@pytest.fixture
def rows(transactional_db):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE jobs_test_row (n integer NOT NULL)")
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE jobs_test_row")


@contextlib.contextmanager
def worker() -> Iterator[subprocess.Popen[bytes]]:
    here = connection.settings_dict
    url = f"postgresql://{here['USER']}:{here['PASSWORD']}@{here['HOST']}:{here['PORT']}/{here['NAME']}"
    process = subprocess.Popen(
        [sys.executable, "-m", "yiwang.platform.jobs.tests.worker"], env={**os.environ, "DATABASE_URL": url}
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def wait_for(run: JobRun, done: int, *, sweep: bool = False) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if sweep:
            requeue_stalled(now=now(), patience=dt.timedelta(seconds=1))
        run.refresh_from_db()
        if run.done >= done:
            return
        time.sleep(0.05)
    pytest.fail(f"only {run.done} of {done} rows after a minute, state {run.state}")


@pytest.mark.django_db(transaction=True)
def test_a_killed_job_goes_on_and_repeats_nothing(rows):
    run = start(fill, total=ROWS)

    for done in (20, 60):
        with worker():
            wait_for(run, done, sweep=True)
    with worker():
        wait_for(run, ROWS, sweep=True)

    with connection.cursor() as cursor:
        cursor.execute("SELECT n FROM jobs_test_row ORDER BY n")
        assert [n for (n,) in cursor.fetchall()] == list(range(ROWS))
    assert run.attempt == 3
