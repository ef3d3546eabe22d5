"""Steps, hands, helpers, supervision, words; and what passes from body to body."""

import datetime as dt

import pytest

from yiwang.kernel.states import ChangedMeanwhile
from yiwang.net.cases import actions
from yiwang.net.cases.errors import (
    AlreadyAppealed,
    CannotMerge,
    Designated,
    HasInterest,
    NobodyCanReceive,
    NotOnTheLine,
    NotTheirTurn,
    ObjectionTooLate,
    ReasonMissing,
    SamePerson,
    TooLateToAppeal,
    TooManyHops,
    UrgedJustNow,
)
from yiwang.net.cases.models import Case, CaseOrganisation
from yiwang.net.cases.tests.factories import (
    NO,
    NOW,
    accepted,
    at_decision,
    decided,
    later,
    make_service,
    step,
    submit,
)
from yiwang.platform.counters.queries import figure
from yiwang.platform.journal.models import JournalEntry
from yiwang.platform.notify.models import Message
from yiwang.register.access.models import Appointment, Recusal

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(cast):
    return accepted(make_service(), cast.wenjuan_person, by=cast.handler)


def told(user):
    return list(Message.objects.filter(recipient_id=user.pk).order_by("pk").values_list("template", flat=True))


def test_starting_work_takes_the_case_into_hand(case, cast):
    actions.start_work(case, by=cast.handler, now=NOW)

    assert case.state == "in_progress"


def test_a_step_is_signed_and_the_next_person_gets_the_case(case, cast):
    actions.complete_step(case, opinion="情况属实", by=cast.handler, now=NOW)

    assert (case.step, case.state, case.handler) == (1, "in_progress", cast.approver)
    done = case.steps.get()
    assert (done.key, done.handler, done.opinion) == ("review", cast.handler, "情况属实")
    assert "cases/your_step" in told(cast.approver)


def test_signing_needs_words_and_a_step_to_sign(case, cast):
    with pytest.raises(ReasonMissing):
        actions.complete_step(case, opinion=" ", by=cast.handler)
    actions.complete_step(case, opinion="属实", by=cast.handler, now=NOW)
    with pytest.raises(NotTheirTurn):
        actions.complete_step(case, opinion="属实", by=cast.approver)


def test_two_who_sign_at_once_make_one_step(case, cast):
    same = Case.objects.select_related("version__service").get(pk=case.pk)
    actions.complete_step(case, opinion="属实", by=cast.handler, now=NOW)

    with pytest.raises((NotTheirTurn, ChangedMeanwhile)):
        actions.complete_step(same, opinion="属实", by=cast.approver, now=NOW)


def test_steps_climb_from_the_unit_to_the_county(cast):
    steps = [step("visit", level=7), step("check"), step("decide", capability="cases.decide")]
    case = accepted(make_service("HP-0920", steps=steps), cast.wenjuan_person, by=cast.clerk)

    assert case.organisation == cast.unit
    actions.complete_step(case, opinion="上门看过", by=cast.clerk, now=NOW)

    assert (case.organisation, case.handler) == (cast.county, cast.handler)
    assert case.hops.order_by("pk").last().kind == "step"
    assert figure(str(cast.unit.path), "cases.open") == 0
    assert figure(str(cast.county.path), "cases.open") == 1


def test_where_the_only_decider_did_an_earlier_step_it_goes_one_level_up(cast):
    case = submit(make_service("HP-0921"), cast.wenjuan_person)
    actions.accept_case(case, by=cast.approver, now=NOW)

    actions.complete_step(case, opinion="属实", by=cast.approver, now=NOW)

    assert (case.organisation, case.handler) == (cast.city, cast.supervisor)


def test_without_anybody_for_the_next_step_signing_is_refused(case, cast):
    Appointment.objects.filter(role__in=["county_approver", "city_supervisor", "province_leader"]).delete()

    with pytest.raises(NobodyCanReceive):
        actions.complete_step(case, opinion="属实", by=cast.handler)


