"""Periodic entry points."""

from yiwang.kernel.clock import now
from yiwang.platform.jobs import app
from yiwang.rights.aid.actions import deliver_paid, sweep_reviews


@app.periodic(cron="20 4 * * *")
@app.task(queueing_lock="aid.reviews", name="aid.reviews")
def reviews(timestamp: int) -> None:
    sweep_reviews(now())


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="aid.deliver", name="aid.deliver")
def deliver(timestamp: int) -> None:
    deliver_paid(now=now())
