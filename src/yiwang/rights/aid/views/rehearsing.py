"""Rehearsal: try another figure on the frozen facts of one's own area before anybody publishes it."""

import csv
import datetime as dt
import re
from decimal import Decimal
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
        files = policies.visible_to(request.user)
        homes = queries.frozen_households(files)
        changes = {form.cleaned_data["figure"]: form.cleaned_data["amount"]}
        found = rehearse(lambda key: rules.version(key, today), homes, changes, today)
        lines = _lines(found, queries.money_left(files, today.year))
        if "csv" in request.GET:
            return _file(lines)
        context |= {"found": found, "lines": lines, "query": request.GET.urlencode()}
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


def _lines(found: Rehearsal, left: dict[str, Decimal]) -> list[dict[str, Any]]:
    """With what the funds of a county may still give, and whether the difference fits in."""
    names = ("county", "households", "gaining", "losing", "let_in", "let_go", "before", "after", "difference")
    lines: list[dict[str, Any]] = [dict(zip(names, line, strict=True)) for line in lines_of(found)]
    left = {**left, "": sum(left.values(), Decimal(0))}
    for line in lines:
        line |= {name: yuan(line[name]) for name in names[-3:]}
        line["left"] = left.get(line["county"], Decimal(0))
        line["is_short"] = line["difference"] > line["left"]
    return lines


def _file(lines: list[dict[str, Any]]) -> HttpResponse:
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = "attachment; filename=rehearsal.csv"
    writer = csv.writer(response)
    writer.writerow(
        [
            *(_("县"), _("户数"), _("增加"), _("减少"), _("新符合"), _("不再符合")),
            *(_("现在"), _("改后"), _("差额"), _("资金还能用")),
        ]
    )
    for line in lines:
        writer.writerow([line["county"] or _("合计"), *list(line.values())[1:-1]])
    return response
