"""Periodic entry points."""

from yiwang.grassroots.founding.actions import sweep_certificates, sweep_procedures, sweep_terms
from yiwang.kernel.clock import now, today
from yiwang.platform.jobs import app


@app.periodic(cron="40 6 * * *")
@app.task(queueing_lock="founding.sweep", name="founding.sweep")
def sweep(timestamp: int) -> None:
    """What time itself does to approvals, terms and certificates; people are told in the morning."""
    sweep_procedures(now())
    sweep_terms(today())
    sweep_certificates(today())
