"""Periodic entry points."""

from yiwang.kernel.clock import today
from yiwang.platform.jobs import app
from yiwang.rights.congress.actions import sweep_reports


@app.periodic(cron="55 6 * * *")
@app.task(queueing_lock="congress.sweep", name="congress.sweep")
def sweep(timestamp: int) -> None:
    """Reports to the union above that are due soon, today, or since yesterday."""
    sweep_reports(today())
