"""A household that does not accept the answer: asked in time, answered by somebody else."""

import datetime as dt

from django.db import transaction
from django.urls import reverse

from yiwang.kernel import clock
from yiwang.kernel.clock import add_days, local_date
from yiwang.kernel.states import move
from yiwang.platform.journal.actions import record
from yiwang.platform.notify.actions import send
from yiwang.platform.rules.queries import parameter
from yiwang.register.accounts.models import User
from yiwang.rights.aid.actions.reviewing import start_review
from yiwang.rights.aid.errors import AppealedBefore, AppealTooLate, NothingAppealed, WordsNeeded, WrongPerson
from yiwang.rights.aid.events import AppealAnswered, AppealAsked, FileAppealed
from yiwang.rights.aid.models import AidFile, Appeal, Decision
from yiwang.rights.aid.queries import appeal_until, open_appeal

State = AidFile.State


@transaction.atomic
def ask_appeal(decision: Decision, *, words: str, by: User, now: dt.datetime | None = None) -> Appeal:
    """Once for each decision, until its last day."""
    now = now or clock.now()
    if not words.strip():
        raise WordsNeeded("words")
    until = appeal_until(decision)
    if local_date(now) > until:
        raise AppealTooLate(until)
    appeal, is_new = Appeal.objects.get_or_create(
        decision=decision, defaults={"words": words.strip(), "asked_by": by, "asked_at": now}
    )
    if not is_new:
        raise AppealedBefore
    record(AppealAsked(aid_file_id=decision.file_id), by=by)
    return appeal


@transaction.atomic
def uphold_appeal(file: AidFile, *, reason: str, by: User, now: dt.datetime | None = None) -> None:
    """Somebody else looked at it and takes the file up again; without an appeal on record, one on paper in time."""
    now = now or clock.now()
    on = local_date(now)
    if not reason.strip():
        raise WordsNeeded
    appeal = open_appeal(file)
    if appeal is not None:
        _answer(appeal, upheld=True, answer=reason, by=by, now=now)
    elif file.closed_on is not None and on > add_days(file.closed_on, 2 * int(parameter("aid_appeal_days", on))):
        raise AppealTooLate(add_days(file.closed_on, 2 * int(parameter("aid_appeal_days", on))))
    if file.state == State.FILED:
        start_review(file, reason=reason, by=by)
    else:
        move(file, State.BASE_OPINION, closed_on=None, close_reason="")
    record(FileAppealed(aid_file_id=file.pk), by=by)


@transaction.atomic
def dismiss_appeal(file: AidFile, *, reason: str, by: User, now: dt.datetime | None = None) -> None:
    """The decision stands, with the reason in words."""
    appeal = open_appeal(file)
    if appeal is None:
        raise NothingAppealed
    if not reason.strip():
        raise WordsNeeded
    _answer(appeal, upheld=False, answer=reason, by=by, now=now or clock.now())


def _answer(appeal: Appeal, *, upheld: bool, answer: str, by: User, now: dt.datetime) -> None:
    if appeal.decision.decided_by_id == by.pk:
        raise WrongPerson
    appeal.is_upheld, appeal.answer = upheld, answer.strip()[:300]
    appeal.answered_by, appeal.answered_at = by, now
    appeal.save(update_fields=["is_upheld", "answer", "answered_by", "answered_at"])
    record(AppealAnswered(aid_file_id=appeal.decision.file_id, upheld=upheld), by=by)
    user = appeal.decision.file.applicant.user
    if user is not None:
        send("aid/appeal", to=user, context={"number": appeal.decision.file.number}, link=reverse("aid:own-file"))
