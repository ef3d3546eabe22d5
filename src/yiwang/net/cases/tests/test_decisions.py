"""The answer: reasons, two people, amounts, receipts, delivery, revocation, review."""

import json
import threading
from decimal import Decimal

import pytest
from django.db import connection

from yiwang.kernel.states import ChangedMeanwhile, NotAllowedInState
from yiwang.net.cases import actions
from yiwang.net.cases.errors import HasInterest, NotSuperior, NotTheirTurn, ReasonMissing, SamePerson
from yiwang.net.cases.models import Case, Decision
from yiwang.net.cases.queries.facts import case_facts, fen, household_left, rule_answer
from yiwang.net.cases.tests.factories import NO, NOW, YES, accepted, at_decision, decided, later, make_service, submit
from yiwang.platform.counters.actions import recount
from yiwang.platform.counters.queries import figure
from yiwang.platform.rules.library.receipts import altered_parts
from yiwang.register.access.models import Recusal

pytestmark = pytest.mark.django_db

NAMES = ("received", "open", "overdue", "done", "on_time")
AID = {
    "ruleset": "hp-0001",
    "form": {
        "steps": [
            {
                "key": "income",
                "title": {"zh": "收入", "en": "Income"},
                "fields": [
                    {"key": "monthly_income", "kind": "money", "label": {"zh": "每月到手", "en": "Pay"}},
                    {"key": "sudden_trouble", "kind": "yesno", "label": {"zh": "出了意外", "en": "Trouble"}},
                ],
            }
        ]
    },
}


def test_yes_closes_the_case_on_time_with_letter_and_appeal_day(cast):
    case = at_decision(make_service(), cast.wenjuan_person, by=cast.handler)

    decision = actions.decide(case, YES, by=cast.approver, now=later(days=4))

    assert (case.state, decision.is_on_time) == ("decided_ok", True)
    assert f"{decision.appeal_until:%Y-%m-%d}" == "2026-11-24"
    letter = case.letters.get(kind="result_ok")
    assert letter.context["reasons"] == ["情况属实，符合规定"]
    assert case.steps.order_by("index").last().handler == cast.approver
    assert [figure(str(cast.city.path), f"cases.{name}") for name in ("open", "done", "on_time")] == [0, 1, 1]


def test_no_carries_other_ways_and_recourse(cast):
    case = at_decision(make_service(), cast.wenjuan_person, by=cast.handler)
    actions.decide(case, NO, by=cast.approver, now=NOW)

    assert case.state == "decided_no"
    assert case.letters.get(kind="result_no").context["other_ways"] == "可以申请医疗互助"


@pytest.mark.parametrize(
    ("verdict", "field"),
    [
        (actions.Verdict(outcome="ok", reason=" "), "reason"),
        (actions.Verdict(outcome="no", reason="不符合"), "other_ways"),
        (actions.Verdict(outcome="no", reason="不符合", other_ways="医疗互助"), "recourse"),
    ],
)
def test_a_verdict_without_its_words_is_refused(cast, verdict, field):
    case = at_decision(make_service(), cast.wenjuan_person, by=cast.handler)

    with pytest.raises(ReasonMissing) as refusal:
        actions.decide(case, verdict, by=cast.approver)
    assert list(refusal.value.fields) == [field]


def test_two_people_are_needed_where_the_service_says_so(cast):
    case = at_decision(make_service(), cast.wenjuan_person, by=cast.approver)

    with pytest.raises(SamePerson):
        actions.decide(case, YES, by=cast.approver, now=NOW)


def test_one_person_closes_a_service_of_one_step(cast):
    steps = [{"key": "answer", "title": "答复", "level": 4, "capability": "cases.handle"}]
    case = accepted(make_service("SG-0900", steps=steps), cast.wenjuan_person, by=cast.handler)

    actions.decide(case, YES, by=cast.handler, now=NOW)

    assert case.state == "decided_ok"


def test_a_service_without_steps_is_decided_with_no_step_signed(cast):
    case = accepted(make_service("SG-0901", steps=[]), cast.wenjuan_person, by=cast.handler)

    actions.decide(case, YES, by=cast.handler, now=NOW)

    assert case.state == "decided_ok"
    assert not case.steps.exists()


