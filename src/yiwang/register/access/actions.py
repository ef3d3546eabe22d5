"""The only writers of appointments, mandates, recusals and looks."""

import datetime as dt
import hmac
import secrets
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from yiwang.kernel.clock import now, today
from yiwang.kernel.crypto import blind_index
from yiwang.kernel.identity import parse_phone
from yiwang.kernel.states import move
from yiwang.platform.journal.actions import record
from yiwang.platform.notify.actions import send
from yiwang.platform.rules.queries import parameter
from yiwang.register.access.errors import (
    AlreadySetUp,
    AppointmentsClash,
    CodeExpired,
    MandateTooLong,
    NeedsAnotherPerson,
    NotOneself,
    NotTheFirst,
    NotYourself,
    NotYoursToGive,
    OutsideYourScope,
    PurposeMissing,
    RoleNotAtThisLevel,
    WrongCode,
)
from yiwang.register.access.events import (
    Appointed,
    AppointmentDeclined,
    AppointmentEnded,
    AppointmentProposed,
    MandateEnded,
    MandateGiven,
    PersonRevealed,
    RecusalDeclared,
    RecusalEnded,
)
from yiwang.register.access.models import Appointment, Look, Mandate, Recusal
from yiwang.register.access.policies import appointments_of, can, forget, givable_roles
from yiwang.register.access.queries import mandates_for
from yiwang.register.access.roles import LEVELS, SENSITIVE, Role
from yiwang.register.accounts.actions import end_sessions
from yiwang.register.accounts.models import User
from yiwang.register.accounts.texting import text_code
from yiwang.register.organisations.models import Employer, Organisation

CODE_LIVES = dt.timedelta(minutes=10)
CODE_TRIES = 3


@transaction.atomic
def appoint(
    user: User,
    *,
    organisation: Organisation,
    role: str,
    valid_from: dt.date | None = None,
    valid_to: dt.date | None = None,
    basis: str = "",
    by: User,
) -> Appointment:
    """Give a role; a sensitive one stays a proposal until another person confirms it."""
    _refuse_unless_givable(user, organisation=organisation, role=Role(role), by=by)

    sensitive = Role(role) in SENSITIVE
    appointment = Appointment(
        user=user,
        organisation=organisation,
        role=role,
        valid_from=valid_from or today(),
        valid_to=valid_to,
        basis=basis,
        state=Appointment.State.PROPOSED if sensitive else Appointment.State.IN_FORCE,
        proposed_by=by,
    )
    _save_without_clash(appointment)

    event = AppointmentProposed if sensitive else Appointed
    record(event(**_facts(appointment)), by=by)
    return appointment


@transaction.atomic
def install_appointment(
    user: User,
    *,
    organisation: Organisation,
    role: str,
    valid_from: dt.date | None = None,
    valid_to: dt.date | None = None,
    basis: str = "",
) -> Appointment:
    """What the operator does at the console, or a demo: no second person is asked, and the journal says so."""
    _refuse_wrong_level(organisation, Role(role))

    appointment = Appointment(
        user=user,
        organisation=organisation,
        role=role,
        valid_from=valid_from or today(),
        valid_to=valid_to,
        basis=basis,
        state=Appointment.State.IN_FORCE,
    )
    _save_without_clash(appointment)

    record(Appointed(**_facts(appointment)), by=None, purpose=basis)
    return appointment


def install_first_security_admin(user: User, *, organisation: Organisation) -> Appointment:
    """The first officer of an empty system, made at the console once; everyone after is appointed on the pages."""
    if Appointment.objects.live().filter(role=Role.SECURITY_ADMIN).exists():
        raise AlreadySetUp
    return install_appointment(
        user, organisation=organisation, role=Role.SECURITY_ADMIN, basis=_("系统启用时在服务器上任命")
    )


