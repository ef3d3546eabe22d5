"""Members for officers of their unions; one's own record for its owner."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.kernel.errors import DomainError
from yiwang.platform.ui.pages import page
from yiwang.platform.ui.tables import table_page
from yiwang.register.access.actions import note_look
from yiwang.register.access.policies import capability_required, holds
from yiwang.register.accounts.models import User
from yiwang.register.members import actions, policies, queries
from yiwang.register.members.facts import facts_of_person, facts_of_work, standings, told_changes
from yiwang.register.members.forms import BindForm, DeskPersonForm, PhoneForm, RevealForm, StandingForm, UnitWorkForm
from yiwang.register.members.tables import MemberTable, state_badge
from yiwang.register.members.views.common import note_refusal, user_of


@capability_required("register.view")
@require_GET
def member_list(request: HttpRequest) -> HttpResponseBase:
    rows = policies.persons(policies.memberships_visible_to(request.user))
    place = queries.organisation_named(request.GET.get("org", ""))
    if "org" in request.GET:
        rows = queries.in_organisation(rows, place)
    table = MemberTable(request, rows)
    by = cast(User, request.user)
    return table_page(
        request,
        "members/list.html",
        table,
        {
            "place": place,
            "quality_of": (place or policies.first_place(request.user)).public_id,
            "may_edit": holds(request.user, "register.edit"),
            "may_reveal": holds(request.user, "register.reveal"),
            "releases": policies.releases_to_decide(request.user),
            "conflicts": policies.conflicts_visible_to(request.user).open().count(),
        },
        on_export=lambda _table: actions.note_export(table.narrowed.count(), by=by),
    )


@capability_required("register.view")
@never_cache
@require_GET
def person_detail(request: HttpRequest, public_id: str) -> HttpResponseBase:
    person = policies.get_person(request.user, public_id)
    note_look("person", person.pk, person.pk, cast(User, request.user), _("查看会员档案"))
    membership = queries.latest_membership(person)
    context = {
        "person": person,
        "membership": membership,
        "badge": state_badge(membership) if membership else None,
        "facts": facts_of_work(membership) if membership else [],
        "about": facts_of_person(person),
        "spans": queries.spans_of(person),
        "affiliations": queries.affiliations_of(person),
        "changes": told_changes(queries.changes_of(person)),
        "merges": queries.last_merges(person),
        "photo": queries.photo_of(person),
        "may_edit": policies.may_edit(request.user, person),
        "may_decide": policies.may_decide(request.user, person),
        "may_reveal": policies.may_reveal(request.user, person),
        "form": RevealForm(),
    }
    return page(request, "members/detail.html", context)


@capability_required("register.edit")
@never_cache
@require_http_methods(["GET", "POST"])
def person_edit(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Put a member's facts right; the member sees what was changed and by whom."""
    person = policies.get_person(request.user, public_id, must=policies.may_edit)
    held = queries.held_membership(person)
    sent = request.POST if request.method == "POST" else None
    phone = PhoneForm(sent)
    about = DeskPersonForm(sent, instance=queries.fresh_person(person))
    work = UnitWorkForm(sent, instance=queries.fresh_membership(held)) if held else None
    forms = [form for form in (phone, about, work) if form is not None]
    sound = [form.is_valid() for form in forms]  # every one, so that all mistakes show at once
    if sent is not None and all(sound):
        by, told = user_of(request), {**about.cleaned_data}
        if phone.cleaned_data["phone"]:
            told["phone"] = phone.cleaned_data["phone"]
        try:
            changed = actions.correct_person(person, by=by, **told)
            if held is not None and work is not None:
                changed += actions.correct_membership(held, by=by, **work.facts)
        except DomainError as refusal:
            note_refusal(about, refusal)
        else:
            messages.success(request, _("改好了，本人能看到改了什么。") if changed else _("没有改动。"))
            return redirect("members:person-detail", person.public_id)
    return page(request, "members/edit.html", {"person": person, "forms": forms})


@capability_required("register.edit")
@never_cache
@require_http_methods(["GET", "POST"])
def person_standing(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """What the committee decided about a membership."""
    person = policies.get_person(request.user, public_id, must=policies.may_decide)
    held = queries.held_membership(person)
    form = StandingForm(request.POST or None, changes=standings(held) if held else [])
    if request.method == "POST" and held is not None and form.is_valid():
        given = form.cleaned_data
        try:
            actions.change_standing(held, given["change"], on=given["on"], reason=given["reason"], by=user_of(request))
        except DomainError as refusal:
            note_refusal(form, refusal)
        else:
            messages.success(request, _("登记了，会籍经历里能看到。"))
            return redirect("members:person-detail", person.public_id)
    return page(request, "members/standing.html", {"person": person, "membership": held, "form": form})


@capability_required("register.reveal")
@never_cache
@require_POST
def person_reveal(request: HttpRequest, public_id: str) -> HttpResponseBase:
    person = policies.get_person(request.user, public_id, must=policies.may_reveal)
    form = RevealForm(request.POST)
    shown = None
    if form.is_valid():
        try:
            shown = actions.reveal_person(person, by=cast(User, request.user), purpose=form.cleaned_data["purpose"])
        except DomainError as refusal:
            form.add_error(None, str(refusal))
    return page(request, "members/revealed.html", {"person": person, "form": form, "shown": shown})


@login_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def person_bind(request: HttpRequest) -> HttpResponse:
    """Real-name binding: the same sentence whatever did not fit."""
    user = cast(User, request.user)
    form = BindForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.bind_person(user, given["name"], given["id_number"], id_type=given["id_type"])
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("实名好了，以后申请不用再填这些。"))
            return redirect("portal:profile")
    return page(request, "members/bind.html", {"form": form, "person": queries.person_of(user)})
