"""Numbers are starred out until somebody says why; who has a tie keeps away from the person altogether."""

import pytest
from django.urls import reverse

from yiwang.kernel.errors import DomainError
from yiwang.net.cases import actions, policies
from yiwang.net.cases.models import Case
from yiwang.net.cases.reactions import pass_on_tied_cases
from yiwang.net.cases.tests.factories import NOW, accepted, make_service, submit
from yiwang.platform.journal.models import JournalEntry
from yiwang.register.access.actions import declare_recusal
from yiwang.register.access.errors import PurposeMissing
from yiwang.register.access.models import Look, Recusal
from yiwang.register.accounts.models import User

pytestmark = pytest.mark.django_db

IDENTITY = "320583198306052846"
PHONE_FORM = {
    "steps": [
        {
            "key": "who",
            "title": {"zh": "联系谁", "en": "Whom"},
            "fields": [
                {"key": "reason", "kind": "text", "label": {"zh": "说明", "en": "Note"}},
                {"key": "mobile", "kind": "phone", "label": {"zh": "手机", "en": "Mobile"}},
                {"key": "idno", "kind": "identity", "sensitive": True, "label": {"zh": "证件", "en": "Number"}},
            ],
        }
    ]
}
ANSWERS = {"reason": "住院", "mobile": "13912345520", "idno": IDENTITY}


@pytest.fixture
def case(cast):
    return accepted(make_service(form=PHONE_FORM), cast.wenjuan_person, by=cast.handler, answers=ANSWERS)


def reveal(case):
    return reverse("cases:case-reveal", args=[case.number])


def again(user):
    return User.objects.get(pk=user.pk)


def test_numbers_are_masked_until_a_purpose_is_given_and_the_applicant_sees_why(client_of, cast, case):
    client = client_of(cast.handler)
    page = client.get(reverse("cases:case-detail", args=[case.number])).text
    assert "13912345520" not in page
    assert IDENTITY not in page
    assert "139****5520" in page
    assert reveal(case) in page

    empty = client.post(reveal(case), {"purpose": " "}).text
    assert IDENTITY not in empty
    full = client.post(reveal(case), {"purpose": "打电话核对"})

    assert IDENTITY in full.text
    assert "13912345520" in full.text
    assert "no-store" in full.headers["Cache-Control"]
    look = Look.objects.get(kind="reveal")
    assert (look.person_id, look.purpose, look.by) == (cast.wenjuan_person.pk, "打电话核对", cast.handler)
    entry = JournalEntry.objects.get(name="cases.numbers_revealed")
    assert (entry.subject_id, entry.purpose) == (case.pk, "打电话核对")
    assert "打电话核对" in client_of(cast.wenjuan).get("/me/looks/").text


def test_only_whoever_is_concerned_may_reveal(client_of, cast, case):
    assert client_of(cast.handler).get(reveal(case)).status_code == 200
    assert client_of(cast.supervisor).get(reveal(case)).status_code == 200
    assert client_of(cast.hotline).get(reveal(case)).status_code == 403
    assert client_of(cast.sibling_handler).get(reveal(case)).status_code == 404
    assert client_of(cast.wenjuan).get(reveal(case)).status_code == 403


def test_the_number_of_a_caller_is_revealed_too_and_journalled_without_a_person(cast):
    contact = actions.Contact(name="老周", phone="13800000001")
    case = submit(make_service(), None, by=cast.hotline, contact=contact, channel="phone")

    with pytest.raises(PurposeMissing):
        actions.reveal_numbers(case, by=cast.handler, purpose=" ")
    numbers = actions.reveal_numbers(case, by=cast.handler, purpose="回电话")

    assert "13800000001" in dict(numbers.rows).values()
    assert not Look.objects.filter(kind="reveal").exists()
    assert JournalEntry.objects.filter(name="cases.numbers_revealed", purpose="回电话").count() == 1


def test_an_officer_keeps_away_from_a_person_on_the_page_of_their_case(client_of, cast, case):
    other = accepted(make_service("HP-0901"), cast.wenjuan_person, by=cast.handler)
    Case.objects.update(handler=cast.handler)
    url = reverse("cases:case-act", args=[case.number, "recuse"])

    answer = client_of(cast.handler).post(url, {"kind": "kinship", "reach": "person", "reason": "表姐"})

    assert answer.status_code == 302
    assert answer.headers["Location"] == reverse("cases:queue")
    recusal = Recusal.objects.get()
    assert (recusal.person_id, recusal.reason, recusal.note) == (cast.wenjuan_person.pk, "kinship", "表姐")
    assert not policies.staffed(again(cast.handler)).exists()
    assert Case.objects.get(pk=case.pk).handler != cast.handler
    assert policies.staffed(again(cast.supervisor)).filter(pk=other.pk).exists()

    for _twice in range(2):
        pass_on_tied_cases(recusal_id=recusal.pk, user_id=cast.handler.pk)
    assert Case.objects.get(pk=other.pk).handler != cast.handler


def test_a_tie_to_an_employer_takes_its_cases_along_and_one_that_ended_does_not(cast, case):
    Case.objects.update(handler=cast.handler)
    assert case.employer_id is not None
    recusal = declare_recusal(cast.handler, employer=case.employer, reason="interest", by=cast.handler)

    assert actions.take_off_tied_cases(recusal_id=recusal.pk, user_id=cast.handler.pk) == 1
    assert actions.take_off_tied_cases(recusal_id=recusal.pk + 1, user_id=cast.handler.pk) == 0


def test_a_tied_case_that_nobody_else_can_take_stays_for_the_sweep(cast, case, monkeypatch):
    Case.objects.update(handler=cast.handler)
    monkeypatch.setattr("yiwang.net.cases.actions.handling.free_officers", lambda *args, **kwargs: [])
    monkeypatch.setattr("yiwang.net.cases.actions.handling.route_step", lambda *args, **kwargs: None)
    recusal = declare_recusal(cast.handler, person_id=cast.wenjuan_person.pk, reason="kinship", by=cast.handler)

    assert actions.take_off_tied_cases(recusal_id=recusal.pk, user_id=cast.handler.pk) == 0
    with pytest.raises(DomainError):
        actions.recuse_from_person(case, user=cast.handler, kind="kinship", reason="x", by=cast.handler)


def test_a_caller_without_a_person_offers_only_this_case(client_of, cast):
    contact = actions.Contact(name="老周", phone="13800000001")
    case = submit(make_service(), None, by=cast.hotline, contact=contact, channel="phone", now=NOW)
    url = reverse("cases:case-act", args=[case.number, "recuse"])

    assert 'name="reach"' not in client_of(cast.handler).get(url).text
