"""Figures about the congresses of a union and all below it, and the rows behind each."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from yiwang.kernel.clock import today
from yiwang.platform.ui.pages import page
from yiwang.register.access.policies import staff_required
from yiwang.register.organisations.models import Organisation
from yiwang.rights.congress import policies
from yiwang.rights.congress.queries_figures import MOST, Figures, bodies_below, years_known


def _asked(request: HttpRequest) -> tuple[Organisation, int]:
    """The body, one's own by default, and the year, this one by default."""
    body = policies.figures_body(request.user, request.GET.get("org", ""))
    year = request.GET.get("year", "")
    years = years_known(today())
    if body is None or (year and year not in map(str, years)):
        raise Http404
    return body, int(year or years[0])


@staff_required
@require_GET
def figures(request: HttpRequest) -> HttpResponse:
    body, year = _asked(request)
    found = Figures(body, year)
    context = {
        "body": body,
        "year": year,
        "years": years_known(today()),
        "figures": [(row, *row.counts) for row in found.all()],
        "delegates": found.delegates(),
        "shared": found.shared(),
        "below": bodies_below(body),
    }
    return page(request, "congress/figures.html", context)


@staff_required
@require_GET
def figure_rows(request: HttpRequest, key: str) -> HttpResponse:
    """The very records a figure counts, those that are missing first."""
    body, year = _asked(request)
    figure = Figures(body, year).one(key)
    if figure is None:
        raise Http404
    part, whole = figure.counts
    context = {
        "body": body,
        "year": year,
        "figure": figure,
        "part": part,
        "whole": whole,
        "rows": figure.rows(),
        "most": MOST,
    }
    return page(request, "congress/figure_rows.html", context)