@transaction.atomic
def confirm_appointment(appointment: Appointment, *, by: User) -> None:
    """The second of two people puts a proposal in force."""
    _refuse_unless_givable(appointment.user, organisation=appointment.organisation, role=Role(appointment.role), by=by)
    if by.pk == appointment.proposed_by_id:
        raise NeedsAnotherPerson

    move(appointment, Appointment.State.IN_FORCE, confirmed_by=by)
    forget(appointment.user)
    record(Appointed(**_facts(appointment)), by=by)


@transaction.atomic
def decline_appointment(appointment: Appointment, *, by: User) -> None:
    _refuse_unless_givable(appointment.user, organisation=appointment.organisation, role=Role(appointment.role), by=by)

    move(appointment, Appointment.State.DECLINED)
    record(AppointmentDeclined(**_facts(appointment)), by=by)


@transaction.atomic
def end_appointment(appointment: Appointment, *, reason: str, by: User) -> None:
    """Rights are gone with the next request; open sessions are ended by the reaction."""
    _refuse_unless_givable(appointment.user, organisation=appointment.organisation, role=Role(appointment.role), by=by)
    _end(appointment, reason=reason, by=by)


@transaction.atomic
def revoke_appointment(appointment: Appointment, *, reason: str) -> None:
    """The console's way to end an appointment when nobody is left who may."""
    _end(appointment, reason=reason, by=None)


def end_expired_appointments(*, on: dt.date) -> int:
    """Close every appointment whose last day has passed. Its rights ended by themselves at midnight."""
    expired = list(Appointment.objects.expired(on).select_related("user"))
    for appointment in expired:
        with transaction.atomic():
            _end(appointment, reason=_("任期届满"), by=None)
    return len(expired)


def end_sessions_of(user_id: int) -> None:
    """Sign one account out everywhere, because its rights have changed."""
    user = User.objects.filter(pk=user_id).first()
    if user is not None:
        end_sessions(user, by=None)


def _end(appointment: Appointment, *, reason: str, by: User | None) -> None:
    move(appointment, Appointment.State.ENDED, revoked_at=now(), end_reason=reason)
    forget(appointment.user)
    record(AppointmentEnded(**_facts(appointment)), by=by, purpose=reason)


def _refuse_unless_givable(user: User, *, organisation: Organisation, role: Role, by: User) -> None:
    if user.pk == by.pk:
        raise NotOneself
    if not can(by, "access.appoint", organisation):
        raise OutsideYourScope(organisation)
    _refuse_wrong_level(organisation, role)
    if role not in givable_roles(by, organisation):
        raise NotYoursToGive(str(role.label))


def _refuse_wrong_level(organisation: Organisation, role: Role) -> None:
    if organisation.level not in LEVELS[role]:
        raise RoleNotAtThisLevel(role=str(role.label), organisation=organisation)


def _save_without_clash(appointment: Appointment) -> None:
    # One account at a time: two clashing proposals in two transactions would both pass the check below.
    User.objects.select_for_update(no_key=True).get(pk=appointment.user_id)
    try:
        appointment.full_clean()
    except ValidationError as clash:
        raise AppointmentsClash(" ".join(clash.messages)) from clash
    appointment.save()
    forget(appointment.user)


@transaction.atomic
def appoint_first_administrators(organisation: Organisation, users: dict[Role, User]) -> list[Appointment]:
    """The three administrators of a fresh installation, given by its operator; refused once anybody holds a post."""
    if Appointment.objects.exists():
        raise NotTheFirst
    if len({user.pk for user in users.values()}) != len(users):
        raise NeedsAnotherPerson
    given = []
    for role, user in users.items():
        appointment = Appointment(
            user=user, organisation=organisation, role=role, valid_from=today(), state=Appointment.State.IN_FORCE
        )
        appointment.save()
        record(Appointed(**_facts(appointment)), by=None)
        given.append(appointment)
    return given


def _facts(appointment: Appointment) -> dict[str, Any]:
    return {
        "appointment_id": appointment.pk,
        "user_id": appointment.user_id,
        "organisation_id": appointment.organisation_id,
        "role": appointment.role,
    }


