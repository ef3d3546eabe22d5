"""The return of RI 1.13: the indicators of one's own area, on a page and as a file."""

import csv

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yiwang.kernel import clock
from yiwang.platform.ui.pages import page
from yiwang.register.access.policies import capability_required
from yiwang.rights.aid import policies, policies_programmes
from yiwang.rights.aid.returns import Line, lines

YEARS = 5


@capability_required("cases.handle")
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    today = clock.today()
    years = list(range(today.year, today.year - YEARS, -1))
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdigit() and int(asked) in years else today.year
    found = lines(
        policies.visible_to(request.user),
        policies_programmes.places_visible_to(request.user),
        year=year,
        on=today,
        masked=not policies.is_owning_county(request.user),
    )
    if "csv" in request.GET:
        return _file(found, year)
    return page(request, "aid/figures.html", {"lines": found, "year": year, "years": years})


def _file(found: list[Line], year: int) -> HttpResponse:
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="aid-{year}.csv"'
    writer = csv.writer(response)
    writer.writerow([_("指标"), _("数值"), _("分子"), _("分母")])
    for line in found:
        writer.writerow([line.label, line.value, *(("", "") if line.whole is None else (line.part, line.whole))])
    return response
