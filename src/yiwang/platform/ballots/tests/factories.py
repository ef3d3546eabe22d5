"""Elections through the app's own actions."""

import json
from dataclasses import dataclass, field

from gmpy2 import mpz

from yiwang.platform.ballots import actions, queries
from yiwang.platform.ballots.library import canonical, credentials, group, pedersen, proofs, tally, trustees, voting
from yiwang.platform.ballots.library.election import Question
from yiwang.platform.ballots.models import Election

QUESTION = Question("是否通过草案？", ("赞成", "反对", "弃权"), 1, 1)


@dataclass
class Party:
    """An election and the secrets that the server never has: codes and keys."""

    election: Election
    codes: tuple[str, ...]
    keys: dict[int, mpz] = field(default_factory=dict)

    def ballot(self, voter: int, choices=((1, 0, 0),)) -> bytes:
        self.election.refresh_from_db()
        document = queries.document_of(bytes(self.election.document))
        return voting.make_ballot(document, self.codes[voter], choices)

    def cast(self, voter: int, choices=((1, 0, 0),)) -> str:
        raw = self.ballot(voter, choices)
        return actions.cast_ballot(self.election, raw)

    def share(self, owner: int) -> str:
        self.election.refresh_from_db()
        document = queries.document_of(bytes(self.election.document))
        summed = tally.read_tally(document, queries.tally_bytes(self.election))
        return trustees.decrypt(document.hash, summed, self.keys[owner]).decode()

    def give_share(self, owner: int) -> None:
        actions.give_share(self.election.trustees.get(owner=owner), self.share(owner), by=None)


def draft(*, names=("监票人甲",), needed=0) -> Election:
    return actions.draft_election(
        "工资专项集体合同草案表决", questions=[QUESTION], trustees=names, needed=needed, authority="发码组", by=None
    )


def keyed(voters: int = 3) -> Party:
    """One trustee who must come; the roll is frozen."""
    election = draft()
    party = Party(election, freeze(election, voters))
    party.keys[1] = trustees.new_key()
    published = canonical.dump(trustees.trustee_public_key(party.keys[1]))
    actions.give_key(election.trustees.get(), published, by=None)
    return party


def freeze(election: Election, voters: int) -> tuple[str, ...]:
    batch = credentials.make(election.uuid, voters)
    actions.freeze_roll(election, canonical.dump(batch.public), voters=voters, by=None)
    return batch.codes


def opened(voters: int = 3) -> Party:
    party = keyed(voters)
    actions.open_election(party.election, by=None)
    party.election.refresh_from_db()
    return party


def opened_with_threshold(voters: int = 3) -> Party:
    """Two of three trustees suffice; the ceremony goes through the server, step by step."""
    election = draft(names=("工会", "企业", "上级工会"), needed=2)
    party = Party(election, freeze(election, voters))
    rows = list(election.trustees.order_by("owner"))
    seeds = [pedersen.new_seed() for _ in rows]
    for row, seed in zip(rows, seeds, strict=True):
        actions.give_certificate(row, canonical.dump(pedersen.make_certificate(seed)), by=None)
    certs = [canonical.load(row.certificate) for row in rows]
    for row, seed in zip(rows, seeds, strict=True):
        actions.give_polynomial(row, canonical.dump(pedersen.make_polynomial(seed, certs, 2)), by=None)
    for row, seed in zip(rows, seeds, strict=True):
        output = pedersen.make_voutput(seed, certs, queries.vinput_of(row), 2)
        actions.give_output(row, canonical.dump(output), by=None)
        party.keys[row.owner] = pedersen.open_key(seed, row.sealed_key)
    assert group.generate(party.keys[1])
    actions.open_election(election, by=None)
    election.refresh_from_db()
    return party


def spoiled(party: Party, voter: int) -> bytes:
    """A ballot of a broken device: signed with its code, but what is in it is not proved."""
    ballot = json.loads(party.ballot(voter))
    given = ballot["answers"][0]["individual_proofs"]
    given[0], given[1] = given[1], given[0]
    return signed(ballot, credentials.secret(party.codes[voter], party.election.uuid))


def outside(party: Party, voter: int) -> bytes:
    """Signed and proved, but one number has a factor that is not in the subgroup."""
    ballot = json.loads(party.ballot(voter))
    choice = ballot["answers"][0]["choices"][0]
    choice["alpha"] = str(group.P - int(choice["alpha"]))
    return signed(ballot, credentials.secret(party.codes[voter], party.election.uuid))


def signed(ballot: dict, key: mpz) -> bytes:
    del ballot["signature"]
    hashed = canonical.fingerprint(canonical.dump(ballot))
    proof = proofs.prove_knowledge(key, voting._signing(hashed))
    ballot["signature"] = {"hash": hashed, "proof": proofs.write_proof(proof)}
    return canonical.dump(ballot).encode()
