"""The only writers of elections, box and board."""

import hashlib
import os
import random
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

from django.db import connection, transaction
from django.db.models import Max

from yiwang.kernel.clock import now
from yiwang.kernel.states import move
from yiwang.platform.ballots import queries
from yiwang.platform.ballots.errors import (
    BadBallot,
    BadKey,
    BadShare,
    ClosedAlready,
    KeysMissing,
    NoRoll,
    NotOpenYet,
    RollDiffers,
    SharesMissing,
    WrongStep,
)
from yiwang.platform.ballots.events import (
    ElectionCancelled,
    ElectionClosed,
    ElectionDrafted,
    ElectionOpened,
    ResultPublished,
    RollFrozen,
    ShareGiven,
    TrusteeKeyGiven,
)
from yiwang.platform.ballots.library import canonical, holding, pedersen, tally, verifying, voting
from yiwang.platform.ballots.library.archive import EVENT, Archive, read_archive
from yiwang.platform.ballots.library.election import Question, write_election
from yiwang.platform.ballots.library.errors import BallotProblem
from yiwang.platform.ballots.library.trustees import Trustees, write_trustees
from yiwang.platform.ballots.models import BoardRecord, BoxedBallot, Election, Judgement, Trustee
from yiwang.platform.journal.actions import record

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.db.models import QuerySet

T = TypeVar("T")

# [design] A ballot goes to the board in company, shuffled, so that no order tells who cast it.
COMPANY = 10
JUDGING = 1953
_shuffle = random.SystemRandom().shuffle


@transaction.atomic
def draft_election(
    name: str,
    *,
    questions: Sequence[Question],
    trustees: Sequence[str],
    needed: int,
    authority: str,
    by: "AbstractBaseUser | None",
    description: str = "",
) -> Election:
    """``needed`` of the named trustees will suffice to open the result; 0 means that all must."""
    if not questions or not trustees or not 0 <= needed <= len(trustees):
        raise WrongStep()
    election = Election.objects.create(
        name=name,
        description=description,
        questions=[question.document() for question in questions],
        needed=needed,
        authority=authority,
    )
    kind = Trustee.Kind.THRESHOLD if needed else Trustee.Kind.SINGLE
    Trustee.objects.bulk_create(
        Trustee(election=election, owner=owner, kind=kind, name=who) for owner, who in enumerate(trustees, 1)
    )
    record(ElectionDrafted(election_id=election.pk), by=by)
    return election


def _locked(election: Election) -> Election:
    return Election.objects.defer("credentials").select_for_update().get(pk=election.pk)


def _sound(work: Callable[[], T]) -> T:
    try:
        return work()
    except BallotProblem as problem:
        raise BadKey(problem.code) from problem


@transaction.atomic
def give_key(trustee: Trustee, published: str, *, by: "AbstractBaseUser | None") -> None:
    """A trustee who must be there gives the public half of the key."""
    election = _drafted(trustee)
    if trustee.kind != Trustee.Kind.SINGLE:
        raise WrongStep()
    _sound(lambda: pedersen.read_public_key(canonical.load(published)))
    _keep(trustee, election, by, public_key=published)


@transaction.atomic
def give_certificate(trustee: Trustee, certificate: str, *, by: "AbstractBaseUser | None") -> None:
    """Step 1 of the threshold ceremony."""
    election = _drafted(trustee)
    if trustee.kind != Trustee.Kind.THRESHOLD or any(one.polynomial for one in _trustees(election)):
        raise WrongStep()
    _sound(lambda: pedersen.read_certificate(canonical.load(certificate)))
    _keep(trustee, election, by, certificate=certificate)


@transaction.atomic
def give_polynomial(trustee: Trustee, polynomial: str, *, by: "AbstractBaseUser | None") -> None:
    """Step 3: everyone's certificate is there."""
    election = _drafted(trustee)
    rows = _trustees(election)
    if not all(one.certificate for one in rows) or any(one.public_key for one in rows):
        raise WrongStep()
    _sound(lambda: _judge_polynomial(trustee, election, polynomial, len(rows)))
    _keep(trustee, election, by, polynomial=polynomial)


