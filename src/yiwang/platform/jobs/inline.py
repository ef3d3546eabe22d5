"""Run the queue here and now, on the caller's own connection: for tests, and for the demo that fills itself.

A worker does the same beside the web, on connections of its own; there is no second way in production.
"""

from django.db import connection
from django.db.models import Q
from procrastinate import JobContext
from procrastinate.contrib.django.models import ProcrastinateJob

from yiwang.kernel.clock import now
from yiwang.platform.jobs import app

LIMIT = 100_000


def run_queued(limit: int = LIMIT) -> int:
    """Run every job that is due, those they queue included, in order. What a job raises passes through."""
    done = 0
    while done < limit and (job := _next()):
        with connection.cursor() as cursor:
            cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE id = %s", [job.pk])
        _call(job)
        with connection.cursor() as cursor:
            cursor.execute("SELECT procrastinate_finish_job_v1(%s, 'succeeded', true)", [job.pk])
        done += 1
    return done


def _next() -> ProcrastinateJob | None:
    due = Q(scheduled_at=None) | Q(scheduled_at__lte=now())
    return ProcrastinateJob.objects.filter(due, status="todo").order_by("-priority", "id").first()


def _call(job: ProcrastinateJob) -> None:
    task = app.tasks[job.task_name]
    if not task.pass_context:
        task.func(**job.args)
        return
    context = JobContext(
        app=app, job=job.procrastinate_job, start_timestamp=now().timestamp(), abort_reason=lambda: None
    )
    task.func(context, **job.args)