def test_a_case_is_given_to_a_colleague_who_may(case, cast):
    actions.assign(case, handler=cast.approver, by=cast.handler, now=NOW)
    assert case.handler == cast.approver

    with pytest.raises(NotOnTheLine):
        actions.assign(case, handler=cast.sibling_handler, by=cast.handler)
    Recusal.objects.create(
        user=cast.handler, person_id=cast.wenjuan_person.pk, reason="kinship", declared_by=cast.handler
    )
    with pytest.raises(HasInterest):
        actions.assign(case, handler=cast.handler, by=cast.approver)


@pytest.mark.parametrize(("by", "messages"), [("approver", 0), ("handler", 1)])
def test_who_takes_a_case_themselves_is_not_told_of_it(case, cast, by, messages):
    actions.assign(case, handler=cast.approver, by=getattr(cast, by), now=NOW)

    assert case.handler == cast.approver
    assert told(cast.approver).count("cases/your_step") == messages


def test_whoever_signed_earlier_is_not_given_the_decision(cast):
    case = at_decision(make_service("HP-0922"), cast.wenjuan_person, by=cast.handler)

    with pytest.raises(SamePerson):
        actions.assign(case, handler=cast.handler, by=cast.approver)


def test_recusing_passes_the_case_to_somebody_free(case, cast):
    with pytest.raises(ReasonMissing):
        actions.recuse(case, user=cast.handler, reason="", by=cast.handler)

    actions.recuse(case, user=cast.handler, reason="是我表姐", by=cast.handler, now=NOW)
    assert case.handler == cast.approver

    actions.recuse(case, user=cast.approver, reason="也认识", by=cast.approver, now=NOW)
    assert (case.organisation, case.handler) == (cast.city, cast.city_handler)
    assert case.hops.order_by("pk").last().code == "conflict"


def test_recusing_one_who_does_not_have_the_case_only_keeps_them_away(case, cast):
    actions.recuse(case, user=cast.approver, reason="邻居", by=cast.approver, now=NOW)

    assert case.handler == cast.handler
    with pytest.raises(HasInterest):
        actions.assign(case, handler=cast.approver, by=cast.handler)


def test_nobody_left_free_is_said_in_words(case, cast):
    Appointment.objects.exclude(user=cast.handler).delete()

    with pytest.raises(NobodyCanReceive):
        actions.recuse(case, user=cast.handler, reason="亲戚", by=cast.handler)


def test_handing_over_moves_figures_and_keeps_the_deadline(case, cast):
    due = case.due_at
    actions.hand_over(case, to=cast.city, reason="跨县的事", by=cast.handler, now=later(days=1))

    assert (case.organisation, case.handler, case.hops_made) == (cast.city, cast.city_handler, 1)
    hop = case.hops.order_by("pk").last()
    assert (hop.kind, hop.from_organisation, hop.reason) == ("up", cast.county, "跨县的事")
    assert Case.objects.get(pk=case.pk).due_at == due
    assert figure(str(cast.county.path), "cases.open") == 0
    assert figure(str(cast.city.path), "cases.open") == 1
    assert "cases/handed_over" in told(cast.wenjuan)


def test_handing_over_an_overdue_case_moves_that_figure_too(case, cast):
    actions.sweep_deadlines(later(days=20))

    actions.hand_over(case, to=cast.town, reason="就近办", by=cast.handler, now=later(days=20))

    assert figure(str(cast.town.path), "cases.overdue") == 1
    assert case.hops.order_by("pk").last().kind == "down"


@pytest.mark.parametrize("where", ["county", "audit_body"])
def test_handing_over_to_nobody_or_oneself_is_refused(case, cast, where):
    to = cast.county if where == "county" else cast.sibling_town

    with pytest.raises(NotOnTheLine):
        actions.hand_over(case, to=to, reason="试试", by=cast.handler)


