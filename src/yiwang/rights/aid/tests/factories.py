"""A household in Kunshan for tests: every state reached through actions."""

import datetime as dt
from decimal import Decimal
from typing import Any

from yiwang.net.notices.actions import end_notice
from yiwang.net.notices.queries import notice_of
from yiwang.net.payments.tests.factories import make_account, make_fund
from yiwang.rights.aid import actions
from yiwang.rights.aid.models import AidFile, Member

NOW = dt.datetime(2026, 11, 5, 2, 0, tzinfo=dt.UTC)
DAY = dt.date(2026, 10, 8)


def make_file(cast: Any, **more: Any) -> AidFile:
    given = {"organisation": cast.unit, "region": "320500", "by": cast.clerk, "main_cause": "6", "now": NOW, **more}
    return actions.open_file(given.pop("applicant", cast.wenjuan_person), **given)


def applicant(file: AidFile) -> Member:
    return file.members.get(relation="self")


def fill(file: AidFile, by: Any) -> AidFile:
    """H01 of the handbook: one wage, a wife with a large bill, a son at university. Deep, three items."""
    me = applicant(file)
    me.work_state = "working"
    me.save()
    actions.set_income(me, kind="wage_net", amount=Decimal(38400), months=12, by=by)
    wife = actions.add_member(file, name="李芳", relation="spouse", birth_date=dt.date(1985, 2, 3), by=by, now=NOW)
    son = actions.add_member(
        file,
        name="周晨",
        relation="child",
        birth_date=dt.date(2006, 5, 1),
        stage="higher",
        school="苏州大学",
        by=by,
        now=NOW,
    )
    actions.add_expense(
        wife, bucket="medical", total=Decimal(62000), basic=Decimal(38000), serious=Decimal(8500),
        assistance=Decimal(3000), mutual=Decimal(1500), day=DAY, invoice="YL-0001", by=by, now=NOW,
    )  # fmt: skip
    actions.add_expense(son, bucket="education", total=Decimal(9800), day=DAY, invoice="XF-0001", by=by, now=NOW)
    file.refresh_from_db()
    return file


VISIT = {
    "second": "王静",
    "day": DAY,
    "place": "玉山镇",
    "seen": "本人和爱人",
    "findings": "住房一套，六十平方米",
    "opinion": "true",
    "application_signed": True,
    "authorisation_signed": True,
}


def visited(cast: Any, file: AidFile) -> AidFile:
    actions.pass_base_review(file, by=cast.clerk)
    actions.record_visit(file, key="k1", by=cast.clerk, now=NOW, **VISIT)
    file.refresh_from_db()
    return file


def at_opinion(cast: Any, file: AidFile) -> AidFile:
    visited(cast, file)
    for member in file.members.all():
        actions.authorise(member, by=cast.clerk, now=NOW)
    actions.close_checks(file, by=cast.handler, now=NOW)
    for finding in file.findings.all():
        actions.resolve_finding(finding, outcome="explained", words="看过", by=cast.handler, now=NOW)
    file.refresh_from_db()
    return file


def at_county(cast: Any, file: AidFile) -> AidFile:
    at_opinion(cast, file)
    actions.sign_opinion(file, reason="情况属实", by=cast.clerk, now=NOW)
    notice = notice_of("aid.file", file.pk)
    end_notice(notice, by=None, now=NOW)
    actions.notice_over(file, upheld=False)
    file.refresh_from_db()
    return file


def funds_for(cast: Any) -> dict[str, Any]:
    fund = make_fund(cast)
    return dict.fromkeys(("living", "medical", "education", "accident", "warmth", "temporary"), fund)


def filed(cast: Any, file: AidFile | None = None) -> AidFile:
    file = file or fill(make_file(cast), cast.clerk)
    make_account(cast.wenjuan_person)
    at_county(cast, file)
    decision = actions.prepare_decision(file, by=cast.handler, now=NOW)
    actions.approve_decision(decision, note="", by=cast.approver, now=NOW)
    actions.decide_file(
        decision,
        decided_class=decision.proposed_class,
        reason="符合规定",
        funds=funds_for(cast),
        by=cast.approver,
        now=NOW,
    )
    file.refresh_from_db()
    return file
