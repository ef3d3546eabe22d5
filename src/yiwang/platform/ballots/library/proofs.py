"""Zero-knowledge proofs: knowledge of a key, and that a ciphertext holds one of several values (4.5, 4.12, 4.13)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from gmpy2 import mpz

from yiwang.platform.ballots.library import group
from yiwang.platform.ballots.library.canonical import array, fields
from yiwang.platform.ballots.library.commitments import Case, Ciphertext, Commitment, Commits, Proof, Tables
from yiwang.platform.ballots.library.errors import BallotProblem
from yiwang.platform.ballots.library.group import P, Q, digest, power, random_exponent

__all__ = [
    "NOTHING",
    "Case",
    "Ciphertext",
    "Claim",
    "Commits",
    "Proof",
    "Tables",
    "first_unproved",
    "knows",
    "ladder",
    "prove_knowledge",
    "prove_one_of",
    "read_ciphertext",
    "read_proof",
    "read_proofs",
    "write_proof",
]

NOTHING = Ciphertext(mpz(1), mpz(1))


def write_proof(proof: Proof) -> dict[str, str]:
    return {"challenge": str(proof[0]), "response": str(proof[1])}


def read_proof(value: Any) -> Proof:
    if not isinstance(value, dict) or len(value) != 2:
        raise BallotProblem("malformed", "a proof was expected")
    return group.exponent(value.get("challenge")), group.exponent(value.get("response"))


def read_proofs(value: Any, length: int) -> list[Proof]:
    return [read_proof(item) for item in array(value, length)]


def read_ciphertext(value: Any) -> Ciphertext:
    found = fields(value, "alpha", "beta")
    return Ciphertext(group.element(found["alpha"]), group.element(found["beta"]))


def prove_knowledge(secret: mpz, challenge: Callable[[mpz], mpz]) -> Proof:
    """Schnorr: knows the logarithm; ``challenge`` hashes the commitment with what is proved."""
    nonce = random_exponent()
    asked = challenge(group.generate(nonce))
    return asked, (nonce - secret * asked) % Q


def knows(public: mpz, proof: Proof, challenge: Callable[[mpz], mpz]) -> bool:
    asked, response = proof
    return bool(challenge(group.generate(response) * power(public, asked) % P) == asked)


def ladder(cipher: Ciphertext, least: int, most: int) -> list[Case]:
    """That it holds M, for each M from least to most."""
    return [(cipher, held) for held in range(least, most + 1)]


def prove_one_of(tables: Tables, cases: Sequence[Case], true: int, secret: mpz, prefix: str) -> list[Proof]:
    """The case at ``true`` holds; the others are simulated."""
    others = [place for place in range(len(cases)) if place != true]
    simulated = [(random_exponent(), random_exponent()) for _ in others]
    commitments = tables.commitments([cases[place] for place in others], simulated)
    nonce = random_exponent()
    commitments.insert(true, (tables.g.power(nonce), tables.y.power(nonce)))
    asked = (_asked(prefix, commitments) - sum(proof[0] for proof in simulated)) % Q
    simulated.insert(true, (asked, (nonce - secret * asked) % Q))
    return simulated


@dataclass(frozen=True)
class Claim:
    """That one of the cases holds, with its proof and what its hash begins with."""

    cases: Sequence[Case]
    proofs: Sequence[Proof]
    prefix: str


def first_unproved(tables: Commits, claims: Sequence[Claim]) -> int | None:
    """The place of the first claim that is not proved.

    Of each claim the commitments follow from challenges and responses; their hash must be the sum of the challenges.
    They are worked out for all claims at once: a number that stands in several is raised to all their challenges.
    """
    cases = [case for claim in claims for case in claim.cases]
    commitments = iter(tables.commitments(cases, [proof for claim in claims for proof in claim.proofs]))
    for place, claim in enumerate(claims):
        asked = _asked(claim.prefix, list(islice(commitments, len(claim.cases))))
        if asked != sum([proof[0] for proof in claim.proofs]) % Q:
            return place
    return None


def _asked(prefix: str, commitments: Sequence[Commitment]) -> mpz:
    return digest(f"{prefix}|{','.join(f'{first},{second}' for first, second in commitments)}")
