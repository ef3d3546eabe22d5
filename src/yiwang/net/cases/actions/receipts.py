"""The reasons of a decision as a receipt that can be worked out again years later."""

import datetime as dt
from decimal import Decimal

from yiwang.kernel.clock import add_days, local_date
from yiwang.net.cases.models import Case
from yiwang.net.cases.queries.facts import case_facts
from yiwang.net.cases.queries.limits import limit, plan_of
from yiwang.platform.rules.actions import issue_receipt
from yiwang.platform.rules.library.receipts import Recourse
from yiwang.platform.rules.library.words import Words
from yiwang.platform.rules.models import Receipt
from yiwang.platform.rules.queries import ruleset_keys
from yiwang.register.accounts.models import User


def make_receipt(case: Case, *, by: User, now: dt.datetime) -> tuple[Receipt | None, Decimal | None]:
    """The receipt and the amount it works out; nothing where the service has no rules. A missing number stops it."""
    key = plan_of(case.version).definition.ruleset
    if not key or key not in ruleset_keys():
        return None, None
    on = local_date(now)
    receipt = issue_receipt(
        key, case_facts(case, on), on=on, subject="case", subject_id=case.pk, recourse=recourse_from(on), by=by
    )
    return receipt, None if receipt.amount is None else Decimal(receipt.amount) / 100


def recourse_from(on: dt.date) -> Recourse:
    """Until when and where to object to a decision of that day."""
    return Recourse(
        until=add_days(on, limit("appeal_days", on)),
        where=Words("向上级工会申请复核，或打12351", "Ask the superior union for a review, or call 12351"),
        basis=Words("服务一张网办件流程", "Case flow of the service net"),
    )
