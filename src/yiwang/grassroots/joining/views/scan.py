"""What a telephone shows after scanning a joining code."""

import secrets

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from yiwang.grassroots.joining import actions
from yiwang.grassroots.joining.codes import campaign_of_code
from yiwang.grassroots.joining.forms import ScanForm
from yiwang.grassroots.joining.models import Campaign
from yiwang.grassroots.joining.queries import open_request_of
from yiwang.grassroots.joining.views.common import note_refusal, user_of
from yiwang.kernel.clock import today
from yiwang.kernel.crypto import blind_index
from yiwang.kernel.errors import DomainError
from yiwang.net.cases.models import Case
from yiwang.platform.ui.pages import page
from yiwang.register.accounts.models import User
from yiwang.register.members import actions as members
from yiwang.register.members.queries import current_membership, person_of

COOKIE = "device"
A_YEAR = 365 * 86_400
UNIT_LEVEL = 7


def _campaign(code: str) -> Campaign:
    campaign = campaign_of_code(code)
    if campaign is None:
        raise Http404(_("没有这个入会码"))
    return campaign


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, code: str) -> HttpResponse:
    """One page: which union, who you are, what you do. Signing in comes first and leads back here."""
    campaign = _campaign(code)
    user = request.user if isinstance(request.user, User) else None
    person = person_of(user)
    context = {
        "campaign": campaign,
        "code": code,
        "is_open": campaign.is_open_on(today()),
        "membership": current_membership(person),
        "asked": open_request_of(person) if person else None,
        "form": None,
    }
    if user is not None and not context["membership"] and not context["asked"]:
        at_work = campaign.organisation.level >= UNIT_LEVEL
        form = ScanForm(request.POST or None, is_known=person is not None, at_work=at_work)
        if request.method == "POST" and form.is_valid():
            case = _hand_in(request, campaign, form, user)
            if case is not None:
                return redirect("cases:apply-done", number=case.number)
        context["form"] = form
    response = page(request, "joining/join.html", context)
    if COOKIE not in request.COOKIES:
        token = secrets.token_urlsafe(16)
        response.set_signed_cookie(COOKIE, token, max_age=A_YEAR, httponly=True, samesite="Lax")
    return response


def _hand_in(request: HttpRequest, campaign: Campaign, form: ScanForm, user: User) -> Case | None:
    try:
        person = person_of(user)
        if person is None:
            given = form.cleaned_data
            person = members.bind_person(user, given["name"], given["id_number"], id_type=given["id_type"])
        return actions.join_by_code(
            campaign,
            person,
            answers={"name": person.name, **form.answers},
            device=_device(request),
            consents=form.consents,
            by=user,
        )
    except DomainError as refusal:
        note_refusal(form, refusal)
        return None


def _device(request: HttpRequest) -> str:
    """A keyed hash of what we put on this telephone; without it, of the line it comes by."""
    token = request.get_signed_cookie(COOKIE, default="") or str(request.META.get("REMOTE_ADDR", ""))
    return blind_index("device", str(token))


@login_required
@require_POST
def join_second(request: HttpRequest, code: str) -> HttpResponse:
    """A member of another union is served here too (D6): their own choice, ended by them at any time."""
    campaign, person = _campaign(code), person_of(request.user)
    if person is None or not campaign.is_open_on(today()):
        raise Http404
    try:
        members.begin_affiliation(person, campaign.organisation, by=user_of(request), work=campaign.name)
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return redirect("joining:join", code)
    messages.success(request, _("登记了第二归属。会籍没有变，还是只算一个会员。"))
    return redirect("members:membership")
