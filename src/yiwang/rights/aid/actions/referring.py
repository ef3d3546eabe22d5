"""A household is shown to the state's own help; the answer of Civil Affairs is written down (政府救助衔接)."""

import datetime as dt

from django.db import transaction

from yiwang.kernel import clock
from yiwang.kernel.clock import local_date
from yiwang.platform.journal.actions import record
from yiwang.register.accounts.models import User
from yiwang.rights.aid.errors import NothingReferred, ReferredBefore, WordsNeeded
from yiwang.rights.aid.events import ReferralAnswered, ReferralSent
from yiwang.rights.aid.models import AidFile, Referral


@transaction.atomic
def refer_file(file: AidFile, *, to: str, words: str, by: User, now: dt.datetime | None = None) -> Referral:
    if not words.strip():
        raise WordsNeeded("words")
    AidFile.objects.select_for_update(of=("self",), no_key=True).get(pk=file.pk)  # pressed twice, sent once
    if file.referrals.filter(to=to, answered_on=None).exists():
        raise ReferredBefore(Referral.To(to).label)
    sent = Referral.objects.create(
        file=file, to=to, words=words.strip()[:200], sent_by=by, sent_on=local_date(now or clock.now())
    )
    record(ReferralSent(aid_file_id=file.pk, to=to), by=by)
    return sent


@transaction.atomic
def answer_referral(
    file: AidFile, *, to: str, outcome: str, words: str, by: User, now: dt.datetime | None = None
) -> None:
    waiting = file.referrals.select_for_update().filter(to=to, answered_on=None).first()
    if waiting is None:
        raise NothingReferred
    waiting.outcome, waiting.answer = outcome, words.strip()[:200]
    waiting.answered_on = local_date(now or clock.now())
    waiting.save(update_fields=["outcome", "answer", "answered_on"])
    record(ReferralAnswered(aid_file_id=file.pk, to=to, outcome=outcome), by=by)
