"""A figure is tried on frozen households: who gains, who loses, what it costs."""

import datetime as dt

from django.urls import reverse

from yiwang.rights.aid.household import Household, Person
from yiwang.rights.aid.packaged import packaged_version
from yiwang.rights.aid.rehearsal import choices_of, lines_of, rehearse, with_changes
from yiwang.rights.aid.tests.factories import filed

DAY = dt.date(2026, 11, 22)


def home(wage, region="320500", **changes):
    return Household(region, True, (Person(wage_net=wage),), **changes)


POOR, MIDDLING, RICH = home(900_000), home(2_600_000), home(9_000_000)
HOMES = [("甲县", POOR), ("甲县", MIDDLING), ("乙县", RICH), ("乙县", POOR)]


def test_nothing_changed_changes_nothing():
    found = rehearse(packaged_version, HOMES, {}, DAY)

    assert (found.total.gaining, found.total.losing, found.total.difference) == (0, 0, 0)
    assert found.total.households == 4
    assert found.total.before == found.total.after > 0


def test_a_higher_line_costs_more_and_lets_nobody_go():
    found = rehearse(packaged_version, HOMES, {("dibao_line", ("320500",)): 150_000}, DAY)

    assert found.total.losing == found.total.let_go == 0
    assert found.total.gaining == 3
    assert found.total.difference == found.rows[0].difference + found.rows[1].difference > 0
    assert [row.county for row in found.rows] == ["乙县", "甲县"]


def test_a_lower_multiple_lets_households_go():
    found = rehearse(packaged_version, HOMES, {("relative_multiple", ()): 1}, DAY)

    assert (found.total.let_go, found.total.let_in) == (1, 0)
    assert found.total.losing >= 1
    assert lines_of(found)[-1][0] == ""


def test_the_published_rules_stay_as_they_are():
    version = packaged_version("aid")
    before = version.ruleset.sha256

    other = with_changes(version, {("warmth_money", ()): 200_000}, DAY)

    assert version.ruleset.sha256 == before != other.ruleset.sha256
    assert ("warmth_money", (), 200_000) in [
        (item.name, key, value) for item, key, value in choices_of(other.ruleset, DAY)
    ]


def test_households_without_a_figure_are_counted_as_stopped():
    found = rehearse(packaged_version, [("甲县", POOR)], {}, dt.date(2024, 3, 1))

    assert found.stopped == 1
    assert found.total.households == 0


def test_the_page_shows_nothing_to_those_who_do_not_decide(client, db):
    assert client.get(reverse("aid:rehearsal")).status_code in (302, 403, 404)


def test_a_leader_sees_the_cost_side_by_side_and_takes_the_table_along(cast, client, django_assert_max_num_queries):
    filed(cast)
    client.force_login(cast.approver)
    page = reverse("aid:rehearsal")

    with django_assert_max_num_queries(25):
        shown = client.get(page, {"figure": "dibao_line|320500", "amount": "1300"}).content.decode()
    table = client.get(page, {"figure": "dibao_line|320500", "amount": "1300", "csv": "1"}).content.decode()

    assert "35,160" in shown
    assert "37,000" in shown
    assert "1840" in table.splitlines()[-1].replace(",", " ").replace(".00", "")


def test_what_is_no_number_is_refused_with_a_sentence(cast, client):
    client.force_login(cast.approver)

    shown = client.get(reverse("aid:rehearsal"), {"figure": "warmth_money", "amount": "很多"}).content.decode()

    assert "1208" in shown
    assert client.get(reverse("aid:rehearsal"), {"figure": "nothing", "amount": "1"}).status_code == 200


def test_another_county_does_not_see_the_household(cast, client):
    filed(cast)
    client.force_login(cast.sibling_approver)

    shown = client.get(reverse("aid:rehearsal"), {"figure": "warmth_money", "amount": "1200"}).content.decode()

    assert "还没有决定过的档案" in shown


def test_those_who_do_not_decide_are_sent_away(cast, client):
    client.force_login(cast.clerk)

    assert client.get(reverse("aid:rehearsal")).status_code in (403, 404)
