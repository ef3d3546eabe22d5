"""Input about cadres: short on the phone, with the rule said where it is broken."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yiwang.grassroots.cadres.models import (
    Cadre,
    Contract,
    Establishment,
    Evaluation,
    LedgerEntry,
    Task,
    Training,
    WorkLog,
)
from yiwang.grassroots.cadres.models.work import Kind
from yiwang.kernel.clock import add_days, today
from yiwang.kernel.errors import DomainError
from yiwang.kernel.identity import BadIdentity, check_identity
from yiwang.platform.ui.widgets import DateInput, IdentityInput, PhoneInput
from yiwang.register.organisations.models import Organisation

TWO = forms.Textarea(attrs={"rows": 2})
THREE = forms.Textarea(attrs={"rows": 3})


class DayField(forms.DateField):
    widget = DateInput


class NominationForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's forms are generic for the type checker only
    """Who, on which post, at which union; an elected post brings the number of the reply."""

    name = forms.CharField(label=_("姓名"), max_length=50)
    id_number = forms.CharField(
        label=_("证件号码"), max_length=40, widget=IdentityInput, help_text=_("核对是谁，加密保存。")
    )
    place = forms.CharField(
        label=_("在哪个工会"), max_length=120, help_text=_("写工会全称或编码。"),
        widget=forms.TextInput(attrs={"list": "places", "autocomplete": "off"}),
    )  # fmt: skip

    class Meta:
        model = Cadre
        fields = (
            "team", "post", "is_full_time", "payer", "other_post", "major", "works_since", "is_section_head",
            "experience_years", "has_no_kin", "planned_to", "starts_on", "document_number",
        )  # fmt: skip
        widgets = {"works_since": DateInput, "planned_to": DateInput, "starts_on": DateInput}
        help_texts = {
            "starts_on": _("选举产生的主席、副主席、委员填。"),
            "document_number": _("选举产生的填上级批复文号，像“昆工〔2026〕17号”。"),
            "planned_to": _("挂职、聘期有期限的填。"),
        }

    field_order = ("name", "id_number", "place", "team", "post")

    def __init__(self, *args: Any, places: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = places

    def clean_id_number(self) -> str:
        try:
            return str(check_identity("1", self.cleaned_data["id_number"]).number)
        except BadIdentity as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def clean_place(self) -> Organisation:
        text = str(self.cleaned_data["place"]).strip()
        rows = self.places.filter(name=text) | self.places.filter(code=text) | self.places.filter(short_name=text)
        found: Organisation | None = rows.order_by("level").first()
        if found is None:
            raise forms.ValidationError(_("没找到这个工会，或者它不归你管。请写全称或编码。"))
        return found


class WordsForm(forms.Form):
    note = forms.CharField(label=_("意见"), max_length=300, required=False, widget=TWO)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("为什么"), max_length=200, widget=TWO)


class AppointForm(forms.Form):
    starts_on = DayField(label=_("任职时间"))
    document_number = forms.CharField(label=_("任职文号"), max_length=40, help_text=_("像“昆工〔2026〕17号”。"))


class EndForm(forms.Form):
    ended_on = DayField(label=_("最后一天"))
    reason = forms.CharField(label=_("为什么离任"), max_length=200)


class ContractForm(forms.ModelForm):  # type: ignore[type-arg]  # as above
    class Meta:
        model = Contract
        fields = (
            "kind",
            "number",
            "starts_on",
            "ends_on",
            "probation_to",
            "dispatcher",
            "home_body",
            "pay_grade",
            "has_insurance",
        )
        widgets = {"starts_on": DateInput, "ends_on": DateInput, "probation_to": DateInput}

    def _post_clean(self) -> None:
        """Only the shape is judged here: that papers don't overlap is the action's to say, in words."""


class CertificateForm(forms.Form):
    name = forms.CharField(label=_("证书"), max_length=60)
    number = forms.CharField(label=_("证书编号"), max_length=40, required=False)
    expires_on = DayField(label=_("有效期到"), required=False)


class AreaForm(forms.Form):
    where = forms.CharField(
        label=_("服务哪里"), max_length=120,
        help_text=_("写工会全称（连它下面的一起服务），或者没建会单位的全称、统一社会信用代码。"),
    )  # fmt: skip


class TaskForm(forms.ModelForm):  # type: ignore[type-arg]  # as above
    class Meta:
        model = Task
        fields = ("kind", "title", "due_on")
        widgets = {"due_on": DateInput}


class ResultForm(forms.Form):
    result = forms.CharField(label=_("做得怎样"), max_length=300, widget=TWO)


class LogForm(forms.ModelForm):  # type: ignore[type-arg]  # as above
    """Three answers are enough; the rest is folded away."""

    key = forms.CharField(max_length=40, widget=forms.HiddenInput)
    where = forms.CharField(
        label=_("去了哪里"), max_length=120, required=False,
        widget=forms.TextInput(attrs={"list": "bodies", "autocomplete": "off"}),
        help_text=_("打几个字，从名单里选；名单里没有就写地点。"),
    )  # fmt: skip
    task = forms.ModelChoiceField(
        label=_("做的是哪个任务"), queryset=Task.objects.none(), to_field_name="public_id", required=False
    )
    longitude = forms.DecimalField(max_digits=10, decimal_places=7, required=False, widget=forms.HiddenInput)
    latitude = forms.DecimalField(max_digits=10, decimal_places=7, required=False, widget=forms.HiddenInput)

    class Meta:
        model = WorkLog
        fields = ("kind", "content", "day", "met", "result", "minutes")
        widgets = {"day": DateInput, "content": THREE, "result": TWO}

    field_order = ("key", "kind", "where", "content")
    FIRST = ("kind", "where", "content")

    def __init__(self, *args: Any, tasks: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["task"].queryset = tasks  # type: ignore[attr-defined]  # a model choice field
        self.fields["minutes"].min_value = 1  # type: ignore[attr-defined]  # a whole number
        if not tasks:
            del self.fields["task"]

    @property
    def first(self) -> list[forms.BoundField]:
        return [self[name] for name in self.FIRST]

    @property
    def more(self) -> list[forms.BoundField]:
        hidden = ("key", "longitude", "latitude")
        return [bound for bound in self if bound.name not in (*self.FIRST, *hidden)]

    def _post_clean(self) -> None:
        minutes = self.cleaned_data.get("minutes")
        if minutes is not None and not 1 <= minutes <= 1440:
            self.add_error("minutes", _("一条日志的时间在1到1440分钟之间。"))
        one, other = self.cleaned_data.get("longitude"), self.cleaned_data.get("latitude")
        if (one is None) != (other is None):
            self.cleaned_data["longitude"] = self.cleaned_data["latitude"] = None


class CardForm(forms.Form):
    """What workers see of me."""

    office_phone = forms.CharField(
        label=_("办公电话"),
        max_length=30,
        required=False,
        widget=PhoneInput,
        help_text=_("空着就显示工会的电话。别填私人手机号。"),
    )
    hours = forms.CharField(
        label=_("什么时候在"), max_length=80, required=False, help_text=_("像“周一到周五9:00到17:00，周三下午下企业”。")
    )
    place = forms.CharField(label=_("在哪里能找到"), max_length=120, required=False)
    shows_photo = forms.BooleanField(
        label=_("我同意让职工看到我的照片"), required=False, help_text=_("随时可以取消，取消以后马上不显示。")
    )


class TrainingForm(forms.ModelForm):  # type: ignore[type-arg]  # as above
    class Meta:
        model = Training
        fields = ("title", "field", "mode", "starts_on", "ends_on", "hours", "provider", "evidence")
        widgets = {"starts_on": DateInput, "ends_on": DateInput}
        help_texts = {
            "hours": _("几天的写总数。一天有上限，超了会告诉你。"),
            "evidence": _("结业证号、签到表或通知的文号。"),
        }

    def _post_clean(self) -> None:
        if self.cleaned_data.get("hours", Decimal(1)) <= 0:
            self.add_error("hours", _("学时要大于0。"))


class LedgerForm(forms.ModelForm):  # type: ignore[type-arg]  # as above
    firm = forms.CharField(label=_("企业"), max_length=120, help_text=_("写全称或统一社会信用代码。"))

    class Meta:
        model = LedgerEntry
        fields = (
            "year", "kind", "offered_on", "rounds", "signed_on", "filed_on", "covered", "raise_percent", "difficulty",
            "next_step",
        )  # fmt: skip
        widgets = {"offered_on": DateInput, "signed_on": DateInput, "filed_on": DateInput}

    field_order = ("firm", "year", "kind")

    def _post_clean(self) -> None:
        """Shape only; the order of days is the action's to judge."""


