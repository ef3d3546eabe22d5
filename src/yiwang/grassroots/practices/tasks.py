"""Periodic entry points."""

from yiwang.grassroots.practices.actions import sweep_reports
from yiwang.kernel.clock import today
from yiwang.platform.jobs import app


@app.periodic(cron="55 6 * * *")
@app.task(queueing_lock="practices.sweep", name="practices.sweep")
def sweep(timestamp: int) -> None:
    """Reports that are due."""
    sweep_reports(today())
