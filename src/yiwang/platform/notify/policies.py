from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.shortcuts import get_object_or_404

from yiwang.platform.notify.models import Message, MessageQuerySet


def visible_to(user: AbstractBaseUser | AnonymousUser) -> MessageQuerySet:
    """A message is its recipient's alone."""
    if not user.is_authenticated:
        return Message.objects.none()
    return Message.objects.to(user.pk)


def get_message(user: AbstractBaseUser | AnonymousUser, public_id: str) -> Message:
    return get_object_or_404(visible_to(user), public_id=public_id)
