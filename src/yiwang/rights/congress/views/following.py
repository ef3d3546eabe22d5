"""The desk: proposals, disclosure, resolutions and worker directors."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.platform.ui.pages import page
from yiwang.register.access.policies import staff_required
from yiwang.rights.congress import actions, policies
from yiwang.rights.congress import queries_following as queries
from yiwang.rights.congress import queries_keeping as kept
from yiwang.rights.congress.forms_following import (
    AnswerForm,
    CheckForm,
    DirectorForm,
    DisclosureForm,
    ReplyForm,
    ReviewForm,
)
from yiwang.rights.congress.forms_keeping import RecallForm
from yiwang.rights.congress.models import Congress, Proposal, WorkerDirector
from yiwang.rights.congress.views.acting import filled, pressed, user_of


def _kept(request: HttpRequest, public_id: str) -> Congress:
    congress = policies.get_congress(request.user, public_id)
    if request.method == "POST" and not policies.may_keep(request.user, congress):
        raise PermissionDenied
    return congress


@staff_required
@require_GET
def proposal_list(request: HttpRequest, public_id: str) -> HttpResponse:
    congress = _kept(request, public_id)
    context = {
        "congress": congress,
        "rows": queries.proposals_of(congress),
        "rates": queries.rates_of(congress),
    }
    return page(request, "congress/proposals.html", context)


def _proposal(congress: Congress, public_id: str) -> Proposal:
    found = queries.proposal_called(congress, public_id)
    if found is None:
        raise Http404
    return found


@staff_required
@require_http_methods(["GET", "POST"])
def proposal_detail(request: HttpRequest, public_id: str, proposal: str) -> HttpResponse:
    """Review it, then the reply of who handles it."""
    congress = _kept(request, public_id)
    found, by = _proposal(congress, proposal), user_of(request)
    form: Any = None
    if policies.may_keep(request.user, congress):
        if found.state == Proposal.State.SUBMITTED:
            form = ReviewForm(request.POST or None)
        elif found.state == Proposal.State.ASSIGNED:
            form = ReplyForm(request.POST or None)
    if request.method == "POST":
        if form is None:
            raise Http404
        if isinstance(form, ReviewForm):
            done = filled(form, lambda given: actions.review_proposal(found, by=by, **given))
        else:
            done = filled(form, lambda given: actions.reply_to_proposal(found, given["reply"], by=by))
        if done:
            messages.success(request, _("记下了，提案人会看到。"))
            return redirect("congress:proposal-detail", public_id, proposal)
    return page(request, "congress/proposal.html", {"congress": congress, "proposal": found, "form": form})


@staff_required
@require_http_methods(["GET", "POST"])
def disclosure_list(request: HttpRequest, public_id: str) -> HttpResponse:
    congress = _kept(request, public_id)
    keeps = policies.may_keep(request.user, congress)
    form = DisclosureForm(request.POST or None) if keeps else None
    if form is not None and request.method == "POST":
        done = filled(form, lambda given: actions.publish_disclosure(congress, by=user_of(request), **given))
        if done:
            messages.success(request, _("公开了。"))
            return redirect("congress:disclosure-list", public_id)
    rows = [(row, queries.readers_said(row, row.readers), queries.is_overdue(row)) for row in _read(congress)]
    context = {"congress": congress, "rows": rows, "form": form}
    return page(request, "congress/disclosures.html", context)


def _read(congress: Congress) -> list[Any]:
    return list(queries.disclosures_of(congress)[:100])


@staff_required
@require_GET
def disclosure_detail(request: HttpRequest, public_id: str, disclosure: str) -> HttpResponse:
    congress = _kept(request, public_id)
    return _show_disclosure(request, congress, disclosure, AnswerForm(), "")


def _show_disclosure(
    request: HttpRequest, congress: Congress, disclosure: str, form: AnswerForm, item_now: str
) -> HttpResponse:
    found = queries.disclosure_called(congress, disclosure)
    if found is None:
        raise Http404
    context = {
        "congress": congress,
        "item": found,
        "readers": queries.readers_said(found, found.readers),  # type: ignore[attr-defined]  # annotated
        "questions": queries.questions_of_disclosure(found),
        "form": form,
        "item_now": item_now,
        "keeps": policies.may_keep(request.user, congress),
    }
    return page(request, "congress/disclosure.html", context)


@staff_required
@require_POST
def disclosure_answer(request: HttpRequest, public_id: str, disclosure: str, question: str) -> HttpResponse:
    congress = _kept(request, public_id)
    item = queries.disclosure_called(congress, disclosure)
    found = queries.question_called(item, question) if item else None
    if found is None:
        raise Http404
    form = AnswerForm(request.POST)
    if filled(form, lambda given: actions.answer_question(found, given["answer"], by=user_of(request))):
        messages.success(request, _("回答了，大家都看得到。"))
        return redirect("congress:disclosure-detail", public_id, disclosure)
    return _show_disclosure(request, congress, disclosure, form, question)


@staff_required
@require_GET
def resolution_list(request: HttpRequest, public_id: str) -> HttpResponse:
    return show_resolutions(request, _kept(request, public_id), {})


def show_resolutions(request: HttpRequest, congress: Congress, forms: dict[str, Any]) -> HttpResponse:
    keeps = policies.may_keep(request.user, congress)
    elections = queries.elections_of(congress)
    context = {
        "congress": congress,
        "rows": queries.resolutions_of(congress),
        "directors": [(row, _recall(row, keeps, forms)) for row in queries.directors_of(congress)],
        "needs_director": queries.needs_director(congress),
        "check_form": CheckForm() if keeps else None,
        "director_form": DirectorForm(items=elections) if keeps and elections else None,
        "keeps": keeps,
        "recalls": kept.recalls_of(congress),
        **forms,
    }
    return page(request, "congress/resolutions.html", context)


def _recall(director: WorkerDirector, keeps: bool, forms: dict[str, Any]) -> Any:
    """One form for each of them, the filled one among them."""
    if not keeps:
        return None
    if forms.get("director_now") == director.public_id:
        return forms["recall_form"]
    return RecallForm(auto_id=f"recall{director.pk}_%s")


@staff_required
@require_POST
def resolution_check(request: HttpRequest, public_id: str, resolution: str) -> HttpResponse:
    congress = _kept(request, public_id)
    found = queries.resolution_called(congress, resolution)
    if found is None:
        raise Http404
    form = CheckForm(request.POST)
    if filled(form, lambda given: actions.check_resolution(found, by=user_of(request), **given)):
        messages.success(request, _("检查情况记下了。"))
        return redirect("congress:resolution-list", public_id)
    return show_resolutions(request, congress, {"check_form": form, "form": form, "item_now": resolution})


@staff_required
@require_POST
def director_new(request: HttpRequest, public_id: str) -> HttpResponse:
    congress = _kept(request, public_id)
    form = DirectorForm(request.POST, items=queries.elections_of(congress))
    if filled(form, lambda given: actions.record_director(given.pop("item"), by=user_of(request), **given)):
        messages.success(request, _("登记好了。"))
        return redirect("congress:resolution-list", public_id)
    return show_resolutions(request, congress, {"director_form": form, "form": form})


@staff_required
@require_POST
def director_report(request: HttpRequest, public_id: str, director: str) -> HttpResponse:
    congress = _kept(request, public_id)
    found = queries.director_called(congress, director)
    if found is None:
        raise Http404
    pressed(request, lambda: actions.note_report(found, by=user_of(request)), _("今天述职，记下了。"))
    return redirect("congress:resolution-list", public_id)
