"""Lists with full numbers: one person asks, another lets go, the first one downloads."""

from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.kernel.errors import DomainError
from yiwang.platform.ui.pages import page
from yiwang.platform.ui.spreadsheets import KINDS
from yiwang.platform.ui.tables import table_page
from yiwang.register.access.policies import can, capability_required
from yiwang.register.members import actions, policies, queries
from yiwang.register.members.forms import DecideReleaseForm, ReleaseForm
from yiwang.register.members.models import Release
from yiwang.register.members.releases import asked_table, told_filters
from yiwang.register.members.tables import MemberTable, ReleaseTable, release_badge
from yiwang.register.members.views.common import note_refusal, user_of


@capability_required("register.reveal")
@require_GET
def release_list(request: HttpRequest) -> HttpResponseBase:
    rows = policies.releases_visible_to(request.user)
    return table_page(request, "members/releases.html", ReleaseTable(request, rows), {})


@capability_required("register.reveal")
@never_cache
@require_http_methods(["GET", "POST"])
def release_new(request: HttpRequest) -> HttpResponse:
    """What would leave, for whom, and who is asked; the address carries the filters of the list."""
    place = policies.place_of_release(request.user, request.GET.get("org", ""))
    table = asked_table(request, place)
    rows = table.narrowed.count()
    address = reverse("members:member-list") + table.url().removeprefix(request.path)
    form = ReleaseForm(request.POST or None, initial={"fields_wanted": ["id_number"]})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            release = actions.ask_release(
                place,
                address=address,
                told=told_filters(table),
                columns=[column.key for column in table.shown_columns],
                fields=given["fields_wanted"],
                rows=rows,
                purpose=given["purpose"],
                by=user_of(request),
            )
        except DomainError as refusal:
            note_refusal(form, refusal)
        else:
            messages.success(request, _("提出了，等第二个人批准。批了会发消息给你。"))
            return redirect("members:release-detail", release.public_id)
    context = {
        "form": form,
        "place": place,
        "rows": rows,
        "told": told_filters(table),
        "columns": "、".join(str(column.label) for column in table.shown_columns),
        "deciders": queries.release_deciders(place, user_of(request)),
        "back": address,
    }
    return page(request, "members/release_new.html", context)


@capability_required("register.reveal")
@never_cache
@require_GET
def release_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    return _shown(request, policies.get_release(request.user, public_id), DecideReleaseForm())


def _shown(request: HttpRequest, release: Release, form: DecideReleaseForm) -> HttpResponse:
    is_own = release.asked_by_id == user_of(request).pk
    columns = {column.key: column.label for column in MemberTable.columns}
    context = {
        "release": release,
        "badge": release_badge(release),
        "form": form,
        "columns": "、".join(str(columns[key]) for key in release.columns if key in columns),
        "may_decide": policies.may_decide_release(request.user, release),
        "may_take": policies.may_take_release(request.user, release),
        "may_withdraw": is_own and release.may_move(Release.State.WITHDRAWN),
        "is_own": is_own,
        "deciders": queries.release_deciders(release.place, release.asked_by),
    }
    return page(request, "members/release.html", context)


@capability_required("register.release")
@require_POST
def release_decide(request: HttpRequest, public_id: str) -> HttpResponse:
    """Let it go, or refuse with a reason: never the person who asked."""
    release = policies.get_release(request.user, public_id)
    if not can(request.user, "register.release", release.place):
        raise Http404
    form = DecideReleaseForm(request.POST)
    form.is_valid()
    try:
        if request.POST.get("answer") == "approve":
            actions.approve_release(release, by=user_of(request))
        else:
            actions.refuse_release(release, reason=form.cleaned_data.get("reason", ""), by=user_of(request))
    except DomainError as refusal:
        note_refusal(form, refusal)
        return _shown(request, release, form)
    messages.success(request, _("定下了，提出的人会收到消息。"))
    return redirect("members:release-detail", public_id)


@capability_required("register.reveal")
@require_POST
def release_withdraw(request: HttpRequest, public_id: str) -> HttpResponse:
    release = policies.get_release(request.user, public_id)
    if release.asked_by_id != user_of(request).pk:
        raise Http404
    try:
        actions.withdraw_release(release, by=user_of(request))
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("不要了；做好的文件也删了。"))
    return redirect("members:release-detail", public_id)


@capability_required("register.reveal")
@never_cache
@require_POST
def release_file(request: HttpRequest, public_id: str) -> HttpResponse:
    """The file, for who asked, until its last day. A POST, so that no prefetch takes it."""
    release = policies.get_release(request.user, public_id)
    if not policies.may_take_release(request.user, release):
        raise Http404
    name, content = actions.take_release(release, by=user_of(request))
    return HttpResponse(
        content,
        content_type=KINDS["xlsx"][0],
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}", "Cache-Control": "no-store"},
    )
