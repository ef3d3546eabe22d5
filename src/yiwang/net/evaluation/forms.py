"""What people write about how they were served, and what is written while setting it right."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yiwang.net.evaluation.models import BadReview, Evaluation


class RateForm(forms.Form):
    """Nothing is chosen beforehand, and only the score is asked for."""

    score = forms.TypedChoiceField(
        label=_("总的来说"),
        choices=Evaluation.Score.choices,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选一个最接近你感受的，也可以不评。")},
    )
    tags = forms.MultipleChoiceField(
        label=_("说的是哪方面"), choices=Evaluation.Tag.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    text = forms.CharField(
        label=_("想说的"), required=False, max_length=1000, widget=forms.Textarea({"rows": 3}),
        help_text=_("别写身份证号、电话和病情，单位和办事的人可能看到。"),
    )  # fmt: skip
    anonymous = forms.BooleanField(
        label=_("不让办事的人知道是我评的"), required=False, help_text=_("回访的人能看到，单位永远看不到。")
    )
    wants_no_call = forms.BooleanField(label=_("不用回访我"), required=False)


class AssignForm(forms.Form):
    to = forms.ChoiceField(label=_("交给谁"))

    def __init__(self, *args: Any, officers: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"] = forms.ChoiceField(label=_("交给谁"), choices=[("", "—"), *officers])


class VerifyForm(forms.Form):
    finding = forms.ChoiceField(label=_("核实结果"), choices=BadReview.Finding.choices, widget=forms.RadioSelect)
    text = forms.CharField(label=_("怎么核实的"), max_length=1000, widget=forms.Textarea({"rows": 3}))


class RectifyForm(forms.Form):
    measures = forms.CharField(label=_("怎么改的"), max_length=1000, widget=forms.Textarea({"rows": 3}))


class CallForm(forms.Form):
    settled = forms.ChoiceField(
        label=_("本人怎么说"),
        widget=forms.RadioSelect,
        choices=[("yes", _("认可")), ("no", _("还不认可")), ("unreached", _("联系了3次没接通"))],
    )
    text = forms.CharField(label=_("回访情况"), max_length=1000, widget=forms.Textarea({"rows": 3}))


class CloseForm(forms.Form):
    """Closing needs no words."""
