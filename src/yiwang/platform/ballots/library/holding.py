"""Holding an election: each step appends to the archive and returns what was appended."""

from collections.abc import Sequence

from gmpy2 import mpz

from yiwang.platform.ballots.library import canonical, tally, trustees, verifying
from yiwang.platform.ballots.library.archive import Archive
from yiwang.platform.ballots.library.errors import BallotProblem
from yiwang.platform.ballots.library.proofs import Ciphertext
from yiwang.platform.ballots.library.trustees import Tally
from yiwang.platform.ballots.library.verifying import Setup


def close(archive: Archive, cast: Sequence[tuple[mpz, list[list[Ciphertext]]]], setup: Setup) -> Tally:
    """End of ballots and the encrypted tally; ``cast`` are the judged ballots in the order of the archive."""
    kept = tally.last_ballots(verifying.Seen(credential, "", ciphers) for credential, ciphers in cast)
    weights = [setup.weights[ballot.credential] for ballot in kept]
    summed = tally.add(setup.election, ((b.ciphers, w) for b, w in zip(kept, weights, strict=True)))
    archive.add_event("EndBallots")
    archive.add_tally(tally.write_tally(summed), ballots=len(kept), weight=sum(weights))
    return summed


def add_share(archive: Archive, setup: Setup, summed: Tally, owner: int, share: bytes) -> None:
    """A trustee's share, refused if it lies."""
    keys = setup.trustees.keys
    if not 1 <= owner <= len(keys):
        raise BallotProblem("unknown_trustee", f"there is no trustee {owner}")
    trustees.read_decryption(setup.election.hash, summed, keys[owner - 1], share)
    archive.add_owned("PartialDecryption", owner, share)


def publish(archive: Archive, setup: Setup, summed: Tally, weight: int) -> list[list[int]]:
    """The result, as soon as enough trustees gave their share."""
    shares = verifying.read_shares(archive, setup.election, setup.trustees.keys, summed)
    counts = tally.read_result(summed, setup.trustees.combine(shares), weight)
    archive.add("Result", canonical.dump({"result": counts}).encode())
    return counts
