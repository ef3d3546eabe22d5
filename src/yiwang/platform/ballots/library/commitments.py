"""What the verifier of a proof works out anew: its commitments, of many ballots, number by number or in long rows.

``Tables`` does it everywhere; ``Rows`` does the same with the engine of ``machine``. Both give the same numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Protocol

from gmpy2 import mpz

from yiwang.platform.ballots.library import group, machine
from yiwang.platform.ballots.library.group import FixedBase, G, P, Q, powers

Proof = tuple[mpz, mpz]
"""Challenge and response."""

Commitment = tuple[mpz, mpz]


@dataclass(frozen=True)
class Ciphertext:
    alpha: mpz
    beta: mpz

    def __mul__(self, other: "Ciphertext") -> "Ciphertext":
        return Ciphertext(self.alpha * other.alpha % P, self.beta * other.beta % P)

    def document(self) -> dict[str, str]:
        return {"alpha": str(self.alpha), "beta": str(self.beta)}

    def __str__(self) -> str:
        return f"{self.alpha},{self.beta}"


Case = tuple[Ciphertext, int]
"""A ciphertext and the M it is said to hold: that (alpha, beta / g^M) encrypts nought."""


class Commits(Protocol):
    def commitments(self, cases: Sequence[Case], proofs: Sequence[Proof]) -> list[Commitment]:
        """(g^response alpha^challenge, y^response (beta / g^M)^challenge) of each case."""


@dataclass(frozen=True)
class Tables:
    """Powers of g and of the election's key."""

    g: FixedBase
    y: FixedBase

    @classmethod
    def of(cls, key: mpz, width: int = 8) -> "Tables":
        return cls(group.table(G, width), group.table(key, width))

    def commitments(self, cases: Sequence[Case], proofs: Sequence[Proof]) -> list[Commitment]:
        found: list[list[mpz]] = [[], []]
        for side, base_table in enumerate((self.g, self.y)):
            raised: dict[int, mpz] = {}
            for base, places in _bases(cases, side).items():
                raised |= zip(places, powers(base, [proofs[place][0] for place in places]), strict=True)
            for place, ((_, shift), (challenge, response)) in enumerate(zip(cases, proofs, strict=True)):
                number = base_table.power(response) * raised[place] % P
                if side and shift:
                    number = number * self.g.power(-shift * challenge % Q) % P
                found[side].append(number)
        return list(zip(*found, strict=True))


def _bases(cases: Sequence[Case], side: int) -> dict[mpz, list[int]]:
    """Each alpha, or each beta, and the cases it stands in: it is raised to all their challenges at once."""
    places: dict[mpz, list[int]] = {}
    for place, (cipher, _) in enumerate(cases):
        places.setdefault(cipher.beta if side else cipher.alpha, []).append(place)
    return places


class Rows:
    """The same by the engine: a base's powers, times the table's, in one row of multiplications."""

    def __init__(self, engine: machine.Engine, key: mpz, width: int) -> None:
        self.engine = engine
        self.g, self.y = _generator(engine, width), machine.Powers(engine, key, width)

    def commitments(self, cases: Sequence[Case], proofs: Sequence[Proof]) -> list[Commitment]:
        found: list[list[mpz]] = [[mpz(0)] * len(cases), [mpz(0)] * len(cases)]
        engine = self.engine
        with engine.lock:
            for side, table in enumerate((self.g, self.y)):
                for base, places in _bases(cases, side).items():
                    raised = engine.powers(base, [proofs[place][0] for place in places])
                    steps = machine.Steps()
                    for place, power in zip(places, raised, strict=True):
                        (_, shift), (challenge, response) = cases[place], proofs[place]
                        factors = [power, *table.factors(response)]
                        if side and shift:
                            factors += self.g.factors(-shift * challenge % Q)
                        steps.product(power, factors)
                    engine.run(steps)
                    for place, power in zip(places, raised, strict=True):
                        found[side][place] = engine.get(power)
        return list(zip(*found, strict=True))


@cache
def _generator(engine: machine.Engine, width: int) -> machine.Powers:
    return machine.Powers(engine, G, width)


# From so many ballots on, wider tables pay for their making.
MANY = 250


@lru_cache(maxsize=2)
def rows(key: mpz, width: int) -> Rows | None:
    engine = machine.engine(P, G)
    return None if engine is None else Rows(engine, key, width)


def for_many(key: mpz, ballots: int) -> Commits:
    """The quickest way for so many ballots of one election."""
    width = 8 if ballots < MANY else 10
    return rows(key, width) or Tables.of(key, width)
