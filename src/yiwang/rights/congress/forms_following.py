"""Input of what follows from a congress."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.clock import today
from yiwang.platform.ui.widgets import DateInput
from yiwang.rights.congress.forms import ActionForm, delegates_named
from yiwang.rights.congress.models import AgendaItem, Delegate, Disclosure, Proposal, ResolutionCheck, WorkerDirector
from yiwang.rights.congress.queries import rule


class ProposalForm(ActionForm):
    seconders = forms.CharField(label=_("附议的代表"))

    class Meta:
        model = Proposal
        fields = ("category", "title", "reason", "suggestion")
        widgets = {"reason": forms.Textarea(attrs={"rows": 3}), "suggestion": forms.Textarea(attrs={"rows": 3})}

    field_order = ("category", "title", "reason", "suggestion", "seconders")

    def __init__(self, *args: Any, delegates: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.delegates = delegates
        told = gettext("别的代表，至少{n}位，写全名，用顿号隔开。")
        self.fields["seconders"].help_text = told.format(n=rule("seconders"))

    def clean_seconders(self) -> list[Delegate]:
        return delegates_named(str(self.cleaned_data["seconders"]), self.delegates)


class ReviewForm(forms.Form):
    to = forms.ChoiceField(
        label=_("怎么处理"),
        choices=[("assigned", _("立案")), ("suggestion", _("转为意见建议")), ("refused", _("不予立案"))],
    )
    handler = forms.CharField(label=_("谁承办"), max_length=60, required=False)
    opinion = forms.CharField(label=_("审查意见"), max_length=300, required=False)


class ReplyForm(forms.Form):
    reply = forms.CharField(label=_("答复"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))


class DisclosureForm(ActionForm):
    class Meta:
        model = Disclosure
        fields = ("group", "title", "period", "content", "scope", "every")
        widgets = {"content": forms.Textarea(attrs={"rows": 6})}


class QuestionForm(forms.Form):
    text = forms.CharField(
        label=_("想问什么"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("不记是谁问的；别写自己的姓名。"),
    )


class AnswerForm(forms.Form):
    answer = forms.CharField(label=_("回答"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))


class CheckForm(ActionForm):
    class Meta:
        model = ResolutionCheck
        fields = ("on", "result", "finding")
        widgets = {"on": DateInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = today()


class DirectorForm(ActionForm):
    item = forms.ChoiceField(label=_("哪次选举"))

    class Meta:
        model = WorkerDirector
        fields = ("name", "body", "since", "until", "is_senior_manager")
        widgets = {"since": DateInput, "until": DateInput}

    field_order = ("item", "name", "body", "since", "until", "is_senior_manager")

    def __init__(self, *args: Any, items: list[AgendaItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = {row.public_id: row for row in items}
        choices = [(row.public_id, f"{row.title}（{row.session.heading}）") for row in items]
        self.fields["item"].choices = choices  # type: ignore[attr-defined]  # a choice field

    def clean_item(self) -> AgendaItem:
        return self.items[str(self.cleaned_data["item"])]
