"""The return of RI 1.13: the indicators of one's own area, on a page and as a file."""

import csv

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yiwang.kernel import clock
from yiwang.platform.ui.pages import page
from yiwang.register.access.policies import capability_required
from yiwang.rights.aid import policies, policies_programmes
from yiwang.rights.aid.returns import Group, Scope, groups

YEARS = 5


@capability_required("cases.handle", "aid.audit")
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    today = clock.today()
    years = list(range(today.year, today.year - YEARS, -1))
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdigit() and int(asked) in years else today.year
    user = request.user
    scope = Scope(
        files=policies.visible_to(user),
        places=policies_programmes.places_visible_to(user),
        families=policies.families_of(user),
        samples=policies.samples_about(user),
        masked=not policies.is_owning_county(user),
    )
    found = groups(scope, year=year, on=today)
    if "csv" in request.GET:
        return _file(found, year)
    return page(request, "aid/figures.html", {"groups": found, "year": year, "years": years})


def _file(found: list[Group], year: int) -> HttpResponse:
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="aid-{year}.csv"'
    writer = csv.writer(response)
    writer.writerow([_("哪一类"), _("指标"), _("数值"), _("分子"), _("分母")])
    for group in found:
        for line in group.lines:
            parts = ("", "") if line.whole is None else (line.part, line.whole)
            writer.writerow([group.title, line.label, line.value, *parts])
    return response
