from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext, gettext_noop

from yiwang.register.accounts.models import NoticeAcceptance, User
from yiwang.register.accounts.notice import NOTICE_VERSION


@dataclass(frozen=True)
class KnownSession:
    """A place where the account is signed in; ``mark`` names it without betraying the session's key."""

    mark: str
    session: UserSession

    @property
    def device(self) -> str:
        return device_name(self.session.user_agent)


def sessions_of(user: User) -> list[KnownSession]:
    """Every place where this account is signed in, the latest first; expired ones are swept out on the way."""
    alive = UserSession.objects.purge_and_list(user)
    known = [KnownSession(mark=session_mark(session.session_key), session=session) for session in alive]
    return sorted(known, key=lambda place: place.session.last_seen_at, reverse=True)


def session_mark(session_key: str) -> str:
    return salted_hmac("accounts.session", session_key, algorithm="sha256").hexdigest()[:16]


SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)
BROWSERS = (
    ("MicroMessenger", gettext_noop("微信")),
    ("HuaweiBrowser", gettext_noop("华为浏览器")),
    ("MiuiBrowser", gettext_noop("小米浏览器")),
    ("QQBrowser", gettext_noop("QQ浏览器")),
    ("Edg/", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)


def device_name(user_agent: str) -> str:
    """“iPhone · 微信” from what the browser says of itself; empty if it says nothing we know."""
    system = next((name for token, name in SYSTEMS if token in user_agent), "")
    browser = next((name for token, name in BROWSERS if token in user_agent), "")
    return " · ".join(gettext(part) for part in (system, browser) if part)


def has_accepted_notice(user: User) -> bool:
    return NoticeAcceptance.objects.filter(user=user, version=NOTICE_VERSION).exists()


def has_second_factor(user: User) -> bool:
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return bool(Authenticator.objects.filter(user=user, type__in=kinds).exists())
