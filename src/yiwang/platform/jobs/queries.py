import csv
import datetime as dt
import io
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yiwang.platform.jobs.models import JobRun

BOM = "\ufeff"  # so that Excel reads the file as UTF-8
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Progress:
    """A run as a page shows it."""

    title: str
    state: str
    done: int
    total: int | None
    remaining: str
    note: str
    failures_url: str
    failures_text: str


def progress_of(run: JobRun, *, now: dt.datetime, failures_url: str) -> Progress:
    failures = ngettext("{n}行没有做成，下载看原因", "{n}行没有做成，下载看原因", run.failed)
    return Progress(
        title=run.title,
        state=run.state,
        done=run.processed,
        total=run.total,
        remaining=time_left(run, now=now),
        note=_note(run),
        failures_url=failures_url if run.failed else "",
        failures_text=failures.format(n=run.failed) if run.failed else "",
    )


def _note(run: JobRun) -> str:
    if run.error:
        return run.error
    if run.state == JobRun.State.CANCELLED:
        return _("停止前已经处理了{n}条，都保留着。").format(n=run.processed)
    if run.cancel_requested_at and not run.is_over:
        return _("正在停止：手上这一批做完就停。")
    if run.state == JobRun.State.PARTLY:
        return _("做成了{done}条，有{failed}条没有做成。").format(done=run.done, failed=run.failed)
    if run.failed:
        return _("到现在有{failed}条没有做成。").format(failed=run.failed)
    return ""


def time_left(run: JobRun, *, now: dt.datetime) -> str:
    """How long the rest will take, in words; judged by the pace since the last start."""
    if run.is_over:
        return ""
    if run.state == JobRun.State.QUEUED:
        return _("前面的任务做完就开始。")
    worked = run.processed - run.resumed_from
    if not run.total or run.resumed_at is None or worked <= 0:
        return _("正在估算还要多久。")
    seconds = (now - run.resumed_at).total_seconds() * (run.total - run.processed) / worked
    if seconds < 60:
        return _("大约还要不到1分钟。")
    minutes = round(seconds / 60)
    if minutes < 60:
        return ngettext("大约还要{n}分钟。", "大约还要{n}分钟。", minutes).format(n=minutes)
    hours = round(minutes / 60)
    return ngettext("大约还要{n}小时。", "大约还要{n}小时。", hours).format(n=hours)


def failures_csv(run: JobRun) -> Iterator[str]:
    """The rows that failed and why, as a file that Excel opens; streamed, however many there are."""
    yield BOM + _line(_("行"), _("原因"))
    for row, reason in run.failures.order_by("id").values_list("row", "reason").iterator():
        yield _line(row, reason)


def _line(*cells: str) -> str:
    out = io.StringIO()
    # A cell that begins like a formula would be run by the spreadsheet that opens it.
    csv.writer(out).writerow([f"'{cell}" if cell.startswith(FORMULA) else cell for cell in cells])
    return out.getvalue()


@dataclass(frozen=True)
class QueueState:
    """What waits for the worker, and since when."""

    waiting: int
    failed: int
    oldest_waiting_seconds: int


def queue_state() -> QueueState:
    """The worker's queue as it stands; scheduled work that is not due yet is not waiting."""
    sql = """
        SELECT count(*) FILTER (WHERE j.status = 'todo'), count(*) FILTER (WHERE j.status = 'failed'),
               coalesce(max(extract(epoch FROM now() - e.at)) FILTER (WHERE j.status = 'todo'), 0)
        FROM procrastinate_jobs j
        LEFT JOIN LATERAL (
            SELECT max(at) AS at FROM procrastinate_events WHERE job_id = j.id AND type = 'deferred'
        ) e ON true
        WHERE j.status = 'failed' OR (j.status = 'todo' AND (j.scheduled_at IS NULL OR j.scheduled_at <= now()))
    """
    with connection.cursor() as cursor:
        cursor.execute(sql)
        waiting, failed, age = cursor.fetchone()
    return QueueState(waiting=waiting, failed=failed, oldest_waiting_seconds=int(age))


def recent(*, limit: int) -> list[JobRun]:
    """The newest long jobs, whoever started them."""
    return list(JobRun.objects.order_by("-pk")[:limit])