def test_handing_over_needs_a_reason_and_ends_after_three_times(case, cast):
    with pytest.raises(ReasonMissing):
        actions.hand_over(case, to=cast.city, reason="", by=cast.handler)
    for to in (cast.city, cast.county, cast.sibling_county):
        actions.hand_over(case, to=to, reason="转", by=cast.handler, now=NOW)

    assert case.hops.order_by("pk").last().kind == "across"
    with pytest.raises(TooManyHops, match="首接"):
        actions.hand_over(case, to=cast.city, reason="再转", by=cast.sibling_handler)
    with pytest.raises(TooManyHops):
        actions.return_case(case, reason="不归我们", by=cast.sibling_handler, now=NOW)


def test_returning_in_time_goes_to_the_sender_or_the_superior(case, cast):
    actions.return_case(case, reason="不归我们", by=cast.handler, now=NOW)
    assert case.organisation == cast.city

    actions.hand_over(case, to=cast.sibling_county, reason="户籍在太仓", by=cast.city_handler, now=NOW)
    actions.return_case(case, reason="人不在太仓", by=cast.sibling_handler, now=later(days=1))
    assert case.organisation == cast.city
    assert case.hops.order_by("pk").last().kind == "returned"


def test_returning_late_without_reason_or_from_the_top_is_refused(case, cast):
    with pytest.raises(ReasonMissing):
        actions.return_case(case, reason="", by=cast.handler)
    with pytest.raises(ObjectionTooLate):
        actions.return_case(case, reason="不归我们", by=cast.handler, now=later(days=4))
    top = submit(make_service("HP-0923", steps=[step("look", level=2)]), cast.wenjuan_person)
    with pytest.raises(NotOnTheLine):
        actions.return_case(top, reason="不归我们", by=cast.province_handler, now=NOW)


def test_a_designated_case_stays(case, cast):
    with pytest.raises(ReasonMissing):
        actions.designate(case, to=cast.town, reason="", by=cast.supervisor)

    actions.designate(case, to=cast.town, reason="由玉山镇办", by=cast.supervisor, now=NOW)

    assert (case.organisation, case.is_designated) == (cast.town, True)
    with pytest.raises(Designated):
        actions.return_case(case, reason="办不了", by=cast.town_officer, now=NOW)
    with pytest.raises(Designated):
        actions.hand_over(case, to=cast.county, reason="办不了", by=cast.town_officer, now=NOW)


def test_a_complaint_is_never_handed_into_the_workplace(cast):
    case = submit(make_service("RT-0920", target="employer"), cast.wenjuan_person)

    with pytest.raises(NotOnTheLine):
        actions.hand_over(case, to=cast.unit, reason="你们单位的事", by=cast.handler)
    with pytest.raises(NotOnTheLine):
        actions.add_co_handler(case, organisation=cast.unit, task="看看", by=cast.handler)


def test_another_body_helps_while_the_lead_stays(case, cast):
    with pytest.raises(ReasonMissing):
        actions.add_co_handler(case, organisation=cast.town, task="", by=cast.handler)
    with pytest.raises(NotOnTheLine):
        actions.add_co_handler(case, organisation=cast.county, task="自己", by=cast.handler)

    actions.add_co_handler(case, organisation=cast.town, task="去家里看看", by=cast.handler, now=NOW)
    assert (case.organisation, told(cast.town_officer)) == (cast.county, ["cases/help_wanted"])
    with pytest.raises(ReasonMissing):
        actions.report_co_handling(case, organisation=cast.town, report="", by=cast.town_officer)
    actions.report_co_handling(case, organisation=cast.town, report="看过，属实", by=cast.town_officer, now=NOW)

    assert CaseOrganisation.objects.get().report == "看过，属实"
    with pytest.raises(NotOnTheLine):
        actions.report_co_handling(case, organisation=cast.town, report="再报", by=cast.town_officer)


