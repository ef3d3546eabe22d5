"""Counting under encryption, and reading the sum (4.16, 4.19)."""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from gmpy2 import mpz

from yiwang.platform.ballots.library import canonical, group
from yiwang.platform.ballots.library.canonical import array
from yiwang.platform.ballots.library.election import Election
from yiwang.platform.ballots.library.errors import BallotProblem
from yiwang.platform.ballots.library.group import P
from yiwang.platform.ballots.library.proofs import NOTHING, Ciphertext, read_ciphertext
from yiwang.platform.ballots.library.trustees import Tally

Ciphers = list[list[Ciphertext]]


class Cast(Protocol):
    @property
    def credential(self) -> mpz: ...


def last_ballots(ballots: Iterable[Cast]) -> list[Any]:
    """Of each voting code the last ballot only, in the order of the last ones (4.15)."""
    kept: dict[mpz, Cast] = {}
    for ballot in ballots:
        kept.pop(ballot.credential, None)
        kept[ballot.credential] = ballot
    return list(kept.values())


def add(election: Election, votes: Iterable[tuple[Ciphers, int]]) -> Tally:
    """The product of all ciphertexts at each place, each as often as its weight."""
    total = [[NOTHING] * question.width for question in election.questions]
    for ciphers, weight in votes:
        for row, answers in zip(total, ciphers, strict=True):
            for place, cipher in enumerate(answers):
                row[place] *= cipher if weight == 1 else _times(cipher, weight)
    return total


def _times(cipher: Ciphertext, weight: int) -> Ciphertext:
    return Ciphertext(group.power(cipher.alpha, mpz(weight)), group.power(cipher.beta, mpz(weight)))


def write_tally(tally: Tally) -> bytes:
    return canonical.dump([[cipher.document() for cipher in row] for row in tally]).encode()


def read_tally(election: Election, raw: bytes) -> Tally:
    rows = array(canonical.load(raw), len(election.questions))
    return [
        [read_ciphertext(item) for item in array(row, question.width)]
        for question, row in zip(election.questions, rows, strict=True)
    ]


def read_result(tally: Tally, factors: list[list[mpz]], weight: int) -> list[list[int]]:
    """The counts: logarithms that can't exceed the total weight, looked up in a table."""
    logarithms = _logarithms(weight)
    counts = []
    for row, parts in zip(tally, factors, strict=True):
        found = [logarithms.get(c.beta * group.inverse(part) % P) for c, part in zip(row, parts, strict=True)]
        if None in found:
            raise BallotProblem("no_result", "the shares do not open the tally")
        counts.append([count for count in found if count is not None])
    return counts


def _logarithms(most: int) -> Mapping[mpz, int]:
    found: dict[mpz, int] = {}
    number = mpz(1)
    for count in range(most + 1):
        found[number] = count
        number = number * group.G % P
    return found
