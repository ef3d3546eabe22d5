"""Posting, objecting, answering, ending."""

import datetime as dt
from collections.abc import Sequence

from django.db import IntegrityError, transaction

from yiwang.kernel import clock
from yiwang.kernel.clock import deadline, local_date
from yiwang.kernel.states import move
from yiwang.net.notices.errors import (
    NoticeOver,
    NotMasked,
    ObjectedAlready,
    ObjectionsOpen,
    OwnObjection,
    WordsMissing,
)
from yiwang.net.notices.events import (
    NoticeEnded,
    NoticeObjected,
    NoticePosted,
    NoticeWithdrawn,
    ObjectionAnswered,
)
from yiwang.net.notices.formulas import telltale
from yiwang.net.notices.models import Notice, Objection
from yiwang.platform.journal.actions import record
from yiwang.platform.rules.queries import parameter, work_calendar
from yiwang.register.accounts.models import User
from yiwang.register.organisations.models import Organisation

Row = dict[str, str | int]


@transaction.atomic
def post_notice(
    organisation: Organisation,
    *,
    source: str,
    source_id: int,
    title: str,
    rows: Sequence[Row],
    by: User | None,
    workdays: int | None = None,
    now: dt.datetime | None = None,
) -> Notice:
    """Show it for as many working days as the parameter says. The same record while still shown is the same notice."""
    now = now or clock.now()
    if what := telltale(rows):
        raise NotMasked(what)
    earlier = Notice.objects.filter(source=source, source_id=source_id).order_by("-turn").first()
    if earlier is not None and earlier.state == Notice.State.SHOWN:
        return earlier
    days = workdays or int(parameter("notices.workdays", local_date(now)))
    notice = Notice.objects.create(
        organisation=organisation,
        source=source,
        source_id=source_id,
        turn=earlier.turn + 1 if earlier else 1,
        title=title.strip(),
        rows=list(rows),
        starts_at=now,
        ends_at=deadline(now, days, "workday", work_calendar(), at=now),
        posted_by=by,
    )
    record(NoticePosted(notice_id=notice.pk, source=source, source_id=source_id), by=by)
    return notice


@transaction.atomic
def object_to(notice: Notice, *, text: str, by: User, now: dt.datetime | None = None) -> Objection:
    """Say what is wrong, while it is shown. One open objection for each person."""
    now = now or clock.now()
    notice = Notice.objects.select_for_update().get(pk=notice.pk)
    if notice.state != Notice.State.SHOWN or not notice.starts_at <= now < notice.ends_at:
        raise NoticeOver
    if not text.strip():
        raise WordsMissing("text")
    try:
        with transaction.atomic():
            objection = Objection.objects.create(notice=notice, by=by, text=text.strip(), made_at=now)
    except IntegrityError as clash:
        raise ObjectedAlready from clash
    record(NoticeObjected(notice_id=notice.pk, source=notice.source, source_id=notice.source_id), by=None)
    return objection


@transaction.atomic
def answer_objection(
    objection: Objection, *, upheld: bool, answer: str, by: User, now: dt.datetime | None = None
) -> None:
    """Somebody else than who objected has looked into it."""
    if not answer.strip():
        raise WordsMissing("answer")
    if objection.by_id == by.pk:
        raise OwnObjection
    to = Objection.State.UPHELD if upheld else Objection.State.DISMISSED
    move(objection, to, answer=answer.strip(), answered_by=by, answered_at=now or clock.now())
    notice = objection.notice
    event = ObjectionAnswered(notice_id=notice.pk, source=notice.source, source_id=notice.source_id, upheld=upheld)
    record(event, by=by)


@transaction.atomic
def end_notice(notice: Notice, *, by: User | None, now: dt.datetime | None = None) -> str:
    """Its time is over and every objection is answered: say how it ended."""
    now = now or clock.now()
    states = set(notice.objections.values_list("state", flat=True))
    if Objection.State.OPEN in states:
        raise ObjectionsOpen
    result = Notice.Result.NONE
    if states:
        result = Notice.Result.UPHELD if Objection.State.UPHELD in states else Notice.Result.DISMISSED
    move(notice, Notice.State.ENDED, result=result, ended_at=now)
    record(NoticeEnded(notice_id=notice.pk, source=notice.source, source_id=notice.source_id, result=result), by=by)
    return str(result)


@transaction.atomic
def withdraw_notice(notice: Notice, *, reason: str, by: User | None, now: dt.datetime | None = None) -> None:
    if not reason.strip():
        raise WordsMissing("reason")
    move(notice, Notice.State.WITHDRAWN, withdrawn_reason=reason.strip()[:200], ended_at=now or clock.now())
    event = NoticeWithdrawn(
        notice_id=notice.pk, source=notice.source, source_id=notice.source_id, reason=reason.strip()
    )
    record(event, by=by)


def sweep_notices(now: dt.datetime) -> int:
    """End every notice whose time is over and against which nothing is open."""
    over = Notice.objects.filter(state=Notice.State.SHOWN, ends_at__lte=now)
    quiet = over.exclude(objections__state=Objection.State.OPEN).order_by("ends_at", "pk")
    ended = 0
    for notice in quiet[:500]:
        end_notice(notice, by=None, now=now)
        ended += 1
    return ended
