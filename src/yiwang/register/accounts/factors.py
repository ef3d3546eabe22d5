"""A second factor that was just set up counts as shown in this very session."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from yiwang.register.accounts.models import User


def note_new_factor(*, request: HttpRequest, user: User, authenticator: Authenticator, **_more: Any) -> None:
    """Setting it up proved possession, so staff need not type a second code at once."""
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        record_authentication(
            request, user, method="mfa", type=authenticator.type, id=authenticator.pk, reauthenticated=True
        )
