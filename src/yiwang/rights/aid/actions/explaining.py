"""What does not fit is put to the household, in words and with a day; it answers on the phone, or at the desk."""

import datetime as dt

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from yiwang.kernel import clock
from yiwang.kernel.clock import add_workdays, local_date
from yiwang.kernel.states import move
from yiwang.platform.journal.actions import record
from yiwang.platform.notify.actions import send
from yiwang.platform.rules.queries import parameter, work_calendar
from yiwang.platform.ui.formats import day_text
from yiwang.register.accounts.models import User
from yiwang.rights.aid.codes import Signal
from yiwang.rights.aid.errors import WordsNeeded
from yiwang.rights.aid.events import FileMoved
from yiwang.rights.aid.models import AidFile, Finding

State = AidFile.State


@transaction.atomic
def ask_explanation(file: AidFile, *, reason: str, by: User, now: dt.datetime | None = None) -> None:
    if not reason.strip():
        raise WordsNeeded
    on = local_date(now or clock.now())
    until = add_workdays(on, int(parameter("aid_explain_days", on)), work_calendar())
    move(file, State.EXPLAIN, explain_why=reason.strip()[:300], explain_by=until, explanation=None)
    record(FileMoved(aid_file_id=file.pk, to=State.EXPLAIN, reason=reason.strip()), by=by)
    if file.applicant.user is not None:
        context = {"until": day_text(until)}
        send("aid/explain", to=file.applicant.user, context=context, link=reverse("aid:own-explain"))


@transaction.atomic
def answer_explanation(file: AidFile, *, reason: str, by: User) -> None:
    """In the household's own words, kept encrypted: they may speak of an illness."""
    if not reason.strip():
        raise WordsNeeded
    move(file, State.BASE_OPINION, explanation=reason.strip())
    record(FileMoved(aid_file_id=file.pk, to=State.BASE_OPINION, reason=""), by=by)


@transaction.atomic
def sweep_explanations(now: dt.datetime) -> int:
    """Days that passed without an answer bring the file back to the desk with a sign; a person says what follows."""
    late = AidFile.objects.filter(state=State.EXPLAIN, explain_by__lt=local_date(now)).order_by("pk")
    for file in late:
        with override("zh-hans"):
            detail = _("请本人说明，到{day}没有答复：{why}").format(day=day_text(file.explain_by), why=file.explain_why)
        Finding.objects.get_or_create(file=file, signal=Signal.WARNING, detail=detail[:200], defaults={"found_at": now})
        move(file, State.BASE_OPINION)
        record(FileMoved(aid_file_id=file.pk, to=State.BASE_OPINION, reason="no_answer"), by=None)
    return len(late)
