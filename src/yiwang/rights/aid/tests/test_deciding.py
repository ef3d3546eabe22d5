"""Who decides, who is told, and what follows for a household that leaves or comes back."""

import datetime as dt
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser

from yiwang.platform.notify.models import Message
from yiwang.rights.aid import actions, errors, policies
from yiwang.rights.aid.models import Expense
from yiwang.rights.aid.tests.factories import NOW, at_county, filed, fill, make_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(cast):
    return fill(make_file(cast), cast.clerk)


def test_only_the_county_of_the_file_decides(cast, file):
    at_county(cast, file)
    decision = actions.prepare_decision(file, by=cast.handler, now=NOW)

    with pytest.raises(errors.WrongLevel):
        actions.decide_file(decision, decided_class="none", reason="不符合", by=cast.sibling_approver, now=NOW)
    actions.decide_file(decision, decided_class="none", reason="不符合", by=cast.approver, now=NOW)
    file.refresh_from_db()
    assert file.state == "refused"


@pytest.mark.parametrize("has_account", [True, False])
def test_a_household_without_an_account_is_served_all_the_same_and_only_the_others_get_messages(
    cast, file, has_account
):
    if not has_account:
        cast.wenjuan_person.user = None
        cast.wenjuan_person.save(update_fields=["user"])
        file.applicant = cast.wenjuan_person
    soon = NOW + dt.timedelta(days=2)
    actions.plan_visit(file, at=soon, second="王静", by=cast.clerk, now=NOW)
    filed(cast, file)
    actions.ask_appeal(file.decisions.get(), words="类别低了", by=cast.chair, now=NOW)
    actions.dismiss_appeal(file, reason="按标准就是这一类", by=cast.supervisor, now=NOW)

    assert file.state == "filed"
    told = set(Message.objects.filter(template__startswith="aid/").values_list("template", flat=True))
    assert told == ({"aid/visit", "aid/decided", "aid/appeal"} if has_account else set())


def test_an_appeal_of_a_household_on_file_that_is_upheld_has_it_looked_at_again(cast, file):
    filed(cast, file)
    actions.ask_appeal(file.decisions.get(), words="类别低了", by=cast.wenjuan, now=NOW)

    actions.uphold_appeal(file, reason="又住了一次院", by=cast.supervisor, now=NOW)

    file.refresh_from_db()
    assert (file.state, file.file_class) == ("reviewing", "deep")


def test_a_household_that_no_longer_qualifies_leaves_is_watched_and_left_in_peace_after_a_false_alarm(cast, file):
    filed(cast, file)
    actions.start_review(file, reason="满一年", by=cast.handler)
    decision = actions.prepare_decision(file, by=cast.handler, now=NOW)
    actions.decide_file(decision, decided_class="none", reason="孩子工作了", by=cast.approver, now=NOW)
    file.refresh_from_db()
    assert (file.state, file.closed_on, file.watch_until) == ("exited", NOW.date(), dt.date(2027, 11, 5))

    actions.note_relapse(file, signal="又住院", by=cast.handler)
    actions.settle_relapse(file, confirmed=False, reason="是体检", by=cast.approver, now=NOW)

    file.refresh_from_db()
    assert (file.state, file.close_reason) == ("exited", "孩子工作了")


def test_a_bill_that_an_officer_wrote_down_is_corrected_without_a_reason(cast, file):
    bill = Expense.objects.get(invoice="YL-0001")

    actions.correct_expense(bill, total=Decimal(60000), why="", by=cast.clerk)

    bill.refresh_from_db()
    assert (bill.declared, bill.total, bill.self_paid) == (None, 60000, 9000)


def test_who_is_not_signed_in_sees_no_household_and_signs_nothing(cast, file):
    nobody = AnonymousUser()

    assert list(policies.visible_to(cast.handler)) == [file]
    assert policies.own_file(cast.wenjuan) == file
    assert policies.is_free(cast.approver, file, None)
    assert not policies.visible_to(nobody).exists()
    assert not policies.families_of(nobody).exists()
    assert not policies.screenings_of(nobody).exists()
    assert policies.own_file(nobody) is None
    assert not policies.is_free(nobody, file, None)
