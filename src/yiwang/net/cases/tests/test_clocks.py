"""Acceptance, the promise, pauses, the one extension: each with its date."""

import datetime as dt

import pytest

from yiwang.kernel.clock import due_day
from yiwang.kernel.states import NotAllowedInState
from yiwang.net.cases import actions
from yiwang.net.cases.errors import (
    AskedBefore,
    EmptyAnswer,
    ExtendedBefore,
    ExtensionTooLong,
    NothingAsked,
    ReasonMissing,
    SamePerson,
)
from yiwang.net.cases.models import Case, Clock, ClockPause, Decision, Letter
from yiwang.net.cases.queries.faces import face_of, sentence_of
from yiwang.net.cases.tests.factories import NOW, accepted, at_decision, decided, later, make_service, submit
from yiwang.platform.counters.queries import figure
from yiwang.platform.notify.models import Message

pytestmark = pytest.mark.django_db

ITEMS = [{"name": "出院结算单", "why": "看不清个人支付"}]


def due(case, kind):
    return due_day(case.clocks.exclude(state="stopped").get(kind=kind).due_at)


def fresh(case):
    return Case.objects.get(pk=case.pk)


@pytest.fixture
def case(cast):
    return accepted(make_service(), cast.wenjuan_person, by=cast.handler)


def test_acceptance_starts_the_promise_the_law_and_the_step(case, cast):
    assert (case.state, case.handler) == ("accepted", cast.handler)
    assert due(case, "promised") == dt.date(2026, 11, 19)  # ten working days after Thursday 5 November
    assert due(case, "legal") == dt.date(2026, 11, 24)
    assert due(case, "step") == dt.date(2026, 11, 12)
    assert case.clocks.get(kind="acceptance").state == "met"
    assert due_day(fresh(case).due_at) == dt.date(2026, 11, 19)
    letter = case.letters.get()
    assert (letter.kind, letter.document_number) == ("acceptance", "昆工受〔2026〕1号")
    assert letter.context["due_on"] == "2026年11月19日"


def test_a_second_acceptance_is_refused(case, cast):
    with pytest.raises(NotAllowedInState):
        actions.accept_case(case, by=cast.handler, now=NOW)


def test_refusing_gives_reason_other_way_and_recourse_on_paper(cast):
    case = submit(make_service(), cast.wenjuan_person)

    actions.refuse_case(
        case, reason="不归工会管", other_ways="找人社局", recourse="可以申请复核", by=cast.handler, now=NOW
    )

    decision = case.decisions.get()
    assert (case.state, decision.outcome) == ("not_accepted", "not_accepted")
    assert decision.appeal_until == dt.date(2026, 11, 20)
    assert case.letters.get().context["go_to"] == "找人社局"
    assert figure(str(cast.county.path), "cases.open") == 0


@pytest.mark.parametrize("missing", ["reason", "other_ways", "recourse"])
def test_refusing_without_words_is_refused(cast, missing):
    case = submit(make_service(), cast.wenjuan_person)
    words = {"reason": "不归我们管", "other_ways": "找人社局", "recourse": "申请复核", missing: " "}

    with pytest.raises(ReasonMissing):
        actions.refuse_case(case, **words, by=cast.handler)


def test_a_supplement_stops_our_clocks_and_starts_theirs(case, cast):
    actions.request_supplement(case, items=ITEMS, by=cast.handler, now=later(days=4))

    assert (case.state, case.is_waiting) == ("supplement", True)
    assert case.clocks.get(kind="promised").state == "paused"
    assert due(case, "supplement") == dt.date(2026, 11, 24)
    assert case.queued_for > later(days=30_000)
    assert face_of(fresh(case), later(days=4)).text == "暂停第1天"
    assert "最晚" in sentence_of(fresh(case), later(days=5))


def test_the_answer_lets_the_clock_run_on_where_it_stood(case, cast):
    actions.request_supplement(case, items=ITEMS, by=cast.handler, now=later(days=4))  # Monday 9 November
    actions.answer_supplement(case, text="补上了", by=cast.wenjuan, now=later(days=7))  # Thursday 12 November

    assert (case.state, case.is_waiting) == ("in_progress", False)
    assert due(case, "promised") == dt.date(2026, 11, 24)  # three working days later than 19 November
    assert case.clocks.get(kind="supplement").state == "met"
    assert case.supplements.get().answer == "补上了"


def test_before_acceptance_a_supplement_goes_back_to_waiting_for_acceptance(cast):
    case = submit(make_service(), cast.wenjuan_person)
    actions.request_supplement(case, items=ITEMS, by=cast.handler, now=later(days=1))
    actions.answer_supplement(case, text="有了", by=cast.wenjuan, now=later(days=5))

    assert case.state == "submitted"
    assert due(case, "acceptance") == dt.date(2026, 11, 12)


def test_everything_is_asked_at_once_and_not_again(case, cast):
    with pytest.raises(NothingAsked):
        actions.request_supplement(case, items=[{"name": " "}], by=cast.handler)
    actions.request_supplement(case, items=ITEMS, by=cast.handler, now=NOW)
    actions.answer_supplement(case, text="补上了", by=cast.wenjuan, now=NOW)

    with pytest.raises(AskedBefore):
        actions.request_supplement(case, items=ITEMS, by=cast.handler)
    with pytest.raises(AskedBefore):
        actions.request_supplement(case, items=ITEMS, by=cast.handler, new_facts="换了医院")
    with pytest.raises(SamePerson):
        actions.request_supplement(case, items=ITEMS, by=cast.handler, new_facts="换了医院", approver=cast.handler)
    actions.request_supplement(
        case, items=ITEMS, by=cast.handler, new_facts="换了医院", approver=cast.approver, now=later(days=1)
    )
    assert case.state == "supplement"


