import datetime as dt

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from yiwang.kernel.clock import now
from yiwang.kernel.errors import DomainError
from yiwang.kernel.states import NotAllowedInState, move
from yiwang.platform.jobs import tasks
from yiwang.platform.jobs.actions import (
    advance,
    cancel_job,
    forget_old_runs,
    requeue_stalled,
    run_long_job,
    set_total,
    start_job,
)
from yiwang.platform.jobs.errors import Interrupted, JobOver, Superseded, UnknownJob
from yiwang.platform.jobs.inline import run_queued
from yiwang.platform.jobs.models import JobRun
from yiwang.platform.jobs.registry import long_job
from yiwang.platform.jobs.tests.factories import make_user, start
from yiwang.platform.journal.models import JournalEntry

pytestmark = pytest.mark.django_db

S = JobRun.State


def ten_rows(run: JobRun) -> None:
    set_total(run, 10)
    for row in range(run.cursor or 0, 10):
        with transaction.atomic():
            advance(run, done=1, cursor=row + 1)


def every_third_fails(run: JobRun) -> None:
    set_total(run, 10)
    for row in range(run.cursor or 0, 10):
        failed = [(f"第{row}行", "身份证号写错了")] if row % 3 == 0 else []
        with transaction.atomic():
            advance(run, done=1 - len(failed), cursor=row + 1, failed=failed)


def refuses(run: JobRun) -> None:
    raise DomainError("文件已经被删掉了。")


def breaks(run: JobRun) -> None:
    raise ZeroDivisionError


def test_a_job_runs_to_its_end_and_tells():
    user = make_user()
    run = start(ten_rows, by=user)
    assert (run.state, run.percent) == (S.QUEUED, None)

    run_queued()

    run.refresh_from_db()
    assert (run.state, run.total, run.done, run.failed, run.percent, str(run)) == (
        S.DONE,
        10,
        10,
        0,
        100,
        "导入会员名册",
    )
    assert run.started_at <= run.finished_at
    assert JournalEntry.objects.get(name="jobs.job_ended").data == {"job_id": run.pk, "state": "done"}


def test_failed_rows_leave_a_partial_success_with_reasons():
    run = start(every_third_fails)

    run_queued()

    run.refresh_from_db()
    assert (run.state, run.done, run.failed) == (S.PARTLY, 6, 4)
    assert [(f.row, f.reason) for f in run.failures.order_by("id")][0] == ("第0行", "身份证号写错了")
    assert str(run.failures.order_by("id").first()) == "第0行"


def test_a_refusal_ends_the_job_with_its_sentence():
    run = start(refuses)

    run_queued()

    run.refresh_from_db()
    assert (run.state, run.error) == (S.FAILED, "文件已经被删掉了。")


def test_a_job_that_always_breaks_is_given_up_after_three_starts():
    run = start(breaks)

    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            run_long_job(run.pk)
    run_long_job(run.pk)

    run.refresh_from_db()
    assert run.state == S.FAILED
    assert run.public_id in run.error


def test_a_job_that_moves_is_never_given_up():
    def one_row_then_breaks(run: JobRun) -> None:
        with transaction.atomic():
            advance(run, done=1, cursor=(run.cursor or 0) + 1)
        if run.cursor < 8:
            raise ZeroDivisionError

    run = start(one_row_then_breaks)
    for _ in range(7):
        with pytest.raises(ZeroDivisionError):
            run_long_job(run.pk)
    run_long_job(run.pk)

    run.refresh_from_db()
    assert (run.state, run.done) == (S.DONE, 8)


def test_a_finished_job_is_not_run_again():
    run = start(ten_rows)
    run_long_job(run.pk)
    run_long_job(run.pk)

    run.refresh_from_db()
    assert run.done == 10


def test_an_unknown_job_is_refused():
    with pytest.raises(UnknownJob, match="nothing"):
        start_job("nothing", {}, by=None, title="x")


def test_two_jobs_of_one_name_are_a_mistake_of_ours():
    long_job("test.same")(ten_rows)
    with pytest.raises(ValueError, match="test.same"):
        long_job("test.same")(breaks)


@pytest.mark.django_db(transaction=True)
def test_progress_outside_a_transaction_is_refused():
    run = start(ten_rows)

    with pytest.raises(RuntimeError, match="transaction of the batch"):
        advance(run, done=1)


