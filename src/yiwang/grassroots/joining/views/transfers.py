"""Transfers, as both unions and whoever stands above see them."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yiwang.grassroots.joining import actions, policies
from yiwang.grassroots.joining.forms import ObjectForm, WordsForm
from yiwang.grassroots.joining.models import Transfer
from yiwang.grassroots.joining.tables import TransferTable, transfer_badge
from yiwang.grassroots.joining.views.common import note_refusal, user_of
from yiwang.kernel import clock
from yiwang.kernel.errors import DomainError
from yiwang.net.cases.policies import may_decide
from yiwang.net.cases.queries.faces import face_of
from yiwang.platform.ui.pages import page
from yiwang.platform.ui.tables import table_page
from yiwang.register.access.policies import capability_required


@capability_required("register.view")
@require_GET
def transfer_list(request: HttpRequest) -> HttpResponseBase:
    rows = policies.transfers_visible_to(request.user).prefetch_related("case__clocks", "case__pauses")
    return table_page(request, "joining/transfers.html", TransferTable(request, rows), {})


@capability_required("register.view")
@require_GET
def transfer_detail(request: HttpRequest, number: str) -> HttpResponse:
    return _show(request, policies.get_transfer(request.user, number), {})


def _show(request: HttpRequest, transfer: Transfer, forms: dict[str, Any]) -> HttpResponse:
    user = user_of(request)
    context = {
        "transfer": transfer,
        "case": transfer.case,
        "badge": transfer_badge(transfer),
        "face": face_of(transfer.case, clock.now()),
        "may_release": policies.may_release(user, transfer),
        "may_receive": policies.may_receive(user, transfer),
        "is_decider": may_decide(user, transfer.case),
        "words_form": WordsForm(),
        "object_form": ObjectForm(),
        **forms,
    }
    return page(request, "joining/transfer.html", context)


@capability_required("register.view")
@require_POST
def transfer_act(request: HttpRequest, number: str, act: str) -> HttpResponse:
    """Let go or object; take over."""
    transfer = policies.get_transfer(request.user, number)
    if act not in ("release", "object", "receive"):
        raise Http404
    check = policies.may_receive if act == "receive" else policies.may_release
    if not check(user_of(request), transfer):
        raise PermissionDenied
    form: Any = ObjectForm(request.POST) if act == "object" else WordsForm(request.POST)
    if form.is_valid():
        try:
            messages.success(request, _do(act, transfer, form.cleaned_data, user_of(request)))
        except DomainError as refusal:
            note_refusal(form, refusal)
        else:
            return redirect("joining:transfer-list")
    name = "object_form" if act == "object" else "words_form"
    return _show(request, policies.get_transfer(request.user, number), {name: form, "form": form})


def _do(act: str, transfer: Transfer, given: dict[str, Any], by: Any) -> str:
    if act == "release":
        actions.release(transfer, opinion=given["reason"], by=by)
        return _("转出了，等新工会接收。")
    if act == "object":
        actions.object_to(transfer, ground=given["ground"], text=given["text"], by=by)
        return _("记下了，由共同的上级工会定。")
    actions.receive(transfer, reason=given["reason"], by=by)
    return _("接收了，会籍从今天起在你们工会。")
