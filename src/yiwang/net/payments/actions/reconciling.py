"""A large answer of the bank is booked by a job, portion by portion: its page shows how far it is."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from yiwang.kernel import clock
from yiwang.net.payments.actions.answers import (
    WAITING,
    book_replies,
    read_for,
    repeated,
    sort_replies,
    take_answer,
)
from yiwang.net.payments.errors import AnswerNotExpected
from yiwang.net.payments.events import AnswerTaken
from yiwang.net.payments.formats import digest, read_answer
from yiwang.net.payments.models import AnswerFile, Batch
from yiwang.platform.jobs.actions import advance, start_job
from yiwang.platform.jobs.models import JobRun
from yiwang.platform.journal.actions import record
from yiwang.register.accounts.models import User

RECONCILE = "payments.reconcile"
AT_ONCE = 2_000  # rows that are booked while the person waits
PORTION = 5_000


@transaction.atomic
def start_answer(
    batch: Batch, content: bytes, *, name: str, by: User, link: str = "", now: dt.datetime | None = None
) -> AnswerFile:
    """A short answer is booked when this returns; of a long one, whole and of this batch, a job books the rows.

    The same file again is the one we know: where its job was stopped, it goes on from there.
    """
    now = now or clock.now()
    answer = read_for(batch, content)
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    taken = batch.answers.filter(sha256=digest(content)).select_related("run").first()
    if taken is None and len(answer.replies) <= AT_ONCE:
        return take_answer(batch, content, name=name, by=by, now=now)
    if taken is None:
        if batch.state not in WAITING:
            raise AnswerNotExpected
        taken = AnswerFile.objects.create(
            batch=batch,
            sha256=digest(content),
            name=name[:120],
            row_count=len(answer.replies),
            waiting_rows=len(answer.replies),
            content=content,
            received_by=by,
            received_at=now,
        )
    if taken.waiting_rows and not taken.is_taking:
        title = _("对批次{number}的回执").format(number=batch.number)
        params = {"answer": taken.pk}
        taken.run = start_job(RECONCILE, params, by=by, title=title, total=taken.waiting_rows, link=link)
        taken.save(update_fields=["run"])
    return taken


def take_rows(run: JobRun) -> None:
    """Each portion moves lines, payments, fund and its own mark in one transaction: what was killed half-way is
    read again, and what was booked is behind the mark."""
    taken = AnswerFile.objects.get(pk=run.params["answer"])
    if taken.content is None:  # booked to its last row
        return
    replies = read_answer(bytes(taken.content)).replies
    again = repeated(replies)
    while taken.waiting_rows:
        with transaction.atomic():
            batch = Batch.objects.select_for_update().select_related("fund").get(pk=taken.batch_id)
            taken = AnswerFile.objects.defer("content").select_related("received_by").get(pk=taken.pk)
            first = taken.row_count - taken.waiting_rows
            portion = replies[first : first + PORTION]
            found = sort_replies(batch, portion, again)
            key = f"answer:{taken.pk}:{first}"
            book_replies(batch, found, key=key, by=taken.received_by, now=clock.now())
            taken.paid_count += len(found.paid)
            taken.returned_count += len(found.returned)
            taken.problems = [*taken.problems, *found.problems]
            taken.waiting_rows -= len(portion)
            taken.save(update_fields=["paid_count", "returned_count", "problems", "waiting_rows"])
            if not taken.waiting_rows:
                _finish(taken)
            advance(run, done=len(portion))


def _finish(taken: AnswerFile) -> None:
    """All it said stands in the lines now."""
    AnswerFile.objects.filter(pk=taken.pk).update(content=None)
    told = AnswerTaken(
        batch_id=taken.batch_id, paid=taken.paid_count, returned=taken.returned_count, problems=len(taken.problems)
    )
    record(told, by=taken.received_by)
