"""Consultations on rules and algorithms: the desk that talks, the worker who is heard."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from yiwang.platform.ui.pages import page
from yiwang.register.access.policies import staff_required
from yiwang.rights.congress import actions, policies
from yiwang.rights.congress import queries_consulting as queries
from yiwang.rights.congress.forms_consulting import (
    AgreementForm,
    ConsultationForm,
    EffectiveForm,
    EndingForm,
    OpinionForm,
    TalkForm,
)
from yiwang.rights.congress.models import Congress, Consultation
from yiwang.rights.congress.views.acting import filled, pressed, user_of

State = Consultation.State


def _consulting(request: HttpRequest, public_id: str) -> Congress:
    congress = policies.get_congress(request.user, public_id)
    if not policies.consults(congress):
        raise Http404
    if request.method == "POST" and not policies.may_keep(request.user, congress):
        raise PermissionDenied
    return congress


@staff_required
@require_http_methods(["GET", "POST"])
def consultation_list(request: HttpRequest, public_id: str) -> HttpResponse:
    congress = _consulting(request, public_id)
    form = ConsultationForm(request.POST or None) if policies.may_keep(request.user, congress) else None
    made: list[Consultation] = []
    if form is not None and request.method == "POST":
        by = user_of(request)
        if filled(form, lambda given: made.append(actions.start_consultation(congress, by=by, **given))):
            messages.success(request, _("开始听大家的意见。"))
            return redirect("congress:consultation-detail", public_id, made[0].public_id)
    rows = [(row, queries.voices_said(row)) for row in queries.consultations_of(congress)[:50]]
    context = {"congress": congress, "rows": rows, "form": form, "is_due": queries.is_due(congress)}
    return page(request, "congress/consultations.html", context)


def _found(congress: Congress, public_id: str) -> Consultation:
    found = queries.consultation_called(congress, public_id)
    if found is None:
        raise Http404
    return found


@staff_required
@require_http_methods(["GET"])
def consultation_detail(request: HttpRequest, public_id: str, consultation: str) -> HttpResponse:
    congress = _consulting(request, public_id)
    return _show(request, congress, _found(congress, consultation), {})


def _show(request: HttpRequest, congress: Congress, row: Consultation, forms: dict[str, Any]) -> HttpResponse:
    keeps = policies.may_keep(request.user, congress)
    decided = row.item is not None and row.item.is_decided
    context = {
        "congress": congress,
        "row": row,
        "keeps": keeps,
        "opinions": queries.opinions_of(row),
        "said": queries.voices_said(row),
        "needed": queries.opinions_needed(row),
        "talk_form": TalkForm() if keeps and row.state == State.TALKING else None,
        "agreement_form": AgreementForm() if keeps and row.state == State.TALKING and row.talks.all() else None,
        "effective_form": EffectiveForm() if keeps and row.state == State.AGREED and decided else None,
        "ending_form": EndingForm() if keeps and row.state in (State.COLLECTING, State.TALKING) else None,
        **forms,
    }
    return page(request, "congress/consultation.html", context)


@staff_required
@require_POST
def consultation_act(request: HttpRequest, public_id: str, consultation: str, act: str) -> HttpResponse:
    """Begin the talks, note a round, agree, table, conclude, end without agreement."""
    congress = _consulting(request, public_id)
    row, by = _found(congress, consultation), user_of(request)
    if act == "talks":
        pressed(request, lambda: actions.begin_talks(row, by=by), _("可以协商了。"))
        return redirect("congress:consultation-detail", public_id, consultation)
    if act == "table":
        session = queries.planned_session(congress)
        pressed(request, lambda: actions.table_agreement(row, session, by=by), _("列入议程了。"))
        return redirect("congress:consultation-detail", public_id, consultation)
    makers: dict[str, tuple[str, Any, Any, str]] = {
        "talk": (
            "talk_form", TalkForm(request.POST),
            lambda given: actions.note_talk(row, by=by, **given), _("这一轮记下了。"),
        ),
        "agree": (
            "agreement_form", AgreementForm(request.POST),
            lambda given: actions.agree_on(row, given["agreement"], by=by), _("记下了。接着列入议程，由代表表决。"),
        ),
        "conclude": (
            "effective_form", EffectiveForm(request.POST),
            lambda given: actions.conclude(row, by=by, **given), _("记下了，大家都能看到。"),
        ),
        "end": (
            "ending_form", EndingForm(request.POST),
            lambda given: actions.end_consultation(row, given["reason"], by=by), _("记下了，大家都能看到。"),
        ),
    }  # fmt: skip
    if act not in makers:
        raise Http404
    name, form, verb, said = makers[act]
    if filled(form, verb):
        messages.success(request, said)
        return redirect("congress:consultation-detail", public_id, consultation)
    return _show(request, congress, _found(congress, consultation), {name: form, "form": form})


@login_required
@require_http_methods(["GET", "POST"])
def own_consultation(request: HttpRequest, public_id: str) -> HttpResponse:
    """What is talked about, in plain words; while opinions are heard, one's own, without a name."""
    congress = policies.congress_of(request.user)
    row = queries.consultation_called(congress, public_id) if congress else None
    if row is None:
        raise Http404
    form = OpinionForm(request.POST or None) if row.state == State.COLLECTING else None
    by = user_of(request)
    answered = form is not None and request.method == "POST"
    if answered and filled(form, lambda given: actions.give_opinion(row, given["text"], by)):
        messages.success(request, _("意见交上去了，不记是谁说的。"))
        return redirect("congress:own-consultation", public_id)
    context = {"row": row, "form": form, "said": queries.voices_said(row)}
    return page(request, "congress/own_consultation.html", context)
