"""Threshold keys that no single trustee ever holds (4.6): certificates, polynomials, and what each trustee checks."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESCCM
from gmpy2 import mpz

from yiwang.platform.ballots.library import canonical, credentials, group
from yiwang.platform.ballots.library.canonical import array, fields
from yiwang.platform.ballots.library.errors import BallotProblem
from yiwang.platform.ballots.library.group import P, Q, digest, power, random_exponent
from yiwang.platform.ballots.library.proofs import knows, prove_knowledge, read_proof, write_proof

SEED_LENGTH = 22
TAG = 8
NONCE = 13


def trustee_public_key(secret: mpz) -> dict[str, Any]:
    """The public half with a proof that the trustee knows the secret one."""
    public = group.generate(secret)
    return {"pok": write_proof(prove_knowledge(secret, _possession(public))), "public_key": str(public)}


def read_public_key(value: Any) -> mpz:
    found = fields(value, "pok", "public_key")
    public = group.element(found["public_key"])
    group.require_member(public)
    if not knows(public, read_proof(found["pok"]), _possession(public)):
        raise BallotProblem("bad_key_proof", "a trustee does not prove to know the key")
    return public


def _possession(public: mpz) -> Callable[[mpz], mpz]:
    return lambda commitment: digest(f"pok|{group.NAME}|{public}|{commitment}")


@dataclass(frozen=True)
class Threshold:
    """Some of several trustees suffice."""

    needed: int
    public_key: mpz
    keys: tuple[mpz, ...]


@dataclass(frozen=True)
class Seed:
    """A trustee's secret of the key ceremony: 22 letters, from which signing and decryption keys follow."""

    letters: str

    @property
    def signing(self) -> mpz:
        return digest(f"sk|{self.letters}")

    @property
    def opening(self) -> mpz:
        return digest(f"dk|{self.letters}")


def new_seed() -> Seed:
    return Seed(credentials.token(SEED_LENGTH))


# Signed messages and channels


def _sign(key: mpz, message: str) -> dict[str, Any]:
    proof = prove_knowledge(key, lambda commitment: digest(f"sigmsg|{message}|{commitment}"))
    return {"message": message, "signature": write_proof(proof)}


def _open_signed(value: Any, key: mpz, who: str) -> Any:
    found = fields(value, "message", "signature")
    message = canonical.text(found["message"])
    if not knows(key, read_proof(found["signature"]), lambda made: digest(f"sigmsg|{message}|{made}")):
        raise BallotProblem("bad_trustee_signature", f"the signature of {who} does not fit")
    return canonical.load(message)


def _cipher(shared: mpz, alpha: mpz) -> tuple[AESCCM, bytes]:
    key = hashlib.sha256(f"key|{shared}".encode()).digest()
    return AESCCM(key, tag_length=TAG), hashlib.sha256(f"iv|{alpha}".encode()).digest()[:NONCE]


def send(signing: mpz, recipient: mpz, message: str) -> str:
    """Signed, then encrypted to the recipient's key."""
    inner = canonical.dump({"recipient": str(recipient), "message": message})
    nonce, shared = random_exponent(), group.generate(random_exponent())
    alpha = group.generate(nonce)
    cipher, vector = _cipher(shared, alpha)
    data = cipher.encrypt(vector, canonical.dump(_sign(signing, inner)).encode(), None)
    beta = power(recipient, nonce) * shared % P
    return canonical.dump({"alpha": str(alpha), "beta": str(beta), "data": data.hex()})


def receive(opening: mpz, sender: mpz, text: str) -> str:
    """What ``sender`` sent to us. Raises BallotProblem if it was altered or meant for another."""
    found = fields(canonical.load(text), "alpha", "beta", "data")
    alpha, beta = group.element(found["alpha"]), group.element(found["beta"])
    cipher, vector = _cipher(beta * group.inverse(power(alpha, opening)) % P, alpha)
    try:
        plain = cipher.decrypt(vector, bytes.fromhex(canonical.text(found["data"])), None)
    except (InvalidTag, ValueError) as reason:
        raise BallotProblem("bad_channel", "a message between trustees can't be opened") from reason
    inner = fields(_open_signed(canonical.load(plain), sender, "a trustee"), "recipient", "message")
    if group.element(inner["recipient"]) != group.generate(opening):
        raise BallotProblem("bad_channel", "a message between trustees was meant for another")
    return canonical.text(inner["message"])


# The five steps


@dataclass(frozen=True)
class Certificate:
    verification: mpz
    encryption: mpz


def make_certificate(seed: Seed) -> dict[str, Any]:
    """Step 1, trustee."""
    verification, encryption = group.generate(seed.signing), group.generate(seed.opening)
    message = canonical.dump({"verification": str(verification), "encryption": str(encryption)})
    return _sign(seed.signing, message)


def read_certificate(value: Any) -> Certificate:
    """Step 2, server and every trustee."""
    message = fields(canonical.load(canonical.text(fields(value, "message", "signature")["message"])),
                     "verification", "encryption")  # fmt: skip
    found = Certificate(group.element(message["verification"]), group.element(message["encryption"]))
    for number in (found.verification, found.encryption):
        group.require_member(number)
    _open_signed(value, found.verification, "a certificate")
    return found


