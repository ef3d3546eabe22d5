"""A whole secret vote with everybody's secrets in one place, as never in life."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from yiwang.platform.ballots import queries as box
from yiwang.platform.ballots.actions import cast_ballot
from yiwang.platform.ballots.library import canonical, credentials, pedersen, tally, trustees, voting
from yiwang.platform.ballots.models import Election
from yiwang.rights.congress import actions, queries
from yiwang.rights.congress.models import SecretBallot, Session
from yiwang.rights.congress.tests import factories as made


@dataclass
class Held:
    """A ballot and what the server never has: the codes and the keys."""

    cast_of: Any
    session: Session
    ballot: SecretBallot
    codes: tuple[str, ...] = ()
    keys: list[Any] = field(default_factory=list)

    @property
    def election(self) -> Election:
        return Election.objects.get(pk=self.ballot.election_id)

    @property
    def archive(self) -> bytes:
        return box.archive_bytes(self.election)

    def paper(self, voter: int, choices: Sequence[Sequence[int]]) -> bytes:
        document = box.document_of(bytes(self.election.document))
        return voting.make_ballot(document, self.codes[voter], choices)

    def cast(self, voter: int, choices: Sequence[Sequence[int]]) -> str:
        return cast_ballot(self.election, self.paper(voter, choices))

    def share(self, place: int) -> bool:
        """One holder's part, made from the archive's own tally."""
        election = self.election
        document = box.document_of(bytes(election.document))
        summed = tally.read_tally(document, box.tally_bytes(election))
        made_share = trustees.decrypt(document.hash, summed, self.keys[place]).decode()
        holder = queries.holders_of(SecretBallot.objects.get(pk=self.ballot.pk))[place]
        return actions.give_share(holder, made_share, by=holder.user)

    def finish(self) -> None:
        actions.close_ballot(self.ballot, by=self.cast_of.chair)
        for place in range(len(self.keys)):
            self.share(place)


def drawn(cast, *tables, needed: int = 0, present: int = 20) -> Held:
    """The paper is fixed; three holders, 沈佳 makes the codes."""
    congress = made.in_term(cast)
    session = made.opened(congress, cast.chair, *tables, present=present)
    holders = [(cast.chair, "union"), (cast.town_officer, "superior"), (cast.wenjuan, "scrutineer")]
    ballot = actions.draw_ballot(
        session,
        queries.secret_items(session),
        holders=holders,
        needed=needed,
        authority=cast.handler,
        by=cast.chair,
    )
    return Held(cast, session, ballot)


def make_keys(vote: Held) -> None:
    if vote.election.needed:
        _hold_ceremony(vote)
        return
    for holder in queries.holders_of(vote.ballot):
        vote.keys.append(trustees.new_key())
        published = canonical.dump(trustees.trustee_public_key(vote.keys[-1]))
        actions.give_material(holder, "key", published, by=holder.user)


def _hold_ceremony(vote: Held) -> None:
    def holders():
        return queries.holders_of(SecretBallot.objects.get(pk=vote.ballot.pk))

    seeds = [pedersen.new_seed() for _ in holders()]
    for holder, seed in zip(holders(), seeds, strict=True):
        actions.give_material(holder, "certificate", canonical.dump(pedersen.make_certificate(seed)), by=holder.user)
    for holder, seed in zip(holders(), seeds, strict=True):
        given = queries.given_for(holder, queries.step_of(holder))
        polynomial = pedersen.make_polynomial(seed, given["certs"], given["needed"])
        actions.give_material(holder, "polynomial", canonical.dump(polynomial), by=holder.user)
    for holder, seed in zip(holders(), seeds, strict=True):
        given = queries.given_for(holder, queries.step_of(holder))
        output = pedersen.make_voutput(seed, given["certs"], given["vinput"], given["needed"])
        actions.give_material(holder, "output", canonical.dump(output), by=holder.user)
    vote.keys = [
        pedersen.open_key(seed, holder.trustee.sealed_key) for seed, holder in zip(seeds, holders(), strict=True)
    ]


def held(cast, *tables, present: int = 20, needed: int = 0, opens: bool = True, cards: bool = True) -> Held:
    """Everything is ready; the box is open unless it is not to be."""
    vote = drawn(cast, *tables, needed=needed, present=present)
    make_keys(vote)
    batch = credentials.make(vote.election.uuid, queries.delegates_of(vote.session.congress).count())
    vote.codes = batch.codes
    actions.freeze_roll(vote.ballot, canonical.dump(batch.public), by=cast.handler)
    if cards:
        actions.give_out_cards(vote.ballot, by=cast.chair)
    if opens:
        actions.open_ballot(vote.ballot, by=cast.chair)
    vote.ballot = SecretBallot.objects.select_related("election", "session__congress").get(pk=vote.ballot.pk)
    return vote


def vote_all(vote: Held, papers: Sequence[Sequence[Sequence[int]]]) -> list[str]:
    """One paper for each code in order; the tracking numbers."""
    return [vote.cast(voter, choices) for voter, choices in enumerate(papers)]
