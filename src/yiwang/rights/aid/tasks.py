"""Periodic entry points."""

from yiwang.kernel.clock import local_date, now
from yiwang.platform.jobs import app, long_job
from yiwang.platform.jobs.models import JobRun
from yiwang.rights.aid.actions import (
    close_due,
    deliver_paid,
    deliver_paid_places,
    screen,
    sweep_explanations,
    sweep_reviews,
)


@app.periodic(cron="20 4 * * *")
@app.task(queueing_lock="aid.reviews", name="aid.reviews")
def reviews(timestamp: int) -> None:
    sweep_reviews(now())
    sweep_explanations(now())
    close_due(local_date(now()))


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="aid.deliver", name="aid.deliver")
def deliver(timestamp: int) -> None:
    deliver_paid(now=now())
    deliver_paid_places(now=now())


@long_job("aid.screening")
def screening(run: JobRun) -> None:
    screen(run)
