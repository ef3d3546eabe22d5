"""The officer's queue: a row shows itself beside the list, by pointer and by keyboard."""

import pytest
from playwright.sync_api import expect

from tests.journeys.people import People
from yiwang.net.cases.tests.factories import make_service, submit

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def people(pages, client_of) -> People:
    return People(pages, client_of)


def test_a_row_pressed_or_reached_by_keys_shows_in_the_pane(people, cast):
    version = make_service()
    first, second = submit(version, cast.wenjuan_person), submit(version, cast.stranger_person)
    desk = people.desk(cast.supervisor)

    desk.goto("/work/?heap=subtree")
    rows = desk.locator("tr[data-row]")
    expect(rows).to_have_count(2)
    rows.nth(1).locator("td").last.click()
    shown = desk.locator("#aside")
    expect(shown).to_contain_text(rows.nth(1).locator("input[name=row]").get_attribute("value"))
    desk.keyboard.press("k")
    expect(shown).to_contain_text(rows.nth(0).locator("input[name=row]").get_attribute("value"))

    assert {str(first), str(second)} == {row.get_attribute("value") for row in desk.locator("input[name=row]").all()}
    assert people.complaints == []
