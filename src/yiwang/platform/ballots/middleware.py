"""The box is outside the house: a ballot comes without session, account, address or log line."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import resolve

BOX = "/box/"


class BoxMiddleware:
    """First of all: what is for the box passes no other middleware, so nothing learns who sent it or when.

    The page sends ballots without cookies; a browser that sends them all the same finds them ignored.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(BOX):
            return self.get_response(request)
        for name in [name for name in request.META if name.startswith(("HTTP_", "REMOTE_"))]:
            if name != "HTTP_HOST":
                del request.META[name]
        try:
            found = resolve(request.path_info)
            response: HttpResponse = found.func(request, *found.args, **found.kwargs)
        except Http404:
            response = JsonResponse({"code": "not_found"}, status=404)
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response
