"""The board as the archive that anyone may take home."""

import math
import os
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from gmpy2 import mpz

from yiwang.kernel.crypto import authenticate
from yiwang.platform.ballots.errors import BeingJudged
from yiwang.platform.ballots.library import canonical, pedersen
from yiwang.platform.ballots.library.archive import EVENT, HEADER, Archive, Event, record
from yiwang.platform.ballots.library.election import Election as Document
from yiwang.platform.ballots.library.trustees import Trustees
from yiwang.platform.ballots.library.verifying import Setup, read_credentials, verify
from yiwang.platform.ballots.models import BoardRecord, BoxedBallot, Election, Judgement, Trustee

# How long a judgement is remembered, and how long one may take before another begins, in seconds.
REMEMBERED, LONGEST = 86_400, 300
BUSY = "ballots.judging"
# [design] So many ballots may wait for their judgement: some seconds on two cores when the chair closes the vote.
MOST_WAITING = 1000
LAG_REMEMBERED = 1.0
_lags: dict[int, tuple[float, bool]] = {}


@dataclass(frozen=True)
class Verdict:
    """What a sound archive says."""

    voters: int
    ballots: int
    counted: int
    result: list[list[int]] | None


@dataclass(frozen=True)
class Tracked:
    """Where a ballot is: ``board``, ``box`` (waits for company), ``refused`` (its proofs did not hold) or nowhere."""

    place: str
    reason: str = ""


def archive_bytes(election: Election) -> bytes:
    """The ``.bel`` file, the same to the byte whoever asks and whenever."""
    head = canonical.dump({"version": 1, "timestamp": str(election.begun)}).encode()
    parts = [record(HEADER, head, election.begun)]
    rows = BoardRecord.objects.filter(election=election).order_by("position")
    parts += [record(row.name + row.suffix, bytes(row.content), election.begun) for row in rows.iterator(500)]
    return b"".join(parts)


def chain(election: Election) -> Archive:
    """The archive's chain without its records: enough to append to it."""
    found = Archive(election.begun)
    rows = BoardRecord.objects.filter(election=election, suffix=EVENT).order_by("position")
    for kind, payload, name in rows.values_list("kind", "payload", "name"):
        found.events.append(Event(kind, payload or None, name))
    return found


@lru_cache(maxsize=32)
def document_of(raw: bytes) -> Document:
    return Document.read(raw)


@lru_cache(maxsize=8)
def _roll(uuid: str) -> dict[mpz, int]:
    return read_credentials(Election.objects.values_list("credentials", flat=True).get(uuid=uuid).encode())


def roll_of(election: Election) -> dict[mpz, int]:
    """Of an election that was opened: its roll never changes, so it is read and judged once."""
    assert election.state not in (Election.State.DRAFT, Election.State.CANCELLED)
    return _roll(election.uuid)


def setup_of(election: Election) -> Setup:
    names = canonical.load(_payload(election, "Setup"))
    row = BoardRecord.objects.get(election=election, name=names["trustees"])
    return Setup(document_of(bytes(election.document)), Trustees.read(bytes(row.content)), roll_of(election))


def _payload(election: Election, kind: str) -> bytes:
    event = BoardRecord.objects.get(election=election, suffix=EVENT, kind=kind)
    return bytes(BoardRecord.objects.get(election=election, name=event.payload).content)


def tally_bytes(election: Election) -> bytes:
    """The encrypted tally, which trustees open together."""
    sized = canonical.load(_payload(election, "EncryptedTally"))
    return bytes(BoardRecord.objects.get(election=election, name=sized["encrypted_tally"]).content)


def board_ballots(election: Election) -> list[bytes]:
    """Every ballot in the order of the board."""
    names = list(
        BoardRecord.objects.filter(election=election, suffix=EVENT, kind="Ballot")
        .order_by("position")
        .values_list("payload", flat=True)
    )
    contents = dict(BoardRecord.objects.filter(election=election, name__in=names).values_list("name", "content"))
    return [bytes(contents[name]) for name in names]


# Asked for every ballot that comes, while the next one waits: each part is a look into one index
# (board_record_stands_once, ballot_is_judged_once, ballot_lies_in_the_box_once, turns_of_a_code_follow).
KNOWN = """
SELECT CASE
         WHEN EXISTS (SELECT FROM ballots_boardrecord WHERE election_id = %(election)s AND name = %(name)s) THEN 'board'
         WHEN refused.reason IS NOT NULL THEN 'refused'
         WHEN EXISTS (SELECT FROM ballots_boxedballot WHERE election_id = %(election)s AND name = %(name)s) THEN 'box'
         ELSE ''
       END,
       coalesce(refused.reason, ''),
       (SELECT coalesce(max(turn), 0) FROM ballots_boxedballot
        WHERE election_id = %(election)s AND credential = %(credential)s)
FROM (SELECT (SELECT reason FROM ballots_judgement
              WHERE election_id = %(election)s AND name = %(name)s AND reason <> '') AS reason) AS refused
"""


