"""The editor in the workbench: a body adds and changes its services without code; another person publishes."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yiwang.kernel.clock import today
from yiwang.kernel.errors import DomainError
from yiwang.net.catalogue import actions, editing, pages
from yiwang.net.catalogue.comparison import differences
from yiwang.net.catalogue.forms import NewServiceForm, ReasonForm
from yiwang.net.catalogue.forms.sections import BY_KEY, SECTIONS, Section, fields_list
from yiwang.net.catalogue.forms.sheet import Sheet, part_at
from yiwang.net.catalogue.models import ServiceVersion
from yiwang.net.catalogue.policies import (
    get_version,
    in_editor,
    may_edit,
    may_look,
    may_open_editor,
    may_publish,
    owners_for,
)
from yiwang.net.catalogue.queries import entitlement, former_version, versions_of
from yiwang.platform.ui.middleware import POLICY
from yiwang.platform.ui.pages import page
from yiwang.register.access.policies import staff_required
from yiwang.register.accounts.models import User


@require_safe
@staff_required
def editor_list(request: HttpRequest) -> HttpResponse:
    if not may_open_editor(request.user):
        raise PermissionDenied
    chosen = request.GET.get("show", "")
    rows = editing.listed(versions_of(in_editor(request.user)), chosen)
    context = {"rows": rows, "chosen": chosen, "filters": editing.FILTERS, "may_add": bool(owners_for(request.user))}
    return page(request, "catalogue/editor_list.html", context, part="rows")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def editor_new(request: HttpRequest) -> HttpResponse:
    owners = owners_for(request.user)
    if not owners:
        raise PermissionDenied
    form = NewServiceForm(request.POST or None, owners=owners)
    if request.method == "POST" and form.is_valid():
        try:
            version = actions.create_service(
                form.cleaned_data["code"], owner=form.owner, definition=form.definition, by=_user(request)
            )
        except DomainError as refusal:
            form.add_error("number", str(refusal))
        else:
            return redirect("catalogue:editor-section", version.service.code, version.number, "basics")
    return page(request, "catalogue/editor_new.html", {"form": form})


@require_safe
@staff_required
def editor_version(request: HttpRequest, code: str, number: int) -> HttpResponse:
    version = get_version(request.user, code, number)
    context = _frame(request, version) | {
        "problems": editing.problems_by_section(version),
        "reason_form": ReasonForm(),
        "versions": version.service.versions.defer("definition").select_related("drafted_by", "published_by"),
    }
    return page(request, "catalogue/editor_version.html", context)


def _frame(request: HttpRequest, version: ServiceVersion) -> dict[str, Any]:
    """What every page about one version shows around itself."""
    state = ServiceVersion.State
    is_open = version.state == state.DRAFT and version.submitted_at is None
    is_waiting = version.submitted_at is not None and version.state in (state.DRAFT, state.REVIEWED)
    edits, publishes = may_edit(request.user, version), may_publish(request.user, version)
    return {
        "version": version,
        "service": version.content,
        "sections": SECTIONS,
        "may_write": edits and is_open,
        "may_decide": publishes and is_waiting,
        "may_draft": edits and not is_open and not is_waiting,
        "may_run": publishes and version.state in (state.PUBLISHED, state.SUSPENDED),
        "is_waiting": is_waiting,
        "state_badge": editing.state_badge(version),
        "preview_url": reverse("catalogue:editor-preview", args=[version.service.code, version.number]),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def editor_section(request: HttpRequest, code: str, number: int, section: str) -> HttpResponse:
    version = get_version(request.user, code, number, must=may_look if request.method != "POST" else may_edit)
    if section not in BY_KEY:
        raise Http404
    step = _form_page(request, version, section)
    lists = None if step is None else (fields_list(step),)
    data = request.POST if request.method == "POST" else None
    sheet = Sheet(version.definition, BY_KEY[section], lists=lists, data=data)
    refusal = ""
    if request.method == "POST" and sheet.is_valid():
        op = request.POST.get("op", "")
        try:
            actions.edit_definition(version, sheet.changes(op), seen=request.POST.get("seen", ""), by=_user(request))
        except DomainError as found:
            refusal = str(found)
        else:
            return redirect(_after(request, version, BY_KEY[section], step, op))
    problems = editing.problems_by_section(version).get(section, [])
    context = _frame(request, version) | {
        "section": BY_KEY[section],
        "sheet": sheet,
        "refusal": refusal,
        "step": step,
        "page_title": _page_title(version, step),
        "problems": problems,
        "open_rows": {problem.field.removesuffix("-en") for problem in problems},
        "has_errors": bool(refusal) or (data is not None and not sheet.is_valid()),
    }
    return page(request, "catalogue/editor_section.html", context)


def _form_page(request: HttpRequest, version: ServiceVersion, section: str) -> int | None:
    """Which page of the form is being edited; None for the list of its pages."""
    chosen = request.GET.get("page", "")
    if section != "form" or not chosen.isdigit():
        return None
    if part_at(version.definition, f"form.steps.{chosen}") is None:
        raise Http404
    return int(chosen)


def _page_title(version: ServiceVersion, step: int | None) -> str:
    if step is None:
        return ""
    title = part_at(version.definition, f"form.steps.{step}.title") or {}
    return title.get("zh", "") if isinstance(title, dict) else str(title)


def _after(request: HttpRequest, version: ServiceVersion, section: Section, step: int | None, op: str) -> str:
    here = reverse("catalogue:editor-section", args=[version.service.code, version.number, section.key])
    if op:
        name, place = editing.place_after(op, version.definition)
        return f"{here}{'' if step is None else f'?page={step}'}#{name.replace('.', '-')}-{place}"
    messages.success(request, _("存好了。"))
    keys = [item.key for item in SECTIONS]
    following = keys[keys.index(section.key) + 1 :]
    if step is not None or "stay" in request.POST or not following:
        return f"{here}?page={step}" if step is not None and "stay" in request.POST else here
    return reverse("catalogue:editor-section", args=[version.service.code, version.number, following[0]])


@require_safe
@staff_required
@xframe_options_sameorigin
def editor_preview(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The worker's page as it would look, with what the rules ask but without anybody's facts."""
    version = get_version(request.user, code, number)
    found = entitlement(version, {}, today())
    context = pages.service_context(version, found, is_known=False) | {"is_preview": True, "bundled": []}
    context["form_steps"] = editing.form_outline(version)
    response = page(request, "catalogue/service.html", context)
    response["Content-Security-Policy"] = POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
    return response


