"""Input of each step on the way to a committee."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yiwang.grassroots.founding.formulas import Count
from yiwang.grassroots.founding.models import Body, Candidate, Post, Procedure, Seal, Seat
from yiwang.kernel.clock import today
from yiwang.platform.ui.widgets import DateInput, MoneyInput
from yiwang.register.members.models import Membership
from yiwang.register.organisations.models import Employer, Organisation
from yiwang.register.organisations.queries import employer_called

SIDES = ("party", "worker", "employer")


class PreparationForm(forms.Form):
    """What the union will be called, who prepares it, what the guidance found."""

    name = forms.CharField(label=_("工会名称"), max_length=120, help_text=_("例如：恒达精密机械（昆山）有限公司工会。"))
    party_people = forms.CharField(label=_("筹备组里党组织的代表"), max_length=100, required=False)
    worker_people = forms.CharField(
        label=_("筹备组里的职工代表"), max_length=100, help_text=_("几个人用顿号隔开。筹备组一共3到5人。")
    )
    employer_people = forms.CharField(label=_("筹备组里行政方的代表"), max_length=100, required=False)
    has_party_consent = forms.BooleanField(label=_("单位党组织同意建会"), required=False)
    reason = forms.CharField(
        label=_("走访指导的情况"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    @property
    def group(self) -> list[dict[str, str]]:
        people = []
        for side in SIDES:
            text = str(self.cleaned_data.get(f"{side}_people", "")).replace("，", "、").replace(",", "、")
            people += [{"name": name.strip(), "side": side} for name in text.split("、") if name.strip()]
        return people


class CorrectionForm(PreparationForm):
    """The same of a founding that has begun, with the number of employees, which may have been unknown."""

    headcount = forms.IntegerField(label=_("职工数"), min_value=0, max_value=5_000_000)

    field_order = ("name", "headcount")

    def __init__(self, *args: Any, procedure: Procedure, **kwargs: Any) -> None:
        people = {side: [row["name"] for row in procedure.group if row.get("side") == side] for side in SIDES}
        said = {f"{side}_people": "、".join(names) for side, names in people.items()}
        kept = {name: getattr(procedure, name) for name in ("name", "headcount", "has_party_consent", "reason")}
        super().__init__(*args, **{"initial": {**said, **kept}, **kwargs})

    @property
    def facts(self) -> dict[str, Any]:
        given = self.cleaned_data
        kept = {name: given[name] for name in ("name", "headcount", "has_party_consent", "reason")}
        return {**kept, "group": self.group}


class FoundingForm(PreparationForm):
    """Who founds a union, under which body, who prepares it."""

    superior = forms.ModelChoiceField(
        label=_("上级工会"), queryset=Organisation.objects.none(), to_field_name="public_id", empty_label=None
    )
    employers = forms.CharField(
        label=_("用人单位"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("填全称或统一社会信用代码。几家联合建会的，一行一家。"),
    )

    field_order = ("superior", "employers")

    def __init__(self, *args: Any, places: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["superior"].queryset = places  # type: ignore[attr-defined]  # a model choice field

    def clean_employers(self) -> list[Employer]:
        found, unknown = [], []
        for line in str(self.cleaned_data["employers"]).splitlines():
            employer = employer_called(line)
            if employer is not None:
                found.append(employer)
            elif line.strip():
                unknown.append(line.strip())
        if unknown:
            raise forms.ValidationError(
                _("没找到这些单位：{names}。请先把单位名单导进来。").format(names="、".join(unknown))
            )
        return found


class PlanForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's forms are generic for the type checker only
    class Meta:
        model = Procedure
        fields = ("seats", "audit_seats", "women_seats", "term_years", "meeting_form")
        widgets = {"term_years": forms.Select(choices=[(3, "3"), (5, "5")])}


class CandidateForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's forms are generic for the type checker only
    """One candidate, by name or by the number of the member."""

    who = forms.CharField(label=_("姓名或会员编号"), max_length=50)

    class Meta:
        model = Candidate
        fields = ("body", "post", "is_employer_head", "is_kin_of_head", "is_personnel_head", "is_finance")

    field_order = ("who",)

    def __init__(self, *args: Any, members: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = members
        self.fields["body"].initial, self.fields["post"].initial = Body.COMMITTEE, Post.MEMBER

    def clean_who(self) -> Membership:
        text = str(self.cleaned_data["who"]).strip()
        found = list(self.members.filter(number=text)[:2]) or list(self.members.filter(person__name=text)[:3])
        if not found:
            raise forms.ValidationError(_("有选举权的会员里没有这个人。保留会籍的人不能做候选人。"))
        if len(found) > 1:
            raise forms.ValidationError(_("有几个同名的会员，请填会员编号。"))
        membership: Membership = found[0]
        return membership


class ResultForm(forms.Form):
    """The paper count, with one box for each candidate."""

    held_on = forms.DateField(label=_("开会日期"), widget=DateInput)
    place = forms.CharField(label=_("开会地点"), max_length=120)
    entitled = forms.IntegerField(label=_("应到"), min_value=1)
    present = forms.IntegerField(label=_("实到"), min_value=0)
    issued = forms.IntegerField(label=_("发出票"), min_value=0)
    returned = forms.IntegerField(label=_("收回票"), min_value=0)
    valid = forms.IntegerField(label=_("有效票"), min_value=0)
    invalid = forms.IntegerField(label=_("无效票"), min_value=0)
    overseer = forms.CharField(label=_("监票人"), max_length=60)
    counter = forms.CharField(label=_("计票人"), max_length=60)

    def __init__(self, *args: Any, candidates: list[Candidate], entitled: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["entitled"].initial = entitled
        self.fields["held_on"].initial = today()
        self.candidates = candidates
        for row in candidates:
            label = _("{name}的赞成票（{body}{post}）").format(
                name=row.person.name, body=row.get_body_display(), post=row.get_post_display()
            )
            self.fields[f"votes_{row.public_id}"] = forms.IntegerField(label=label, min_value=0)

    @property
    def count(self) -> Count:
        names = ("entitled", "present", "issued", "returned", "valid", "invalid")
        return Count(**{name: self.cleaned_data[name] for name in names})

    @property
    def votes(self) -> dict[int, int]:
        return {row.pk: self.cleaned_data[f"votes_{row.public_id}"] for row in self.candidates}


class OpinionForm(forms.Form):
    opinion = forms.CharField(label=_("意见"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, needed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["opinion"].required = needed


class ElectionForm(forms.Form):
    """Why a re-election or by-election begins."""

    kind = forms.ChoiceField(
        label=_("办什么"),
        choices=[(kind.value, kind.label) for kind in (Procedure.Kind.REELECTION, Procedure.Kind.BY_ELECTION)],
    )
    reason = forms.CharField(label=_("说明"), max_length=300, required=False)


class ExtensionForm(forms.Form):
    until = forms.DateField(label=_("延期到"), widget=DateInput)
    reason = forms.CharField(label=_("为什么延期"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class MoneyField(forms.DecimalField):
    """An amount as the money box writes it, with commas."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace(",", "").replace("，", "") if isinstance(value, str) else value)


