"""A union hands in whom it would visit: its own members come into the programme, the others are left to the desk."""

import datetime as dt

import pytest
from django.utils.translation import override

from yiwang.net.cases.models import Case
from yiwang.net.cases.tests.factories import submit
from yiwang.net.catalogue.actions import load_seed
from yiwang.net.catalogue.queries import current_version
from yiwang.rights.aid import actions, queries_programmes
from yiwang.rights.aid.models import Place
from yiwang.rights.aid.reactions import enter_programme_for_case
from yiwang.rights.aid.tests.test_programmes import programme, worker

pytestmark = pytest.mark.django_db
WINTER = dt.datetime(2026, 11, 20, 2, 0, tzinfo=dt.UTC)  # lists are taken from the middle of November
ROWS = [
    {"name": "周文娟", "why": "front"},
    {"name": " 职工1 ", "why": "ill"},
    {"name": "没有这个人", "why": "duty"},
]


def handed_in(cast, rows=ROWS):
    load_seed()
    case = submit(current_version("HP-0004"), cast.wenjuan_person, answers={"people": rows}, now=WINTER)
    Case.objects.filter(pk=case.pk).update(submitted_by=cast.clerk)
    case.refresh_from_db()
    return case


def test_members_come_in_and_the_others_are_named_to_the_desk(cast):
    worker(cast, 1)
    made = programme(cast)
    case = handed_in(cast)

    assert actions.enter_for_case(case, now=WINTER) is None

    places = Place.objects.filter(listed_in=case).order_by("pk")
    assert [(place.person.name, place.told) for place in places] == [
        ("周文娟", '{"visit_reason": "front"}'),
        ("职工1", '{"visit_reason": "ill"}'),
    ]
    note = case.notes.get().text
    assert "2人" in note
    assert "没有这个人" in note
    assert queries_programmes.place_desk_url(case.pk).endswith(f"{made.public_id}/")
    enter_programme_for_case(case.pk, "HP-0004")
    assert (Place.objects.count(), case.notes.count()) == (2, 1)


def test_who_is_in_already_is_not_entered_twice(cast):
    made = programme(cast)
    actions.enter(made, cast.wenjuan_person, told={}, by=cast.clerk, now=WINTER)
    case = handed_in(cast, ROWS[:1])
    with override("en"):
        for _turn in range(2):
            actions.enter_for_case(case, now=WINTER)
    assert Place.objects.count() == 1
    assert "周文娟" in case.notes.get().text  # Chinese, whoever reads it


def test_everybody_in_leaves_nothing_to_tell_and_without_a_programme_it_stays_an_ordinary_request(cast):
    case = handed_in(cast, ROWS[:1])
    actions.enter_for_case(case, now=WINTER)
    assert not case.notes.exists()
    assert queries_programmes.place_desk_url(case.pk) == ""
    programme(cast)
    actions.enter_for_case(case, now=WINTER)
    assert "没有登记" not in case.notes.get().text