def make_polynomial(seed: Seed, certs: Sequence[Any], needed: int) -> dict[str, Any]:
    """Step 3, trustee: a random polynomial, its values sent to the others under their keys."""
    known = [read_certificate(cert) for cert in certs]
    own = group.generate(seed.opening)
    if own not in [cert.encryption for cert in known]:
        raise BallotProblem("foreign_certificates", "our own certificate is not among them")
    if not 1 <= needed <= len(known):
        raise BallotProblem("bad_threshold", "the threshold must lie between one and the number of trustees")
    numbers = [random_exponent() for _ in range(needed)]
    raw = canonical.dump({"polynomial": [str(number) for number in numbers]})
    values = [_value(numbers, place) for place in range(1, len(known) + 1)]
    published = canonical.dump({"coefexps": [str(group.generate(number)) for number in numbers]})
    return {
        "polynomial": send(seed.signing, own, raw),
        "secrets": [
            send(seed.signing, cert.encryption, canonical.dump({"secret": str(value)}))
            for cert, value in zip(known, values, strict=True)
        ],
        "coefexps": _sign(seed.signing, published),
    }


def _value(numbers: Sequence[mpz], place: int) -> mpz:
    total = mpz(0)
    for number in reversed(numbers):
        total = (total * place + number) % Q
    return total


def read_exponents(value: Any, cert: Certificate) -> list[mpz]:
    """The published powers of one trustee's coefficients, signature checked."""
    message = fields(_open_signed(value, cert.verification, "a polynomial"), "coefexps")
    numbers = [group.element(number) for number in array(message["coefexps"])]
    for number in numbers:
        group.require_member(number)
    return numbers


def _expected(exponents: Sequence[mpz], place: int) -> mpz:
    total = mpz(1)
    for number in reversed(exponents):
        total = power(total, mpz(place)) * number % P
    return total


def make_vinputs(polynomials: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Step 4, server: to each trustee the secrets meant for it."""
    published = [polynomial["coefexps"] for polynomial in polynomials]
    return [
        {
            "polynomial": polynomial["polynomial"],
            "secrets": [sender["secrets"][place] for sender in polynomials],
            "coefexps": published,
        }
        for place, polynomial in enumerate(polynomials)
    ]


def make_voutput(seed: Seed, certs: Sequence[Any], vinput: dict[str, Any], needed: int) -> dict[str, Any]:
    """Step 5, trustee: check what the others sent, keep the sum as decryption key under our own key."""
    known = [read_certificate(cert) for cert in certs]
    own = group.generate(seed.opening)
    places = [place for place, cert in enumerate(known, 1) if cert.encryption == own]
    if len(places) != 1:
        raise BallotProblem("foreign_certificates", "our own certificate is not among them")
    total = mpz(0)
    sent, published = array(vinput["secrets"], len(known)), array(vinput["coefexps"], len(known))
    for cert, secret, exponents in zip(known, sent, published, strict=True):
        powers = read_exponents(exponents, cert)
        message = fields(canonical.load(receive(seed.opening, cert.verification, secret)), "secret")
        value = _sum(message["secret"])
        if len(powers) != needed or group.generate(value) != _expected(powers, places[0]):
            raise BallotProblem("lying_trustee", "a trustee sent a secret that does not fit its polynomial")
        total = (total + value) % Q
    key = canonical.dump({"decryption_key": str(total)})
    return {"private_key": send(seed.signing, own, key), "public_key": trustee_public_key(total)}


def make_threshold(needed: int, certs: Sequence[Any], polynomials: Sequence[Any], outputs: Sequence[Any]) -> Any:
    """Step 6, server: what is published. Raises BallotProblem if a trustee's key does not follow from the rest."""
    document = {
        "threshold": needed,
        "certs": list(certs),
        "coefexps": [polynomial["coefexps"] for polynomial in polynomials],
        "verification_keys": [output["public_key"] for output in outputs],
    }
    read_threshold(document)
    return document


def open_key(seed: Seed, text: str) -> mpz:
    """The trustee's decryption key out of what the server keeps for it."""
    message = fields(canonical.load(receive(seed.opening, group.generate(seed.signing), text)), "decryption_key")
    return _sum(message["decryption_key"])


def _sum(value: Any) -> mpz:
    """A sum of exponents modulo q; other programs of the protocol send it as it is, not reduced."""
    written = canonical.text(value)
    if not (written.isascii() and written.isdigit()) or len(written) > 2 * group.EXPONENT_DIGITS:
        raise BallotProblem("malformed", "a secret between trustees is not a number")
    return mpz(written) % Q


def read_threshold(value: Any) -> Threshold:
    """Published parameters, with every signature and the relation of all keys checked."""
    found = fields(value, "threshold", "certs", "coefexps", "verification_keys")
    needed = canonical.count(found["threshold"])
    certs = [read_certificate(cert) for cert in array(found["certs"])]
    if not 1 <= needed <= len(certs):
        raise BallotProblem("bad_threshold", "the threshold must lie between one and the number of trustees")
    published = array(found["coefexps"], len(certs))
    powers = [read_exponents(item, cert) for item, cert in zip(published, certs, strict=True)]
    if any(len(row) != needed for row in powers):
        raise BallotProblem("bad_threshold", "a trustee's polynomial has another degree")
    keys = [read_public_key(item) for item in array(found["verification_keys"], len(certs))]
    for place, key in enumerate(keys, 1):
        if key != group.product(_expected(row, place) for row in powers):
            raise BallotProblem("lying_trustee", f"the key of trustee {place} does not follow from the polynomials")
    return Threshold(needed, group.product(row[0] for row in powers), tuple(keys))


def lagrange(places: Sequence[int], place: int) -> mpz:
    """The weight of one share among those at ``places``, modulo q."""
    above, below = mpz(1), mpz(1)
    for other in places:
        if other != place:
            above = above * other % Q
            below = below * (other - place) % Q
    return above * pow(below, -1, Q) % Q
