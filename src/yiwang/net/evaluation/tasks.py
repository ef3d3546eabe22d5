"""Periodic entry points."""

from yiwang.kernel.clock import now
from yiwang.net.evaluation.actions import sweep_bad_reviews
from yiwang.platform.jobs import app


@app.periodic(cron="*/15 * * * *")
@app.task(queueing_lock="evaluation.sweep", name="evaluation.sweep")
def sweep(timestamp: int) -> None:
    sweep_bad_reviews(now())
