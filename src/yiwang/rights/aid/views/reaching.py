"""Whom the rules find among those who agreed to be told, and what became of our calls."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yiwang.kernel import clock
from yiwang.kernel.errors import DomainError
from yiwang.net.catalogue.queries import current_version
from yiwang.platform.jobs.queries import progress_of
from yiwang.platform.ui.pages import page
from yiwang.platform.ui.tables import table_page
from yiwang.register.access.actions import note_look
from yiwang.register.access.policies import capability_required
from yiwang.rights.aid import actions, policies
from yiwang.rights.aid.forms import ContactForm, ScreenForm
from yiwang.rights.aid.models import Outreach
from yiwang.rights.aid.tables import FamilyTable, outcome_badge
from yiwang.rights.aid.views.files import refuse, who

SCREENED = ("HP-0001", "HP-0003", "HP-0004", "MA-0001")
MOST_BODIES = 20


@capability_required("cases.handle")
@require_safe
def outreach_list(request: HttpRequest) -> HttpResponseBase:
    if not policies.reach_bodies(request.user):
        raise PermissionDenied
    last = policies.screenings_of(request.user).order_by("-pk").first()
    context = {
        "form": _form(request, None),
        "last": last,
        "progress": progress_of(last.job, now=clock.now(), failures_url="") if last and last.job else None,
    }
    return table_page(request, "aid/outreach.html", FamilyTable(request, policies.families_of(request.user)), context)


def _form(request: HttpRequest, data: Any) -> ScreenForm:
    bodies = policies.bodies_to_search(request.user)[:MOST_BODIES]
    services = [(code, str(current_version(code).name)) for code in SCREENED]
    return ScreenForm(data, bodies=[(body.public_id, body.name) for body in bodies], services=services)


@capability_required("cases.handle")
@require_POST
def outreach_start(request: HttpRequest) -> HttpResponse:
    if not policies.reach_bodies(request.user):
        raise PermissionDenied
    form = _form(request, request.POST)
    if form.is_valid():
        body = policies.bodies_to_search(request.user).get(public_id=form.cleaned_data["organisation"])
        actions.start_screening(body, service=form.cleaned_data["service"], by=who(request))
        messages.success(request, _("开始找了。只看同意过的人。"))
    else:
        messages.error(request, _("请选在哪里找、按哪一项找。"))
    return redirect("aid:outreach-list")


@capability_required("cases.handle")
@require_http_methods(["GET", "POST"])
def family_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    family = policies.get_family(request.user, public_id)
    over = family.outcome in Outreach.LAST
    if request.method == "POST" and over:
        raise PermissionDenied
    note_look("aid_outreach", family.pk, family.person_id, by=who(request), purpose="aid")
    form = ContactForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.record_contact(family, by=who(request), **form.cleaned_data)
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("记下了。"))
            return redirect("aid:outreach-list")
    context = {
        "family": family,
        "badge": outcome_badge(family),
        "service": current_version(family.service),
        "steps": [{**step, "label": Outreach.Outcome(step["outcome"]).label} for step in family.steps],
        "form": None if over else form,
    }
    return page(request, "aid/family.html", context)
