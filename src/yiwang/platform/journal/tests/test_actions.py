import datetime as dt
import threading

import pytest
import structlog
from django.contrib.auth import get_user_model
from django.db import DatabaseError, connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from yiwang.kernel.clock import now
from yiwang.platform.journal import actions, queries, tasks
from yiwang.platform.journal.actions import DELIVERY, deliver, record, record_history, record_many, seal_batch
from yiwang.platform.journal.models import JournalEntry, JournalSeal, SealingProgress
from yiwang.platform.journal.tests import factories
from yiwang.platform.journal.tests.factories import CALLS, DoorInspected, DoorOpened

User = get_user_model()

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_journal")]


@pytest.fixture(autouse=True)
def table(settings):
    settings.REACTIONS = "yiwang.platform.journal.tests.factories.REACTIONS"
    CALLS.clear()


def test_a_fact_keeps_who_when_why_and_for_whom():
    user = User.objects.create(phone="13912345520", name="沈佳")

    with structlog.contextvars.bound_contextvars(request_id="r-1", ip="10.0.0.8"):
        record(DoorOpened(door_id=7), by=user, on_behalf_of=42, purpose="核对材料")

    entry = JournalEntry.objects.get()
    assert (entry.name, entry.subject, entry.subject_id, entry.data) == (
        "test.door_opened",
        "door",
        7,
        {"door_id": 7, "how": "key"},
    )
    assert (entry.actor_id, entry.actor_name, entry.on_behalf_of, entry.purpose) == (user.pk, "沈佳", 42, "核对材料")
    assert (entry.request_id, entry.ip) == ("r-1", "10.0.0.8")
    assert str(entry) == "test.door_opened door 7"


def test_a_fact_without_person_or_request_is_the_systems():
    with structlog.contextvars.bound_contextvars(ip="not an address"):
        entry = record(DoorOpened(door_id=7), by=None)

    assert (entry.actor_id, entry.actor_name, entry.request_id, entry.ip) == (None, "", "", None)


@pytest.mark.django_db(transaction=True)
def test_a_fact_outside_a_transaction_is_refused():
    with pytest.raises(RuntimeError, match="inside the transaction"):
        record(DoorOpened(door_id=7), by=None)


def test_a_history_is_appended_as_it_was_and_moves_nobody():
    long_ago = now() - dt.timedelta(days=900)
    past = [JournalEntry(name=DoorOpened.name, subject="door", subject_id=n, data={}, at=long_ago) for n in (7, 8)]

    record_history(past)

    assert list(JournalEntry.objects.order_by("pk").values_list("subject_id", "at")) == [(7, long_ago), (8, long_ago)]
    assert not ProcrastinateJob.objects.filter(task_name=DELIVERY).exists()


@pytest.mark.django_db(transaction=True)
def test_a_history_outside_a_transaction_is_refused():
    with pytest.raises(RuntimeError, match="inside the transaction"):
        record_history([JournalEntry(name=DoorOpened.name, subject="door", subject_id=7, data={}, at=now())])
    assert not JournalEntry.objects.exists()


def test_reactions_are_queued_with_the_fact_and_not_without():
    record(DoorInspected(door_id=7), by=None)
    assert ProcrastinateJob.objects.count() == 0

    entry = record(DoorOpened(door_id=7), by=None)
    jobs = ProcrastinateJob.objects.order_by("id").values_list("task_name", "args")
    assert list(jobs) == [
        (DELIVERY, {"entry_id": entry.pk, "handler": "yiwang.platform.journal.tests.factories.ring_bell"}),
        (DELIVERY, {"entry_id": entry.pk, "handler": "yiwang.platform.journal.tests.factories.break_down"}),
    ]


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_change_leaves_neither_fact_nor_reaction():
    with transaction.atomic():
        record(DoorOpened(door_id=7), by=None)
        transaction.set_rollback(True)

    assert JournalEntry.objects.count() == 0
    assert ProcrastinateJob.objects.count() == 0


