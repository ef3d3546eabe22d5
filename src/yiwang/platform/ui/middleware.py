"""What every page carries: the content security policy, its icons, the reader's language."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string

from yiwang.platform.ui.icons import SPRITE_PLACE, with_drawings, with_sprite

# No inline script, style or handler anywhere: what an attacker manages to write into a page stays text.
POLICY = "; ".join(
    [
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)


class PageMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and request.method == "GET" and not response.content:
            response.content = render_to_string("405.html", request=request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        if isinstance(response, HttpResponse) and response.get("Content-Type", "").startswith("text/html"):
            draw_icons(request, response)
        return response


def draw_icons(request: HttpRequest, response: HttpResponse) -> None:
    html = response.content.decode(response.charset)
    if SPRITE_PLACE in html:
        response.content = with_sprite(html)
    elif "HX-Request" in request.headers and "<use " in html:
        response.content = with_drawings(html)
