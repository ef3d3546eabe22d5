"""What people write on the pages that belong to no single app."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yiwang.platform.rules.models import ParameterValue
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


class ParameterForm(forms.Form):
    """A new figure, from which day, and the text that sets it."""

    value = forms.IntegerField(label=_("新的数值"))
    valid_from = forms.DateField(
        label=_("从哪天起用"), widget=DateInput, help_text=_("最早明天。以前的日子仍按以前的数值算。")
    )
    source_zh = forms.CharField(label=_("出处"), max_length=400, help_text=_("文件名称、文号、第几条。"))
    source_en = forms.CharField(label=_("英文出处"), max_length=400)
    evidence = forms.ChoiceField(label=_("依据标记"), choices=ParameterValue.Evidence.choices, widget=forms.RadioSelect)
    reason = forms.CharField(label=_("为什么改"), max_length=300, widget=forms.Textarea({"rows": 2}))


class DeclineForm(forms.Form):
    note = forms.CharField(label=_("为什么不采用"), max_length=300)

    refusal = ""


class AliasForm(forms.Form):
    """An everyday word and what it leads to."""

    word = forms.CharField(label=_("百姓说法"), max_length=40)
    codes = forms.CharField(label=_("事项编号"), max_length=200, required=False, help_text=_("多个编号用空格隔开。"))
    terms = forms.CharField(label=_("规范说法"), max_length=200, required=False, help_text=_("多个说法用空格隔开。"))
    silence = forms.BooleanField(label=_("以后不再认这个说法"), required=False)
    reason = forms.CharField(label=_("为什么改"), max_length=300)
