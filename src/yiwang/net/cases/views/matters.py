"""The applicant's own matters: the list, one matter, and what they can do about it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yiwang.kernel import clock
from yiwang.kernel.errors import DomainError
from yiwang.net.cases import actions, policies
from yiwang.net.cases.forms import AppealForm, MessageForm, SupplementAnswerForm, UrgeForm
from yiwang.net.cases.models import Case
from yiwang.net.cases.policies import get_own
from yiwang.net.cases.queries import bundles, faces, own
from yiwang.net.cases.queries.casepage import dossier, with_everything
from yiwang.net.cases.queries.limits import plan_of
from yiwang.net.cases.queries.timeline import timeline_of, was_rated
from yiwang.net.cases.registry import own_url
from yiwang.net.cases.views.common import posted, signed_in
from yiwang.platform.files.actions import store_uploads
from yiwang.platform.ui.pages import page

MOST_FILES = 6


@login_required
@require_safe
def matter_list(request: HttpRequest) -> HttpResponse:
    """Open ones first, by the clock; then drafts; then what is over."""
    now = clock.now()
    before = None
    if "before" in request.GET:
        before = get_own(request.user, request.GET["before"])
    together = bundles.open_cards(signed_in(request), now) if before is None else []
    shown = [line.case.pk for card in together for line in card.lines if line.case is not None]
    over = own.matters(signed_in(request), is_open=False, now=now, before=before)
    context = {
        "open": own.matters(signed_in(request), is_open=True, now=now, shown=shown) if before is None else [],
        "together": together,
        "over": over,
        "older": over[-1].case.number if len(over) == own.SHOWN else "",
        "drafts": own.drafts(signed_in(request)) if before is None else [],
    }
    return page(request, "cases/matter_list.html", context)


@login_required
@require_safe
def bundle_detail(request: HttpRequest, bundle: str) -> HttpResponse:
    """Several things asked for in one go, each with its own clock and end."""
    card = bundles.cards([policies.get_own_bundle(request.user, bundle)], clock.now())[0]
    return page(request, "cases/bundle.html", {"card": card})


@login_required
@require_POST
def part_withdraw(request: HttpRequest, bundle: str, code: str) -> HttpResponse:
    """A part that has not begun and is not wanted any more."""
    part = policies.get_waiting_part(signed_in(request), bundle, code)
    try:
        actions.withdraw_part(part, by=signed_in(request))
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("这件不办了。以后随时可以单独申请。"))
    return redirect("cases:bundle-detail", bundle=bundle)


@login_required
@require_safe
def matter_detail(request: HttpRequest, number: str) -> HttpResponse:
    case = get_own(request.user, number, wide=with_everything)
    return page(request, "cases/matter.html", _matter_context(request.user, case))


@login_required
@require_safe
def matter_print(request: HttpRequest, number: str) -> HttpResponse:
    case = get_own(request.user, number, wide=with_everything)
    return page(request, "cases/matter_print.html", _matter_context(request.user, case))


def _matter_context(user: Any, case: Case) -> dict[str, Any]:
    now = clock.now()
    found = dossier(case, is_own=True)
    promise = faces.promise_of(case)
    face = faces.face_of(case, now)
    asked = found.open_supplement
    may_appeal = policies.may_appeal(user, case) and found.decision is not None and not found.has_review
    last_day = found.decision.appeal_until if found.decision is not None else None
    is_late = last_day is not None and clock.local_date(now) > last_day
    return {
        "case": case,
        "dossier": found,
        "face": face,
        "waits_for": faces.waits_for(case, face, len(asked.items) if asked else 0),
        "their_face": own.their_face(case, now) if asked else None,
        "promise": promise,
        "words": faces.sentence_of(case, now),
        "timeline": timeline_of(case),
        "plan": plan_of(case.version),
        "may_withdraw": policies.may_withdraw(user, case),
        "may_urge": policies.may_urge(user, case),
        "may_write": policies.may_write(user, case),
        "may_appeal": may_appeal and not is_late,
        "appeal_is_over": may_appeal and is_late,
        "may_rate": policies.may_rate(user, case) and not was_rated(case),
        "superior": case.organisation.parent,
        "siblings": bundles.siblings_of(
            case, may_open=lambda: policies.own(user), url_name="cases:matter-detail", now=now
        ),
        "bundle": bundles.bundle_of(case),
        "for_another": case.mandate_id is not None,
        "own_url": own_url(case.service_code, case.pk) if case.applicant and case.applicant.user_id == user.pk else "",
    }


@login_required
def matter_supplement(request: HttpRequest, number: str) -> HttpResponse:
    """Send what is missing. Files are kept at once; the answer is handed in by its own button."""
    case = get_own(request.user, number, must=policies.may_answer_supplement)
    form = SupplementAnswerForm(posted(request))
    if request.method == "POST":
        problems = _take_files(request, case)
        documents = own.supplement_documents(case)
        if form.is_valid() and not problems and "_stay" not in request.POST:
            try:
                actions.answer_supplement(
                    case, text=form.cleaned_data["text"], by=signed_in(request), documents=documents
                )
            except DomainError as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("材料收到了，时限接着算。"))
                return redirect("cases:matter-detail", number=case.number)
        for problem in problems:
            form.add_error("papers", problem)
    context = {
        "case": case,
        "asked": own.open_supplement_of(case),
        "form": form,
        "documents": own.supplement_documents(case),
    }
    return page(request, "cases/matter_supplement.html", context)


def _take_files(request: HttpRequest, case: Case) -> list[str]:
    uploads = [file for file in request.FILES.getlist("papers") if isinstance(file, UploadedFile)]
    results = store_uploads(
        uploads,
        subject=own.SUPPLEMENT_SUBJECT,
        subject_id=case.pk,
        kind="supplement",
        by=signed_in(request),
        max_files=MOST_FILES,
    )
    return [result.problem for result in results if result.problem]


def _act(
    request: HttpRequest,
    number: str,
    *,
    must: policies.Check,
    form: Form,
    run: Callable[[Case, dict[str, Any]], object],
    template: str,
    done: str,
) -> HttpResponse:
    """One move of the applicant with its own small page: shown, sent, refused in words, or done."""
    case = get_own(request.user, number, must=must)
    if request.method == "POST" and form.is_valid():
        try:
            run(case, form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, done)
            return redirect("cases:matter-detail", number=case.number)
    return page(request, template, {"case": case, "form": form})


@login_required
def matter_urge(request: HttpRequest, number: str) -> HttpResponse:
    return _act(
        request,
        number,
        must=policies.may_urge,
        form=UrgeForm(posted(request)),
        run=lambda case, data: actions.urge(case, by=signed_in(request), text=data["text"]),
        template="cases/matter_urge.html",
        done=_("催过了，经办人已经收到。"),
    )


@login_required
def matter_message(request: HttpRequest, number: str) -> HttpResponse:
    return _act(
        request,
        number,
        must=policies.may_write,
        form=MessageForm(posted(request)),
        run=lambda case, data: actions.write_message(case, by=signed_in(request), text=data["text"]),
        template="cases/matter_message.html",
        done=_("留言发出了。"),
    )


@login_required
def matter_appeal(request: HttpRequest, number: str) -> HttpResponse:
    return _act(
        request,
        number,
        must=policies.may_appeal,
        form=AppealForm(posted(request)),
        run=lambda case, data: actions.request_review(case, by=signed_in(request), text=data["text"]),
        template="cases/matter_appeal.html",
        done=_("复核申请交上去了，会换人来审。"),
    )


@login_required
def matter_withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """A question before something irreversible; its two buttons are its two answers."""
    case = get_own(request.user, number, must=policies.may_withdraw)
    if request.method == "POST":
        try:
            actions.withdraw(case, by=signed_in(request))
        except DomainError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("撤回了。以后随时可以再申请。"))
        return redirect("cases:matter-detail", number=case.number)
    return page(request, "cases/matter_withdraw.html", {"case": case}, part="dialog")
