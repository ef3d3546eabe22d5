"""Large batches: filled by a job, each payment in one line whatever happens to the worker."""

import pytest
from django.urls import reverse
from django.utils.translation import override

from yiwang.net.payments import actions, errors
from yiwang.net.payments.actions import filling
from yiwang.net.payments.models import Batch, Payment
from yiwang.net.payments.tests.factories import make_fund, make_payment
from yiwang.platform.jobs.actions import cancel_job, run_long_job

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """As abrupt as kill -9 can be inside one process."""


@pytest.fixture
def fund(cast):
    return make_fund(cast)


@pytest.fixture
def small_portions(monkeypatch):
    monkeypatch.setattr(filling, "AT_ONCE", 1)
    monkeypatch.setattr(filling, "PORTION", 2)


def ready(cast, fund, count: int) -> None:
    for _ in range(count):
        make_payment(fund, cast.wenjuan_person)


def start(cast, fund) -> Batch:
    return actions.start_batch(fund.organisation, fund=fund, item="living", channel="social_card", by=cast.handler)


def stands(batch: Batch) -> tuple[int, int, set[int]]:
    batch.refresh_from_db()
    lines = list(batch.lines.order_by("number").values_list("number", "payment_id"))
    assert [number for number, _ in lines] == list(range(1, len(lines) + 1))
    return batch.line_count, len(lines), {payment for _, payment in lines}


def test_a_small_batch_is_whole_at_once(cast, fund):
    ready(cast, fund, 3)

    batch = start(cast, fund)

    assert (batch.run, batch.line_count, batch.is_filling) == (None, 3, False)


def test_a_large_batch_is_filled_by_a_job_that_may_be_killed(cast, fund, small_portions):
    ready(cast, fund, 6)
    batch = start(cast, fund)
    assert (batch.line_count, batch.run.total, batch.is_filling) == (1, 5, True)

    def kill(run):
        if run.done > 2:
            raise Killed

    with pytest.raises(Killed):
        run_long_job(batch.run_id, watch=kill)
    assert stands(batch)[:2] == (3, 3)
    assert Payment.objects.filter(state="ready").count() == 3

    run_long_job(batch.run_id)

    count, lines, payments = stands(batch)
    assert (count, lines, len(payments)) == (6, 6, 6)
    assert (batch.run.state, batch.run.done, batch.total) == ("done", 5, sum(p.amount for p in Payment.objects.all()))
    assert not Payment.objects.filter(state="ready").exists()
    actions.lock_batch(batch, by=cast.handler)


def test_while_it_is_filled_nobody_locks_or_cancels_it(cast, fund, small_portions):
    ready(cast, fund, 3)
    batch = start(cast, fund)

    with pytest.raises(errors.StillFilling):
        actions.lock_batch(batch, by=cast.handler)
    with pytest.raises(errors.StillFilling):
        actions.cancel_batch(batch, reason="做错了", by=cast.handler)

    cancel_job(batch.run, by=cast.handler)  # stopped before it began: what is in it can be paid, the rest waits
    batch.refresh_from_db()
    actions.lock_batch(batch, by=cast.handler)
    assert (stands(batch)[0], Payment.objects.filter(state="ready").count()) == (1, 2)


def test_what_came_after_the_start_waits_and_what_went_is_not_missed(cast, fund, small_portions):
    ready(cast, fund, 4)
    batch = start(cast, fund)
    actions.cancel_payment(Payment.objects.filter(state="ready").last(), reason="不发了", by=cast.handler)
    ready(cast, fund, 3)

    run_long_job(batch.run_id)
    assert (stands(batch)[0], batch.run.state, Payment.objects.filter(state="ready").count()) == (4, "done", 2)

    Payment.objects.filter(state="ready").update(state="cancelled")
    other = start(cast, make_fund_with(cast, 2))
    actions.cancel_payment(Payment.objects.get(state="ready"), reason="不发了", by=cast.handler)
    run_long_job(other.run_id)
    assert (stands(other)[0], other.run.state) == (1, "done")


def make_fund_with(cast, count: int):
    fund = make_fund(cast)
    ready(cast, fund, count)
    return fund


def test_the_page_shows_how_far_it_is_and_offers_no_lock(client_of, cast, fund, small_portions):
    ready(cast, fund, 3)
    maker = client_of(cast.handler)
    wanted = {"fund": fund.public_id, "item": "living", "channel": "social_card"}
    maker.post(reverse("payments:batch-new"), wanted)
    batch = Batch.objects.get()
    here = reverse("payments:batch-detail", args=[batch.public_id])
    stop = reverse("jobs:run-cancel", args=[batch.run.public_id])

    with override("zh-hans"):
        filling_page, of_another = maker.get(here).text, client_of(cast.approver).get(here).text
        run_long_job(batch.run_id)
        whole = maker.get(here).text

    assert f"装入批次{batch.number}" in filling_page
    assert stop in filling_page
    assert f"装入批次{batch.number}" in of_another
    assert stop not in of_another
    assert "锁定，送审批" not in filling_page
    assert "锁定，送审批" in whole
    assert "装入批次" not in whole