@transaction.atomic
def ask_mandate(
    *,
    person_id: int,
    person_name: str,
    phone: str,
    delegate: User,
    valid_until: dt.date,
    service_code: str = "",
) -> Mandate:
    """Ask a person by text message whether this account may act for them; they read the code out to consent."""
    number = parse_phone(phone)
    _refuse_long(valid_until)

    code = f"{secrets.randbelow(10**6):06}"
    mandate = Mandate.objects.create(
        person_id=person_id,
        person_name=person_name,
        delegate=delegate,
        service_code=service_code,
        consent=Mandate.Consent.SMS,
        valid_until=valid_until,
        code_expires_at=now() + CODE_LIVES,
    )
    mandate.code_hash = _hashed(mandate, code)
    mandate.save(update_fields=["code_hash"])
    text_code(
        number,
        _(
            "{delegate}要替你办事，到{day}为止。同意就把验证码{code}告诉对方，10分钟内有效；不同意请不要告诉任何人。"
        ).format(delegate=delegate, day=valid_until.isoformat(), code=code),
    )
    return mandate


def give_mandate(mandate: Mandate, *, code: str, by: User) -> None:
    """Check the code the person read out. A wrong one counts even though the request is refused."""
    left = _tries_left(mandate, code)
    if left is not None:
        raise WrongCode(left)
    with transaction.atomic():
        move(mandate, Mandate.State.GIVEN, given_at=now(), code_hash="")
        record(MandateGiven(mandate_id=mandate.pk, person_id=mandate.person_id, delegate_id=mandate.delegate_id), by=by)


def _tries_left(mandate: Mandate, code: str) -> int | None:
    """None if the code is right; otherwise how often it may still be tried."""
    with transaction.atomic():
        locked = Mandate.objects.select_for_update().get(pk=mandate.pk)
        if locked.code_expires_at is None or locked.code_expires_at < now():
            raise CodeExpired
        if locked.state == Mandate.State.ASKED and hmac.compare_digest(locked.code_hash, _hashed(mandate, code)):
            return None
        locked.wrong_codes += 1
        locked.save(update_fields=["wrong_codes"])
        left = max(0, CODE_TRIES - locked.wrong_codes)
        if left == 0 and locked.may_move(Mandate.State.ENDED):
            move(locked, Mandate.State.ENDED, ended_at=now(), code_hash="")
        mandate.state = locked.state
    return left


@transaction.atomic
def note_paper_mandate(
    *,
    person_id: int,
    person_name: str,
    delegate: User,
    evidence: str,
    valid_until: dt.date,
    service_code: str = "",
    by: User,
) -> Mandate:
    """Record a signed paper; ``evidence`` says where it is kept (an upload or a file number)."""
    _refuse_long(valid_until)

    mandate = Mandate.objects.create(
        person_id=person_id,
        person_name=person_name,
        delegate=delegate,
        service_code=service_code,
        consent=Mandate.Consent.PAPER,
        evidence=evidence,
        state=Mandate.State.GIVEN,
        given_at=now(),
        valid_until=valid_until,
    )
    record(MandateGiven(mandate_id=mandate.pk, person_id=person_id, delegate_id=delegate.pk), by=by)
    return mandate


@transaction.atomic
def grant_mandate(
    *, person_id: int, person_name: str, delegate: User, valid_until: dt.date, service_code: str = "", by: User
) -> Mandate:
    """The person, signed in, lets somebody act for them. Granting the same again changes nothing."""
    _refuse_long(valid_until)
    if delegate.pk == by.pk:
        raise NotYourself
    same = mandates_for(delegate).filter(person_id=person_id, service_code=service_code, valid_until=valid_until)
    if known := same.first():
        return known

    mandate = Mandate.objects.create(
        person_id=person_id,
        person_name=person_name,
        delegate=delegate,
        service_code=service_code,
        consent=Mandate.Consent.SELF,
        state=Mandate.State.GIVEN,
        given_at=now(),
        valid_until=valid_until,
    )
    record(MandateGiven(mandate_id=mandate.pk, person_id=person_id, delegate_id=delegate.pk), by=by)
    context = {"name": person_name, "day": valid_until.isoformat()}
    send("access/mandate_given", to=delegate, context=context, link=reverse("mandates:mandate-list"))
    return mandate


