"""Taking in what the bank answered, and closing a batch that adds up."""

import datetime as dt
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from yiwang.kernel import clock
from yiwang.kernel.money import fen, yuan, yuan_text
from yiwang.kernel.states import ChangedMeanwhile, move
from yiwang.net.payments.actions.funds import book, settle
from yiwang.net.payments.errors import (
    AnswerNotExpected,
    AnswerUnsettled,
    BadAnswer,
    NotYetAnswered,
    StillTaking,
    SumsDiffer,
    WordsNeeded,
)
from yiwang.net.payments.events import AnswerSettled, AnswerTaken, BatchClosed
from yiwang.net.payments.formats import Answer, Reply, Unreadable, digest, read_answer
from yiwang.net.payments.models import AnswerFile, Batch, FundEntry, Line
from yiwang.net.payments.wording import return_code
from yiwang.platform.journal.actions import record
from yiwang.register.accounts.models import User

WAITING = (Batch.State.SENT, Batch.State.PARTLY_PAID)


@dataclass
class Sorted:
    """The rows of one answer, by what they do."""

    paid: list[tuple[int, Reply]] = field(default_factory=list)
    returned: list[tuple[int, Reply]] = field(default_factory=list)
    problems: list[dict[str, Any]] = field(default_factory=list)


@transaction.atomic
def take_answer(
    batch: Batch, content: bytes, *, name: str, by: User | None, now: dt.datetime | None = None
) -> AnswerFile:
    """Book the answer of the bank once, however often it is handed in.

    1. A file that is cut short, of another batch or unreadable is refused whole.
    2. The same file again is the one we know.
    3. Each row is held against its line: unknown lines, other amounts and contradictions change nothing and are
       kept for a person; the rest is booked in a few statements.
    """
    now = now or clock.now()
    answer = read_for(batch, content)
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    sha256 = digest(content)
    known = batch.answers.filter(sha256=sha256).first()
    if known is not None:
        return known
    if batch.state not in WAITING:
        raise AnswerNotExpected
    found = sort_replies(batch, answer.replies, repeated(answer.replies))
    taken = AnswerFile.objects.create(
        batch=batch,
        sha256=sha256,
        name=name[:120],
        row_count=len(answer.replies),
        paid_count=len(found.paid),
        returned_count=len(found.returned),
        problems=found.problems,
        received_by=by,
        received_at=now,
    )
    book_replies(batch, found, key=f"answer:{taken.pk}", by=by, now=now)
    record(
        AnswerTaken(
            batch_id=batch.pk, paid=len(found.paid), returned=len(found.returned), problems=len(found.problems)
        ),
        by=by,
    )
    return taken


def read_for(batch: Batch, content: bytes) -> Answer:
    """Every row of a whole file of this very batch, or a refusal."""
    try:
        answer = read_answer(content)
    except Unreadable as reason:
        raise BadAnswer(_sentence(reason)) from reason
    if answer.file_number != batch.file_number:
        text = _("这是文件“{other}”的回执，不是这个批次的（{own}）。")
        raise BadAnswer(text.format(other=answer.file_number, own=batch.file_number or "—"))
    return answer


def _sentence(problem: Unreadable) -> str:
    sentences = {
        "no_head": _("第一行不是回执的文件头，请确认拿对了文件。"),
        "truncated": _("文件不完整：没有结尾的合计行。一行都没有记，请向银行重新取回执。"),
        "sums": _("文件里的行和结尾的合计对不上，可能传断了。一行都没有记，请向银行重新取回执。"),
        "encoding": _("文件的文字编码读不出来，请存成GB18030或UTF-8。"),
        "row": _("第{row}行读不懂。一行都没有记，请改好或重新取回执。").format(row=problem.row),
    }
    return sentences[problem.reason]


def repeated(replies: Iterable[Reply]) -> set[int]:
    """Rows of the file whose line was answered by an earlier row."""
    seen: set[int] = set()
    again = set()
    for reply in replies:
        if reply.number in seen:
            again.add(reply.row)
        seen.add(reply.number)
    return again


def sort_replies(batch: Batch, replies: Sequence[Reply], again: Set[int]) -> Sorted:
    """Each row by what it does. Index: line_has_its_number."""
    numbers, fields = [reply.number for reply in replies], ("pk", "amount", "state", "receipt")
    near = batch.lines.filter(number__range=(min(numbers, default=0), max(numbers, default=0)))
    lines = {number: rest for number, *rest in near.values_list("number", *fields)}
    found = Sorted()
    for reply in replies:
        line = lines.get(reply.number)
        if line is None or line[2] == Line.State.WITHDRAWN:
            found.problems.append(_problem(reply, "unknown_line"))
        elif reply.row in again:
            found.problems.append(_problem(reply, "twice"))
        elif fen(line[1]) != reply.fen:
            found.problems.append(_problem(reply, "other_amount"))
        elif line[2] == Line.State.PENDING:
            (found.paid if reply.status == "paid" else found.returned).append((line[0], reply))
        elif line[2] != reply.status or (line[2] == Line.State.PAID and line[3] != reply.receipt):
            found.problems.append(_problem(reply, "contradicts"))
    return found