class PostsForm(forms.ModelForm):  # type: ignore[type-arg]  # as above
    """How many people a body is meant to have."""

    where = forms.CharField(label=_("哪个工会"), max_length=120, help_text=_("写工会全称或编码。"))

    class Meta:
        model = Establishment
        fields = ("team", "headcount", "basis")

    field_order = ("where", "team", "headcount", "basis")


# (key, label, parameter of its weight, evidence said in words)
SCHEME: tuple[tuple[str, str | Promise, str], ...] = (
    ("coverage", _("覆盖：服务的工会、单位都走到了"), "weight_coverage"),
    ("results", _("成效：合同生效、任务完成"), "weight_results"),
    ("quality", _("质效：做得实不实"), "weight_quality"),
    ("logs", _("走访和日志：够不够、及时不及时"), "weight_logs"),
    ("training", _("给基层讲课、培训"), "weight_training"),
    ("satisfaction", _("基层工会满意不满意"), "weight_satisfaction"),
)


class RatingForm(forms.Form):
    """Points for each item of the scheme, 0 to 100."""

    period = forms.CharField(label=_("哪一期"), max_length=6)
    grade = forms.ChoiceField(label=_("等次"), choices=Evaluation.Grade.choices)
    words = forms.CharField(label=_("评语"), max_length=500, required=False, widget=THREE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key, label, _weight in SCHEME:
            self.fields[key] = forms.IntegerField(label=str(label), min_value=0, max_value=100)

    @property
    def scores(self) -> dict[str, int]:
        return {key: self.cleaned_data[key] for key, _label, _weight in SCHEME}

    def clean_period(self) -> str:
        text = str(self.cleaned_data["period"]).strip().upper()
        if len(text) not in (4, 6) or not text[:4].isdigit() or text[4:] not in ("", "H1", "H2"):
            raise forms.ValidationError(_("写年份，或者年份加H1、H2，像2026H1。"))
        return text


class OutcomeForm(forms.Form):
    outcome = forms.ChoiceField(label=_("怎么用"), choices=Evaluation.Outcome.choices)


class NoteForm(forms.Form):
    note = forms.CharField(label=_("哪里要改"), max_length=300, widget=TWO)


class AppealForm(forms.Form):
    text = forms.CharField(label=_("哪里不同意"), max_length=500, widget=THREE)


class AnswerForm(forms.Form):
    answer = forms.CharField(label=_("复核结果"), max_length=500, widget=THREE)
    grade = forms.ChoiceField(label=_("等次"), choices=Evaluation.Grade.choices)


def refuse(form: forms.BaseForm, refusal: DomainError) -> None:
    """Beside its fields, or above the form."""
    placed = [name for name in refusal.fields if name in form.fields]
    for name in placed:
        form.add_error(name, refusal.fields[name])
    if not placed:
        form.add_error(None, str(refusal))


def log_start(kind: str) -> dict[str, Any]:
    return {"day": today(), "minutes": 60, "kind": kind if kind in Kind.values else Kind.VISIT}


def task_start() -> dict[str, Any]:
    return {"due_on": add_days(today(), 14), "kind": Kind.VISIT}
