"""The one door through which money leaves."""

import datetime as dt

from django.db import connection, transaction

from yiwang.kernel import clock
from yiwang.kernel.clock import deadline, local_date
from yiwang.kernel.planning import look_again
from yiwang.kernel.states import move
from yiwang.net.payments.errors import FileAltered, SamePerson
from yiwang.net.payments.events import BatchSent, FileFetched
from yiwang.net.payments.formats import digest
from yiwang.net.payments.models import Batch, Payment
from yiwang.net.payments.queries import file_of
from yiwang.platform.journal.actions import record
from yiwang.platform.rules.queries import parameter, work_calendar
from yiwang.register.accounts.models import User

LEAVE = """
    UPDATE payments_payment p SET state = 'sent', attempts = attempts + 1
    FROM payments_line l
    WHERE l.batch_id = %s AND l.state = 'pending' AND p.id = l.payment_id AND p.state = 'batched'
"""


@transaction.atomic
def send_batch(batch: Batch, *, by: User | None, now: dt.datetime | None = None) -> None:
    """Give the batch its one file number and the hash of its bytes. From here on nothing leads back.

    The file can be fetched only after this has been committed, and is the same whenever it is fetched: the bank
    knows it by its number, so that a second delivery pays nobody twice.
    """
    now = now or clock.now()
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    if by is not None and by.pk in (batch.approved_by_id, batch.created_by_id):
        raise SamePerson
    file_number = f"YW{batch.public_id.upper()}"
    content = file_of(batch, file_number)
    on = local_date(now)
    due = deadline(now, int(parameter("payments.answer_workdays", on)), "workday", work_calendar(), at=now)
    move(
        batch,
        Batch.State.SENT,
        sent_by=by,
        sent_at=now,
        file_number=file_number,
        file_hash=digest(content),
        answer_due_at=due,
    )
    with connection.cursor() as cursor:
        cursor.execute(LEAVE, [batch.pk])
        rows = cursor.rowcount
    if rows != batch.line_count:
        raise FileAltered  # takes the whole step back
    look_again(Payment, changed=rows)
    record(BatchSent(batch_id=batch.pk, file_number=file_number, file_hash=batch.file_hash), by=by)


@transaction.atomic
def note_fetched(batch: Batch, *, by: User | None) -> bytes:
    """The file of a batch that was sent; the same bytes each time, or none."""
    if not batch.file_number:
        raise FileAltered
    content = file_of(batch, batch.file_number)
    if digest(content) != batch.file_hash:
        raise FileAltered
    record(FileFetched(batch_id=batch.pk), by=by)
    return content
