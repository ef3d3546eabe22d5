from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from yiwang.kernel.errors import DomainError
from yiwang.register.accounts.models import User


@dataclass(frozen=True)
class Act:
    """One thing this user may do with this record now."""

    key: str
    label: str | Promise
    make: Callable[..., Form]
    run: Callable[[Any, dict[str, Any], User], object]


def who(request: HttpRequest) -> User:
    return cast(User, request.user)


def do(request: HttpRequest, act: Act, record: Any, form: Form) -> bool:
    """Done, or the form says why not."""
    if not form.is_valid():
        return False
    try:
        act.run(record, form.cleaned_data, who(request))
    except DomainError as refusal:
        tell_in(form, refusal)
        return False
    messages.success(request, _("记下了。"))
    return True


def tell_in(form: Form, refusal: DomainError) -> None:
    """A refusal beside the field it belongs to, if the form has that field."""
    placed = [name for name in refusal.fields if name in form.fields]
    for name in placed:
        form.add_error(name, refusal.fields[name])
    if not placed:
        form.add_error(None, str(refusal))
