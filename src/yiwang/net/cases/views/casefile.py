"""One case at the desk: facts, clock, next step and log in one view, and every act on it."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yiwang.kernel import clock
from yiwang.kernel.errors import DomainError
from yiwang.net.cases.actions import reveal_numbers
from yiwang.net.cases.forms import RevealForm
from yiwang.net.cases.models import Case
from yiwang.net.cases.policies import get_staffed, may_reveal, staffed
from yiwang.net.cases.queries import faces
from yiwang.net.cases.queries.bundles import bundle_of, siblings_of
from yiwang.net.cases.queries.casepage import dossier, with_everything
from yiwang.net.cases.queries.facts import rule_answer
from yiwang.net.cases.queries.limits import plan_of
from yiwang.net.cases.queries.timeline import log_of
from yiwang.net.cases.registry import desk_url
from yiwang.net.cases.views.acts import ACTS, BY_KEY, Act
from yiwang.net.cases.views.common import posted, signed_in
from yiwang.net.cases.views.tables import badges_of, next_step_of, who_of
from yiwang.net.catalogue.cards import eligibility_card
from yiwang.platform.ui.pages import page
from yiwang.register.access.actions import note_look
from yiwang.register.access.policies import staff_required
from yiwang.register.accounts.models import User


@staff_required
@require_safe
def case_detail(request: HttpRequest, number: str) -> HttpResponse:
    """The full page, or the right pane of the queue when htmx asks for the aside."""
    user = signed_in(request)
    case = get_staffed(user, number, wide=with_everything)
    _note(case, user)
    target = getattr(getattr(request, "htmx", None), "target", None)
    if target == "aside":
        return page(request, "cases/case_preview.html", _preview(case, user))
    return page(request, "cases/case.html", _context(case, user))


@staff_required
def case_act(request: HttpRequest, number: str, act: str) -> HttpResponse:
    """One act: its form alone on GET; on POST done, or shown again with the words of the refusal."""
    chosen = BY_KEY.get(act)
    if chosen is None:
        raise Http404
    user = signed_in(request)
    case = get_staffed(user, number, must=chosen.must, wide=with_everything)
    form = chosen.make(request.POST if request.method == "POST" else None, case, user)
    if request.method == "POST" and form.is_valid():
        try:
            chosen.run(case, form, user)
        except DomainError as refusal:
            _show(form, refusal)
        else:
            messages.success(request, str(chosen.done))
            return _after(user, case)
    return page(request, "cases/case.html", {**_context(case, user), "chosen": chosen, "form": form})


@staff_required
@never_cache
def case_reveal(request: HttpRequest, number: str) -> HttpResponse:
    """The full numbers, once a purpose is given; nothing of it is kept in the page's address or in a cache."""
    user = signed_in(request)
    case = get_staffed(user, number, must=may_reveal, wide=with_everything)
    form = RevealForm(posted(request))
    numbers = None
    if request.method == "POST" and form.is_valid():
        try:
            numbers = reveal_numbers(case, by=user, purpose=form.cleaned_data["purpose"])
        except DomainError as refusal:
            _show(form, refusal)
    return page(request, "cases/case_reveal.html", {"case": case, "form": form, "numbers": numbers})


@staff_required
@require_safe
def case_print(request: HttpRequest, number: str) -> HttpResponse:
    user = signed_in(request)
    case = get_staffed(user, number, wide=with_everything)
    return page(request, "cases/case_print.html", _context(case, user))


def _after(user: User, case: Case) -> HttpResponse:
    """Back to the case, or to the queue when it has left this officer's sight."""
    try:
        get_staffed(user, case.number)
    except Http404:
        return redirect("cases:queue")
    return redirect("cases:case-detail", number=case.number)


def _show(form: Form, refusal: DomainError) -> None:
    named = {name: text for name, text in refusal.fields.items() if name in form.fields}
    for name, text in named.items():
        form.add_error(name, text)
    if not named:
        form.add_error(None, str(refusal))


def _note(case: Case, user: User) -> None:
    """The applicant sees who looked (once a day for each officer)."""
    if case.applicant_id is not None:
        note_look("case", case.pk, case.applicant_id, by=user, purpose=_("办理{number}").format(number=case.number))


def _preview(case: Case, user: User) -> dict[str, Any]:
    return {
        "case": case,
        "who": who_of(case),
        "badges": badges_of(case),
        "face": faces.face_of(case, clock.now()),
        "promise": faces.promise_of(case),
        "log": log_of(case)[:4],
        "next_step": next_step_of(case),
        "acts": [act for act in ACTS if act.group == "main" and act.must(user, case)],
    }


def _context(case: Case, user: User) -> dict[str, Any]:
    now = clock.now()
    answer = rule_answer(case, clock.local_date(now)) if case.is_open else None
    offered = [act for act in ACTS if act.must(user, case)]
    return {
        "case": case,
        "who": who_of(case),
        "badges": badges_of(case),
        "plan": plan_of(case.version),
        "dossier": dossier(case, is_own=False),
        "face": faces.face_of(case, now),
        "promise": faces.promise_of(case),
        "log": log_of(case),
        "answer": answer,
        "card": eligibility_card(answer, apply_url="", other_ways=[]) if answer else None,
        "next_step": next_step_of(case),
        "main": [(act, act.make(None, case, user)) for act in _of(offered, "main")],
        "more": _of(offered, "more"),
        "top": _of(offered, "top"),
        "siblings": siblings_of(case, may_open=lambda: staffed(user), url_name="cases:case-detail", now=now),
        "bundle": bundle_of(case),
        "may_reveal": may_reveal(user, case),
        "desk_url": desk_url(case.service_code, case.pk),
    }


def _of(acts: list[Act], group: str) -> list[Act]:
    return [act for act in acts if act.group == group]
