import datetime as dt

from django.utils.translation import gettext as _

from yiwang.kernel.clock import LOCAL
from yiwang.platform.forms.models import Draft, DraftQuerySet


def drafts_of(user_id: int) -> DraftQuerySet:
    """A person's drafts, the latest first."""
    return Draft.objects.of(user_id).order_by("-saved_at")


def draft_for(user_id: int, key: str) -> Draft | None:
    return Draft.objects.of(user_id).filter(key=key).first()


def expired_drafts(on: dt.date) -> DraftQuerySet:
    return Draft.objects.expired(on).order_by("expires_on", "pk")


def saved_text(draft: Draft) -> str:
    """“10:32已自动存好”."""
    return _("{time}已自动存好").format(time=f"{draft.saved_at.astimezone(LOCAL):%H:%M}")