def test_a_worker_taken_for_dead_can_not_write_any_more():
    run = start(ten_rows)
    seen = []

    def slow(zombie: JobRun) -> None:
        if not seen:
            seen.append(zombie.attempt)
            run_long_job(run.pk)  # meanwhile another worker takes over and ends it
            with pytest.raises(Superseded), transaction.atomic():
                advance(zombie, done=1, cursor=99)
            raise Superseded
        ten_rows(zombie)

    start(slow)  # registers the work
    JobRun.objects.filter(pk=run.pk).update(name="test.slow")

    run_long_job(run.pk)

    run.refresh_from_db()
    assert (run.state, run.done, run.cursor, run.attempt) == (S.DONE, 10, 10, 2)


def test_a_waiting_job_is_cancelled_at_once():
    user = make_user()
    run = start(ten_rows, by=user)

    cancel_job(run, by=user)
    run_queued()

    run.refresh_from_db()
    assert (run.state, run.done) == (S.CANCELLED, 0)
    with pytest.raises(JobOver):
        cancel_job(run, by=user)


def test_a_running_job_stops_at_a_batch_and_keeps_what_is_done():
    user = make_user()

    def stopped_at_five(run: JobRun) -> None:
        for row in range(10):
            if row == 5:
                cancel_job(run, by=user)
            with transaction.atomic():
                advance(run, done=1, cursor=row + 1)

    run = start(stopped_at_five, by=user)
    run_queued()

    run.refresh_from_db()
    assert (run.state, run.done, run.cursor) == (S.CANCELLED, 5, 5)


def test_a_shutdown_leaves_the_job_for_later():
    run = start(ten_rows)
    polls = iter([False, False, True])

    with pytest.raises(Interrupted):
        run_long_job(run.pk, is_interrupted=lambda: next(polls))

    run.refresh_from_db()
    assert (run.state, run.done) == (S.RUNNING, 2)
    run_long_job(run.pk)
    run.refresh_from_db()
    assert (run.state, run.done, run.resumed_from) == (S.DONE, 10, 2)


@pytest.mark.parametrize("was", S)
@pytest.mark.parametrize("to", S)
def test_a_run_moves_only_as_its_table_says(was, to):
    allowed = {
        ("queued", "running"),
        ("queued", "cancelled"),
        ("running", "done"),
        ("running", "partly"),
        ("running", "failed"),
        ("running", "cancelled"),
    }
    run = JobRun.objects.create(
        name="x", title="x", state=was, finished_at=None if was in ("queued", "running") else now()
    )

    if (was, to) in allowed:
        move(run, to, finished_at=None if to == "running" else now())
        assert JobRun.objects.get().state == to
    else:
        with pytest.raises(NotAllowedInState):
            move(run, to)


def dead_job(heartbeat: dt.timedelta) -> ProcrastinateJob:
    start(ten_rows)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - %s) RETURNING id", [heartbeat]
        )
        worker = cursor.fetchone()[0]
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s", [worker])
    return ProcrastinateJob.objects.get()


def test_work_of_a_dead_worker_returns_to_the_queue_and_a_living_ones_does_not():
    patience = dt.timedelta(seconds=20)
    job = dead_job(dt.timedelta(seconds=5))
    assert requeue_stalled(now=now(), patience=patience) == 0

    assert requeue_stalled(now=now() + dt.timedelta(seconds=30), patience=patience) == 1
    job.refresh_from_db()
    assert job.status == "todo"
    assert requeue_stalled(now=now(), patience=patience) == 0


def test_work_whose_worker_was_pruned_returns_to_the_queue():
    dead_job(dt.timedelta())
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_workers")

    assert requeue_stalled(now=now(), patience=dt.timedelta(seconds=20)) == 1


def test_old_finished_runs_are_forgotten():
    old = start(every_third_fails)
    run_queued()
    fresh = start(ten_rows)

    assert forget_old_runs(now=now() + dt.timedelta(days=91), patience=dt.timedelta(days=90)) == 1
    assert list(JobRun.objects.all()) == [fresh]
    assert old.pk not in JobRun.objects.values_list("pk", flat=True)


def test_the_sweeps_are_wired():
    assert tasks.requeue_stalled.func(0) is None
    assert tasks.forget_old_runs.func(0) is None
