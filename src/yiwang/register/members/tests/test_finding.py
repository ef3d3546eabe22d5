"""Finding members: by parts of a name, by pinyin, by the last four of a document; who is about to retire."""

import datetime as dt
from importlib import import_module

import pytest
from django.apps import apps

from yiwang.kernel.clock import today
from yiwang.register.members.actions import replace_document, start_membership
from yiwang.register.members.formulas import Retirement
from yiwang.register.members.models import Membership, Person
from yiwang.register.members.queries import matching, retiring, tail_hash
from yiwang.register.members.tests.factories import id_number, member, person

MEN = Retirement(60, 4, 36, raised_from=2025)
WOMEN = Retirement(50, 2, 60, raised_from=2025)


def found(text):
    return [row.person.name for row in matching(Membership.objects.all(), text).order_by("pk")]


@pytest.mark.django_db
def test_parts_of_a_name_pinyin_and_the_last_four_find_people(cast):
    held = member(cast.unit, "欧阳文静")
    member(cast.unit, "静文欧")  # the same characters, another order

    for text in ("欧阳文静", "阳文", "文静", "ouyangwen", "oyw", held.person.id_number[-4:], held.person.id_number):
        assert found(text) == ["欧阳文静"]
    assert found("静文") == ["静文欧"]
    assert found("欧") == ["欧阳文静", "静文欧"]
    assert found("九九") == []


@pytest.mark.django_db
def test_a_new_document_is_found_by_its_own_last_four(cast):
    held = member(cast.unit, "欧阳文静")
    old, new = held.person.id_number, id_number(birth="19910307", serial=777)

    replace_document(held.person, id_number=new, by=cast.handler)

    assert found(new[-4:]) == ["欧阳文静"]
    assert old[-4:] == new[-4:] or found(old[-4:]) == []
    assert new[-4:] not in Person.objects.get(pk=held.person.pk).tail_hash


@pytest.mark.django_db
def test_people_of_before_get_their_ending_and_it_bears_repeating(cast):
    held = member(cast.unit, "欧阳文静")
    kept = held.person.tail_hash
    Person.objects.update(tail_hash="")
    fill = import_module("yiwang.register.members.migrations.0006_find_members_fast").keep_tails

    for _twice in range(2):
        fill(apps, None)

    assert Person.objects.get(pk=held.person.pk).tail_hash == kept != ""


def test_short_documents_have_no_ending_to_find_them_by():
    assert tail_hash("E12345678") == ""
    assert tail_hash("320102199001010010") == tail_hash("110102199001010010")
    assert len(tail_hash("320102199001010010")) == 16


@pytest.mark.parametrize(
    ("track", "birth", "delay"),
    [
        (MEN, dt.date(1964, 12, 31), 0),
        (MEN, dt.date(1965, 1, 1), 1),
        (MEN, dt.date(1965, 4, 30), 1),
        (MEN, dt.date(1965, 5, 1), 2),
        (MEN, dt.date(1976, 9, 1), 36),
        (MEN, dt.date(1990, 1, 1), 36),
        (WOMEN, dt.date(1974, 12, 1), 0),
        (WOMEN, dt.date(1975, 2, 1), 1),
        (WOMEN, dt.date(1975, 3, 1), 2),
        (WOMEN, dt.date(1984, 11, 1), 60),
        (WOMEN, dt.date(1999, 1, 1), 60),
    ],
)
def test_the_age_rises_by_the_month_of_birth(track, birth, delay):
    assert track.delay(birth.year * 12 + birth.month - 1) == delay


@pytest.mark.parametrize(
    ("track", "upto", "latest"),
    [
        (MEN, dt.date(2024, 12, 5), dt.date(1964, 12, 31)),
        (MEN, dt.date(2025, 1, 5), dt.date(1964, 12, 31)),
        (MEN, dt.date(2025, 2, 5), dt.date(1965, 1, 31)),
        (MEN, dt.date(2050, 1, 5), dt.date(1987, 1, 31)),
        (WOMEN, dt.date(2025, 3, 5), dt.date(1975, 2, 28)),
    ],
)
def test_who_has_reached_it(track, upto, latest):
    assert track.latest_birth(upto) == latest


@pytest.mark.django_db
def test_members_at_the_age_are_listed_and_nothing_happens_to_them(client_of, cast):
    aged = person("周到龄", number=id_number(birth="19550101", serial=11))
    old = start_membership(aged, cast.unit, by=None, joined_on=dt.date(2001, 1, 1))
    member(cast.unit, "周年轻")

    rows = retiring(Membership.objects.all(), today())

    assert [row.person.name for row in rows] == ["周到龄"]
    page = client_of(cast.handler).get("/work/members/?retiring=1").text
    assert "周到龄" in page
    assert "周年轻" not in page
    old.refresh_from_db()
    assert old.state == "active"
