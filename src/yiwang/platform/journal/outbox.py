"""Queue work in the caller's own transaction, so that it exists exactly if the change it follows from does.

``app.configure_task`` is not enough: inside a worker the app's connector is a connection of its own, and work queued
through it could start before our transaction commits, or although it never does.
"""

from typing import Any

from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.manager import JobManager
from procrastinate.tasks import configure_task

_jobs = JobManager(DjangoConnector())


def enqueue(task: str, *kwargs: dict[str, Any], queue: str | None = None, lock: str | None = None) -> list[int]:
    """One job of the task for each set of keyword arguments, in one statement."""
    return configure_task(name=task, job_manager=_jobs, queue=queue, lock=lock).batch_defer(*kwargs)
