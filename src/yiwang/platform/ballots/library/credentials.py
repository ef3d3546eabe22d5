"""Voting codes (4.8). Only the credential authority makes them; the server gets the public half, shuffled."""

import hashlib
import secrets
from dataclasses import dataclass

from gmpy2 import mpz

from yiwang.platform.ballots.library import group
from yiwang.platform.ballots.library.errors import BallotProblem

LETTERS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
RANDOM = 14
GROUP = 3


def token(length: int = RANDOM) -> str:
    """Random letters that can't be taken for one another."""
    return "".join(secrets.choice(LETTERS) for _ in range(length))


def _check(code: str) -> str:
    number = 0
    for letter in code:
        number = number * len(LETTERS) + LETTERS.index(letter)
    return LETTERS[53 - number % 53]


def new_code() -> str:
    """A secret voting code, XXX-XXX-XXX-XXX-XXX."""
    code = token()
    code += _check(code)
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def secret(code: str, uuid: str) -> mpz:
    """The secret exponent of a code in one election. Raises BallotProblem for a mistyped code."""
    plain = code.strip().replace("-", "")
    if len(plain) != RANDOM + 1 or any(letter not in LETTERS for letter in plain) or _check(plain[:-1]) != plain[-1]:
        raise BallotProblem("mistyped_code", "this is not a voting code; a letter may be mistyped")
    # The derivation is over the code as it is written on paper, with its hyphens.
    written = "-".join(plain[start : start + GROUP] for start in range(0, len(plain), GROUP))
    raw = hashlib.pbkdf2_hmac("sha256", written.encode(), uuid.encode(), 1000, 32)
    return mpz(int.from_bytes(raw, "big")) % group.Q


def public(code: str, uuid: str) -> str:
    return str(group.generate(secret(code, uuid)))


@dataclass(frozen=True)
class Batch:
    """``codes`` in the order of the roll go to the voters; ``public`` is sorted, so that no order tells whose it is."""

    codes: tuple[str, ...]
    public: tuple[str, ...]


def make(uuid: str, voters: int) -> Batch:
    codes = tuple(new_code() for _ in range(voters))
    return Batch(codes, tuple(sorted(public(code, uuid) for code in codes)))
