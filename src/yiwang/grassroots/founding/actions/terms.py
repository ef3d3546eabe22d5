"""Terms: begun by an approved election, reminded of, extended, ended; seats that fall vacant."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from yiwang.grassroots.founding.actions.papers import chinese_day, issue_paper
from yiwang.grassroots.founding.errors import AlreadyUnderWay, NotReady, SamePerson
from yiwang.grassroots.founding.events import (
    ExtensionAsked,
    ExtensionRefused,
    ReelectionOrdered,
    SeatVacated,
    TermBegun,
    TermExtended,
)
from yiwang.grassroots.founding.formulas import reminder
from yiwang.grassroots.founding.models import Body, Candidate, Extension, Paper, Post, Procedure, Seat, Term
from yiwang.grassroots.founding.queries import candidates_of, chair_of, committee_of, red_terms, rule
from yiwang.kernel import clock
from yiwang.kernel.clock import add_months, add_workdays
from yiwang.kernel.states import move
from yiwang.platform.journal.actions import record
from yiwang.platform.notify.actions import send
from yiwang.platform.rules.queries import work_calendar
from yiwang.register.access.actions import install_appointment
from yiwang.register.access.models import Appointment
from yiwang.register.access.queries import holders
from yiwang.register.access.roles import Role
from yiwang.register.accounts.models import User
from yiwang.register.organisations.models import Organisation

MONTHS = 12


@transaction.atomic
def begin_terms(procedure: Procedure, *, document_number: str, by: User) -> list[Term]:
    """The elected take office in all bodies; the terms before end, their seats with them."""
    assert procedure.organisation is not None and procedure.held_on is not None  # noqa: PT018 -- both by the state
    organisation, day = procedure.organisation, procedure.held_on
    elected = [row for row in candidates_of(procedure) if row.is_elected]
    terms = []
    for body in Body:
        rows = [row for row in elected if row.body == body]
        if not rows:
            continue
        before = Term.objects.filter(organisation=organisation, body=body).order_by("-number").first()
        if before is not None and before.is_current:
            _end_term(before, day)
        term = Term.objects.create(
            organisation=organisation,
            body=body,
            number=before.number + 1 if before else 1,
            years=procedure.term_years,
            elected_on=day,
            starts_on=day,
            ends_on=add_months(day, procedure.term_years * MONTHS),
            approval_document=document_number,
        )
        Seat.objects.bulk_create(_seat(term, row, body, first=row is rows[0]) for row in rows)
        event = TermBegun(
            organisation_id=organisation.pk, body=body, number=term.number, ends_on=term.ends_on.isoformat()
        )
        record(event, by=by)
        terms.append(term)
    _appoint_chair(organisation, document_number)
    return terms


def _seat(term: Term, row: Candidate, body: str, *, first: bool) -> Seat:
    # A body other than the committee is led by its head: the candidate named so, else the one listed first.
    post = row.post if body == Body.COMMITTEE else (Post.HEAD if first else Post.MEMBER)
    return Seat(term=term, person=row.person, post=post, votes=row.votes, since=term.starts_on)


def _end_term(term: Term, day: dt.date) -> None:
    Seat.objects.filter(term=term, until=None).update(until=day, end_reason=Seat.End.TERM)
    Term.objects.filter(pk=term.pk).update(is_current=False)


def _appoint_chair(organisation: Organisation, basis: str) -> None:
    """The new chair may work at once; the old one keeps the post until the hand-over is signed by both."""
    chair = chair_of(organisation)
    user = chair.user if chair else None
    if user is None:
        return
    held = Appointment.objects.filter(
        user=user, organisation=organisation, role=Role.UNIT_CHAIR, state=Appointment.State.IN_FORCE
    )
    if not held.exists():
        install_appointment(user, organisation=organisation, role=Role.UNIT_CHAIR, basis=basis)


@transaction.atomic
def fill_vacancies(procedure: Procedure, *, by: User) -> None:
    """Who was elected in a by-election sits until the end of the running term."""
    assert procedure.organisation is not None and procedure.held_on is not None  # noqa: PT018 -- both by the state
    term = committee_of(procedure.organisation)
    if term is None:
        raise NotReady([_("这个工会没有在任的委员会，不能补选，请换届。")])
    for row in candidates_of(procedure, Body.COMMITTEE):
        if row.is_elected:
            Seat.objects.create(term=term, person=row.person, post=row.post, votes=row.votes, since=procedure.held_on)
    _appoint_chair(procedure.organisation, term.approval_document)


@transaction.atomic
def vacate_seat(seat: Seat, *, reason: str, consent_document: str = "", by: User) -> None:
    """Somebody leaves office in mid-term; moving a chair or vice-chair needs the superior's consent (law art. 18)."""
    leads = seat.post in (Post.CHAIR, Post.VICE)
    if seat.until is not None or reason not in Seat.End:
        raise NotReady([_("这个人已经不在任了。")])
    if leads and reason == Seat.End.MOVED and not consent_document.strip():
        text = _("主席、副主席任期未满调动，要经本级委员会和上级工会同意，请填上级同意文号（工会法第十八条）。")
        raise NotReady([text], fields={"consent_document": text})
    seat.until, seat.end_reason, seat.consent_document = clock.today(), reason, consent_document.strip()
    seat.save(update_fields=["until", "end_reason", "consent_document"])
    event = SeatVacated(
        organisation_id=seat.term.organisation_id, person_id=seat.person_id, post=seat.post, reason=reason
    )
    record(event, by=by)


