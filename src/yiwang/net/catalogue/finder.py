"""The finder's answers between requests: sealed in the session, or kept in the account by consent."""

import base64
import binascii
import json
from typing import Any

from django.http import HttpRequest

from yiwang.kernel.crypto import CannotDecrypt, decrypt, encrypt
from yiwang.net.catalogue.queries import kept_answers
from yiwang.platform.rules import queries as rules
from yiwang.register.accounts.models import User

KEY = "catalogue.finder"
CONTEXT = b"catalogue.finder"


def answers_of(request: HttpRequest) -> dict[str, Any]:
    """What this person answered. What no longer fits the questions is left out."""
    given = _from_session(request)
    if given is None and isinstance(request.user, User):
        given = kept_answers(request.user)
    return valid_answers(given or {})


def remember(request: HttpRequest, answers: dict[str, Any]) -> None:
    sealed = encrypt(json.dumps(answers), CONTEXT)
    request.session[KEY] = base64.b64encode(sealed).decode()


def forget(request: HttpRequest) -> None:
    request.session.pop(KEY, None)


def _from_session(request: HttpRequest) -> dict[str, Any] | None:
    sealed = request.session.get(KEY)
    if not sealed:
        return None
    try:
        answers: dict[str, Any] = json.loads(decrypt(base64.b64decode(sealed), CONTEXT))
    except (CannotDecrypt, binascii.Error):
        return None  # sealed under a key that is gone: ask again
    return answers


def valid_answers(given: dict[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for question in rules.questions():
        options = {option.value for option in question.options}
        answer = given.get(question.key)
        chosen = answer if question.many else [answer]
        if isinstance(chosen, list) and chosen and set(chosen) <= options:
            kept[question.key] = answer
    return kept
