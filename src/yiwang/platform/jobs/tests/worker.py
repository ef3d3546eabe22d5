"""A worker of its own, killed in the middle of its work by ``test_kill``."""

import time

import django

django.setup()

from django.db import connection, transaction  # noqa: E402 -- after setup, as in any script

from yiwang.platform.jobs import app, long_job  # noqa: E402
from yiwang.platform.jobs.actions import advance  # noqa: E402
from yiwang.platform.jobs.models import JobRun  # noqa: E402


@long_job("test.fill")
def fill(run: JobRun) -> None:
    for row in range(run.cursor or 0, run.total or 0):
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("INSERT INTO jobs_test_row (n) VALUES (%s)", [row])
            time.sleep(0.005)  # killed here, the row must not stay without its cursor
            advance(run, done=1, cursor=row + 1)


if __name__ == "__main__":
    with app.replace_connector(app.connector.get_worker_connector()) as real:
        real.run_worker(
            update_heartbeat_interval=0.2,
            stalled_worker_timeout=1,
            fetch_job_polling_interval=0.1,
            install_signal_handlers=False,
            queues=["long"],
        )
