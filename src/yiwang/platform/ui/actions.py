"""A reader's settings, written to the account where there is one (the account model has both fields)."""

from typing import Any

from django.contrib.auth import get_user_model


def remember_elder_mode(user: Any, *, elder: bool) -> None:
    get_user_model()._default_manager.filter(pk=user.pk).update(elder_mode=elder)


def remember_language(user: Any, *, language: str) -> None:
    get_user_model()._default_manager.filter(pk=user.pk).update(language=language)
