"""Which long jobs exist. An app registers its own in ``tasks.py``, which every worker imports."""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from yiwang.platform.jobs.models import JobRun

LongJob = Callable[["JobRun"], None]

LONG_JOBS: dict[str, LongJob] = {}


def long_job(name: str) -> Callable[[LongJob], LongJob]:
    """Register the work of a long job.

    The function gets its ``JobRun``, works in batches from ``run.cursor`` on, and ends each batch with ``advance`` in
    the transaction of the batch's own writes. It is called again, with the last committed cursor, after a crash.
    """

    def register(work: LongJob) -> LongJob:
        if LONG_JOBS.setdefault(name, work) is not work:
            raise ValueError(f"two long jobs are called “{name}”")
        return work

    return register
