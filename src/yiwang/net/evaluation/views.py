"""Rating a case, and the desk where bad ratings are set right."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from yiwang.kernel import clock
from yiwang.kernel.errors import DomainError
from yiwang.net.cases.policies import get_own
from yiwang.net.evaluation import actions, policies, queries
from yiwang.net.evaluation.errors import RatedFromStaffDevice
from yiwang.net.evaluation.forms import AssignForm, CallForm, CloseForm, RateForm, RectifyForm, VerifyForm
from yiwang.net.evaluation.models import BadReview
from yiwang.platform.ui.pages import page
from yiwang.register.access.policies import capability_required, scope_paths
from yiwang.register.accounts.models import User

SETTLED = {"yes": True, "no": False, "unreached": None}
MONTH = dt.timedelta(days=30)


@login_required
def rate(request: HttpRequest, number: str) -> HttpResponse:
    """Five levels, none chosen beforehand. Whoever does not want to just leaves."""
    case = get_own(request.user, number, must=policies.may_rate)
    rated = queries.rating_of(case)
    form = RateForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            _refuse_desk(request)
            actions.rate(case, by=_user(request), **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("谢谢，记下了。"))
            return redirect("cases:matter-detail", number=case.number)
    return page(request, "evaluation/rate.html", {"case": case, "form": form, "rated": rated})


def _refuse_desk(request: HttpRequest) -> None:
    """Not from a browser that a desk has used (GT 6.10). In the demo one browser plays all parts."""
    if not settings.DEMO and policies.is_desk_browser(request):
        raise RatedFromStaffDevice


@capability_required("evaluation.handle")
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Bad ratings by their deadline, and how the subtree was rated in the last thirty days."""
    user = _user(request)
    state = request.GET.get("state", "")
    state = state if state in BadReview.State.values else ""
    reviews = policies.bad_reviews_visible_to(user)
    after = queries.key_of(reviews, request.GET.get("after", ""))
    rows = queries.page_of_bad_reviews(reviews, state=state, after=after)
    today = clock.today()
    context = {
        "rows": rows[: queries.PAGE],
        "next": rows[queries.PAGE - 1].public_id if len(rows) > queries.PAGE else "",
        "state": state,
        "states": BadReview.State.choices,
        "figures": [
            (path, queries.figures(path, since=today - MONTH, until=today))
            for path in scope_paths(user, "evaluation.handle")[:3]
        ],
        "now": clock.now(),
    }
    return page(request, "evaluation/queue.html", context)


@capability_required("evaluation.handle")
@require_safe
def bad_review(request: HttpRequest, review: str) -> HttpResponse:
    found = policies.get_bad_review(request.user, review)
    return page(request, "evaluation/bad_review.html", _context(_user(request), found))


@capability_required("evaluation.handle")
@require_POST
def bad_review_act(request: HttpRequest, review: str, act: str) -> HttpResponse:
    """One step of setting right: done, or shown again with the words of the refusal."""
    user = _user(request)
    found = policies.get_bad_review(user, review)
    if act not in STEPS:
        raise Http404
    may, make, run = STEPS[act]
    if not may(user, found):
        raise PermissionDenied
    form = make(request.POST, found)
    if form.is_valid():
        try:
            run(found, form.cleaned_data, user)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("记下了。"))
            return redirect("evaluation:bad-review", review=found.public_id)
    return page(request, "evaluation/bad_review.html", {**_context(user, found), "form": form, "act": act})


def _context(user: User, review: BadReview) -> dict[str, Any]:
    evaluation = review.evaluation
    acts = [key for key, (may, _make, _run) in STEPS.items() if may(user, review) and key in NEXT[review.state]]
    return {
        "review": review,
        "evaluation": evaluation,
        "case": evaluation.case,
        "tags": queries.tag_labels(evaluation),
        "knows_who": policies.may_know_who(user, evaluation),
        "forms": [(key, LABELS[key], STEPS[key][1](None, review)) for key in acts],
    }


Run = Callable[[BadReview, dict[str, Any], User], object]
Make = Callable[[Any, BadReview], Form]


def _assign_form(data: Any, review: BadReview) -> Form:
    return AssignForm(data, officers=[(user.public_id, user.name) for user in actions.officers_for(review)])


def _assign(review: BadReview, data: dict[str, Any], user: User) -> object:
    to = next(officer for officer in actions.officers_for(review) if officer.public_id == data["to"])
    return actions.assign_bad_review(review, to=to, by=user)


def _verify(review: BadReview, data: dict[str, Any], user: User) -> object:
    return actions.verify_bad_review(review, **data, by=user)


def _rectify(review: BadReview, data: dict[str, Any], user: User) -> object:
    return actions.rectify_bad_review(review, **data, by=user)


def _call(review: BadReview, data: dict[str, Any], user: User) -> object:
    return actions.call_back(review, text=data["text"], settled=SETTLED[data["settled"]], by=user)


def _close(review: BadReview, data: dict[str, Any], user: User) -> object:
    return actions.close_bad_review(review, by=user)


State = BadReview.State
STEPS: dict[str, tuple[Callable[[User, BadReview], bool], Make, Run]] = {
    "assign": (policies.may_assign, _assign_form, _assign),
    "verify": (policies.may_handle, lambda data, review: VerifyForm(data), _verify),
    "rectify": (policies.may_handle, lambda data, review: RectifyForm(data), _rectify),
    "call": (policies.may_handle, lambda data, review: CallForm(data), _call),
    "close": (policies.may_handle, lambda data, review: CloseForm(data), _close),
}
NEXT: dict[str, tuple[str, ...]] = {
    State.NEW: ("assign",),
    State.ASSIGNED: ("verify", "assign"),
    State.VERIFIED: ("rectify", "call", "close"),
    State.RECTIFIED: ("call", "close"),
    State.CALLED_BACK: ("close",),
    State.CLOSED: (),
}
LABELS = {
    "assign": gettext_lazy("分派"),
    "verify": gettext_lazy("核实"),
    "rectify": gettext_lazy("登记整改"),
    "call": gettext_lazy("登记回访"),
    "close": pgettext_lazy("evaluation", "结束"),
}


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
