"""The queue: ``app`` registers tasks, ``long_job`` registers work whose progress a page shows."""

from procrastinate.contrib.django import app

from yiwang.platform.jobs.registry import long_job

__all__ = ["app", "long_job"]
