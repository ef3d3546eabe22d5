"""The one place where a view branches on htmx."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


def page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    part: str | None = None,
    status: int = 200,
) -> HttpResponse:
    """The whole page, or only its ``part`` (a ``{% partialdef %}`` in it) when htmx asked for a piece."""
    htmx = getattr(request, "htmx", None)
    is_piece = bool(part and htmx and not htmx.boosted and not htmx.history_restore_request)
    name = f"{template}#{part}" if is_piece else template
    response = render(request, name, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    if is_piece:
        # Otherwise Back could show the bare piece from the browser's cache.
        response["Cache-Control"] = "no-store"
    return response
