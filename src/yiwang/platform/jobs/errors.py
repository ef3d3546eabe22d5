from django.utils.translation import gettext as _

from yiwang.kernel.errors import DomainError


class UnknownJob(DomainError):
    """Nobody registered a long job of that name."""

    code = "unknown_job"

    def __init__(self, name: str) -> None:
        super().__init__(_("没有叫“{name}”的任务。请系统管理员检查版本是否一致。").format(name=name))


class JobOver(DomainError):
    """The job has ended; there is nothing to stop."""

    code = "job_over"

    def __init__(self) -> None:
        super().__init__(_("这项任务已经结束，不用停止了。"))


class JobCancelled(Exception):
    """Somebody asked the job to stop; the batch in hand is undone and the run ends here."""


class Superseded(Exception):
    """Another worker has taken this run over; the batch in hand is undone so that nothing happens twice."""


class Interrupted(Exception):
    """The worker is shutting down; the batch in hand is undone and the run goes on where it was, later."""
