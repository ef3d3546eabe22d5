"""For who answers for the teams: load, vacant posts, indicators with the rows behind them, printed forms."""

from urllib.parse import quote

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yiwang.grassroots.cadres import actions, policies
from yiwang.grassroots.cadres.forms import PostsForm, refuse
from yiwang.grassroots.cadres.queries import figures
from yiwang.grassroots.cadres.queries import people as queries
from yiwang.grassroots.cadres.views.common import TYPES, user_of
from yiwang.kernel.errors import DomainError
from yiwang.platform.ui.pages import page
from yiwang.register.access.policies import staff_required
from yiwang.register.organisations.models import Organisation

MOST = 100


def _body(request: HttpRequest) -> Organisation:
    """Asked for, within what the user answers for; else the highest of it."""
    places = policies.led_places(request.user)
    asked = request.GET.get("org", "")
    if asked:
        return get_object_or_404(places, public_id=asked)
    body = places.order_by("level", "pk").first()
    if body is None:
        raise PermissionDenied
    return body


@staff_required
@require_GET
def load(request: HttpRequest) -> HttpResponse:
    """By place and name, never by who carries most; shown to who can give relief."""
    body = _body(request)
    rows = policies.serving_under(request.user, body).exclude(areas=None)
    rows = rows.order_by("organisation__code", "person__name")
    people = list(rows.distinct()[: MOST + 1])
    found = figures.loads(people[:MOST])
    context = {
        "body": body,
        "rows": found,
        "has_more": len(people) > MOST,
        "over": sum(row.verdict == "over" for row in found),
        "most": queries.rule("employers_most"),
        "fewest": queries.rule("visits_month"),
    }
    return page(request, "cadres/load.html", context)


@staff_required
@require_http_methods(["GET", "POST"])
def posts(request: HttpRequest) -> HttpResponse:
    """Meant to be there, there, missing; a keeper writes how many are meant."""
    _body(request)
    rows = figures.vacancies(policies.staffing_visible_to(request.user))
    form = PostsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _set(form, request)
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("记下了。"))
            return redirect("cadres:post-list")
    context = {
        "rows": rows,
        "missing": sum(row.missing for row in rows),
        "form": form,
        "may_keep": policies.keeps_anywhere(request.user),
    }
    return page(request, "cadres/posts.html", context)


def _set(form: PostsForm, request: HttpRequest) -> None:
    given = dict(form.cleaned_data)
    place = queries.place_called(policies.places_to_staff(request.user), given.pop("where"))
    if not isinstance(place, Organisation):
        raise DomainError("", fields={"where": _("没找到这个工会，或者它不归你管。请写全称或编码。")})
    actions.set_establishment(place, by=user_of(request), **given)


@staff_required
@require_GET
def indicator_list(request: HttpRequest) -> HttpResponse:
    body = _body(request)
    below = (
        policies.led_places(request.user)
        .filter(parent=body, state="active", kind__in=("A3", "A4", "C1", "C2"))
        .order_by("code")
    )
    context = {"body": body, "rows": figures.indicators(body), "below": below, "forms": True}
    return page(request, "cadres/figures.html", context)


@staff_required
@require_GET
def indicator_rows(request: HttpRequest, key: str) -> HttpResponse:
    """The very rows behind an indicator."""
    body = _body(request)
    lines = figures.rows_behind(body, key)
    if lines is None:
        raise Http404
    indicator = next(row for row in figures.indicators(body) if row.key == key)
    context = {"body": body, "lines": lines, "indicator": indicator, "most": figures.MOST}
    return page(request, "cadres/figure_rows.html", context)


@staff_required
@require_GET
def paper(request: HttpRequest, kind: str, form: str) -> HttpResponse:
    """One of the printed forms over what the user answers for."""
    from yiwang.grassroots.cadres.papers import FORMS, printed  # noqa: PLC0415 -- slow import

    if kind not in FORMS or form not in TYPES:
        raise Http404
    body = _body(request)
    rows = policies.serving_under(request.user, body).order_by("organisation__code", "person__name")
    sheet = printed(kind, rows, body=body.name, by=user_of(request))
    response = HttpResponse(sheet.pdf if form == "pdf" else sheet.docx, content_type=TYPES[form])
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(sheet.title)}.{form}"
    return response
