"""Judge an archive from its bytes alone: setup, every ballot, tally, shares, result (3.5)."""

import threading
from collections.abc import Callable, Sequence, Set
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from typing import TypeVar

from gmpy2 import mpz

from yiwang.platform.ballots.library import canonical, commitments, group, tally
from yiwang.platform.ballots.library.archive import Archive, Event, read_archive
from yiwang.platform.ballots.library.election import Election
from yiwang.platform.ballots.library.errors import BallotProblem
from yiwang.platform.ballots.library.proofs import Ciphertext
from yiwang.platform.ballots.library.trustees import Tally, Trustees, read_decryption
from yiwang.platform.ballots.library.voting import Ballot, judge_proofs, judge_signature, read_ballot

PIECE = 40
WORTH_PROCESSES = 20
T = TypeVar("T")


@dataclass(frozen=True)
class Seen:
    """What is kept of a ballot that was judged."""

    credential: mpz
    tracking: str
    ciphers: list[list[Ciphertext]]


@dataclass
class Report:
    """A sound archive: how far the election went, and what came of it."""

    election: Election
    stage: str
    voters: int
    ballots: int
    counted: int
    head: str
    tracking: list[str] = field(default_factory=list)
    result: list[list[int]] | None = None


@dataclass(frozen=True)
class Setup:
    election: Election
    trustees: Trustees
    weights: dict[mpz, int]


def verify(raw: bytes, *, processes: int = 1, judged: Set[str] = frozenset()) -> Report:
    """Every check there is. Raises BallotProblem, naming the first record that is not sound.

    ``judged`` are hashes of ballots whose signature and proofs were found sound before, to the same byte: the ballot
    itself names the election, by its hash, for which that holds. Everything else about them is asked again.
    """
    archive = read_archive(raw)
    require_order(archive)
    setup = read_setup(archive)
    ballots = judge_ballots(archive, setup, processes=processes, judged=judged)
    kept = tally.last_ballots(ballots)
    report = Report(
        election=setup.election,
        stage=stage(archive),
        voters=len(setup.weights),
        ballots=len(ballots),
        counted=len(kept),
        head=archive.events[-1].hash,
        tracking=[ballot.tracking for ballot in kept],
    )
    for event in archive.of("EncryptedTally"):
        summed, weight = _named(event, partial(_tally, archive, event, setup, kept))
        report.result = _result(archive, setup, summed, weight)
    _require_nothing_else(archive)
    return report


def stage(archive: Archive) -> str:
    """The last kind of step that was taken."""
    return archive.events[-1].kind


def require_order(archive: Archive) -> None:
    """Setup, ballots, their end, the tally, shares, the result; each once where it is once."""
    if not archive.events:
        raise BallotProblem("malformed", "the archive holds no event")
    order = {"Setup": 0, "Ballot": 1, "EndBallots": 2, "EncryptedTally": 3, "PartialDecryption": 4, "Result": 5}
    before = -1
    for height, event in enumerate(archive.events):
        rank = order[event.kind]
        repeats = rank == before and event.kind in ("Ballot", "PartialDecryption")
        follows = rank == before + 1 or (event.kind == "EndBallots" and before == 0)
        if not repeats and not follows:
            raise BallotProblem(
                "wrong_order", f"event {height} ({event.kind}) comes at the wrong time", where=event.hash
            )
        if (event.kind == "EndBallots") != (event.payload is None):
            raise BallotProblem("malformed", "this event and its record do not belong together", where=event.hash)
        before = rank


def read_setup(archive: Archive) -> Setup:
    event = archive.events[0]
    names = _named(
        event, lambda: canonical.fields(canonical.load(archive.payload(event)), "election", "trustees", "credentials")
    )
    election = _named(names["election"], lambda: Election.read(archive.get(names["election"])))
    trustees = _named(names["trustees"], lambda: Trustees.read(archive.get(names["trustees"])))
    if trustees.public_key != election.public_key:
        raise BallotProblem("wrong_key", "the election's key is not the trustees' key", where=names["election"])
    weights = _named(names["credentials"], lambda: read_credentials(archive.get(names["credentials"])))
    return Setup(election, trustees, weights)


