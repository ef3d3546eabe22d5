"""Who may act for me, and asking somebody whether I may act for them."""

from typing import Any

from allauth.core.ratelimit import consume_or_429
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yiwang.kernel.clock import today
from yiwang.kernel.errors import DomainError
from yiwang.platform.ui.pages import page
from yiwang.portal import queries
from yiwang.portal.forms import MandateForm
from yiwang.register.access import actions, policies
from yiwang.register.access import queries as access
from yiwang.register.accounts.models import User
from yiwang.register.members.models import Person
from yiwang.register.members.queries import person_of


@login_required
@require_safe
def delegates(request: HttpRequest) -> HttpResponse:
    """Who may act for me: in force first, then what has ended."""
    person = person_of(_user(request))
    rows = list(access.mandates_of(person.pk)) if person else []
    open_rows = [row for row in rows if row.state != "ended" and row.valid_until >= today()]
    context = {"person": person, "open": open_rows, "ended": [row for row in rows if row not in open_rows]}
    return page(request, "portal/delegates.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def delegate_new(request: HttpRequest) -> HttpResponse:
    """Give: the other one is told, and can refuse by ending it."""
    user, person = _bound(request)
    limited: HttpResponse | None = consume_or_429(request, action="mandate", user=user)
    if limited is not None:
        return limited
    form = _form(request, user)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        delegate = queries.account_called(given["name"], given["phone"])
        if delegate is None:
            form.add_error("phone", _("没有这个姓名和手机号的账号。请对方先登录一次、填好姓名，再来委托。"))
        elif _done(form, actions.grant_mandate, **_terms(person, given), delegate=delegate, by=user):
            messages.success(request, _("委托好了，对方收到了消息。每一步都会写上你们两个人的名字。"))
            return redirect("portal:delegates")
    return page(request, "portal/delegate_new.html", {"form": form})


@login_required
@require_POST
def delegate_end(request: HttpRequest, public_id: str) -> HttpResponse:
    user, person = _bound(request)
    mandate = policies.get_mandate_of(person.pk, public_id)
    try:
        actions.end_mandate(mandate, by=user)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("结束了，对方不能再替你办事。"))
    return redirect("portal:delegates")


@login_required
@require_http_methods(["GET", "POST"])
def act_for(request: HttpRequest) -> HttpResponse:
    """Ask: the person gets a text message with a code and reads it out if they consent."""
    user = _user(request)
    limited: HttpResponse | None = consume_or_429(request, action="mandate", user=user)
    if limited is not None:
        return limited
    form = _form(request, user)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        person = queries.person_called(given["name"], given["phone"])
        if person is None or person == person_of(user):
            form.add_error("phone", _("没有登记过这个姓名和手机号的人。可以带上委托书，到工会窗口办。"))
        else:
            mandate = _done(form, actions.ask_mandate, **_terms(person, given), phone=given["phone"], delegate=user)
            if mandate is not None:
                return redirect("mandates:mandate-confirm", mandate.public_id)
    return page(request, "portal/act_for.html", {"form": form})


def _form(request: HttpRequest, user: User) -> MandateForm:
    return MandateForm(request.POST if request.method == "POST" else None, services=queries.service_choices(user))


def _terms(person: Person, given: dict[str, Any]) -> dict[str, Any]:
    return {
        "person_id": person.pk,
        "person_name": person.name,
        "valid_until": given["valid_until"],
        "service_code": given["service"],
    }


def _done(form: MandateForm, action: Any, **terms: Any) -> Any:
    """What the action gives back; a refusal stands beside its field."""
    try:
        return action(**terms)
    except DomainError as refusal:
        field = next((name for name in refusal.fields if name in form.fields), None)
        form.add_error(field, str(refusal))
        return None


def _user(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def _bound(request: HttpRequest) -> tuple[User, Person]:
    """Only somebody who is known to the register can give a mandate."""
    user = _user(request)
    person = person_of(user)
    if person is None:
        raise Http404
    return user, person
