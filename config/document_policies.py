"""Who may see a document, by what it belongs to; and where files may be put right now."""

from typing import Any

from django.urls import NoReverseMatch, reverse

from yiwang.grassroots.cadres.policies import may_open_log, may_open_photo
from yiwang.grassroots.practices.policies import may_open_photo as may_open_practice
from yiwang.net.cases.policies import may_add_to_supplement, may_open_documents_of, may_open_supplement_of
from yiwang.platform.files.policies import DocumentPolicy, PlaceFinder, UploadPlace
from yiwang.platform.forms.policies import owns_draft, visible_to
from yiwang.platform.ui.policies import may_open_export
from yiwang.register.members.policies import may_open_photo as may_open_member_photo
from yiwang.rights.aid.policies import may_open_visit

DOCUMENT_POLICIES: dict[str, DocumentPolicy] = {
    "draft": owns_draft,
    "case": may_open_documents_of,
    "supplement": may_open_supplement_of,
    "export": may_open_export,
    "aid_visit": may_open_visit,
    "cadre_log": may_open_log,
    "cadre_photo": may_open_photo,
    "practice": may_open_practice,
    "member_photo": may_open_member_photo,
}


def place_in_draft(user: Any, public_id: str, field_key: str) -> UploadPlace | None:
    """A question of kind file or files in one's own draft."""
    draft = visible_to(user).filter(public_id=public_id).first()
    field = draft.form.by_key.get(field_key) if draft is not None else None
    if draft is None or field is None or not field.is_file:
        return None
    step = next(step.key for step in draft.form.steps if field_key in step.keys)
    try:
        back = reverse("cases:apply-step", args=[draft.public_id, step])
    except NoReverseMatch:
        back = "/"
    return UploadPlace(
        subject="draft",
        subject_id=draft.pk,
        kind=field_key,
        back_url=back,
        max_files=field.max_files,
        accept=field.accept,
    )


def place_in_supplement(user: Any, number: str, kind: str) -> UploadPlace | None:
    """What is still missing on one's own case, until it is handed in."""
    case = may_add_to_supplement(user, number)
    if case is None or kind != "supplement":
        return None
    back = reverse("cases:matter-supplement", args=[case.number])
    return UploadPlace(subject="supplement", subject_id=case.pk, kind=kind, back_url=back, max_files=6)


UPLOAD_PLACES: dict[str, PlaceFinder] = {
    "draft": place_in_draft,
    "supplement": place_in_supplement,
}
