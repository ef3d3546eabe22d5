"""A large batch is filled by a job, portion by portion: its page shows how far it is."""

import datetime as dt
from collections.abc import Callable

from django.db import transaction
from django.utils.translation import gettext as _

from yiwang.kernel import clock
from yiwang.kernel.clock import local_date
from yiwang.net.payments.actions.batches import add_lines, most_lines, open_batch, take_ready
from yiwang.net.payments.events import BatchFilled
from yiwang.net.payments.models import Batch, Fund, Payment
from yiwang.platform.jobs.actions import advance, start_job
from yiwang.platform.jobs.models import JobRun
from yiwang.platform.journal.actions import record
from yiwang.register.accounts.models import User
from yiwang.register.organisations.models import Organisation

FILL = "payments.fill_batch"
AT_ONCE = 2_000  # lines that are put in while the person waits
PORTION = 5_000


@transaction.atomic
def start_batch(
    organisation: Organisation,
    *,
    fund: Fund,
    item: str,
    channel: str,
    by: User,
    link_of: Callable[[Batch], str] = lambda batch: "",
    now: dt.datetime | None = None,
) -> Batch:
    """What is ready stands in the batch when this returns, if it is not very much; else the rest follows in a job."""
    now = now or clock.now()
    batch = open_batch(organisation, fund=fund, item=item, channel=channel, by=by, now=now, most=AT_ONCE)
    ready = Payment.objects.filter(
        organisation=organisation, fund=fund, item=item, state=Payment.State.READY, account__kind=channel
    )
    rest = min(ready.count(), most_lines(local_date(now)) - batch.line_count)
    if rest > 0:
        title = _("装入批次{number}").format(number=batch.number)
        batch.run = start_job(FILL, {"batch": batch.pk}, by=by, title=title, total=rest, link=link_of(batch))
        batch.save(update_fields=["run"])
    return batch


def fill_batch(run: JobRun) -> None:
    """Each portion is taken, written and counted in one transaction: what was killed half-way is ready again, and a
    payment that stands in a line is not."""
    while (left := (run.total or 0) - run.processed) > 0:
        with transaction.atomic():
            batch = Batch.objects.select_for_update().get(pk=run.params["batch"])
            most = min(PORTION, left)
            taken = take_ready(batch.organisation_id, batch.fund_id, batch.item, batch.channel, most=most)
            if not taken:  # held or cancelled meanwhile
                return
            add_lines(batch, taken)
            record(BatchFilled(batch_id=batch.pk, lines=len(taken), total=batch.total), by=batch.created_by)
            advance(run, done=len(taken))
