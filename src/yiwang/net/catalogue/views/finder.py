"""What am I entitled to: at most six questions, every service answered with its reason."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yiwang.kernel.clock import today
from yiwang.net.catalogue import pages
from yiwang.net.catalogue.actions import forget_finder_answers, keep_finder_answers
from yiwang.net.catalogue.finder import answers_of, forget, remember
from yiwang.net.catalogue.forms import QuestionForm
from yiwang.net.catalogue.policies import offered_to
from yiwang.net.catalogue.queries import entitlements as all_entitlements
from yiwang.net.catalogue.queries import facts_of, kept_answers, may_be_told, with_contents
from yiwang.platform.rules import queries as rules
from yiwang.platform.ui.pages import page
from yiwang.register.accounts.models import User
from yiwang.register.members.queries import person_of


@require_safe
def entitlements(request: HttpRequest) -> HttpResponse:
    person = person_of(request.user)
    answers = answers_of(request)
    found = all_entitlements(facts_of(person, answers), today(), versions=with_contents(offered_to(request.user)))
    questions = rules.questions()
    kept = kept_answers(request.user) if isinstance(request.user, User) else {}
    context = {
        "groups": pages.verdict_groups(found),
        "person": person,
        "answered": pages.answered(questions, answers),
        "next_question": next((question for question in questions if question.key not in answers), None),
        "questions_left": sum(question.key not in answers for question in questions),
        "first_question": questions[0],
        "is_kept": bool(kept),
        "may_be_told": bool(kept) and isinstance(request.user, User) and may_be_told(request.user),
    }
    return page(request, "catalogue/entitlements.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def entitlements_question(request: HttpRequest, key: str) -> HttpResponse:
    questions = rules.questions()
    keys = [question.key for question in questions]
    if key not in keys:
        return redirect("catalogue:entitlements")
    answers = answers_of(request)
    form = QuestionForm(request.POST or None, question=questions[keys.index(key)], initial={"answer": answers.get(key)})
    if request.method == "POST":
        answers.pop(key, None)
        if "skip" not in request.POST and form.is_valid() and form.cleaned_data["answer"]:
            answers[key] = form.cleaned_data["answer"]
        remember(request, answers)
        following = keys[keys.index(key) + 1 :]
        return (
            redirect("catalogue:entitlements-question", following[0])
            if following
            else redirect("catalogue:entitlements")
        )
    context = {"form": form, "question": questions[keys.index(key)], "current": keys.index(key) + 1, "total": len(keys)}
    context["back_url"] = _before(keys, key)
    return page(request, "catalogue/question.html", context)


def _before(keys: list[str], key: str) -> str:
    place = keys.index(key)
    if place == 0:
        return reverse("catalogue:entitlements")
    return reverse("catalogue:entitlements-question", args=[keys[place - 1]])


@require_POST
@login_required
def entitlements_keep(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)
    keep_finder_answers(request.user, answers_of(request), may_be_told="told" in request.POST)
    messages.success(request, _("记下了。下次不用再答，随时可以忘掉。"))
    return redirect("catalogue:entitlements")


@require_POST
def entitlements_forget(request: HttpRequest) -> HttpResponse:
    forget(request)
    if isinstance(request.user, User):
        forget_finder_answers(request.user)
    messages.success(request, _("都忘掉了。"))
    return redirect("catalogue:entitlements")