def read_credentials(raw: bytes) -> dict[mpz, int]:
    """Public credentials and their weights; each once, each in the subgroup."""
    weights: dict[mpz, int] = {}
    for line in canonical.array(canonical.load(raw)):
        number, comma, weight = canonical.text(line).partition(",")
        if comma and not (weight.isascii() and weight.isdigit() and len(weight) < 10):
            raise BallotProblem("malformed", "a weight must be a number")
        credential = group.element(number)
        if credential in weights:
            raise BallotProblem("double_credential", "a voting code stands twice on the roll")
        weights[credential] = int(weight) if comma else 1
    if not group.are_members(list(weights)):
        raise BallotProblem("not_in_subgroup", "a number on the roll does not belong to the subgroup")
    return weights


def _named(event: Event | str, work: Callable[[], T]) -> T:
    """Do it; a problem gets the name of the record."""
    try:
        return work()
    except BallotProblem as problem:
        raise problem.at(event if isinstance(event, str) else event.payload or event.hash) from problem


# Ballots, on several processes


@dataclass(frozen=True)
class _Piece:
    election: bytes
    roll: frozenset[mpz]
    many: int  # ballots in all, over all pieces
    ballots: Sequence[tuple[str, bytes]]
    judged: frozenset[str] = frozenset()


def judge_ballots(archive: Archive, setup: Setup, *, processes: int = 1, judged: Set[str] = frozenset()) -> list[Seen]:
    """Judge every ballot; raises BallotProblem for the first that is not sound."""
    seen: set[str] = set()
    ballots: list[tuple[str, bytes]] = []
    for event in archive.of("Ballot"):
        if event.payload in seen:
            raise BallotProblem("replayed", "the same ballot was appended twice", where=event.hash)
        ballots.append((str(event.payload), archive.payload(event)))
        seen.add(str(event.payload))
    roll = frozenset(setup.weights)
    known = frozenset(name for name, _raw in ballots if name in judged)
    many = len(ballots) - len(known)
    pieces = [_Piece(setup.election.raw, roll, many, part, known) for part in _parts(ballots, processes)]
    found = _spread(_judge_piece, pieces, processes, len(ballots))
    # The products of all pieces together, so that the powers that tell are taken once and not by every piece.
    if not group.hold_members_only([products for _seen, products in found]):
        _find_foreign(setup.election, [ballot for ballot in ballots if ballot[0] not in known])
    return [one for seen_here, _products in found for one in seen_here]


def _find_foreign(election: Election, ballots: Sequence[tuple[str, bytes]]) -> None:
    for name, raw in ballots:
        _named(name, partial(_require_members, read_ballot(election, raw)))
    raise AssertionError("a product of members is a member")


def find_unsound(election: Election, ballots: Sequence[tuple[str, bytes]], *, processes: int = 1) -> dict[str, str]:
    """Of ballots that were let in with a sound signature: what is wrong with the proofs of each, by its name."""
    pieces = [_Piece(election.raw, frozenset(), len(ballots), part) for part in _parts(ballots, processes)]
    found: dict[str, str] = {}
    for part in _spread(_unsound_in, pieces, processes, len(ballots)):
        found |= part
    return found