def test_before_the_deciding_step_and_with_a_tie_nobody_decides(cast):
    case = accepted(make_service(), cast.wenjuan_person, by=cast.handler)
    with pytest.raises(NotTheirTurn):
        actions.decide(case, YES, by=cast.approver)
    Recusal.objects.create(
        user=cast.approver, person_id=cast.wenjuan_person.pk, reason="kinship", declared_by=cast.approver
    )
    with pytest.raises(HasInterest):
        actions.decide(case, YES, by=cast.approver)


def test_the_receipt_tells_the_conditions_and_can_be_worked_out_again(cast):
    version = make_service("HP-0930", **AID)
    case = at_decision(
        version, cast.wenjuan_person, by=cast.handler, answers={"monthly_income": "1800.00", "sudden_trouble": True}
    )

    decision = actions.decide(case, YES, by=cast.approver, now=later(days=4))

    receipt = decision.receipt
    body = json.loads(receipt.content)
    assert (receipt.subject, receipt.subject_id) == ("case", case.pk)
    assert body["facts"]["household_left_pc"] == 180_000
    assert body["facts"]["sudden_trouble"] is True
    assert altered_parts(receipt.content, receipt.sha256) == []
    assert "周文娟" not in receipt.content.decode()


def test_the_calculated_amount_stands_unless_a_reason_says_why_not(cast, monkeypatch):
    from yiwang.net.cases.actions import decisions  # noqa: PLC0415 -- patched here only

    monkeypatch.setattr(decisions, "make_receipt", lambda case, by, now: (None, Decimal("1000.00")))
    case = at_decision(make_service(), cast.wenjuan_person, by=cast.handler)

    with pytest.raises(ReasonMissing) as refusal:
        actions.decide(case, actions.Verdict(outcome="ok", reason="属实", amount=Decimal(900)), by=cast.approver)
    assert list(refusal.value.fields) == ["amount_reason"]
    case = Case.objects.select_related("version__service", "applicant__user", "organisation").get(pk=case.pk)
    other = actions.Verdict(outcome="ok", reason="属实", amount=Decimal(900), amount_reason="已领过100元")
    decision = actions.decide(case, other, by=cast.approver, now=NOW)

    assert (decision.amount, decision.computed_amount) == (Decimal(900), Decimal(1000))
    second = at_decision(make_service("HP-0931"), cast.wenjuan_person, by=cast.handler)
    assert actions.decide(second, YES, by=cast.approver, now=NOW).amount == Decimal(1000)
    assert second.letters.get(kind="result_ok").context["amount_text"] == "1,000.00元"


def test_delivering_ends_the_work(cast):
    case = decided(make_service(), cast.wenjuan_person, handler=cast.handler, approver=cast.approver)

    actions.deliver(case, by=cast.handler, now=later(days=5))

    assert (case.state, case.delivered_at) == ("delivered", later(days=5))


def test_a_superior_revokes_and_another_person_decides_again(cast):
    case = decided(make_service(), cast.wenjuan_person, handler=cast.handler, approver=cast.approver, verdict=NO)
    with pytest.raises(ReasonMissing):
        actions.revoke_decision(case, reason="", by=cast.supervisor, organisation=cast.city)
    with pytest.raises(NotSuperior):
        actions.revoke_decision(case, reason="算错", by=cast.approver, organisation=cast.county)

    actions.revoke_decision(case, reason="漏算了房租", by=cast.supervisor, organisation=cast.city, now=later(days=10))

    assert (case.state, case.is_open, case.handler) == ("revoked", True, None)
    assert case.clocks.filter(kind="promised", state="running").count() == 1
    assert case.decisions.get().revoked_by == cast.supervisor
    assert case.letters.get(kind="revocation").context["reason"] == "漏算了房租"
    assert [figure(str(cast.city.path), f"cases.{name}") for name in ("open", "done", "on_time")] == [1, 0, 0]
    with pytest.raises(SamePerson):
        actions.reopen_case(case, by=cast.approver)
    actions.reopen_case(case, by=cast.handler, now=later(days=10))
    assert (case.state, case.step) == ("in_progress", 1)
    assert (case.organisation, case.handler) == (cast.city, cast.supervisor)  # nobody else decides at the county


def test_a_refused_acceptance_can_be_revoked_too(cast):
    case = submit(make_service(), cast.wenjuan_person)
    actions.refuse_case(case, reason="不归我们管", other_ways="12345", recourse="复核", by=cast.handler, now=NOW)

    actions.revoke_decision(case, reason="归工会管", by=cast.supervisor, organisation=cast.city, now=later(days=1))

    assert case.state == "revoked"
    assert figure(str(cast.city.path), "cases.open") == 1


