"""The national file of one household, and the exchange with the national system."""

import csv
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yiwang.kernel.errors import DomainError
from yiwang.platform.ui.pages import page
from yiwang.register.access.policies import capability_required
from yiwang.register.organisations.models import Organisation
from yiwang.rights.aid import actions, policies, queries_national
from yiwang.rights.aid.forms_national import ExportForm, NationalForm, NumbersForm
from yiwang.rights.aid.queries import PAYABLE
from yiwang.rights.aid.views.files import refuse, who


@capability_required("cases.handle")
@require_http_methods(["GET", "POST"])
def file_national(request: HttpRequest, public_id: str) -> HttpResponse:
    file = policies.get_file(request.user, public_id)
    if not policies.may_work(request.user, file):
        raise PermissionDenied
    people = list(file.members.order_by("pk"))
    form = NationalForm(request.POST or None, people=people, told=queries_national.national_of(file))
    if request.method == "POST" and form.is_valid():
        actions.write_national(file, household=form.household(), members=form.members(), by=who(request))
        messages.success(request, _("记下了。"))
        return redirect("aid:file-detail", public_id=public_id)
    context = {"file": file, "form": form, "missing": queries_national.missing_columns(file)}
    return page(request, "aid/national_file.html", context)


def _body(request: HttpRequest) -> Organisation:
    body = policies.exchanging_body(request.user)
    if body is None:
        raise PermissionDenied
    return body


@capability_required("cases.handle")
@require_safe
def national(request: HttpRequest) -> HttpResponse:
    return _page(request, ExportForm(), NumbersForm())


def _page(request: HttpRequest, export: ExportForm, numbers: NumbersForm) -> HttpResponse:
    body = _body(request)
    files = policies.visible_to(request.user).filter(state__in=PAYABLE)
    context: dict[str, Any] = {
        "body": body,
        "count": files.count(),
        "unnumbered": files.filter(national_number="").count(),
        "export": export,
        "numbers": numbers,
    }
    return page(request, "aid/national.html", context)


@capability_required("cases.handle")
@require_POST
def national_export(request: HttpRequest) -> HttpResponse:
    body, form = _body(request), ExportForm(request.POST)
    if not form.is_valid():
        return _page(request, form, NumbersForm())
    files = policies.visible_to(request.user).filter(state__in=PAYABLE)
    with override("zh-hans"):  # the national system reads Chinese, whoever exports
        heads, rows = actions.export_national(files, body=body, by=who(request), **form.cleaned_data)
        response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
        response.headers["Content-Disposition"] = 'attachment; filename="national.csv"'
        response.headers["Cache-Control"] = "no-store"
        writer = csv.writer(response)
        writer.writerows([heads, *rows])
    return response


@capability_required("cases.handle")
@require_POST
def national_numbers(request: HttpRequest) -> HttpResponse:
    _body(request)
    form = NumbersForm(request.POST)
    if form.is_valid():
        files = policies.visible_to(request.user)
        try:
            n = actions.take_national_numbers(files, form.cleaned_data["numbers"], by=who(request))
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, ngettext("{n}户记上了编号。", "{n}户记上了编号。", n).format(n=n))
            return redirect("aid:national")
    return _page(request, ExportForm(), form)