def test_a_superior_supervises_and_the_flag_stays(case, cast):
    with pytest.raises(ReasonMissing):
        actions.supervise(case, organisation=cast.city, demand="", by=cast.supervisor)

    actions.supervise(
        case, organisation=cast.city, demand="25日前有结果", due_on=dt.date(2026, 11, 25), by=cast.supervisor, now=NOW
    )

    assert Case.objects.get(pk=case.pk).is_supervised
    assert "cases/supervised" in told(cast.handler)
    Case.objects.filter(pk=case.pk).update(handler=None)
    actions.supervise(Case.objects.get(pk=case.pk), organisation=cast.city, demand="再催", by=cast.supervisor)


def test_notes_stay_inside_and_replies_go_out(case, cast):
    with pytest.raises(ReasonMissing):
        actions.write_note(case, text="", by=cast.handler)
    with pytest.raises(ReasonMissing):
        actions.write_reply(case, text="", by=cast.handler)
    with pytest.raises(ReasonMissing):
        actions.write_message(case, text="", by=cast.wenjuan)
    actions.write_note(case, text="家属情绪不稳", by=cast.handler, now=NOW)
    actions.write_reply(case, text="在核对了", by=cast.handler, now=NOW)
    actions.write_message(case, text="谢谢", by=cast.wenjuan, now=NOW)

    entries = JournalEntry.objects.filter(subject="case", subject_id=case.pk)
    assert entries.get(name="cases.note_written").audience == "staff"
    assert "cases/reply" in told(cast.wenjuan)
    assert "cases/message" in told(cast.handler)


def test_urging_keeps_its_weight(case, cast):
    actions.urge(case, by=cast.wenjuan, text="等着交费", now=NOW)
    assert "cases/urged" in told(cast.handler)

    with pytest.raises(UrgedJustNow, match="11月9日"):
        actions.urge(case, by=cast.wenjuan, now=later(days=1))
    Case.objects.filter(pk=case.pk).update(handler=None)
    actions.urge(Case.objects.get(pk=case.pk), by=cast.wenjuan, now=later(days=4))
    assert case.urges.count() == 2


def test_withdrawing_stops_every_clock(case, cast):
    actions.pause_clock(case, kind="external", reason="等回函", by=cast.handler, now=NOW)
    actions.withdraw(case, by=cast.wenjuan, now=later(days=1))

    assert case.state == "withdrawn"
    assert not case.clocks.filter(state__in=["running", "paused", "missed"]).exists()
    assert case.pauses.get().ended_at is not None
    assert figure(str(cast.county.path), "cases.open") == 0


def test_staff_merge_two_cases_of_one_person_about_one_thing(cast):
    version = make_service("HP-0924", append_repeats=False)
    first, second = (submit(version, cast.wenjuan_person) for _ in range(2))

    actions.merge_cases(second, into=first, by=cast.handler, now=NOW)

    assert (second.state, second.merged_into) == ("merged", first)
    assert figure(str(cast.county.path), "cases.open") == 1
    with pytest.raises(CannotMerge):
        actions.merge_cases(first, into=first, by=cast.handler)
    with pytest.raises(CannotMerge):
        actions.merge_cases(first, into=submit(version, cast.stranger_person), by=cast.handler)


def test_a_review_goes_one_level_up_within_its_days(cast):
    case = decided(
        make_service("HP-0925"), cast.wenjuan_person, handler=cast.handler, approver=cast.approver, verdict=NO
    )
    with pytest.raises(ReasonMissing):
        actions.request_review(case, text="", by=cast.wenjuan)
    with pytest.raises(TooLateToAppeal):
        actions.request_review(case, text="算错了", by=cast.wenjuan, now=later(days=20))

    review = actions.request_review(case, text="算错了", by=cast.wenjuan, now=later(days=5))

    assert (review.organisation, review.state) == (cast.city, "asked")
    assert told(cast.supervisor) == ["cases/review_requested"]
    with pytest.raises(AlreadyAppealed):
        actions.request_review(case, text="再审", by=cast.wenjuan, now=later(days=5))