def test_an_empty_answer_is_refused(case, cast):
    actions.request_supplement(case, items=ITEMS, by=cast.handler, now=NOW)

    with pytest.raises(EmptyAnswer):
        actions.answer_supplement(case, text=" ", by=cast.wenjuan)


def test_a_pause_needs_a_reason_and_shows_it(case, cast):
    with pytest.raises(ReasonMissing):
        actions.pause_clock(case, kind="external", reason=" ", by=cast.handler)

    actions.pause_clock(
        case, kind="external", reason="等医保局回函", by=cast.handler, expected_on=dt.date(2026, 12, 20), now=NOW
    )

    pause = ClockPause.objects.get()
    assert (case.state, pause.is_flagged) == ("paused", True)  # longer than thirty days
    assert Message.objects.filter(recipient_id=cast.wenjuan.pk).latest("pk").text.startswith(case.number)


def test_publicity_days_are_not_counted(case, cast):
    actions.pause_clock(case, kind="publicity", reason="公示5个工作日", by=cast.handler, now=NOW)
    actions.resume_clock(case, by=cast.handler, now=later(days=7))

    assert (case.state, due(case, "promised")) == ("in_progress", dt.date(2026, 11, 26))
    assert case.pauses.get().is_flagged is False


def test_resuming_what_does_not_stand_is_refused(case, cast):
    with pytest.raises(NotAllowedInState):
        actions.resume_clock(fresh(submit(make_service("HP-0909"), cast.wenjuan_person)), by=cast.handler)


def test_one_extension_within_half_and_law(case, cast):
    actions.extend_once(case, amount=3, reason="等体检报告", by=cast.handler, now=later(days=5))

    assert due(case, "promised") == dt.date(2026, 11, 24)
    assert case.letters.filter(kind=Letter.Kind.EXTENSION).get().context["old_due_on"] == "2026年11月19日"
    with pytest.raises(ExtendedBefore):
        actions.extend_once(case, amount=1, reason="还要等", by=cast.handler)


@pytest.mark.parametrize(("amount", "words"), [(6, "一半"), (4, "法定"), (0, "一半")])
def test_longer_than_half_or_law_is_refused_in_words(case, cast, amount, words):
    with pytest.raises(ExtensionTooLong, match=words):
        actions.extend_once(case, amount=amount, reason="等报告", by=cast.handler, now=NOW)


def test_without_a_legal_limit_half_the_promise_is_the_most(cast):
    case = accepted(make_service("HP-0908", legal_limit=None), cast.wenjuan_person, by=cast.handler)

    actions.extend_once(case, amount=5, reason="等报告", by=cast.handler, now=NOW)

    assert due(case, "promised") == dt.date(2026, 11, 26)


def test_extending_needs_a_reason_and_a_running_promise(case, cast):
    with pytest.raises(ReasonMissing):
        actions.extend_once(case, amount=1, reason="", by=cast.handler)
    waiting = submit(make_service("HP-0907"), cast.wenjuan_person)
    with pytest.raises(Exception, match="刚刚被别人改过"):
        actions.extend_once(waiting, amount=1, reason="等", by=cast.handler)


def test_an_extension_of_an_overdue_case_takes_it_off_the_overdue_figure(case, cast):
    actions.sweep_deadlines(later(days=15))  # Friday 20 November, one day late
    assert figure(str(cast.county.path), "cases.overdue") == 1

    actions.extend_once(case, amount=3, reason="等体检报告", by=cast.handler, now=later(days=15))

    assert figure(str(cast.county.path), "cases.overdue") == 0
    assert case.clocks.get(kind="promised").state == "running"


@pytest.mark.parametrize(
    ("days", "state", "text"),
    [(1, "run", "还剩9天"), (11, "soon", "还剩3天"), (14, "today", "今天24:00"), (15, "over", "逾期1天")],
)
def test_the_face_has_six_states(case, days, state, text):
    face = face_of(fresh(case), later(days=days))

    assert (face.state, face.text) == (state, text)


def test_the_face_of_what_is_done_says_how_long_it_took(cast):
    case = decided(make_service("HP-0906"), cast.wenjuan_person, handler=cast.handler, approver=cast.approver)

    face = face_of(fresh(case), later(days=40))

    assert (face.state, face.text, face.subtext) == ("done", "用了2天", "提前8天")
    assert Decision.objects.get().is_on_time is True


def test_what_never_began_or_was_taken_back_has_a_plain_face(cast):
    case = submit(make_service("HP-0905"), cast.wenjuan_person)
    assert face_of(fresh(case), NOW).state == "soon"
    assert sentence_of(fresh(case), NOW).startswith("沈佳在看")

    actions.withdraw(case, by=cast.wenjuan, now=NOW)
    assert face_of(fresh(case), NOW).text == "已撤回"
    assert sentence_of(fresh(case), NOW) == ""


def test_a_late_decision_is_late_for_good(cast):
    case = at_decision(make_service("HP-0904"), cast.wenjuan_person, by=cast.handler)
    actions.sweep_deadlines(later(days=15))
    actions.decide(case, actions.Verdict(outcome="ok", reason="属实"), by=cast.approver, now=later(days=18))

    assert case.clocks.get(kind="promised").state == Clock.State.LATE
    assert face_of(fresh(case), later(days=30)).subtext == "晚了2天"
    assert figure(str(cast.county.path), "cases.on_time") == 0
    assert figure(str(cast.county.path), "cases.overdue") == 0
