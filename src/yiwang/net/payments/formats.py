"""The files that banks read and write: canonical bytes out, checked rows in. No table, no clock."""

import csv
import datetime as dt
import hashlib
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Literal

ENCODING = "gb18030"  # what banks read, and it has every character of a name
WIDTHS = (8, 24, 60, 18, 12, 15, 120)  # number, account, name, identity, bank, fen, purpose: in bytes
Status = Literal["paid", "returned"]


class Unreadable(ValueError):
    """``reason`` is a stable word; ``row`` the line of the file, if one is to blame."""

    def __init__(self, reason: str, row: int = 0) -> None:
        super().__init__(f"{reason} in row {row}" if row else reason)
        self.reason = reason
        self.row = row


@dataclass(frozen=True)
class Out:
    """One line as it leaves."""

    number: int
    account: str
    name: str
    identity: str
    bank_code: str
    fen: int
    purpose: str


@dataclass(frozen=True)
class Reply:
    """One line as the bank answers it. ``row`` is its place in the file."""

    row: int
    number: int
    fen: int
    status: Status
    reason: str
    paid_on: dt.date | None
    receipt: str


@dataclass(frozen=True)
class Answer:
    file_number: str
    replies: tuple[Reply, ...]


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def bank_file(file_number: str, lines: Sequence[Out]) -> bytes:
    """Head, one row for each line, tail with count and total: the same lines give the same bytes."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    total = sum(line.fen for line in lines)
    writer.writerow(["H", file_number, len(lines), total])
    writer.writerows(
        ["D", line.number, line.account, line.name, line.bank_code, f"{Decimal(line.fen).scaleb(-2)}", line.purpose]
        for line in lines
    )
    writer.writerow(["T", len(lines), total])
    return out.getvalue().encode(ENCODING)


def card_file(file_number: str, lines: Sequence[Out]) -> bytes:
    """Fixed columns for the social-security card, counted in bytes as mainframes count them."""
    total = sum(line.fen for line in lines)
    rows = [b"H" + _wide(file_number, 40) + _digits(len(lines), 8) + _digits(total, 15)]
    for line in lines:
        cells = (
            _digits(line.number, WIDTHS[0]),
            _wide(line.account, WIDTHS[1]),
            _wide(line.name, WIDTHS[2]),
            _wide(line.identity, WIDTHS[3]),
            _wide(line.bank_code, WIDTHS[4]),
            _digits(line.fen, WIDTHS[5]),
            _wide(line.purpose, WIDTHS[6]),
        )
        rows.append(b"D" + b"".join(cells))
    rows.append(b"T" + _digits(len(lines), 8) + _digits(total, 15))
    return b"\r\n".join(rows) + b"\r\n"


def _digits(number: int, width: int) -> bytes:
    text = str(number).rjust(width, "0")
    if len(text) != width:
        raise ValueError(f"{number} is wider than {width} digits")
    return text.encode("ascii")


def _wide(text: str, width: int) -> bytes:
    """Padded with spaces on the right; a name that is too long is cut between characters, never within one."""
    content = text.encode(ENCODING)
    while len(content) > width:
        text = text[:-1]
        content = text.encode(ENCODING)
    return content.ljust(width, b" ")


def write_file(channel: str, file_number: str, lines: Sequence[Out]) -> bytes:
    return card_file(file_number, lines) if channel == "social_card" else bank_file(file_number, lines)


def answer_file(file_number: str, replies: Iterable[tuple[int, int, Status, str, str, str]]) -> bytes:
    """What a bank sends back: (number, fen, status, reason, day, receipt) for each line; for tests and the demo."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["H", file_number])
    count = total = 0
    for number, fen, status, reason, day, receipt in replies:
        writer.writerow(["R", number, fen, "0" if status == "paid" else "1", reason, day, receipt])
        count, total = count + 1, total + fen
    writer.writerow(["T", count, total])
    return out.getvalue().encode(ENCODING)


def read_answer(content: bytes) -> Answer:
    """Every row, or ``Unreadable``: a file that is cut short, recoded or added to is refused whole."""
    text = _text(content)
    try:
        rows = list(csv.reader(io.StringIO(text)))
    except csv.Error:
        raise Unreadable("encoding") from None
    if not rows or rows[0][:1] != ["H"] or len(rows[0]) < 2:
        raise Unreadable("no_head")
    if rows[-1][:1] != ["T"] or len(rows[-1]) != 3:
        raise Unreadable("truncated")
    replies = tuple(_replies(rows[1:-1]))
    try:
        count, total = int(rows[-1][1]), int(rows[-1][2])
    except ValueError:
        raise Unreadable("truncated") from None
    if count != len(replies) or total != sum(reply.fen for reply in replies):
        raise Unreadable("sums")
    return Answer(rows[0][1].strip(), replies)


def _text(content: bytes) -> str:
    """GB18030 as banks write it, or UTF-8 as spreadsheet programs save it."""
    for encoding in ("utf-8-sig", ENCODING):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("encoding")


def _replies(rows: Sequence[list[str]]) -> Iterator[Reply]:
    for row, cells in enumerate(rows, start=2):
        if len(cells) != 7 or cells[0] != "R" or cells[3] not in ("0", "1"):
            raise Unreadable("row", row)
        try:
            number, fen = int(cells[1]), int(Decimal(cells[2]))
            day = dt.date.fromisoformat(cells[5]) if cells[5] else None
        except (ValueError, InvalidOperation):
            raise Unreadable("row", row) from None
        is_paid = cells[3] == "0"
        if is_paid and (day is None or not cells[6].strip()):
            raise Unreadable("row", row)
        yield Reply(row, number, fen, "paid" if is_paid else "returned", cells[4].strip(), day, cells[6].strip()[:60])
