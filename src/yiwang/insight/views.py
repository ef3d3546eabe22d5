"""The leader's first page: figures over the subtree that open the very rows they count."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from yiwang.insight import queries
from yiwang.kernel.clock import now
from yiwang.platform.ui.pages import page
from yiwang.register.access import policies
from yiwang.register.accounts.models import User
from yiwang.register.organisations import queries as organisations
from yiwang.register.organisations.models import Organisation


@login_required
@require_GET
def overview(request: HttpRequest, public_id: str = "") -> HttpResponse:
    """Figures of one body of the user's scope (their own by default) and of those just below it."""
    user = request.user
    if not isinstance(user, User):
        raise Http404
    body: Organisation | None
    if public_id:
        body = get_object_or_404(policies.organisations_where(user, "insight.view"), public_id=public_id)
    else:
        body = queries.own_body(user)
    if body is None:
        raise Http404
    moment = now()
    total = queries.row_of(user, body, now=moment)
    children = queries.children_of(user, body, now=moment)
    picture = queries.picture_of(total, children)
    context = {
        "body": body,
        "line": [above for above in organisations.ancestors(body) if policies.can(user, "insight.view", above)],
        "total": total,
        "children": children,
        "exceptions": queries.exceptions(total, children),
        "picture": picture,
        "rows": [(row, picture.spreads.get(row.organisation.pk) if picture else None) for row in children],
        "moment": moment,
        # A figure opens what it counts to whoever may see that; the others read the number.
        "may_open": policies.holds(user, "cases.view"),
        "may_list": policies.holds(user, "register.view"),
    }
    return page(request, "insight/overview.html", context)