def known(election: Election, name: str, credential: str = "") -> tuple[Tracked, int]:
    """Where the ballot with this hash is, and how often its code has a ballot in the box."""
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, {"election": election.pk, "name": name, "credential": credential})
        place, reason, turns = cursor.fetchone()
    return Tracked(place, reason), turns


def tracked(election: Election, name: str) -> Tracked:
    """Where the ballot with this hash is."""
    return known(election, name)[0]


def _waiting(election: Election) -> QuerySet[BoxedBallot]:
    judged = Judgement.objects.filter(election=election, name=OuterRef("name"))
    return BoxedBallot.objects.filter(~Exists(judged), election=election)


def unjudged(election: Election, *, most: int) -> list[tuple[str, bytes]]:
    """Ballots in the box whose proofs nobody has looked at yet, in no order."""
    rows = _waiting(election).order_by("pk").values_list("name", "content")[:most]
    return [(name, bytes(content)) for name, content in rows]


def judges_lag(election: Election) -> bool:
    """More ballots wait to be judged than may wait: the closing would last. Counted once a second, not for each."""
    counted_at, lag = _lags.get(election.pk, (-math.inf, False))
    if time.monotonic() - counted_at >= LAG_REMEMBERED:
        lag = len(_waiting(election).values_list("pk")[: MOST_WAITING + 1]) > MOST_WAITING
        _lags[election.pk] = time.monotonic(), lag
    return lag


def refused_trackings(election: Election) -> list[str]:
    """The tracking numbers of ballots that left the box because their proofs did not hold."""
    rows = Judgement.objects.filter(election=election).exclude(reason="").order_by("name")
    return [canonical.written(bytes.fromhex(name)) for name in rows.values_list("name", flat=True)]


def seal_of(name: str) -> str:
    """Under a key that is not in the database; the ballot's hash stands for the ballot and for its election."""
    return authenticate("ballots.judged", name.encode()).hex()


def judged_here(uuid: str) -> frozenset[str]:
    """The hashes of ballots that this server itself found sound."""
    rows = Judgement.objects.filter(election__uuid=uuid, reason="").values_list("name", "seal")
    return frozenset(name for name, seal in rows if seal == seal_of(name))


def voted_codes(election: Election) -> int:
    """How many different voting codes have cast so far, in the box and on the board."""
    boxed = BoxedBallot.objects.filter(election=election).values("credential")
    board = BoardRecord.objects.filter(election=election).exclude(credential="").values("credential")
    return board.union(boxed).count()


def trackings(election: Election) -> list[str]:
    """The tracking numbers of the ballots on the board: the same hash as their names, written the other way."""
    rows = BoardRecord.objects.filter(election=election, suffix=EVENT, kind="Ballot").order_by("position")
    return [canonical.written(bytes.fromhex(name)) for name in rows.values_list("payload", flat=True)]


def counted_ballots(election: Election) -> int:
    """How many ballots the tally holds: the last one of each code."""
    return int(canonical.load(_payload(election, "EncryptedTally"))["num_tallied"])


def vinput_of(trustee: Trustee) -> dict[str, Any]:
    """Step 4 of the threshold ceremony: what the others sent to this trustee."""
    polynomials = [canonical.load(one.polynomial) for one in trustee.election.trustees.order_by("owner")]
    return pedersen.make_vinputs(polynomials)[trustee.owner - 1]


def open_elections() -> list[Election]:
    return list(Election.objects.filter(state=Election.State.OPEN))


def all_elections() -> list[Election]:
    return list(Election.objects.order_by("pk"))


def verdict_of(raw: bytes) -> Verdict:
    """The archive judged from its bytes alone, on every core, one at a time. Raises BallotProblem.

    A sound archive is remembered by its hash: a thousand delegates who ask cost one judgement.
    """
    key = f"ballots.sound.{canonical.sha256(raw)}"
    found: Verdict | None = cache.get(key)
    return _judged(raw, key, frozenset()) if found is None else found


def judge_result(election: Election) -> Verdict:
    """The same within seconds of a result, for whoever waits for it: the proofs of ballots that came here while
    people voted were judged then, and are taken as judged. Raises BallotProblem."""
    return _judged(archive_bytes(election), _result_key(election), judged_here(election.uuid))


def result_verdict(election: Election) -> Verdict | None:
    """What ``judge_result`` found, for a day."""
    found: Verdict | None = cache.get(_result_key(election))
    return found


def _result_key(election: Election) -> str:
    return f"ballots.result.{election.uuid}"


def _judged(raw: bytes, key: str, judged: frozenset[str]) -> Verdict:
    if not cache.add(BUSY, value=1, timeout=LONGEST):
        raise BeingJudged()
    try:
        report = verify(raw, processes=os.cpu_count() or 1, judged=judged)
    finally:
        cache.delete(BUSY)
    found = Verdict(report.voters, report.ballots, report.counted, report.result)
    cache.set(key, found, REMEMBERED)
    return found
