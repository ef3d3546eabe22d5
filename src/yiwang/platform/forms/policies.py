from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.http import Http404

from yiwang.platform.forms.models import Draft, DraftQuerySet


def visible_to(user: AbstractBaseUser | AnonymousUser) -> DraftQuerySet:
    """A draft is its owner's alone: no office reads what was not handed in."""
    return Draft.objects.none() if user.pk is None else Draft.objects.of(user.pk)


def get_draft(user: AbstractBaseUser | AnonymousUser, public_id: str) -> Draft:
    draft = visible_to(user).filter(public_id=public_id).first()
    if draft is None:
        raise Http404
    return draft


def owns_draft(user: AbstractBaseUser | AnonymousUser, draft_id: int) -> bool:
    """The document policy of ``draft``: uploads of a draft are seen by its owner alone."""
    return visible_to(user).filter(pk=draft_id).exists()
