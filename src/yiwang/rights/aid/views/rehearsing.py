"""Rehearsal: try another figure on the frozen facts of one's own area before anybody publishes it."""

import csv
import datetime as dt
import re
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yiwang.kernel import clock
from yiwang.kernel.money import yuan
from yiwang.platform.rules import queries as rules
from yiwang.platform.rules.library.words import number_text
from yiwang.platform.ui.pages import page
from yiwang.register.access.policies import capability_required
from yiwang.register.organisations.queries import names_of_divisions
from yiwang.rights.aid import policies, queries
from yiwang.rights.aid.forms import RehearsalForm
from yiwang.rights.aid.reckoning import RULES
from yiwang.rights.aid.rehearsal import Rehearsal, choices_of, lines_of, rehearse

REGION = re.compile(r"\d{6}")


@capability_required("cases.decide")
@require_safe
def rehearsal(request: HttpRequest) -> HttpResponseBase:
    """One figure is changed; both results stand side by side, by county. Nothing is stored."""
    today = clock.today()
    form = RehearsalForm(request.GET or None, figures=_figures(today))
    context: dict[str, Any] = {"form": form, "found": None}
    if form.is_bound and form.is_valid():
        homes = queries.frozen_households(policies.visible_to(request.user))
        changes = {form.cleaned_data["figure"]: form.cleaned_data["amount"]}
        found = rehearse(lambda key: rules.version(key, today), homes, changes, today)
        if "csv" in request.GET:
            return _file(found)
        context |= {"found": found, "lines": _lines(found), "query": request.GET.urlencode()}
    return page(request, "aid/rehearsal.html", context)


def _figures(today: dt.date) -> list[tuple[str, tuple[str, tuple[str, ...]], str, str, int]]:
    """(code, what changes, label, unit, value now) for every figure in force."""
    language = get_language() or "zh"
    found = choices_of(rules.version(RULES, today).ruleset, today)
    # A region in words: its code says nothing to the reader. Other keys are words already.
    regions = names_of_divisions({part for _parameter, key, _value in found for part in key if REGION.fullmatch(part)})
    return [
        (
            "|".join([parameter.name, *key]),
            (parameter.name, key),
            " · ".join(
                [
                    parameter.label.read(language),
                    *[regions.get(part, part) for part in key],
                    number_text(value, parameter.unit, language),
                ]
            ),
            parameter.unit,
            value,
        )
        for parameter, key, value in found
    ]


def _lines(found: Rehearsal) -> list[dict[str, Any]]:
    names = ("county", "households", "gaining", "losing", "let_in", "let_go", "before", "after", "difference")
    lines: list[dict[str, Any]] = [dict(zip(names, line, strict=True)) for line in lines_of(found)]
    return [{**line, **{name: yuan(line[name]) for name in names[-3:]}} for line in lines]


def _file(found: Rehearsal) -> HttpResponse:
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = "attachment; filename=rehearsal.csv"
    writer = csv.writer(response)
    writer.writerow(
        [_("县"), _("户数"), _("增加"), _("减少"), _("新符合"), _("不再符合"), _("现在"), _("改后"), _("差额")]
    )
    for line in _lines(found):
        writer.writerow([line["county"] or _("合计"), *list(line.values())[1:]])
    return response
