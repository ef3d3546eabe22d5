"""Keeping the register right: conflicts and merges, the score of a union, its groups."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.kernel.clock import today
from yiwang.kernel.errors import DomainError
from yiwang.platform.ui.pages import page
from yiwang.platform.ui.tables import table_page
from yiwang.register.access.policies import can, capability_required
from yiwang.register.accounts.models import User
from yiwang.register.members import actions, policies, quality, queries
from yiwang.register.members.forms import (
    DispatchForm,
    GroupForm,
    GroupMemberForm,
    HandOverForm,
    MergeForm,
    PhoneKeeperForm,
    SettleForm,
)
from yiwang.register.members.models import Conflict
from yiwang.register.members.tables import ConflictTable, conflict_badge, conflict_face
from yiwang.register.members.views.common import note_refusal, user_of
from yiwang.register.organisations.models import Organisation

UNIONS_SHOWN = 50


@capability_required("register.edit")
@require_GET
def conflict_list(request: HttpRequest) -> HttpResponseBase:
    rows = policies.conflicts_visible_to(request.user)
    if "state" not in request.GET:
        rows = rows.open()
    return table_page(request, "members/conflicts.html", ConflictTable(request, rows), {})


@capability_required("register.edit")
@require_http_methods(["GET", "POST"])
def conflict_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """Both records side by side, and how it ends."""
    conflict = policies.get_conflict(request.user, public_id)
    is_open = conflict.state == Conflict.State.OPEN
    form = SettleForm(request.POST or None, conflict=conflict)
    if request.method == "POST" and is_open and form.is_valid():
        given = form.cleaned_data
        try:
            actions.settle_conflict(conflict, given["state"], reason=given["reason"], by=user_of(request))
        except DomainError as refusal:
            note_refusal(form, refusal)
        else:
            messages.success(request, _("定下了。"))
            return redirect("members:conflict-list")
    return _show_conflict(request, conflict, {"form": form})


# Ways to settle a conflict that also carry it out: (slug of the address, who may, the form).
Act = tuple[Callable[[Any, Conflict], bool], Callable[..., BaseForm]]
ACTS: dict[str, Act] = {
    "hand-over": (policies.may_hand_over, lambda *args, conflict: HandOverForm(*args)),
    "dispatch": (policies.may_settle_dispatch, DispatchForm),
    "phone": (policies.may_release_phone, PhoneKeeperForm),
}


def _show_conflict(request: HttpRequest, conflict: Conflict, forms: dict[str, Any]) -> HttpResponse:
    people = [person for person in (conflict.person, conflict.other) if person is not None]
    acts = {
        f"{slug.replace('-', '_')}_form": form(conflict=conflict) if may(request.user, conflict) else None
        for slug, (may, form) in ACTS.items()
    }
    context = {
        "conflict": conflict,
        "badge": conflict_badge(conflict),
        "face": conflict_face(conflict),
        "is_open": conflict.state == Conflict.State.OPEN,
        "sides": [(person, queries.latest_membership(person)) for person in people],
        "form": SettleForm(conflict=conflict),
        "merge_form": MergeForm(conflict=conflict) if policies.may_merge(request.user, conflict) else None,
        **acts,
        **forms,
    }
    return page(request, "members/conflict.html", context)


@capability_required("register.edit")
@require_POST
def conflict_act(request: HttpRequest, public_id: str, act: str) -> HttpResponse:
    """Hand the membership over, decide about a dispatched worker, or say whose telephone it is."""
    conflict = policies.get_conflict(request.user, public_id)
    may, make_form = ACTS.get(act, ACTS["hand-over"])
    if not may(request.user, conflict):
        messages.error(request, _("这一项要由管着双方的上级工会，或者会籍所在的工会来定。"))
        return redirect("members:conflict-detail", public_id)
    form = make_form(request.POST, conflict=conflict)
    if form.is_valid():
        try:
            _carry_out(act, conflict, form.cleaned_data, user_of(request))
        except DomainError as refusal:
            note_refusal(form, refusal)
        else:
            messages.success(request, _("办好了。"))
            return redirect("members:conflict-list")
    return _show_conflict(request, conflict, {f"{act.replace('-', '_')}_form": form})


def _carry_out(act: str, conflict: Conflict, given: dict[str, Any], by: User) -> None:
    reason = given["reason"]
    if act == "dispatch":
        sides = {side.public_id: side for side in (conflict.organisation, conflict.claimed_by) if side is not None}
        details = {"union_at": given["union_at"], "agreement": given["agreement"]}
        actions.settle_dispatch(conflict, sides[given["keeper"]], **details, reason=reason, by=by)
    elif act == "phone":
        people = {one.public_id: one for one in (conflict.person, conflict.other) if one is not None}
        actions.release_phone(conflict, people[given["keep"]], reason=reason, by=by)
    else:
        actions.hand_over(conflict, reason=reason, by=by)


@capability_required("register.edit")
@require_POST
def conflict_merge(request: HttpRequest, public_id: str) -> HttpResponse:
    """The two records of a pair become one."""
    conflict = policies.get_conflict(request.user, public_id)
    if not policies.may_merge(request.user, conflict):
        messages.error(request, _("两条记录不都在你的范围内，请上级工会合并。"))
        return redirect("members:conflict-detail", public_id)
    form = MergeForm(request.POST, conflict=conflict)
    if form.is_valid():
        first, second = conflict.person, conflict.other
        assert second is not None
        kept, dropped = (first, second) if form.cleaned_data["keep"] == first.public_id else (second, first)
        try:
            merge = actions.merge_persons(kept, dropped, reason=form.cleaned_data["reason"], by=user_of(request))
        except DomainError as refusal:
            note_refusal(form, refusal)
        else:
            messages.success(request, _("合并成一个人了。{day}以前可以撤销。").format(day=merge.undo_until.isoformat()))
            return redirect("members:person-detail", kept.public_id)
    return _show_conflict(request, conflict, {"merge_form": form})


@capability_required("register.edit")
@require_POST
def merge_undo(request: HttpRequest, public_id: str) -> HttpResponse:
    merge = policies.get_merge(request.user, public_id)
    try:
        actions.undo_merge(merge, by=user_of(request))
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("合并撤销了，又是两条记录。"))
    return redirect("members:person-detail", merge.kept.public_id)


@capability_required("register.view")
@require_GET
def quality_page(request: HttpRequest, public_id: str) -> HttpResponse:
    """The score of a subtree, what each point costs with the list behind it, and the unions with most to mend."""
    place = policies.get_place(request.user, public_id)
    rows = queries.members_under(place)
    found = quality.score(rows, today())
    members = reverse("members:member-list")
    context = {
        "place": place,
        "score": found,
        "points": [
            (point, f"{members}?org={place.public_id}&flaw={point.flaw.key}") for point in found.points if point.count
        ],
        "unions": quality.scores_by_union(rows, today(), at_most=UNIONS_SHOWN),
    }
    return page(request, "members/quality.html", context)


@capability_required("register.edit")
@require_http_methods(["GET", "POST"])
def group_list(request: HttpRequest, public_id: str) -> HttpResponse:
    """The groups of a union, their leaders and sizes; a new one."""
    union = policies.get_union(request.user, public_id)
    form = GroupForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.make_group(union, form.cleaned_data["name"], by=user_of(request))
        except DomainError as refusal:
            note_refusal(form, refusal)
        else:
            messages.success(request, _("小组建好了。"))
            return redirect("members:group-list", public_id)
    rows = queries.groups_of(union)
    return page(request, "members/groups.html", {"union": union, "groups": rows, "form": form})


@capability_required("register.edit")
@require_http_methods(["GET", "POST"])
def group_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """Who is in a group; put somebody in, or at its head."""
    group = policies.get_union(request.user, public_id)
    union = group.parent
    form = GroupMemberForm(request.POST or None)
    if request.method == "POST" and union is not None and can(request.user, "register.edit", union) and form.is_valid():
        try:
            _add(form, union, group, request)
        except DomainError as refusal:
            note_refusal(form, refusal)
        if not form.errors:
            messages.success(request, _("编进小组了。"))
            return redirect("members:group-detail", public_id)
    lead = queries.lead_of(group)
    context = {"group": group, "union": union, "rows": queries.members_of_group(group), "lead": lead, "form": form}
    return page(request, "members/group.html", context)


def _add(form: GroupMemberForm, union: Organisation, group: Organisation, request: HttpRequest) -> None:
    found = queries.members_called(union, form.cleaned_data["who"].strip())
    if len(found) != 1:
        told = _("有几个同名的会员，请填会员编号。") if found else _("这个工会的在册会员里没有这个人。")
        form.add_error("who", told)
        return
    actions.put_in_group(group, found, by=user_of(request))
    if form.cleaned_data["as_leader"]:
        actions.name_leader(group, found[0], by=user_of(request))
