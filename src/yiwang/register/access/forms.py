from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yiwang.platform.ui.widgets import CodeInput, DateInput
from yiwang.register.access.models import Recusal
from yiwang.register.accounts.fields import PhoneField


def must(text: Any) -> dict[str, Any]:
    """The sentence for a field that was left empty."""
    return {"required": text}


class AppointmentForm(forms.Form):
    """Whom, as what, where, how long and by which paper."""

    phone = PhoneField(
        label=_("这个人的手机号"),
        help_text=_("先要有账号。没有的请本人先用手机号注册。"),
        error_messages=must(_("请填手机号。")),
    )
    role = forms.ChoiceField(label=_("职务"))
    valid_from = forms.DateField(label=_("从哪天起"), widget=DateInput, error_messages=must(_("请填从哪天起。")))
    valid_to = forms.DateField(
        label=_("到哪天止"), widget=DateInput, required=False, help_text=_("不填就是一直到撤销。")
    )
    basis = forms.CharField(
        label=_("依据"),
        max_length=200,
        help_text=_("任职文件的文号或会议名称。"),
        error_messages=must(_("请填依据：任职文件的文号或会议名称。")),
    )

    def __init__(self, *args: Any, roles: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("请选择")), *roles]
        self.fields["role"] = forms.ChoiceField(
            label=_("职务"), choices=choices, error_messages=must(_("请选一个职务。"))
        )


class EndForm(forms.Form):
    reason = forms.CharField(
        label=_("为什么结束"),
        max_length=200,
        help_text=_("比如调离、退休、任免文号。"),
        error_messages=must(_("请写为什么结束。")),
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("本人收到的验证码"),
        widget=CodeInput,
        max_length=12,
        help_text=_("6位数字，在发到本人手机的短信里。本人告诉你，就是同意。"),
        error_messages=must(_("请填验证码。")),
    )


class RecusalForm(forms.Form):
    employer = forms.CharField(
        label=_("单位"),
        max_length=120,
        help_text=_("填单位全称，或统一社会信用代码。"),
        error_messages=must(_("请填单位。")),
    )
    reason = forms.ChoiceField(
        label=_("原因"), choices=Recusal.Reason, widget=forms.RadioSelect, error_messages=must(_("请选一个原因。"))
    )
    note = forms.CharField(label=_("说明"), max_length=200, required=False)


class RecoveryForm(forms.Form):
    old_phone = PhoneField(label=_("原来的手机号"), error_messages=must(_("请填手机号。")))
    new_phone = PhoneField(label=_("新手机号"), error_messages=must(_("请填手机号。")))
    evidence = forms.CharField(
        label=_("怎么核对的"),
        max_length=200,
        help_text=_("核对了什么证件、本人是否到场、材料存在哪里。两个号码都会收到短信。"),
        error_messages=must(_("请写怎么核对的。")),
    )