def _judge_polynomial(trustee: Trustee, election: Election, polynomial: str, trustees: int) -> None:
    found = canonical.fields(canonical.load(polynomial), "polynomial", "secrets", "coefexps")
    canonical.array(found["secrets"], trustees)
    certificate = pedersen.read_certificate(canonical.load(trustee.certificate))
    if len(pedersen.read_exponents(found["coefexps"], certificate)) != election.needed:
        raise BallotProblem("bad_threshold", "the polynomial has another degree")


@transaction.atomic
def give_output(trustee: Trustee, output: str, *, by: "AbstractBaseUser | None") -> None:
    """Step 5: the trustee checked what the others sent; the sealed key comes back at the count."""
    election = _drafted(trustee)
    if not all(one.polynomial for one in _trustees(election)):
        raise WrongStep()
    found = _sound(lambda: canonical.fields(canonical.load(output), "private_key", "public_key"))
    _sound(lambda: pedersen.read_public_key(found["public_key"]))
    sealed = canonical.text(found["private_key"])
    _keep(trustee, election, by, public_key=canonical.dump(found["public_key"]), sealed_key=sealed)


def _drafted(trustee: Trustee) -> Election:
    election = _locked(trustee.election)
    if election.state != Election.State.DRAFT:
        raise WrongStep()
    return election


def _trustees(election: Election) -> list[Trustee]:
    return list(Trustee.objects.filter(election=election).order_by("owner"))


def _keep(trustee: Trustee, election: Election, by: "AbstractBaseUser | None", **given: str) -> None:
    for name, value in given.items():
        setattr(trustee, name, value)
    trustee.save(update_fields=list(given))
    record(TrusteeKeyGiven(election_id=election.pk, owner=trustee.owner, step=next(iter(given))), by=by)


@transaction.atomic
def freeze_roll(election: Election, credentials: str, *, voters: int, by: "AbstractBaseUser | None") -> None:
    """The authority's public codes, as many as the roll has voters. Who has which code, nobody here learns."""
    election = _locked(election)
    if election.state != Election.State.DRAFT:
        raise WrongStep()
    codes = _sound(lambda: verifying.read_credentials(credentials.encode()))
    if len(codes) != voters or not voters:
        raise RollDiffers(codes=len(codes), voters=voters)
    if any(weight != 1 for weight in codes.values()):
        raise BadKey("weight")
    # Sorted again: whatever order the authority sent them in, it says nothing.
    raw = canonical.dump(sorted(str(code) for code in codes))
    Election.objects.filter(pk=election.pk).update(credentials=raw, roll_size=voters)
    record(RollFrozen(election_id=election.pk, codes=voters, sha256=canonical.sha256(raw.encode())), by=by)


@transaction.atomic
def cancel_election(election: Election, *, by: "AbstractBaseUser | None") -> None:
    move(election, Election.State.CANCELLED)
    record(ElectionCancelled(election_id=election.pk), by=by)


@transaction.atomic
def open_election(election: Election, *, by: "AbstractBaseUser | None") -> None:
    """Wording, keys and roll are fixed on the board; from here on nothing of them changes."""
    election = _locked(election)
    if not election.roll_size:
        raise NoRoll()
    written = _written_trustees(election)
    key = _sound(lambda: Trustees.read(written)).public_key
    document = write_election(
        uuid=election.uuid,
        name=election.name,
        description=election.description,
        public_key=key,
        questions=[Question.read(item) for item in election.questions],
        credential_authority=election.authority,
    )
    moment = now()
    begun = int(moment.timestamp())
    fingerprint = canonical.fingerprint(document)
    move(
        election,
        Election.State.OPEN,
        document=document,
        fingerprint=fingerprint,
        begun=begun,
        opened_at=moment,
    )
    archive = Archive.begin(begun, election=document, trustees=written, credentials=election.credentials.encode())
    _append(election, archive)
    record(ElectionOpened(election_id=election.pk, fingerprint=fingerprint), by=by)


def _written_trustees(election: Election) -> bytes:
    rows = _trustees(election)
    if not all(one.public_key for one in rows):
        raise KeysMissing()
    keys = [canonical.load(one.public_key) for one in rows]
    if not election.needed:
        return write_trustees([("Single", key) for key in keys])
    certs = [canonical.load(one.certificate) for one in rows]
    polynomials = [canonical.load(one.polynomial) for one in rows]
    outputs = [{"public_key": key} for key in keys]
    return write_trustees(
        [("Pedersen", _sound(lambda: pedersen.make_threshold(election.needed, certs, polynomials, outputs)))]
    )


