"""The only writers of accounts, beside django-allauth's own flows."""

import ipaddress

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import login, update_session_auth_hash
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from yiwang.kernel.clock import now
from yiwang.kernel.identity import parse_phone
from yiwang.platform.journal.actions import record
from yiwang.register.accounts.errors import DemoOnly, EvidenceMissing, PhoneTaken
from yiwang.register.accounts.events import (
    AccountRecovered,
    NoticeAccepted,
    PhoneChanged,
    SessionsEnded,
    SignedIn,
    SteppedInto,
)
from yiwang.register.accounts.models import NoticeAcceptance, User
from yiwang.register.accounts.notice import NOTICE_VERSION
from yiwang.register.accounts.queries import sessions_of
from yiwang.register.accounts.texting import text_code

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@transaction.atomic
def accept_notice(user: User, *, version: str = NOTICE_VERSION) -> None:
    """Keep which version of the privacy notice was accepted and when. Accepting again changes nothing."""
    _row, is_new = NoticeAcceptance.objects.get_or_create(user=user, version=version)
    if is_new:
        record(NoticeAccepted(user_id=user.pk, version=version), by=user)


@transaction.atomic
def note_sign_in(user: User, *, methods: str) -> None:
    record(SignedIn(user_id=user.pk, methods=methods), by=user)


@transaction.atomic
def end_sessions(user: User, *, by: User | None) -> int:
    """Sign the account out everywhere. Safe to run twice."""
    return _end_sessions(list(UserSession.objects.filter(user=user)), user, by=by)


@transaction.atomic
def end_session(user: User, mark: str, *, by: User) -> int:
    """Sign out the one device the owner pointed at; nothing happens if it is gone already."""
    return _end_sessions([known.session for known in sessions_of(user) if known.mark == mark], user, by=by)


def _end_sessions(sessions: list[UserSession], user: User, *, by: User | None) -> int:
    for session in sessions:
        session.end()
    if sessions:
        record(SessionsEnded(user_id=user.pk, sessions=len(sessions)), by=by)
    return len(sessions)


@transaction.atomic
def set_phone(user: User, *, phone: str, verified: bool) -> None:
    """Bind a number, as allauth's flows ask for it."""
    was = user.phone
    user.phone = phone
    user.phone_verified_at = now() if verified else None
    user.save(update_fields=["phone", "phone_verified_at"])
    if was and was != phone:
        record(PhoneChanged(user_id=user.pk), by=user)
        text_code(was, _("你的一网账号换绑了手机号。不是你本人办的，请马上打12351。"))


def confirm_phone(user: User, *, phone: str) -> None:
    """The owner of the account proved that the number is theirs."""
    if user.phone != phone:
        set_phone(user, phone=phone, verified=True)
    elif user.phone_verified_at is None:
        user.phone_verified_at = now()
        user.save(update_fields=["phone_verified_at"])


@transaction.atomic
def recover_account(user: User, *, phone: str, evidence: str, by: User) -> None:
    """Someone lost number and keys and came to a counter: new number, no second factors, signed out everywhere.

    Both numbers are told, so that a stolen account is noticed. Who may do this is ``access.policies``' business.
    """
    if not evidence.strip():
        raise EvidenceMissing
    old, new = user.phone, parse_phone(phone)

    user.phone = new
    user.phone_verified_at = None
    user.set_unusable_password()
    try:
        with transaction.atomic():
            user.save(update_fields=["phone", "phone_verified_at", "password"])
    except IntegrityError as taken:
        raise PhoneTaken from taken
    Authenticator.objects.filter(user=user).delete()
    end_sessions(user, by=by)

    record(AccountRecovered(user_id=user.pk), by=by, purpose=evidence.strip())
    text = _("你的一网账号换绑了手机号。不是你本人办的，请马上打12351。")
    for number in {old, new} - {None}:
        text_code(str(number), text)


def drop_password(user: User) -> None:
    """The owner forgot it and has just proved the number: a new one can be set without the old."""
    user.set_unusable_password()
    user.save(update_fields=["password"])


def keep_signed_in(request: HttpRequest, user: User) -> None:
    """A changed password ends all sessions but the one it was changed in."""
    update_session_auth_hash(request, user)


@transaction.atomic
def rename(user: User, *, name: str) -> None:
    """The account takes the name of the person it was bound to."""
    user.name = name
    user.save(update_fields=["name"])


def step_into(request: HttpRequest, user: User) -> None:
    """Take on a demo persona: in demo mode, and only for a browser on this very machine."""
    if not is_demo_on_this_machine(request):
        raise DemoOnly
    login(request, user, backend=BACKEND)
    UserSession.objects.create_from_request(request)
    with transaction.atomic():
        record(SteppedInto(user_id=user.pk), by=user)


def is_demo_on_this_machine(request: HttpRequest) -> bool:
    """Also false behind a proxy: then the request only seems to come from here."""
    if not settings.DEMO or "X-Forwarded-For" in request.headers or "Forwarded" in request.headers:
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
