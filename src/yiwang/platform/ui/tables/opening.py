"""A list by its address, as its own page would show it to one person now: for jobs that write it to a file."""

from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, QueryDict
from django.urls import Resolver404, resolve

from yiwang.platform.ui.errors import ListGone
from yiwang.platform.ui.tables.table import SESSION_KEY, Table, TableFound


def open_table(address: str, *, user: Any, columns: list[str] | None) -> Table:
    """The view and its policies decide what is in it; raises ``ListGone`` where they refuse."""
    path, _sep, query = address.partition("?")
    request = HttpRequest()
    request.method, request.path, request.path_info = "GET", path, path
    request.GET = QueryDict(query)
    request.META = {"SERVER_NAME": "localhost", "SERVER_PORT": "80", "REQUEST_METHOD": "GET", "QUERY_STRING": query}
    request.user = user
    request.session = {}  # type: ignore[assignment]  # the columns chosen are all that a list asks of it
    request.htmx = SimpleNamespace(target=None, boosted=False)  # type: ignore[attr-defined]  # set by its middleware
    request.is_export_job = True  # type: ignore[attr-defined]  # table_page answers with the table itself
    try:
        found = resolve(path, urlconf=settings.ROOT_URLCONF)
        request.resolver_match = found
        found.func(request, *found.args, **found.kwargs)
    except TableFound as answer:
        if columns is not None:
            request.session[SESSION_KEY] = {answer.table.name: columns}
        return answer.table
    except (Http404, Resolver404, PermissionDenied):
        pass
    raise ListGone
