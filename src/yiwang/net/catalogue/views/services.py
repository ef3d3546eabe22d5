"""The worker's pages: what can be asked for, and one service."""

import hashlib
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_safe

from yiwang.kernel.clock import today
from yiwang.net.catalogue import pages
from yiwang.net.catalogue.finder import answers_of
from yiwang.net.catalogue.policies import found_by, offered_to
from yiwang.net.catalogue.queries import entitlement, facts_of, suspended_version, with_contents
from yiwang.net.catalogue.vocabulary import AUDIENCES, SITUATIONS
from yiwang.platform.ui.modes import is_elder
from yiwang.platform.ui.pages import page
from yiwang.platform.ui.qr import drawn
from yiwang.register.access.policies import appointments_of
from yiwang.register.members.queries import person_of

PAPER = "paper"  # how a request begins whose applicant scanned a printed guide


def _stamp(request: HttpRequest, **kwargs: str) -> str | None:
    """For visitors who are not signed in, a page changes only with the catalogue, the language and the mode."""
    if request.user.is_authenticated or request.headers.get("HX-Request") or request.session.get("_messages"):
        return None
    digests = sorted(offered_to(request.user).values_list("digest", flat=True))
    told = [
        get_language(),
        is_elder(request),
        str(answers_of(request)),
        request.COOKIES.get(settings.CSRF_COOKIE_NAME, ""),
        today(),
    ]
    content = "|".join([*digests, *map(str, told), request.get_full_path()])
    return f'"{hashlib.sha256(content.encode()).hexdigest()[:32]}"'


def cacheable(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    conditional: Callable[..., HttpResponse] = condition(etag_func=_stamp)(view)
    return conditional


@require_safe
@cacheable
def service_list(request: HttpRequest) -> HttpResponse:
    versions = with_contents(offered_to(request.user))
    audience = request.GET.get("for", "")
    situation = request.GET.get("situation", "")
    context = {
        "groups": pages.grouped(versions, audience=audience, situation=situation),
        "audiences": list(AUDIENCES.items()),
        "audience": audience if audience in AUDIENCES else "",
        "situation": situation if situation in SITUATIONS else "",
        "situation_name": SITUATIONS.get(situation, ""),
    }
    return page(request, "catalogue/service_list.html", context, part="groups")


@require_safe
@cacheable
def service_detail(request: HttpRequest, code: str) -> HttpResponse:
    version = found_by(request.user).filter(service__code=code.upper()).first()
    if version is None:
        return _suspended(request, code.upper())
    person = person_of(request.user)
    answers = answers_of(request)
    found = entitlement(version, facts_of(person, answers), today())
    is_known = person is not None or bool(answers)
    via = PAPER if request.GET.get("via") == PAPER else ""
    context: dict[str, Any] = pages.service_context(version, found, is_known=is_known, via=via)
    context["bundled"] = pages.bundled(version, offered_to(request.user))
    return page(request, "catalogue/service.html", context)


@require_safe
def service_paper(request: HttpRequest, code: str) -> HttpResponse:
    """The guide on one sheet, to put up or hand out: its code leads to the same service as every other way."""
    version = get_object_or_404(found_by(request.user).filter(service__code=code.upper()))
    found = entitlement(version, facts_of(None, {}), today())
    context = pages.service_context(version, found, is_known=False)
    link = request.build_absolute_uri(reverse("catalogue:service-detail", args=[version.service.code]))
    context["link"] = link
    context["qr"] = drawn(f"{link}?via={PAPER}", _("{name}的二维码").format(name=version.name))
    posts = appointments_of(request.user)
    context["office"] = posts[0].organisation if posts else None
    return page(request, "catalogue/service_paper.html", context)


def _suspended(request: HttpRequest, code: str) -> HttpResponse:
    version = suspended_version(code)
    if version is None:
        raise Http404
    context = {"version": version, "service": version.content, "list_url": reverse("catalogue:service-list")}
    return page(request, "catalogue/service_suspended.html", context)
