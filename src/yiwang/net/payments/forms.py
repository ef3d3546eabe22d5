"""What people fill in about money."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.errors import DomainError
from yiwang.kernel.money import parse_yuan
from yiwang.net.payments.models import Account, Fund, Item

LARGEST_ANSWER = 20 * 1024 * 1024


class YuanField(forms.CharField):
    """An amount as people write it: with commas, with a yuan sign."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}), **kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            amount = parse_yuan(text)
        except DomainError as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        if amount < 0:
            raise forms.ValidationError(_("金额不能是负数。"))
        return amount


class FundForm(forms.Form):
    organisation = forms.ChoiceField(label=_("哪个单位的资金"))
    kind = forms.ChoiceField(label=_("来源"), choices=Fund.Kind.choices)
    year = forms.IntegerField(label=_("年度"), min_value=2000, max_value=2100)
    name = forms.CharField(label=_("资金名称"), max_length=80)
    project_no = forms.CharField(label=_("项目编号"), max_length=40, required=False)
    budget = YuanField(label=_("预算（元）"), max_length=20)
    items = forms.MultipleChoiceField(
        label=_("可以用于"), choices=Item.choices, widget=forms.CheckboxSelectMultiple, required=False,
        help_text=_("都不选，就是不限项目。"),
    )  # fmt: skip

    def __init__(self, *args: Any, offices: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"] = forms.ChoiceField(label=_("哪个单位的资金"), choices=list(offices))


class BudgetForm(forms.Form):
    budget = YuanField(label=_("新的预算（元）"), max_length=20)
    reason = forms.CharField(label=_("为什么调整"), max_length=200)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("原因"), max_length=200)


class NoteForm(forms.Form):
    note = forms.CharField(label=_("意见"), max_length=200, required=False)


class SettleForm(forms.Form):
    note = forms.CharField(label=_("怎么处理的"), max_length=200, widget=forms.Textarea({"rows": 2}))


class NoForm(forms.Form):
    """A step that needs no words."""


class VoucherForm(forms.Form):
    voucher = forms.CharField(label=_("凭证号"), max_length=60)


class AnswerForm(forms.Form):
    file = forms.FileField(
        label=_("银行回执文件"), help_text=_("银行给的原样文件，不要用表格软件改过再传。"),
        widget=forms.ClearableFileInput({"accept": ".csv,.txt"}),
    )  # fmt: skip

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_ANSWER:
            raise forms.ValidationError(_("文件超过20 MB，不像是一个批次的回执。"))
        return file


class AccountForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("账户种类"), choices=Account.Kind.choices, widget=forms.RadioSelect, initial="social_card"
    )
    holder_name = forms.CharField(label=_("户名"), max_length=50)
    number = forms.CharField(
        label=_("账号"), max_length=40, widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"})
    )
    bank_name = forms.CharField(label=_("开户银行"), max_length=60)
    bank_code = forms.CharField(
        label=_("银行行号"), max_length=20, required=False, help_text=_("12位数字。不知道就空着。"),
        widget=forms.TextInput({"inputmode": "numeric"}),
    )  # fmt: skip
    holder = forms.ChoiceField(
        label=_("户主是"), choices=Account.Holder.choices, widget=forms.RadioSelect, initial=Account.Holder.SELF
    )
    proof = forms.CharField(
        label=_("监护或遗属关系的证明"), max_length=200, required=False, help_text=_("户主是本人就不用填。")
    )
