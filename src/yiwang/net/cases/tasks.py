"""Periodic entry points."""

from yiwang.kernel.clock import now
from yiwang.net.cases.actions import (
    sweep_archive,
    sweep_deadlines,
    sweep_deemed_acceptance,
    sweep_forgotten,
    sweep_pauses,
    sweep_supplements,
)
from yiwang.platform.jobs import app


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="cases.sweep", name="cases.sweep")
def sweep(timestamp: int) -> None:
    """Everything that time itself does to cases."""
    moment = now()
    sweep_deemed_acceptance(moment)
    sweep_supplements(moment)
    sweep_deadlines(moment)
    sweep_pauses(moment)


@app.periodic(cron="20 2 * * *")
@app.task(queueing_lock="cases.archive", name="cases.archive")
def archive(timestamp: int) -> None:
    sweep_archive(now())


@app.periodic(cron="40 2 * * *")
@app.task(queueing_lock="cases.forget", name="cases.forget")
def forget(timestamp: int) -> None:
    sweep_forgotten(now())
