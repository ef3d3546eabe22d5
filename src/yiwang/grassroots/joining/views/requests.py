"""Requests to join: the list, one request with what was checked, a list of people who signed on paper."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.grassroots.joining import actions, policies, queries
from yiwang.grassroots.joining.forms import AdmitForm, ListForm, RefuseForm
from yiwang.grassroots.joining.models import JoinRequest
from yiwang.grassroots.joining.tables import RequestTable
from yiwang.grassroots.joining.views.common import note_refusal, user_of
from yiwang.kernel import clock
from yiwang.kernel.errors import DomainError
from yiwang.kernel.ids import public_id
from yiwang.net.cases import actions as cases
from yiwang.net.cases.models import Case
from yiwang.net.cases.queries.faces import CLOCKS, face_of
from yiwang.platform.ui.pages import page
from yiwang.platform.ui.tables import table_page
from yiwang.register.access.policies import capability_required

MANY = 200


@capability_required("cases.view")
@require_GET
def request_list(request: HttpRequest) -> HttpResponseBase:
    rows = policies.requests_visible_to(request.user)
    if "state" not in request.GET:
        rows = rows.open()
    shown = rows.select_related("applicant", "organisation", "join_request__target", "join_request__campaign")
    table = RequestTable(request, shown.prefetch_related(*CLOCKS))
    return table_page(request, "joining/requests.html", table, {})


@capability_required("cases.view")
@require_GET
def request_detail(request: HttpRequest, number: str) -> HttpResponse:
    return _show(request, policies.get_request(request.user, number), {})


def _show(request: HttpRequest, case: Case, forms: dict[str, Any]) -> HttpResponse:
    row = actions.note_request(case)
    may_admit = policies.may_admit(user_of(request), case)
    pool = queries.pool_within(case.organisation)
    suggested = row.target or pool
    known = case.applicant is not None
    initial = {"organisation": suggested.name if suggested else "", "name": case.contact_name}
    context = {
        "case": case,
        "row": row,
        "face": face_of(case, clock.now()),
        "findings": queries.findings(case, row),
        "contacts": [(key, label, row.contacts.get(key)) for key, label in queries.CONTACTS],
        "may_admit": may_admit,
        "admit_form": AdmitForm(initial=initial, is_known=known) if may_admit else None,
        "refuse_form": RefuseForm() if may_admit else None,
        **forms,
    }
    return page(request, "joining/request.html", context)


@capability_required("cases.view")
@require_POST
def request_act(request: HttpRequest, number: str, act: str) -> HttpResponse:
    """Admit, refuse, or tick one of the five."""
    case = policies.get_request(request.user, number)
    if act not in _ACTS:
        raise Http404
    if not policies.may_admit(user_of(request), case):
        raise PermissionDenied
    return _ACTS[act](request, case, actions.note_request(case))


def _admit(request: HttpRequest, case: Case, row: JoinRequest) -> HttpResponse:
    form = AdmitForm(request.POST, is_known=case.applicant is not None)
    if form.is_valid():
        given = dict(form.cleaned_data)
        union = given.pop("organisation")
        if not policies.may_place_in(request.user, union) and union != row.target:
            form.add_error("organisation", _("这个工会不在你的范围内。"))
            return _show(request, case, {"admit_form": form, "form": form})
        try:
            membership = actions.admit(row, union, by=user_of(request), **given)
        except DomainError as refusal:
            note_refusal(form, refusal)
        else:
            told = _("入会了，电子会员卡马上能用。") if membership else _("核对好了，交给能批准的人。")
            messages.success(request, told)
            return redirect("joining:request-list")
    return _show(request, policies.get_request(request.user, case.number), {"admit_form": form, "form": form})


def _refuse(request: HttpRequest, case: Case, row: JoinRequest) -> HttpResponse:
    form = RefuseForm(request.POST)
    if form.is_valid():
        by = user_of(request)
        try:
            if actions.bring_to_decision(case, opinion=form.cleaned_data["reason"], by=by):
                cases.decide(case, cases.Verdict(outcome="no", **form.cleaned_data), by=by)
        except DomainError as refusal:
            note_refusal(form, refusal)
        else:
            messages.success(request, _("答复发出了，写明了他还可以怎么办。"))
            return redirect("joining:request-list")
    return _show(request, policies.get_request(request.user, case.number), {"refuse_form": form, "form": form})


def _contact(request: HttpRequest, case: Case, row: JoinRequest) -> HttpResponse:
    actions.note_contact(row, request.POST.get("what", ""), by=user_of(request))
    return redirect("joining:request-detail", case.number)


_ACTS = {"admit": _admit, "refuse": _refuse, "contact": _contact}


@capability_required("cases.view")
@require_POST
def admit_many(request: HttpRequest) -> HttpResponse:
    """The ticked ones, each into its union or the pool; what can't be is said by name and stays."""
    numbers = request.POST.getlist("row")[:MANY]
    rows = policies.requests_visible_to(request.user).filter(number__in=numbers)
    admitted, problems = 0, []
    for case in rows.select_related("applicant__user", "organisation", "version__service", "home", "employer"):
        name = case.applicant.name if case.applicant else case.contact_name
        if not policies.may_admit(user_of(request), case):
            problems.append(_("{name}：不归你办。").format(name=name))
            continue
        try:
            admitted += _admit_plainly(request, case)
        except DomainError as refusal:
            problems.append(f"{name}：{refusal}")
    if admitted:
        messages.success(request, ngettext("{n}人入会了。", "{n}人入会了。", admitted).format(n=admitted))
    for problem in problems[:20]:
        messages.error(request, problem)
    return redirect("joining:request-list")


def _admit_plainly(request: HttpRequest, case: Case) -> bool:
    row = actions.note_request(case)
    union = row.target or actions.pool_of(case.organisation)
    return actions.admit(row, union, reason=_("情况属实，同意入会"), by=user_of(request)) is not None


@capability_required("cases.intake")
@require_http_methods(["GET", "POST"])
def request_for_others(request: HttpRequest) -> HttpResponse:
    """集体入会: a request for each person on the list; who can't is named with the reason."""
    known = {"union": request.GET.get("union")}  # from the page of a union that is being founded
    form = ListForm(request.POST or None, unions=policies.unions_to_join(request.user), initial=known)
    made: list[Case] = []
    refused: list[tuple[str, str]] = []
    key = request.POST.get("key") or public_id()
    if request.method == "POST" and form.is_valid():
        rows = [{**row, "employer": form.cleaned_data["employer"]} for row in form.cleaned_data["lines"]]
        made, refused = actions.submit_for_others(form.cleaned_data["union"], rows, by=user_of(request), key=key)
        if made and not refused:
            told = ngettext("登记了{n}份申请。", "登记了{n}份申请。", len(made)).format(n=len(made))
            messages.success(request, told)
            return redirect("joining:request-list")
    return page(request, "joining/list.html", {"form": form, "made": made, "refused": refused, "key": key})
