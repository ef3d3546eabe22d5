"""What time itself does."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from yiwang.kernel.clock import due_day
from yiwang.net.cases import actions
from yiwang.net.cases.models import Case, Escalation
from yiwang.net.cases.tests.factories import NO, NOW, accepted, decided, later, make_service, submit
from yiwang.platform.counters.queries import figure
from yiwang.platform.files.actions import store_upload
from yiwang.platform.files.models import Document
from yiwang.platform.journal.models import JournalEntry
from yiwang.platform.notify.models import Message
from yiwang.register.access.models import Appointment

pytestmark = pytest.mark.django_db

ITEMS = [{"name": "出院结算单"}]


def test_three_working_days_without_an_answer_is_acceptance_from_the_first_day(cast):
    case = submit(make_service(), cast.wenjuan_person)

    assert actions.sweep_deemed_acceptance(later(days=5)) == 0  # Tuesday 10 November is the last day
    assert actions.sweep_deemed_acceptance(later(days=6)) == 1
    assert actions.sweep_deemed_acceptance(later(days=6)) == 0

    case = Case.objects.get(pk=case.pk)
    assert (case.state, case.is_deemed_accepted, case.accepted_at) == ("accepted", True, case.submitted_at)
    assert due_day(case.clocks.get(kind="promised").due_at) == dt.date(2026, 11, 19)
    assert "视为受理" in case.letters.get().context["limit_text"]
    assert JournalEntry.objects.get(name="cases.case_accepted").data["deemed"] is True


def test_what_waits_for_papers_is_not_deemed_accepted(cast):
    case = submit(make_service(), cast.wenjuan_person)
    actions.request_supplement(case, items=ITEMS, by=cast.handler, now=later(days=1))

    assert actions.sweep_deemed_acceptance(later(days=10)) == 0


def test_papers_that_never_came_close_the_case(cast):
    case = accepted(make_service(), cast.wenjuan_person, by=cast.handler)
    actions.request_supplement(case, items=ITEMS, by=cast.handler, now=NOW)

    assert actions.sweep_supplements(later(days=15)) == 0  # the fifteenth day still counts
    assert actions.sweep_supplements(later(days=16)) == 1

    case = Case.objects.get(pk=case.pk)
    assert (case.state, case.supplements.get().is_expired) == ("closed_unanswered", True)
    assert figure(str(cast.county.path), "cases.open") == 0


def test_an_overdue_case_is_reported_one_level_up_and_then_higher(cast):
    case = accepted(make_service(), cast.wenjuan_person, by=cast.handler)

    assert actions.sweep_deadlines(later(days=14)) == 0  # due today, 19 November
    assert actions.sweep_deadlines(later(days=15)) == 1
    assert actions.sweep_deadlines(later(days=15)) == 0
    assert actions.sweep_deadlines(later(days=29)) >= 1

    rows = Escalation.objects.filter(clock__kind="promised").order_by("round")
    assert [(row.round, row.organisation) for row in rows] == [(1, cast.city), (2, cast.province)]
    case = Case.objects.get(pk=case.pk)
    assert (case.state, case.clocks.get(kind="promised").state) == ("accepted", "missed")
    assert figure(str(cast.county.path), "cases.overdue") == 1
    told = Message.objects.filter(template="cases/overdue", recipient_id=cast.wenjuan.pk).count()
    assert told == 1  # the law followed the promise with the same words
    assert actions.sweep_deadlines(later(days=60)) == 0  # the top has been told


def test_only_a_step_that_is_late_is_nobodys_business_above(cast):
    accepted(make_service(), cast.wenjuan_person, by=cast.handler)

    assert actions.sweep_deadlines(later(days=9)) == 0  # the step's five days are over
    assert not Escalation.objects.exists()
    assert Case.objects.get().clocks.get(kind="step").state == "missed"


def test_with_nobody_above_the_report_stays_at_the_top(cast):
    accepted(make_service(), cast.wenjuan_person, by=cast.handler)
    Appointment.objects.filter(role__in=["city_supervisor", "province_leader"]).delete()

    actions.sweep_deadlines(later(days=15))

    assert Escalation.objects.get().organisation == cast.city


def test_a_paused_case_never_gets_overdue(cast):
    case = accepted(make_service(), cast.wenjuan_person, by=cast.handler)
    actions.pause_clock(case, kind="hearing", reason="等开庭", by=cast.handler, now=NOW)

    assert actions.sweep_deadlines(later(days=60)) == 0


def test_a_pause_that_outgrows_thirty_days_is_flagged_once(cast):
    case = accepted(make_service(), cast.wenjuan_person, by=cast.handler)
    actions.pause_clock(case, kind="hearing", reason="等开庭", by=cast.handler, now=NOW)

    assert actions.sweep_pauses(later(days=30)) == 0
    assert actions.sweep_pauses(later(days=31)) == 1
    assert actions.sweep_pauses(later(days=32)) == 0
    assert Message.objects.filter(template="cases/long_pause").exists()


def test_delivered_cases_are_archived_unless_a_review_runs(cast):
    quiet = decided(make_service(), cast.wenjuan_person, handler=cast.handler, approver=cast.approver)
    contested = decided(
        make_service("HP-0940"), cast.wenjuan_person, handler=cast.handler, approver=cast.approver, verdict=NO
    )
    actions.request_review(contested, text="不对", by=cast.wenjuan, now=later(days=5))
    for case in (quiet, contested):
        actions.deliver(case, by=cast.handler, now=later(days=5))

    assert actions.sweep_archive(later(days=35)) == 0
    assert actions.sweep_archive(later(days=36)) == 1
    assert Case.objects.get(pk=quiet.pk).state == "archived"


def test_sweeps_pass_over_what_changed_meanwhile(cast):
    case = submit(make_service(), cast.wenjuan_person)
    Case.objects.filter(pk=case.pk).update(state="withdrawn", closed_at=NOW)

    assert actions.sweep_deemed_acceptance(later(days=10)) == 0
    other = accepted(make_service("HP-0941"), cast.wenjuan_person, by=cast.handler)
    actions.request_supplement(other, items=ITEMS, by=cast.handler, now=NOW)
    Case.objects.filter(pk=other.pk).update(state="withdrawn", closed_at=NOW)
    assert actions.sweep_supplements(later(days=30)) == 0
    case.pauses.create(kind="hearing", reason="x", started_at=NOW, is_flagged=False)
    case.pauses.update(is_flagged=True)
    assert actions.sweep_pauses(later(days=60)) <= 1


YEARS = dt.timedelta(days=3653)


def test_after_its_years_what_a_case_said_is_gone_and_that_it_was_stays(cast, client_of):
    answers = {"reason": "住院", "illness": "心梗", "matter": "住院的钱"}
    case = decided(make_service(), cast.wenjuan_person, handler=cast.handler, approver=cast.approver)
    Case.objects.filter(pk=case.pk).update(answers=answers, sensitive_answers="x", matter="住院的钱")
    actions.write_message(case, text="电话是138", by=cast.wenjuan, now=later(days=5))
    upload = SimpleUploadedFile("单据.pdf", b"%PDF-1.4 x", content_type="application/pdf")
    store_upload(upload, subject="case", subject_id=case.pk, kind="papers", by=cast.wenjuan)
    running = submit(make_service("HP-0901"), cast.stranger_person)

    assert actions.sweep_forgotten(later(days=4) + YEARS - dt.timedelta(days=2)) == 0
    assert actions.sweep_forgotten(later(days=4) + YEARS + dt.timedelta(days=2)) == 1
    assert actions.sweep_forgotten(later(days=4) + YEARS + dt.timedelta(days=2)) == 0

    case.refresh_from_db()
    assert (case.answers, case.sensitive_answers, case.matter) == ({}, None, "")
    assert (case.state, case.decisions.get().outcome, case.replies.count()) == ("decided_ok", "ok", 0)
    assert not Document.objects.live().filter(subject="case").exists()
    running.refresh_from_db()
    assert running.answers == {"reason": "住院花了很多钱"}
    assert JournalEntry.objects.filter(name="cases.case_forgotten", subject_id=case.pk).count() == 1
    assert client_of(cast.handler).get(f"/work/cases/{case.number}/").status_code == 200
