"""How every form of this app is answered: do it, or show it again with the reason beside the field."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest

from yiwang.kernel.errors import DomainError
from yiwang.register.accounts.models import User


def user_of(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def note_fields(form: Any, refusal: DomainError) -> None:
    """Put a refusal beside its fields, or above the form."""
    known = {name: text for name, text in refusal.fields.items() if name in form.fields}
    for name, text in known.items():
        form.add_error(name, text)
    if not known:
        form.add_error(None, str(refusal))


def filled(form: Any, verb: Callable[[Any], object]) -> bool:
    """Whether the form was sound and the verb did it; else the form says why."""
    if not form.is_valid():
        return False
    try:
        verb(form.cleaned_data)
    except DomainError as refusal:
        note_fields(form, refusal)
        return False
    return True


def pressed(request: HttpRequest, verb: Callable[[], object], said: object) -> None:
    """A button without a form: done, or the reason above the page."""
    try:
        verb()
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, str(said))