class CertificateForm(forms.Form):
    address = forms.CharField(label=_("住所"), max_length=200)
    funds = MoneyField(label=_("经费和财产（元）"), max_digits=14, decimal_places=2, min_value=0, widget=MoneyInput)
    floor_area = forms.IntegerField(label=_("办公、活动场所面积（平方米）"), min_value=0)
    business = forms.CharField(
        label=_("业务范围"), max_length=300, initial=_("维护职工合法权益，组织职工参加民主管理，服务职工。")
    )


class IssueForm(forms.Form):
    uscc = forms.CharField(label=_("统一社会信用代码"), max_length=18, help_text=_("以81或89开头，18位。"))
    number = forms.CharField(label=_("证书号"), max_length=40)
    opinion = forms.CharField(label=_("意见"), max_length=300, required=False)


class SealForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's forms are generic for the type checker only
    class Meta:
        model = Seal
        fields = ("kind", "made_on", "keeper")
        widgets = {"made_on": DateInput}


class VacateForm(forms.Form):
    reason = forms.ChoiceField(label=_("怎么离任的"), choices=[row for row in Seat.End.choices if row[0] != "term"])
    consent_document = forms.CharField(
        label=_("上级同意文号"), max_length=40, required=False, help_text=_("主席、副主席调动要填。")
    )