@require_safe
@staff_required
def editor_compare(request: HttpRequest, code: str, number: int) -> HttpResponse:
    version = get_version(request.user, code, number)
    former = former_version(version, request.GET.get("with", ""))
    found = differences(former.definition, version.definition) if former else []
    context = _frame(request, version) | {
        "former": former,
        "differences": found,
        "others": version.service.versions.exclude(pk=version.pk).values_list("number", flat=True),
    }
    return page(request, "catalogue/editor_compare.html", context)


@require_POST
@staff_required
def editor_do(request: HttpRequest, code: str, number: int, verb: str) -> HttpResponse:
    """Submit, return, publish, suspend, resume, retire, or start the next version."""
    if verb not in VERBS:
        raise Http404
    must, needs_reason = VERBS[verb]
    version = get_version(request.user, code, number, must=must)
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    if needs_reason and not reason:
        messages.error(request, _("写一句原因，别人才看得懂。"))
        return redirect("catalogue:editor-version", code, number)
    try:
        version = _do(verb, version, reason, _user(request))
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, editing.done_text(verb, version.name))
    return redirect("catalogue:editor-version", version.service.code, version.number)


VERBS: dict[str, tuple[Any, bool]] = {
    "submit": (may_edit, False),
    "return": (may_publish, True),
    "publish": (may_publish, False),
    "suspend": (may_publish, True),
    "resume": (may_publish, False),
    "retire": (may_publish, True),
    "discard": (may_edit, False),
    "draft": (may_edit, False),
}


def _do(verb: str, version: ServiceVersion, reason: str, by: User) -> ServiceVersion:
    if verb == "draft":
        return actions.draft_version(version, by=by)
    if verb == "submit":
        actions.submit_for_review(version, note=reason, by=by)
    elif verb == "return":
        actions.return_to_drafter(version, reason=reason, by=by)
    elif verb == "publish":
        actions.publish_version(version, by=by)
    elif verb == "suspend":
        actions.suspend_service(version, reason=reason, by=by)
    elif verb == "resume":
        actions.resume_service(version, by=by)
    elif verb == "retire":
        actions.retire_service(version, reason=reason, by=by)
    else:
        actions.discard_draft(version, by=by)
    return version


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
