"""Appointments for those who give them out; mandates and recusals for those they bind."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.kernel.clock import today
from yiwang.kernel.errors import DomainError
from yiwang.platform.journal.queries import staff_timeline
from yiwang.platform.ui.pages import page
from yiwang.platform.ui.tables import table_page
from yiwang.register.access import actions, policies, queries
from yiwang.register.access.forms import AppointmentForm, CodeForm, EndForm, RecoveryForm, RecusalForm
from yiwang.register.access.models import Appointment, Mandate
from yiwang.register.access.policies import capability_required, staff_required
from yiwang.register.access.tables import AppointmentTable, state_badge
from yiwang.register.accounts.actions import recover_account
from yiwang.register.accounts.models import User
from yiwang.register.organisations.models import Organisation

MOST_HITS = 8


@capability_required("access.appoint")
@require_GET
def appointment_list(request: HttpRequest) -> HttpResponseBase:
    table = AppointmentTable(request, policies.appointments_visible_to(request.user))
    context = {
        "waiting": policies.appointments_to_confirm(request.user),
        "may_recover": policies.is_security_admin(request.user),
    }
    return table_page(request, "access/appointment_list.html", table, context)


@capability_required("access.appoint")
@require_http_methods(["GET", "POST"])
def appointment_new(request: HttpRequest) -> HttpResponse:
    officer = cast(User, request.user)
    form = AppointmentForm(
        request.POST or None, roles=policies.givable_role_choices(officer), initial={"valid_from": today()}
    )
    place = _picked(request)
    if request.method == "POST" and form.is_valid() and place.organisation is not None:
        user = queries.account_of_phone(form.cleaned_data["phone"])
        if user is None:
            form.add_error("phone", _("这个号码还没有账号。请本人先用它注册，再来任命。"))
        else:
            made = _appoint(form, user, place.organisation, by=officer)
            if made is not None:
                return redirect("access:appointment-detail", made.public_id)
    return page(request, "access/appointment_new.html", {"form": form, "place": place})


def _appoint(form: AppointmentForm, user: User, organisation: Organisation, *, by: User) -> Appointment | None:
    given = form.cleaned_data
    try:
        return actions.appoint(
            user,
            organisation=organisation,
            role=given["role"],
            valid_from=given["valid_from"],
            valid_to=given["valid_to"],
            basis=given["basis"],
            by=by,
        )
    except DomainError as refusal:
        form.add_error(None, str(refusal))
    return None


class Place:
    """What the organisation picker sent: a choice, or a typed text with its hits."""

    def __init__(self, *, organisation: Organisation | None, text: str, hits: list[Any], error: str) -> None:
        self.organisation = organisation
        self.text = text
        self.hits = hits
        self.error = error


def _picked(request: HttpRequest) -> Place:
    chosen, text = request.POST.get("organisation", ""), request.POST.get("organisation_text", "")
    scope = policies.organisations_where(request.user, "access.appoint")
    organisation = queries.organisation_of(scope, chosen)
    if request.method != "POST" or organisation is not None:
        return Place(organisation=organisation, text=organisation.name if organisation else "", hits=[], error="")
    hits = queries.organisations_named(scope, text)[:MOST_HITS] if text.strip() else []
    error = _("选一个工会。") if hits else _("在你管的范围里没找到这个工会。请换个名称或代码再找。")
    shown = [{"value": hit.public_id, "name": hit.name, "place": hit.get_kind_display()} for hit in hits]
    return Place(organisation=None, text=text, hits=shown, error=error)


@capability_required("access.appoint")
@require_GET
def appointment_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    appointment = policies.get_appointment(request.user, public_id)
    return _appointment_page(request, appointment, EndForm())


@capability_required("access.appoint")
@require_POST
def appointment_confirm(request: HttpRequest, public_id: str) -> HttpResponse:
    appointment = policies.get_appointment(request.user, public_id)
    return _decided(request, appointment, actions.confirm_appointment)


@capability_required("access.appoint")
@require_POST
def appointment_decline(request: HttpRequest, public_id: str) -> HttpResponse:
    appointment = policies.get_appointment(request.user, public_id)
    return _decided(request, appointment, actions.decline_appointment)


@capability_required("access.appoint")
@require_POST
def appointment_end(request: HttpRequest, public_id: str) -> HttpResponse:
    appointment = policies.get_appointment(request.user, public_id)
    form = EndForm(request.POST)
    if form.is_valid():
        try:
            actions.end_appointment(appointment, reason=form.cleaned_data["reason"], by=cast(User, request.user))
        except DomainError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("已经结束。这个人的权限马上没有了，也退出了所有设备。"))
        return redirect("access:appointment-detail", public_id)
    return _appointment_page(request, appointment, form)


def _decided(request: HttpRequest, appointment: Appointment, action: Any) -> HttpResponse:
    try:
        action(appointment, by=request.user)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    return redirect("access:appointment-detail", appointment.public_id)


def _appointment_page(request: HttpRequest, appointment: Appointment, form: EndForm) -> HttpResponse:
    return page(
        request,
        "access/appointment.html",
        {
            "appointment": appointment,
            "badge": state_badge(appointment),
            "form": form,
            "may_confirm": policies.may_confirm(request.user, appointment),
            "may_end": policies.may_end(request.user, appointment),
            "timeline": staff_timeline("appointment", appointment.pk),
        },
    )


@login_required
@require_GET
def mandate_list(request: HttpRequest) -> HttpResponse:
    """Whom I may act for."""
    mandates = policies.mandates_visible_to(cast(User, request.user))
    return page(request, "access/mandate_list.html", {"mandates": mandates, "today": today()})


@login_required
@require_http_methods(["GET", "POST"])
def mandate_confirm(request: HttpRequest, public_id: str) -> HttpResponse:
    """The person reads out the code they were sent; typing it here records their consent."""
    mandate = policies.get_mandate(request.user, public_id)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.give_mandate(mandate, code=form.cleaned_data["code"], by=cast(User, request.user))
        except DomainError as refusal:
            form.add_error("code" if refusal.fields else None, str(refusal))
        else:
            messages.success(request, _("本人已同意，可以替他办事了。每一步都会写上你们两个人的名字。"))
            return redirect("mandates:mandate-list")
    is_open = mandate.state == Mandate.State.ASKED
    return page(request, "access/mandate_confirm.html", {"mandate": mandate, "form": form, "is_open": is_open})


@login_required
@require_POST
def mandate_end(request: HttpRequest, public_id: str) -> HttpResponse:
    mandate = policies.get_mandate(request.user, public_id)
    try:
        actions.end_mandate(mandate, by=cast(User, request.user))
    except DomainError as refusal:
        messages.error(request, str(refusal))
    return redirect("mandates:mandate-list")


@staff_required
@require_http_methods(["GET", "POST"])
def recusal_list(request: HttpRequest) -> HttpResponse:
    """What I keep away from. From a person one withdraws on the page of their matter."""
    officer = cast(User, request.user)
    form = RecusalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        employer = queries.employer_named(given["employer"])
        if employer is None:
            form.add_error("employer", _("没找到这个单位。请填营业执照上的全称或18位代码。"))
        else:
            actions.declare_recusal(officer, employer=employer, reason=given["reason"], note=given["note"], by=officer)
            return redirect("access:recusal-list")
    return page(request, "access/recusal_list.html", {"form": form, "recusals": queries.recusals_of(officer)})


@staff_required
@require_POST
def recusal_end(request: HttpRequest, public_id: str) -> HttpResponse:
    recusal = policies.get_recusal(request.user, public_id)
    actions.end_recusal(recusal, by=cast(User, request.user))
    return redirect("access:recusal-list")


@capability_required("access.appoint")
@require_http_methods(["GET", "POST"])
def account_recover(request: HttpRequest) -> HttpResponse:
    """A worker who lost number and keys stands at the counter: the security administrator rebinds the account."""
    if not policies.is_security_admin(request.user):
        raise PermissionDenied
    form = RecoveryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        account = queries.account_of_phone(given["old_phone"])
        if account is None or not policies.may_recover(request.user, account):
            form.add_error("old_phone", _("这个号码没有你能换绑的账号。"))
        else:
            try:
                recover_account(
                    account, phone=given["new_phone"], evidence=given["evidence"], by=cast(User, request.user)
                )
            except DomainError as refusal:
                form.add_error("new_phone" if "phone" in refusal.fields else None, str(refusal))
            else:
                messages.success(request, _("换绑好了。请本人用新号码收验证码登录。"))
                return redirect("access:account-recover")
    return page(request, "access/account_recover.html", {"form": form})
