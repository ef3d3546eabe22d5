"""Saying what is with a sign, in words."""

import datetime as dt

from yiwang.kernel import clock
from yiwang.register.accounts.models import User
from yiwang.rights.aid.errors import WordsNeeded
from yiwang.rights.aid.models import Doubled, Finding


def resolve(sign: Finding | Doubled, *, outcome: str, words: str, by: User, now: dt.datetime | None) -> None:
    if not words.strip():
        raise WordsNeeded("words")
    sign.outcome, sign.words = outcome, words.strip()[:200]
    sign.resolved_by, sign.resolved_at = by, now or clock.now()
    sign.save(update_fields=["outcome", "words", "resolved_by", "resolved_at"])
