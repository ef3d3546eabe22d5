"""Periodic entry points."""

from yiwang.platform.jobs import app
from yiwang.register.members.actions import find_pairs


@app.periodic(cron="10 3 * * *")
@app.task(queueing_lock="members.find_pairs", name="members.find_pairs")
def look_for_pairs(timestamp: int) -> None:
    """Every night: records that may be one person go on the worklist."""
    find_pairs()
