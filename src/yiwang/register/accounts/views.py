"""The account's own pages beside django-allauth's."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.account.views import change_phone, password_set
from allauth.mfa.totp.views import activate_totp
from allauth.mfa.webauthn.views import add_webauthn
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.kernel.identity import mask_phone
from yiwang.platform.ui.pages import page
from yiwang.register.accounts import actions, queries
from yiwang.register.accounts.kept import forget_kept, kept_for
from yiwang.register.accounts.models import User
from yiwang.register.accounts.notice import NOTICE_VERSION

View = Callable[..., HttpResponseBase]


@login_required
@require_GET
def security(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    return page(
        request,
        "accounts/security.html",
        {
            "phone": mask_phone(user.phone or ""),
            "has_password": user.has_usable_password(),
            "has_second_factor": queries.has_second_factor(user),
            "sessions": queries.sessions_of(user),
            "has_accepted_notice": queries.has_accepted_notice(user),
        },
    )


@login_required
@require_POST
def session_end(request: HttpRequest, mark: str) -> HttpResponse:
    ended = actions.end_session(cast(User, request.user), mark, by=cast(User, request.user))
    if ended:
        messages.success(request, _("那台设备已经退出登录。"))
    return redirect("usersessions_list")


@require_http_methods(["GET", "POST"])
def notice(request: HttpRequest) -> HttpResponse:
    """Open to everyone to read; those who signed in accept here when the notice has changed."""
    if request.method == "POST":
        if not request.user.is_authenticated:
            return redirect(f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': request.get_full_path()})}")
        actions.accept_notice(request.user)
        return HttpResponseRedirect(_safe_next(request))
    language = "en" if (get_language() or "").startswith("en") else "zh"
    is_pending = request.user.is_authenticated and not queries.has_accepted_notice(request.user)
    return page(
        request,
        "accounts/notice.html",
        {
            "text": f"accounts/notices/{NOTICE_VERSION}.{language}.html",
            "version": NOTICE_VERSION,
            "is_pending": is_pending,
            "next": _safe_next(request),
        },
    )


@require_http_methods(["GET", "POST"])
def password_forgotten(request: HttpRequest) -> HttpResponse:
    """Whoever just proved the number by a code may set a new password without knowing the old one."""
    if not request.user.is_authenticated:
        return page(request, "accounts/password_forgotten.html", {"login_url": _code_login(request)})
    user = request.user
    if request.method == "POST" and _seconds_since(request, "code") < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT:
        actions.drop_password(user)
        actions.keep_signed_in(request, user)
        return redirect("account_set_password")
    is_fresh = _seconds_since(request, "code") < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    return page(request, "accounts/password_forgotten.html", {"is_fresh": is_fresh})


@require_POST
def sign_in_again(request: HttpRequest) -> HttpResponse:
    """Sign out and straight back to the code page: for a sensitive step a while after signing in."""
    target = _code_login(request)
    logout(request)
    return HttpResponseRedirect(target)


@login_required
@never_cache
@require_GET
def kept(request: HttpRequest) -> HttpResponse:
    """After an expired session: what was typed is still here, and one button sends it."""
    form = kept_for(request)
    forget_kept(request.session)
    if form is None:
        return redirect("/")
    return page(request, "accounts/kept.html", {"kept": form})


def gone(request: HttpRequest, **_parts: Any) -> HttpResponse:
    """A page of allauth that this house does not use (addresses by e-mail)."""
    raise Http404


def fresh(view: View) -> View:
    """Accounts without password and second factor can't be asked again by allauth: they sign in anew instead."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user = request.user
        if not user.is_authenticated or get_reauthentication_flows(user):
            return view(request, *args, **kwargs)
        if _seconds_since(request, "code") < settings.ACCOUNT_FRESH_SECONDS:
            return view(request, *args, **kwargs)
        return page(request, "accounts/sign_in_again.html", {"next": request.path})

    return guarded


phone_change = login_required(fresh(change_phone))
password_first = login_required(fresh(password_set))
totp_activate = login_required(fresh(activate_totp))
passkey_add = login_required(fresh(add_webauthn))


def _seconds_since(request: HttpRequest, method: str) -> float:
    records = get_authentication_records(request, request.user)
    times = [record["at"] for record in records if record["method"] == method]
    return time.time() - max(times) if times else float("inf")


def _code_login(request: HttpRequest) -> str:
    back = request.POST.get("next") or reverse("accounts:password-forgotten")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = "/"
    return f"{reverse('account_request_login_code')}?{urlencode({'next': back})}"


def _safe_next(request: HttpRequest) -> str:
    target = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if is_ours else "/"
