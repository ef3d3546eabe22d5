"""An officer screens a county and reaches three families who never asked; nobody who did not agree is found."""

import pytest
from django.urls import reverse

from yiwang.net.cases.tests.factories import submit
from yiwang.net.catalogue.actions import keep_finder_answers, load_seed
from yiwang.net.catalogue.queries import current_version
from yiwang.platform.jobs.actions import run_long_job
from yiwang.register.accounts.models import User
from yiwang.register.members.models import Membership, Person
from yiwang.rights.aid import actions, errors
from yiwang.rights.aid.actions import reaching
from yiwang.rights.aid.models import Outreach
from yiwang.rights.aid.tests.factories import NOW
from yiwang.rights.aid.tests.test_applying import ANSWERS

pytestmark = pytest.mark.django_db


def family(cast, number, *, told=True, organisation=None):
    user = User.objects.create(phone=f"1380009{number:04}", name=f"家庭{number}")
    person = Person.objects.create(
        name=f"家庭{number}", user=user, id_number=f"{number}", id_hash=f"family{number}", realname_level=2
    )
    Membership.objects.create(
        number=f"32{number:016}",
        person=person,
        organisation=organisation or cast.unit,
        employer=cast.employer,
        state="active",
        joined_on=cast.wenjuan_membership.joined_on,
        employ_kind=cast.wenjuan_membership.employ_kind,
        employ_state=cast.wenjuan_membership.employ_state,
    )
    keep_finder_answers(user, {}, may_be_told=told)
    return person


def screened(cast, service="MA-0001", body=None):
    screening = actions.start_screening(body or cast.county, service=service, by=cast.handler, now=NOW)
    run_long_job(screening.job_id)
    screening.refresh_from_db()
    return screening


def test_three_families_who_agreed_are_found_once(cast):
    load_seed()
    people = [family(cast, number) for number in range(3)]
    family(cast, 7, told=False)
    family(cast, 8, organisation=cast.sibling_unit)
    screening = screened(cast)
    assert (screening.looked_at, screening.found) == (3, 3)
    assert set(Outreach.objects.values_list("person", flat=True)) == {person.pk for person in people}
    again = screened(cast)
    assert (again.looked_at, again.found) == (3, 0)


def test_a_screening_goes_on_after_a_crash_and_looks_at_nobody_twice(cast, monkeypatch):
    monkeypatch.setattr(reaching, "BATCH", 2)
    load_seed()
    for number in range(3):
        family(cast, number)
    screening = actions.start_screening(cast.county, service="MA-0001", by=cast.handler, now=NOW)

    def dies_at_the_third(run):
        if run.done == 3:
            raise ConnectionError

    with pytest.raises(ConnectionError):
        run_long_job(screening.job_id, watch=dies_at_the_third)
    assert Outreach.objects.count() == 2
    run_long_job(screening.job_id)

    screening.refresh_from_db()
    screening.job.refresh_from_db()
    assert (screening.looked_at, screening.found, screening.job.done, screening.job.total) == (3, 3, 3, 3)


def test_who_left_a_question_open_is_looked_at_and_not_called(cast):
    load_seed()
    family(cast, 1)

    assert [screened(cast, service=code).found for code in ("HP-0002", "MA-0001")] == [0, 1]
    assert screened(cast, service="HP-0002").looked_at == 1


def test_who_has_asked_or_does_not_want_is_left_in_peace(cast):
    load_seed()
    people = [family(cast, number) for number in range(3)]
    submit(current_version("MA-0001"), people[0], answers={})
    screening = screened(cast)
    assert screening.found == 2
    one = Outreach.objects.get(person=people[1])
    with pytest.raises(errors.WordsNeeded):
        actions.record_contact(one, outcome="not_wanted", words="", by=cast.clerk, now=NOW)
    actions.record_contact(one, outcome="not_wanted", words="不用了", by=cast.clerk, now=NOW)
    with pytest.raises(errors.OutreachOver):
        actions.record_contact(one, outcome="called", words="", by=cast.clerk, now=NOW)
    assert screened(cast).found == 0


def test_calls_are_written_down_until_the_family_asks(cast):
    load_seed()
    keep_finder_answers(cast.wenjuan, {}, may_be_told=True)
    screening = screened(cast)
    one = Outreach.objects.get(screening=screening)
    Outreach.objects.filter(pk=one.pk).update(service="HP-0002")
    actions.record_contact(one, outcome="unreached", words="关机", by=cast.clerk, now=NOW)
    actions.record_contact(one, outcome="called", words="说好明天申请", by=cast.clerk, now=NOW)
    case = submit(current_version("HP-0002"), cast.wenjuan_person, answers=ANSWERS)
    actions.receive_application(case, now=NOW)
    one.refresh_from_db()
    assert one.outcome == "applied"
    assert [step["outcome"] for step in one.steps] == ["unreached", "called", "applied"]


@pytest.mark.parametrize("size", [1, 3])
def test_an_officer_screens_a_county_and_records_a_call_on_pages(client_of, cast, django_assert_max_num_queries, size):
    load_seed()
    for number in range(size):
        family(cast, number)
    desk = client_of(cast.handler)
    desk.post(reverse("aid:outreach-start"), {"organisation": cast.county.public_id, "service": "MA-0001"})
    run_long_job(desk.get(reverse("aid:outreach-list")).context["last"].job_id)
    with django_assert_max_num_queries(34):
        page = desk.get(reverse("aid:outreach-list")).text
    assert f"新找到{size}户" in page
    one = Outreach.objects.first()
    detail = reverse("aid:family-detail", args=[one.public_id])
    assert detail in page
    assert client_of(cast.sibling_handler).get(detail).status_code == 404
    assert client_of(cast.wenjuan).get(detail).status_code == 403
    assert "选" in desk.post(detail, {"words": "x"}).text
    assert desk.post(detail, {"outcome": "applied", "words": ""}).status_code == 302
    assert desk.post(detail, {"outcome": "called", "words": ""}).status_code == 403
    bad = desk.post(reverse("aid:outreach-start"), {"organisation": "nobody", "service": "x"}, follow=True)
    assert "请选在哪里找" in bad.text


def test_a_unit_never_learns_who_may_be_in_hardship_and_did_not_ask(client_of, cast):
    load_seed()
    family(cast, 1)
    screened(cast)
    detail = reverse("aid:family-detail", args=[Outreach.objects.get().public_id])
    listed = reverse("aid:outreach-list")

    town, unit = client_of(cast.town_officer), client_of(cast.clerk)

    assert detail in town.get(listed).text
    assert town.get(detail).status_code == 200
    assert unit.get(listed).status_code == 403
    assert unit.get(detail).status_code == 404
    assert listed in town.get(reverse("aid:file-list")).text
    assert listed not in unit.get(reverse("aid:file-list")).text
