"""Life on file: the yearly look, leaving, being watched, coming back."""

import datetime as dt
from decimal import Decimal

from django.db import transaction

from yiwang.kernel import clock
from yiwang.kernel.clock import add_months, local_date
from yiwang.kernel.states import move
from yiwang.net.payments.actions import cancel_payment
from yiwang.net.payments.models import Payment
from yiwang.platform.journal.actions import record
from yiwang.platform.rules.queries import parameter
from yiwang.register.accounts.models import User
from yiwang.rights.aid.errors import NotYetDue, WordsNeeded
from yiwang.rights.aid.events import FileMoved, RelapseNoted
from yiwang.rights.aid.formulas_files import months_above
from yiwang.rights.aid.models import AidFile, Grant, MonthNet
from yiwang.rights.aid.queries import line_of_file

State = AidFile.State
LEAVES = {"exited": State.EXITED, "netted": State.NETTED}


def _move(file: AidFile, to: str, *, by: User | None, reason: str, **changes: object) -> None:
    move(file, to, **changes)
    record(FileMoved(aid_file_id=file.pk, to=to, reason=reason), by=by)


@transaction.atomic
def start_review(file: AidFile, *, reason: str, by: User | None) -> None:
    """Once a year, or when something changed. The facts can be written again."""
    _move(file, State.REVIEWING, by=by, reason=reason)


@transaction.atomic
def finish_review(file: AidFile, *, outcome: str, reason: str, by: User, now: dt.datetime | None = None) -> None:
    """Leaves on its own feet after six months above the line, or is carried by the state's safety net."""
    if not reason.strip():
        raise WordsNeeded
    on = local_date(now or clock.now())
    needed = int(parameter("aid_exit_months", on))
    if outcome == "exited" and months_in_a_row(file, on=on) < needed:
        raise NotYetDue(needed)
    changes = {"closed_on": on, "close_reason": reason.strip()[:200], **watched(on)}
    if outcome == "netted":
        changes["call_due"] = None  # the state's safety net looks after it
    _move(file, LEAVES[outcome], by=by, reason=reason, **changes)


def watched(on: dt.date) -> dict[str, dt.date]:
    """Watched for a year after leaving, and called every quarter."""
    until = add_months(on, int(parameter("aid_monitoring_months", on)))
    return {"watch_until": until, "call_due": add_months(on, int(parameter("aid_call_months", on)))}


def months_in_a_row(file: AidFile, *, on: dt.date) -> int:
    return months_above(list(file.months.values_list("month", "net")), line_of_file(file, on))


@transaction.atomic
def write_month(file: AidFile, *, month: dt.date, net: Decimal, by: User) -> MonthNet:
    """What the household had for each head in one month; written again, it is corrected."""
    row, _made = MonthNet.objects.update_or_create(
        file=file, month=month.replace(day=1), defaults={"net": net, "by": by}
    )
    return row


@transaction.atomic
def close_file(file: AidFile, *, reason: str, by: User, now: dt.datetime | None = None) -> None:
    """Death, moved away, retired, wrongly identified. What was not paid yet is not paid."""
    if not reason.strip():
        raise WordsNeeded
    on = local_date(now or clock.now())
    _move(file, State.CLOSED, by=by, reason=reason, closed_on=on, close_reason=reason.strip()[:200])
    _stop_payments(file, reason=reason, by=by)


@transaction.atomic
def freeze_file(file: AidFile, *, reason: str, by: User) -> None:
    """Something is wrong: nothing more is paid until it is clear."""
    if not reason.strip():
        raise WordsNeeded
    _move(file, State.FROZEN, by=by, reason=reason.strip())
    _stop_payments(file, reason=reason, by=by)


def _stop_payments(file: AidFile, *, reason: str, by: User) -> None:
    """Those in a batch already are left out when it is locked; those sent are the bank's."""
    grants = Grant.objects.filter(file=file, state=Grant.State.APPROVED).values("pk")
    waiting = Payment.objects.filter(source="aid.grant", source_id__in=grants)
    for payment in waiting.filter(state__in=[Payment.State.READY, Payment.State.HELD]):
        cancel_payment(payment, reason=reason, by=by)


@transaction.atomic
def note_relapse(file: AidFile, *, signal: str, by: User | None) -> None:
    """While watched, something happened: somebody looks, quickly."""
    _move(file, State.RELAPSE_CHECK, by=by, reason=signal)
    record(RelapseNoted(aid_file_id=file.pk, signal=signal), by=by)


@transaction.atomic
def settle_relapse(file: AidFile, *, confirmed: bool, reason: str, by: User, now: dt.datetime | None = None) -> None:
    """Back on file without another notice, or left in peace."""
    if not reason.strip():
        raise WordsNeeded
    on = local_date(now or clock.now())
    if not confirmed:
        _move(file, State.EXITED, by=by, reason=reason)
        return
    last = file.decisions.exclude(decided_at=None).filter(decided_class__in=["deep", "relative", "accident"])
    known = last.order_by("-pk").first()
    due = add_months(on, int(parameter("aid_review_months", on)))
    file_class = known.decided_class if known else file.file_class
    changes = {"file_class": file_class, "closed_on": None, "close_reason": "", "review_due": due, "watch_until": None}
    changes["call_due"] = None
    _move(file, State.FILED, by=by, reason=reason, **changes)


def sweep_reviews(now: dt.datetime) -> int:
    """Files whose yearly look is due come back to the desk by themselves."""
    due = AidFile.objects.filter(state=State.FILED, review_due__lte=local_date(now)).order_by("review_due", "pk")
    started = 0
    for file in due[:500]:
        start_review(file, reason="yearly", by=None)
        started += 1
    return started
