from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser

from yiwang.platform.notify.models import Message

SHOWN_UP_TO = 99


def unread_count(user: AbstractBaseUser | AnonymousUser) -> int:
    """Up to 100: nobody needs the exact figure above 99, and counting stops there."""
    if not user.is_authenticated:
        return 0
    return Message.objects.to(user.pk).unread()[: SHOWN_UP_TO + 1].count()
