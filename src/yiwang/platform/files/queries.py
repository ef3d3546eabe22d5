from collections.abc import Iterable, Sequence

from django.db import connection

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


NEAR = 4  # of 64 points may differ: the same picture saved smaller or lighter
ALIKE = """
    SELECT DISTINCT other.subject_id
    FROM files_document mine JOIN files_document other ON other.subject = mine.subject
    WHERE mine.subject = %s AND mine.subject_id = ANY(%s) AND other.subject_id <> ALL(%s)
        AND mine.state <> 'removed' AND other.state <> 'removed'
        AND (mine.sha256 = other.sha256 OR bit_count((mine.likeness # other.likeness)::bit(64)) <= %s)
    ORDER BY other.subject_id
"""  # index: document_place


def places_alike(subject: str, ids: Sequence[int]) -> list[int]:
    """Other places of this kind with the same picture, or one that looks the same."""
    with connection.cursor() as cursor:
        cursor.execute(ALIKE, [subject, list(ids), list(ids), NEAR])
        return [row[0] for row in cursor.fetchall()]


def places_with_same_content(subject: str, ids: Sequence[int]) -> list[int]:
    """Other places of this kind with the very same file."""
    mine = Document.objects.live().filter(subject=subject, subject_id__in=ids).values("sha256")
    others = Document.objects.live().filter(subject=subject, sha256__in=mine).exclude(subject_id__in=ids)
    return sorted(set(others.values_list("subject_id", flat=True)))
