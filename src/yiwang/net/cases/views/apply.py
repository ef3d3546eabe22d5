"""Asking for something: start, one step after another, check, done."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yiwang.kernel import clock
from yiwang.kernel.errors import DomainError
from yiwang.net.cases.actions import Drafting, drafting_of, open_drafting, submit_draft, submitted_from
from yiwang.net.cases.forms import ConsentForm, ForWhomForm
from yiwang.net.cases.models import Bundle, Case
from yiwang.net.cases.policies import get_handed_in, get_handed_in_bundle, may_be_asked_for, persons_to_act_for
from yiwang.net.cases.queries.bundles import cards
from yiwang.net.cases.queries.faces import answer_day
from yiwang.net.cases.queries.limits import promise_day
from yiwang.net.cases.queries.sources import source, sources
from yiwang.net.cases.views.common import posted, signed_in
from yiwang.net.catalogue.cards import eligibility_card
from yiwang.net.catalogue.finder import answers_of
from yiwang.net.catalogue.queries import entitlement, facts_of
from yiwang.platform.files.actions import UploadResult, hold_uploads, remove_document, store_uploads, take_held
from yiwang.platform.files.policies import get_document, may_remove
from yiwang.platform.files.queries import documents_by_kind
from yiwang.platform.forms.actions import discard_draft, owner_told_by, save_step, take_kept
from yiwang.platform.forms.guard import keeps_typed
from yiwang.platform.forms.library import AnswerProblem, Field, Step, StepForm, answer_problems, step_form
from yiwang.platform.ui.pages import page
from yiwang.register.members.queries import person_of

View = Callable[..., HttpResponse]
HELD = "held_files"  # in the session of the browser that sent them


@login_required
def apply_start(request: HttpRequest, code: str) -> HttpResponse:
    """What it is, whether one qualifies and why, for whom; one button to begin or go on."""
    version = may_be_asked_for(request.user, code)
    persons = persons_to_act_for(request.user, version.service.code)
    form = ForWhomForm(posted(request), persons=persons)
    if request.method == "POST" and form.is_valid():
        drafting, resumed = open_drafting(
            signed_in(request),
            version,
            for_whom=form.cleaned_data["for_whom"],
            answers=answers_of(request),
            from_paper=request.GET.get("via") == Case.Channel.PAPER,
        )
        if resumed.carried is not None:
            messages.info(request, _("这份表更新过，你以前填的都带过来了。"))
        return redirect("cases:apply-step", draft=drafting.draft.public_id, step=drafting.first_step(resumed).key)
    person = person_of(request.user)
    found = entitlement(version, facts_of(person, answers_of(request)), clock.today())
    card = eligibility_card(found.answer, apply_url="", other_ways=[]) if found.answer else None
    context = {
        "version": version,
        "form": form if persons else None,
        "card": card,
        "promise": promise_day(version, clock.now()),
        "person": person,
    }
    return page(request, "cases/apply_start.html", context)


def keeps_files(view: View) -> View:
    """Files sent with a step after the session ended wait, for an hour, for the owner of the draft in this browser."""

    @wraps(view)
    def guarded(request: HttpRequest, draft: str, step: str) -> HttpResponse:
        if request.method == "POST" and not request.user.is_authenticated and request.FILES:
            owner = owner_told_by(request.POST.get("_draft", ""), draft)
            if owner is not None:
                uploads = {key: _uploads(request, key) for key in request.FILES}
                request.session[HELD] = hold_uploads(uploads, user_id=owner)
        return view(request, draft=draft, step=step)

    return guarded


@keeps_files
@keeps_typed
def apply_step(request: HttpRequest, draft: str, step: str) -> HttpResponse:
    """One group of questions. Everything typed is saved, right or wrong, before anything else happens."""
    drafting = drafting_of(request.user, draft)
    if drafting is None:
        return _gone(request, draft)
    if request.method != "POST" and _take_held(request, drafting) | bool(take_kept(drafting.draft)):
        messages.success(request, _("登录前填的还在，已经接上了。"))
    here = drafting.draft.form.step(step)
    if here is None:
        return redirect("cases:apply-step", draft=draft, step=drafting.draft.form.steps[0].key)
    problems = _take_files(request, drafting, here) if request.method == "POST" else {}
    form = _step_form(request, drafting, step, problems)
    if request.method == "POST":
        saved = save_step(drafting.draft, step, typed=form.typed, answers=form.answers)
        if form.is_valid() and not form.stays:
            return redirect(drafting.after(step, saved, to_check="to_check" in request.GET))
    return page(request, "cases/apply_step.html", _step_context(drafting, here, form))


def _step_form(request: HttpRequest, drafting: Drafting, step: str, problems: dict[str, list[str]]) -> StepForm:
    draft = drafting.draft
    return step_form(
        draft.form,
        step,
        request.POST if request.method == "POST" else None,
        answers=draft.all_answers,
        typed=draft.typed,
        documents=documents_by_kind("draft", draft.pk),
        file_errors=problems,
        sources=sources(),
        on_file=drafting.on_file,
        new_keys=draft.new_keys,
        upload_place=draft.public_id,
    )


def _take_held(request: HttpRequest, drafting: Drafting) -> bool:
    """What waited for this person joins the draft, checked as if sent now. Whether anything did."""
    files = take_held(request.session.pop(HELD, ""), user_id=drafting.user.pk)
    taken = False
    for field in drafting.draft.form.fields():
        if field.is_file and field.key in files:
            for result in _store(drafting, field, files[field.key]):
                taken = taken or not result.problem
                if result.problem:
                    messages.error(request, result.problem)
    return taken


def _uploads(request: HttpRequest, key: str) -> list[UploadedFile[Any]]:
    return [file for file in request.FILES.getlist(key) if isinstance(file, UploadedFile)]


def _store(drafting: Drafting, field: Field, uploads: list[UploadedFile[Any]]) -> list[UploadResult]:
    return store_uploads(
        uploads,
        subject="draft",
        subject_id=drafting.draft.pk,
        kind=field.key,
        by=drafting.user,
        accept=field.accept,
        max_files=field.max_files,
    )


def _take_files(request: HttpRequest, drafting: Drafting, step: Step) -> dict[str, list[str]]:
    """Files sent with the page itself, for browsers without JavaScript, and one taken out. What is wrong, by field."""
    if taken_out := request.POST.get("_remove_document"):
        remove_document(get_document(request.user, taken_out, must=may_remove), by=drafting.user)
    problems: dict[str, list[str]] = {}
    for field in step.fields:
        if field.is_file and (uploads := _uploads(request, field.key)):
            results = _store(drafting, field, uploads)
            problems[field.key] = [result.problem for result in results if result.problem]
    return problems


def _step_context(drafting: Drafting, step: Step, form: StepForm) -> dict[str, Any]:
    answers = drafting.draft.all_answers
    place, total = drafting.draft.form.position(step.key, answers)
    before = drafting.draft.form.previous_step(step.key, answers)
    back = reverse("cases:apply-step", args=[drafting.draft.public_id, before.key]) if before else drafting.start_url
    return {
        "drafting": drafting,
        "draft": drafting.draft,
        "step": step,
        "form": form,
        "place": place,
        "total": total + 1,
        "back": back,
    }


def _gone(request: HttpRequest, draft: str) -> HttpResponse:
    """The draft became a case (a second click, the back button): show what it became."""
    return _done(submitted_from(signed_in(request), draft))


def _done(made: Case | Bundle) -> HttpResponse:
    if isinstance(made, Bundle):
        return redirect("cases:bundle-done", bundle=made.public_id)
    return redirect("cases:apply-done", number=made.number)


@login_required
def apply_check(request: HttpRequest, draft: str) -> HttpResponse:
    """Read everything once more, agree, hand in. A second click finds the same case."""
    drafting = drafting_of(request.user, draft)
    if drafting is None:
        return _gone(request, draft)
    problems = answer_problems(drafting.draft.form.steps, drafting.draft.all_answers, sources=sources())
    form = ConsentForm(request.POST if request.method == "POST" else None, sources=drafting.shared_sources)
    if request.method == "POST" and form.is_valid() and not problems:
        try:
            made = submit_draft(drafting, consents=form.consents(), by=signed_in(request))
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            return _done(made)
    return page(request, "cases/apply_check.html", _check_context(drafting, form, problems))


def _check_context(drafting: Drafting, form: ConsentForm, problems: list[AnswerProblem]) -> dict[str, Any]:
    definition, draft = drafting.draft.form, drafting.draft
    answers = draft.all_answers
    urls = {
        field.key: reverse("cases:apply-step", args=[draft.public_id, step.key]) + f"?to_check=1#id_{field.key}"
        for step in definition.steps
        for field in step.fields
    }
    steps = definition.visible_steps(answers)
    back = reverse("cases:apply-step", args=[draft.public_id, steps[-1].key]) if steps else drafting.start_url
    return {
        "drafting": drafting,
        "draft": draft,
        "form": form,
        "groups": definition.summary(answers),
        "urls": urls,
        "problems": [(problem.message, urls.get(problem.field_key, drafting.start_url)) for problem in problems],
        "has_errors": bool(problems),
        "promise": promise_day(drafting.version, clock.now()),
        "total": len(steps) + 1,
        "back": back,
    }


@login_required
@require_safe
def apply_done(request: HttpRequest, number: str) -> HttpResponse:
    case = get_handed_in(signed_in(request), number)
    first = case.merged_into or case
    context = {"case": first, "is_repeat": case.merged_into_id is not None, "answer_day": answer_day(first)}
    return page(request, "cases/apply_done.html", context)


@login_required
@require_safe
def bundle_done(request: HttpRequest, bundle: str) -> HttpResponse:
    """One form handed in, several matters begun."""
    user = signed_in(request)
    card = cards([get_handed_in_bundle(user, bundle)], clock.now())[0]
    is_own = card.bundle.channel in Case.OWN_CHANNELS
    return page(request, "cases/bundle_done.html", {"card": card, "is_own": is_own})


@login_required
@require_POST
def apply_discard(request: HttpRequest, draft: str) -> HttpResponse:
    drafting = drafting_of(request.user, draft)
    if drafting is not None:
        discard_draft(drafting.draft, by=signed_in(request))
        messages.success(request, _("草稿删掉了。"))
    return redirect("cases:matter-list")


@login_required
@require_safe
def pick(request: HttpRequest, kind: str) -> HttpResponse:
    """Hits for the pickers of a form: unions or places."""
    picker = source(kind)
    if picker is None:
        raise Http404
    found = picker.search(request.GET.get("q", ""))
    hits = [{"value": hit.value, "name": hit.label, "place": hit.path} for hit in found]
    return render(request, "ui/parts/org_hits.html", {"hits": hits})