def test_a_reaction_gets_the_fields_and_a_broken_one_does_not_hold_up_another():
    entry = record(DoorOpened(door_id=7, how="foot"), by=None)

    deliver(entry.pk, "yiwang.platform.journal.tests.factories.ring_bell")
    with pytest.raises(RuntimeError, match="broken reaction"):
        deliver(entry.pk, "yiwang.platform.journal.tests.factories.break_down")

    assert CALLS == [("bell", 7, "foot")]


def test_a_reaction_taken_out_of_the_table_is_let_go(monkeypatch):
    entry = record(DoorOpened(door_id=7), by=None)
    monkeypatch.setattr(factories, "REACTIONS", {})

    deliver(entry.pk, "yiwang.platform.journal.tests.factories.ring_bell")

    assert CALLS == []


@pytest.mark.parametrize("table", ["journal_journalentry", "journal_journalseal"])
@pytest.mark.parametrize("deed", ["DELETE FROM {}", "UPDATE {} SET id = id", "TRUNCATE {}"])
def test_the_database_refuses_to_change_the_journal(table, deed):
    with connection.cursor() as cursor:  # tests switch this one trigger off, so switch it on again here
        name = table.removeprefix("journal_journal")
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER journal_{name}_no_truncate")
        deed = deed.format(table).replace("SET id = id", "SET number = number" if name == "seal" else "SET name = name")

        with pytest.raises(DatabaseError, match="append-only"):
            cursor.execute(deed)


def test_timelines_show_what_their_readers_may_read(django_assert_num_queries):
    record_many([DoorOpened(door_id=7), DoorInspected(door_id=7), DoorOpened(door_id=8)], by=None)

    with django_assert_num_queries(2):
        assert [entry.name for entry in queries.timeline("door", 7)] == ["test.door_opened"]
        assert [entry.name for entry in queries.staff_timeline("door", 7)] == [
            "test.door_opened",
            "test.door_inspected",
        ]


def test_the_audit_search_narrows_by_actor_person_object_and_time():
    user = User.objects.create(phone="13912345520", name="沈佳")
    first = record(DoorOpened(door_id=7), by=user, on_behalf_of=42)
    second = record(DoorInspected(door_id=8), by=None)

    assert list(queries.entries()) == [second, first]
    assert list(queries.entries(actor_id=user.pk)) == [first]
    assert list(queries.entries(person_id=42)) == [first]
    assert list(queries.entries(subject="door", subject_id=8)) == [second]
    assert list(queries.entries(name="test.door_opened")) == [first]
    assert list(queries.entries(since=second.at, until=second.at)) == []
    assert list(queries.entries(before=second.pk)) == [first]


def in_parallel(work):
    problems = []

    def run():
        try:
            work()
        except BaseException as problem:
            problems.append(problem)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(20)
    assert problems == []


def add(door_id: int) -> None:
    with transaction.atomic():
        record(DoorInspected(door_id=door_id), by=None)


def seal_elsewhere() -> int:
    sealed = []
    in_parallel(lambda: sealed.append(seal_batch()))
    return sealed[0]


def sealed_doors() -> list[int]:
    order = JournalSeal.objects.order_by("number").values_list("entry_id", flat=True)
    return [JournalEntry.objects.get(pk=pk).subject_id for pk in order]


@pytest.mark.django_db(transaction=True)
def test_an_entry_that_commits_late_is_sealed_and_none_is_skipped():
    with transaction.atomic():
        record(DoorInspected(door_id=1), by=None)  # takes the lower id, commits last
        in_parallel(lambda: add(2))
        assert seal_elsewhere() == 0  # entry 2 must wait: one before it may still appear
    add(3)

    assert seal_elsewhere() == 3
    assert seal_elsewhere() == 0
    assert sealed_doors() == [1, 2, 3]
    assert queries.verify() == queries.Verdict(sealed=3, waiting=0, head=queries.verify().head, fault=None)


