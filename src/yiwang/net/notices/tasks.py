"""Periodic entry points."""

from yiwang.kernel.clock import now
from yiwang.net.notices.actions import sweep_notices
from yiwang.platform.jobs import app


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="notices.sweep", name="notices.sweep")
def sweep(timestamp: int) -> None:
    sweep_notices(now())
