"""Joining codes and pools, for officers."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.grassroots.joining import actions, policies, queries
from yiwang.grassroots.joining.codes import url_of
from yiwang.grassroots.joining.forms import CampaignForm, PlaceForm
from yiwang.grassroots.joining.models import Campaign
from yiwang.grassroots.joining.tables import CampaignTable, campaign_badge
from yiwang.grassroots.joining.views.common import note_refusal, user_of
from yiwang.kernel.errors import DomainError
from yiwang.platform.ui.pages import page
from yiwang.platform.ui.qr import drawn
from yiwang.platform.ui.tables import table_page
from yiwang.register.access.policies import appointments_of, capability_required
from yiwang.register.organisations.models import Organisation

UNIT_LEVEL = 7


@capability_required("register.edit")
@require_GET
def campaign_list(request: HttpRequest) -> HttpResponseBase:
    table = CampaignTable(request, policies.campaigns_visible_to(request.user))
    return table_page(request, "joining/codes.html", table, {"pools": policies.pools_visible_to(request.user)[:20]})


@capability_required("register.edit")
@require_http_methods(["GET", "POST"])
def campaign_new(request: HttpRequest) -> HttpResponse:
    asked = policies.unions_to_join(request.user).filter(public_id=request.GET.get("union", "")).first()
    form = CampaignForm(request.POST or None, initial={"organisation": asked.name} if asked else {})
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        try:
            here = appointments_of(request.user)[0].organisation
            union = given.pop("organisation") or actions.pool_of(here)
            if policies.may_place_in(request.user, union):
                campaign = actions.open_campaign(union, **given, office=_office(union, here), by=user_of(request))
                messages.success(request, _("入会码做好了，可以打印海报。"))
                return redirect("joining:campaign-detail", campaign.public_id)
            form.add_error("organisation", _("这个工会不在你的范围内。"))
        except DomainError as refusal:
            note_refusal(form, refusal)
    return page(request, "joining/code_new.html", {"form": form})


def _office(union: Organisation, here: Organisation) -> Organisation:
    """A union at work reviews its own; whoever joins a pool or a federation is reviewed where the code was made."""
    return union if union.level >= UNIT_LEVEL else here


@capability_required("register.edit")
@require_GET
def campaign_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    campaign = policies.get_campaign(request.user, public_id)
    url = url_of(campaign, request)
    context = {
        "campaign": campaign,
        "badge": campaign_badge(campaign),
        "url": url,
        "qr": drawn(url, _("入会二维码")),
        "results": queries.results_of(campaign),
    }
    return page(request, "joining/code.html", context)


@capability_required("register.edit")
@require_GET
def campaign_poster(request: HttpRequest, public_id: str) -> HttpResponse:
    """One sheet to print and put up."""
    campaign = policies.get_campaign(request.user, public_id)
    qr = drawn(url_of(campaign, request), _("入会二维码"), css="qr big")
    return page(request, "joining/poster.html", {"campaign": campaign, "qr": qr})


@capability_required("register.edit")
@require_POST
def campaign_act(request: HttpRequest, public_id: str, act: str) -> HttpResponse:
    """Close for good, or open again after a look."""
    campaign = policies.get_campaign(request.user, public_id)
    target = {"close": Campaign.State.CLOSED, "reopen": Campaign.State.OPEN}.get(act)
    if target is None:
        raise Http404
    if campaign.may_move(target):
        (actions.close_campaign if act == "close" else actions.reopen_campaign)(campaign, by=user_of(request))
        messages.success(request, _("停用了，扫码的人会看到怎么办。") if act == "close" else _("又可以扫了。"))
    return redirect("joining:campaign-detail", public_id)


@capability_required("register.edit")
@require_http_methods(["GET", "POST"])
def pool_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """Who waits for a union of their own; move the ticked ones."""
    pool = policies.get_pool(request.user, public_id)
    rows = queries.waiting_in_pool(pool.organisation)
    form = PlaceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        ticked = set(request.POST.getlist("who"))
        chosen = [row for row in rows if row.public_id in ticked]
        target = form.cleaned_data["organisation"]
        if not chosen:
            form.add_error(None, _("请先勾上要转的人。"))
        elif not policies.may_place_in(request.user, target):
            form.add_error("organisation", _("这个工会不在你的范围内。"))
        else:
            moved = actions.move_from_pool(chosen, target, by=user_of(request))
            messages.success(request, _("转了{n}人，本人会收到消息。").format(n=moved))
            return redirect("joining:pool-detail", public_id)
    return page(request, "joining/pool.html", {"pool": pool, "rows": rows, "form": form})
