"""A worker asks on a phone: the request becomes a file, goes along with it, and is answered with reasons and money."""

import datetime as dt
import io
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from yiwang.kernel.clock import local_date, now
from yiwang.net.cases.actions import Contact, pause_clock, request_supplement, submit_case
from yiwang.net.cases.models import Case
from yiwang.net.cases.tests.factories import submit
from yiwang.net.catalogue.actions import load_seed
from yiwang.net.catalogue.queries import current_version
from yiwang.net.notices.actions import end_notice
from yiwang.net.notices.queries import notice_of
from yiwang.net.payments.models import Payment
from yiwang.net.payments.tests.factories import make_account
from yiwang.platform.rules.library.receipts import recompute
from yiwang.rights.aid import actions, errors, queries
from yiwang.rights.aid.ledger import ledger_of
from yiwang.rights.aid.models import AidFile, Appeal, Application, Decision, Expense
from yiwang.rights.aid.reactions import open_file_for_case
from yiwang.rights.aid.tests.factories import NOW, VISIT, filed, funds_for

pytestmark = pytest.mark.django_db

ANSWERS = {
    "name": "周文娟",
    "phone": "13800000001",
    "household": [
        {
            "name": "李芳",
            "relation": "parent",
            "birth": "1955-02-03",
            "work_state": "retired",
            "monthly_income": "320.00",
        },
        {"name": "周晨", "relation": "child", "birth": "2006-05-01", "work_state": "student", "monthly_income": "0.00"},
    ],
    "monthly_income": "3200.00",
    "kinds": ["medical", "education"],
    "reason": "婆婆住院，孩子上大学",
    "patient": "李芳",
    "medical_total": "62000.00",
    "medical_self_paid": "11000.00",
    "students": [{"name": "周晨", "stage": "higher", "school": "苏州大学", "cost": "9800.00"}],
    "payee_kind": "member_card",
    "authorised": ["means", "illness", "notice"],
}


def asked(cast, code="HP-0002", now=NOW, **answers):
    load_seed()
    given = {**ANSWERS, **answers}
    return submit(current_version(code), cast.wenjuan_person, answers=given, now=now)


def applied(cast, **more):
    case = asked(cast, **more)
    return case, actions.receive_application(case, now=NOW)


def through_to_county(cast, file):
    actions.pass_base_review(file, by=cast.clerk, now=NOW)
    checked_and_signed(cast, file)


def checked_and_signed(cast, file):
    actions.record_visit(file, key="k1", by=cast.clerk, now=NOW, **VISIT)
    file.refresh_from_db()
    for member in file.members.all():
        actions.authorise(member, by=cast.clerk, now=NOW)
    actions.close_checks(file, by=cast.handler, now=NOW)
    for finding in file.findings.all():
        actions.resolve_finding(finding, outcome="explained", words="看过", by=cast.handler, now=NOW)
    actions.sign_opinion(file, reason="情况属实", by=cast.handler, now=NOW)


def after_notice(file):
    notice = notice_of("aid.file", file.pk)
    end_notice(notice, by=None, now=NOW)
    actions.notice_over(file, upheld=False, now=NOW)
    file.refresh_from_db()
    return file


def test_what_was_told_becomes_facts_that_are_the_applicants_word(cast):
    case, file = applied(cast)
    people = {member.name: member for member in file.members.all()}
    assert (file.organisation, file.county, file.case) == (cast.unit, cast.county, case)
    assert set(people) == {"周文娟", "李芳", "周晨"}
    assert {person.origin for name, person in people.items() if name != "周文娟"} == {"applicant"}
    wage = people["周文娟"].incomes.get(kind="wage_net")
    assert (wage.amount, wage.declared, wage.origin) == (38400, 38400, "applicant")
    assert people["李芳"].incomes.get().kind == "pension"
    bill = people["李芳"].expenses.get()
    assert (bill.total, bill.basic, bill.self_paid, bill.declared) == (62000, 51000, 11000, 11000)
    assert (people["周晨"].stage, people["周晨"].expenses.get().total) == ("higher", 9800)
    assert file.applications.get().authorised == ["means", "illness", "notice"]
    assert not file.findings.exists()


