"""Whoever touches a sealed entry is found out, and the first bad row is named."""

import pytest
from django.db import connection, transaction

from yiwang.platform.journal.actions import record_many, seal_batch
from yiwang.platform.journal.models import JournalEntry, JournalSeal
from yiwang.platform.journal.queries import Fault, verify
from yiwang.platform.journal.tests.factories import DoorInspected

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_journal")]


@pytest.fixture
def ids():
    with transaction.atomic():
        record_many([DoorInspected(door_id=n) for n in range(1, 7)], by=None)
    assert seal_batch() == 6
    return list(JournalEntry.objects.order_by("id").values_list("id", flat=True))


def tamper(*deeds: str) -> None:
    """What only the owner of the database can do: switch the guard off first."""
    with connection.cursor() as cursor:
        for table in ("entry", "seal"):
            cursor.execute(f"ALTER TABLE journal_journal{table} DISABLE TRIGGER USER")
        for deed in deeds:
            cursor.execute(deed)
        for table in ("entry", "seal"):
            cursor.execute(f"ALTER TABLE journal_journal{table} ENABLE TRIGGER journal_{table}_no_change")


def test_an_untouched_journal_holds(ids):
    verdict = verify()

    assert (verdict.holds, verdict.sealed, verdict.waiting) == (True, 6, 0)
    assert verdict.head == bytes(JournalSeal.objects.get(number=6).chain).hex()


def test_an_empty_journal_holds():
    assert verify().holds


def test_fresh_entries_wait_and_are_no_fault(ids):
    with transaction.atomic():
        record_many([DoorInspected(door_id=9)], by=None)

    assert (verify().holds, verify().waiting) == (True, 1)


@pytest.mark.parametrize(
    "change",
    [
        "data = '{\"door_id\": 99}'",
        "actor_name = '别人'",
        "at = at + interval '1 s'",
        "purpose = 'x'",
        "audience = 'all'",
        "subject_id = 8",
        "ip = '10.0.0.1'",
    ],
)
def test_an_altered_entry_is_named(ids, change):
    tamper(
        f"UPDATE journal_journalentry SET {change} WHERE id = {ids[2]}",
        f"UPDATE journal_journalentry SET {change} WHERE id = {ids[4]}",
    )

    assert verify().fault == Fault("altered", 3, ids[2])


def test_a_removed_entry_is_named(ids):
    tamper(f"DELETE FROM journal_journalentry WHERE id = {ids[3]}")

    assert verify().fault == Fault("missing", 4, ids[3])


def test_an_entry_removed_with_its_seal_is_named_by_its_place(ids):
    tamper(f"DELETE FROM journal_journalentry WHERE id = {ids[3]}", "DELETE FROM journal_journalseal WHERE number = 4")

    assert verify().fault == Fault("missing", 4, None)


def test_a_cut_tail_is_noticed(ids):
    tamper(f"DELETE FROM journal_journalentry WHERE id = {ids[5]}", "DELETE FROM journal_journalseal WHERE number = 6")

    assert verify().fault == Fault("missing", 6, None)


def test_two_entries_that_changed_places_are_named(ids):
    tamper(
        f"UPDATE journal_journalentry SET id = -1 WHERE id = {ids[1]}",
        f"UPDATE journal_journalentry SET id = {ids[1]} WHERE id = {ids[4]}",
        f"UPDATE journal_journalentry SET id = {ids[4]} WHERE id = -1",
    )

    assert verify().fault == Fault("reordered", 2, ids[1])


def test_two_seals_that_changed_places_are_named(ids):
    tamper(
        "UPDATE journal_journalseal SET number = -1 WHERE number = 2",
        "UPDATE journal_journalseal SET number = 2 WHERE number = 5",
        "UPDATE journal_journalseal SET number = 5 WHERE number = -1",
    )

    assert verify().fault == Fault("reordered", 2, ids[4])


def test_an_entry_slipped_in_among_sealed_ones_is_named(ids):
    tamper(
        "INSERT INTO journal_journalentry (id, at, name, subject, subject_id, audience, actor_name, purpose, data, request_id, xid)"
        " VALUES (-5, now(), 'x', 'door', 1, 'all', '', '', '{}', '', '1'::xid8)"
    )

    assert verify().fault == Fault("unsealed", 7, -5)


def test_without_the_key_nobody_can_forge_the_chain(ids, settings):
    settings.BLIND_INDEX_KEY = "another key"

    assert verify().fault == Fault("altered", 1, ids[0])


def test_walking_the_chain_costs_queries_by_the_thousand_not_by_the_entry(ids, django_assert_num_queries):
    with django_assert_num_queries(6):
        verify()
