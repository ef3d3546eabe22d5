"""Whole elections in memory for tests and benchmarks: authority, trustees and voters in one place, as never in life."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from gmpy2 import mpz

from yiwang.platform.ballots.library import canonical, credentials, holding, pedersen, trustees, verifying
from yiwang.platform.ballots.library.archive import Archive
from yiwang.platform.ballots.library.election import Election, Question, write_election
from yiwang.platform.ballots.library.proofs import Ciphertext
from yiwang.platform.ballots.library.trustees import Tally, Trustees
from yiwang.platform.ballots.library.voting import check_ballot, make_ballot

TEN = Question("Choose one", tuple(f"Candidate {n}" for n in range(1, 11)), 0, 1)
TIMESTAMP = 1_795_384_000


@dataclass
class Held:
    """An election with everybody's secrets."""

    archive: Archive
    election: Election
    setup: verifying.Setup
    codes: tuple[str, ...]
    keys: dict[int, mpz]
    cast: list[tuple[mpz, list[list[Ciphertext]]]] = field(default_factory=list)
    summed: Tally = field(default_factory=list)

    def vote(self, voter: int, choices: Sequence[Sequence[int]]) -> bytes:
        raw = make_ballot(self.election, self.codes[voter], choices)
        self.put(raw)
        return raw

    def put(self, raw: bytes) -> None:
        ballot = check_ballot(self.election, raw)
        self.archive.add("Ballot", raw)
        self.cast.append((ballot.credential, [list(answer.choices) for answer in ballot.answers]))

    def close(self) -> None:
        self.summed = holding.close(self.archive, self.cast, self.setup)

    def decrypt(self, *owners: int) -> list[list[int]]:
        for owner in owners:
            share = trustees.decrypt(self.election.hash, self.summed, self.keys[owner])
            holding.add_share(self.archive, self.setup, self.summed, owner, share)
        return holding.publish(self.archive, self.setup, self.summed, len({code for code, _ in self.cast}))

    @property
    def raw(self) -> bytes:
        return bytes(self.archive.written)


@dataclass
class Ceremony:
    """A threshold key made by its trustees, message by message."""

    seeds: list[pedersen.Seed]
    certs: list[dict[str, object]]
    polynomials: list[dict[str, object]]
    outputs: list[dict[str, object]]
    published: dict[str, object]

    @property
    def keys(self) -> list[mpz]:
        return [
            pedersen.open_key(seed, str(output["private_key"]))
            for seed, output in zip(self.seeds, self.outputs, strict=True)
        ]


def hold_ceremony(needed: int, of: int) -> Ceremony:
    seeds = [pedersen.new_seed() for _ in range(of)]
    certs = [pedersen.make_certificate(seed) for seed in seeds]
    polynomials = [pedersen.make_polynomial(seed, certs, needed) for seed in seeds]
    vinputs = pedersen.make_vinputs(polynomials)
    outputs = [pedersen.make_voutput(seed, certs, vinput, needed) for seed, vinput in zip(seeds, vinputs, strict=True)]
    published = pedersen.make_threshold(needed, certs, polynomials, outputs)
    return Ceremony(seeds, certs, polynomials, outputs, published)


def hold(
    questions: Sequence[Question], *, voters: int, singles: int = 1, threshold: tuple[int, int] | None = None
) -> Held:
    """An open election. Owners are numbered from 1: the single trustees, then those of the threshold."""
    uuid = credentials.token()
    secrets = [trustees.new_key() for _ in range(singles)]
    items = [("Single", trustees.trustee_public_key(secret)) for secret in secrets]
    if threshold:
        ceremony = hold_ceremony(*threshold)
        items.append(("Pedersen", ceremony.published))
        secrets += ceremony.keys
    written = trustees.write_trustees(items)
    raw = write_election(
        uuid=uuid,
        name="Workers' congress",
        description="Skill-grade wages",
        public_key=Trustees.read(written).public_key,
        questions=questions,
        administrator="Secretariat",
        credential_authority="Scrutineers",
    )
    batch = credentials.make(uuid, voters)
    roll = canonical.dump(batch.public).encode()
    archive = Archive.begin(TIMESTAMP, election=raw, trustees=written, credentials=roll)
    setup = verifying.read_setup(archive)
    return Held(archive, setup.election, setup, batch.codes, dict(enumerate(secrets, 1)))