def test_belongings_that_were_ticked_are_written_down_once_and_looked_at_in_the_home(cast):
    _case, file = applied(cast, assets=["homes", "vehicle", "controls_company"])

    assert [(one.kind, one.origin) for one in file.assets.order_by("pk")] == [
        ("home", "applicant"),
        ("home", "applicant"),
        ("vehicle", "applicant"),
        ("company", "applicant"),
    ]
    household = queries.household_of(file, on=NOW.date())
    assert (household.soft_exclusion, household.hard_exclusion) == (("homes", "vehicle"), ("controls_company",))
    assert ("全家 车辆", "自己的，私家用") in queries.declared_facts(file)
    assert not file.findings.exists()
    again = asked(cast, assets=["vehicle"], now=NOW + dt.timedelta(days=40))
    assert actions.receive_application(again, now=NOW + dt.timedelta(days=40)) == file
    assert file.assets.count() == 4


def test_a_request_is_received_once_and_a_second_one_joins_the_file(cast):
    case, file = applied(cast)
    open_file_for_case(case.pk, "HP-0002")
    assert (AidFile.objects.count(), Application.objects.count()) == (1, 1)
    again = asked(cast, code="HP-0001", now=NOW + dt.timedelta(days=1), kinds=[], household=[])
    assert actions.receive_application(again, now=NOW) == file
    assert file.applications.count() == 2
    other = asked(cast, code="HP-0001", now=NOW + dt.timedelta(days=2))
    assert other.state == Case.State.MERGED
    assert actions.receive_application(other, now=NOW) == file
    assert file.findings.filter(detail__contains=other.number).exists()


def test_a_repeat_waits_until_the_first_request_has_its_file(cast):
    first = asked(cast, code="HP-0001")
    repeat = asked(cast, code="HP-0001", now=NOW + dt.timedelta(days=1))

    assert actions.receive_application(repeat, now=NOW) is None
    assert not AidFile.objects.exists()
    file = actions.receive_application(first, now=NOW)
    assert actions.receive_application(repeat, now=NOW) == file


def test_a_request_from_before_the_last_answer_writes_nothing_and_is_told(cast):
    file = filed(cast)
    late = asked(cast, now=NOW - dt.timedelta(days=1))
    bills = Expense.objects.count()

    assert actions.receive_application(late, now=NOW) == file

    file.refresh_from_db()
    assert (file.state, Expense.objects.count()) == ("filed", bills)
    assert late.number in file.findings.get(resolved_at=None).detail


def test_who_is_said_to_study_only_the_second_time_studies(cast):
    _case, file = applied(cast, students=[], kinds=["medical"])
    son = file.members.get(name="周晨")
    assert son.stage == ""

    actions.receive_application(asked(cast, code="HP-0001", now=NOW + dt.timedelta(days=1)), now=NOW)

    son.refresh_from_db()
    assert (son.stage, son.school) == ("higher", "苏州大学")


def test_what_cannot_stand_is_a_finding_and_the_rest_is_kept(cast):
    rows = [{**ANSWERS["household"][0], "birth": "2030-01-01"}, ANSWERS["household"][1]]
    _case, file = applied(cast, household=rows, patient="张三", authorised=[])
    told = " ".join(file.findings.values_list("detail", flat=True))
    assert "出生日期在以后" in told
    assert "张三不在家里人里" in told
    assert "没有勾选同意核对" in told
    assert set(file.members.values_list("name", flat=True)) == {"周文娟", "周晨"}
    assert file.members.get(relation="self").expenses.get(bucket="medical").declared == 11000


def test_nobody_of_the_register_gets_no_file_by_itself(cast):
    load_seed()
    case = submit_case(
        current_version("HP-0002"), applicant=None, contact=Contact(name="某", phone="13900000000"),
        answers={**ANSWERS, "division": {"value": "320583100"}}, by=cast.courier, idempotency_key="k", now=NOW,
    )  # fmt: skip
    assert actions.receive_application(case, now=NOW) is None
    assert not AidFile.objects.exists()


def test_another_amount_than_the_applicants_needs_its_reason(cast):
    _case, file = applied(cast)
    bill = file.members.get(name="李芳").expenses.get()
    back = {"basic": Decimal(52000)}
    with pytest.raises(errors.BadFact, match="为什么"):
        actions.correct_expense(bill, total=bill.total, why="", by=cast.handler, **back)
    actions.correct_expense(bill, total=bill.total, why="有一张不在12个月内", by=cast.handler, **back)
    bill.refresh_from_db()
    assert (bill.declared, bill.self_paid, bill.why) == (11000, 10000, "有一张不在12个月内")
    me = file.members.get(relation="self")
    with pytest.raises(errors.BadFact, match="为什么"):
        actions.set_income(me, kind="wage_net", amount=Decimal(40000), by=cast.handler)
    actions.set_income(me, kind="wage_net", amount=Decimal(40000), why="工资流水", by=cast.handler)
    assert me.incomes.get(kind="wage_net").declared == 38400


