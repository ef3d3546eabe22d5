"""Calls at households that left their file, every quarter while they are watched (RI D1-08, R29)."""

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from yiwang.kernel import clock
from yiwang.kernel.clock import add_months, local_date
from yiwang.kernel.money import yuan
from yiwang.platform.journal.actions import record
from yiwang.platform.rules.library.words import RATE_SCALE
from yiwang.platform.rules.queries import parameter
from yiwang.register.accounts.models import User
from yiwang.rights.aid.actions.reviewing import note_relapse, write_month
from yiwang.rights.aid.errors import BadFact, CalledToday, NotWatched, WordsNeeded
from yiwang.rights.aid.events import CallRecorded
from yiwang.rights.aid.formulas_belongings import Told, relapse_signs
from yiwang.rights.aid.models import AidFile, Call
from yiwang.rights.aid.queries import line_of_file


@transaction.atomic
def record_call(
    file: AidFile,
    *,
    outcome: str,
    words: str,
    by: User,
    net: Decimal | None = None,
    bill: Decimal | None = None,
    lost_job: bool = False,
    had_accident: bool = False,
    now: dt.datetime | None = None,
) -> Call:
    """Nobody there: the call stays due. Else the next one falls due, and a sign of R29 has somebody look, quickly."""
    on = local_date(now or clock.now())
    AidFile.objects.select_for_update(of=("self",), no_key=True).get(pk=file.pk)
    if file.calls.filter(called_on=on).exclude(outcome=Call.Outcome.UNREACHED).exists():
        raise CalledToday  # pressed twice: a second call would push the next one a quarter further
    file.refresh_from_db(fields=["state", "call_due"])
    due = file.call_due
    if file.state != AidFile.State.EXITED or due is None:
        raise NotWatched
    if not words.strip():
        raise WordsNeeded("words")
    if bill is not None and bill < 0:
        raise BadFact(_("金额不能是负数。"), "bill")
    call = Call.objects.create(
        file=file, due_on=due, called_on=on, outcome=outcome, net=net, bill=bill, lost_job=lost_job,
        had_accident=had_accident, words=words.strip()[:300], by=by,
    )  # fmt: skip
    record(CallRecorded(aid_file_id=file.pk, outcome=outcome), by=by)
    if outcome == Call.Outcome.UNREACHED:
        return call
    file.call_due = next_call(file, on)
    file.save(update_fields=["call_due"])
    if net is not None:
        write_month(file, month=on, net=net, by=by)
    told = Told(outcome == Call.Outcome.WORSE, net, bill, lost_job, had_accident)
    if signs := _signs(file, told, on):
        note_relapse(file, signal=signs, by=by)
    return call


def next_call(file: AidFile, on: dt.date) -> dt.date | None:
    """A quarter later; none once the household is no longer watched."""
    due = add_months(on, int(parameter("aid_call_months", on)))
    return due if file.watch_until is not None and due <= file.watch_until else None


def _signs(file: AidFile, told: Told, on: dt.date) -> str:
    found = relapse_signs(
        told,
        line=line_of_file(file, on),
        multiple=Decimal(int(parameter("aid_relapse_multiple", on))).scaleb(-RATE_SCALE),
        bill=yuan(int(parameter("aid_relapse_bill", on))),
    )
    with override("zh-hans"):
        names = {
            "bill": _("新看病花得多"),
            "job": _("唯一挣钱的人没了工作"),
            "accident": _("出了意外"),
            "income": _("每人剩的钱又少了"),
            "worse": _("本人说又有难处"),
        }
        return "、".join(names[sign] for sign in found)
