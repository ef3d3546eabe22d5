"""What was typed survives the end of a session: kept at the POST, joined with the draft after signing in."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from yiwang.platform.forms.actions import keep_typed

View = Callable[..., HttpResponse]


def is_autosave(request: HttpRequest) -> bool:
    """Sent by the script on leaving a field: it wants one line of text, never a page."""
    return "X-Autosave" in request.headers


def keeps_typed(view: View) -> View:
    """For the view of one step, whose URL carries ``step``: signed out, a POST is kept and the person signs in.

    After signing in they are back on the same page (GET), where ``open_draft`` or ``take_kept`` joins what was kept.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        is_kept = request.method == "POST" and keep_typed(
            request.POST.get("_draft", ""), str(kwargs.get("step", "")), request.POST
        )
        if is_autosave(request):
            return HttpResponse(
                _("登录过期了。你填的都替你留着，登录后接着填。") if is_kept else _("登录过期了。请先登录。")
            )
        return redirect_to_login(request.get_full_path())

    guarded.keeps_typed = True  # type: ignore[attr-defined]  # read by access.middleware: this view keeps by itself
    return guarded