def test_the_case_goes_along_and_ends_with_the_files_own_receipt_and_money(cast):
    make_account(cast.wenjuan_person)
    case, file = applied(cast)
    through_to_county(cast, file)
    case.refresh_from_db()
    assert (case.state, case.step) == (Case.State.PAUSED, 2)
    after_notice(file)
    case.refresh_from_db()
    assert case.state == Case.State.IN_PROGRESS
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
    case.refresh_from_db()
    total = sum(grant.payable for grant in file.grants.filter(state="approved"))
    assert (case.state, case.amount) == (Case.State.DECIDED_OK, total)
    assert case.decisions.get().receipt == decision.receipt
    assert actions.deliver_paid(now=NOW) == 0
    Payment.objects.update(state=Payment.State.PAID, paid_at=NOW)
    assert actions.deliver_paid(now=NOW) == 1
    case.refresh_from_db()
    assert case.state == Case.State.DELIVERED


def refused(cast):
    case, file = applied(cast, monthly_income="13000.00", kinds=[], medical_total="", medical_self_paid="", students=[])
    through_to_county(cast, file)
    after_notice(file)
    decision = actions.prepare_decision(file, by=cast.handler, now=NOW)
    assert decision.proposed_class == "none"
    actions.decide_file(decision, decided_class="none", reason="每人每月剩的钱高于标准", by=cast.approver, now=NOW)
    file.refresh_from_db()
    return case, file, decision


def test_a_no_says_by_how_much_and_is_appealed_in_time_to_somebody_else(cast):
    case, file, decision = refused(cast)
    case.refresh_from_db()
    assert (case.state, file.state) == (Case.State.DECIDED_NO, "refused")
    assert "打12351" in case.decisions.get().recourse
    until = queries.appeal_until(decision)
    assert until > local_date(NOW) + dt.timedelta(days=9)
    with pytest.raises(errors.AppealTooLate):
        actions.ask_appeal(decision, words="算错了", by=cast.wenjuan, now=NOW + dt.timedelta(days=40))
    with pytest.raises(errors.WordsNeeded):
        actions.ask_appeal(decision, words=" ", by=cast.wenjuan, now=NOW)
    actions.ask_appeal(decision, words="又住了一次院", by=cast.wenjuan, now=NOW)
    with pytest.raises(errors.AppealedBefore):
        actions.ask_appeal(decision, words="再说一遍", by=cast.wenjuan, now=NOW)
    with pytest.raises(errors.WrongPerson):
        actions.uphold_appeal(file, reason="有新票据", by=cast.approver, now=NOW)
    actions.uphold_appeal(file, reason="有新票据", by=cast.supervisor, now=NOW)
    assert file.state == "base_opinion"
    assert Appeal.objects.get().is_upheld


def test_an_appeal_may_be_dismissed_with_words(cast):
    _case, file, decision = refused(cast)
    with pytest.raises(errors.NothingAppealed):
        actions.dismiss_appeal(file, reason="没有新情况", by=cast.supervisor, now=NOW)
    actions.ask_appeal(decision, words="不服", by=cast.wenjuan, now=NOW)
    with pytest.raises(errors.WordsNeeded):
        actions.dismiss_appeal(file, reason=" ", by=cast.supervisor, now=NOW)
    actions.dismiss_appeal(file, reason="没有新情况", by=cast.supervisor, now=NOW)
    assert (Appeal.objects.get().is_upheld, file.state) == (False, "refused")


def test_a_visit_is_agreed_and_what_was_seen_otherwise_is_a_finding(cast):
    _case, file = applied(cast)
    actions.pass_base_review(file, by=cast.clerk, now=NOW)
    soon = NOW + dt.timedelta(days=2)
    with pytest.raises(errors.BadFact):
        actions.plan_visit(file, at=NOW - dt.timedelta(days=1), second="王静", by=cast.clerk, now=NOW)
    with pytest.raises(errors.TwoVisitors):
        actions.plan_visit(file, at=soon, second=cast.clerk.name, by=cast.clerk, now=NOW)
    actions.plan_visit(file, at=soon, second="王静", by=cast.clerk, now=NOW)
    assert (file.visit_at, file.visit_by) == (soon, f"{cast.clerk.name}、王静")
    seen = [
        {"what": "周文娟 到手工资", "declared": "38,400.00元", "agrees": "no", "words": "流水写着4万"},
        {"what": "周晨 上学", "declared": "9,800.00元", "agrees": "yes", "words": ""},
    ]
    actions.record_visit(file, key="k1", by=cast.clerk, now=NOW, checked=seen, **VISIT)
    assert file.visit_at is None
    assert [finding.detail for finding in file.findings.all()] == ["周文娟 到手工资 38,400.00元：流水写着4万"]


