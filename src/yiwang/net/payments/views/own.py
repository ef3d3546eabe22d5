"""What a worker sees: the money on its way to them, and the account it goes to."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yiwang.kernel.errors import DomainError
from yiwang.net.payments import actions, queries
from yiwang.net.payments.forms import AccountForm
from yiwang.net.payments.tables import account_text, payment_badge
from yiwang.net.payments.views.common import tell_in, who
from yiwang.platform.ui.pages import page
from yiwang.register.members.queries import person_of

SHOWN = 50


@login_required
@require_safe
def own_list(request: HttpRequest) -> HttpResponse:
    person = person_of(request.user)
    payments = queries.payments_of(person)[:SHOWN].select_related("account") if person else []
    rows = [(payment, payment_badge(payment), account_text(payment.account)) for payment in payments]
    account = queries.account_of(person) if person else None
    context = {"rows": rows, "account": account_text(account) if account else "", "person": person}
    return page(request, "payments/own_list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def own_account(request: HttpRequest) -> HttpResponse:
    """One's own account. Somebody else's is taken by an officer who has seen the proof."""
    person = person_of(request.user)
    if person is None:
        raise PermissionDenied
    form = AccountForm(request.POST or None, initial={"holder_name": person.name})
    for name in ("holder", "proof"):
        del form.fields[name]
    if request.method == "POST" and form.is_valid():
        try:
            actions.keep_account(person, by=who(request), **form.cleaned_data)
        except DomainError as refusal:
            tell_in(form, refusal)
        else:
            messages.success(request, _("账户记下了，以后的款打到这里。"))
            return redirect("payments:own-list")
    return page(request, "payments/own_account.html", {"form": form})
