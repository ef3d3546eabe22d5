"""A document is as open as what it belongs to: ``settings.DOCUMENT_POLICIES`` knows, by subject, who may see that."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.http import Http404
from django.utils.module_loading import import_string

from yiwang.platform.files.models import Document

Viewer = AbstractBaseUser | AnonymousUser
DocumentPolicy = Callable[[Any, int], bool]


@dataclass(frozen=True)
class UploadPlace:
    """Where somebody may put files right now, and how many of what."""

    subject: str
    subject_id: int
    kind: str
    back_url: str = "/"
    max_files: int = 6
    accept: tuple[str, ...] = ("image", "pdf")
    expires_on: date | None = None


PlaceFinder = Callable[[Any, str, str], UploadPlace | None]


def document_policies() -> Mapping[str, DocumentPolicy]:
    return cast(Mapping[str, DocumentPolicy], import_string(settings.DOCUMENT_POLICIES))


def upload_places() -> Mapping[str, PlaceFinder]:
    return cast(Mapping[str, PlaceFinder], import_string(settings.UPLOAD_PLACES))


def may_open(user: Viewer, document: Document) -> bool:
    policy = document_policies().get(document.subject)
    return policy is not None and policy(user, document.subject_id)


def may_remove(user: Viewer, document: Document) -> bool:
    """Only one's own, and only where uploading is still going on; what was handed in stays."""
    is_own = user.pk is not None and document.uploaded_by_id == user.pk
    return is_own and document.subject in upload_places() and may_open(user, document)


def get_document(user: Viewer, public_id: str, *, must: Callable[[Viewer, Document], bool] = may_open) -> Document:
    """Unknown, removed and forbidden look the same."""
    document = Document.objects.live().filter(public_id=public_id).first()
    if document is None or not must(user, document):
        raise Http404
    return document


def get_upload_place(user: Viewer, subject: str, place: str, kind: str) -> UploadPlace:
    finder = upload_places().get(subject)
    found = finder(user, place, kind) if finder is not None and user.is_authenticated else None
    if found is None:
        raise Http404
    return found
