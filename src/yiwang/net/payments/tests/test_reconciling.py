"""A large answer of the bank: booked by a job, each line once whatever happens to the worker."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.translation import override

from yiwang.net.payments import actions, errors, policies
from yiwang.net.payments.actions import reconciling
from yiwang.net.payments.formats import answer_file
from yiwang.net.payments.models import AnswerFile, Batch, FundEntry, Payment
from yiwang.net.payments.tests.factories import make_fund, make_payment, sent
from yiwang.platform.jobs.actions import cancel_job, run_long_job
from yiwang.platform.jobs.models import JobRun
from yiwang.platform.journal.models import JournalEntry

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """As abrupt as kill -9 can be inside one process."""


@pytest.fixture(autouse=True)
def small_portions(monkeypatch):
    monkeypatch.setattr(reconciling, "AT_ONCE", 1)
    monkeypatch.setattr(reconciling, "PORTION", 2)


@pytest.fixture
def batch(cast):
    fund = make_fund(cast)
    for _ in range(5):
        make_payment(fund, cast.wenjuan_person)
    return sent(cast, fund)


def answer_of(batch: Batch, *more: tuple, returned: tuple[int, ...] = ()) -> bytes:
    rows = []
    for line in batch.lines.order_by("number"):
        fen = int(line.amount * 100)
        if line.number in returned:
            rows.append((line.number, fen, "returned", "账户冻结", "", ""))
        else:
            rows.append((line.number, fen, "paid", "", "2026-11-06", f"r{line.number}"))
    return answer_file(batch.file_number, [*rows, *more])


STRANGE = (99, 100, "paid", "", "2026-11-06", "x")  # a line that the batch does not have


def start(batch: Batch, content: bytes, cast) -> AnswerFile:
    return actions.start_answer(batch, content, name="answer.csv", by=cast.finance)


def test_a_short_answer_is_booked_at_once(batch, cast, monkeypatch):
    monkeypatch.setattr(reconciling, "AT_ONCE", 5)

    taken = start(batch, answer_of(batch), cast)

    assert (taken.paid_count, taken.waiting_rows, taken.run, taken.content) == (5, 0, None, None)


def test_a_long_answer_is_booked_by_a_job_that_may_be_killed(batch, cast):
    twice = (1, 100000, "paid", "", "2026-11-06", "r1")
    content = answer_of(batch, STRANGE, twice, returned=(4,))
    taken = start(batch, content, cast)
    assert (taken.waiting_rows, taken.run.total, batch.lines.filter(state="pending").count()) == (7, 7, 5)

    def kill(run):
        if run.done > 2:
            raise Killed

    with pytest.raises(Killed):
        run_long_job(taken.run_id, watch=kill)
    assert batch.lines.filter(state="paid").count() == 2
    run_long_job(taken.run_id)

    taken.refresh_from_db()
    batch.refresh_from_db()
    batch.fund.refresh_from_db()
    assert (taken.paid_count, taken.returned_count, taken.waiting_rows, taken.content) == (4, 1, 0, None)
    assert [problem["code"] for problem in taken.problems] == ["unknown_line", "twice"]
    assert batch.state == "partly_paid"
    assert Payment.objects.filter(state="paid").count() == 4
    paid = sum(entry.amount for entry in FundEntry.objects.filter(kind="paid"))
    assert (batch.fund.paid, batch.fund.committed) == (paid, 0)
    assert JobRun.objects.get(pk=taken.run_id).state == "done"
    assert JournalEntry.objects.filter(name="payments.answer_taken").count() == 1


def test_the_same_rows_say_the_same_whether_booked_at_once_or_in_portions(batch, cast, monkeypatch):
    content = answer_of(batch, returned=(2,))
    run_long_job(start(batch, content, cast).run_id)
    in_portions = list(batch.lines.order_by("number").values_list("state", "receipt", "return_code", "paid_on"))

    again = actions.take_answer(batch, content, name="again.csv", by=cast.finance)

    assert AnswerFile.objects.get() == again
    assert [row[0] for row in in_portions] == ["paid", "returned", "paid", "paid", "paid"]


def test_while_it_is_booked_nobody_closes_the_batch_or_hands_in_another(batch, cast):
    taken = start(batch, answer_of(batch, STRANGE), cast)
    run_long_job(taken.run_id, watch=stop_after(4, cast))  # every line but one is answered, one row is not booked
    batch.refresh_from_db()
    taken.refresh_from_db()
    assert (taken.waiting_rows, policies.may_answer(cast.finance, batch)) == (2, True)
    assert not policies.may_settle(cast.finance, taken)

    taken = start(batch, answer_of(batch, STRANGE), cast)
    assert not policies.may_answer(cast.finance, batch)
    assert not policies.may_close(cast.finance, batch)
    assert start(batch, answer_of(batch, STRANGE), cast).run == taken.run

    run_long_job(taken.run_id)
    batch.refresh_from_db()
    taken.refresh_from_db()
    assert (batch.state, policies.may_settle(cast.finance, taken)) == ("paid", True)
    actions.settle_answer(taken, note="银行多写了一行", by=cast.finance)
    assert policies.may_close(cast.finance, batch)
    actions.close_batch(batch, by=cast.finance)


def stop_after(rows: int, cast):
    def watch(run: JobRun) -> None:
        if run.done == rows:
            cancel_job(run, by=cast.finance)

    return watch


def test_a_batch_is_not_closed_while_rows_of_its_answer_wait(batch, cast):
    actions.take_answer(batch, answer_of(batch), name="first.csv", by=cast.finance)
    AnswerFile.objects.update(waiting_rows=1, content=b"H")
    with pytest.raises(errors.StillTaking):
        actions.close_batch(batch, by=cast.finance)


def test_handed_in_again_it_is_finished_by_a_new_job(batch, cast):
    content = answer_of(batch)
    first = start(batch, content, cast).run
    cancel_job(first, by=cast.finance)

    again = start(batch, content, cast)
    assert (again.run.pk == first.pk, again.run.total) == (False, 5)
    run_long_job(again.run_id)
    batch.refresh_from_db()
    assert (batch.state, AnswerFile.objects.get().paid_count) == ("paid", 5)

    JobRun.objects.filter(pk=first.pk).update(state="queued", finished_at=None)
    run_long_job(first.pk)  # a run that comes back from the dead finds nothing to do
    assert Payment.objects.filter(state="paid").count() == 5


def test_a_file_of_another_batch_or_after_the_end_is_refused(batch, cast):
    with pytest.raises(errors.BadAnswer):
        start(batch, answer_file("YWOTHER", []), cast)
    run_long_job(start(batch, answer_of(batch), cast).run_id)
    late = answer_of(batch, STRANGE)
    with pytest.raises(errors.AnswerNotExpected):
        start(batch, late, cast)


def test_the_page_shows_how_far_it_is(batch, cast, client_of):
    payer = client_of(cast.finance)
    here = reverse("payments:batch-detail", args=[batch.public_id])
    file = SimpleUploadedFile("answer.csv", answer_of(batch))
    payer.post(reverse("payments:batch-answer", args=[batch.public_id]), {"file": file})
    run = AnswerFile.objects.get().run
    stop = reverse("jobs:run-cancel", args=[run.public_id])

    with override("zh-hans"):
        taking, of_another = payer.get(here).text, client_of(cast.approver).get(here).text
        cancel_job(run, by=cast.finance)
        stopped = payer.get(here).text
        run_long_job(start(batch, answer_of(batch), cast).run_id)
        whole = payer.get(here).text

    assert f"对批次{batch.number}的回执" in taking
    assert stop in taking
    assert stop not in of_another
    assert "还有5行没有记，正在记" in taking
    assert "导入银行回执</button>" not in taking
    assert "停下了，还有5行没有记" in stopped
    assert "导入银行回执</button>" in stopped
    assert "没有记。" not in whole
