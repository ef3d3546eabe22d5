"""A secret vote of the demo, with everybody's secrets in one place for a moment, as never in life."""

from collections.abc import Sequence

from yiwang.platform.ballots import queries as box
from yiwang.platform.ballots.actions import cast_ballot
from yiwang.platform.ballots.library import canonical, credentials, tally, trustees, voting
from yiwang.platform.ballots.models import Election
from yiwang.register.accounts.models import User
from yiwang.rights.congress import actions, queries
from yiwang.rights.congress.models import KeyHolder, SecretBallot, Session

Paper = Sequence[Sequence[int]]


def draw(session: Session, holders: Sequence[User], *, authority: User, by: User) -> SecretBallot:
    """The union, the union above it and a scrutineer hold the keys."""
    sides = (KeyHolder.Side.UNION, KeyHolder.Side.SUPERIOR, KeyHolder.Side.SCRUTINEER)
    named = [(user, str(side)) for user, side in zip(holders, sides, strict=True)]
    items = queries.secret_items(session)
    return actions.draw_ballot(session, items, holders=named, needed=0, authority=authority, by=by)


def hold(ballot: SecretBallot, papers: Sequence[Paper], *, by: User) -> None:
    """What the browsers of voters, code maker and key holders do, done here once."""
    keys = {}
    for holder in queries.holders_of(ballot):
        keys[holder.pk] = trustees.new_key()
        published = canonical.dump(trustees.trustee_public_key(keys[holder.pk]))
        actions.give_material(holder, "key", published, by=holder.user)
    batch = credentials.make(ballot.election.uuid, queries.delegates_of(ballot.session.congress).count())
    actions.freeze_roll(ballot, canonical.dump(batch.public), by=by)
    actions.give_out_cards(ballot, by=by)
    actions.open_ballot(ballot, by=by)
    election = Election.objects.get(pk=ballot.election_id)
    document = box.document_of(bytes(election.document))
    for code, choices in zip(batch.codes, papers, strict=False):
        cast_ballot(election, voting.make_ballot(document, code, choices))
    actions.close_ballot(ballot, by=by)
    summed = tally.read_tally(document, box.tally_bytes(election))
    for holder in queries.holders_of(SecretBallot.objects.get(pk=ballot.pk)):
        share = trustees.decrypt(document.hash, summed, keys[holder.pk]).decode()
        actions.give_share(holder, share, by=holder.user)
