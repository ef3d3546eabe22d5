"""What does not fit is told to a person, an urgent household is visited afterwards, a notice thaws nothing."""

import datetime as dt
from decimal import Decimal

import pytest

from yiwang.kernel.identity import id_check_digit
from yiwang.net.notices.actions import end_notice
from yiwang.net.notices.queries import notice_of
from yiwang.rights.aid import actions, errors
from yiwang.rights.aid.tests.factories import (
    DAY,
    NOW,
    VISIT,
    applicant,
    at_county,
    at_opinion,
    fill,
    make_file,
)

pytestmark = pytest.mark.django_db


def new_findings(cast, file):
    return {finding.detail for finding in actions.check_household(file, by=cast.handler, now=NOW)}


def test_facts_that_do_not_fit_each_other_are_told_once(cast):
    file = make_file(cast, applicant=cast.stranger_person, main_cause="6")
    me = applicant(file)
    me.work_state = "working"
    me.save(update_fields=["work_state"])
    actions.add_member(file, name="孙小", relation="child", is_coresident=False, by=cast.clerk, now=NOW)

    assert new_findings(cast, file) == {
        "孙志伟在岗，但没有工资收入",
        "一人户，但有不共同生活的子女",
        "主要原因是患病，但没有看病的票据",
    }
    actions.set_income(me, kind="wage_net", amount=Decimal(30000), by=cast.clerk)
    for _bill in range(3):
        actions.add_expense(
            me, bucket="medical", total=Decimal(1000), basic=Decimal(900), day=DAY, by=cast.clerk, now=NOW
        )
    actions.set_circumstances(file, main_cause="9", by=cast.clerk)

    assert new_findings(cast, file) == {"孙志伟的票据都是整百", "主要原因是子女上学，但没有人上学"}
    assert new_findings(cast, file) == set()


def test_a_person_whose_earlier_file_is_taken_up_again_is_in_two_files_and_a_person_is_told(cast):
    first, number = fill(make_file(cast), cast.clerk), "32058319850203002"
    same = {"name": "陈", "relation": "parent", "id_number": number + id_check_digit(number), "by": cast.clerk}
    actions.add_member(first, now=NOW, **same)
    at_county(cast, first)
    decision = actions.prepare_decision(first, by=cast.handler, now=NOW)
    actions.decide_file(decision, decided_class="none", reason="名下有两套房", by=cast.approver, now=NOW)
    first.refresh_from_db()
    second = make_file(cast, applicant=cast.stranger_person)
    actions.add_member(second, now=NOW, **same)
    told = f"陈在另一份档案{first.number}里"
    assert told not in new_findings(cast, second)

    actions.uphold_appeal(first, reason="房已经卖了", by=cast.supervisor, now=NOW)

    assert new_findings(cast, second) == {told}


def test_an_urgent_household_is_visited_afterwards_and_what_was_seen_otherwise_waits_for_a_person(cast):
    file = fill(make_file(cast, is_urgent=True), cast.clerk)
    actions.pass_base_review(file, by=cast.clerk, now=NOW)
    seen = [{"what": "到手工资", "declared": "38,400.00元", "agrees": "no", "words": "流水写着4万"}]
    actions.record_visit(file, key="k1", by=cast.clerk, now=NOW, checked=seen, **VISIT)

    assert file.state == "county_review"
    with pytest.raises(errors.FindingsOpen):
        actions.prepare_decision(file, by=cast.handler, now=NOW)
    actions.resolve_finding(file.findings.get(), outcome="explained", words="加了班", by=cast.handler, now=NOW)
    assert actions.prepare_decision(file, by=cast.handler, now=NOW).proposed_class == "deep"


def test_a_notice_that_ends_does_not_thaw_a_frozen_file(cast):
    file = fill(make_file(cast), cast.clerk)
    at_opinion(cast, file)
    actions.sign_opinion(file, reason="属实", by=cast.clerk, now=NOW)
    actions.freeze_file(file, reason="举报查证", by=cast.approver)

    actions.notice_over(file, upheld=False, now=NOW + dt.timedelta(days=9))

    file.refresh_from_db()
    assert file.state == "frozen"


def test_no_decision_before_the_notice_is_over_even_if_the_file_went_on(cast):
    file = fill(make_file(cast), cast.clerk)
    at_opinion(cast, file)
    actions.sign_opinion(file, reason="属实", by=cast.clerk, now=NOW)
    actions.notice_over(file, upheld=False, now=NOW)

    assert file.state == "county_review"
    with pytest.raises(errors.NoticeFirst):
        actions.prepare_decision(file, by=cast.handler, now=NOW)
    end_notice(notice_of("aid.file", file.pk), by=None, now=NOW)
    assert actions.prepare_decision(file, by=cast.handler, now=NOW).pk
