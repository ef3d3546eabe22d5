"""Keys of trustees (4.5, 4.7) and their partial decryptions (4.18)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from gmpy2 import mpz

from yiwang.platform.ballots.library import canonical, group, pedersen
from yiwang.platform.ballots.library.canonical import array, fields
from yiwang.platform.ballots.library.errors import BallotProblem
from yiwang.platform.ballots.library.group import P, Q, digest, power, random_exponent
from yiwang.platform.ballots.library.pedersen import Threshold
from yiwang.platform.ballots.library.proofs import Ciphertext, Proof, read_proofs, write_proof

Tally = list[list[Ciphertext]]
new_key = random_exponent
trustee_public_key = pedersen.trustee_public_key
read_public_key = pedersen.read_public_key


@dataclass(frozen=True)
class Single:
    """One trustee without whom nothing is decrypted."""

    public_key: mpz

    @property
    def keys(self) -> tuple[mpz, ...]:
        return (self.public_key,)

    @property
    def needed(self) -> int:
        return 1


Kind = Single | Threshold


@dataclass(frozen=True)
class Trustees:
    """Everyone who holds a key; owners are numbered from 1 over all kinds."""

    kinds: tuple[Kind, ...]

    @property
    def public_key(self) -> mpz:
        return group.product(kind.public_key for kind in self.kinds)

    @property
    def keys(self) -> list[mpz]:
        """The verification key of owner 1, 2, …"""
        return [key for kind in self.kinds for key in kind.keys]

    @classmethod
    def read(cls, raw: bytes) -> "Trustees":
        """Parse and check every proof and signature of the setup."""
        kinds: list[Kind] = []
        for item in array(canonical.load(raw)):
            kind, value = array(item, 2)
            if kind == "Single":
                kinds.append(Single(read_public_key(value)))
            elif kind == "Pedersen":
                kinds.append(pedersen.read_threshold(value))
            else:
                raise BallotProblem("malformed", "a trustee is Single or Pedersen")
        if not kinds:
            raise BallotProblem("no_trustee", "nobody holds a key")
        return cls(tuple(kinds))

    def combine(self, shares: dict[int, list[list[mpz]]]) -> list[list[mpz]]:
        """The factor of each ciphertext out of checked shares by owner. Raises if too few are there."""
        factors: list[list[mpz]] | None = None
        first = 1
        for kind in self.kinds:
            owners = range(first, first + len(kind.keys))
            first += len(kind.keys)
            present = [owner for owner in owners if owner in shares][: kind.needed]
            if len(present) < kind.needed:
                missing = kind.needed - len(present)
                raise BallotProblem("too_few_shares", f"{missing} more partial decryptions are needed")
            places = [owner - owners.start + 1 for owner in present]
            weights = [pedersen.lagrange(places, place) for place in places] if len(owners) > 1 else [mpz(1)]
            part = [
                [group.product(power(number, weight) for number, weight in zip(numbers, weights, strict=True))
                 for numbers in zip(*rows, strict=True)]
                for rows in zip(*(shares[owner] for owner in present), strict=True)
            ]  # fmt: skip
            factors = part if factors is None else _times(factors, part)
        assert factors is not None
        return factors


def _times(left: list[list[mpz]], right: list[list[mpz]]) -> list[list[mpz]]:
    return [[a * b % P for a, b in zip(x, y, strict=True)] for x, y in zip(left, right, strict=True)]


def write_trustees(items: Sequence[tuple[str, dict[str, Any]]]) -> bytes:
    """[["Single", …], ["Pedersen", …]]."""
    return canonical.dump([list(item) for item in items]).encode()


def decrypt(election_hash: str, tally: Tally, secret: mpz) -> bytes:
    """A trustee's share of the decryption, with proofs that it was made with the trustee's own key."""
    public = group.generate(secret)
    factors: list[list[str]] = []
    proofs: list[list[dict[str, str]]] = []
    for row in tally:
        factors.append([str(power(cipher.alpha, secret)) for cipher in row])
        proofs.append([write_proof(_prove(election_hash, public, cipher, secret)) for cipher in row])
    return canonical.dump({"decryption_factors": factors, "decryption_proofs": proofs}).encode()


def _hash(election_hash: str, public: mpz) -> Callable[[mpz, mpz], mpz]:
    return lambda first, second: digest(f"decrypt|{election_hash}|{public}|{first},{second}")


def _prove(election_hash: str, public: mpz, cipher: Ciphertext, secret: mpz) -> Proof:
    nonce = random_exponent()
    asked = _hash(election_hash, public)(group.generate(nonce), power(cipher.alpha, nonce))
    return asked, (nonce - secret * asked) % Q


def read_decryption(election_hash: str, tally: Tally, public: mpz, raw: bytes) -> list[list[mpz]]:
    """The factors of a share, every proof checked. Raises BallotProblem for a share that lies."""
    document = fields(canonical.load(raw), "decryption_factors", "decryption_proofs")
    rows = array(document["decryption_factors"], len(tally))
    proof_rows = array(document["decryption_proofs"], len(tally))
    factors: list[list[mpz]] = []
    asked_for = _hash(election_hash, public)
    for row, values, written in zip(tally, rows, proof_rows, strict=True):
        numbers = [group.element(value) for value in array(values, len(row))]
        for cipher, number, (asked, response) in zip(row, numbers, read_proofs(written, len(row)), strict=True):
            first = group.generate(response) * power(public, asked) % P
            second = power(cipher.alpha, response) * power(number, asked) % P
            if asked_for(first, second) != asked:
                raise BallotProblem("bad_decryption", "the share is not proved to come from the trustee's key")
        factors.append(numbers)
    everything = [number for row in factors for number in row]
    for number in everything:
        group.require_member(number)
    return factors
