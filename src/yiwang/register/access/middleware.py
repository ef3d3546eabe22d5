"""What officers' sessions must have: a second factor, and an end when nobody sits there."""

import time
from collections.abc import Callable
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from yiwang.register.access.policies import is_staff
from yiwang.register.accounts.kept import KEY, keep
from yiwang.register.accounts.models import User
from yiwang.register.accounts.queries import has_second_factor

SEEN = "seen_at"
NOTED_EVERY = 60  # seconds: so that not every request writes
OPEN_NAMESPACES = frozenset({"accounts", "ui", "notify"})
OPEN_PREFIXES = ("account_", "mfa_", "usersessions_")

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class IdleSessionMiddleware:
    """Ends a session in which nothing happened for too long; a form that arrives then is kept for its sender."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        if (user := _user(request)) is None:
            return None
        seen, now = request.session.get(SEEN), int(time.time())
        if seen is not None and now - seen > _limit(user):
            return _end_idle(request, user, view)
        if seen is None or now - seen >= NOTED_EVERY:
            request.session[SEEN] = now
            UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=timezone.now())
        if KEY in request.session and request.method == "GET" and not _is_open(request) and not _is_piece(request):
            return redirect("accounts:kept")
        return None


class StaffSecondFactorMiddleware:
    """Officers get nowhere without a second factor shown in this very session (not in demo mode)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        if not settings.STAFF_NEEDS_SECOND_FACTOR or _is_open(request):
            return None
        user = _user(request)
        if user is None or not is_staff(user) or _shown_second_factor(request, user):
            return None
        if has_second_factor(user):
            return HttpResponseRedirect(
                f"{reverse('mfa_reauthenticate')}?{urlencode({'next': request.get_full_path()})}"
            )
        messages.warning(request, _("工作人员要先开通第二道验证，才能进工作台。"))
        return redirect("mfa_index")


def _user(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


def _limit(user: User) -> int:
    seconds: int = settings.STAFF_IDLE_SECONDS if is_staff(user) else settings.WORKER_IDLE_SECONDS
    return seconds


def _is_open(request: HttpRequest) -> bool:
    match = request.resolver_match
    if match is None:
        return True
    return bool(OPEN_NAMESPACES & set(match.namespaces)) or (match.url_name or "").startswith(OPEN_PREFIXES)


def _is_piece(request: HttpRequest) -> bool:
    return "HX-Request" in request.headers


def _shown_second_factor(request: HttpRequest, user: User) -> bool:
    return any(record["method"] == "mfa" for record in get_authentication_records(request, user))


def _end_idle(request: HttpRequest, user: User, view: Callable[..., HttpResponseBase]) -> HttpResponseBase | None:
    sent = request.method == "POST" and bool(request.POST or request.FILES)
    logout(request)
    if getattr(view, "keeps_typed", False):  # forms.guard: the steps of an application have their own drawer
        return None
    if sent:
        keep(
            request.session,
            path=request.get_full_path(),
            data=request.POST,
            user_id=user.pk,
            files=request.FILES,
        )
    messages.info(request, _("很久没有操作，已经退出登录。请再登录一次，刚才填的还在。"))
    target = f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': _back(request)})}"
    if _is_piece(request):
        return HttpResponseClientRedirect(target)
    return HttpResponseRedirect(target)


def _back(request: HttpRequest) -> str:
    return reverse("accounts:kept") if request.method == "POST" else request.get_full_path()
