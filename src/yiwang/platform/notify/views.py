from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from yiwang.platform.notify.actions import mark_all_read, mark_read
from yiwang.platform.notify.policies import get_message, visible_to
from yiwang.platform.notify.queries import page_of, unread_count


@login_required
@require_GET
def message_list(request: HttpRequest) -> HttpResponse:
    shown = page_of(visible_to(request.user), before=request.GET.get("before", ""))
    return render(request, "notify/message_list.html", {"shown": shown, "unread": unread_count(request.user)})


@login_required
@require_GET
def message_open(request: HttpRequest, public_id: str) -> HttpResponse:
    """The words of one message; opening it is reading it."""
    message = get_message(request.user, public_id)
    mark_read(message)
    return render(request, "notify/message.html", {"message": message})


@login_required
@require_POST
def message_read_all(request: HttpRequest) -> HttpResponse:
    mark_all_read(request.user)  # type: ignore[arg-type]  # login_required: never anonymous
    return redirect("notify:message-list")
