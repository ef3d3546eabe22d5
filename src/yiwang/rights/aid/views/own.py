"""What the household sees: where its file stands, why it was decided so, what is on its way."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from yiwang.net.payments.queries import payments_for
from yiwang.platform.ui.pages import page
from yiwang.rights.aid import policies
from yiwang.rights.aid.models import Grant
from yiwang.rights.aid.tables import file_badge


@login_required
@require_safe
def own_file(request: HttpRequest) -> HttpResponse:
    file = policies.own_file(request.user)
    if file is None:
        return page(request, "aid/own.html", {"file": None})
    grants = list(file.grants.filter(state=Grant.State.APPROVED).order_by("-pk"))
    paid = payments_for("aid.grant", [grant.pk for grant in grants])
    last = file.decisions.exclude(decided_at=None).select_related("receipt").order_by("-pk").first()
    context = {
        "file": file,
        "badge": file_badge(file),
        "decision": last,
        "grants": [(grant, paid.get(grant.pk)) for grant in grants],
    }
    return page(request, "aid/own.html", context)
