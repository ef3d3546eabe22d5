"""Reads about congresses: figures for the checks, who is there, what waits."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _

from yiwang.kernel.clock import today
from yiwang.platform.ballots.library import canonical
from yiwang.platform.ballots.library.errors import BallotProblem
from yiwang.platform.ballots.library.receipts import receipt_code
from yiwang.platform.ballots.models import Election, Trustee
from yiwang.platform.ballots.queries import (
    Verdict,
    archive_bytes,
    refused_trackings,
    result_verdict,
    tally_bytes,
    trackings,
    verdict_of,
    vinput_of,
    voted_codes,
)
from yiwang.platform.rules.queries import parameter
from yiwang.register.accounts.models import User
from yiwang.register.members.models import Membership, Person
from yiwang.register.organisations.models import Organisation
from yiwang.rights.congress import formulas
from yiwang.rights.congress.errors import UnsoundArchive
from yiwang.rights.congress.models import (
    AgendaItem,
    Attendance,
    Committee,
    Congress,
    Constituency,
    Delegate,
    Guest,
    KeyHolder,
    Kind,
    Motion,
    NamedVote,
    RollEntry,
    SecretBallot,
    Session,
    Speaker,
)

WOMAN = "2"
DISPATCHED = "2"


def rule(name: str, *key: str, on: dt.date | None = None) -> int:
    return int(parameter(f"congress.{name}", on or today(), *key))


def suggested_kind(headcount: int) -> str:
    return Kind.CONGRESS if headcount >= rule("congress_from") else Kind.GENERAL


def fewest_seats(headcount: int) -> int:
    return formulas.fewest_delegates(
        headcount,
        percent=rule("delegates_percent"),
        fewest=rule("delegates_fewest"),
        cap=rule("delegates_cap"),
    )


def electors(organisation: Organisation) -> QuerySet[Membership]:
    """Members in force of the union and, for a region, of the unions below it."""
    rows = Membership.objects.voting().under(str(organisation.path)).select_related("person")
    return rows.order_by("person__pinyin_full", "pk")


def woman_share(organisation: Organisation) -> int:
    return electors(organisation).filter(person__gender=WOMAN).count()


def next_number(organisation: Organisation) -> int:
    return Congress.objects.filter(organisation=organisation).count() + 1


def constituencies_of(congress: Congress) -> list[Constituency]:
    rows = congress.constituencies.annotate(
        elected=Count("delegates", filter=Q(delegates__state=Delegate.State.ELECTED))
    )
    return list(rows.order_by("pk"))


def delegates_of(congress: Congress) -> QuerySet[Delegate]:
    """In office: the D of every majority."""
    rows = congress.delegates.filter(state=Delegate.State.ELECTED).select_related("person", "constituency")
    return rows.order_by("constituency_id", "person__pinyin_full", "pk")


def standing_in(constituency: Constituency) -> list[Delegate]:
    rows = constituency.delegates.exclude(state=Delegate.State.ENDED).select_related("person")
    return list(rows.order_by("state", "pk"))


@dataclass(frozen=True)
class Check:
    """One rule of composition: whether it holds, in words with both numbers; ``blocks`` says whether it is a must."""

    holds: bool
    words: str
    blocks: bool = True


def composition(congress: Congress) -> list[Check]:
    """Numbers and shares of the delegates against the rules in force."""
    rows = list(delegates_of(congress))
    total = len(rows)
    women = sum(row.is_woman for row in rows)
    leaders = sum(row.category == Delegate.Category.LEADER for row in rows)
    front = sum(row.is_front_line for row in rows)
    most = formulas.most_leaders(total, rule("leaders_percent", congress.kind))
    least_front = formulas.fewest_front_line(total, rule("front_line_percent", congress.kind))
    least_women = formulas.fewest_of_share(total, congress.women, congress.headcount)
    fewest = 1 if congress.everyone_meets else fewest_seats(congress.headcount)
    checks = [
        Check(total >= fewest, _("代表{n}人，至少要{fewest}人。").format(n=total, fewest=fewest)),
        Check(leaders <= most, _("中层以上管理人员{n}人，最多{most}人。").format(n=leaders, most=most)),
        Check(front >= least_front, _("一线职工和技术人员{n}人，至少{least}人。").format(n=front, least=least_front)),
        Check(
            women >= least_women,
            _("女代表{n}人，按女职工比例是{least}人。").format(n=women, least=least_women),
            blocks=False,
        ),
    ]
    open_places = [row.name for row in constituencies_of(congress) if row.elected_on is None]
    if open_places:
        checks.append(Check(False, _("还没有选完的选区：{names}。").format(names="、".join(open_places[:5]))))
    dispatched = electors(congress.organisation).filter(employ_kind=DISPATCHED).exists()
    if dispatched:
        has = any(row.is_dispatched for row in rows)
        checks.append(Check(has, _("有劳务派遣职工，代表里要有他们的人。"), blocks=False))
    return checks


def delegate_of(congress: Congress, person: Person | None) -> Delegate | None:
    if person is None:
        return None
    return delegates_of(congress).filter(person=person).first()


def sessions_of(congress: Congress) -> list[Session]:
    return list(congress.sessions.order_by("-number"))


def session_is_due(congress: Congress, on: dt.date | None = None) -> bool:
    """More than a year without a session (D3-01)."""
    held = congress.sessions.filter(opened_at__isnull=False).order_by("-held_on").first()
    since = held.held_on if held else congress.starts_on
    return since is not None and ((on or today()) - since).days > rule("session_gap_days")


def items_of(session: Session) -> list[AgendaItem]:
    rows = session.items.exclude(state=AgendaItem.State.WITHDRAWN).select_related("run_off_of")
    return list(rows.order_by("place", "pk"))


def item_called(session: Session, public_id: str) -> AgendaItem | None:
    return session.items.filter(public_id=public_id).first()


def committees_of(congress: Congress) -> list[Committee]:
    rows = congress.committees.select_related("head__person").prefetch_related("members__person")
    return list(rows.order_by("pk"))


def guests_of(session: Session) -> list[Guest]:
    return list(session.guests.order_by("way", "pk"))


def guest_called(session: Session, public_id: str) -> Guest | None:
    return session.guests.filter(public_id=public_id).select_related("session").first()


def presidium_of(session: Session) -> list[Delegate]:
    return list(session.presidium.select_related("person", "constituency").order_by("pk"))


@dataclass(frozen=True)
class Hall:
    """Who should be there, who is, and how many are enough."""

    entitled: int
    present: int
    needed: int

    @property
    def is_quorate(self) -> bool:
        return self.entitled > 0 and self.present >= self.needed

    @property
    def majority(self) -> int:
        return formulas.majority(self.entitled)

    @property
    def missing(self) -> int:
        return max(self.needed - self.present, 0)


def present_in(session: Session) -> QuerySet[Attendance]:
    """Signed in, not out of the hall, and still a delegate."""
    rows = Attendance.objects.filter(session=session, left_at=None, delegate__state=Delegate.State.ELECTED)
    return rows.select_related("delegate__person", "delegate__constituency")


def hall_of(session: Session) -> Hall:
    entitled = delegates_of(session.congress).count()
    if session.closed_at is not None:
        return Hall(session.entitled or 0, session.present_at_opening or 0, needed_of(session.entitled or 0))
    return Hall(entitled, present_in(session).count(), needed_of(entitled))


def needed_of(entitled: int) -> int:
    return formulas.quorum(entitled, of=rule("quorum_of"), needs=rule("quorum_needs"))


@dataclass(frozen=True)
class Row:
    """One line of the sign-in sheet."""

    delegate: Delegate
    state: str  # absent | present | left
    votes: str = ""  # card | slip | free, while slips are given out


def sign_in_sheet(session: Session) -> list[Row]:
    ballot = paper_ballot(session)
    ways = {
        row.delegate_id: "card" if row.has_card else "slip" if row.on_paper else "free"
        for row in (ballot.roll.all() if ballot else ())
    }
    found = {row.delegate_id: row for row in Attendance.objects.filter(session=session)}
    rows = []
    for delegate in delegates_of(session.congress):
        here = found.get(delegate.pk)
        state = "absent" if here is None else "left" if here.left_at else "present"
        rows.append(Row(delegate, state, ways.get(delegate.pk, "")))
    return rows


def is_present(session: Session, delegate: Delegate) -> bool:
    return present_in(session).filter(delegate=delegate).exists()


def speakers_of(session: Session) -> list[Speaker]:
    """Who speaks now, then who waits."""
    rows = Speaker.objects.filter(session=session, ended_at=None).select_related("delegate__person")
    return list(rows.order_by(F("began_at").asc(nulls_last=True), "asked_at", "pk"))


def motions_of(session: Session) -> list[Motion]:
    rows = Motion.objects.filter(session=session).select_related("item", "proposer__person")
    return list(rows.order_by("-pk"))


def motion_called(session: Session, public_id: str) -> Motion | None:
    return Motion.objects.filter(session=session, public_id=public_id).select_related("item").first()


def delegate_called(congress: Congress, public_id: str) -> Delegate | None:
    return delegates_of(congress).filter(public_id=public_id).first()


def has_resolutions(session: Session) -> bool:
    return session.resolutions.exists()


def current_item(session: Session) -> AgendaItem | None:
    """What the hall votes on now, else the next one."""
    rows = items_of(session)
    voting = next((row for row in rows if row.state == AgendaItem.State.VOTING), None)
    return voting or next((row for row in rows if row.state == AgendaItem.State.TABLED), None)


def named_vote_of(item: AgendaItem, delegate: Delegate) -> str:
    row = NamedVote.objects.filter(item=item, delegate=delegate).first()
    return str(row.get_choice_display()) if row else ""


def named_count(item: AgendaItem) -> int:
    return NamedVote.objects.filter(item=item).count()


@dataclass(frozen=True)
class Line:
    """One option of a decided item."""

    label: str
    votes: int
    won: bool = False


@dataclass(frozen=True)
class Tallied:
    """One question of a decided item; an appraisal has one for each person."""

    title: str
    lines: tuple[Line, ...]


def label_of(key: str) -> str:
    """An option in the reader's words; names of candidates stay as they are."""
    known = {
        **{value: str(label) for value, label in NamedVote.Choice.choices},
        "excellent": _("优秀"),
        "competent": _("称职"),
        "basic": _("基本称职"),
        "poor": _("不称职"),
        "blank": _("都不选"),
        "other": _("另选他人"),
    }
    return known.get(key, key)


