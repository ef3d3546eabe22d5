"""Inputs with the right keyboard, completion and shape; usable by every app above ``ui``."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

YUAN = gettext_lazy("元")


class MoneyInput(forms.TextInput):
    def __init__(self, attrs: dict[str, Any] | None = None, suffix: str | Promise = YUAN) -> None:
        own = {"inputmode": "decimal", "data-kind": "money", "data-suffix": suffix, "autocomplete": "off"}
        super().__init__({**own, "class": "num", **(attrs or {})})


class PhoneInput(forms.TextInput):
    input_type = "tel"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "tel", "autocomplete": "tel", "data-kind": "phone", **(attrs or {})})


class IdentityInput(forms.TextInput):
    """One box, never eighteen; spaced on leaving it, spaces accepted."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        own = {"autocomplete": "off", "data-kind": "identity", "spellcheck": "false", "class": "num"}
        super().__init__({**own, **(attrs or {})})


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"class": "num", **(attrs or {})}, format="%Y-%m-%d")


class CodeInput(forms.TextInput):
    """A one-time code: digits, offered by the phone from the text message."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        own = {"inputmode": "numeric", "autocomplete": "one-time-code", "class": "num"}
        super().__init__({**own, **(attrs or {})})


class PhotoInput(forms.ClearableFileInput):
    """One or more pictures or papers; the phone offers its camera first."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/input.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"accept": "image/*,application/pdf", **(attrs or {})})