def test_a_household_on_file_that_asks_again_is_looked_at_again(cast):
    make_account(cast.wenjuan_person)
    case, file = applied(cast)
    through_to_county(cast, file)
    after_notice(file)
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
    later = NOW + dt.timedelta(days=90)
    again = asked(cast, now=later, medical_total="30000.00", medical_self_paid="8000.00")
    assert actions.receive_application(again, now=later) == file
    file.refresh_from_db()
    assert file.state == "reviewing"
    assert file.members.get(name="李芳").expenses.count() == 2


def test_the_worker_reads_progress_reasons_and_appeals_on_the_phone(client_of, cast):
    _case, _file, decision = refused(cast)
    Decision.objects.update(decided_at=now())
    phone = client_of(cast.wenjuan)
    mine = phone.get(reverse("aid:own-file")).text
    assert "高出" in mine
    assert reverse("aid:own-appeal", args=[decision.public_id]) in mine
    page = phone.get(reverse("aid:own-receipt", args=[decision.public_id])).text
    assert decision.receipt.sha256[:32] in page
    assert "看病自己付的" not in page
    given = phone.get(reverse("aid:own-receipt-file", args=[decision.public_id, "json"]))
    assert given.content == bytes(decision.receipt.content)
    assert recompute(given.content) == given.content
    assert phone.get(reverse("aid:own-receipt-file", args=[decision.public_id, "pdf"])).content[:4] == b"%PDF"
    assert phone.get(reverse("aid:own-receipt-file", args=[decision.public_id, "exe"])).status_code == 404
    cast.wenjuan.language = "en"
    cast.wenjuan.save(update_fields=["language"])
    english = phone.get(reverse("aid:own-receipt", args=[decision.public_id])).text
    assert "above twice the subsistence line" in english
    for other in (cast.stranger, cast.sibling_handler):
        assert client_of(other).get(reverse("aid:own-receipt", args=[decision.public_id])).status_code == 404
    appeal = reverse("aid:own-appeal", args=[decision.public_id])
    assert client_of(cast.handler).get(appeal).status_code == 404
    assert phone.post(appeal, {"words": ""}).status_code == 200
    assert not Appeal.objects.exists()


def test_the_desk_sees_request_papers_and_what_was_told(client_of, cast):
    case, file = applied(cast)
    desk = client_of(cast.clerk)
    page = desk.get(reverse("aid:file-detail", args=[file.public_id])).text
    assert case.number in page
    assert "本人报自己付11,000.00元" in page
    number = next(n for n, bill in enumerate(queries.expenses_of(file)) if bill.bucket == "medical")
    correct = reverse("aid:expense-correct", args=[file.public_id, number])
    assert "为什么" in desk.post(correct, {"total": "62000", "basic": "52000"}).text
    assert desk.post(correct, {"total": "62000", "basic": "52000", "why": "有一张太早"}).status_code == 302
    at_case = desk.get(reverse("cases:case-detail", args=[case.number])).text
    assert reverse("aid:file-detail", args=[file.public_id]) in at_case
    assert (
        reverse("aid:own-file") in client_of(cast.wenjuan).get(reverse("cases:matter-detail", args=[case.number])).text
    )


def test_the_ledger_keeps_what_was_told_beside_what_counts(cast):
    _case, file = applied(cast, students=[{**ANSWERS["students"][0], "cost": "15000.00"}])
    through_to_county(cast, file)
    after_notice(file)
    bill = file.members.get(name="李芳").expenses.get()
    actions.correct_expense(bill, total=bill.total, basic=Decimal(53000), why="有一张不在12个月内", by=cast.handler)
    file.refresh_from_db()
    assert file.state == "base_opinion"
    actions.sign_opinion(file, reason="情况属实", by=cast.handler, now=NOW)
    after_notice(file)
    decision = actions.prepare_decision(file, by=cast.handler, now=NOW)
    ledger = ledger_of(decision, queries.proposal_of(decision, "zh"))
    told = {(line.who, line.code): (line.told, line.counts, line.is_cut) for line in ledger.costs if line.who}
    assert told == {("李芳", "medical"): (11000, 9000, True), ("周晨", "education"): (15000, 12000, True)}
    assert ledger.told_net < ledger.net
    assert ledger.cut == 5000
    assert "类别也一样" in ledger.sensitivity
    assert ledger.incomes[0].words == "和申报一致"


