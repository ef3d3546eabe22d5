import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yiwang.platform.jobs.models import JobRun


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