def _append(election: Election, archive: Archive, credentials: Mapping[str, str] | None = None) -> None:
    """Write to the board what was added to the archive since it was read; of each ballot whose code it has."""
    known = credentials or {}
    last = BoardRecord.objects.filter(election=election).aggregate(last=Max("position"))["last"]
    events = {event.hash: event for event in archive.events}
    rows = []
    for position, (name, suffix, content) in enumerate(archive.appended, 0 if last is None else last + 1):
        row = BoardRecord(election=election, position=position, name=name, suffix=suffix, content=content)
        row.credential = known.get(name, "")
        if suffix == EVENT:
            row.kind, row.payload = events[name].kind, events[name].payload or ""
        rows.append(row)
    BoardRecord.objects.bulk_create(rows)
    archive.appended.clear()


def cast_ballot(election: Election, raw: bytes) -> str:
    """Take a ballot and answer with its tracking number. Nobody is named, nothing is journalled.

    Safe to repeat: the same ballot again is the same ballot. It is kept before it is answered for, so a voter whose
    connection broke finds it by its number, or may send it again. Signature and code are judged here, the proofs a
    moment later and many at once (``judge_box``), in any case before the ballot can reach the board. When ballots come
    faster than they are judged, the door judges the proofs, too: no more wait for the closing than it can bear.
    """
    _require_open(election.state)
    try:
        document = queries.document_of(bytes(election.document))
        ballot = voting.read_ballot(document, raw)
        if ballot.credential not in queries.roll_of(election):
            raise BallotProblem("foreign_credential", "the voting code is not on the roll")
        voting.judge_signature(ballot)
        if is_judged := queries.judges_lag(election):
            voting.judge_contents(document, ballot)
    except BallotProblem as problem:
        raise BadBallot(problem.code) from problem
    name = canonical.sha256(raw)
    credential = hashlib.sha256(str(ballot.credential).encode()).hexdigest()
    with transaction.atomic():
        # One after the other for a moment, and none while somebody closes: the ballot was judged outside the lock.
        _require_open(Election.objects.select_for_update().values_list("state", flat=True).get(pk=election.pk))
        found, turns = queries.known(election, name, credential)
        if found.place == "refused":
            raise BadBallot(found.reason)
        if found.place:
            return ballot.tracking
        BoxedBallot.objects.create(election=election, name=name, credential=credential, turn=turns + 1, content=raw)
        if is_judged:
            Judgement.objects.create(election=election, name=name, seal=queries.seal_of(name))
    return ballot.tracking


def judge_box(election: Election, *, processes: int = 1) -> int:
    """Judge the proofs of what lies in the box. An unsound ballot leaves it, and is told by its number ever after.

    It replaces none of the earlier ballots of its code. People go on voting meanwhile.
    """
    found, most = 0, 2 * verifying.PIECE if processes == 1 else 4 * queries.MOST_WAITING
    while judged := _judge_some(election, most, processes):
        found += judged
    return found


@transaction.atomic
def _judge_some(election: Election, most: int, processes: int) -> int:
    """One judges a box at a time, so that no ballot is judged twice: who closes waits for the task's few ballots, and
    the task gives way to who closes."""
    lock = "pg_advisory_xact_lock" if processes > 1 else "pg_try_advisory_xact_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {lock}(hashtextextended(%s, {JUDGING}))", [f"ballots:{election.pk}"])
        if cursor.fetchone() == (False,):
            return 0
    if waiting := queries.unjudged(election, most=most):
        _judge(election, waiting, processes)
    return len(waiting)


def _judge(election: Election, waiting: Sequence[tuple[str, bytes]], processes: int) -> None:
    document = bytes(Election.objects.values_list("document", flat=True).get(pk=election.pk))
    unsound = verifying.find_unsound(queries.document_of(document), waiting, processes=processes)
    with transaction.atomic():
        _locked(election)
        Judgement.objects.bulk_create(
            (
                Judgement(
                    election=election,
                    name=name,
                    reason=unsound.get(name, ""),
                    seal=queries.seal_of(name) if name not in unsound else "",
                    content=raw if name in unsound else b"",
                )
                for name, raw in waiting
            ),
            ignore_conflicts=True,
        )
        BoxedBallot.objects.filter(election=election, name__in=list(unsound)).delete()


