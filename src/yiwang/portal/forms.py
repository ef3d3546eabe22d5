"""What people write on the pages that belong to no single app."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yiwang.platform.ui.widgets import DateInput
from yiwang.register.accounts.fields import PhoneField


class MandateForm(forms.Form):
    """Name and telephone of the other one, for what and until when."""

    name = forms.CharField(label=_("对方的姓名"), max_length=50, error_messages={"required": _("请填对方的姓名。")})
    phone = PhoneField(label=_("对方的手机号"), error_messages={"required": _("请填手机号。")})
    service = forms.ChoiceField(label=_("哪件事"), required=False)
    valid_until = forms.DateField(
        label=_("最后一天"), widget=DateInput, help_text=_("最长一年，随时可以结束。"),
        error_messages={"required": _("请填最后一天。")},
    )  # fmt: skip

    def __init__(self, *args: Any, services: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["service"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("所有事项")), *services]
