"""The legal person: certificate, seals, the letter to the bank; and the hand-over between two chairs."""

import datetime as dt
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from yiwang.grassroots.founding.actions.papers import chinese_day, issue_paper
from yiwang.grassroots.founding.actions.terms import superior_of
from yiwang.grassroots.founding.errors import AlreadyUnderWay, NotReady, SamePerson, TooEarly
from yiwang.grassroots.founding.events import (
    CertificateMoved,
    HandoverDrawn,
    HandoverSigned,
    SealRecorded,
    SealReturned,
)
from yiwang.grassroots.founding.models import Certificate, Handover, Paper, Seal
from yiwang.grassroots.founding.queries import (
    certificate_of,
    chair_of,
    committee_of,
    hand_over_content,
    rule,
)
from yiwang.kernel import clock
from yiwang.kernel.clock import deadline
from yiwang.kernel.identity import BadIdentity, check_uscc
from yiwang.kernel.states import move
from yiwang.platform.journal.actions import record
from yiwang.platform.notify.actions import send
from yiwang.platform.rules.queries import work_calendar
from yiwang.register.access.actions import revoke_appointment
from yiwang.register.access.models import Appointment
from yiwang.register.access.queries import holders
from yiwang.register.access.roles import Role
from yiwang.register.accounts.models import User
from yiwang.register.members.models import Person
from yiwang.register.organisations.actions import update_organisation
from yiwang.register.organisations.models import Organisation

State = Certificate.State
UNION_CODES = ("81", "89")
REGISTERED_KINDS = ("E1", "E2", "E3", "E4", "D1", "D2", "C1", "C2", "C3")


@transaction.atomic
def apply_certificate(
    organisation: Organisation, *, address: str, funds: Decimal, floor_area: int, business: str, by: User
) -> Certificate:
    """Ask for the legal-person certificate, or its renewal within the last days of the old one (2020 rule art. 27)."""
    chair, term = chair_of(organisation), committee_of(organisation)
    if organisation.kind not in REGISTERED_KINDS or chair is None or term is None:
        raise NotReady([_("先要选出主席，经上级批准，才能申请法人登记。")])
    least = rule("funds_least_yuan")
    if funds < least:
        problem = _("经费和财产至少要有{least}元。").format(least=least)
        raise NotReady([problem], fields={"funds": problem})
    if renewable_from(organisation) > clock.today():
        text = _("现有证书到期前{days}天起才能换证，从{day}起可以办。")
        day = renewable_from(organisation).isoformat()
        raise TooEarly(text.format(days=rule("certificate_renew_days"), day=day))
    moment = clock.now()
    facts = {
        "representative": chair.name,
        "address": address.strip(),
        "funds": funds,
        "floor_area": floor_area,
        "business": business.strip(),
        "applied_by": by,
        "applied_at": moment,
        "due_at": deadline(moment, rule("certificate_days"), "day", work_calendar()),
    }
    returned = Certificate.objects.filter(organisation=organisation, state=State.RETURNED).first()
    if returned is not None:
        move(returned, State.APPLIED, **facts)
        certificate = returned
    else:
        try:
            with transaction.atomic():
                certificate = Certificate.objects.create(organisation=organisation, **facts)
        except IntegrityError as clash:
            raise AlreadyUnderWay(_("已经有一份法人登记申请在等审查。")) from clash
    _moved(certificate, by)
    for user in holders(superior_of(organisation), "organisations.approve"):
        _tell(user, "certificate_asked", organisation)
    return certificate


def renewable_from(organisation: Organisation) -> dt.date:
    """The first day on which a certificate can be asked for."""
    valid = Certificate.objects.filter(organisation=organisation, state=State.VALID).order_by("-valid_to").first()
    if valid is None or valid.valid_to is None:
        return dt.date.min
    return valid.valid_to - dt.timedelta(days=rule("certificate_renew_days"))


@transaction.atomic
def issue_certificate(certificate: Certificate, *, uscc: str, number: str, by: User, opinion: str = "") -> None:
    """Registered: valid as long as the term; its code begins with 81 or 89 and is the union's own."""
    _refuse_same(certificate, by)
    organisation = certificate.organisation
    try:
        code = check_uscc(uscc).code
    except BadIdentity as fault:
        raise NotReady([str(fault)], fields={"uscc": str(fault)}) from fault
    if not code.startswith(UNION_CODES):
        problem = _("工会的统一社会信用代码以81或89开头。")
        raise NotReady([problem], fields={"uscc": problem})
    term = committee_of(organisation)
    assert term is not None
    Certificate.objects.filter(organisation=organisation, state=State.VALID).update(
        state=State.EXPIRED, decided_at=clock.now()
    )
    valid_to: dt.date = max(term.ends_on, clock.today() + dt.timedelta(days=1))
    move(
        certificate,
        State.VALID,
        uscc=code,
        number=number.strip(),
        valid_from=clock.today(),
        valid_to=valid_to,
        decided_by=by,
        decided_at=clock.now(),
        opinion=opinion.strip(),
    )
    update_organisation(organisation, by=by, uscc=code, address=organisation.address or certificate.address)
    _moved(certificate, by, opinion=opinion)
    _tell(certificate.applied_by, "certificate_decided", organisation)


