"""The teams: list, nomination, one officer with everything about them, and each step that may be taken."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.grassroots.cadres import actions, policies
from yiwang.grassroots.cadres.actions.people import SHOWN, SOURCE
from yiwang.grassroots.cadres.forms import (
    AppointForm,
    AreaForm,
    CertificateForm,
    ContractForm,
    EndForm,
    NominationForm,
    NoteForm,
    ReasonForm,
    TaskForm,
    WordsForm,
    refuse,
    task_start,
)
from yiwang.grassroots.cadres.models import Cadre
from yiwang.grassroots.cadres.models.people import ELECTED
from yiwang.grassroots.cadres.queries import people as queries
from yiwang.grassroots.cadres.tables import CadreTable, cadre_badge
from yiwang.grassroots.cadres.views.common import user_of
from yiwang.kernel.errors import DomainError
from yiwang.net.notices.queries import notice_of
from yiwang.platform.ui.pages import page
from yiwang.platform.ui.tables import table_page
from yiwang.register.access.policies import staff_required
from yiwang.register.accounts.models import User
from yiwang.register.members.actions import register_person

State = Cadre.State
Run = Callable[[Cadre, dict[str, Any], User], object]
Right = Callable[[User, Cadre], bool]


@dataclass(frozen=True)
class Act:
    """What may be done about a cadre in a state: label, form, deed, right."""

    key: str
    label: str | Promise
    states: tuple[str, ...]
    right: Right
    make: Callable[..., Any] | None
    run: Run
    tone: str = "pri"


def _simple(action: Callable[..., object]) -> Run:
    return lambda cadre, given, by: action(cadre, by=by, **given)


def _area(cadre: Cadre, given: dict[str, Any], by: User) -> object:
    place = queries.place_called(policies.places_to_staff(by), given["where"])
    if place is None:
        raise DomainError("", fields={"where": _("没找到这个工会或单位，或者它不归你管。请写全称、编码或信用代码。")})
    return actions.give_area(cadre, place, by=by)


def _goes_straight(user: User, cadre: Cadre) -> bool:
    return policies.may_keep(user, cadre) and cadre.team not in SHOWN


def _is_shown(user: User, cadre: Cadre) -> bool:
    return policies.may_keep(user, cadre) and cadre.team in SHOWN


KEEP, LEAD = policies.may_keep, policies.may_approve
BEFORE = (State.NOMINATED, State.CHECKED, State.APPROVED, State.PUBLICISED)
SERVING = (State.ACTIVE, State.SUSPENDED)
_SIGNABLE = (State.PUBLICISED, *SERVING)
_CONTRACT, _CERTIFICATE = _simple(actions.sign_contract), _simple(actions.add_certificate)
_APPOINT, _PUBLICISE = _simple(actions.appoint), _simple(actions.publicise)
ACTS: tuple[Act, ...] = (
    Act("check", gettext_lazy("资格审查通过"), (State.NOMINATED,), KEEP, WordsForm, _simple(actions.check)),
    Act("approve", gettext_lazy("同意聘任"), (State.CHECKED,), LEAD, None, _simple(actions.approve)),
    Act("publicise", gettext_lazy("开始公示"), (State.APPROVED,), _is_shown, None, _PUBLICISE),
    Act("appoint", gettext_lazy("聘任"), (State.APPROVED,), _goes_straight, AppointForm, _APPOINT),
    Act("appoint-shown", gettext_lazy("公示期满，聘任"), (State.PUBLICISED,), _is_shown, AppointForm, _APPOINT),
    Act("area", gettext_lazy("给片区"), SERVING, KEEP, AreaForm, _area, ""),
    Act("task", gettext_lazy("派任务"), SERVING, KEEP, TaskForm, _simple(actions.set_task), ""),
    Act("contract", gettext_lazy("签合同、发聘书、续签"), _SIGNABLE, KEEP, ContractForm, _CONTRACT, ""),
    Act("certificate", gettext_lazy("登记证书"), SERVING, KEEP, CertificateForm, _CERTIFICATE, ""),
    Act("suspend", gettext_lazy("暂离（借调、长假）"), (State.ACTIVE,), KEEP, ReasonForm, _simple(actions.suspend), ""),
    Act("resume", gettext_lazy("回来上班了"), (State.SUSPENDED,), KEEP, None, _simple(actions.resume)),
    Act("end", gettext_lazy("离任"), SERVING, KEEP, EndForm, _simple(actions.end), "danger"),
    Act("withdraw", gettext_lazy("不聘任了"), BEFORE, KEEP, ReasonForm, _simple(actions.withdraw), "danger"),
)
BY_KEY = {act.key: act for act in ACTS}


@staff_required
@require_GET
def cadre_list(request: HttpRequest) -> HttpResponseBase:
    rows = queries.for_list(policies.visible_to(request.user))
    context = {
        "may_nominate": policies.keeps_anywhere(request.user),
        "leads": policies.led_places(request.user).exists(),
        "has_own": policies.own_posts(request.user).exists(),
    }
    return table_page(request, "cadres/list.html", CadreTable(request, rows), context)


@staff_required
@require_http_methods(["GET", "POST"])
def cadre_new(request: HttpRequest) -> HttpResponse:
    places = policies.places_to_staff(request.user)
    if not policies.keeps_anywhere(request.user):
        raise PermissionDenied
    form = NominationForm(request.POST or None, places=places)
    if request.method == "POST" and form.is_valid():
        try:
            cadre = _nominate(form, user_of(request))
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("登记好了。") if cadre.is_serving else _("提名好了，接着做资格审查。"))
            return redirect("cadres:cadre-detail", cadre.public_id)
    return page(
        request,
        "cadres/new.html",
        {"form": form, "places": places.filter(level__lte=6).order_by("level", "name")[:200]},
    )


def _nominate(form: NominationForm, by: User) -> Cadre:
    given = dict(form.cleaned_data)
    name, number, place = given.pop("name"), given.pop("id_number"), given.pop("place")
    person = register_person(name=name, id_number=number, by=by)
    starts_on, document = given.pop("starts_on"), given.pop("document_number")
    if given["post"] not in ELECTED:
        return actions.nominate(person, place, by=by, **given)
    if starts_on is None:
        raise DomainError("", fields={"starts_on": _("选举产生的要写任职时间。")})
    return actions.enter_elected(person, place, document_number=document, starts_on=starts_on, by=by, **given)


@staff_required
@require_GET
def cadre_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    return _show(request, policies.get_cadre(request.user, public_id), "", None)


def _show(request: HttpRequest, cadre: Cadre, failed: str, form: Any) -> HttpResponse:
    user = user_of(request)
    found = [act for act in ACTS if cadre.state in act.states and act.right(user, cadre)]
    may_keep = policies.may_keep(user, cadre)
    context = {
        "cadre": cadre,
        "badge": cadre_badge(cadre),
        "findings": queries.findings_of(cadre),
        "areas": queries.areas_of(cadre),
        "contracts": cadre.contracts.order_by("-ends_on"),
        "certificates": cadre.certificates.order_by("expires_on", "pk"),
        "tasks": [(task, queries.task_face(task)) for task in queries.open_tasks(cadre)],
        "logs": queries.logs_of(cadre),
        "trainings": [(row, policies.may_settle(user, row)) for row in queries.trainings_of(cadre)],
        "evaluations": policies.evaluations_visible_to(user).filter(cadre=cadre).order_by("-period"),
        "ledger": queries.ledger_of(cadre),
        "notice": notice_of(SOURCE, cadre.pk),
        "acts": [(act, form if act.key == failed else act.make(**_start(act)) if act.make else None) for act in found],
        "failed": failed,
        "form": form,
        "may_keep": may_keep,
        "may_rate": policies.may_rate(user, cadre),
        "waits_for_leader": cadre.state == State.CHECKED and not policies.may_approve(user, cadre),
        "is_own": policies.is_own(user, cadre),
    }
    return page(request, "cadres/detail.html", context)


def _start(act: Act) -> dict[str, Any]:
    return {"initial": task_start()} if act.key == "task" else {}


@staff_required
@require_POST
def cadre_act(request: HttpRequest, public_id: str, act: str) -> HttpResponse:
    cadre, found, user = policies.get_cadre(request.user, public_id), BY_KEY.get(act), user_of(request)
    if found is None:
        raise Http404
    if not found.right(user, cadre):
        raise PermissionDenied
    form: Form | None = found.make(request.POST) if found.make else None
    if form is None or form.is_valid():
        try:
            found.run(cadre, dict(form.cleaned_data) if form else {}, user)
        except DomainError as refusal:
            if form is None:
                messages.error(request, str(refusal))
                return redirect("cadres:cadre-detail", public_id)
            refuse(form, refusal)
        else:
            messages.success(request, _("办好了。"))
            return redirect("cadres:cadre-detail", public_id)
    return _show(request, policies.get_cadre(request.user, public_id), act, form)


@staff_required
@require_POST
def area_end(request: HttpRequest, public_id: str, area: str) -> HttpResponse:
    cadre = policies.get_cadre(request.user, public_id)
    if not policies.may_keep(user_of(request), cadre):
        raise PermissionDenied
    found = next((row for row in queries.areas_of(cadre) if row.public_id == area), None)
    if found is None:
        raise Http404
    actions.end_area(found, by=user_of(request))
    messages.success(request, _("这个片区不再由他服务。"))
    return redirect("cadres:cadre-detail", public_id)


@staff_required
@require_POST
def task_act(request: HttpRequest, public_id: str, act: str) -> HttpResponse:
    """Confirm, return or call off, by who keeps the team; finish, by the officer."""
    task, user = policies.get_task(request.user, public_id), user_of(request)
    if act not in ("confirm", "return", "cancel"):
        raise Http404
    if not policies.may_keep(user, task.cadre):
        raise PermissionDenied
    try:
        if act == "confirm":
            actions.confirm_task(task, by=user)
        elif act == "cancel":
            actions.cancel_task(task, by=user)
        else:
            form = NoteForm(request.POST)
            if not form.is_valid():
                messages.error(request, _("退回要写明哪里要改。"))
                return redirect("cadres:cadre-detail", task.cadre.public_id)
            actions.return_task(task, note=form.cleaned_data["note"], by=user)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("办好了。"))
    return redirect("cadres:cadre-detail", task.cadre.public_id)


@staff_required
@require_POST
def training_act(request: HttpRequest, public_id: str, act: str) -> HttpResponse:
    training, user = policies.get_training(request.user, public_id), user_of(request)
    if act not in ("approve", "refuse"):
        raise Http404
    if not policies.may_settle(user, training):
        raise PermissionDenied
    try:
        if act == "approve":
            actions.approve_training(training, by=user)
        else:
            form = ReasonForm(request.POST)
            if not form.is_valid():
                messages.error(request, _("不认定要写明为什么。"))
                return redirect("cadres:cadre-detail", training.cadre.public_id)
            actions.refuse_training(training, reason=form.cleaned_data["reason"], by=user)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("办好了。"))
    return redirect("cadres:cadre-detail", training.cadre.public_id)
