"""Form fields for the number and the codes people sign in with."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.errors import DomainError
from yiwang.kernel.identity import parse_phone


class PhoneField(forms.CharField):
    """A mainland mobile number as people type it: spaces, dashes and +86 are fine."""

    widget = forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel-national", "maxlength": 20})

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("手机号"))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        try:
            return parse_phone(text)
        except DomainError as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


def code_field(label: Any, hint: Any = "") -> forms.CharField:
    """Six digits from a message or an app; browsers fill it in by themselves."""
    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": 12})
    return forms.CharField(label=label, help_text=hint, widget=widget, error_messages={"required": _("请填验证码。")})
