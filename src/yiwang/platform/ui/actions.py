"""A reader's settings, written to the account where there is one (the account model has both fields); exports."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.urls import reverse
from django.utils.translation import get_language

from yiwang.kernel.clock import today
from yiwang.platform.files.actions import store_generated
from yiwang.platform.files.models import Document
from yiwang.platform.jobs.actions import advance, set_total, start_job
from yiwang.platform.jobs.models import JobRun
from yiwang.platform.journal.actions import record
from yiwang.platform.ui.events import ListExported
from yiwang.platform.ui.models import ExportPart
from yiwang.platform.ui.spreadsheets import KINDS

EXPORT = "ui.export"
KEPT = dt.timedelta(days=3)


def remember_elder_mode(user: Any, *, elder: bool) -> None:
    get_user_model()._default_manager.filter(pk=user.pk).update(elder_mode=elder)


def remember_language(user: Any, *, language: str) -> None:
    get_user_model()._default_manager.filter(pk=user.pk).update(language=language)


@transaction.atomic
def note_export(table: str, *, rows: int, kind: str, by: Any) -> None:
    record(ListExported(user_id=by.pk, table=table, rows=rows, kind=kind), by=by)


@transaction.atomic
def start_export(path: str, *, title: str, columns: list[str] | None, kind: str, by: Any) -> JobRun:
    """A long list becomes a file in the background: the address says which list, the job opens it as this very person.

    Asking again while it is being made is the same job.
    """
    params = {"path": path, "columns": columns, "kind": kind, "language": get_language() or settings.LANGUAGE_CODE}
    going = JobRun.objects.unfinished().filter(name=EXPORT, params=params, started_by_id=by.pk).first()
    return going or start_job(EXPORT, params, by=by, title=title)


@transaction.atomic
def add_part(run: JobRun, number: int, records: list[list[Any]], *, cursor: dict[str, Any]) -> None:
    """One batch with the place after it, so that a killed worker goes on where it was."""
    ExportPart.objects.create(run=run, number=number, rows=ExportPart.packed(records))
    if run.total is None or run.processed + len(records) > run.total:
        set_total(run, run.processed + len(records))
    advance(run, done=len(records), cursor=cursor)


@transaction.atomic
def finish_export(run: JobRun, labels: list[str], *, name: str, by: Any) -> Document:
    """The file, for who asked and nobody else, for some days; what it was made of goes at once."""
    content_type, write = KINDS[run.params["kind"]]
    parts = ExportPart.objects.filter(run=run).order_by("number")
    rows = (dict(zip(labels, row, strict=True)) for part in parts.iterator(chunk_size=1) for row in part.records())
    document = store_generated(
        write(labels, rows),
        name=name,
        content_type=content_type,
        subject="export",
        subject_id=run.pk,
        kind="export",
        by=by,
        expires_on=today() + KEPT,
    )
    parts.delete()
    run.link = reverse("files:document-open", args=[document.public_id])
    run.save(update_fields=["link"])
    return document


def sweep_parts() -> int:
    """What a job that failed or was stopped left behind."""
    over = ExportPart.objects.exclude(run__state__in=JobRun.MOVES)
    return over.delete()[0]
