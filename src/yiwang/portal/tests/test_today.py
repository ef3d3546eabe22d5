import pytest
from django.urls import reverse

from yiwang.net.cases.tests.factories import accepted, make_service, submit
from yiwang.portal.today import MOST

pytestmark = pytest.mark.django_db

TODAY = "/work/today/"


def test_the_day_of_a_union_and_a_town_begins_here_that_of_a_county_with_the_queue(cast, client_of):
    assert client_of(cast.chair).get("/work/start/").url == TODAY
    assert client_of(cast.handler).get("/work/start/").url == reverse("cases:queue")


def test_a_case_in_ones_hands_stands_here_with_its_clock_and_the_way_to_it(cast, client_of):
    case = accepted(make_service(), cast.wenjuan_person, by=cast.handler)

    answer = client_of(cast.handler).get(TODAY)

    assert answer.context["total"] == 1
    assert reverse("cases:case-detail", args=[case.number]) in answer.text
    assert answer.context["tasks"][0].face is not None


def test_a_case_in_another_hand_does_not_stand_here(cast, client_of):
    accepted(make_service(), cast.wenjuan_person, by=cast.handler)

    answer = client_of(cast.approver).get(TODAY)

    assert answer.context["total"] == 0
    assert "今天没有要办的" in answer.text


def test_more_cases_than_fit_lead_to_the_queue(cast, client_of):
    for n in range(MOST + 1):
        accepted(make_service(f"HP-092{n}"), cast.wenjuan_person, by=cast.handler)

    answer = client_of(cast.handler).get(TODAY)

    assert (answer.context["total"], answer.context["more"]) == (MOST + 1, 1)
    assert "还有1件，看全部待办" in answer.text


def test_the_numbers_of_ones_union_lead_to_their_lists(cast, client_of):
    numbers = client_of(cast.chair).get(TODAY).context["numbers"]

    assert numbers[0].url == f"{reverse('members:member-list')}?org={cast.unit.public_id}"


def test_the_page_asks_as_much_of_the_database_for_three_cases_as_for_one(
    cast, client_of, django_assert_max_num_queries
):
    browser = client_of(cast.handler)
    accepted(make_service("HP-0911"), cast.wenjuan_person, by=cast.handler)
    browser.get(TODAY)
    with django_assert_max_num_queries(40) as first:
        browser.get(TODAY)
    for code in ("HP-0912", "HP-0913"):
        accepted(make_service(code), cast.wenjuan_person, by=cast.handler)

    with django_assert_max_num_queries(len(first.captured_queries)):
        browser.get(TODAY)


def test_a_worker_finds_no_such_page(cast, client_of):
    submit(make_service(), cast.wenjuan_person)

    assert client_of(cast.wenjuan).get(TODAY).status_code == 404
