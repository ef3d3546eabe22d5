"""Input of a consultation on rules and algorithms."""

from django import forms
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.clock import today
from yiwang.platform.ui.widgets import DateInput
from yiwang.rights.congress.forms import ActionForm
from yiwang.rights.congress.models import Consultation, ConsultationOpinion, ConsultationTalk

ROWS = {"rows": 3}


class ConsultationForm(ActionForm):
    class Meta:
        model = Consultation
        fields = ("subject", "title", "meaning", "current", "proposed", "effect")
        widgets = {name: forms.Textarea(attrs=ROWS) for name in ("meaning", "current", "proposed", "effect")}


class TalkForm(ActionForm):
    class Meta:
        model = ConsultationTalk
        fields = ("on", "ours", "theirs")
        widgets = {"on": DateInput, "ours": forms.Textarea(attrs=ROWS), "theirs": forms.Textarea(attrs=ROWS)}

    def clean_on(self) -> object:
        if self.cleaned_data["on"] > today():
            raise forms.ValidationError(_("这一天还没到。"))
        return self.cleaned_data["on"]


class AgreementForm(forms.Form):
    agreement = forms.CharField(label=_("谈好的文字"), max_length=5000, widget=forms.Textarea(attrs={"rows": 6}))


class EffectiveForm(forms.Form):
    effective_on = forms.DateField(label=_("从哪天起执行"), widget=DateInput)


class EndingForm(forms.Form):
    reason = forms.CharField(label=_("为什么没有谈成"), max_length=300, required=False)


class OpinionForm(ActionForm):
    class Meta:
        model = ConsultationOpinion
        fields = ("text",)
        widgets = {"text": forms.Textarea(attrs=ROWS)}
        help_texts = {"text": _("不记是谁说的；别写自己的姓名。一人一次。")}
