"""A congress whose boxes are open, for what casts over HTTP: everybody's secrets in one place, as never in life.

Made inside an installation (``Installation.manage``), with people of its own; the browser's part is played by the
library. For the benchmark ``congress`` and the fault tests.
"""

import datetime as dt
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
from django.db import connection, transaction

from bench.installation import Installation, Visitor
from yiwang.kernel.clock import now, today
from yiwang.kernel.identity import id_check_digit
from yiwang.platform.ballots.library import canonical, credentials, trustees, voting
from yiwang.platform.ballots.library.archive import read_archive
from yiwang.platform.ballots.library.election import Election as Document
from yiwang.platform.ballots.library.group import mpz
from yiwang.platform.ballots.library.tally import read_tally
from yiwang.register.access.models import Appointment
from yiwang.register.access.roles import Role
from yiwang.register.accounts.models import NoticeAcceptance, User
from yiwang.register.accounts.notice import NOTICE_VERSION
from yiwang.register.members.actions.bulk import enrol_many
from yiwang.register.members.models import Membership, Person
from yiwang.register.organisations.models import Kind, Organisation
from yiwang.rights.congress import actions, queries
from yiwang.rights.congress.models import AgendaItem, Attendance, Congress, Constituency, Delegate, Session

TOKEN = "t" * 32
GIVEN = re.compile(rb'<script id="given" type="application/json">(.*?)</script>', re.DOTALL)


SINCE = dt.date(2020, 1, 1)
BODIES = (
    ("省总工会", Kind.PROVINCE, 2, "320000"),
    ("市总工会", Kind.CITY, 3, "320500"),
    ("县总工会", Kind.COUNTY, 4, "320583"),
    ("镇总工会", Kind.TOWN, 5, "320583100"),
    ("万人厂工会", Kind.SINGLE, 7, "320583100"),
)
# name, phone, post, and how many bodies above the unit
PEOPLE = (
    ("主席", "13700000001", Role.UNIT_CHAIR, 0),
    ("镇干部", "13700000002", Role.TOWN_OFFICER, 1),
    ("发码人", "13700000003", Role.COUNTY_HANDLER, 2),
    ("监票人", "13700000004", None, 0),
)


@dataclass(frozen=True)
class House:
    """A unit with its union above it, and who runs the vote."""

    unit: Organisation
    chair: User
    officer: User
    handler: User
    scrutineer: User


def open_boxes(delegates: int, papers: int, candidates: int) -> dict[str, Any]:
    """So many papers of one session, each an election of one among the candidates, with every delegate in the hall."""
    with transaction.atomic():
        house = _house()
        session = _session(house, delegates, papers, candidates)
        boxes = [_box(house, session, item) for item in queries.items_of(session)]
        holders = (house.chair, house.officer, house.scrutineer)
        return {"boxes": boxes, "sessions": [_signed_in(user) for user in holders]}


def _house() -> House:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('organisations_organisation', 'id')) FROM generate_series(1, %s)",
            [len(BODIES)],
        )
        numbers = [row[0] for row in cursor.fetchall()]
    line: list[Organisation] = []
    for number, (name, kind, level, division) in zip(numbers, BODIES, strict=True):
        above = line[-1] if line else None
        body = Organisation(
            pk=number, code=f"{division.ljust(9, '0')}{kind}{number:06}"[:20], name=name, short_name=name, kind=kind,
            level=level, parent=above, path=f"{above.path}.n{number}" if above else f"n{number}",
            division_code=division, valid_from=SINCE, employee_count=268 if level == 7 else 0,
            member_scope=Organisation.MemberScope.SINGLE if level == 7 else Organisation.MemberScope.NONE,
        )  # fmt: skip
        line.append(body)
    Organisation.objects.bulk_create(line)
    users = []
    for name, phone, role, above in PEOPLE:
        user = User.objects.create_user(phone, name=name)
        User.objects.filter(pk=user.pk).update(phone_verified_at=now())
        NoticeAcceptance.objects.create(user=user, version=NOTICE_VERSION)
        if role is not None:
            Appointment.objects.create(
                user=user, organisation=line[-1 - above], role=role, valid_from=SINCE,
                state=Appointment.State.IN_FORCE,
            )  # fmt: skip
        users.append(user)
    return House(line[-1], *users)


