"""The life of a household file: every right step, and beside it what is refused."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from yiwang.kernel.identity import id_check_digit
from yiwang.kernel.states import NotAllowedInState
from yiwang.net.notices.queries import notice_of
from yiwang.net.payments.actions import lock_batch, open_batch
from yiwang.net.payments.models import Payment
from yiwang.rights.aid import actions, errors, queries
from yiwang.rights.aid.codes import FileClass
from yiwang.rights.aid.formulas_files import age_on, file_number, fits_stage, months_above
from yiwang.rights.aid.models import AidFile, Decision, Expense, Finding, Grant
from yiwang.rights.aid.reactions import go_on_after_notice
from yiwang.rights.aid.tests.factories import (
    DAY,
    NOW,
    VISIT,
    applicant,
    at_county,
    at_opinion,
    filed,
    fill,
    funds_for,
    make_file,
    visited,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(cast):
    return fill(make_file(cast), cast.clerk)


# One household, one file.


def test_a_household_has_one_file_in_hand(cast, file):
    assert (file.county, file.state, len(file.number)) == (cast.county, "base_review", 17)
    with pytest.raises(errors.FileExists, match="恒达精密工会"):
        make_file(cast)
    other = make_file(cast, applicant=cast.stranger_person, organisation=cast.sibling_unit)
    with pytest.raises(errors.FileExists):
        actions.add_member(
            other, name="周文娟", relation="sibling", id_number=cast.wenjuan_person.id_number, by=cast.clerk
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        AidFile.objects.filter(pk=other.pk).update(household_key=file.household_key)


def test_the_facts_are_those_of_the_handbook(cast, file):
    household = queries.household_of(file, on=NOW.date())
    people = {person.ref: person for person in household.persons}
    assert people["周文娟"].wage_net == 3840000
    assert (people["李芳"].medical_total, people["李芳"].medical_mutual) == (6200000, 150000)
    assert (people["周晨"].education_cost, people["周晨"].stage) == (980000, "higher")


# Bad data (RI 1.14).


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"birth_date": dt.date(2030, 1, 1)}, "birth_date"),
        ({"disability_grade": 2}, "disability_number"),
        ({"employed_months": 13}, "employed_months"),
        ({"birth_date": dt.date(1990, 1, 1), "stage": "higher"}, "school"),
        ({"birth_date": dt.date(2020, 1, 1), "stage": "higher"}, "stage"),
    ],
)
def test_members_that_cannot_be(cast, file, facts, field):
    with pytest.raises(errors.BadFact) as refusal:
        actions.add_member(file, name="某", relation="child", by=cast.clerk, now=NOW, **facts)
    assert field in refusal.value.fields


def test_a_person_is_in_the_household_once(cast, file):
    number = "320583198502030029"
    given = {"name": "陈", "relation": "parent", "by": cast.clerk, "now": NOW}
    number = number[:17] + id_check_digit(number[:17])
    member = actions.add_member(file, id_number=number, **given)
    with pytest.raises(errors.BadFact, match="已经在这户"):
        actions.add_member(file, id_number=number, **given)
    actions.remove_member(member, by=cast.clerk)
    with pytest.raises(errors.BadFact):
        actions.remove_member(applicant(file), by=cast.clerk)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"amount": Decimal("-1")}, "amount"),
        ({"amount": Decimal("1.005")}, "amount"),
        ({"amount": Decimal(1), "months": 13}, "months"),
    ],
)
def test_incomes_that_cannot_be(cast, file, given, field):
    with pytest.raises(errors.BadFact) as refusal:
        actions.set_income(applicant(file), kind="wage_net", by=cast.clerk, **given)
    assert field in refusal.value.fields


def test_a_retired_person_has_no_wage(cast, file):
    me = applicant(file)
    me.work_state = "retired"
    with pytest.raises(errors.BadFact, match="退休"):
        actions.set_income(me, kind="wage_net", amount=Decimal(1), by=cast.clerk)
    actions.set_income(me, kind="business_net_income", amount=Decimal(-5), by=cast.clerk)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"total": Decimal(0)}, "total"),
        ({"total": Decimal(-3)}, "total"),
        ({"day": dt.date(2027, 1, 1)}, "day"),
        ({"day": dt.date(2020, 1, 1)}, "day"),
        ({"bucket": "education", "basic": Decimal(1)}, "bucket"),
        ({"invoice": "yl-0001"}, "invoice"),
    ],
)
def test_bills_that_cannot_be(cast, file, given, field):
    bill = {"bucket": "medical", "total": Decimal(100), "day": DAY, **given}
    with pytest.raises(errors.BadFact) as refusal:
        actions.add_expense(applicant(file), by=cast.clerk, now=NOW, **bill)
    assert field in refusal.value.fields


def test_the_same_invoice_in_two_counties_is_refused(cast, file):
    other = make_file(cast, applicant=cast.stranger_person, organisation=cast.sibling_unit)
    with pytest.raises(errors.BadFact, match="另一份档案"):
        actions.add_expense(
            applicant(other),
            bucket="medical",
            total=Decimal(1),
            day=DAY,
            invoice="YL-0001",
            by=cast.sibling_handler,
            now=NOW,
        )
    actions.void_expense(Expense.objects.get(invoice="YL-0001"), by=cast.clerk)
    actions.add_expense(
        applicant(other), bucket="medical", total=Decimal(1), day=DAY, invoice="YL-0001", by=cast.clerk, now=NOW
    )


@pytest.mark.parametrize(
    "facts",
    [
        {"main_cause": "6", "other_causes": ["6"]},
        {"other_causes": ["1", "2", "3", "4"]},
        {"accident_loss": Decimal(-1)},
    ],
)
def test_circumstances_that_cannot_be(cast, file, facts):
    with pytest.raises(errors.BadFact):
        actions.set_circumstances(file, by=cast.clerk, **facts)


def test_a_region_without_a_line_stops(cast):
    file = fill(make_file(cast, region="990000"), cast.clerk)
    at_county(cast, file)
    with pytest.raises(Exception, match="990000"):
        actions.prepare_decision(file, by=cast.handler, now=NOW)
    assert not Decision.objects.exists()


# Visit and checks.


def test_a_visit_sent_twice_is_one(cast, file):
    visited(cast, file)
    again = actions.record_visit(file, key="k1", by=cast.clerk, now=NOW, **VISIT)
    assert file.visits.get() == again
    assert file.state == "crosschecking"


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"second": " "}, errors.TwoVisitors),
        ({"second": "马丽"}, errors.TwoVisitors),
        ({"day": dt.date(2027, 1, 1)}, errors.BadFact),
        ({"application_signed": False}, errors.NotSigned),
        ({"authorisation_signed": False}, errors.NotSigned),
    ],
)
def test_a_visit_needs_two_people_and_two_signatures(cast, file, change, error):
    actions.pass_base_review(file, by=cast.clerk)
    with pytest.raises(error):
        actions.record_visit(file, key="k2", by=cast.clerk, now=NOW, **{**VISIT, **change})
    assert not file.visits.exists()


def test_every_adult_authorises_the_check(cast, file):
    visited(cast, file)
    with pytest.raises(errors.NotAuthorised, match="李芳"):
        actions.close_checks(file, by=cast.handler, now=NOW)


def test_signals_are_findings_for_a_person_and_refuse_nobody(cast, file):
    actions.set_circumstances(file, exclusions=["vehicle"], main_cause="9", by=cast.clerk)
    actions.add_expense(
        applicant(file), bucket="medical", total=Decimal(10), basic=Decimal(20), day=DAY, by=cast.clerk, now=NOW
    )
    visited(cast, file)
    for member in file.members.all():
        actions.authorise(member, by=cast.clerk)
    actions.close_checks(file, by=cast.handler, now=NOW)

    signals = set(file.findings.values_list("signal", flat=True))
    assert {"vehicle", "reimbursed"} <= signals
    assert actions.check_household(file, by=cast.handler) == []
    with pytest.raises(errors.FindingsOpen):
        actions.sign_opinion(file, reason="属实", by=cast.clerk)
    with pytest.raises(errors.WordsNeeded):
        actions.resolve_finding(Finding.objects.first(), outcome="explained", words="", by=cast.handler)
    assert file.state == "base_opinion"


def test_an_explanation_is_asked_and_given(cast, file):
    at_opinion(cast, file)
    for wrong in (actions.ask_explanation, actions.sign_opinion):
        with pytest.raises(errors.WordsNeeded):
            wrong(file, reason="", by=cast.handler)
    actions.ask_explanation(file, reason="工资和参保基数差得多", by=cast.handler)
    with pytest.raises(errors.WordsNeeded):
        actions.answer_explanation(file, reason=" ", by=cast.handler)
    actions.answer_explanation(file, reason="有三个月停工", by=cast.handler)
    assert file.state == "base_opinion"


# The notice.


def test_the_notice_is_masked_and_an_upheld_objection_stops_the_file(cast, file):
    at_opinion(cast, file)
    actions.sign_opinion(file, reason="属实", by=cast.clerk)
    notice = notice_of("aid.file", file.pk)
    assert notice.rows == [{"name": "周**", "unit": "恒达精密工会", "matter": "申请困难职工建档", "people": 3}]
    with pytest.raises(errors.NoticeFirst):
        actions.prepare_decision(file, by=cast.handler)

    go_on_after_notice(notice.pk, "aid.file", file.pk, "upheld")
    go_on_after_notice(notice.pk, "aid.file", file.pk, "upheld")
    go_on_after_notice(notice.pk, "other", file.pk, "none")
    file.refresh_from_db()
    assert file.state == "objection_check"
    actions.notice_over(file, upheld=False)
    assert file.state == "county_review"


# The decision.


def test_h01_is_deep_and_paid_to_the_fen(cast, file):
    filed(cast, file)
    assert (file.state, file.file_class, file.review_due) == ("filed", "deep", dt.date(2027, 11, 5))
    amounts = dict(file.grants.values_list("item", "payable"))
    assert amounts == {"living": Decimal(12080), "medical": Decimal(11000), "education": Decimal(12080)}
    assert set(Payment.objects.values_list("state", "purpose")) == {
        ("ready", "工会生活帮扶金"),
        ("ready", "工会帮扶金"),
        ("ready", "工会助学金"),
    }
    decision = file.decisions.get()
    assert decision.receipt.subject == "aid_file"
    assert queries.proposal_of(decision, "en").total == 3516000


def test_whoever_visited_or_reckoned_does_not_approve(cast, file):
    at_county(cast, file)
    decision = actions.prepare_decision(file, by=cast.approver, now=NOW)
    with pytest.raises(errors.WrongPerson):
        actions.approve_decision(decision, note="", by=cast.approver)
    with pytest.raises(errors.WrongLevel):
        actions.approve_decision(decision, note="", by=cast.handler)
    with pytest.raises(errors.WrongLevel):
        actions.approve_decision(decision, note="", by=cast.sibling_approver)
    second = actions.prepare_decision(file, by=cast.handler, now=NOW)
    decision.refresh_from_db()
    assert decision.is_stale
    assert actions.approve_decision(second, note="", by=cast.approver) == ""
    with pytest.raises(errors.WrongLevel):
        actions.approve_decision(second, note="", by=cast.approver)


def test_facts_that_change_force_a_new_look(cast, file):
    at_county(cast, file)
    decision = actions.prepare_decision(file, by=cast.handler, now=NOW)
    actions.set_income(applicant(file), kind="pension", amount=Decimal(100), by=cast.clerk)
    decision.refresh_from_db()
    file.refresh_from_db()

    assert (decision.is_stale, file.state) == (True, "base_opinion")
    assert not decision.grants.filter(state="proposed").exists()
    with pytest.raises(errors.FactsChanged):
        actions.approve_decision(decision, note="", by=cast.approver)
    with pytest.raises(errors.FactsChanged):
        actions.decide_file(decision, decided_class="deep", reason="x", by=cast.approver)


def test_a_large_amount_goes_up_by_level(cast, file):
    bill = {"bucket": "medical", "total": Decimal(60000), "day": DAY, "by": cast.clerk, "now": NOW}
    actions.add_expense(applicant(file), invoice="YL-2", **bill)
    at_county(cast, file)
    decision = actions.prepare_decision(file, by=cast.handler, now=NOW)
    assert (decision.level, decision.is_collective) == ("national", True)
    with pytest.raises(errors.WordsNeeded):
        actions.approve_decision(decision, note="", by=cast.approver)
    assert actions.approve_decision(decision, note="会议纪要12号", by=cast.approver) == "province"
    with pytest.raises(errors.WrongLevel):
        actions.decide_file(decision, decided_class="deep", reason="同意", by=cast.approver)
    with pytest.raises(errors.WrongLevel):
        actions.approve_decision(decision, note="x", by=cast.approver)
    assert actions.approve_decision(decision, note="同意", by=cast.leader) == "national"
    assert actions.approve_decision(decision, note="总工办批复3号", by=cast.leader) == ""


def test_a_refusal_says_why_and_can_be_appealed(cast, file):
    at_county(cast, file)
    decision = actions.prepare_decision(file, by=cast.handler, now=NOW)
    with pytest.raises(errors.WordsNeeded):
        actions.decide_file(decision, decided_class="none", reason=" ", by=cast.approver)
    actions.decide_file(decision, decided_class="none", reason="名下有两套房", by=cast.approver, now=NOW)
    file.refresh_from_db()
    assert (file.state, file.close_reason) == ("refused", "名下有两套房")
    assert set(file.grants.values_list("state", flat=True)) == {"cancelled"}
    assert not Payment.objects.exists()

    with pytest.raises(errors.WordsNeeded):
        actions.uphold_appeal(file, reason="", by=cast.approver)
    with pytest.raises(errors.AppealTooLate):
        actions.uphold_appeal(file, reason="房已经卖了", by=cast.approver, now=NOW + dt.timedelta(days=60))
    actions.uphold_appeal(file, reason="房已经卖了", by=cast.approver, now=NOW)
    assert (file.state, file.closed_on) == ("base_opinion", None)


def test_every_grant_needs_a_fund(cast, file):
    at_county(cast, file)
    decision = actions.prepare_decision(file, by=cast.handler, now=NOW)
    actions.approve_decision(decision, note="", by=cast.approver)
    with pytest.raises(errors.FundMissing):
        actions.decide_file(decision, decided_class="deep", reason="符合", by=cast.approver)
    file.refresh_from_db()
    assert file.state == "county_review"


def test_a_decided_file_keeps_its_facts(cast, file):
    filed(cast, file)
    with pytest.raises(errors.FactsFixed, match="在档"):
        actions.set_income(applicant(file), kind="pension", amount=Decimal(1), by=cast.clerk)


def test_what_was_given_this_year_counts_for_the_next_decision(cast, file):
    filed(cast, file)
    assert queries.prior_aid(file, year=2026) == {"living": 1208000, "medical": 1100000, "education": 1208000}
    actions.start_review(file, reason="又住院", by=cast.handler)
    again = actions.prepare_decision(file, by=cast.handler, now=NOW)
    assert not again.grants.exists()


def test_an_urgent_household_is_decided_first(cast):
    file = fill(make_file(cast, is_urgent=True), cast.clerk)
    actions.pass_base_review(file, by=cast.clerk)
    assert file.state == "county_review"
    assert actions.prepare_decision(file, by=cast.handler, now=NOW).proposed_class == FileClass.DEEP


# Life on file.


def test_six_months_above_the_line_and_out(cast, file):
    filed(cast, file)
    actions.start_review(file, reason="满一年", by=cast.handler)
    for month in range(5):
        actions.write_month(file, month=dt.date(2026, 5 + month, 9), net=Decimal(1300), by=cast.handler)
    with pytest.raises(errors.NotYetDue):
        actions.finish_review(file, outcome="exited", reason="好起来了", by=cast.approver, now=NOW)
    with pytest.raises(errors.WordsNeeded):
        actions.finish_review(file, outcome="exited", reason="", by=cast.approver, now=NOW)
    actions.write_month(file, month=dt.date(2026, 10, 1), net=Decimal(1300), by=cast.handler)
    actions.finish_review(file, outcome="exited", reason="好起来了", by=cast.approver, now=NOW)
    assert (file.state, file.watch_until) == ("exited", dt.date(2027, 11, 5))

    actions.note_relapse(file, signal="又住院", by=cast.handler)
    with pytest.raises(errors.WordsNeeded):
        actions.settle_relapse(file, confirmed=True, reason="", by=cast.approver)
    actions.settle_relapse(file, confirmed=True, reason="自付两万", by=cast.approver, now=NOW)
    file.refresh_from_db()
    assert (file.state, file.file_class, file.closed_on) == ("filed", "deep", None)


def test_a_false_alarm_leaves_the_household_in_peace(cast, file):
    filed(cast, file)
    actions.start_review(file, reason="满一年", by=cast.handler)
    actions.finish_review(file, outcome="netted", reason="民政确认低保", by=cast.approver, now=NOW)
    assert file.state == "netted"
    with pytest.raises(NotAllowedInState):
        actions.note_relapse(file, signal="x", by=cast.handler)


def test_the_yearly_look_starts_by_itself(cast, file):
    filed(cast, file)
    assert actions.sweep_reviews(NOW) == 0
    assert actions.sweep_reviews(NOW + dt.timedelta(days=366)) == 1


def test_a_closed_file_pays_nothing_more(cast, file):
    filed(cast, file)
    fund = file.grants.first().fund
    batch = open_batch(cast.county, fund=fund, item="living", channel="social_card", by=cast.handler)
    for wrong in (actions.close_file, actions.freeze_file):
        with pytest.raises(errors.WordsNeeded):
            wrong(file, reason="", by=cast.approver)
    actions.freeze_file(file, reason="举报查证", by=cast.approver)
    actions.close_file(file, reason="虚假申报", by=cast.approver, now=NOW)

    with pytest.raises(Exception, match="没有能发的款项"):
        lock_batch(batch, by=cast.handler)
    assert set(Payment.objects.exclude(item="living").values_list("state", flat=True)) == {"cancelled"}
    Grant.objects.filter(item="living").update(state="cancelled")
    assert set(queries.doubts_about_grants(Grant.objects.values_list("pk", flat=True)).values()) == {
        "这项帮扶已经取消",
        "档案不在档，不能发放",
    }


# Formulas.


def test_numbers_ages_and_months():
    assert file_number("320583", 2026, 7) == file_number("320583", 2026, 7)
    assert len(file_number("3205", 2026, 7)) == 17
    assert age_on(dt.date(2000, 11, 6), NOW.date()) == 25
    assert [fits_stage(age, usual=(18, 26), slack=4) for age in (13, 14, 30, 31)] == [False, True, True, False]
    line, series = Decimal(1208), [1190, 1208, 1230, 1260, 1245, 1300, 1290, 1310]
    nets = [(dt.date(2026, n, 1), Decimal(net)) for n, net in enumerate(series, start=1)]
    assert [months_above(nets[:n], line) for n in (2, 7, 8)] == [0, 5, 6]
    assert months_above([nets[2], nets[4]], line) == 1


def test_figures(cast, file):
    filed(cast, file)
    found = queries.figures(AidFile.objects.all(), year=2026)
    assert (found["filed"], found["persons"], found["new"], found["by_class"]) == (1, 3, 1, {"deep": 1})
    assert funds_for(cast)["living"].free > 0