def tallies_of(item: AgendaItem) -> list[Tallied]:
    won = set((item.outcome or {}).get("elected", []))
    return [
        Tallied(
            str(part["title"]),
            tuple(Line(label_of(str(label)), int(votes), label in won) for label, votes in part["votes"]),
        )
        for part in item.counts or []
    ]


def others_of(item: AgendaItem) -> int:
    """How many voters of an election meant somebody who did not stand."""
    return sum(int(votes) for part in item.counts or [] for label, votes in part["votes"] if label == "other")


def may_name_others(item: AgendaItem) -> bool:
    """A run-off whose words are not fixed yet, after a round in which somebody else was meant."""
    first = item.run_off_of
    is_open = item.state == AgendaItem.State.TABLED and not is_in_a_ballot(item)
    return first is not None and is_open and others_of(first) > 0


def secret_items(session: Session) -> list[AgendaItem]:
    """What waits for a secret vote and is on no paper yet."""
    rows = session.items.filter(method=AgendaItem.Method.SECRET, state=AgendaItem.State.TABLED)
    live = Q(ballots__is_void=False) & ~Q(ballots__election__state=Election.State.CANCELLED)
    return list(rows.exclude(pk__in=session.items.filter(live).values("pk")).order_by("place"))


def is_in_a_ballot(item: AgendaItem) -> bool:
    """On a paper that still counts: its words stay as they are."""
    return item.ballots.filter(is_void=False).exclude(election__state=Election.State.CANCELLED).exists()


