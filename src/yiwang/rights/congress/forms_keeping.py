"""Input around the vote: objections to the roll, reports to the union above, keys destroyed, recalls."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yiwang.rights.congress.forms import ActionForm
from yiwang.rights.congress.models import DirectorRecall, KeyDestruction, RollChallenge


class ChallengeForm(ActionForm):
    class Meta:
        model = RollChallenge
        fields = ("about", "name", "reason")
        widgets = {"reason": forms.Textarea(attrs={"rows": 3})}


class DecisionForm(forms.Form):
    to = forms.ChoiceField(
        label=_("成立吗"), choices=[("rejected", _("异议不成立")), ("upheld", _("成立，名册要改"))], initial="rejected"
    )
    decision = forms.CharField(label=_("怎么决定、为什么"), max_length=300, required=False)


class ReportForm(forms.Form):
    note = forms.CharField(
        label=_("要说明的"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class ReceiveForm(forms.Form):
    remark = forms.CharField(
        label=_("上级的意见"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class GoneForm(ActionForm):
    class Meta:
        model = KeyDestruction
        fields = ("how", "witness")
        help_texts = {
            "how": _("删了文件、清了浏览器，还是碎了卡片。"),
            "witness": _("当场看着的人，不能是自己。"),
        }


class RecallForm(ActionForm):
    class Meta:
        model = DirectorRecall
        fields = ("askers", "signed", "reason", "statement")
        widgets = {"reason": forms.Textarea(attrs={"rows": 3}), "statement": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"statement": _("问过本人再写；没有书面的，会上可以当面说。")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["statement"].required = False
