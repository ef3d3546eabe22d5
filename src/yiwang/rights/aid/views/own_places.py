"""What a worker sees: which programmes are open, and their own places with reasons, ticket and money."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from yiwang.kernel import clock
from yiwang.net.payments.queries import payments_for
from yiwang.platform.ui.pages import page
from yiwang.rights.aid import policies_programmes as policies
from yiwang.rights.aid import queries_programmes
from yiwang.rights.aid.models import Place
from yiwang.rights.aid.queries import appeal_end
from yiwang.rights.aid.tables_programmes import place_badge
from yiwang.rights.aid.views.places import rules_say


@login_required
@require_safe
def own_programmes(request: HttpRequest) -> HttpResponse:
    today = clock.today()
    found = queries_programmes.open_programmes(policies.own_paths(request.user), today).order_by("closes_on", "pk")
    context = {
        "programmes": [(one, one.spec.services[0] if one.spec.services else "") for one in found[:50]],
        "mine": [(place, place_badge(place)) for place in policies.own_places(request.user).order_by("-pk")[:20]],
    }
    return page(request, "aid/own_programmes.html", context)


@login_required
@require_safe
def own_place(request: HttpRequest, public_id: str) -> HttpResponse:
    place = policies.get_own_place(request.user, public_id)
    context = {
        "place": place,
        "badge": place_badge(place),
        "draw": place.programme.draw,
        "payment": payments_for(queries_programmes.SOURCE, [place.pk]).get(place.pk),
        "cover": queries_programmes.cover_of(place) if place.purpose == Place.Purpose.JOIN else None,
        "until": appeal_end(place.decided_at) if place.decided_at else None,
        **rules_say(place),
    }
    return page(request, "aid/own_place.html", context)


@login_required
@require_safe
def own_place_receipt(request: HttpRequest, public_id: str) -> HttpResponse:
    """The canonical bytes that ``yiwang rules explain`` works out again."""
    place = policies.get_own_place(request.user, public_id)
    if place.receipt is None:
        raise Http404
    response = HttpResponse(place.receipt.content, content_type="application/json; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{place.receipt.public_id}.json"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
