from collections.abc import Iterable

from yiwang.platform.files.models import Document, DocumentQuerySet


def documents_of(subject: str, subject_id: int) -> DocumentQuerySet:
    """What lies there and is not infected, in the order of arrival."""
    return Document.objects.belonging_to(subject, subject_id).usable().order_by("pk")


def documents_by_kind(subject: str, subject_id: int) -> dict[str, list[Document]]:
    """For a form: its uploads by field key."""
    found: dict[str, list[Document]] = {}
    for document in documents_of(subject, subject_id):
        found.setdefault(document.kind, []).append(document)
    return found


def documents_called(public_ids: Iterable[str]) -> list[Document]:
    """In the order asked for; those that are gone are left out."""
    asked = list(public_ids)
    found = {document.public_id: document for document in Document.objects.live().filter(public_id__in=asked)}
    return [found[public_id] for public_id in asked if public_id in found]


def is_content_used(sha256: str) -> bool:
    """Whether a document that is neither removed nor quarantined still needs this content on disk."""
    return Document.objects.usable().filter(sha256=sha256).exists()


def used_among(hashes: Iterable[str]) -> set[str]:
    return set(Document.objects.usable().filter(sha256__in=list(hashes)).values_list("sha256", flat=True))
