"""What people write on the pages of the case line: shape and friendly messages, no writes."""

import unicodedata
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiwang.kernel.errors import DomainError
from yiwang.kernel.identity import parse_phone
from yiwang.net.cases.models import Case, ClockPause, Decision
from yiwang.platform.ui.widgets import DateInput, MoneyInput, PhoneInput, PhotoInput
from yiwang.register.access.models import Recusal

Pairs = Iterable[tuple[str, str]]
LONG = 2000


def text_field(
    label: Any, *, hint: Any = "", rows: int = 3, required: bool = True, most: int = LONG
) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=hint, required=required, max_length=most, widget=forms.Textarea({"rows": rows})
    )


class MoneyField(forms.DecimalField):
    """Yuan as people type them: commas, full-width digits and 元 make no difference."""

    widget = MoneyInput

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = unicodedata.normalize("NFKC", value).replace(",", "").replace(" ", "").removesuffix("元")
        return super().to_python(value)


class ConsentForm(forms.Form):
    """What the applicant agrees to before handing in; nothing is ticked beforehand."""

    truthful = forms.BooleanField(
        label=gettext_lazy("我填的是真的"),
        error_messages={"required": gettext_lazy("请确认填的是真的，勾上再提交。")},
    )

    def __init__(self, *args: Any, sources: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sources = sources
        if sources:
            self.fields["sharing"] = forms.BooleanField(
                label=_("让工会向{sources}核对这次申请要用的信息").format(sources="、".join(sources)),
                help_text=_("只核对这一次要用的，办完就停"),
                error_messages={"required": _("没有你的同意我们不能去核对。不想同意就打12351，我们告诉你要交哪些。")},
            )

    def consents(self) -> list[dict[str, str]]:
        return [{"key": name, "text": str(field.label)} for name, field in self.fields.items()]


class ForWhomForm(forms.Form):
    """Whether the request is one's own or that of somebody who gave a mandate."""

    for_whom = forms.ChoiceField(label=gettext_lazy("替谁办"), widget=forms.RadioSelect, initial="")

    def __init__(self, *args: Any, persons: Pairs, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["for_whom"]
        assert isinstance(field, forms.ChoiceField)
        field.required = False
        field.choices = [("", _("给自己办")), *persons]


class SupplementAnswerForm(forms.Form):
    text = text_field(gettext_lazy("想说明的"), required=False, hint=gettext_lazy("材料丢了、开不出来，写在这里"))
    papers = forms.FileField(
        label=gettext_lazy("照片或文件"), required=False, widget=PhotoInput({"multiple": True}),
        help_text=gettext_lazy("最多6个，每个不超过10兆。单子摊平，四个角都拍进去。"),
    )  # fmt: skip


class MessageForm(forms.Form):
    text = text_field(gettext_lazy("想说的话"), most=1000)


class UrgeForm(forms.Form):
    text = text_field(gettext_lazy("为什么着急"), required=False, rows=2, most=300, hint=gettext_lazy("不写也可以"))


class AppealForm(forms.Form):
    text = text_field(gettext_lazy("哪里不同意"), hint=gettext_lazy("写你的理由，有新的材料也写上"))


class NothingForm(forms.Form):
    """For a move that needs no words."""


class AcceptForm(NothingForm):
    pass


class RefuseForm(forms.Form):
    reason = text_field(gettext_lazy("为什么不受理"), hint=gettext_lazy("写清事实和依据，申请人会看到"))
    other_ways = text_field(gettext_lazy("还能找谁、走哪条路"), rows=2)
    recourse = text_field(gettext_lazy("不服怎么办"), rows=2, hint=gettext_lazy("例如：15天内可以向上级工会申请复核"))


class AskSupplementForm(forms.Form):
    """Everything that is missing, in one go."""

    ROWS = 4

    message = text_field(gettext_lazy("给申请人的话"), required=False, rows=2)

    def __init__(self, *args: Any, approvers: Pairs = (), asked_before: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for n in range(1, self.ROWS + 1):
            self.fields[f"name_{n}"] = forms.CharField(label=_("第{n}样").format(n=n), max_length=80, required=n == 1)
            self.fields[f"why_{n}"] = forms.CharField(
                label=_("第{n}样为什么要").format(n=n), max_length=200, required=False
            )
        if asked_before:
            self.fields["new_facts"] = text_field(
                _("出现了什么新情况"), rows=2, hint=_("已经要过一次。再要，必须有新情况，并由另一位同事同意。")
            )
            self.fields["approver"] = forms.ChoiceField(label=_("谁同意的"), choices=[("", "—"), *approvers])

    def items(self) -> list[dict[str, str]]:
        data = self.cleaned_data
        return [
            {"name": data[f"name_{n}"], "why": data[f"why_{n}"]}
            for n in range(1, self.ROWS + 1)
            if data.get(f"name_{n}")
        ]


class OpinionForm(forms.Form):
    opinion = text_field(gettext_lazy("办理意见"))


class PauseForm(forms.Form):
    kind = forms.ChoiceField(
        label=gettext_lazy("等什么"),
        choices=[choice for choice in ClockPause.Kind.choices if choice[0] != ClockPause.Kind.SUPPLEMENT],
    )
    reason = text_field(gettext_lazy("说明"), rows=2, most=300, hint=gettext_lazy("申请人会看到"))
    expected_on = forms.DateField(label=gettext_lazy("估计到哪天"), required=False, widget=DateInput)


class ExtendForm(forms.Form):
    amount = forms.IntegerField(label=gettext_lazy("延长几天"), min_value=1, max_value=366)
    reason = text_field(gettext_lazy("为什么要延"), rows=2, hint=gettext_lazy("只能延一次，申请人会收到通知书"))


class BodyForm(forms.Form):
    """A union body to give the case to, and why."""

    organisation = forms.ChoiceField(label=gettext_lazy("哪个工会"))
    reason = text_field(gettext_lazy("理由"), rows=2, most=300)

    def __init__(self, *args: Any, bodies: Pairs, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "—"), *bodies]


class TaskForm(BodyForm):
    reason = text_field(gettext_lazy("请他们做什么"), rows=2, most=300)


class ReasonForm(forms.Form):
    reason = text_field(gettext_lazy("理由"), rows=2)


class RecuseForm(forms.Form):
    """A tie to this matter, or to the person behind it altogether."""

    kind = forms.ChoiceField(label=gettext_lazy("什么关系"), choices=Recusal.Reason.choices, widget=forms.RadioSelect)
    reach = forms.ChoiceField(
        label=gettext_lazy("回避到哪里"), widget=forms.RadioSelect, initial="case",
        choices=[("case", gettext_lazy("只这一件")), ("person", gettext_lazy("这个人的所有事"))],
    )  # fmt: skip
    reason = text_field(gettext_lazy("说明"), rows=2, most=200)

    def __init__(self, *args: Any, has_person: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_person:
            del self.fields["reach"]


class RevealForm(forms.Form):
    """Why somebody needs to see the full numbers; the applicant can read it."""

    purpose = forms.CharField(
        label=gettext_lazy("为什么要看"), max_length=200,
        help_text=gettext_lazy("申请人本人能看到你写的原因。例如：打电话核对材料。"),
    )  # fmt: skip


class OfficerForm(forms.Form):
    """A colleague to give the case to."""

    handler = forms.ChoiceField(label=gettext_lazy("交给谁"))

    def __init__(self, *args: Any, officers: Pairs, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["handler"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "—"), *officers]


class WordsForm(forms.Form):
    text = text_field(gettext_lazy("内容"))


class ReportForm(forms.Form):
    report = text_field(gettext_lazy("协办情况"))


class SuperviseForm(forms.Form):
    demand = text_field(gettext_lazy("要求"), rows=2)
    due_on = forms.DateField(label=gettext_lazy("哪天前"), required=False, widget=DateInput)


class MergeForm(forms.Form):
    number = forms.CharField(label=gettext_lazy("并到哪一件"), max_length=40, help_text=gettext_lazy("写编号"))


class DecisionForm(forms.Form):
    """The conclusion. The amount is the calculated one unless a reason says why not."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("结论"), widget=forms.RadioSelect,
        choices=[(Decision.Outcome.OK, gettext_lazy("同意")), (Decision.Outcome.NO, gettext_lazy("不同意"))],
    )  # fmt: skip
    amount = MoneyField(
        label=gettext_lazy("核定金额"), max_digits=12, decimal_places=2, min_value=0, required=False,
        help_text=gettext_lazy("不填就按核算的；和核算不一样时，要写理由。"),
    )  # fmt: skip
    amount_reason = forms.CharField(label=gettext_lazy("金额为什么不一样"), max_length=300, required=False)
    reason = text_field(gettext_lazy("意见和理由"), hint=gettext_lazy("申请人看得懂的话"))
    other_ways = text_field(gettext_lazy("不同意时：还能走哪条路"), rows=2, required=False)
    recourse = text_field(gettext_lazy("不服怎么办"), rows=2, required=False)
    corrections = text_field(gettext_lazy("哪项信息不对，找谁改"), rows=2, required=False)

    def __init__(self, *args: Any, has_amount: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_amount:
            del self.fields["amount"]
            del self.fields["amount_reason"]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("outcome") == Decision.Outcome.NO:
            for name in ("other_ways", "recourse"):
                if not data.get(name):
                    self.add_error(name, _("不同意时这里不能空：要给申请人留路。"))
        return data


class ReviewForm(forms.Form):
    upheld = forms.ChoiceField(
        label=gettext_lazy("复核结论"), widget=forms.RadioSelect,
        choices=[("yes", gettext_lazy("维持原结果")), ("no", gettext_lazy("撤销，重新办理"))],
    )  # fmt: skip
    answer = text_field(gettext_lazy("理由"))


class IntakeForm(forms.Form):
    """Who called or came, before the questions of the service."""

    channel = forms.ChoiceField(
        label=gettext_lazy("怎么来的"), widget=forms.RadioSelect,
        choices=[c for c in Case.Channel.choices if c[0] in ("phone", "visit", "hotline", "station", "transfer")],
    )  # fmt: skip
    service = forms.ChoiceField(label=gettext_lazy("办什么事"))
    name = forms.CharField(label=gettext_lazy("姓名"), max_length=50)
    phone = forms.CharField(label=gettext_lazy("手机号"), widget=PhoneInput, max_length=20)

    def __init__(self, *args: Any, services: Pairs, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["service"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "—"), *services]

    def clean_phone(self) -> str:
        try:
            return parse_phone(self.cleaned_data["phone"])
        except DomainError as refusal:
            raise forms.ValidationError(str(refusal)) from None


class HandOverAllForm(forms.Form):
    """All open cases of one officer to another (离任移交)."""

    leaving = forms.ChoiceField(label=gettext_lazy("谁离任"))
    successor = forms.ChoiceField(label=gettext_lazy("交给谁"))
    reason = text_field(gettext_lazy("理由"), rows=2, most=300)

    def __init__(self, *args: Any, officers: Pairs, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("leaving", "successor"):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", "—"), *officers]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("leaving") and data.get("leaving") == data.get("successor"):
            self.add_error("successor", _("交给的人不能是离任的人自己。"))
        return data
