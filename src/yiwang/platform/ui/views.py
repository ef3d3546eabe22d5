"""Switches every page carries, the pages for when something fails, and the living page of parts."""

from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import RequestDataTooBig
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yiwang.platform.ui import actions
from yiwang.platform.ui.modes import ELDER_COOKIE, YEAR
from yiwang.platform.ui.pages import page
from yiwang.platform.ui.samples import desk
from yiwang.platform.ui.samples.gallery import BY_KEY, PARTS
from yiwang.platform.ui.tables.table import SESSION_KEY

CODES = (400, 403, 404, 413, 429, 500)
WORKER = Path(__file__).parent / "static" / "yw" / "worker.js"


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


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Too much is said as such; everything else that Django calls suspicious stays one plain page."""
    status = 413 if isinstance(exception, RequestDataTooBig) else 400
    return render(request, f"{status}.html", status=status)


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/offline.html")


@require_safe
def worker(request: HttpRequest) -> FileResponse:
    """The service worker; served from here because its scope is the whole site."""
    if not WORKER.exists():
        raise Http404
    return FileResponse(
        WORKER.open("rb"),
        content_type="text/javascript",
        headers={"Service-Worker-Allowed": "/", "Cache-Control": "no-cache"},
    )


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    return page(request, "ui/living/index.html", {"parts": PARTS, "codes": CODES})


@require_safe
def part(request: HttpRequest, key: str) -> HttpResponse:
    if key not in BY_KEY:
        raise Http404
    place = PARTS.index(BY_KEY[key])
    around = {
        "before": PARTS[place - 1] if place else None,
        "after": PARTS[place + 1] if place + 1 < len(PARTS) else None,
    }
    return page(request, "ui/living/part.html", {"part": BY_KEY[key], **around, **BY_KEY[key].context(request)})


@require_safe
def error(request: HttpRequest, code: int) -> HttpResponse:
    if code not in CODES:
        raise Http404
    return render(request, f"{code}.html")


@require_safe
def ask(request: HttpRequest) -> HttpResponse:
    return page(request, "ui/living/ask.html")


@require_safe
def print_form(request: HttpRequest) -> HttpResponse:
    return page(request, "ui/living/print.html")


@require_safe
def org_search(request: HttpRequest) -> HttpResponse:
    """The sample behind the organisation picker of the living page."""
    return render(request, "ui/parts/org_hits.html", {"hits": desk.found(request.GET.get("q", ""))})


@require_POST
def echo(request: HttpRequest) -> HttpResponse:
    """Where the forms of the living page lead: nothing is written."""
    messages.info(request, _("样品页不存任何内容。"))
    return redirect("ui:index")