def test_the_visit_page_asks_for_each_declared_fact_and_keeps_photographs_for_the_desk(client_of, cast):
    _case, file = applied(cast)
    actions.pass_base_review(file, by=cast.clerk, now=NOW)
    phone = client_of(cast.clerk)
    at = reverse("aid:file-visit", args=[file.public_id])
    page = phone.get(at).text
    assert "周文娟 到手工资 38,400.00元" in page
    assert "data-keep=" in page
    facts = queries.declared_facts(file)
    given = {
        "key": "abc", "second": "王静", "day": "2026-10-08", "place": "家里", "seen": "本人", "findings": "属实",
        "opinion": "true", "application_signed": "on", "authorisation_signed": "on",
        **{f"agrees_{place}": "yes" for place in range(len(facts))}, "agrees_0": "no", "words_0": "流水写着四万",
    }  # fmt: skip
    photo = SimpleUploadedFile("house.jpg", jpeg(), content_type="image/jpeg")
    assert phone.post(at, {**given, "photos": photo}).status_code == 302
    assert phone.post(at, given).status_code == 302
    visit = file.visits.get()
    assert [row["agrees"] for row in visit.checked][:2] == ["no", "yes"]
    assert file.findings.filter(detail__contains="流水写着四万").count() == 1
    paper = queries.papers_of(file)[0]
    shown = reverse("files:document-open", args=[paper.public_id])
    opened = phone.get(shown)
    assert opened.status_code == 200
    for close in opened._resource_closers:  # opened.close() would also end the connection
        close()
    assert client_of(cast.sibling_handler).get(shown).status_code == 404


def jpeg() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, "JPEG")
    return out.getvalue()


def test_a_request_that_waits_for_papers_is_not_decided(cast):
    case, file = applied(cast)
    through_to_county(cast, file)
    after_notice(file)
    decision = actions.prepare_decision(file, by=cast.handler, now=NOW)
    case.refresh_from_db()
    request_supplement(case, items=[{"name": "出院结算单", "why": "要核对"}], by=cast.handler, now=NOW)
    with pytest.raises(errors.SupplementOpen, match=case.number):
        actions.decide_file(decision, decided_class="none", reason="不符合", by=cast.approver, now=NOW)


def test_the_clock_of_a_request_that_waits_for_papers_is_not_touched_by_the_notice(cast):
    case, file = applied(cast)
    actions.pass_base_review(file, by=cast.clerk, now=NOW)
    case.refresh_from_db()
    request_supplement(case, items=[{"name": "出院结算单", "why": "要核对"}], by=cast.handler, now=NOW)
    checked_and_signed(cast, file)
    after_notice(file)

    case.refresh_from_db()
    assert (file.state, case.state) == ("county_review", Case.State.SUPPLEMENT)
    assert list(case.pauses.values_list("kind", "ended_at")) == [("supplement", None)]


def test_a_request_whose_clock_stands_still_is_answered_with_the_file(cast):
    case, file = applied(cast)
    through_to_county(cast, file)
    after_notice(file)
    case.refresh_from_db()
    pause_clock(case, kind="external", reason="等医保局回函", by=cast.handler, now=NOW)
    decision = actions.prepare_decision(file, by=cast.handler, now=NOW)

    actions.decide_file(decision, decided_class="none", reason="不符合", by=cast.approver, now=NOW)

    case.refresh_from_db()
    assert case.state == Case.State.DECIDED_NO
    assert not case.pauses.filter(ended_at=None).exists()


def test_who_asked_for_the_file_itself_has_it_with_the_decision(cast):
    case, file = applied(cast, code="HP-0001")
    filed(cast, file)

    case.refresh_from_db()
    assert (case.state, file.state) == (Case.State.DELIVERED, "filed")


def test_facts_that_change_after_the_calculation_force_a_new_look(client_of, cast):
    _case, file = applied(cast)
    through_to_county(cast, file)
    after_notice(file)
    decision = actions.prepare_decision(file, by=cast.handler, now=NOW)
    review = reverse("aid:review", args=[file.public_id])
    page = client_of(cast.approver).get(review).text
    assert "比申报少认" not in page
    assert "本人申报" in page
    actions.set_income(
        file.members.get(relation="self"), kind="wage_net", amount=Decimal(40000), why="流水", by=cast.handler
    )
    decision.refresh_from_db()
    with pytest.raises(errors.FactsChanged):
        actions.approve_decision(decision, note="", by=cast.approver, now=NOW)
    page = client_of(cast.approver).get(review).text
    assert "测算以后资料改过" in page
    assert "签字同意" not in page
