from dataclasses import dataclass

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from yiwang.kernel.prepared import Prepared
from yiwang.platform.notify.models import Message, MessageQuerySet

SHOWN_UP_TO = 99
PAGE = 20


UNREAD = Prepared(lambda user: Message.objects.to(user).unread().order_by().values_list("pk")[: SHOWN_UP_TO + 1])


def unread_count(user: AbstractBaseUser | AnonymousUser) -> int:
    """Up to 100: nobody needs the exact figure above 99, and counting stops there."""
    if not user.is_authenticated:
        return 0
    return len(UNREAD.rows(user=user.pk))


@dataclass(frozen=True)
class Page:
    """One page of messages, newest first, and where the next one begins."""

    messages: list[Message]
    next_before: str


def page_of(messages: MessageQuerySet, *, before: str) -> Page:
    """``before`` is the public id where the page above ended; an unknown one shows the first page."""
    if before and (last := messages.filter(public_id=before).values_list("created_at", "pk").first()):
        earlier = Q(created_at__lt=last[0]) | Q(created_at=last[0], pk__lt=last[1])
        messages = messages.filter(earlier)
    found = list(messages.order_by("-created_at", "-pk")[: PAGE + 1])
    return Page(messages=found[:PAGE], next_before=found[PAGE - 1].public_id if len(found) > PAGE else "")
