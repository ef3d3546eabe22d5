from typing import cast

from django.http import HttpRequest

from yiwang.register.accounts.models import User

TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def user_of(request: HttpRequest) -> User:
    return cast(User, request.user)
