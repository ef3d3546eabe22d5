"""What the pages of joining share."""

from typing import Any

from django.http import HttpRequest

from yiwang.kernel.errors import DomainError
from yiwang.register.accounts.models import User


def user_of(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def note_refusal(form: Any, refusal: DomainError) -> None:
    """Put a refusal beside its fields, or above the form."""
    known = {name: text for name, text in refusal.fields.items() if name in form.fields}
    for name, text in known.items():
        form.add_error(name, text)
    if not known:
        form.add_error(None, str(refusal))
