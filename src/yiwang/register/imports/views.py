from collections.abc import Callable
from typing import cast
from urllib.parse import quote

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.kernel.clock import now, today
from yiwang.kernel.errors import DomainError
from yiwang.platform.jobs.queries import progress_of
from yiwang.platform.ui.pages import page
from yiwang.register.access.actions import note_look
from yiwang.register.access.policies import capability_required
from yiwang.register.accounts.models import User
from yiwang.register.imports import actions
from yiwang.register.imports.forms import ApplyForm, MatchForm, UndoForm, UploadForm
from yiwang.register.imports.library import files
from yiwang.register.imports.library.layouts import LAYOUTS
from yiwang.register.imports.models import ImportBatch
from yiwang.register.imports.policies import get_batch, may_apply, may_discard, may_match, may_undo, visible_to
from yiwang.register.imports.queries import preview_of, refused_rows, written_rows
from yiwang.register.imports.queries.bodies import origins_of, unlinked_of
from yiwang.register.imports.queries.people import traced_facts
from yiwang.register.members.policies import get_person
from yiwang.register.members.queries import person_of
from yiwang.register.organisations.policies import get_organisation, may_edit

SHOWN = 50
Kind = ImportBatch.Kind
State = ImportBatch.State


@capability_required("register.import")
@require_http_methods(["GET", "POST"])
def batch_list(request: HttpRequest, kind: str = Kind.MEMBERS) -> HttpResponse:
    """Upload a list of members or of unions, or go back to an earlier one."""
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = UploadForm(*given, kind=kind)
    if request.method == "POST" and form.is_valid():
        batch = _receive(request, form, kind)
        if batch is not None:
            return redirect("imports:batch-match" if may_match(batch) else "imports:batch-detail", batch.public_id)
    batches = visible_to(request.user).filter(kind=kind).order_by("-pk")[:SHOWN]
    return page(request, "imports/batch_list.html", {"form": form, "batches": batches, "kind": kind})


def _receive(request: HttpRequest, form: UploadForm, kind: str) -> ImportBatch | None:
    upload = form.cleaned_data["file"]
    try:
        return actions.receive_file(upload.read(), file_name=upload.name, by=_who(request), kind=kind, link_of=_link)
    except DomainError as refusal:
        form.add_error("file", str(refusal))
        return None


@capability_required("register.import")
@require_GET
def template_download(request: HttpRequest, kind: str = Kind.MEMBERS) -> HttpResponse:
    name = _("会员名册模板") if kind == Kind.MEMBERS else _("工会组织名单模板")
    return _xlsx(files.template(LAYOUTS[kind]), name)


def _xlsx(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=files.CONTENT_TYPE)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}.xlsx"
    response.headers["Cache-Control"] = "no-store"
    return response


@capability_required("register.import")
@require_GET
def batch_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """How the file compares, one tab for each verdict; while a job runs, how far it is."""
    batch = get_batch(request.user, public_id)
    preview = preview_of(batch, tab=request.GET.get("tab", ""), page=request.GET.get("page", ""), on=today())
    failures = reverse("jobs:run-failures", args=[batch.run.public_id]) if batch.run else ""
    context = {
        "batch": batch,
        "preview": preview,
        "progress": progress_of(batch.run, now=now(), failures_url=failures) if batch.run else None,
        "apply_form": ApplyForm(in_the_way=batch.in_the_way) if may_apply(batch) else None,
        "undo_form": UndoForm() if may_undo(batch) else None,
        "may_discard": may_discard(batch),
        "unlinked": unlinked_of(batch) if batch.kind == Kind.ORGANISATIONS and batch.state == State.APPLIED else [],
        "written": written_rows(batch) if batch.state == State.APPLIED else 0,
    }
    return page(request, "imports/batch.html", context)


@capability_required("register.import")
@require_GET
def batch_refused(request: HttpRequest, public_id: str) -> HttpResponse:
    """The rows in the way as a file that can be corrected and sent again."""
    batch = get_batch(request.user, public_id)
    name = _("不能导入的行-{file}").format(file=batch.file_name.rpartition(".")[0])
    return _xlsx(files.refused(refused_rows(batch), LAYOUTS[batch.kind]), name)