def ballots_of(session: Session) -> list[SecretBallot]:
    rows = session.ballots.with_election().select_related("authority").prefetch_related("items")
    return list(rows.order_by("pk"))


@dataclass(frozen=True)
class Progress:
    """How far a secret ballot has come, in numbers that tell about nobody."""

    roll: int
    cards: int
    slips: int
    voted: int
    holders: int
    ready: int
    shared: int

    @property
    def share(self) -> float:
        return self.voted / self.cards if self.cards else 0.0


def paper_ballot(session: Session) -> SecretBallot | None:
    """The ballot for which slips are given out: its roll is frozen, it is not closed."""
    rows = session.ballots.with_election().exclude(roll_hash="").filter(election__state__in=["draft", "open"])
    return rows.order_by("pk").first()


def progress_of(ballot: SecretBallot) -> Progress:
    trustees = list(ballot.election.trustees.all())
    found = ballot.roll.aggregate(
        all=Count("pk"), cards=Count("pk", filter=Q(has_card=True)), slips=Count("pk", filter=Q(on_paper=True))
    )
    hidden = ballot.election.state in (Election.State.DRAFT, Election.State.CANCELLED)
    return Progress(
        roll=found["all"],
        cards=found["cards"],
        slips=found["slips"],
        voted=0 if hidden else voted_codes(ballot.election),
        holders=len(trustees),
        ready=sum(bool(row.public_key) for row in trustees),
        shared=sum(row.shared for row in trustees),
    )


