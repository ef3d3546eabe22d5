"""Reads about foundings, elections and terms."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yiwang.grassroots.founding.formulas import SizeBand, band_of, min_candidates, quorum
from yiwang.grassroots.founding.models import (
    Body,
    Candidate,
    Certificate,
    Extension,
    Handover,
    Paper,
    Post,
    Procedure,
    Seal,
    Seat,
    Term,
)
from yiwang.kernel.clock import due_day, local_date, today
from yiwang.net.cases.models import Case
from yiwang.platform.rules.queries import parameter
from yiwang.platform.ui.clockface import ClockFace
from yiwang.register.access.models import Appointment
from yiwang.register.members.models import Membership, Person
from yiwang.register.organisations.models import Organisation
from yiwang.register.organisations.queries import employer_called

BANDS = 7
WOMAN = "2"
SOON_DAYS = 3


def rule(name: str, *key: str) -> int:
    return int(parameter(f"founding.{name}", today(), *key))


def bands() -> list[SizeBand]:
    names = ("committee_members", "committee_fewest", "committee_most")
    return [SizeBand(*(rule(name, str(place)) for name in names)) for place in range(1, BANDS + 1)]


def voters(organisation: Organisation | None) -> QuerySet[Membership]:
    """Who may vote and stand: members in force; retained ones have neither right (election regulations art. 4)."""
    rows = Membership.objects.voting().filter(organisation=organisation)
    return rows.select_related("person").order_by("person__pinyin_full", "pk")


@dataclass(frozen=True)
class Needs:
    """What the number of members asks of an election, for the page and for the checks."""

    members: int
    women: int
    band: SizeBand
    all_meet: bool
    women_committee: bool
    quorum: int

    def candidates(self, seats: int) -> int:
        return min_candidates(seats, rule("margin_percent"))


def needs_of(organisation: Organisation | None) -> Needs:
    rows = voters(organisation)
    members, women = rows.count(), rows.filter(person__gender=WOMAN).count()
    return Needs(
        members=members,
        women=women,
        band=band_of(members, bands()),
        all_meet=members < rule("members_meeting_below"),
        women_committee=women >= rule("women_committee_from"),
        quorum=quorum(members, of=rule("quorum_of"), needs=rule("quorum_needs")),
    )


def beginnings(text: str) -> dict[str, str]:
    """What the form of a founding can know of an employer: its name, and a name for its union."""
    employer = employer_called(text)
    if employer is None:
        return {}
    same = employer_called(employer.name)
    told = employer.name if same == employer else employer.uscc
    return {"employers": told, "name": _("{employer}工会").format(employer=employer.name)}


def candidates_of(procedure: Procedure, body: str = "") -> list[Candidate]:
    rows = procedure.candidates.select_related("person").order_by("body", "pk")
    order = {Post.CHAIR: 0, Post.HEAD: 0, Post.VICE: 1}
    found = [row for row in rows if not body or row.body == body]
    return sorted(found, key=lambda row: (Body.values.index(row.body), order.get(Post(row.post), 2)))


def papers_of(procedure: Procedure) -> list[Paper]:
    return list(procedure.papers.order_by("issued_at", "pk"))


def current_terms(organisation: Organisation) -> list[Term]:
    rows = Term.objects.filter(organisation=organisation, is_current=True)
    return sorted(rows.prefetch_related("seats__person"), key=lambda term: Body.values.index(term.body))


def committee_of(organisation: Organisation) -> Term | None:
    return Term.objects.filter(organisation=organisation, body=Body.COMMITTEE, is_current=True).first()


def chair_of(organisation: Organisation) -> Person | None:
    seat = Seat.objects.filter(
        term__organisation=organisation, term__body=Body.COMMITTEE, term__is_current=True, post=Post.CHAIR, until=None
    ).select_related("person")
    found = seat.first()
    return found.person if found else None


def certificate_of(organisation: Organisation) -> Certificate | None:
    """The one in force or in hand, else the latest."""
    rows = Certificate.objects.filter(organisation=organisation).order_by("-applied_at")
    return rows.exclude(state__in=["refused", "cancelled"]).first() or rows.first()


def open_handover(organisation: Organisation) -> Handover | None:
    rows = Handover.objects.filter(Q(given_at=None) | Q(taken_at=None), organisation=organisation)
    return rows.select_related("from_person", "to_person").first()


def _left(days: int) -> str:
    return ngettext("还剩{n}天", "还剩{n}天", days).format(n=days)


def _late(days: int) -> str:
    return ngettext("逾期{n}天", "逾期{n}天", days).format(n=days)


def term_face(term: Term, on: dt.date | None = None) -> ClockFace:
    """How much of a term is gone; red once it is over without an extension."""
    day = on or today()
    last: dt.date = term.extended_to or term.ends_on
    total = (last - term.starts_on).days
    left = (last - day).days
    if left < 0:
        return ClockFace("over", total, total, _late(-left), last.isoformat())
    state = "soon" if left <= rule("certificate_remind_days") else "run"
    return ClockFace(state, total - left, total, _left(left), last.isoformat())  # type: ignore[arg-type]  # one of the states


def reply_face(procedure: Procedure) -> ClockFace | None:
    """The clock of the step that is owed."""
    if procedure.due_at is None or not procedure.is_open:
        return None
    last, start = due_day(procedure.due_at), local_date(procedure.moved_at)
    total, left = max((last - start).days, 1), (last - today()).days
    if left < 0:
        return ClockFace("over", total, total, _late(-left), last.isoformat())
    state = "today" if left == 0 else "soon" if left <= SOON_DAYS else "run"
    return ClockFace(state, total - left, total, _left(left), last.isoformat())  # type: ignore[arg-type]  # one of the states


def red_terms(rows: QuerySet[Term], on: dt.date | None = None) -> QuerySet[Term]:
    """Terms that ended without an extension that still runs (GT 1.6)."""
    day = on or today()
    return rows.filter(is_current=True, ends_on__lt=day).filter(Q(extended_to=None) | Q(extended_to__lt=day))


def hand_over_content(organisation: Organisation) -> dict[str, list[dict[str, str]]]:
    """What is open in a union today: its clocks, the money on its way, who holds which post, seals and papers."""
    cases = Case.objects.open().filter(organisation=organisation).select_related("version__service").order_by("pk")
    posts = Appointment.objects.filter(organisation=organisation, state=Appointment.State.IN_FORCE)
    certificate = certificate_of(organisation)
    return {
        "cases": [
            {"number": case.number, "title": case.heading, "amount": str(case.amount or "")} for case in cases[:500]
        ],
        "posts": [
            {"name": post.user.name, "role": str(post.get_role_display())}
            for post in posts.select_related("user").order_by("pk")
        ],
        "seals": [
            {"kind": str(seal.get_kind_display()), "keeper": seal.keeper}
            for seal in organisation.seals.filter(returned_on=None).order_by("kind")
        ],
        "certificates": [{"number": certificate.number, "valid_to": str(certificate.valid_to)}]
        if certificate and certificate.number
        else [],
    }


def committees(rows: QuerySet[Term]) -> QuerySet[Term]:
    return rows.filter(body=Body.COMMITTEE)


def is_red(organisation: Organisation) -> bool:
    return red_terms(Term.objects.filter(organisation=organisation, body=Body.COMMITTEE)).exists()


def seats_of(term: Term) -> list[Seat]:
    """Who sits now, the leaders first."""
    order = {Post.CHAIR: 0, Post.HEAD: 0, Post.VICE: 1}
    seats = [seat for seat in term.seats.all() if seat.until is None]
    return sorted(seats, key=lambda seat: (order.get(Post(seat.post), 2), -(seat.votes or 0), seat.pk))


def seat_called(organisation: Organisation, public_id: str) -> Seat | None:
    rows = Seat.objects.filter(term__organisation=organisation, public_id=public_id, until=None)
    return rows.select_related("term", "person").first()


def seals_of(organisation: Organisation) -> list[Seal]:
    return list(Seal.objects.filter(organisation=organisation).order_by("returned_on", "kind"))


def seal_called(organisation: Organisation, public_id: str) -> Seal | None:
    return Seal.objects.filter(organisation=organisation, public_id=public_id, returned_on=None).first()


def papers_of_union(organisation: Organisation) -> list[Paper]:
    rows = Paper.objects.filter(Q(organisation=organisation) | Q(procedure__organisation=organisation))
    return list(rows.distinct().order_by("-issued_at", "-pk")[:50])


def procedures_of(organisation: Organisation) -> list[Procedure]:
    return list(Procedure.objects.filter(organisation=organisation).order_by("-started_at")[:20])


def open_extension(organisation: Organisation) -> Extension | None:
    rows = Extension.objects.filter(term__organisation=organisation, state=Extension.State.APPLIED)
    return rows.select_related("term__organisation__parent", "applied_by").first()


def outgoing_chair(organisation: Organisation) -> Person | None:
    """The chair before the present one, while nothing has been handed over yet."""
    now = chair_of(organisation)
    seats = Seat.objects.filter(term__organisation=organisation, term__body=Body.COMMITTEE, post=Post.CHAIR)
    last = seats.exclude(until=None).select_related("person").order_by("-until", "-pk").first()
    if now is None or last is None or last.person_id == now.pk:
        return None
    done = Handover.objects.filter(organisation=organisation, from_person=last.person, to_person=now).exists()
    return None if done else last.person
