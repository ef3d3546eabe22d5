"""Many at once: every row by itself."""

import pytest

from yiwang.net.cases import actions, policies
from yiwang.net.cases.models import Case
from yiwang.net.cases.tests.factories import NOW, accepted, make_service, submit
from yiwang.platform.journal.models import JournalEntry
from yiwang.register.access.models import Appointment

pytestmark = pytest.mark.django_db


def test_each_row_is_done_refused_or_not_found_by_itself(cast):
    good, done = (
        submit(make_service("HP-0960"), cast.wenjuan_person),
        submit(make_service("HP-0961"), cast.wenjuan_person),
    )
    actions.accept_case(done, by=cast.handler, now=NOW)
    foreign = submit(make_service("HP-0962"), cast.stranger_person)
    numbers = [good.number, good.number, done.number, foreign.number]

    rows = actions.do_for_each(
        numbers, by=cast.handler, must=policies.may_accept, do=lambda case: actions.accept_case(case, by=cast.handler)
    )

    assert [(row.number, row.done) for row in rows] == [
        (good.number, True),
        (done.number, False),
        (foreign.number, False),
    ]
    assert rows[1].text != rows[2].text == "没有找到这一件。"
    assert Case.objects.get(pk=good.pk).state == "accepted"


def test_a_refusal_in_words_stands_in_its_row_and_undoes_nothing_else(cast):
    first, second = (accepted(make_service(f"HP-096{n}"), cast.wenjuan_person, by=cast.handler) for n in (3, 4))

    def complete(case):
        return actions.complete_step(case, opinion="" if case.pk == first.pk else "属实", by=cast.handler)

    rows = actions.do_for_each(
        [first.number, second.number], by=cast.handler, must=policies.may_complete_step, do=complete
    )

    assert [row.done for row in rows] == [False, True]
    assert "理由" in rows[0].text
    assert Case.objects.get(pk=first.pk).steps.count() == 0


def test_a_leaving_officers_cases_go_to_a_successor_of_the_same_body(cast):
    Appointment.objects.filter(user=cast.audit).update(role="county_handler")
    cases = [accepted(make_service(f"HP-097{n}"), cast.wenjuan_person, by=cast.handler) for n in range(2)]
    Case.objects.update(handler=cast.handler)

    rows = actions.give_all_to(cast.handler, successor=cast.audit, by=cast.approver, reason="调离")
    wrong = actions.give_all_to(cast.audit, successor=cast.sibling_handler, by=cast.approver, reason="调离")

    assert [row.done for row in rows] == [True, True]
    assert {case.handler for case in Case.objects.all()} == {cast.audit}
    assert len(cases) == len(wrong) == 2
    assert not any(row.done for row in wrong)
    assert JournalEntry.objects.filter(name="cases.handler_assigned").count() == 2


def test_an_export_leaves_a_trace(cast):
    actions.note_export("queue", rows=12, by=cast.handler)

    entry = JournalEntry.objects.get(name="cases.queue_exported")
    assert (entry.actor_id, entry.data["rows"], entry.audience) == (cast.handler.pk, 12, "staff")