def _parts(ballots: Sequence[tuple[str, bytes]], processes: int) -> list[Sequence[tuple[str, bytes]]]:
    size = max(PIECE, -(-len(ballots) // (4 * processes)))
    return [ballots[start : start + size] for start in range(0, len(ballots), size)]


def _spread(work: Callable[[_Piece], T], pieces: Sequence[_Piece], processes: int, ballots: int) -> list[T]:
    if processes < 2 or ballots < WORTH_PROCESSES:
        return [work(piece) for piece in pieces]
    if _way() == "fork":
        # Made once and found there by every copy of this process.
        commitments.for_many(Election.read(pieces[0].election).public_key, pieces[0].many)
    with ProcessPoolExecutor(processes, mp_context=get_context(_way())) as pool:
        return list(pool.map(work, pieces))


def _way() -> str:
    """A copy of this process starts at once; where other threads run, a fresh one is the safe way."""
    return "fork" if threading.active_count() == 1 else "forkserver"


def _judge_piece(piece: _Piece) -> tuple[list[Seen], list[mpz]]:
    """What was seen; and products of random subsets of the numbers, which are foreign if one of the numbers is."""
    election = Election.read(piece.election)
    tables = commitments.for_many(election.public_key, piece.many)
    ballots: list[Ballot] = []
    fresh: list[Ballot] = []
    for name, raw in piece.ballots:
        ballots.append(_named(name, partial(_one, election, raw, piece.roll)))
        if name not in piece.judged:
            fresh.append(ballots[-1])
            _named(name, partial(judge_signature, ballots[-1]))
            _named(name, partial(judge_proofs, election, ballots[-1], tables))
    seen = [
        Seen(ballot.credential, ballot.tracking, [list(answer.choices) for answer in ballot.answers])
        for ballot in ballots
    ]
    return seen, group.subset_products(_elements(fresh))


def _one(election: Election, raw: bytes, roll: frozenset[mpz]) -> Ballot:
    ballot = read_ballot(election, raw)
    if ballot.credential not in roll:
        raise BallotProblem("foreign_credential", "the ballot's voting code is not on the roll")
    return ballot


def _elements(ballots: Sequence[Ballot]) -> list[mpz]:
    return [number for ballot in ballots for number in ballot.elements()]


def _require_members(ballot: Ballot) -> None:
    for number in ballot.elements():
        group.require_member(number)


def _unsound_in(piece: _Piece) -> dict[str, str]:
    election = Election.read(piece.election)
    tables = commitments.for_many(election.public_key, piece.many)
    ballots = [(name, read_ballot(election, raw)) for name, raw in piece.ballots]
    products = group.subset_products(_elements([ballot for _name, ballot in ballots]))
    one_by_one = not group.hold_members_only([products])
    found = {}
    for name, ballot in ballots:
        try:
            judge_proofs(election, ballot, tables)
            if one_by_one:
                _require_members(ballot)
        except BallotProblem as problem:
            found[name] = problem.code
    return found


# Tally, shares, result


def _tally(archive: Archive, event: Event, setup: Setup, kept: list[Seen]) -> tuple[Tally, int]:
    sized = canonical.fields(canonical.load(archive.payload(event)), "num_tallied", "total_weight", "encrypted_tally")
    weight = sum(setup.weights[ballot.credential] for ballot in kept)
    if sized["num_tallied"] != len(kept) or sized["total_weight"] != weight:
        raise BallotProblem("wrong_tally", "the tally tells another number of ballots than the archive holds")
    summed = tally.add(setup.election, ((ballot.ciphers, setup.weights[ballot.credential]) for ballot in kept))
    if tally.read_tally(setup.election, archive.get(sized["encrypted_tally"])) != summed:
        raise BallotProblem(
            "wrong_tally", "the tally is not the product of the last ballots", where=str(sized["encrypted_tally"])
        )
    return summed, weight


def read_shares(archive: Archive, election: Election, keys: list[mpz], summed: Tally) -> dict[int, list[list[mpz]]]:
    """Every trustee's share, its proofs checked."""
    shares: dict[int, list[list[mpz]]] = {}
    for event in archive.of("PartialDecryption"):
        owner, share = _named(event, partial(_owned, archive, event))
        if not 1 <= owner <= len(keys) or owner in shares:
            raise BallotProblem("unknown_trustee", f"there is no trustee {owner}, or two shares", where=event.hash)
        judge = partial(read_decryption, election.hash, summed, keys[owner - 1], share)
        shares[owner] = _named(f"share of trustee {owner}", judge)
    return shares


def _owned(archive: Archive, event: Event) -> tuple[int, bytes]:
    found = canonical.fields(canonical.load(archive.payload(event)), "owner", "payload")
    return canonical.count(found["owner"]), archive.get(found["payload"])


def _result(archive: Archive, setup: Setup, summed: Tally, weight: int) -> list[list[int]] | None:
    shares = read_shares(archive, setup.election, setup.trustees.keys, summed)
    found = archive.of("Result")
    if not found:
        return None
    counts = _named(found[0], lambda: tally.read_result(summed, setup.trustees.combine(shares), weight))
    written = _named(found[0], lambda: canonical.fields(canonical.load(archive.payload(found[0])), "result"))
    if written["result"] != counts:
        raise BallotProblem("wrong_result", "the result is not what the shares open", where=str(found[0].payload))
    return counts


def _require_nothing_else(archive: Archive) -> None:
    """Every record is the record of an event, or named by one."""
    used: set[str] = set()
    for event in archive.events:
        if event.payload is None:
            continue
        used.add(event.payload)
        if event.kind in ("Setup", "EncryptedTally", "PartialDecryption"):
            named = canonical.load(archive.payload(event))
            used.update(value for value in named.values() if isinstance(value, str))
    for name in archive.data:
        if name not in used:
            raise BallotProblem("stray_record", "no event knows this record", where=name)
