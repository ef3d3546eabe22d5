"""Files that were sent with an ended session join the form when its sender hands it in again."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.datastructures import MultiValueDict

from yiwang.platform.files.actions import take_held

TICKET = "_held"  # a hidden input of the page that offers to send the form again
PLAIN_FORM = "application/x-www-form-urlencoded"


class HeldFilesMiddleware:
    """A view sees them in ``request.FILES``, as if the browser had sent them, and checks them like any other."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        if request.method != "POST" or request.content_type != PLAIN_FORM or request.user.pk is None:
            return None
        if ticket := request.POST.get(TICKET):
            files = take_held(ticket, user_id=request.user.pk)
            request._files = MultiValueDict(files)  # type: ignore[attr-defined]  # what request.FILES reads
        return None
