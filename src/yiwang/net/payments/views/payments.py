"""One payment at the desk: what holds it, where it went, and what to do with what came back."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from yiwang.net.payments import actions, policies, queries
from yiwang.net.payments.forms import AccountForm, NoForm, ReasonForm, VoucherForm
from yiwang.net.payments.models import Payment
from yiwang.net.payments.tables import PaymentTable, account_text, line_badge, payment_badge
from yiwang.net.payments.views.common import Act, do, who
from yiwang.platform.ui.pages import page
from yiwang.platform.ui.tables import table_page
from yiwang.register.access.policies import AnyUser, capability_required
from yiwang.register.accounts.models import User

State = Payment.State


@capability_required("payments.view")
@require_safe
def payment_list(request: HttpRequest) -> HttpResponseBase:
    table = PaymentTable(request, policies.payments_visible_to(request.user))
    return table_page(request, "payments/payment_list.html", table)


@capability_required("payments.view")
@require_safe
def payment_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    payment = policies.get_payment(request.user, public_id)
    return page(request, "payments/payment.html", _context(who(request), payment))


@capability_required("payments.view")
@require_POST
def payment_act(request: HttpRequest, public_id: str, act: str) -> HttpResponse:
    payment = policies.get_payment(request.user, public_id)
    if act not in ACTS:
        raise Http404
    may, found = ACTS[act]
    if not may(request.user, payment):
        raise PermissionDenied
    form = found.make(request.POST)
    if do(request, found, payment, form):
        return redirect("payments:payment-detail", public_id=public_id)
    return page(request, "payments/payment.html", {**_context(who(request), payment), "form": form, "act": act})


def _context(user: User, payment: Payment) -> dict[str, Any]:
    lines = payment.lines.select_related("batch").order_by("-pk")
    return {
        "payment": payment,
        "badge": payment_badge(payment),
        "account": account_text(payment.account),
        "lines": [(line, line_badge(line)) for line in lines],
        "acts": [(act, act.make(None)) for key, (may, act) in ACTS.items() if may(user, payment)],
    }


def _correct(payment: Payment, data: dict[str, Any], user: User) -> None:
    """A right account, and on its way again."""
    account = actions.keep_account(payment.payee, by=user, **data)
    if payment.state == State.RETURNED:
        actions.send_again(payment, account=account, by=user)
    else:
        actions.release_payment(payment, account=account, reason=account_text(account), by=user)


def _again(payment: Payment, data: dict[str, Any], user: User) -> None:
    account = queries.account_of(payment.payee) or payment.account
    assert account is not None  # it was sent to one
    actions.send_again(payment, account=account, by=user)


def _may_correct(user: AnyUser, payment: Payment) -> bool:
    return payment.state in (State.RETURNED, State.HELD) and policies.may_resolve(user, payment)


def _may_again(user: AnyUser, payment: Payment) -> bool:
    return payment.state == State.RETURNED and policies.may_resolve(user, payment)


def _may_release(user: AnyUser, payment: Payment) -> bool:
    has_account = payment.account_id is not None
    return payment.state == State.HELD and has_account and policies.may_resolve(user, payment)


def _may_hold(user: AnyUser, payment: Payment) -> bool:
    return payment.state == State.READY and policies.may_resolve(user, payment)


def _may_cancel(user: AnyUser, payment: Payment) -> bool:
    return payment.may_move(State.CANCELLED) and policies.may_resolve(user, payment)


ACTS: dict[str, tuple[Any, Act]] = {
    "correct": (_may_correct, Act("correct", gettext_lazy("换账户，重新发放"), AccountForm, _correct)),
    "again": (_may_again, Act("again", gettext_lazy("账户没错，再发一次"), NoForm, _again)),
    "release": (
        _may_release,
        Act(
            "release",
            gettext_lazy("核实过了，可以发"),
            ReasonForm,
            lambda payment, data, user: actions.release_payment(payment, by=user, **data),
        ),
    ),
    "hold": (
        _may_hold,
        Act(
            "hold",
            gettext_lazy("先不发，要核实"),
            ReasonForm,
            lambda payment, data, user: actions.hold_payment(payment, by=user, **data),
        ),
    ),
    "manual": (
        _may_again,
        Act(
            "manual",
            gettext_lazy("改由人工处理"),
            NoForm,
            lambda payment, data, user: actions.leave_to_hands(payment, by=user),
        ),
    ),
    "by-hand": (
        policies.may_pay_by_hand,
        Act(
            "by-hand",
            gettext_lazy("登记柜面付款"),
            VoucherForm,
            lambda payment, data, user: actions.pay_by_hand(payment, by=user, **data),
        ),
    ),
    "recover": (
        policies.may_recover,
        Act(
            "recover",
            gettext_lazy("发错了，追回"),
            ReasonForm,
            lambda payment, data, user: actions.start_recovery(payment, by=user, **data),
        ),
    ),
    "recovered": (
        policies.may_book_recovery,
        Act(
            "recovered",
            gettext_lazy("登记已追回"),
            VoucherForm,
            lambda payment, data, user: actions.recover_payment(payment, by=user, **data),
        ),
    ),
    "cancel": (
        _may_cancel,
        Act(
            "cancel",
            gettext_lazy("取消这笔"),
            ReasonForm,
            lambda payment, data, user: actions.cancel_payment(payment, by=user, **data),
        ),
    ),
}
