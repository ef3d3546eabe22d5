"""What an officer does about themselves, mostly on the phone: the day, a log in under a minute, the card, hours."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.grassroots.cadres import actions, policies
from yiwang.grassroots.cadres.forms import (
    CardForm,
    LedgerForm,
    LogForm,
    ResultForm,
    TrainingForm,
    log_start,
    refuse,
)
from yiwang.grassroots.cadres.models import Cadre, WorkLog
from yiwang.grassroots.cadres.queries import figures
from yiwang.grassroots.cadres.queries import people as queries
from yiwang.grassroots.cadres.views.common import user_of
from yiwang.kernel.clock import today
from yiwang.kernel.errors import DomainError
from yiwang.kernel.ids import public_id as new_key
from yiwang.platform.files.actions import store_uploads
from yiwang.platform.ui.pages import page
from yiwang.register.organisations.queries import employer_called


def _mine(request: HttpRequest, public_id: str = "") -> Cadre:
    """The post one writes for: the only one, or the one named; nobody else's."""
    rows = policies.own_posts(request.user)
    if public_id:
        return get_object_or_404(rows, public_id=public_id)
    cadre = rows.first()
    if cadre is None:
        raise PermissionDenied
    return cadre


@login_required
@require_GET
def own_day(request: HttpRequest) -> HttpResponse:
    """Tasks by day, this month in figures, the places one serves."""
    cadre = _mine(request, request.GET.get("post", ""))
    year = today().year
    context = {
        "cadre": cadre,
        "posts": list(policies.own_posts(request.user)),
        "tasks": [(task, queries.task_face(task)) for task in queries.open_tasks(cadre)],
        "result_form": ResultForm(),
        "load": figures.loads([cadre])[0],
        "fewest": queries.rule("visits_month"),
        "areas": queries.areas_of(cadre),
        "logs": queries.logs_of(cadre, most=5),
        "hours": figures.hours_of([cadre], today().replace(month=1, day=1), today()).get(cadre.pk, 0),
        "wanted": queries.rule("training_hours_year"),
        "year": year,
        "contract": queries.contract_of(cadre),
        "evaluations": policies.evaluations_visible_to(request.user).filter(cadre=cadre).order_by("-period")[:3],
        "photo": queries.photo_of(cadre),
        "findings": queries.findings_of(cadre),
    }
    return page(request, "cadres/day.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def log_new(request: HttpRequest) -> HttpResponse:
    """A visit or another piece of work, on the phone where it happened."""
    cadre = _mine(request, request.GET.get("post", ""))
    tasks = policies.tasks_of(request.user, cadre).filter(state="open")
    start = {**log_start(request.GET.get("kind", "")), "key": new_key()}
    form = LogForm(request.POST or None, tasks=tasks, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            log = _write(cadre, dict(form.cleaned_data), request)
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            for problem in _take_photos(request, log):
                messages.warning(request, problem)
            messages.success(request, _("记好了。") if not log.is_late else _("记好了。写得晚了几天，下次当天记。"))
            return redirect("cadres:own-day")
    return page(request, "cadres/log_new.html", {"form": form, "cadre": cadre, "bodies": queries.bodies_served(cadre)})


def _write(cadre: Cadre, given: dict[str, Any], request: HttpRequest) -> WorkLog:
    where = given.pop("where").strip()
    body = queries.body_named(cadre, where)
    return actions.write_log(
        cadre, organisation=body, place="" if body else where, by=user_of(request), **{"task": None, **given}
    )


def _take_photos(request: HttpRequest, log: WorkLog) -> list[str]:
    """Each picture on its own; the same one sent twice is kept once. What was refused, in words."""
    photos = [photo for photo in request.FILES.getlist("photos") if isinstance(photo, UploadedFile)]
    results = store_uploads(
        photos,
        subject=queries.LOG,
        subject_id=log.pk,
        kind="photo",
        by=user_of(request),
        accept=("image",),
        max_files=6,
    )
    return [f"{result.name}：{result.problem}" for result in results if result.problem]


@login_required
@require_POST
def task_finish(request: HttpRequest, public_id: str) -> HttpResponse:
    task = policies.get_task(request.user, public_id)
    if not policies.is_own(request.user, task.cadre):
        raise PermissionDenied
    form = ResultForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("写一句做得怎样，再点做完了。"))
        return redirect("cadres:own-day")
    try:
        actions.finish_task(task, by=user_of(request), **form.cleaned_data)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("报上去了，等确认。"))
    return redirect("cadres:own-day")


@login_required
@require_http_methods(["GET", "POST"])
def card(request: HttpRequest) -> HttpResponse:
    """What workers see; a picture only with one's own consent."""
    cadre = _mine(request, request.GET.get("post", ""))
    start = {name: getattr(cadre, name) for name in ("office_phone", "hours", "place")}
    form = CardForm(request.POST or None, initial={**start, "shows_photo": cadre.photo_consented_at is not None})
    if request.method == "POST" and form.is_valid():
        actions.change_card(cadre, by=user_of(request), **form.cleaned_data)
        photos = [photo for photo in request.FILES.getlist("photo")[:1] if isinstance(photo, UploadedFile)]
        results = store_uploads(
            photos, subject=queries.PHOTO, subject_id=cadre.pk, kind="photo", by=user_of(request), accept=("image",)
        )
        for result in results:
            if result.problem:
                messages.warning(request, f"{result.name}：{result.problem}")
        messages.success(request, _("存好了，职工马上就能看到。"))
        return redirect("cadres:own-day")
    return page(request, "cadres/card.html", {"form": form, "cadre": cadre, "photo": queries.photo_of(cadre)})


@login_required
@require_http_methods(["GET", "POST"])
def training_new(request: HttpRequest) -> HttpResponse:
    cadre = _mine(request, request.GET.get("post", ""))
    form = TrainingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.claim_training(cadre, by=user_of(request), **form.cleaned_data)
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("报上去了，等审核。"))
            return redirect("cadres:own-day")
    context = {"form": form, "cadre": cadre, "rows": queries.trainings_of(cadre), "title": _("报学时")}
    return page(request, "cadres/training_new.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def ledger_edit(request: HttpRequest, public_id: str = "") -> HttpResponse:
    """集体协商指导员工作台账: a new row, or the same row further on."""
    cadre = policies.own_posts(request.user).filter(team="T6").first()
    if cadre is None:
        raise PermissionDenied
    entry = queries.ledger_called(cadre, public_id) if public_id else None
    if public_id and entry is None:
        raise Http404
    start = {"firm": entry.employer.name} if entry else {"year": today().year, "offered_on": today()}
    form = LedgerForm(request.POST or None, instance=entry, initial=start)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        employer = employer_called(given.pop("firm"))
        try:
            if employer is None:
                raise DomainError("", fields={"firm": _("没找到这家企业。请写全称或统一社会信用代码。")})
            actions.keep_ledger(cadre, employer, entry=entry, by=user_of(request), **given)
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("台账记好了。"))
            return redirect("cadres:own-ledger")
    context = {"form": form, "cadre": cadre, "rows": queries.ledger_of(cadre), "entry": entry}
    context["days"] = queries.rule("objection_days")
    return page(request, "cadres/ledger.html", context)