@transaction.atomic
def return_certificate(certificate: Certificate, *, by: User, opinion: str) -> None:
    _refuse_same(certificate, by)
    move(certificate, State.RETURNED, opinion=opinion.strip())
    _moved(certificate, by, opinion=opinion)
    _tell(certificate.applied_by, "certificate_decided", certificate.organisation)


def sweep_certificates(day: dt.date) -> int:
    """Remind once before a certificate ends; let it end the day after its last one."""
    Certificate.objects.filter(state=State.VALID, valid_to__lt=day).update(state=State.EXPIRED)
    soon = day + dt.timedelta(days=rule("certificate_remind_days"))
    rows = Certificate.objects.filter(state=State.VALID, valid_to__lte=soon, reminded=False)
    count = 0
    for certificate in rows.select_related("organisation"):
        with transaction.atomic():
            Certificate.objects.filter(pk=certificate.pk).update(reminded=True)
            for user in holders(certificate.organisation, "organisations.edit"):
                _tell(user, "certificate_ending", certificate.organisation, day=str(certificate.valid_to))
        count += 1
    return count


@transaction.atomic
def record_seal(organisation: Organisation, *, kind: str, made_on: dt.date, keeper: str, by: User) -> Seal:
    try:
        with transaction.atomic():
            seal = Seal.objects.create(organisation=organisation, kind=kind, made_on=made_on, keeper=keeper.strip())
    except IntegrityError as clash:
        raise AlreadyUnderWay(_("这种印章已经登记了一枚，先把旧的交回。")) from clash
    record(SealRecorded(organisation_id=organisation.pk, kind=kind, keeper=seal.keeper), by=by)
    return seal


@transaction.atomic
def return_seal(seal: Seal, *, by: User) -> None:
    Seal.objects.filter(pk=seal.pk, returned_on=None).update(returned_on=clock.today())
    record(SealReturned(organisation_id=seal.organisation_id, kind=seal.kind), by=by)


@transaction.atomic
def issue_bank_letter(organisation: Organisation, *, by: User) -> Paper:
    """The union above certifies to a bank that the union stands, so that it opens an account of its own."""
    chair = chair_of(organisation)
    if chair is None or not organisation.approval_document or organisation.founded_on is None:
        raise NotReady([_("先要经上级批准成立、选出主席，才能出开户证明。")])
    issuer = superior_of(organisation)
    certificate = certificate_of(organisation)
    return issue_paper(
        "union_bank",
        issuer=issuer,
        sender=issuer.name,
        recipient="开户银行",
        by=by,
        organisation=organisation,
        union_name=organisation.name,
        founded_on=chinese_day(organisation.founded_on),
        approval=organisation.approval_document,
        chair=chair.name,
        uscc=certificate.uscc if certificate else "",
    )


@transaction.atomic
def draw_handover(organisation: Organisation, from_person: Person, *, by: User) -> Handover:
    """Freeze what is open today, for the outgoing chair to hand over and the incoming one to take."""
    to_person = chair_of(organisation)
    if to_person is None or to_person.pk == from_person.pk:
        raise NotReady([_("主席没有换人，不用交接。")])
    try:
        with transaction.atomic():
            handover = Handover.objects.create(
                organisation=organisation,
                from_person=from_person,
                to_person=to_person,
                content=hand_over_content(organisation),
                drawn_at=clock.now(),
            )
    except IntegrityError as clash:
        raise AlreadyUnderWay(_("已经有一份交接单等两人签字。")) from clash
    event = HandoverDrawn(organisation_id=organisation.pk, from_person_id=from_person.pk, to_person_id=to_person.pk)
    record(event, by=by)
    for person in (from_person, to_person):
        if person.user is not None:
            link = reverse("founding:handover-detail", args=[handover.public_id])
            send("founding/handover", to=person.user, context={"name": organisation.name}, link=link)
    return handover


@transaction.atomic
def sign_handover(handover: Handover, side: str, *, by: User) -> None:
    """One of the two signs; with the second signature the outgoing chair's appointment ends."""
    field = {"given": "given_at", "taken": "taken_at"}[side]
    rows = Handover.objects.filter(pk=handover.pk, **{f"{field}__isnull": True}).update(**{field: clock.now()})
    handover.refresh_from_db()
    if rows:
        record(HandoverSigned(organisation_id=handover.organisation_id, side=side), by=by)
    if handover.is_done and handover.from_person.user is not None:
        posts = Appointment.objects.filter(
            user=handover.from_person.user,
            organisation=handover.organisation,
            role=Role.UNIT_CHAIR,
            state=Appointment.State.IN_FORCE,
        )
        for post in posts:
            revoke_appointment(post, reason=_("换届交接完成"))


def _refuse_same(certificate: Certificate, by: User) -> None:
    if certificate.applied_by_id == by.pk:
        raise SamePerson(_("申请登记的人不能自己审查。"))


def _moved(certificate: Certificate, by: User, *, opinion: str = "") -> None:
    event = CertificateMoved(
        organisation_id=certificate.organisation_id,
        state=certificate.state,
        number=certificate.number,
        opinion=opinion.strip(),
    )
    record(event, by=by)


def _tell(user: User, template: str, organisation: Organisation, *, day: str = "") -> None:
    link = reverse("founding:union-detail", args=[organisation.public_id])
    send(f"founding/{template}", to=user, context={"name": organisation.name, "day": day}, link=link)