def _members(house: House, number: int) -> list[Membership]:
    """The first of them is the scrutineer; a third are women."""
    rows = []
    for place in range(number):
        digits = f"32058319900307{place % 1000:03d}" if place < 1000 else f"32058319910307{place % 1000:03d}"
        person = Person(
            name=f"代表{place + 1}", id_type="1", id_number=digits + id_check_digit(digits),
            gender="2" if place % 3 == 0 else "1",
        )  # fmt: skip
        rows.append((person, Membership(organisation=house.unit, joined_on=today(), join_way="1")))
    enrol_many(rows, by=None)
    first = rows[0][0]
    first.user = house.scrutineer
    first.save(update_fields=["user"])
    return [membership for _person, membership in rows]


def _session(house: House, delegates: int, papers: int, candidates: int) -> Session:
    congress = actions.start_congress(
        house.unit, kind="congress", headcount=delegates * 3, women=delegates, seats=delegates, years=5, by=house.chair
    )
    _seat(congress, _members(house, delegates), house)
    session = actions.plan_session(
        congress, held_on=today(), place="一号楼报告厅", form="hall", called_by="yearly", by=house.chair
    )
    many = 7 if delegates > 100 else 3
    actions.name_presidium(session, list(congress.delegates.filter(state="elected")[:many]), by=house.chair)
    names = [{"name": f"候选人{n}", "note": "装配车间"} for n in range(1, candidates + 1)]
    for paper in range(papers):
        actions.table_item(
            session, kind="E", method="secret", title=f"选举职工董事（{paper + 1}）", names=names, seats=1,
            office="职工董事", by=house.chair,
        )  # fmt: skip
    actions.call_session(session, reason="主席团一致同意", by=house.chair)
    Attendance.objects.bulk_create(
        Attendance(session=session, delegate=row, way="hand", at=now()) for row in queries.delegates_of(congress)
    )
    actions.open_session(session, by=house.chair)
    session.refresh_from_db()
    return session


def _seat(congress: Congress, members: list[Membership], house: House) -> None:
    """Elected, without the paperwork of a thousand nominations."""
    place = actions.draw_constituency(
        congress, name="装配车间", headcount=congress.headcount, women=0, seats=len(members), by=house.chair
    )
    Delegate.objects.bulk_create(
        Delegate(congress=congress, constituency=place, person=row.person, state="elected", elected_on=today())
        for row in members
    )
    Constituency.objects.filter(pk=place.pk).update(elected_on=today())
    actions.constitute(congress, on=today(), by=house.chair)
    congress.refresh_from_db()


def _box(house: House, session: Session, item: AgendaItem) -> dict[str, Any]:
    holders = [(house.chair, "union"), (house.officer, "superior"), (house.scrutineer, "scrutineer")]
    ballot = actions.draw_ballot(session, [item], holders=holders, needed=0, authority=house.handler, by=house.chair)
    keys = [trustees.new_key() for _ in holders]
    for holder, key in zip(queries.holders_of(ballot), keys, strict=True):
        published = canonical.dump(trustees.trustee_public_key(key))
        actions.give_material(holder, "key", published, by=holder.user)
    batch = credentials.make(ballot.election.uuid, session.congress.seats)
    actions.freeze_roll(ballot, canonical.dump(batch.public), by=house.handler)
    actions.give_out_cards(ballot, by=house.chair)
    actions.open_ballot(ballot, by=house.chair)
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
from bench.boxes import open_boxes
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

    def vote(self, raw: bytes, visitor: Visitor) -> None:
        """One delegate's device: the page, the wording, the ballot, and where it is."""
        for path in (f"/congress/vote/{self.uuid}/", f"/box/{self.uuid}/election.json"):
            status, said = visitor.ask("GET", path)
            assert status == 200, (status, said[-500:])
        self.send(raw, visitor)
        status, body = visitor.ask("GET", f"{self.path}{hashlib.sha256(raw).hexdigest()}/")
        assert (status, json.loads(body)["place"] in ("box", "board")) == (200, True), body

    def send(self, raw: bytes, visitor: Visitor) -> None:
        status, said = visitor.ask("POST", self.path, raw, {"Content-Type": "application/json"})
        assert status == 200, (status, said[-500:])

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