def account_with(phone: str) -> User | None:
    """An account by its number: who keeps a key or gives out codes signs in with it."""
    return User.objects.filter(phone=phone.strip(), is_active=True).first()


def duties_of(user: User) -> list[tuple[SecretBallot, str]]:
    """Where this account makes a key, gives its share, or makes the codes."""
    found: list[tuple[SecretBallot, str]] = []
    rows = KeyHolder.objects.filter(user=user, ballot__election__state__in=["draft", "closed"])
    for row in rows.select_related("ballot__election", "trustee"):
        if step_of(row):
            found.append((row.ballot, "holder"))
    codes = SecretBallot.objects.filter(authority=user, election__state="draft", roll_hash="")
    return [*found, *((row, "codes") for row in codes.with_election())]


def holders_of(ballot: SecretBallot) -> list[KeyHolder]:
    return list(ballot.holders.select_related("trustee", "user").order_by("trustee__owner"))


def step_of(holder: KeyHolder) -> str:
    """What this holder's browser makes next: key · certificate · polynomial · output · share · nothing (``""``)."""
    election, trustee = holder.ballot.election, holder.trustee
    if election.state == Election.State.CLOSED:
        return "" if trustee.shared else "share"
    if election.state != Election.State.DRAFT or trustee.public_key:
        return ""
    if trustee.kind == Trustee.Kind.SINGLE:
        return "key"
    rows = list(election.trustees.all())
    if not trustee.certificate:
        return "certificate"
    if not trustee.polynomial:
        return "polynomial" if all(row.certificate for row in rows) else ""
    return "output" if all(row.polynomial for row in rows) else ""


def given_for(holder: KeyHolder, step: str) -> dict[str, Any]:
    """What the browser needs for the step: only what others published, or sealed for this holder."""
    election, trustee = holder.ballot.election, holder.trustee
    given: dict[str, Any] = {"uuid": election.uuid, "owner": trustee.owner, "step": step}
    if step == "share":
        given |= {"hash": election.fingerprint, "tally": tally_bytes(election).decode(), "sealed": trustee.sealed_key}
    elif step in ("polynomial", "output"):
        rows = election.trustees.order_by("owner")
        given |= {"certs": [canonical.load(row.certificate) for row in rows], "needed": election.needed}
        if step == "output":
            given["vinput"] = vinput_of(trustee)
    return given


def roll_names(ballot: SecretBallot) -> list[RollEntry]:
    return list(ballot.roll.select_related("delegate__person").order_by("delegate__person__pinyin_full", "pk"))


@dataclass(frozen=True)
class Tracked:
    """One ballot on the board: the voter's short code and the full number."""

    code: str
    tracking: str


def tracked_ballots(election: Election) -> list[Tracked]:
    """Sorted by code: the board shows no order in which ballots came."""
    rows = [Tracked(receipt_code(number), number) for number in trackings(election)]
    return sorted(rows, key=lambda row: row.code)


def refused_codes(election: Election) -> list[str]:
    """The short codes of ballots that were taken out of the box because their proofs did not hold."""
    return sorted(receipt_code(number) for number in refused_trackings(election))


def told_with_result(election: Election) -> Verdict | None:
    """What this server found when the result came, for a day. Proofs it judged while people voted stand as judged."""
    return result_verdict(election) if election.state == Election.State.TALLIED else None


def judged(election: Election, raw: bytes | None) -> Verdict:
    """The archive of the board, or one somebody brings, judged; raises what is wrong with it, in words."""
    try:
        return verdict_of(archive_bytes(election) if raw is None else raw)
    except BallotProblem as problem:
        raise UnsoundArchive(str(problem)) from problem
