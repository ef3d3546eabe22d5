"""Corners: races lost by a hair, the last officer gone, papers that vanished."""

import pytest
from django.db import IntegrityError
from django.http import Http404

from yiwang.kernel.states import ChangedMeanwhile
from yiwang.net.cases import actions, policies
from yiwang.net.cases.actions.clocks import release_clocks
from yiwang.net.cases.actions.telling import day_iso, day_words
from yiwang.net.cases.errors import NobodyCanReceive, NotTheirTurn
from yiwang.net.cases.models import Case
from yiwang.net.cases.tests.factories import NO, NOW, accepted, decided, later, make_service, step, submit
from yiwang.platform.forms.models import Draft
from yiwang.register.access.models import Appointment

pytestmark = pytest.mark.django_db


def test_the_same_step_cannot_be_signed_twice_by_two_who_both_saw_it(cast):
    steps = [step("a"), step("b"), step("c", capability="cases.decide")]
    case = accepted(make_service(steps=steps), cast.wenjuan_person, by=cast.handler)
    actions.start_work(case, by=cast.handler, now=NOW)
    same = Case.objects.select_related("version__service", "organisation", "applicant__user").get(pk=case.pk)
    actions.complete_step(case, opinion="属实", by=cast.handler, now=NOW)

    with pytest.raises(NotTheirTurn):
        actions.complete_step(same, opinion="属实", by=cast.handler, now=NOW)


def test_clocks_that_do_not_stand_cannot_be_let_go_nor_papers_answered_that_nobody_asked_for(cast):
    case = accepted(make_service(), cast.wenjuan_person, by=cast.handler)

    with pytest.raises(ChangedMeanwhile):
        release_clocks(case, now=NOW)
    with pytest.raises(ChangedMeanwhile):
        actions.open_supplement(case)


def test_reopening_with_nobody_left_is_said_in_words(cast):
    case = decided(make_service(), cast.wenjuan_person, handler=cast.handler, approver=cast.approver, verdict=NO)
    actions.revoke_decision(case, reason="错", by=cast.supervisor, organisation=cast.city, now=later(days=5))
    Appointment.objects.exclude(user__in=[cast.approver, cast.handler]).delete()

    with pytest.raises(NobodyCanReceive):
        actions.reopen_case(case, by=cast.handler)


def test_a_request_that_breaks_a_promise_of_the_tables_is_not_taken_for_a_repeat(cast, monkeypatch):
    from yiwang.net.cases.actions import submit as module  # noqa: PLC0415 -- patched here only

    first = submit(make_service(), cast.wenjuan_person)
    monkeypatch.setattr(module, "next_number", lambda kind, organisation, now: first.number)

    with pytest.raises(IntegrityError):
        submit(make_service("HP-0990"), cast.wenjuan_person)


def test_a_draft_that_is_no_request_or_became_nothing_is_not_found(cast):
    version = make_service()
    drafting, _ = actions.open_drafting(cast.wenjuan, version)
    Draft.objects.update(key="something:else")

    with pytest.raises(Http404):
        actions.drafting_of(cast.wenjuan, drafting.draft.public_id)
    with pytest.raises(Http404):
        actions.submitted_from(cast.wenjuan, drafting.draft.public_id)
    assert drafting.after("need", drafting.draft, to_check=False) == drafting.check_url


def test_a_form_of_two_steps_leads_from_one_to_the_next(cast):
    fields = [{"key": "a", "kind": "text", "optional": True, "label": {"zh": "甲"}}]
    second = [{"key": "b", "kind": "text", "optional": True, "label": {"zh": "乙"}}]
    form = {"steps": [{"key": "one", "title": "一", "fields": fields}, {"key": "two", "title": "二", "fields": second}]}
    drafting, _ = actions.open_drafting(cast.wenjuan, make_service("HP-0991", form=form))

    assert drafting.after("one", drafting.draft, to_check=False).endswith("/two/")
    assert drafting.after("one", drafting.draft, to_check=True) == drafting.check_url


def test_discipline_decides_a_complaint_about_union_staff(cast):
    version = make_service("RT-0990", target="union", steps=[step("look", level=4)])
    case = accepted(version, cast.wenjuan_person, by=cast.discipline)

    assert policies.may_decide(cast.discipline, case)
    assert not policies.may_decide(cast.approver, case)


def test_no_deadline_has_no_day():
    assert (day_words(None), day_iso(None)) == ("", "")
