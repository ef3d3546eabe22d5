"""Zero-knowledge proofs: knowledge of a key, and that a ciphertext holds one of several values (4.5, 4.12, 4.13)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from gmpy2 import mpz

from yiwang.platform.ballots.library import group
from yiwang.platform.ballots.library.canonical import array, fields
from yiwang.platform.ballots.library.errors import BallotProblem
from yiwang.platform.ballots.library.group import FixedBase, P, Q, digest, power, powers, random_exponent

Proof = tuple[mpz, mpz]
"""Challenge and response."""

_ONE_STEP_DOWN = group.inverse(group.G)


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


NOTHING = Ciphertext(mpz(1), mpz(1))


@dataclass(frozen=True)
class Tables:
    """Powers of g and of the election's key."""

    g: FixedBase
    y: FixedBase

    @classmethod
    def of(cls, key: mpz, width: int = 8) -> "Tables":
        return cls(group.table(group.G, width), group.table(key, width))


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


def ladder(cipher: Ciphertext, least: int, most: int) -> list[Ciphertext]:
    """(alpha, beta / g^M) for each M from least to most."""
    beta = cipher.beta
    for _ in range(least):
        beta = beta * _ONE_STEP_DOWN % P
    steps = [Ciphertext(cipher.alpha, beta)]
    for _ in range(most - least):
        beta = beta * _ONE_STEP_DOWN % P
        steps.append(Ciphertext(cipher.alpha, beta))
    return steps


def prove_one_of(tables: Tables, cases: Sequence[Ciphertext], true: int, secret: mpz, prefix: str) -> list[Proof]:
    """One of ``cases`` (the one at ``true``) encrypts zero; the others are simulated."""
    proofs: list[Proof] = []
    commitments: list[str] = []
    nonce = random_exponent()
    for place, case in enumerate(cases):
        if place == true:
            proofs.append((mpz(0), mpz(0)))
            commitments.append(f"{tables.g.power(nonce)},{tables.y.power(nonce)}")
            continue
        proof = (random_exponent(), random_exponent())
        proofs.append(proof)
        commitments.append(_commitment(tables, case, proof))
    asked = (digest(f"{prefix}|{','.join(commitments)}") - sum(proof[0] for proof in proofs)) % Q
    proofs[true] = (asked, (nonce - secret * asked) % Q)
    return proofs


def is_one_of(tables: Tables, cases: Sequence[Ciphertext], proofs: Sequence[Proof], prefix: str) -> bool:
    """The commitments follow from challenges and responses; their hash must be the sum of the challenges."""
    raised = _raised([case.alpha for case in cases], [proof[0] for proof in proofs])
    commitments = []
    for case, alpha, (challenge, response) in zip(cases, raised, proofs, strict=True):
        second = tables.y.power(response) * power(case.beta, challenge) % P
        commitments.append(f"{tables.g.power(response) * alpha % P},{second}")
    return bool(digest(f"{prefix}|{','.join(commitments)}") == sum([proof[0] for proof in proofs]) % Q)


def _raised(bases: Sequence[mpz], numbers: Sequence[mpz]) -> list[mpz]:
    """Each base to its number; a base that stands there several times is raised to all of them at once."""
    places: dict[mpz, list[int]] = {}
    for place, base in enumerate(bases):
        places.setdefault(base, []).append(place)
    found: dict[int, mpz] = {}
    for base, at in places.items():
        wanted = [numbers[place] for place in at]
        found |= zip(at, powers(base, wanted) if len(at) > 1 else [power(base, wanted[0])], strict=True)
    return [found[place] for place in range(len(bases))]


def _commitment(tables: Tables, case: Ciphertext, proof: Proof) -> str:
    challenge, response = proof
    first = tables.g.power(response) * power(case.alpha, challenge) % P
    second = tables.y.power(response) * power(case.beta, challenge) % P
    return f"{first},{second}"
