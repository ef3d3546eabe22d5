"""Making a ballot and judging one (4.11–4.15)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from gmpy2 import mpz

from yiwang.platform.ballots.library import canonical, credentials, group
from yiwang.platform.ballots.library.canonical import array, fields
from yiwang.platform.ballots.library.election import Election, Question
from yiwang.platform.ballots.library.errors import BallotProblem
from yiwang.platform.ballots.library.group import P, Q, digest, random_exponent
from yiwang.platform.ballots.library.proofs import (
    NOTHING,
    Ciphertext,
    Claim,
    Commits,
    Proof,
    Tables,
    first_unproved,
    knows,
    ladder,
    prove_knowledge,
    prove_one_of,
    read_ciphertext,
    read_proof,
    read_proofs,
    write_proof,
)

Choices = Sequence[Sequence[int]]
"""For each question 0 or 1 for each answer, a leading one for “blank” where that is allowed."""

MOST_BYTES = 4_000_000


@dataclass(frozen=True)
class Answer:
    choices: tuple[Ciphertext, ...]
    individual: tuple[tuple[Proof, ...], ...]
    overall: tuple[Proof, ...]
    blank: tuple[Proof, ...]


@dataclass(frozen=True)
class Ballot:
    """One parsed ballot; ``tracking`` is what the voter finds on the board."""

    credential: mpz
    answers: tuple[Answer, ...]
    signed_hash: str
    signature: Proof
    unsigned: str
    tracking: str

    def elements(self) -> list[mpz]:
        """Every number that must belong to the subgroup."""
        return [n for answer in self.answers for cipher in answer.choices for n in (cipher.alpha, cipher.beta)]


def total(ciphers: Sequence[Ciphertext]) -> Ciphertext:
    product = NOTHING
    for cipher in ciphers:
        product *= cipher
    return product


def make_ballot(election: Election, code: str, choices: Choices) -> bytes:
    """The ballot of a voting code, as its bytes go to the box."""
    key = credentials.secret(code, election.uuid)
    credential = group.generate(key)
    context = f"{election.hash}|{credential}"
    if len(choices) != len(election.questions):
        raise BallotProblem("bad_choices", "every question needs an answer")
    tables = Tables.of(election.public_key)
    document: dict[str, Any] = {
        "election_uuid": election.uuid,
        "election_hash": election.hash,
        "credential": str(credential),
        "answers": [
            _make_answer(tables, question, chosen, context)
            for question, chosen in zip(election.questions, choices, strict=True)
        ],
    }
    hashed = canonical.fingerprint(canonical.dump(document))
    proof = prove_knowledge(key, _signing(hashed))
    document["signature"] = {"hash": hashed, "proof": write_proof(proof)}
    return canonical.dump(document).encode()


def is_valid_choice(question: Question, chosen: Sequence[int]) -> bool:
    if len(chosen) != question.width or any(value not in (0, 1) for value in chosen):
        return False
    if question.blank and chosen[0]:
        return sum(chosen) == 1
    return question.least <= sum(chosen) <= question.most


def _make_answer(tables: Tables, question: Question, chosen: Sequence[int], context: str) -> dict[str, Any]:
    if not is_valid_choice(question, chosen):
        raise BallotProblem("bad_choices", "these choices do not fit the question")
    secrets = [random_exponent() for _ in chosen]
    ciphers = [_encrypt(tables, value, secret) for value, secret in zip(chosen, secrets, strict=True)]
    individual = [
        prove_one_of(tables, ladder(cipher, 0, 1), value, secret, f"prove|{context}|{cipher}")
        for cipher, value, secret in zip(ciphers, chosen, secrets, strict=True)
    ]
    answer: dict[str, Any] = {
        "choices": [cipher.document() for cipher in ciphers],
        "individual_proofs": [[write_proof(proof) for proof in proofs] for proofs in individual],
    }
    whole = f"{context}|{','.join(map(str, ciphers))}"
    skip = int(question.blank)
    summed, secret = total(ciphers[skip:]), sum(secrets[skip:], mpz(0)) % Q
    cases = ladder(summed, question.least, question.most)
    if not question.blank:
        place = sum(chosen) - question.least
        overall = prove_one_of(tables, cases, place, secret, f"prove|{whole}|{summed}")
        return {**answer, "overall_proof": [write_proof(proof) for proof in overall]}
    cases = [(ciphers[0], 1), *cases]
    if chosen[0]:
        overall = prove_one_of(tables, cases, 0, secrets[0], f"bproof1|{whole}")
        blank = prove_one_of(tables, [(ciphers[0], 0), (summed, 0)], 1, secret, f"bproof0|{whole}")
    else:
        place = sum(chosen) - question.least + 1
        overall = prove_one_of(tables, cases, place, secret, f"bproof1|{whole}")
        blank = prove_one_of(tables, [(ciphers[0], 0), (summed, 0)], 0, secrets[0], f"bproof0|{whole}")
    return {
        **answer,
        "overall_proof": [write_proof(proof) for proof in overall],
        "blank_proof": [write_proof(proof) for proof in blank],
    }


def _encrypt(tables: Tables, value: int, secret: mpz) -> Ciphertext:
    beta = tables.y.power(secret)
    return Ciphertext(tables.g.power(secret), beta * group.G % P if value else beta)


def _signing(hashed: str) -> Callable[[mpz], mpz]:
    return lambda commitment: digest(f"sig|{hashed}|{commitment}")


def read_ballot(election: Election, raw: bytes) -> Ballot:
    """Parse a ballot and see that it is written exactly as the protocol writes it; proofs are not yet judged."""
    if len(raw) > MOST_BYTES:
        raise BallotProblem("too_large", "a ballot is never this large")
    document = fields(canonical.load(raw), "election_uuid", "election_hash", "credential", "answers", "signature")
    if document["election_uuid"] != election.uuid or document["election_hash"] != election.hash:
        raise BallotProblem("other_election", "the ballot belongs to another election, or to another wording of it")
    signature = fields(document["signature"], "hash", "proof")
    answers = tuple(
        _read_answer(question, value)
        for question, value in zip(election.questions, array(document["answers"], len(election.questions)), strict=True)
    )
    ballot = Ballot(
        credential=group.element(document["credential"]),
        answers=answers,
        signed_hash=canonical.text(signature["hash"]),
        signature=read_proof(signature["proof"]),
        unsigned=_write(election, document["credential"], answers),
        tracking=canonical.fingerprint(raw),
    )
    signed = canonical.dump({"hash": ballot.signed_hash, "proof": write_proof(ballot.signature)})
    # One vote has one spelling: otherwise a copy with a blank more would be another ballot.
    if f'{ballot.unsigned[:-1]},"signature":{signed}}}'.encode() != raw:
        raise BallotProblem("not_canonical", "the ballot is not written as the protocol writes it")
    return ballot


def _read_answer(question: Question, value: Any) -> Answer:
    optional = ("blank_proof",) if question.blank else ()
    found = fields(value, "choices", "individual_proofs", "overall_proof", *optional)
    return Answer(
        choices=tuple(read_ciphertext(item) for item in array(found["choices"], question.width)),
        individual=tuple(tuple(read_proofs(item, 2)) for item in array(found["individual_proofs"], question.width)),
        overall=tuple(read_proofs(found["overall_proof"], question.most - question.least + 1 + question.blank)),
        blank=tuple(read_proofs(found["blank_proof"], 2)) if question.blank else (),
    )


def _write(election: Election, credential: str, answers: Sequence[Answer]) -> str:
    written = []
    for answer in answers:
        document: dict[str, Any] = {
            "choices": [cipher.document() for cipher in answer.choices],
            "individual_proofs": [[write_proof(proof) for proof in proofs] for proofs in answer.individual],
            "overall_proof": [write_proof(proof) for proof in answer.overall],
        }
        if answer.blank:
            document["blank_proof"] = [write_proof(proof) for proof in answer.blank]
        written.append(document)
    return canonical.dump(
        {
            "election_uuid": election.uuid,
            "election_hash": election.hash,
            "credential": credential,
            "answers": written,
        }
    )


def judge_signature(ballot: Ballot) -> None:
    """Whoever cast it has the voting code, and not a letter of it was changed."""
    if canonical.fingerprint(ballot.unsigned) != ballot.signed_hash:
        raise BallotProblem("bad_signature", "the signature is over another ballot")
    if not knows(ballot.credential, ballot.signature, _signing(ballot.signed_hash)):
        raise BallotProblem("bad_signature", "the ballot is not signed with its voting code")


def judge_proofs(election: Election, ballot: Ballot, tables: Commits) -> None:
    """Every proof; membership of its numbers is judged apart, so that many can be judged at once."""
    context = f"{election.hash}|{ballot.credential}"
    claims = [
        claim
        for question, answer in zip(election.questions, ballot.answers, strict=True)
        for claim in _claims(question, answer, context)
    ]
    place = first_unproved(tables, [claim for _false, claim in claims])
    if place is not None:
        raise BallotProblem("bad_proof", claims[place][0])


def _claims(question: Question, answer: Answer, context: str) -> list[tuple[str, Claim]]:
    """What an answer claims, each with what is said if it is not proved."""
    written = [str(cipher) for cipher in answer.choices]
    found = [
        ("a choice is not proved to be 0 or 1", Claim(ladder(cipher, 0, 1), proofs, f"prove|{context}|{text}"))
        for cipher, proofs, text in zip(answer.choices, answer.individual, written, strict=True)
    ]
    whole = f"{context}|{','.join(written)}"
    summed = total(answer.choices[int(question.blank) :])
    cases = ladder(summed, question.least, question.most)
    fits = "the number of choices is not proved to fit the question"
    if not question.blank:
        return [*found, (fits, Claim(cases, answer.overall, f"prove|{whole}|{summed}"))]
    first = answer.choices[0]
    return [
        *found,
        (fits, Claim([(first, 1), *cases], answer.overall, f"bproof1|{whole}")),
        (
            "a blank vote is not proved to be blank",
            Claim([(first, 0), (summed, 0)], answer.blank, f"bproof0|{whole}"),
        ),
    ]


def judge_alone(election: Election, ballot: Ballot) -> None:
    """Everything about one parsed ballot that does not need the roll. Raises BallotProblem."""
    for number in (ballot.credential, *ballot.elements()):
        group.require_member(number)
    judge_signature(ballot)
    judge_proofs(election, ballot, Tables.of(election.public_key))


def judge_contents(election: Election, ballot: Ballot) -> None:
    """Numbers and proofs of one ballot whose signature was judged. Raises BallotProblem."""
    for number in ballot.elements():
        group.require_member(number)
    judge_proofs(election, ballot, Tables.of(election.public_key))


def check_ballot(election: Election, raw: bytes) -> Ballot:
    """Parse and judge one ballot. Raises BallotProblem."""
    ballot = read_ballot(election, raw)
    judge_alone(election, ballot)
    return ballot
