"""The append-only public archive ``.bel`` (4.4): an old-style tar of hashed records, and a chain of events."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from yiwang.platform.ballots.library import canonical
from yiwang.platform.ballots.library.canonical import sha256
from yiwang.platform.ballots.library.errors import BallotProblem

BLOCK = 512
HEADER = "BELENIOS"
DATA, EVENT = ".data.json", ".event.json"
KINDS = ("Setup", "Ballot", "EndBallots", "EncryptedTally", "PartialDecryption", "Result")


def header(name: str, size: int, timestamp: int) -> bytes:
    """One header of the old tar format, as the protocol's own tool writes it.

    Every record carries the time of the archive's beginning, so that no record tells when it was appended.
    """
    fields = name.encode().ljust(100, b"\0") + b"0000644\0" + b"0000000\0" * 2
    fields += b"%011o\0%011o\0" % (size, timestamp)
    whole = fields + b" " * 8 + b"0" + b"\0" * (BLOCK - len(fields) - 9)
    return fields + b"%06o\0 " % sum(whole) + whole[len(fields) + 8 :]


def record(name: str, content: bytes, timestamp: int) -> bytes:
    return header(name, len(content), timestamp) + content + b"\0" * (-len(content) % BLOCK)


@dataclass(frozen=True)
class Event:
    kind: str
    payload: str | None
    hash: str


@dataclass
class Archive:
    """Records and events in order; ``written`` are its bytes, ``appended`` what was added since it was read."""

    timestamp: int
    data: dict[str, bytes] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    written: bytearray = field(default_factory=bytearray)
    appended: list[tuple[str, str, bytes]] = field(default_factory=list)

    @classmethod
    def begin(cls, timestamp: int, *, election: bytes, trustees: bytes, credentials: bytes) -> "Archive":
        found = cls(timestamp)
        head = canonical.dump({"version": 1, "timestamp": str(timestamp)}).encode()
        found.written += record(HEADER, head, timestamp)
        setup = {
            "election": found.add_data(election),
            "trustees": found.add_data(trustees),
            "credentials": found.add_data(credentials),
        }
        found.add_event("Setup", found.add_data(canonical.dump(setup).encode()))
        return found

    def add_data(self, content: bytes) -> str:
        name = sha256(content)
        if name in self.data:
            raise BallotProblem("replayed", "this record is in the archive already", where=name)
        self.data[name] = content
        self._append(name, DATA, content)
        return name

    def add_event(self, kind: str, payload: str | None = None) -> str:
        document: dict[str, Any] = {"parent": self.events[-1].hash} if self.events else {}
        document |= {"height": len(self.events), "type": kind}
        if payload is not None:
            document["payload"] = payload
        content = canonical.dump(document).encode()
        name = sha256(content)
        self.events.append(Event(kind, payload, name))
        self._append(name, EVENT, content)
        return name

    def _append(self, name: str, suffix: str, content: bytes) -> None:
        self.appended.append((name, suffix, content))
        self.written += record(name + suffix, content, self.timestamp)

    def add(self, kind: str, content: bytes) -> str:
        """A record and the event that carries it."""
        return self.add_event(kind, self.add_data(content))

    def add_owned(self, kind: str, owner: int, content: bytes) -> str:
        """A record of one trustee."""
        inner = self.add_data(content)
        return self.add(kind, canonical.dump({"owner": owner, "payload": inner}).encode())

    def add_tally(self, content: bytes, *, ballots: int, weight: int) -> str:
        inner = self.add_data(content)
        sized = {"num_tallied": ballots, "total_weight": weight, "encrypted_tally": inner}
        return self.add("EncryptedTally", canonical.dump(sized).encode())

    def payload(self, event: Event) -> bytes:
        if event.payload is None:
            raise BallotProblem("malformed", "an event lacks its record", where=event.hash)
        return self.get(event.payload)

    def get(self, name: object) -> bytes:
        if not isinstance(name, str) or name not in self.data:
            raise BallotProblem("missing_record", f"the record {name} is referred to and missing")
        return self.data[name]

    def of(self, kind: str) -> list[Event]:
        return [event for event in self.events if event.kind == kind]


def read_archive(raw: bytes) -> Archive:
    """Parse an archive: every header to the byte, every name the hash of its record, every event after its parent."""
    records = _records(raw)
    first, content, stamp = next(records, ("", b"", 0))
    if first != HEADER:
        raise BallotProblem("malformed", "the archive does not begin with its header")
    head = canonical.fields(canonical.load(content), "version", "timestamp")
    if head != {"version": 1, "timestamp": str(stamp)}:
        raise BallotProblem("malformed", "the header tells another time or version", where=HEADER)
    found = Archive(stamp)
    found.written += raw
    for name, content, when in records:
        hashed, suffix = name[:64], name[64:]
        if sha256(content) != hashed or suffix not in (DATA, EVENT):
            raise BallotProblem("altered", "the record is not what its name says", where=hashed)
        if when != stamp:
            raise BallotProblem("altered", "the record tells another time than the archive", where=hashed)
        if suffix == EVENT:
            _chain(found, hashed, content)
        elif hashed in found.data:
            raise BallotProblem("replayed", "the record stands twice", where=hashed)
        else:
            found.data[hashed] = content
    return found


def _records(raw: bytes) -> Iterator[tuple[str, bytes, int]]:
    place = 0
    while place < len(raw):
        head = raw[place : place + BLOCK]
        try:
            name = head[:100].rstrip(b"\0").decode("ascii")
            size, stamp = int(head[124:135], 8), int(head[136:147], 8)
        except ValueError as reason:
            raise BallotProblem("altered", f"there is no record at byte {place}") from reason
        if size < 0 or stamp < 0 or header(name, size, stamp) != head:
            raise BallotProblem("altered", f"the header at byte {place} was altered", where=name[:64])
        start = place + BLOCK
        place = start + size + -size % BLOCK
        if place > len(raw):
            raise BallotProblem("truncated", "the archive ends in the middle of a record", where=name[:64])
        if raw[start + size : place].strip(b"\0"):
            raise BallotProblem("altered", "there is something after the record", where=name[:64])
        yield name, raw[start : start + size], stamp


def _chain(archive: Archive, name: str, content: bytes) -> None:
    try:
        found = canonical.fields(canonical.load(content), "height", "type", optional=("parent", "payload"))
    except BallotProblem as problem:
        raise problem.at(name) from problem
    parent = archive.events[-1].hash if archive.events else None
    if found.get("parent") != parent or found["height"] != len(archive.events):
        raise BallotProblem("broken_chain", f"event {found['height']} does not follow the one before it", where=name)
    if found["type"] not in KINDS:
        raise BallotProblem("malformed", "an event of an unknown kind", where=name)
    archive.events.append(Event(found["type"], found.get("payload"), name))
