from typing import cast

from django.http import HttpRequest

from yiwang.register.accounts.models import User


def user_of(request: HttpRequest) -> User:
    return cast(User, request.user)