@capability_required("register.import")
@require_POST
def batch_apply(request: HttpRequest, public_id: str) -> HttpResponse:
    batch = get_batch(request.user, public_id)
    form = ApplyForm(request.POST, in_the_way=batch.in_the_way)
    if not form.is_valid():
        messages.error(request, _("行号写成2-50，63这样。"))
        return redirect("imports:batch-detail", public_id)
    chosen = form.selection()
    if not form.cleaned_data["leave_out"] and not chosen:
        return _answer(request, batch, lambda: actions.start_applying(batch, by=_who(request), link=_link(batch)))

    def start() -> None:
        actions.start_applying_valid_rows(batch, by=_who(request), link=_link(batch), selection=chosen)

    return _answer(request, batch, start)


@capability_required("register.import")
@require_http_methods(["GET", "POST"])
def batch_match(request: HttpRequest, public_id: str) -> HttpResponse:
    """Columns under other names: say once which is which."""
    batch = get_batch(request.user, public_id)
    if not may_match(batch):
        return redirect("imports:batch-detail", public_id)
    layout = LAYOUTS[batch.kind]
    form = MatchForm(request.POST or None, layout=layout, headings=batch.headings, places=batch.columns)
    if request.method == "POST" and form.is_valid():
        columns, constants = form.answer()
        by, link = _who(request), _link(batch)
        return _answer(
            request,
            batch,
            lambda: actions.settle_columns(batch, columns=columns, constants=constants, by=by, link=link),
        )
    return page(request, "imports/match.html", {"batch": batch, "form": form})


@capability_required("register.import")
@require_POST
def batch_undo(request: HttpRequest, public_id: str) -> HttpResponse:
    batch = get_batch(request.user, public_id)
    form = UndoForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("请写明为什么撤回。"))
        return redirect("imports:batch-detail", public_id)
    reason = form.cleaned_data["reason"]
    return _answer(
        request, batch, lambda: actions.start_undoing(batch, by=_who(request), reason=reason, link=_link(batch))
    )


@capability_required("register.import")
@require_POST
def batch_discard(request: HttpRequest, public_id: str) -> HttpResponse:
    batch = get_batch(request.user, public_id)
    return _answer(request, batch, lambda: actions.discard_batch(batch, by=_who(request)))


@capability_required("organisations.edit")
@require_GET
def body_origins(request: HttpRequest, public_id: str) -> HttpResponse:
    """Which file each fact of a union came from."""
    body = get_organisation(request.user, public_id, must=may_edit)
    return page(request, "imports/origins.html", {"body": body, "origins": origins_of(body)})


@capability_required("register.view")
@never_cache
@require_GET
def person_sources(request: HttpRequest, public_id: str) -> HttpResponse:
    """Where each fact of a member came from, for who may see their record; looking is noted like opening it."""
    person = get_person(request.user, public_id)
    note_look("person", person.pk, person.pk, _who(request), _("查看资料来源"))
    facts = traced_facts(person)
    batches = {traced.source.batch.pk for traced in facts if traced.source.batch}
    mine = set(visible_to(request.user).filter(pk__in=batches).values_list("pk", flat=True))
    return page(request, "imports/sources.html", {"person": person, "facts": facts, "mine": mine})


@login_required
@never_cache
@require_GET
def own_sources(request: HttpRequest) -> HttpResponse:
    """The same for oneself."""
    person = person_of(request.user)
    if person is None:
        raise Http404(_("还没有实名"))
    return page(request, "imports/own_sources.html", {"facts": traced_facts(person)})


def _answer(request: HttpRequest, batch: ImportBatch, deed: Callable[[], object]) -> HttpResponse:
    try:
        deed()
    except DomainError as refusal:
        messages.error(request, str(refusal))
    return redirect("imports:batch-detail", batch.public_id)


def _who(request: HttpRequest) -> User:
    return cast(User, request.user)


def _link(batch: ImportBatch) -> str:
    return reverse("imports:batch-detail", args=[batch.public_id])
