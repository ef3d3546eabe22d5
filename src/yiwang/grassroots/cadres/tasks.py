"""Periodic entry points."""

from yiwang.grassroots.cadres.actions import sweep_papers
from yiwang.kernel.clock import today
from yiwang.platform.jobs import app


@app.periodic(cron="50 6 * * *")
@app.task(queueing_lock="cadres.sweep", name="cadres.sweep")
def sweep(timestamp: int) -> None:
    """Papers and certificates that end; evaluations nobody appealed."""
    sweep_papers(today())
