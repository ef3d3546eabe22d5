from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AbstractBaseUser
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header, url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yiwang.platform.files import storage
from yiwang.platform.files.actions import note_opening, remove_document, store_uploads
from yiwang.platform.files.models import Document
from yiwang.platform.files.policies import UploadPlace, get_document, get_upload_place, may_remove
from yiwang.platform.files.queries import documents_by_kind

SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:"


@require_safe
def document_open(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """The content itself: pictures in the page, everything else as a download."""
    document = get_document(request.user, public_id)
    if not document.is_ready:
        return render(request, "files/not_ready.html", {"document": document}, status=409)
    if request.method == "GET":
        note_opening(document, by=cast(AbstractBaseUser, request.user))
    return _served(document, as_attachment=not document.is_image or "download" in request.GET)


@require_safe
def document_thumb(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """A small picture to recognise a document by; too small to read, so it is no opening."""
    document = get_document(request.user, public_id)
    path = storage.thumb_of(document.sha256)
    if not document.is_ready or not path.exists():
        raise Http404
    response = FileResponse(path.open("rb"), content_type="image/jpeg")
    _forbid_everything(response)
    response["Cache-Control"] = "private, max-age=3600"
    return response


@require_POST
@login_required
def document_upload(request: HttpRequest, subject: str, place: str, kind: str) -> HttpResponse:
    """Take the files of one form field, each with its own result, which without JavaScript the page before tells."""
    where = get_upload_place(request.user, subject, place, kind)
    if taken_out := request.POST.get("_remove_document"):
        remove_document(get_document(request.user, taken_out, must=may_remove), by=cast(AbstractBaseUser, request.user))
    uploads = [upload for key in request.FILES for upload in request.FILES.getlist(key)]
    results = store_uploads(
        uploads,
        subject=where.subject,
        subject_id=where.subject_id,
        kind=where.kind,
        by=cast(AbstractBaseUser, request.user),
        accept=where.accept,
        max_files=where.max_files,
        expires_on=where.expires_on,
    )
    if not request.headers.get("HX-Request"):
        for result in results:
            _tell(request, result.problem, result.name)
        if not results and not taken_out:
            messages.warning(request, _("还没有选文件。先选，再点上传。"))
        return redirect(where.back_url)
    problems = [result.problem for result in results if result.problem]
    return render(request, "files/picker.html", _picker(request, where, problems))


@require_POST
@login_required
def document_remove(request: HttpRequest, public_id: str) -> HttpResponse:
    document = get_document(request.user, public_id, must=may_remove)
    remove_document(document, by=cast(AbstractBaseUser, request.user))
    messages.success(request, _("“{name}”去掉了。").format(name=document.name))
    target = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return redirect(target if is_ours else "/")


def _picker(request: HttpRequest, where: UploadPlace, problems: list[str]) -> dict[str, Any]:
    """The files of one field and the input for more, as the form first drew them."""
    documents = documents_by_kind(where.subject, where.subject_id).get(where.kind, [])
    return {
        "input_id": f"id_{where.kind}",
        "name": where.kind,
        "documents": documents,
        "problems": problems,
        "accept": where.accept,
        "is_multiple": where.max_files > 1,
        "is_full": len(documents) >= where.max_files,
        "upload_url": request.path,
        "photo_limit": settings.PHOTO_LIMIT // settings.MEGABYTE,
        "file_limit": settings.FILE_LIMIT // settings.MEGABYTE,
    }


def _tell(request: HttpRequest, problem: str, name: str) -> None:
    if problem:
        messages.error(request, problem)
    else:
        messages.success(request, _("“{name}”收下了。").format(name=name))


def _served(document: Document, *, as_attachment: bool) -> HttpResponseBase:
    response: HttpResponseBase
    if settings.ACCEL_PREFIX:
        response = HttpResponse(content_type=document.content_type)
        inside = storage.path_of(document.sha256).relative_to(storage.root())
        response["X-Accel-Redirect"] = f"{settings.ACCEL_PREFIX.rstrip('/')}/{inside}"
    else:
        try:
            stream = storage.path_of(document.sha256).open("rb")
        except FileNotFoundError:
            raise Http404 from None
        response = FileResponse(stream, content_type=document.content_type)
    response["Content-Disposition"] = content_disposition_header(as_attachment, document.name) or "attachment"
    _forbid_everything(response)
    response["Cache-Control"] = "private, no-store"
    return response


def _forbid_everything(response: HttpResponseBase) -> None:
    """Whatever the content is, the browser shows it and nothing more: no script, no sniffing, no other site."""
    response["Content-Security-Policy"] = SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Referrer-Policy"] = "no-referrer"
