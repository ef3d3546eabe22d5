"""Short forms: a practice, how it went elsewhere, a promotion."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yiwang.grassroots.practices.models import Adoption, Practice, Promotion
from yiwang.kernel.clock import today
from yiwang.kernel.errors import DomainError
from yiwang.platform.ui.widgets import DateInput
from yiwang.register.organisations.models import Organisation

TWO = forms.Textarea(attrs={"rows": 2})
THREE = forms.Textarea(attrs={"rows": 3})


class PracticeForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's forms are generic for the type checker only
    """What it was about, what was done, what it cost, what came of it."""

    class Meta:
        model = Practice
        fields = (
            "title", "subject", "problem", "what", "cost_yuan", "hours", "effect", "measure", "before", "after",
            "needs",
        )  # fmt: skip
        widgets = {"problem": TWO, "what": forms.Textarea(attrs={"rows": 6}), "effect": TWO, "needs": TWO}
        help_texts = {
            "title": _("一句话，别人一看就懂，像“下夜班有热汤”。"),
            "what": _("一步一步写，谁、什么时候、做什么。"),
            "measure": _("像“每月投诉件数”“参加人数”。做之前、做之后填这个数；没变也照实填。"),
        }


class OrganisationForm(forms.Form):
    """Which of one's unions."""

    organisation = forms.ModelChoiceField(
        label=_("哪个工会"), queryset=Organisation.objects.none(), to_field_name="public_id", empty_label=None
    )

    def __init__(self, *args: Any, unions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = unions  # type: ignore[attr-defined]  # a model choice field


class TryForm(OrganisationForm):
    started_on = forms.DateField(label=_("从哪天开始试"), widget=DateInput)
    plan = forms.CharField(label=_("打算怎么做"), max_length=300, required=False, widget=TWO)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["started_on"].initial = today()


class ReportForm(forms.ModelForm):  # type: ignore[type-arg]  # as above
    verdict = forms.ChoiceField(label=_("有没有用"), choices=Adoption.Verdict.choices, widget=forms.RadioSelect)
    before = forms.DecimalField(label=_("做之前"), max_digits=10, decimal_places=1)
    after = forms.DecimalField(label=_("做之后"), max_digits=10, decimal_places=1)
    cost_yuan = forms.IntegerField(label=_("花了多少钱（元）"), min_value=0)
    people = forms.IntegerField(label=_("多少职工用上了"), min_value=0)

    class Meta:
        model = Adoption
        fields = ("words",)
        widgets = {"words": THREE}

    field_order = ("verdict", "words", "before", "after", "cost_yuan", "people")

    def _post_clean(self) -> None:
        """Shape only; what a report needs is the action's to say."""


class NoteForm(forms.Form):
    note = forms.CharField(label=_("请补充什么"), max_length=300, widget=TWO)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("为什么撤下"), max_length=200)


class PromoteForm(forms.Form):
    organisation = forms.ChoiceField(label=_("用哪个工会的名义"))
    words = forms.CharField(
        label=_("怎么推开"), max_length=300, widget=TWO, help_text=_("像“列入明年驿站补贴”“组织去看一次”。")
    )

    def __init__(self, *args: Any, bodies: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choices = [(body.public_id, body.name) for body in bodies]  # type: ignore[attr-defined]  # a choice field


class EndPromotionForm(forms.Form):
    promotion = forms.ChoiceField(label=_("哪个工会不再推广"))
    reason = forms.CharField(label=_("为什么不再推广"), max_length=200, help_text=_("像“补贴用完了”。大家都能看到。"))

    def __init__(self, *args: Any, promotions: list[Promotion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(row.public_id, row.organisation.name) for row in promotions]
        self.fields["promotion"].choices = choices  # type: ignore[attr-defined]  # a choice field


def refuse(form: forms.BaseForm, refusal: DomainError) -> None:
    """Beside its fields, or above the form."""
    placed = [name for name in refusal.fields if name in form.fields]
    for name in placed:
        form.add_error(name, refusal.fields[name])
    if not placed:
        form.add_error(None, str(refusal))
