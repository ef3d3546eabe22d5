"""Tasks, logs and the bargaining ledger."""

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from yiwang.grassroots.cadres.actions.places import refuse_gone
from yiwang.grassroots.cadres.errors import BadEntry, SamePerson
from yiwang.grassroots.cadres.events import LedgerKept, LogVerified, LogWritten, TaskMoved, TaskSet
from yiwang.grassroots.cadres.formulas import metres_between
from yiwang.grassroots.cadres.models import Cadre, LedgerEntry, Task, WorkLog
from yiwang.grassroots.cadres.queries.people import log_of_key, rule
from yiwang.kernel import clock
from yiwang.kernel.clock import add_days, local_date
from yiwang.kernel.states import move
from yiwang.platform.journal.actions import record
from yiwang.platform.notify.actions import send
from yiwang.register.accounts.models import User
from yiwang.register.organisations.models import Employer, Organisation


@transaction.atomic
def set_task(
    cadre: Cadre, *, kind: str, title: str, due_on: dt.date, by: User | None, organisation: Organisation | None = None
) -> Task:
    refuse_gone(cadre)
    if due_on < clock.today():
        raise BadEntry("due_on", _("期限已经过了，请写今天或以后的日期。"))
    task = Task.objects.create(
        cadre=cadre,
        kind=kind,
        title=title.strip(),
        organisation=organisation,
        due_on=due_on,
        set_by=by,
        set_at=clock.now(),
    )
    record(TaskSet(cadre_id=cadre.pk, task_id=task.pk), by=by)
    if cadre.person.user is not None:
        told = {"title": task.title, "day": due_on.isoformat()}
        send("cadres/task", to=cadre.person.user, context=told, link=reverse("cadres:own-day"))
    return task


@transaction.atomic
def finish_task(task: Task, *, result: str, by: User) -> None:
    _move_task(task, Task.State.DONE, by=by, result=result.strip(), done_at=clock.now(), returned_note="")


@transaction.atomic
def confirm_task(task: Task, *, by: User) -> None:
    if task.cadre.person.user_id == by.pk:
        raise SamePerson(_("自己的任务要由别人确认。"))
    _move_task(task, Task.State.CONFIRMED, by=by)


@transaction.atomic
def return_task(task: Task, *, note: str, by: User) -> None:
    _move_task(task, Task.State.OPEN, by=by, returned_note=note.strip(), done_at=None)


@transaction.atomic
def cancel_task(task: Task, *, by: User) -> None:
    _move_task(task, Task.State.CANCELLED, by=by)


def _move_task(task: Task, to: str, *, by: User, **changes: Any) -> None:
    move(task, to, **changes)
    record(TaskMoved(cadre_id=task.cadre_id, task_id=task.pk, state=to), by=by)


@transaction.atomic
def write_log(
    cadre: Cadre,
    *,
    key: str,
    kind: str,
    day: dt.date,
    content: str,
    minutes: int,
    by: User | None,
    organisation: Organisation | None = None,
    task: Task | None = None,
    now: dt.datetime | None = None,
    **details: Any,
) -> WorkLog:
    """What was done. Sent again by a phone that had lost the network, it is the same entry.

    Later than the rule allows it is taken and marked; before the appointment or ahead of today it is refused.
    """
    now = now or clock.now()
    Cadre.objects.select_for_update().get(pk=cadre.pk)  # two deliveries of one entry come one after the other
    if (known := log_of_key(cadre, key)) is not None:
        return known
    refuse_gone(cadre)
    if day > local_date(now):
        raise BadEntry("day", _("日期在以后，请核对。"))
    if cadre.starts_on and day < cadre.starts_on:
        text = _("这一天还没有任职，任职时间是{day}。").format(day=cadre.starts_on.isoformat())
        raise BadEntry("day", text)
    log = WorkLog.objects.create(
        cadre=cadre,
        key=key,
        kind=kind,
        day=day,
        content=content.strip(),
        minutes=minutes,
        organisation=organisation,
        task=task,
        recorded_at=now,
        is_late=local_date(now) > add_days(day, rule("log_days", day)),
        metres_off=_metres_off(organisation, details),
        **details,
    )
    record(LogWritten(cadre_id=cadre.pk, log_id=log.pk, kind=kind, is_late=log.is_late), by=by)
    return log


def _metres_off(body: Organisation | None, details: dict[str, Any]) -> int | None:
    """Only where the phone said where it is, because its holder pressed the button, and the union's place is known."""
    lon, lat = details.get("longitude"), details.get("latitude")
    if body is None or lon is None or lat is None or body.longitude is None or body.latitude is None:
        return None
    return metres_between(float(lon), float(lat), float(body.longitude), float(body.latitude))


@transaction.atomic
def verify_log(log: WorkLog, *, by: User) -> None:
    if log.cadre.person.user_id == by.pk:
        raise SamePerson(_("自己的日志要由别人核实。"))
    log.verified_by, log.verified_at = by, clock.now()
    log.save(update_fields=["verified_by", "verified_at"])
    record(LogVerified(cadre_id=log.cadre_id, log_id=log.pk), by=by)


@transaction.atomic
def keep_ledger(
    cadre: Cadre, employer: Employer, *, entry: LedgerEntry | None, by: User | None, **facts: Any
) -> LedgerEntry:
    """A new row or the same one further on. Filed, it is effective after the days of the law unless objected to."""
    refuse_gone(cadre)
    signed, filed = facts.get("signed_on"), facts.get("filed_on")
    if filed and not signed:
        raise BadEntry("signed_on", _("报送了就要写签订日。"))
    if signed and filed and filed < signed:
        raise BadEntry("filed_on", _("报送日不能早于签订日。"))
    facts["effective_on"] = add_days(filed, rule("objection_days", filed)) if filed else None
    row = entry or LedgerEntry(cadre=cadre)
    row.employer = employer
    for name, value in facts.items():
        setattr(row, name, value)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as clash:
        raise BadEntry("employer", _("这家企业今年这种合同已经在台账里了，请改那一行。")) from clash
    record(LedgerKept(cadre_id=cadre.pk, entry_id=row.pk), by=by)
    return row
