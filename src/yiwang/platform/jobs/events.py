from dataclasses import dataclass
from typing import ClassVar

from yiwang.platform.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class JobEnded(Event):
    """Long work came to an end, in whatever way; its starter is told."""

    name: ClassVar[str] = "jobs.job_ended"
    subject: ClassVar[str] = "job"
    audience: ClassVar[str] = "staff"

    job_id: int
    state: str


@dataclass(frozen=True, kw_only=True)
class JobStopped(Event):
    """Somebody asked long work to stop."""

    name: ClassVar[str] = "jobs.job_stopped"
    subject: ClassVar[str] = "job"
    audience: ClassVar[str] = "staff"

    job_id: int
