"""A bank of our own for tests: it keeps a book, knows file numbers, and returns some lines."""

import os
from collections import Counter
from pathlib import Path

from yiwang.net.payments.formats import answer_file


class Bank:
    """One file for each file number it ever took, written with a rename; a number it knows is not paid again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def pay(self, content: bytes) -> bytes:
        """Pay a file once, whatever is delivered; the answer to one number is always the same."""
        number = content.decode("gb18030").split("\r\n")[0].split(",")[1]
        book = self.folder / f"{number}.paid"
        if not book.exists():
            scratch = self.folder / f"{number}.{os.getpid()}.part"
            scratch.write_bytes(content)
            scratch.rename(book)
        elif book.read_bytes() != content:
            (self.folder / f"{number}.altered").write_bytes(content)
        replies = []
        for line, account, yuan in rows_of(book):
            fen = int(yuan.replace(".", ""))
            if is_returned(line, account):
                replies.append((line, fen, "returned", "账户冻结", "", ""))
            else:
                replies.append((line, fen, "paid", "", "2026-11-06", f"{number}-{line}"))
        return answer_file(number, replies)

    def paid(self) -> Counter:
        """(account, yuan) of every line it really paid, however often."""
        books = self.folder.glob("*.paid")
        return Counter((a, y) for book in books for line, a, y in rows_of(book) if not is_returned(line, a))

    @property
    def complaints(self) -> list[Path]:
        return list(self.folder.glob("*.altered"))


def rows_of(book: Path) -> list[tuple[int, str, str]]:
    rows = [row.split(",") for row in book.read_bytes().decode("gb18030").split("\r\n")[1:-2]]
    return [(int(row[1]), row[2], row[5]) for row in rows]


def is_returned(line: int, account: str) -> bool:
    """Every seventh line of those that still have their first account."""
    return line % 7 == 0 and account.startswith("6228")
