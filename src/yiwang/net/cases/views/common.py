"""What every view of the case line begins with."""

from django.http import HttpRequest, QueryDict

from yiwang.register.accounts.models import User


def signed_in(request: HttpRequest) -> User:
    """The account behind the request, where the door let nobody else in."""
    assert isinstance(request.user, User)
    return request.user


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, if anything was: a form that asks for nothing is sent too."""
    return request.POST if request.method == "POST" else None