def _problem(reply: Reply, code: str) -> dict[str, Any]:
    return {"row": reply.row, "line": reply.number, "code": code, "amount": str(yuan(reply.fen))}


# A line and its payment move in one statement, so that neither can move alone.
PAY = """
    WITH answered AS (
        UPDATE payments_line l SET state = 'paid', answered_at = %s, paid_on = a.day, receipt = a.receipt
        FROM unnest(%s::bigint[], %s::date[], %s::text[]) AS a(id, day, receipt)
        WHERE l.id = a.id AND l.state = 'pending'
        RETURNING l.payment_id
    )
    UPDATE payments_payment p SET state = 'paid', paid_at = %s
    FROM answered WHERE p.id = answered.payment_id AND p.state = 'sent'
"""
GIVE_BACK = """
    WITH answered AS (
        UPDATE payments_line l SET state = 'returned', answered_at = %s, return_code = a.code
        FROM unnest(%s::bigint[], %s::text[]) AS a(id, code)
        WHERE l.id = a.id AND l.state = 'pending'
        RETURNING l.payment_id
    )
    UPDATE payments_payment p SET state = 'returned'
    FROM answered WHERE p.id = answered.payment_id AND p.state = 'sent'
"""


def book_replies(batch: Batch, found: Sorted, *, key: str, by: User | None, now: dt.datetime) -> None:
    """Lines, payments, fund and ledger in one transaction; ``key`` makes it once."""
    paid = _sum(found.paid)
    returned = _sum(found.returned)
    lines = [line for line, _reply in found.paid]
    days, receipts = [reply.paid_on for _, reply in found.paid], [reply.receipt for _, reply in found.paid]
    _move_all(batch, PAY, [now, lines, days, receipts, now], len(lines))
    lines = [line for line, _reply in found.returned]
    codes = [return_code(reply.reason) for _, reply in found.returned]
    _move_all(batch, GIVE_BACK, [now, lines, codes], len(lines))
    settle(batch.fund_id, paid=paid, released=returned)
    for kind, amount in ((FundEntry.Kind.PAID, paid), (FundEntry.Kind.RELEASE, returned)):
        if amount:
            book(batch.fund, kind, amount, key=key, batch=batch, item=batch.item, by=by, now=now)
    _move_batch(batch)


def _move_all(batch: Batch, statement: str, values: list[Any], count: int) -> None:
    """All of them, or the answer is not taken at all."""
    if not count:
        return
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        if cursor.rowcount != count:
            raise ChangedMeanwhile(batch)


def _sum(rows: Iterable[tuple[int, Reply]]) -> Decimal:
    return yuan(sum(reply.fen for _number, reply in rows))


def _move_batch(batch: Batch) -> None:
    unpaid = batch.lines.filter(state__in=[Line.State.PENDING, Line.State.RETURNED]).exists()
    to = Batch.State.PARTLY_PAID if unpaid else Batch.State.PAID
    if batch.state != to:
        move(batch, to)


@transaction.atomic
def settle_answer(answer: AnswerFile, *, note: str, by: User, now: dt.datetime | None = None) -> None:
    """A person has cleared with the bank what in it fitted nothing, and says how."""
    if not note.strip():
        raise WordsNeeded("note")
    answer.settled_note, answer.settled_by, answer.settled_at = note.strip()[:200], by, now or clock.now()
    answer.save(update_fields=["settled_note", "settled_by", "settled_at"])
    record(AnswerSettled(batch_id=answer.batch_id, note=note), by=by)


@transaction.atomic
def close_batch(batch: Batch, *, by: User | None, now: dt.datetime | None = None) -> None:
    """Only when every line is answered, nothing is unsettled and paid plus returned is what was sent."""
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    answered = Q(state__in=[Line.State.PAID, Line.State.RETURNED])
    figures = batch.lines.aggregate(
        waiting=Count("pk", filter=Q(state=Line.State.PENDING)), answered=Sum("amount", filter=answered)
    )
    if figures["waiting"]:
        raise NotYetAnswered(figures["waiting"])
    answers = list(batch.answers.defer("content"))
    if any(answer.waiting_rows for answer in answers):
        raise StillTaking
    if any(answer.is_open for answer in answers):
        raise AnswerUnsettled
    if (figures["answered"] or Decimal(0)) != batch.total:
        raise SumsDiffer(yuan_text(batch.total), yuan_text(figures["answered"] or Decimal(0)))
    move(batch, Batch.State.CLOSED, closed_at=now or clock.now())
    record(BatchClosed(batch_id=batch.pk), by=by)
