from django import forms
from django.utils.translation import gettext_lazy as _


class ObjectForm(forms.Form):
    text = forms.CharField(
        label=_("哪里不对"), max_length=1000, widget=forms.Textarea({"rows": 4}),
        help_text=_("写你知道的事实：哪一家、什么情况、怎么知道的。被公示的人不会知道是你提的。"),
    )  # fmt: skip


class AnswerForm(forms.Form):
    upheld = forms.ChoiceField(
        label=_("核查结果"), choices=[("yes", _("属实")), ("no", _("不成立"))], widget=forms.RadioSelect
    )
    answer = forms.CharField(label=_("怎么核查的"), max_length=500, widget=forms.Textarea({"rows": 3}))


class WithdrawForm(forms.Form):
    reason = forms.CharField(label=_("为什么撤下"), max_length=200)
