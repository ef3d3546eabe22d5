"""Contact data, and the questions of each kind of change."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.clock import today
from yiwang.platform.documents.formulas import read_number
from yiwang.platform.ui.widgets import DateInput
from yiwang.register.organisations.models import Employer, Organisation, TreeChange
from yiwang.register.organisations.queries import employer_called, employers, kinds_under

if TYPE_CHECKING:
    OrganisationForm = forms.ModelForm[Organisation]
else:  # Django's forms are generic for the type checker only
    OrganisationForm = forms.ModelForm


class ContactForm(OrganisationForm):
    """What workers read on the card of a union: kept by its own officers and those above."""

    class Meta:
        model = Organisation
        fields = ("short_name", "phone", "contact", "hours", "email", "address", "postcode")
        help_texts = {"phone": _("座机写上区号，对外公开。"), "hours": _("例如：周一至周五 9:00–17:00。")}


class ThreeForm(OrganisationForm):
    """The small three levels: somebody to do the work, money, premises."""

    class Meta:
        model = Organisation
        fields = ("has_staff", "has_money", "has_place")


class ChangeForm(forms.Form):
    """What every change says: since when, by which paper, why."""

    effective_on = forms.DateField(label=_("从哪天起"), widget=DateInput)
    document_number = forms.CharField(
        label=_("依据文号"), max_length=40, required=False, help_text=_("例如：昆工〔2026〕17号。还没有文号可以不填。")
    )
    reason = forms.CharField(label=_("理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["effective_on"].initial = today()
        self.organisation = organisation

    def clean_document_number(self) -> str:
        number = str(self.cleaned_data["document_number"]).strip()
        if number and read_number(number) is None:
            raise forms.ValidationError(_("文号要像这样写：昆工〔2026〕17号，年份用六角括号。"))
        return number


class RenameForm(ChangeForm):
    name = forms.CharField(label=_("新名称"), max_length=120)
    field_order = ("name",)


class FoundForm(ChangeForm):
    name = forms.CharField(label=_("工会名称"), max_length=120)
    body_kind = forms.ChoiceField(label=_("组织类型"), choices=())
    taking = forms.CharField(
        label=_("覆盖的单位"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("一行一家，填全称或统一社会信用代码。联合工会要写全各家单位。"),
    )
    field_order = ("name", "body_kind", "taking")

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, organisation=organisation, **kwargs)
        self.fields["body_kind"].choices = kinds_under(organisation)  # type: ignore[attr-defined]  # a choice field

    def clean_taking(self) -> list[Employer]:
        found, unknown = [], []
        for line in str(self.cleaned_data["taking"]).splitlines():
            employer = employer_called(line)
            if employer is not None:
                found.append(employer)
            elif line.strip():
                unknown.append(line.strip())
        if unknown:
            raise forms.ValidationError(_("没找到这些单位：{names}。").format(names="、".join(unknown)))
        return found

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("body_kind") == "E2" and len(given.get("taking") or ()) < 2 and "taking" not in self.errors:
            self.add_error("taking", _("联合工会至少要有两家单位。"))
        return given


class SplitForm(ChangeForm):
    name = forms.CharField(label=_("新工会名称"), max_length=120)
    body_kind = forms.ChoiceField(label=_("组织类型"), choices=[("E1", _("单独基层工会")), ("E2", _("联合基层工会"))])
    taking = forms.MultipleChoiceField(
        label=_("哪些单位分出去"),
        choices=(),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("这些单位的会员随劳动关系一起转到新工会。"),
    )
    field_order = ("name", "body_kind", "taking")

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, organisation=organisation, **kwargs)
        self.covered = {link.employer.public_id: link.employer for link in employers(organisation)}
        self.fields["taking"].choices = [  # type: ignore[attr-defined]  # a choice field
            (key, employer.name) for key, employer in self.covered.items()
        ]

    def clean_taking(self) -> list[Employer]:
        chosen = [self.covered[key] for key in self.cleaned_data["taking"]]
        if len(chosen) == len(self.covered):
            raise forms.ValidationError(_("不能把单位全部分出去，原来的工会至少留一家。"))
        return chosen


CHANGE_FORMS: dict[str, type[ChangeForm]] = {
    TreeChange.Kind.FOUND: FoundForm,
    TreeChange.Kind.RENAME: RenameForm,
    TreeChange.Kind.MOVE: ChangeForm,
    TreeChange.Kind.MERGE: ChangeForm,
    TreeChange.Kind.SPLIT: SplitForm,
    TreeChange.Kind.CLOSE: ChangeForm,
}


class DecideForm(forms.Form):
    opinion = forms.CharField(label=_("意见"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, needed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["opinion"].required = needed
        self.fields["opinion"].help_text = _("不同意的，写明为什么。")


class DayForm(forms.Form):
    day = forms.DateField(label=_("哪一天"), widget=DateInput)

    def clean_day(self) -> Any:
        if self.cleaned_data["day"] > today():
            raise forms.ValidationError(_("日期不能晚于今天。"))
        return self.cleaned_data["day"]


class EmployerListForm(forms.Form):
    file = forms.FileField(label=_("单位名单"), help_text=_(".xlsx或.csv，最多20万行、20MB。"))
