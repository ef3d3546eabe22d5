"""Figures and everyday words, changed by two people: one puts forward, another publishes."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yiwang.kernel.clock import today
from yiwang.kernel.errors import DomainError
from yiwang.platform.rules import actions as rules
from yiwang.platform.rules import queries as figures
from yiwang.platform.text import actions as words
from yiwang.platform.text import queries as speech
from yiwang.platform.ui.pages import page
from yiwang.portal.forms import AliasForm, DeclineForm, ParameterForm
from yiwang.register.access.policies import capability_required
from yiwang.register.accounts.models import User

WORDS_SHOWN = 300


@capability_required("rules.edit")
@require_safe
def parameter_list(request: HttpRequest) -> HttpResponse:
    """Every dated figure with its source; above them, what waits for a second person."""
    asked = request.GET.get("q", "").strip()
    context = {"rows": figures.parameters_on(today(), asked), "q": asked, "waiting": figures.open_proposals()}
    return page(request, "portal/parameters.html", context)


@capability_required("rules.edit")
@require_http_methods(["GET", "POST"])
def parameter(request: HttpRequest, name: str) -> HttpResponse:
    """One figure: its history, and the form that puts a new one forward."""
    history = figures.history_of(name, request.GET.get("key", ""))
    if not history:
        raise Http404
    form = ParameterForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        done = _try(form, lambda: rules.propose_parameter(history[0], **form.cleaned_data, by=_user(request)))
        if done:
            messages.success(request, _("提出来了，等另一位同事发布。"))
            return redirect("portal:parameter-list")
    context = {
        "current": history[0],
        "history": history,
        "proposals": figures.proposals_of(name, history[0].key),
        "form": form,
        "today": today(),
    }
    return page(request, "portal/parameter.html", context)


@capability_required("rules.edit")
@require_http_methods(["GET", "POST"])
def parameter_proposal(request: HttpRequest, public_id: str) -> HttpResponse:
    """Two buttons for the second person: publish, or decline with a reason."""
    proposal = figures.proposal(public_id)
    if proposal is None:
        raise Http404
    user, form = _user(request), DeclineForm(request.POST if "decline" in request.POST else None)
    if "publish" in request.POST:
        done = _try(form, lambda: rules.publish_parameter(proposal, by=user))
        text = _("发布了，从{day}起用。").format(day=proposal.valid_from.isoformat())
    else:
        done = form.is_valid() and _try(
            form, lambda: rules.decline_parameter(proposal, note=form.cleaned_data["note"], by=user)
        )
        text = _("没有采用，原因记下了。")
    if done:
        messages.success(request, text)
        return redirect("portal:parameter-list")
    history = figures.history_of(proposal.name, proposal.key)
    context = {"proposal": proposal, "form": form, "current": history[0], "is_own": proposal.proposed_by_id == user.pk}
    return page(request, "portal/parameter_proposal.html", context)


@capability_required("rules.edit")
@require_http_methods(["GET", "POST"])
def word_list(request: HttpRequest) -> HttpResponse:
    """What people say and what search makes of it; a form to put a change forward."""
    asked = request.GET.get("q", "").strip()
    form = AliasForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        done = _try(
            form,
            lambda: words.propose_alias(
                given["word"],
                codes=given["codes"].upper().split(),
                terms=given["terms"].split(),
                is_active=not given["silence"],
                reason=given["reason"],
                by=_user(request),
            ),
        )
        if done:
            messages.success(request, _("提出来了，等另一位同事发布。"))
            return redirect("portal:word-list")
    known = speech.words_in_use(asked)
    context = {
        "rows": known[:WORDS_SHOWN],
        "count": len(known),
        "q": asked,
        "waiting": speech.open_alias_proposals(),
        "form": form,
        "me": _user(request),
    }
    return page(request, "portal/words.html", context)


@capability_required("rules.edit")
@require_POST
def word_decide(request: HttpRequest, public_id: str) -> HttpResponse:
    proposal = speech.alias_proposal(public_id)
    if proposal is None:
        raise Http404
    verb = words.publish_alias if "publish" in request.POST else words.decline_alias
    try:
        verb(proposal, by=_user(request))
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("办好了。"))
    return redirect("portal:word-list")


def _try(form: Any, action: Callable[[], object]) -> bool:
    """Done, or the refusal beside its field."""
    try:
        action()
    except DomainError as refusal:
        field = next((name for name in refusal.fields if name in form.fields), None)
        if form.is_bound:
            form.add_error(field, str(refusal))
        else:
            form.refusal = str(refusal)
        return False
    return True


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
