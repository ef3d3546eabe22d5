"""At the desk: tell, edit together, show, try, promote; the map of who tries what."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.grassroots.practices import actions, policies, queries
from yiwang.grassroots.practices.forms import (
    EndPromotionForm,
    NoteForm,
    OrganisationForm,
    PracticeForm,
    PromoteForm,
    ReasonForm,
    TryForm,
    refuse,
)
from yiwang.grassroots.practices.models import Practice, Promotion
from yiwang.grassroots.practices.tables import PracticeTable, practice_badge
from yiwang.grassroots.practices.views.common import user_of
from yiwang.kernel.errors import DomainError
from yiwang.platform.files.actions import store_uploads
from yiwang.platform.ui.pages import page
from yiwang.platform.ui.tables import table_page
from yiwang.register.access.policies import appointments_of, staff_required
from yiwang.register.organisations.models import Organisation

MOST_PHOTOS = 6


@staff_required
@require_GET
def practice_list(request: HttpRequest) -> HttpResponseBase:
    table = PracticeTable(request, queries.for_list(policies.desk(request.user)))
    context = {"may_tell": policies.may_tell(request.user), "has_map": policies.overseen(request.user).exists()}
    return table_page(request, "practices/list.html", table, context)


@staff_required
@require_http_methods(["GET", "POST"])
def practice_new(request: HttpRequest) -> HttpResponse:
    unions = policies.tellers(request.user)
    if not unions.exists():
        raise PermissionDenied
    form, which = PracticeForm(request.POST or None), OrganisationForm(request.POST or None, unions=unions)
    if request.method == "POST" and form.is_valid() and which.is_valid():
        practice = actions.tell(which.cleaned_data["organisation"], by=user_of(request), **form.cleaned_data)
        _take_photos(request, practice)
        messages.success(request, _("存好了。看一遍，没问题就报上去。"))
        return redirect("practices:practice-detail", practice.public_id)
    return page(request, "practices/edit.html", {"form": form, "which": which})


@staff_required
@require_http_methods(["GET", "POST"])
def practice_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """The union while it writes, the superior while it helps; what stood there before is kept."""
    practice = policies.get_practice(request.user, public_id)
    if not policies.may_edit(request.user, practice):
        raise PermissionDenied
    fresh = Practice(**{name: getattr(practice, name) for name in PracticeForm.Meta.fields})
    form = PracticeForm(request.POST or None, instance=fresh)
    if request.method == "POST" and form.is_valid():
        mine = next((post.organisation for post in appointments_of(request.user)), None)
        actions.edit(practice, by=user_of(request), organisation=mine, **form.cleaned_data)
        _take_photos(request, practice)
        messages.success(request, _("改好了，改之前的话留着。"))
        return redirect("practices:practice-detail", public_id)
    return page(request, "practices/edit.html", {"form": form, "practice": practice})


def _take_photos(request: HttpRequest, practice: Practice) -> None:
    photos = [photo for photo in request.FILES.getlist("photos") if isinstance(photo, UploadedFile)]
    results = store_uploads(
        photos,
        subject=queries.PHOTO,
        subject_id=practice.pk,
        kind="photo",
        by=user_of(request),
        accept=("image",),
        max_files=MOST_PHOTOS,
    )
    for result in results:
        if result.problem:
            messages.warning(request, f"{result.name}：{result.problem}")


@staff_required
@require_GET
def practice_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    return _show(request, policies.get_practice(request.user, public_id), {})


def _show(request: HttpRequest, practice: Practice, forms: dict[str, Any]) -> HttpResponse:
    user = request.user
    unions = policies.tellers(user).exclude(pk=practice.organisation_id)
    bodies = policies.promoters(user) if practice.state == Practice.State.SHOWN else []
    mine = queries.adopted_by(unions, practice)
    ours = policies.own_promotions(user, practice)
    context = {
        "practice": practice,
        "badge": practice_badge(practice),
        "photos": queries.photos_of(practice),
        "adoptions": [(row, queries.report_face(row)) for row in queries.adoptions_of(practice)],
        "promotions": queries.promotions_of(practice),
        "revisions": queries.revisions_of(practice),
        "missing": [(body, queries.missing_for(practice, body)) for body in bodies],
        "may_edit": policies.may_edit(user, practice),
        "may_send": policies.may_send(user, practice),
        "may_show": policies.may_show(user, practice),
        "may_withdraw": policies.may_withdraw(user, practice),
        "may_promote": [body for body in bodies if not queries.is_promoted_by(practice, body)],
        "mine": mine,
        "note_form": NoteForm(),
        "reason_form": ReasonForm(),
        "try_form": TryForm(unions=unions) if mine is None and policies.may_try(user, practice) else None,
        "promote_form": PromoteForm(bodies=bodies) if bodies else None,
        "unpromote_form": EndPromotionForm(promotions=ours) if ours else None,
        **forms,
    }
    return page(request, "practices/detail.html", context)


@staff_required
@require_POST
def practice_act(request: HttpRequest, public_id: str, act: str) -> HttpResponse:
    """One step, by who may take it."""
    practice = policies.get_practice(request.user, public_id)
    form, run = _step(request, practice, act)
    if form is None or form.is_valid():
        try:
            run(form.cleaned_data if form else {})
        except DomainError as refusal:
            if form is None:
                messages.error(request, str(refusal))
                return redirect("practices:practice-detail", public_id)
            refuse(form, refusal)
        else:
            messages.success(request, _("办好了。"))
            return redirect("practices:practice-detail", public_id)
    return _show(request, practice, {FORMS[act]: form, "form": form})


FORMS = {"return": "note_form", "withdraw": "reason_form", "try": "try_form", "promote": "promote_form"} | {
    "unpromote": "unpromote_form"
}


def _step(request: HttpRequest, practice: Practice, act: str) -> tuple[Any, Any]:
    """The form of a step and its deed; refused at once to who may not."""
    user = user_of(request)
    unions = policies.tellers(user).exclude(pk=practice.organisation_id)
    bodies = policies.promoters(user)
    steps: dict[str, tuple[bool, Any, Any]] = {
        "send": (policies.may_send(user, practice), None, lambda _: actions.send_up(practice, by=user)),
        "show": (policies.may_show(user, practice), None, lambda _: actions.show(practice, by=user)),
        "return": (
            policies.may_show(user, practice),
            lambda: NoteForm(request.POST),
            lambda given: actions.give_back(practice, by=user, **given),
        ),
        "withdraw": (
            policies.may_withdraw(user, practice),
            lambda: ReasonForm(request.POST),
            lambda given: actions.withdraw(practice, by=user, **given),
        ),
        "try": (
            policies.may_try(user, practice),
            lambda: TryForm(request.POST, unions=unions),
            lambda given: actions.begin_adoption(practice, by=user, **given),
        ),
        "promote": (
            bool(bodies),
            lambda: PromoteForm(request.POST, bodies=bodies),
            lambda given: _promote(practice, bodies, given, request),
        ),
        "unpromote": (
            bool(ours := policies.own_promotions(user, practice)),
            lambda: EndPromotionForm(request.POST, promotions=ours),
            lambda given: _unpromote(ours, given, request),
        ),
    }
    if act not in steps:
        raise Http404
    may, make, run = steps[act]
    if not may:
        raise PermissionDenied
    return (make() if make else None), run


def _promote(practice: Practice, bodies: list[Organisation], given: dict[str, Any], request: HttpRequest) -> None:
    body = next(one for one in bodies if one.public_id == given["organisation"])
    actions.promote(practice, body, words=given["words"], by=user_of(request))


def _unpromote(ours: list[Promotion], given: dict[str, Any], request: HttpRequest) -> None:
    row = next(one for one in ours if one.public_id == given["promotion"])
    actions.end_promotion(row, reason=given["reason"], by=user_of(request))


@staff_required
@require_GET
def practice_map(request: HttpRequest, public_id: str = "") -> HttpResponse:
    """Which areas try a practice (or any): the map where the areas are its cities, always the same in a table."""
    places = policies.overseen(request.user)
    practice = policies.get_practice(request.user, public_id) if public_id else None
    asked = request.GET.get("org", "")
    body = get_object_or_404(places, public_id=asked) if asked else places.order_by("level", "pk").first()
    if body is None:
        raise PermissionDenied
    rows = queries.by_place(body, practice)
    here = reverse("practices:map-of", args=[public_id]) if public_id else reverse("practices:map")
    context = {
        "body": body,
        "practice": practice,
        "rows": rows,
        "shades": queries.shades(rows, here),
        "legend": queries.legend(rows),
        "here": here,
    }
    return page(request, "practices/map.html", context)
