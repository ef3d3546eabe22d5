"""Rows by the thousand, whose foreign keys are judged as a set (kernel.references)."""

import datetime as dt

import polars as pl
import pytest
from django.db import IntegrityError, connection
from psycopg.errors import UniqueViolation

from yiwang.kernel import references
from yiwang.kernel.clock import now
from yiwang.platform.journal.models import JournalEntry
from yiwang.register.members import actions
from yiwang.register.members.actions.columnar import enrol_columns
from yiwang.register.members.models import IdentityHistory, Membership, MembershipSpan, Person
from yiwang.register.members.queries import identity_hash, phone_hash
from yiwang.register.members.tests.factories import JOINED, id_number
from yiwang.register.organisations.tests.factories import line

pytestmark = pytest.mark.django_db


def enrol(unit, count=2, **changed):
    numbers = [id_number() for _ in range(count)]
    rows = pl.DataFrame(
        {
            "name": ["单田芳"] * count,
            "id_type": ["1"] * count,
            "gender": ["1"] * count,
            "birth_date": [dt.date(1990, 3, 7)] * count,
            "id_number": numbers,
            "id_hash": [identity_hash("1", number) for number in numbers],
            "phone": ["13900000001"] * count,
            "phone_hash": [phone_hash("13900000001")] * count,
            "organisation_id": [unit.pk] * count,
            "path": [str(unit.path)] * count,
            "joined_on": [JOINED] * count,
            **changed,
        },
        schema_overrides={"employer_id": pl.Int64, "group_id": pl.Int64},
    )
    texts = ("nation", "political", "education", "household_type", "household_division", "residence_division",
             "department", "post", "title_level", "union_post", "employ_kind", "employ_state", "new_form")  # fmt: skip
    open_ones = {"employer_id": pl.Int64, "group_id": pl.Int64, "skill_level": pl.Int16, "is_migrant": pl.Boolean}
    rows = rows.with_columns(
        *(pl.lit(None, dtype=pl.String).alias(name) for name in texts if name not in rows.columns),
        *(pl.lit(None, dtype=kind).alias(name) for name, kind in open_ones.items() if name not in rows.columns),
    )
    made = enrol_columns(rows, source="test", by=None)
    return list(made.select("person_id", "membership_id").iter_rows())


def judge_now():
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_members_come_and_go_with_every_key_in_order():
    pairs = enrol(line()[-1])

    judge_now()
    assert Membership.objects.filter(person__in=[person for person, _m in pairs]).count() == 2

    kept = actions.unenrol_pairs(pairs, since=now(), by=None, reason="撤回")

    judge_now()
    assert kept.all == set()
    assert (Person.objects.count(), Membership.objects.count(), MembershipSpan.objects.count()) == (0, 0, 0)


def test_an_employer_that_does_not_exist_is_still_refused_by_the_database():
    enrol(line()[-1], employer_id=[2**40, None])

    with pytest.raises(IntegrityError, match="employer"):
        judge_now()


def test_a_row_twice_is_still_refused():
    number = id_number()
    with pytest.raises(UniqueViolation, match="id_hash"):
        enrol(line()[-1], id_hash=[identity_hash("1", number)] * 2)


def test_whom_another_table_points_at_stays():
    pairs = enrol(line()[-1])
    (person, membership), (other, _other) = pairs
    IdentityHistory.objects.create(person_id=person, id_type="1", id_number=id_number(), id_hash="a" * 64)

    kept = actions.unenrol_pairs(pairs, since=now(), by=None, reason="撤回")

    judge_now()
    assert (kept.needed, kept.changed, kept.gone) == ({membership}, set(), set())
    assert [p.pk for p in Person.objects.all()] == [person] != [other]


def test_where_everybody_stays_nothing_is_taken_back():
    pairs = enrol(line()[-1], count=1)

    Membership.objects.filter(pk=pairs[0][1]).update(updated_at=now() + dt.timedelta(days=1))
    kept = actions.unenrol_pairs(pairs, since=now(), by=None, reason="撤回")

    assert kept.changed == kept.all == {pairs[0][1]}
    assert list(Person.objects.values_list("pk", "memberships__pk")) == pairs
    assert not JournalEntry.objects.filter(name="members.members_unenrolled").exists()


def test_who_has_a_second_membership_stays():
    *_above, elsewhere, unit = line()
    pairs = enrol(unit)
    person = pairs[0][0]
    second = Membership.objects.create(
        person_id=person, organisation=elsewhere, number="320000000000X", state="quit", ended_on=JOINED
    )

    kept = actions.unenrol_pairs(pairs, since=now(), by=None, reason="撤回")

    judge_now()
    assert kept.needed == {pairs[0][1]}
    assert set(Membership.objects.values_list("pk", flat=True)) == {pairs[0][1], second.pk}


def test_a_role_that_may_not_has_each_row_looked_up():
    pairs = enrol(line()[-1])
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE plain")
        cursor.execute("GRANT ALL ON ALL TABLES IN SCHEMA public TO plain")
        cursor.execute("GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO plain")
        cursor.execute("SET ROLE plain")
        try:
            with references.judged_as_a_set():
                cursor.execute("SHOW session_replication_role")
                assert cursor.fetchone() == ("origin",)
            assert actions.unenrol_pairs(pairs, since=now(), by=None, reason="撤回").all == set()
            judge_now()
        finally:
            cursor.execute("RESET ROLE")

    with references.judged_as_a_set(), connection.cursor() as cursor:
        cursor.execute("SHOW session_replication_role")
        assert cursor.fetchone() == ("replica",)