@pytest.mark.django_db(transaction=True)
def test_only_one_sealer_works_at_a_time_and_writers_never_wait_for_it():
    add(1)
    with transaction.atomic():
        assert seal_batch() == 1
        in_parallel(lambda: add(2))
        assert seal_elsewhere() == 0

    assert seal_batch() == 1
    assert sealed_doors() == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_sealing_goes_on_after_a_restore_into_a_younger_server():
    add(1)
    seal_batch()
    add(2)
    with connection.cursor() as cursor:  # as if these rows had come from a server with far higher numbers
        cursor.execute("ALTER TABLE journal_journalentry DISABLE TRIGGER journal_entry_no_change")
        cursor.execute("UPDATE journal_journalentry SET xid = '99999999999999'::xid8")
        cursor.execute("ALTER TABLE journal_journalentry ENABLE TRIGGER journal_entry_no_change")
    SealingProgress.objects.update(horizon=99999999999990)

    assert seal_batch() == 1
    add(3)
    assert seal_batch() == 1
    assert seal_batch() == 0
    assert sealed_doors() == [1, 2, 3]
    assert queries.verify().holds


@pytest.mark.django_db(transaction=True)
def test_a_long_backup_does_not_hold_the_sealing_up():
    add(1)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM journal_journalentry")  # reads, and will go on reading for hours

        assert seal_elsewhere() == 1


@pytest.mark.django_db(transaction=True)
def test_sealing_is_careful_where_it_can_not_see_all_sessions(monkeypatch):
    add(1)
    monkeypatch.setattr(actions, "WRITERS", "SELECT NULL, true")

    with transaction.atomic():
        record(DoorInspected(door_id=2), by=None)
        assert seal_elsewhere() in (0, 1)  # whatever runs on this server just now, entry 2 must not be in it
    assert sealed_doors() in ([], [1])


@pytest.mark.django_db(transaction=True)
def test_what_is_written_while_a_batch_is_sealed_waits_for_the_next(monkeypatch):
    add(1)
    real = actions._extend_chain

    def slowly(entries):
        in_parallel(lambda: add(2))
        return real(entries)

    monkeypatch.setattr(actions, "_extend_chain", slowly)
    assert seal_batch() == 1
    monkeypatch.setattr(actions, "_extend_chain", real)

    assert SealingProgress.objects.get().restored_up_to == 0
    assert seal_batch() == 1
    assert sealed_doors() == [1, 2]
    assert queries.verify().holds


@pytest.mark.django_db(transaction=True)
def test_a_long_backlog_is_sealed_in_portions(monkeypatch):
    monkeypatch.setattr(actions, "SEALED_AT_ONCE", 2)
    for door in range(1, 6):
        add(door)

    tasks.seal.func(0)

    assert sealed_doors() == [1, 2, 3, 4, 5]
    assert queries.verify().holds


@pytest.mark.parametrize(
    ("numbers", "horizon"),
    [
        (None, 10_000),
        (["9990", "9995"], 9_990),
        (["10000", "10007"], 10_000),  # began after the end was read
        (["9990", "10007"], 9_990),
    ],
)
def test_the_horizon_is_the_oldest_writer(numbers, horizon):
    assert actions._horizon(FakeCursor((500, 10_000), (numbers, False))) == (horizon, 10_000)


def test_the_horizon_knows_the_numbers_that_have_gone_round():
    end = 5 * 2**32 + 10

    assert actions._horizon(FakeCursor((500, end), ([str(2**32 - 5)], False))) == (end - 15, end)
    assert actions._horizon(FakeCursor((500, end), ([str(2**32 - 5)], True))) == (500, end)


class FakeCursor:
    def __init__(self, *answers):
        self.answers = list(answers)

    def execute(self, _sql):
        """Nothing to ask."""

    def fetchone(self):
        return self.answers.pop(0)


@pytest.mark.django_db(transaction=True)
def test_the_state_of_the_sealing_is_told():
    assert queries.seal_state(now=now()) == queries.SealState(last_number=0, waiting=0, oldest_waiting_seconds=0)
    add(1)
    seal_batch()
    add(2)

    state = queries.seal_state(now=now() + dt.timedelta(seconds=30))
    assert (state.last_number, state.waiting, 30 <= state.oldest_waiting_seconds < 90) == (1, 1, True)
    assert str(SealingProgress.objects.get()) == str(SealingProgress.objects.get().horizon)
    assert str(JournalSeal.objects.get()) == "1"