@transaction.atomic
def ask_extension(term: Term, *, until: dt.date, reason: str, by: User) -> Extension:
    latest = add_months(term.ends_on, rule("extension_months"))
    if not term.ends_on < until <= latest:
        text = _("延期要在届满日{ends}以后、{latest}以前。")
        problem = text.format(ends=term.ends_on.isoformat(), latest=latest.isoformat())
        raise NotReady([problem], fields={"until": problem})
    try:
        with transaction.atomic():
            extension = Extension.objects.create(
                term=term, until=until, reason=reason.strip(), applied_by=by, applied_at=clock.now()
            )
    except IntegrityError as clash:
        raise AlreadyUnderWay(_("已经有一份延期申请在等审批。")) from clash
    event = ExtensionAsked(organisation_id=term.organisation_id, until=until.isoformat(), reason=extension.reason)
    record(event, by=by)
    return extension


@transaction.atomic
def approve_extension(extension: Extension, *, by: User, opinion: str = "") -> Paper:
    _refuse_same(extension, by)
    term = extension.term
    move(extension, Extension.State.APPROVED, decided_by=by, decided_at=clock.now(), opinion=opinion.strip())
    issuer = superior_of(term.organisation)
    paper = issue_paper(
        "union_reply",
        issuer=issuer,
        sender=issuer.name,
        recipient=term.organisation.name,
        by=by,
        organisation=term.organisation,
        subject=f"{term.organisation.name}延期换届",
        facts=[f"同意延期至{chinese_day(extension.until)}。请抓紧做好换届准备。"],
    )
    rows = Term.objects.filter(organisation=term.organisation, is_current=True, ends_on__lt=extension.until)
    rows.update(extended_to=extension.until, extension_document=paper.document_number)
    event = TermExtended(
        organisation_id=term.organisation_id,
        until=extension.until.isoformat(),
        document_number=paper.document_number,
    )
    record(event, by=by)
    return paper


@transaction.atomic
def refuse_extension(extension: Extension, *, by: User, opinion: str) -> None:
    _refuse_same(extension, by)
    move(extension, Extension.State.REFUSED, decided_by=by, decided_at=clock.now(), opinion=opinion.strip())
    record(ExtensionRefused(organisation_id=extension.term.organisation_id, opinion=extension.opinion), by=by)


@transaction.atomic
def order_reelection(term: Term, *, by: User) -> Paper:
    """The superior orders a union on the red list to re-elect; a paper with a day to act by."""
    if not red_terms(Term.objects.filter(pk=term.pk)).exists():
        raise NotReady([_("这个工会没有逾期，不用责令换届。")])
    issuer = superior_of(term.organisation)
    last: dt.date = term.extended_to or term.ends_on
    paper = issue_paper(
        "union_order",
        issuer=issuer,
        sender=issuer.name,
        recipient=term.organisation.name,
        by=by,
        organisation=term.organisation,
        ended_on=chinese_day(last),
        act_by=chinese_day(add_workdays(clock.today(), rule("final_workdays"), work_calendar())),
    )
    record(ReelectionOrdered(organisation_id=term.organisation_id, document_number=paper.document_number), by=by)
    for user in holders(term.organisation, "organisations.edit"):
        _tell(user, "order", term)
    return paper


def sweep_terms(day: dt.date) -> int:
    """Send each reminder of each ending term once: T-180, T-90, T-30, the day itself, then every week."""
    soon = day + dt.timedelta(days=180)
    rows = Term.objects.filter(is_current=True, body=Body.COMMITTEE, ends_on__lte=soon).select_related("organisation")
    sent = 0
    for term in rows:
        last: dt.date = term.extended_to or term.ends_on
        due = reminder((last - day).days)
        if not due or due == term.reminded:
            continue
        with transaction.atomic():
            Term.objects.filter(pk=term.pk).update(reminded=due)
            people = set(holders(term.organisation, "organisations.edit"))
            if last < day:
                people |= set(holders(superior_of(term.organisation), "organisations.approve"))
            for user in people:
                _tell(user, "late" if last < day else "ending", term)
        sent += 1
    return sent


def _tell(user: User, template: str, term: Term) -> None:
    link = reverse("founding:union-detail", args=[term.organisation.public_id])
    last = term.extended_to or term.ends_on
    send(f"founding/{template}", to=user, context={"name": term.organisation.name, "day": last.isoformat()}, link=link)


def superior_of(organisation: Organisation) -> Organisation:
    """Who signs for the union above: the lowest body above at which somebody approves."""
    body = organisation.parent
    while body is not None and body.parent is not None and not holders(body, "organisations.approve").exists():
        body = body.parent
    return body or organisation


def _refuse_same(extension: Extension, by: User) -> None:
    if extension.applied_by_id == by.pk:
        raise SamePerson(_("申请延期的人不能自己审批。"))
