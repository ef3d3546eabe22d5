"""The queue: ``app`` registers tasks; long jobs have a row that shows how far they are."""

from procrastinate.contrib.django import app

__all__ = ["app"]
