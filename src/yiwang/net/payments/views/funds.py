"""Funds, their budgets and ledgers."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yiwang.kernel.clock import today
from yiwang.net.payments import actions, policies, queries
from yiwang.net.payments.forms import BudgetForm, FundForm, NoForm
from yiwang.net.payments.models import Fund
from yiwang.net.payments.tables import EntryTable, FundTable
from yiwang.net.payments.views.common import Act, do, who
from yiwang.platform.ui.pages import page
from yiwang.platform.ui.tables import table_page
from yiwang.register.access.policies import AnyUser, capability_required, holds


@capability_required("payments.view")
@require_safe
def fund_list(request: HttpRequest) -> HttpResponseBase:
    table = FundTable(request, policies.funds_visible_to(request.user))
    return table_page(request, "payments/fund_list.html", table, {"may_open": holds(request.user, "payments.prepare")})


@capability_required("payments.prepare")
@require_http_methods(["GET", "POST"])
def fund_new(request: HttpRequest) -> HttpResponse:
    bodies = {body.public_id: body for body in policies.offices(request.user)[:200]}
    offices = [(key, body.name) for key, body in bodies.items()]
    form = FundForm(
        request.POST or None, offices=offices, initial={"year": today().year, "kind": Fund.Kind.UNION_COUNTY}
    )
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        organisation = bodies[data.pop("organisation")]
        try:
            with transaction.atomic():
                fund = actions.open_fund(organisation, by=who(request), **data)
        except IntegrityError:
            form.add_error("project_no", _("这个单位这一年已经有同一来源、同一项目的资金了。"))
        else:
            return redirect("payments:fund-detail", public_id=fund.public_id)
    return page(request, "payments/fund_new.html", {"form": form})


@capability_required("payments.view")
@require_safe
def fund_detail(request: HttpRequest, public_id: str) -> HttpResponseBase:
    fund = policies.get_fund(request.user, public_id)
    table = EntryTable(request, queries.entries_of(fund))
    return table_page(request, "payments/fund.html", table, _context(request, fund))


@capability_required("payments.approve")
@require_POST
def fund_act(request: HttpRequest, public_id: str, act: str) -> HttpResponse:
    fund = policies.get_fund(request.user, public_id)
    if act not in ACTS:
        raise Http404
    may, found = ACTS[act]
    if not may(request.user, fund):
        raise PermissionDenied
    form = found.make(request.POST)
    if do(request, found, fund, form):
        return redirect("payments:fund-detail", public_id=public_id)
    table = EntryTable(request, queries.entries_of(fund))
    return page(request, "payments/fund.html", {**_context(request, fund), "table": table, "form": form, "act": act})


def _context(request: HttpRequest, fund: Fund) -> dict[str, Any]:
    return {
        "fund": fund,
        "items": [str(label) for key, label in _item_choices() if key in fund.items],
        "acts": [(act, act.make(None)) for key, (may, act) in ACTS.items() if may(request.user, fund)],
    }


def _item_choices() -> list[tuple[str, Any]]:
    return list(FundForm.base_fields["items"].choices)  # type: ignore[attr-defined]  # a choice field


def _may(user: AnyUser, fund: Fund) -> bool:
    return policies.may_keep_fund(user, fund)


ACTS: dict[str, tuple[Any, Act]] = {
    "budget": (
        _may,
        Act(
            "budget",
            gettext_lazy("调整预算"),
            BudgetForm,
            lambda fund, data, user: actions.change_budget(fund, by=user, **data),
        ),
    ),
    "close": (
        _may,
        Act("close", gettext_lazy("关账"), NoForm, lambda fund, data, user: actions.close_fund(fund, by=user)),
    ),
}
