"""The worker's and delegate's pages of proposals and disclosure."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yiwang.platform.ui.pages import page
from yiwang.rights.congress import actions, policies
from yiwang.rights.congress import queries as congresses
from yiwang.rights.congress import queries_following as queries
from yiwang.rights.congress.forms_following import ProposalForm, QuestionForm
from yiwang.rights.congress.models import Congress, Proposal
from yiwang.rights.congress.views.acting import filled, pressed, user_of


def _own(request: HttpRequest) -> Congress:
    congress = policies.congress_of(request.user)
    if congress is None:
        raise Http404
    return congress


@login_required
@require_http_methods(["GET", "POST"])
def own_proposal_new(request: HttpRequest) -> HttpResponse:
    congress = _own(request)
    mandate = policies.mandate_of(request.user, congress)
    if mandate is None:
        raise Http404
    form = ProposalForm(request.POST or None, delegates=congresses.delegates_of(congress))
    made: list[Proposal] = []
    if request.method == "POST" and filled(
        form,
        lambda given: made.append(actions.file_proposal(mandate, given.pop("seconders"), by=user_of(request), **given)),
    ):
        messages.success(request, _("提案交上去了，等审查。"))
        return redirect("congress:own-proposal", made[0].public_id)
    return page(request, "congress/own_proposal_new.html", {"form": form})


@login_required
@require_http_methods(["GET", "POST"])
def own_proposal(request: HttpRequest, public_id: str) -> HttpResponse:
    """Where a proposal is; its proposer says whether the reply is good."""
    congress = _own(request)
    proposal = queries.proposal_called(congress, public_id)
    if proposal is None:
        raise Http404
    mandate = policies.mandate_of(request.user, congress)
    is_own = mandate is not None and mandate.pk == proposal.proposer_id
    if request.method == "POST":
        if not is_own:
            raise Http404
        said = request.POST.get("satisfaction", "")
        pressed(request, lambda: actions.judge_reply(proposal, said, by=user_of(request)), _("你的评价记下了。"))
        return redirect("congress:own-proposal", public_id)
    judges = is_own and proposal.state == Proposal.State.REPLIED
    context: dict[str, Any] = {
        "proposal": proposal,
        "judges": judges,
        "answers": Proposal.Satisfaction.choices,
    }
    return page(request, "congress/own_proposal.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def own_disclosure(request: HttpRequest, public_id: str) -> HttpResponse:
    """Reading counts, without a name; a question is asked without one too."""
    congress = _own(request)
    mandate = policies.mandate_of(request.user, congress)
    item = queries.disclosures_for(congress, mandate).filter(public_id=public_id).first()
    if item is None:
        raise Http404
    form = QuestionForm(request.POST or None)
    if request.method == "POST" and filled(form, lambda given: actions.ask_about(item, given["text"])):
        messages.success(request, _("问题提上去了，不记是谁问的。"))
        return redirect("congress:own-disclosure", public_id)
    actions.note_reading(item, user_of(request))
    context = {"item": item, "questions": queries.questions_of_disclosure(item), "form": form}
    return page(request, "congress/own_disclosure.html", context)
