"""One's own picture: given, replaced and taken away by the person alone (PIPL art. 28)."""

from typing import Any

from django.db import transaction

from yiwang.platform.files.actions import remove_document, store_upload
from yiwang.platform.files.models import Document
from yiwang.platform.journal.actions import record
from yiwang.register.accounts.models import User
from yiwang.register.members.events import PersonCorrected
from yiwang.register.members.models import Person
from yiwang.register.members.queries import PHOTO


def set_photo(person: Person, upload: Any, *, by: User) -> Document:
    """Checked and drawn anew like every picture; the one before is gone."""
    made = store_upload(upload, subject=PHOTO, subject_id=person.pk, kind="photo", by=by, accept=("image",))
    with transaction.atomic():
        _drop(person, by=by, besides=made.pk)
        record(PersonCorrected(person_id=person.pk, fields=["photo"]), by=by)
    return made


@transaction.atomic
def remove_photo(person: Person, *, by: User) -> None:
    """Safe to run twice."""
    if _drop(person, by=by):
        record(PersonCorrected(person_id=person.pk, fields=["photo"]), by=by)


def _drop(person: Person, *, by: User, besides: int = 0) -> int:
    rows = list(Document.objects.belonging_to(PHOTO, person.pk).usable().exclude(pk=besides))
    for document in rows:
        remove_document(document, by=by)
    return len(rows)
