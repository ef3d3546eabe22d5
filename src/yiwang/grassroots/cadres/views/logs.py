"""Logs of the teams, and one of them with its pictures."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yiwang.grassroots.cadres import actions, policies
from yiwang.grassroots.cadres.queries import people as queries
from yiwang.grassroots.cadres.tables import LogTable, log_badges
from yiwang.grassroots.cadres.views.common import user_of
from yiwang.kernel.errors import DomainError
from yiwang.platform.ui.pages import page
from yiwang.platform.ui.tables import table_page
from yiwang.register.access.policies import staff_required


@staff_required
@require_GET
def log_list(request: HttpRequest) -> HttpResponseBase:
    table = LogTable(request, policies.logs_visible_to(request.user))
    context = {
        "leads": policies.led_places(request.user).exists(),
        "has_own": policies.own_posts(request.user).exists(),
    }
    return table_page(request, "cadres/logs.html", table, context)


@staff_required
@require_http_methods(["GET", "POST"])
def log_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    log = policies.get_log(request.user, public_id)
    may_verify = policies.may_verify(request.user, log)
    if request.method == "POST":
        if not may_verify:
            raise PermissionDenied
        try:
            actions.verify_log(log, by=user_of(request))
        except DomainError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("核实了。"))
        return redirect("cadres:log-detail", public_id)
    context = {"log": log, "photos": queries.photos_of(log), "badges": log_badges(log), "may_verify": may_verify}
    return page(request, "cadres/log.html", context)