def _require_open(state: str) -> None:
    if state == Election.State.OPEN:
        return
    if state == Election.State.DRAFT:
        raise NotOpenYet()
    raise ClosedAlready()


@transaction.atomic
def release_ballots(election: Election) -> int:
    """Bring what was judged in the box to the board, shuffled, once enough ballots keep each other company."""
    election = _locked(election)
    if election.state != Election.State.OPEN:
        return 0
    if _judged_ballots(election).values("credential").distinct().count() < COMPANY:
        return 0
    return _release(election, queries.chain(election))


def _judged_ballots(election: Election) -> "QuerySet[BoxedBallot]":
    """What may go to the board: sound, and no other ballot of the same code still waits to be judged."""
    judged = Judgement.objects.filter(election=election).values("name")
    rows = BoxedBallot.objects.filter(election=election)
    return rows.exclude(credential__in=rows.exclude(name__in=judged).values("credential"))


def _release(election: Election, archive: Archive) -> int:
    waiting: dict[str, list[BoxedBallot]] = {}
    for boxed in _judged_ballots(election).order_by("turn"):
        waiting.setdefault(boxed.credential, []).append(boxed)
    codes = list(waiting)
    _shuffle(codes)
    ballots = [boxed for code in codes for boxed in waiting[code]]
    for boxed in ballots:
        archive.add("Ballot", bytes(boxed.content))
    _append(election, archive, {boxed.name: boxed.credential for boxed in ballots})
    BoxedBallot.objects.filter(pk__in=[boxed.pk for boxed in ballots]).delete()
    return len(ballots)


@transaction.atomic
def close_election(election: Election, *, by: "AbstractBaseUser | None") -> None:
    """No ballot is taken any more; those in the box go to the board first, then all are added up, still encrypted."""
    cores = os.cpu_count() or 1
    judge_box(election, processes=cores)
    election = _locked(election)
    # Whatever came in while the others were judged.
    judge_box(election, processes=cores)
    move(election, Election.State.CLOSED, closed_at=now())
    archive = queries.chain(election)
    _release(election, archive)
    document = queries.document_of(bytes(election.document))
    ballots = [voting.read_ballot(document, raw) for raw in queries.board_ballots(election)]
    cast = [(ballot.credential, [list(answer.choices) for answer in ballot.answers]) for ballot in ballots]
    holding.close(archive, cast, queries.setup_of(election))
    _append(election, archive)
    record(ElectionClosed(election_id=election.pk, counted=len({credential for credential, _ in cast})), by=by)


@transaction.atomic
def give_share(trustee: Trustee, share: str, *, by: "AbstractBaseUser | None") -> None:
    """A trustee's part of the decryption, refused if it was not made with the trustee's own key."""
    election = _locked(trustee.election)
    if election.state != Election.State.CLOSED or Trustee.objects.get(pk=trustee.pk).shared:
        raise WrongStep()
    archive, setup = queries.chain(election), queries.setup_of(election)
    summed = tally.read_tally(setup.election, queries.tally_bytes(election))
    try:
        holding.add_share(archive, setup, summed, trustee.owner, share.encode())
    except BallotProblem as problem:
        raise BadShare(trustee.name, problem.code) from problem
    _append(election, archive)
    Trustee.objects.filter(pk=trustee.pk).update(shared=True)
    record(ShareGiven(election_id=election.pk, owner=trustee.owner), by=by)


@transaction.atomic
def publish_result(election: Election, *, by: "AbstractBaseUser | None") -> list[list[int]]:
    """As soon as enough trustees gave their part: the counts, for good."""
    election = _locked(election)
    if election.state != Election.State.CLOSED:
        raise WrongStep()
    whole = read_archive(queries.archive_bytes(election))
    setup = queries.setup_of(election)
    summed = tally.read_tally(setup.election, queries.tally_bytes(election))
    try:
        counts = holding.publish(whole, setup, summed, election.roll_size)
    except BallotProblem as problem:
        raise SharesMissing() from problem
    _append(election, whole)
    move(election, Election.State.TALLIED, result=counts, tallied_at=now())
    record(ResultPublished(election_id=election.pk, head=whole.events[-1].hash), by=by)
    return counts
