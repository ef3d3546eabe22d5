"""One evaluation: rating, confirming, appealing, answering."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.grassroots.cadres import actions, formulas, policies
from yiwang.grassroots.cadres.forms import SCHEME, AnswerForm, AppealForm, NoteForm, OutcomeForm, RatingForm, refuse
from yiwang.grassroots.cadres.models import Cadre, Evaluation
from yiwang.grassroots.cadres.queries import figures
from yiwang.grassroots.cadres.queries import people as queries
from yiwang.grassroots.cadres.views.common import user_of
from yiwang.kernel.clock import today
from yiwang.kernel.errors import DomainError
from yiwang.platform.ui.pages import page
from yiwang.register.access.policies import staff_required
from yiwang.register.organisations.queries import nearest_of_level

COUNTY = 4


@staff_required
@require_http_methods(["GET", "POST"])
def evaluation_new(request: HttpRequest, public_id: str) -> HttpResponse:
    """Points for each item beside what the records say; a returned one is rated again here."""
    cadre = policies.get_cadre(request.user, public_id)
    if not policies.may_rate(request.user, cadre):
        raise PermissionDenied
    returned = cadre.evaluations.filter(state=Evaluation.State.RETURNED).order_by("-period").first()
    period = request.GET.get("period", "") or (returned.period if returned else formulas.period_of(today()))
    form = RatingForm(
        request.POST or None, initial={"period": period, "grade": Evaluation.Grade.GOOD, **_scores(returned)}
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = _rate(cadre, returned, form, request)
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("打好了，等上级确认；确认前本人看不到。"))
            return redirect("cadres:evaluation-detail", made.public_id)
    shown = form.cleaned_data.get("period", period) if form.is_bound and form.is_valid() else period
    weights = {key: queries.rule(weight) for key, _label, weight in SCHEME}
    context = {
        "cadre": cadre,
        "form": form,
        "lines": [(form[key], weights[key]) for key, _label, _weight in SCHEME],
        "evidence": figures.evidence_of(cadre, shown),
        "period": shown,
        "returned": returned,
        "excellent": queries.rule("grade_excellent"),
        "good": queries.rule("grade_good"),
    }
    return page(request, "cadres/rating.html", context)


def _scores(evaluation: Evaluation | None) -> dict[str, Any]:
    if evaluation is None:
        return {}
    scores = {item["key"]: item["score"] for item in evaluation.items}
    return {**scores, "grade": evaluation.grade, "words": evaluation.words}


def _rate(cadre: Cadre, returned: Evaluation | None, form: RatingForm, request: HttpRequest) -> Evaluation:
    scores, given = form.scores, form.cleaned_data
    items = [{"key": key, "weight": queries.rule(weight), "score": scores[key]} for key, _label, weight in SCHEME]
    by, words = user_of(request), given["words"]
    if returned is not None and returned.period == given["period"]:
        actions.rate_again(returned, items=items, grade=given["grade"], words=words, by=by)
        return returned
    body = nearest_of_level(cadre.organisation, COUNTY) or cadre.organisation
    return actions.rate(cadre, body, period=given["period"], items=items, grade=given["grade"], words=words, by=by)


@login_required
@require_GET
def evaluation_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    return _show(request, policies.get_evaluation(request.user, public_id), {})


def _show(request: HttpRequest, evaluation: Evaluation, forms: dict[str, Any]) -> HttpResponse:
    user, labels = request.user, {key: label for key, label, _weight in SCHEME}
    context = {
        "evaluation": evaluation,
        "cadre": evaluation.cadre,
        "lines": [(labels.get(item["key"], item["key"]), item["weight"], item["score"]) for item in evaluation.items],
        "may_confirm": policies.may_confirm(user, evaluation),
        "may_appeal": policies.is_own(user, evaluation.cadre) and evaluation.state == Evaluation.State.CONFIRMED,
        "may_answer": policies.may_answer(user, evaluation),
        "may_rate": evaluation.state == Evaluation.State.RETURNED and policies.may_rate(user, evaluation.cadre),
        "is_own": policies.is_own(user, evaluation.cadre),
        "days": queries.rule("appeal_days"),
        "outcome_form": OutcomeForm(),
        "note_form": NoteForm(),
        "appeal_form": AppealForm(),
        "answer_form": AnswerForm(initial={"grade": evaluation.grade}),
        **forms,
    }
    return page(request, "cadres/evaluation.html", context)


ACTS: dict[str, tuple[Any, Any, Any, str]] = {
    "confirm": (policies.may_confirm, OutcomeForm, actions.confirm_evaluation, "outcome_form"),
    "return": (policies.may_confirm, NoteForm, actions.return_evaluation, "note_form"),
    "appeal": (
        lambda user, row: policies.is_own(user, row.cadre),
        AppealForm,
        actions.appeal_evaluation,
        "appeal_form",
    ),
    "answer": (policies.may_answer, AnswerForm, actions.answer_appeal, "answer_form"),
}


@login_required
@require_POST
def evaluation_act(request: HttpRequest, public_id: str, act: str) -> HttpResponse:
    evaluation = policies.get_evaluation(request.user, public_id)
    if act not in ACTS:
        raise Http404
    may, make, run, name = ACTS[act]
    if not may(request.user, evaluation):
        raise PermissionDenied
    form = make(request.POST)
    if form.is_valid():
        try:
            run(evaluation, by=user_of(request), **form.cleaned_data)
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("办好了。"))
            return redirect("cadres:evaluation-detail", public_id)
    return _show(request, evaluation, {name: form, "form": form})
