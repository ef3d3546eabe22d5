"""Periodic entry points."""

from yiwang.grassroots.joining.actions import sweep_transfers
from yiwang.kernel.clock import now
from yiwang.platform.jobs import app


@app.periodic(cron="*/15 * * * *")
@app.task(queueing_lock="joining.sweep", name="joining.sweep")
def sweep(timestamp: int) -> None:
    """Silence on either side of a transfer."""
    sweep_transfers(now())