@transaction.atomic
def end_mandate(mandate: Mandate, *, by: User | None) -> None:
    """Either side may end it at any time, without giving a reason."""
    move(mandate, Mandate.State.ENDED, ended_at=now(), code_hash="")
    record(MandateEnded(mandate_id=mandate.pk, person_id=mandate.person_id, delegate_id=mandate.delegate_id), by=by)


def end_expired_mandates(*, on: dt.date) -> int:
    """Close what nobody may use any more."""
    expired = list(Mandate.objects.exclude(state=Mandate.State.ENDED).filter(valid_until__lt=on))
    for mandate in expired:
        end_mandate(mandate, by=None)
    return len(expired)


def _refuse_long(valid_until: dt.date) -> None:
    longest = parameter("access.mandate_days", today())
    if not 0 <= (valid_until - today()).days <= longest:
        raise MandateTooLong(longest)


def _hashed(mandate: Mandate, code: str) -> str:
    return blind_index("mandate", f"{mandate.public_id}:{code.strip()}")


@transaction.atomic
def declare_recusal(
    user: User,
    *,
    reason: str,
    person_id: int | None = None,
    employer: Employer | None = None,
    note: str = "",
    by: User,
) -> Recusal:
    """From now on ``user`` handles nothing of this person or employer. Declaring twice changes nothing."""
    known = Recusal.objects.filter(user=user, person_id=person_id, employer=employer, ended_at=None).first()
    if known is not None:
        return known

    recusal = Recusal(user=user, person_id=person_id, employer=employer, reason=reason, note=note, declared_by=by)
    recusal.full_clean()
    recusal.save()
    record(RecusalDeclared(recusal_id=recusal.pk, user_id=user.pk), by=by)
    return recusal


@transaction.atomic
def end_recusal(recusal: Recusal, *, by: User) -> None:
    recusal.ended_at = now()
    recusal.save(update_fields=["ended_at"])
    record(RecusalEnded(recusal_id=recusal.pk, user_id=recusal.user_id), by=by)


def note_look(subject: str, subject_id: int, person_id: int, by: User, purpose: str) -> None:
    """Somebody opened a page with this person's data: one row a day for each officer, page and purpose."""
    Look.objects.bulk_create(
        [_look(subject, subject_id, person_id, by=by, purpose=purpose, kind=Look.Kind.PAGE)], ignore_conflicts=True
    )


@transaction.atomic
def note_reveal(subject: str, subject_id: int, person_id: int, by: User, purpose: str) -> None:
    """Somebody unmasked a number: every time is noted, with the reason they gave, and journalled."""
    if not purpose.strip():
        raise PurposeMissing
    _look(subject, subject_id, person_id, by=by, purpose=purpose.strip(), kind=Look.Kind.REVEAL).save()
    record(PersonRevealed(person_id=person_id, seen=subject, seen_id=subject_id), by=by, purpose=purpose.strip())


def note_reveals(subject: str, person_ids: Sequence[int], by: User, purpose: str) -> None:
    """The same for a list that left as a file: one look for each person; the file itself is journalled by its app."""
    if not purpose.strip():
        raise PurposeMissing
    kind, why = Look.Kind.REVEAL, purpose.strip()
    Look.objects.bulk_create(
        [_look(subject, pk, pk, by=by, purpose=why, kind=kind) for pk in person_ids], batch_size=2_000
    )


def _look(subject: str, subject_id: int, person_id: int, *, by: User, purpose: str, kind: str) -> Look:
    posts = appointments_of(by)
    return Look(
        kind=kind,
        subject=subject,
        subject_id=subject_id,
        person_id=person_id,
        by=by,
        by_name=by.name,
        by_organisation=posts[0].organisation.name if posts else "",
        purpose=purpose[:200],
        on=today(),
        at=now(),
    )
