"""A congress whose boxes are open, for what casts over HTTP: everybody's secrets in one place, as never in life.

Run inside an installation (``Installation.manage``); the browser's part is played by the library.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import transaction

from tests.cast import build_cast
from tests.faults.installation import Installation
from yiwang.kernel.clock import now, today
from yiwang.platform.ballots.library import canonical, credentials, trustees, voting
from yiwang.platform.ballots.library.archive import read_archive
from yiwang.platform.ballots.library.election import Election as Document
from yiwang.platform.ballots.library.group import mpz
from yiwang.platform.ballots.library.tally import read_tally
from yiwang.rights.congress import actions, queries
from yiwang.rights.congress.models import AgendaItem, Attendance, Congress, Constituency, Delegate, Session
from yiwang.rights.congress.tests import factories as made

TOKEN = "t" * 32
GIVEN = re.compile(rb'<script id="given" type="application/json">(.*?)</script>', re.DOTALL)


def open_boxes(delegates: int, papers: int, candidates: int) -> dict[str, Any]:
    """So many papers of one session, each an election of one among the candidates, with every delegate in the hall."""
    with transaction.atomic():
        cast = build_cast()
        session = _session(cast, delegates, papers, candidates)
        boxes = [_box(cast, session, item) for item in queries.items_of(session)]
        holders = (cast.chair, cast.town_officer, cast.wenjuan)
        return {"boxes": boxes, "sessions": [_signed_in(user) for user in holders]}


def _session(cast: Any, delegates: int, papers: int, candidates: int) -> Session:
    members = [cast.wenjuan_membership, *made.enrol(cast.unit, delegates - 1, women=delegates // 3)]
    congress = made.started(cast, seats=delegates, headcount=delegates * 3, women=delegates)
    _seat(congress, members, cast)
    session = made.planned(congress, cast.chair, in_days=0)
    names = [{"name": f"候选人{n}", "note": "装配车间"} for n in range(1, candidates + 1)]
    for paper in range(papers):
        actions.table_item(
            session, kind="E", method="secret", title=f"选举职工董事（{paper + 1}）", names=names, seats=1,
            office="职工董事", by=cast.chair,
        )  # fmt: skip
    actions.call_session(session, reason="主席团一致同意", by=cast.chair)
    Attendance.objects.bulk_create(
        Attendance(session=session, delegate=row, way="hand", at=now()) for row in queries.delegates_of(congress)
    )
    actions.open_session(session, by=cast.chair)
    session.refresh_from_db()
    return session


def _seat(congress: Congress, members: list[Any], cast: Any) -> None:
    """Elected, without the paperwork of a thousand nominations."""
    place = actions.draw_constituency(
        congress, name="装配车间", headcount=congress.headcount, women=0, seats=len(members), by=cast.chair
    )
    Delegate.objects.bulk_create(
        Delegate(congress=congress, constituency=place, person=row.person, state="elected", elected_on=today())
        for row in members
    )
    Constituency.objects.filter(pk=place.pk).update(elected_on=today())
    actions.constitute(congress, on=today(), by=cast.chair)
    congress.refresh_from_db()


def _box(cast: Any, session: Session, item: AgendaItem) -> dict[str, Any]:
    holders = [(cast.chair, "union"), (cast.town_officer, "superior"), (cast.wenjuan, "scrutineer")]
    ballot = actions.draw_ballot(session, [item], holders=holders, needed=0, authority=cast.handler, by=cast.chair)
    keys = [trustees.new_key() for _ in holders]
    for holder, key in zip(queries.holders_of(ballot), keys, strict=True):
        published = canonical.dump(trustees.trustee_public_key(key))
        actions.give_material(holder, "key", published, by=holder.user)
    batch = credentials.make(ballot.election.uuid, session.congress.seats)
    actions.freeze_roll(ballot, canonical.dump(batch.public), by=cast.handler)
    actions.give_out_cards(ballot, by=cast.chair)
    actions.open_ballot(ballot, by=cast.chair)
    ballot.election.refresh_from_db()
    return {
        "ballot": ballot.public_id,
        "uuid": ballot.election.uuid,
        "codes": list(batch.codes),
        "keys": [str(key) for key in keys],
        "document": bytes(ballot.election.document).decode(),
    }


def _signed_in(user: Any) -> str:
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)


PREPARE = """
import json
from tests.faults.voting import open_boxes
print(json.dumps(open_boxes({delegates}, {papers}, {candidates})))
"""


def sealed(document: str, code: str, candidate: int) -> bytes:
    """A ballot as a device makes it: the options are blank, the candidates, somebody else."""
    election = Document.read(document.encode())
    width = election.questions[0].width
    return voting.make_ballot(election, code, [[int(place == candidate) for place in range(width)]])


@dataclass(frozen=True)
class Box:
    """One open box as its voters and key holders know it."""

    installation: Installation
    ballot: str
    uuid: str
    codes: tuple[str, ...]
    keys: tuple[str, ...]
    document: str
    sessions: tuple[str, ...]

    @property
    def path(self) -> str:
        return f"/box/{self.uuid}/ballots/"

    def make(self, voter: int, candidate: int) -> bytes:
        return sealed(self.document, self.codes[voter], candidate)

    def cast(self, raw: bytes, *, seconds: float = 20) -> tuple[int, dict[str, Any]]:
        headers = {"Content-Type": "application/json"}
        status, body = self.installation.ask("POST", self.path, raw, headers, seconds=seconds)
        return status, json.loads(body) if status in (200, 422) else {}

    def place_of(self, raw: bytes) -> str:
        """Where the ballot is, as the voter's device asks after a broken connection."""
        status, body = self.installation.ask("GET", f"{self.path}{hashlib.sha256(raw).hexdigest()}/")
        return str(json.loads(body)["place"]) if status == 200 else "?"

    def archive(self) -> bytes:
        return self.installation.ask("GET", f"/box/{self.uuid}/archive.bel")[1]

    def press(self, path: str, holder: int = 0, fields: str = "") -> bytes:
        """A button, pressed by a key holder in a browser; the page they come to."""
        cookies = {"Cookie": f"yw_session={self.sessions[holder]}; csrftoken={TOKEN}"}
        headers = {**cookies, "X-CSRFToken": TOKEN, "Content-Type": "application/x-www-form-urlencoded"}
        status, body = self.installation.ask("POST", path, fields, headers, seconds=60)
        assert status in (200, 302), (status, body[-500:])
        return body

    def close(self) -> None:
        self.press(f"/work/congress/ballots/{self.ballot}/do/close/")

    def share(self, holder: int) -> None:
        """Read what the page gives, decrypt as the browser does, hand it in."""
        path = f"/congress/ballots/{self.ballot}/key/"
        page = self.installation.ask("GET", path, headers={"Cookie": f"yw_session={self.sessions[holder]}"})[1]
        found = GIVEN.search(page)
        assert found is not None, page[-500:]
        given = json.loads(found[1])
        summed = read_tally(Document.read(self.document.encode()), given["tally"].encode())
        share = trustees.decrypt(given["hash"], summed, mpz(self.keys[holder]))
        self.press(path, holder, urlencode({"material": share.decode()}))

    def board(self) -> str:
        """The public board as anybody reads it."""
        return self.installation.ask("GET", f"/congress/board/{self.uuid}/", seconds=60)[1].decode()

    def judge(self) -> str:
        """What the public board says when somebody asks it to judge the archive."""
        return self.press(f"/congress/board/{self.uuid}/verify/").decode()


def boxes_of(installation: Installation, *, delegates: int, papers: int = 1, candidates: int = 2) -> list[Box]:
    found = installation.manage(PREPARE.format(delegates=delegates, papers=papers, candidates=candidates))
    return [
        Box(
            installation, row["ballot"], row["uuid"], tuple(row["codes"]), tuple(row["keys"]), row["document"],
            tuple(found["sessions"]),
        )
        for row in found["boxes"]
    ]  # fmt: skip


def ballots_in(archive: bytes) -> Sequence[str]:
    """The hash of every ballot on the board, in order."""
    return [str(event.payload) for event in read_archive(archive).of("Ballot")]
