"""The breadth of a large demo: the same for the same seed, counted, findable, and taken up again where it stopped."""

import datetime as dt

import pytest

from config.demo import width
from config.demo.sizes import Width
from yiwang.kernel.identity import check_identity
from yiwang.platform.counters.queries import figure
from yiwang.platform.text.models import SearchEntry, SearchPlace
from yiwang.register.members.counting import CURRENT
from yiwang.register.members.models import Membership, MembershipSpan
from yiwang.register.members.queries import identity_hash, matching, tail_hash
from yiwang.register.organisations.models import Organisation

ON = dt.date(2026, 11, 29)
SIZE = Width(unions=3, members=60, county="320583")


@pytest.fixture
def unions(cast):
    width.found_unions(SIZE, seed=5, on=ON)
    return width.unions_of(SIZE)


@pytest.mark.django_db
def test_blocks_are_written_once_and_taken_up_where_they_stopped(cast, unions, monkeypatch):
    monkeypatch.setattr(width, "BLOCK", 25)
    before = figure(cast.town.path, CURRENT)
    assert width.begun()
    assert Organisation.objects.filter(source="width", parent=cast.town).count() == 3
    assert width.missing_blocks(SIZE) == [0, 1, 2]

    width.write_blocks([1], unions, SIZE, seed=5, on=ON)
    assert width.missing_blocks(SIZE) == [0, 2]
    width.write_blocks([0, 2], unions, SIZE, seed=5, on=ON)

    assert width.missing_blocks(SIZE) == []
    assert figure(cast.town.path, CURRENT) == before + 60
    rows = Membership.objects.filter(source__startswith="w-").select_related("person", "organisation")
    assert MembershipSpan.objects.filter(membership__in=rows).count() == len(rows) == 60
    for row in rows:
        person = row.person
        checked = check_identity("1", person.id_number)
        assert (checked.gender, checked.birth_date) == (person.gender, person.birth_date)
        assert person.id_hash == identity_hash("1", person.id_number)
        assert person.tail_hash == tail_hash(person.id_number)
        assert row.joined_on <= ON
    one = rows[0]
    assert one in matching(Membership.objects.all(), one.person.pinyin_full)
    entry = SearchEntry.objects.get(kind="person", object_id=one.person.public_id)
    assert (entry.title, entry.scope) == (one.person.name, one.organisation.label)
    assert SearchPlace.objects.get(label=entry.scope).path == one.organisation.path


@pytest.mark.django_db
def test_the_same_seed_draws_the_same_people(unions):
    first, again = (width.draw_members(unions, 10, 40, seed=5, on=ON) for _twice in range(2))
    other = width.draw_members(unions, 10, 40, seed=6, on=ON)

    assert first.equals(again)
    assert not first.equals(other)
    assert first["id_number"].n_unique() == 30
