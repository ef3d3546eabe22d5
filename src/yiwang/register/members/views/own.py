"""One's own membership: the page, one's facts, second unions, the e-card; and the page that checks a card."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.kernel import clock
from yiwang.kernel.errors import DomainError
from yiwang.platform.rules.queries import parameter
from yiwang.platform.ui.pages import page
from yiwang.platform.ui.qr import drawn
from yiwang.register.members import actions, cards, policies, queries
from yiwang.register.members.facts import facts_of_person, facts_of_work, told_changes
from yiwang.register.members.forms import PersonForm, PhotoForm, WorkForm
from yiwang.register.members.models import Change, Person
from yiwang.register.members.tables import state_badge
from yiwang.register.members.views.common import user_of


def _own(request: HttpRequest) -> Person:
    person = queries.person_of(request.user)
    if person is None:
        raise Http404(_("还没有实名"))
    return person


@login_required
@never_cache
@require_GET
def membership(request: HttpRequest) -> HttpResponse:
    """Where I belong, since when, who else serves me, what is held about me and what was changed."""
    person = queries.person_of(request.user)
    held = queries.latest_membership(person) if person else None
    context = {
        "person": person,
        "membership": held,
        "badge": state_badge(held) if held else None,
        "spans": queries.spans_of(person) if person else [],
        "affiliations": queries.affiliations_of(person) if person else [],
        "facts": facts_of_work(held) if held else [],
        "about": facts_of_person(person) if person else [],
        "changes": told_changes(queries.changes_of(person, limit=10)) if person else [],
        "leads": queries.led_by(person),
        "photo": queries.photo_of(person) if person else None,
        "parts": [(key, label) for key, label in PARTS.items() if held is not None or key == "about"],
    }
    return page(request, "members/own.html", context)


PARTS = {
    "about": gettext_lazy("本人情况"),
    "work": gettext_lazy("工作岗位"),
    "skill": gettext_lazy("技能和荣誉"),
    "platform": gettext_lazy("平台就业"),
}


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def membership_edit(request: HttpRequest, part: str) -> HttpResponse:
    """Put one part of one's own facts right, at once; the union sees what was changed."""
    person = _own(request)
    held = queries.held_membership(person)
    if part not in PARTS or (held is None and part != "about"):
        raise Http404
    sent = request.POST if request.method == "POST" else None
    form: Any = PersonForm(sent, instance=queries.fresh_person(person))
    if held is not None and part != "about":
        form = WorkForm(sent, instance=queries.fresh_membership(held), part=part)
    if sent is not None and form.is_valid():
        told: dict[str, Any] = {"by": user_of(request), "source": Change.Source.SELF, **form.cleaned_data}
        if held is not None and part != "about":
            changed = actions.correct_membership(held, **told)
        else:
            changed = actions.correct_person(person, **told)
        messages.success(request, _("改好了，你的工会能看到改了什么。") if changed else _("没有改动。"))
        return redirect("members:membership")
    return page(request, "members/own_edit.html", {"form": form, "title": PARTS[part]})


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def membership_photo(request: HttpRequest) -> HttpResponse:
    """Give, replace or take away one's picture."""
    person = _own(request)
    form = PhotoForm()
    if request.method == "POST" and "remove" in request.POST:
        actions.remove_photo(person, by=user_of(request))
        messages.success(request, _("照片删掉了。"))
        return redirect("members:membership")
    if request.method == "POST":
        form = PhotoForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                actions.set_photo(person, form.cleaned_data["photo"], by=user_of(request))
            except DomainError as refusal:
                form.add_error("photo", str(refusal))
            else:
                messages.success(request, _("照片存好了。"))
                return redirect("members:membership")
    return page(request, "members/own_photo.html", {"form": form, "photo": queries.photo_of(person)})


@login_required
@require_POST
def affiliation_end(request: HttpRequest, public_id: str) -> HttpResponse:
    affiliation = policies.get_own_affiliation(request.user, public_id)
    actions.end_affiliation(affiliation, by=user_of(request))
    messages.success(request, _("第二归属结束了，会籍没有变。"))
    return redirect("members:membership")


@login_required
@never_cache
@require_GET
def card(request: HttpRequest) -> HttpResponse:
    """The e-card with a code good for minutes; the page fetches the next one before it ends."""
    person = queries.person_of(request.user)
    held = queries.current_membership(person)
    minutes = int(parameter("members.card_minutes", clock.today()))
    context: dict[str, Any] = {"person": person, "membership": held, "minutes": minutes}
    if held is not None:
        until = clock.now() + dt.timedelta(minutes=minutes)
        url = request.build_absolute_uri(reverse("members:card-check", args=[cards.sign(held.public_id, until)]))
        context |= {"code": drawn(url, _("电子会员卡二维码")), "until": until, "url": url, "badge": state_badge(held)}
    return page(request, "members/card.html", context, part="code")


@never_cache
@require_GET
def card_check(request: HttpRequest, code: str) -> HttpResponse:
    """Anybody may check: valid, ended, not a member, or not ours. Shows a masked name and the union, nothing else."""
    told = cards.read(code)
    held = queries.membership_of_card(told.membership) if told else None
    verdict = "unknown"
    if told is not None and held is not None:
        verdict = "expired" if told.until < clock.now() else "member" if held.is_current else held.state
        verdict = verdict if verdict in ("expired", "member", "retained") else "left"
    context = {"verdict": verdict, "membership": held, "until": told.until if told else None}
    return page(request, "members/card_check.html", context, status=200 if told else 404)


@login_required
@never_cache
@require_GET
def own_group(request: HttpRequest, public_id: str) -> HttpResponse:
    """The group one leads: names and work of its people, no numbers."""
    lead = policies.get_led_group(request.user, public_id)
    return page(request, "members/own_group.html", {"lead": lead, "rows": queries.members_of_group(lead.group)})
