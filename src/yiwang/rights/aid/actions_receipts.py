"""The receipt of an assessment: facts, rules, reasons, steps and recourse, as bytes that anyone can work out again."""

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction

from yiwang.platform.rules import actions as rules
from yiwang.platform.rules.library.receipts import Recourse
from yiwang.platform.rules.library.words import Words
from yiwang.platform.rules.models import Receipt
from yiwang.rights.aid.assessment import RULES, assess
from yiwang.rights.aid.household import Household

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

WHERE = Words("作出决定的工会帮扶中心，或打12351", "The aid centre that decided, or call 12351")
BASIS = Words("本会暂定：收到结果后可以申请复核", "Set by this union: you may ask for a second look")


@transaction.atomic
def issue_assessment_receipt(
    household: Household,
    *,
    on: dt.date,
    subject: str,
    subject_id: int,
    until: dt.date,
    by: "AbstractBaseUser | None",
) -> Receipt:
    """For every decision and every no. Raises BadHousehold, MissingParameter, BadFact."""
    facts = assess(household, on).facts
    recourse = Recourse(until, WHERE, BASIS)
    return rules.issue_receipt(RULES, facts, on=on, subject=subject, subject_id=subject_id, recourse=recourse, by=by)
