import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

import structlog
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from yiwang.kernel.clock import now
from yiwang.kernel.errors import DomainError
from yiwang.kernel.states import move
from yiwang.platform.jobs.errors import Interrupted, JobCancelled, JobOver, Superseded, UnknownJob
from yiwang.platform.jobs.events import JobEnded, JobStopped
from yiwang.platform.jobs.models import JobFailure, JobRun
from yiwang.platform.jobs.registry import LONG_JOBS
from yiwang.platform.journal.actions import record
from yiwang.platform.journal.outbox import enqueue

TASK = "jobs.run_long_job"
QUEUE = "long"
PATIENCE = 3  # starts in a row that end without a single batch: an error of ours, or work that kills its worker

log = structlog.get_logger(__name__)


@transaction.atomic
def start_job(
    name: str,
    params: dict[str, Any],
    *,
    by: AbstractBaseUser | None,
    title: str,
    total: int | None = None,
    link: str = "",
) -> JobRun:
    """Queue long work in the caller's transaction. ``link`` is where its page sends people when it is done."""
    run = _new_run(name, params, by=by, title=title, total=total, link=link)
    enqueue(TASK, {"run_id": run.pk}, queue=QUEUE, lock=f"jobs.run.{run.pk}")
    return run


def run_here(
    name: str,
    params: dict[str, Any],
    *,
    by: AbstractBaseUser | None,
    title: str,
    watch: Callable[[JobRun], None] = lambda run: None,
) -> JobRun:
    """Do long work in this process, for a command line that waits for it; ``watch`` sees the run after each batch."""
    run = _new_run(name, params, by=by, title=title, total=None, link="")
    run_long_job(run.pk, watch=watch)
    run.refresh_from_db()
    return run


def _new_run(
    name: str, params: dict[str, Any], *, by: AbstractBaseUser | None, title: str, total: int | None, link: str
) -> JobRun:
    if name not in LONG_JOBS:
        raise UnknownJob(name)
    return JobRun.objects.create(
        name=name, params=params, title=title[:200], total=total, link=link, started_by_id=by.pk if by else None
    )


def run_long_job(
    run_id: int,
    *,
    is_interrupted: Callable[[], bool] = lambda: False,
    watch: Callable[[JobRun], None] = lambda run: None,
) -> None:
    """Work on a run until it is over. Safe to call again at any time, by anyone, as often as a worker dies.

    Raises ``Interrupted`` when the worker shuts down: the run waits for the next call.
    """
    run = JobRun.objects.get(pk=run_id)
    run.is_interrupted = is_interrupted
    run.watch = watch
    if not _take_over(run):
        return
    try:
        LONG_JOBS[run.name](run)
    except JobCancelled:
        _finish(run, JobRun.State.CANCELLED)
    except Superseded:
        log.warning("job_superseded", run=run.public_id)
    except DomainError as refusal:
        _finish(run, JobRun.State.FAILED, error=str(refusal))
    else:
        _finish(run, JobRun.State.PARTLY if run.failed else JobRun.State.DONE)


def _take_over(run: JobRun) -> bool:
    """Raise the attempt number, which shuts out whoever worked on the run before."""
    if run.state == JobRun.State.QUEUED:
        move(run, JobRun.State.RUNNING, started_at=now())
    if run.state != JobRun.State.RUNNING:
        return False
    JobRun.objects.filter(pk=run.pk).update(
        attempt=F("attempt") + 1,
        stumbles=F("stumbles") + 1,
        resumed_at=now(),
        moved_at=now(),
        resumed_from=F("done") + F("failed"),
    )
    run.refresh_from_db()
    if run.stumbles > PATIENCE:
        error = _("系统出错，任务停在这里。已经处理的都保留着；请把任务编号{number}告诉系统管理员。")
        _finish(run, JobRun.State.FAILED, error=error.format(number=run.public_id))
        return False
    return True


def set_total(run: JobRun, total: int) -> None:
    """Tell how much there is, once the job has counted."""
    run.total = total
    run.save(update_fields=["total"])


def advance(run: JobRun, *, done: int, cursor: Any = None, failed: Sequence[tuple[str, str]] = ()) -> None:
    """Commit progress with the batch: call it last, inside the transaction of the batch's own writes.

    ``failed`` holds (row, reason in words). Raises ``JobCancelled``, ``Superseded`` or ``Interrupted`` to undo the
    batch: let them pass.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("advance() belongs inside the transaction of the batch")
    rows = JobRun.objects.filter(pk=run.pk, state=JobRun.State.RUNNING, attempt=run.attempt).update(
        done=F("done") + done, failed=F("failed") + len(failed), cursor=cursor, moved_at=now(), stumbles=0
    )
    if rows == 0:
        raise Superseded
    JobFailure.objects.bulk_create([JobFailure(run=run, row=row[:100], reason=reason[:500]) for row, reason in failed])
    run.refresh_from_db(fields=["done", "failed", "cursor", "cancel_requested_at"])
    if run.cancel_requested_at:
        raise JobCancelled
    if run.is_interrupted():
        raise Interrupted
    run.watch(run)


@transaction.atomic
def cancel_job(run: JobRun, *, by: AbstractBaseUser) -> None:
    """Stop a run: at once when it waits, after the batch in hand when it runs. What is done stays done."""
    run = JobRun.objects.select_for_update().get(pk=run.pk)
    if run.is_over:
        raise JobOver
    if run.state == JobRun.State.QUEUED:
        move(run, JobRun.State.CANCELLED, finished_at=now())
    else:
        run.cancel_requested_at = now()
        run.save(update_fields=["cancel_requested_at"])
    record(JobStopped(job_id=run.pk), by=by)


@transaction.atomic
def _finish(run: JobRun, state: str, *, error: str = "") -> None:
    move(run, state, finished_at=now(), error=error)
    record(JobEnded(job_id=run.pk, state=state), by=None)


STALLED = """
    SELECT job.id FROM procrastinate_jobs job
    LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id
    WHERE job.status = 'doing' AND (worker.id IS NULL OR worker.last_heartbeat < %s)
    FOR UPDATE OF job SKIP LOCKED
"""


@transaction.atomic
def requeue_stalled(*, now: dt.datetime, patience: dt.timedelta) -> int:
    """Give work of workers that no longer beat back to the queue, whatever work it is."""
    with connection.cursor() as cursor:
        cursor.execute(STALLED, [now - patience])
        stalled = [row[0] for row in cursor.fetchall()]
        for job_id in stalled:
            cursor.execute("SELECT procrastinate_retry_job_v2(%s, %s, NULL, NULL, NULL)", [job_id, now])
    if stalled:
        log.warning("jobs_requeued", jobs=stalled)
    return len(stalled)


@transaction.atomic
def forget_old_runs(*, now: dt.datetime, patience: dt.timedelta) -> int:
    """Finished runs go after a while; what they did stays where it was done."""
    old = JobRun.objects.exclude(state__in=JobRun.MOVES).filter(finished_at__lt=now - patience)
    return old.delete()[1].get("jobs.JobRun", 0)