@pytest.mark.parametrize(("upheld", "state"), [(True, "decided_no"), (False, "revoked")])
def test_a_review_upholds_or_revokes(cast, upheld, state):
    case = decided(make_service(), cast.wenjuan_person, handler=cast.handler, approver=cast.approver, verdict=NO)
    review = actions.request_review(case, text="算错了", by=cast.wenjuan, now=later(days=5))
    with pytest.raises(ReasonMissing):
        actions.answer_review(review, upheld=upheld, answer="", by=cast.supervisor)
    with pytest.raises(SamePerson):
        actions.answer_review(review, upheld=upheld, answer="没错", by=cast.approver)

    actions.answer_review(review, upheld=upheld, answer="重新核过", by=cast.supervisor, now=later(days=6))

    assert review.case.state == state
    with pytest.raises((NotAllowedInState, ChangedMeanwhile)):
        actions.answer_review(review, upheld=True, answer="再说", by=cast.supervisor)


def test_facts_come_from_the_register_before_the_form(cast):
    case = submit(make_service("HP-0932", **AID), cast.wenjuan_person, answers={"monthly_income": "oops", "age": 7})

    facts = case_facts(case, NOW.date())

    assert facts["membership_state"] == "active"
    assert facts["age"] == 36
    assert facts["household_left_pc"] == 0


def test_what_is_left_reads_the_rows_of_the_form():
    answers = {
        "monthly_income": "5000.00",
        "household": [{"monthly_income": "1000.00"}],
        "medical_self_paid": "12000.00",
    }

    assert household_left(answers) == 250_000
    assert (fen("12.34"), fen("x"), fen("")) == (1234, None, None)


@pytest.mark.parametrize(
    ("answers", "fact", "value"),
    [
        ({"child_stage": "senior"}, "child_stage", "senior"),
        ({"child_stage": "moon"}, "child_stage", None),
        ({"medical_self_paid": "38460.00"}, "medical_self_paid", 3_846_000),
        ({"medical_self_paid": "-5"}, "medical_self_paid", None),
        ({"medical_self_paid": "99999999999"}, "medical_self_paid", None),
        ({"months_at_employer": "14"}, "months_at_employer", 14),
        ({"sudden_trouble": "yes"}, "sudden_trouble", None),
    ],
)
def test_an_answer_counts_only_where_it_fits_the_vocabulary(cast, answers, fact, value):
    case = submit(make_service("HP-0933", **AID), cast.courier_person, answers=answers)

    assert case_facts(case, NOW.date()).get(fact) == value


def test_rules_propose_only_where_there_are_rules(cast):
    with_rules = submit(make_service("HP-0934", **AID), cast.wenjuan_person)
    without = submit(make_service("HP-0935"), cast.wenjuan_person)

    assert rule_answer(with_rules, NOW.date()).verdict in ("yes", "no", "missing")
    assert rule_answer(without, NOW.date()) is None


def test_the_figures_prove_themselves_by_a_recount(cast):
    version = make_service("HP-0936", append_repeats=False)
    decided(version, cast.wenjuan_person, handler=cast.handler, approver=cast.approver)
    moved = accepted(version, cast.wenjuan_person, by=cast.handler)
    actions.hand_over(moved, to=cast.city, reason="跨县", by=cast.handler, now=later(days=2))
    actions.sweep_deadlines(later(days=20))
    wrong = decided(version, cast.stranger_person, handler=cast.sibling_handler, approver=cast.sibling_approver)
    actions.revoke_decision(wrong, reason="错", by=cast.supervisor, organisation=cast.city, now=later(days=21))

    assert {name: figure(str(cast.province.path), f"cases.{name}") for name in NAMES} == {
        "received": 3,
        "open": 2,
        "overdue": 1,
        "done": 1,
        "on_time": 1,
    }
    assert [found for found in recount() if found.name.startswith("cases.")] == []


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_one_wins(cast):
    version = make_service()
    case = at_decision(version, cast.wenjuan_person, by=cast.handler)
    gate = threading.Barrier(2)
    results = []

    def press(verdict):
        try:
            mine = Case.objects.select_related("version__service", "applicant__user", "organisation").get(pk=case.pk)
            gate.wait()
            actions.decide(mine, verdict, by=cast.approver, now=later(days=1))
            results.append("done")
        except (ChangedMeanwhile, NotAllowedInState):
            results.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=[verdict]) for verdict in (YES, NO)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(results) == ["done", "refused"]
    assert Decision.objects.count() == 1
