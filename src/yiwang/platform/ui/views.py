"""Switches every page carries, and the living page of parts."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from yiwang.platform.ui import actions
from yiwang.platform.ui.modes import ELDER_COOKIE, YEAR
from yiwang.platform.ui.tables.table import SESSION_KEY


def back_to(request: HttpRequest) -> HttpResponseRedirect:
    """Where the switch was thrown, if that is a page of ours."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = "/"
    return HttpResponseRedirect(target)


@require_POST
def elder(request: HttpRequest) -> HttpResponse:
    wanted = request.POST.get("elder") == "1"
    if request.user.is_authenticated:
        actions.remember_elder_mode(request.user, elder=wanted)
    response = back_to(request)
    response.set_cookie(ELDER_COOKIE, "elder" if wanted else "standard", max_age=YEAR, samesite="Lax", httponly=True)
    return response


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    wanted = request.POST.get("language", "")
    response = back_to(request)
    if wanted in dict(settings.LANGUAGES):
        if request.user.is_authenticated:
            actions.remember_language(request.user, language=wanted)
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, wanted, max_age=YEAR, samesite="Lax", httponly=True)
    return response


@require_POST
def columns(request: HttpRequest) -> HttpResponse:
    """Which columns this reader wants of a table; kept for the session."""
    chosen = request.session.get(SESSION_KEY, {})
    name = request.POST.get("table", "")[:60]
    request.session[SESSION_KEY] = {**chosen, name: request.POST.getlist("column")[:60]}
    return back_to(request)
