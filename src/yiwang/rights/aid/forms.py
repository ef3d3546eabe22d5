"""What officers write down about a household, and what they decide."""

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.errors import DomainError
from yiwang.kernel.money import parse_yuan
from yiwang.net.payments.models import Fund
from yiwang.rights.aid.codes import (
    AssetKind,
    Bucket,
    Cause,
    FileClass,
    Holding,
    Housing,
    IncomeKind,
    ItemKind,
    Knowledge,
    Relation,
    Signal,
    Stage,
    VehicleUse,
    WorkState,
)
from yiwang.rights.aid.models import Call, Finding, Grant, Income, Outreach, Referral, Visit

MOST_TRIED = 10**9
FROM_OUTSIDE = (
    Signal.WAGE, Signal.HOMES, Signal.VEHICLE, Signal.BUSINESS,
    Signal.STATUS, Signal.BALANCES, Signal.STUDENT, Signal.INVOICE,
)  # fmt: skip


class YuanField(forms.CharField):
    """An amount as people write it; empty is nothing."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 20)
        super().__init__(widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}), **kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return parse_yuan("0")
        try:
            return parse_yuan(text)
        except DomainError as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


class MaybeYuanField(YuanField):
    """An amount that may not be known: empty is not nothing."""

    def clean(self, value: Any) -> Any:
        return super().clean(value) if value and value.strip() else None


class DayField(forms.DateField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), **kwargs)


class OpenForm(forms.Form):
    person = forms.CharField(label=_("申请人的身份证号或会员手机号"), max_length=30)
    region = forms.CharField(label=_("按哪个地区的标准（6位区划代码）"), max_length=6, min_length=6)
    is_urgent = forms.BooleanField(label=_("急事，先帮后补（先审批，再入户）"), required=False)
    main_cause = forms.ChoiceField(label=_("主要致困原因"), choices=Cause.choices)


EXCLUSIONS = [
    ("costly_school", _("子女上高收费私校或自费留学")),
    ("high_consumption", _("高消费")),
    ("refuses_checks", _("不配合核对")),
    ("false_declaration", _("虚假申报")),
    ("refuses_work", _("有能力，无正当理由不就业")),
]
BEFORE = {
    "homes": _("两套以上住房"),
    "vehicle": _("名下有车（残疾、患病代步的不算）"),
    "controls_company": _("是控股股东或实际控制人"),
}


class CircumstancesForm(forms.Form):
    main_cause = forms.ChoiceField(label=_("主要致困原因"), choices=Cause.choices)
    other_causes = forms.MultipleChoiceField(
        label=_("次要致困原因"), choices=Cause.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    is_union_member = forms.BooleanField(label=_("是工会会员"), required=False)
    is_rural_migrant = forms.BooleanField(label=_("是农民工"), required=False)
    labour_months = forms.IntegerField(label=_("劳动关系几个月了"), min_value=0, max_value=900)
    exclusions = forms.MultipleChoiceField(
        label=_("有没有这些情形"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=EXCLUSIONS,
        help_text=_("房、车、存款、企业一样一样写在“家里的财产”里。"),
    )  # fmt: skip
    disaster_casualty = forms.BooleanField(label=_("因灾害、重大事故有人伤亡"), required=False)
    accident_loss = YuanField(label=_("意外损失（元）"), required=False)
    accident_paid = YuanField(label=_("意外已经赔付、救助的（元）"), required=False)
    disability_care = YuanField(label=_("因残或长期照料花费（元）"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Files from before belongings were written down keep what was ticked, until somebody takes it away."""
        super().__init__(*args, **kwargs)
        choice = self.fields["exclusions"]
        assert isinstance(choice, forms.MultipleChoiceField)
        ticked = [code for code in self.initial.get("exclusions") or () if code in BEFORE]
        choice.choices = [*((code, BEFORE[code]) for code in ticked), *EXCLUSIONS]


class MemberForm(forms.Form):
    name = forms.CharField(label=_("姓名"), max_length=50)
    relation = forms.ChoiceField(
        label=_("和申请人的关系"), choices=[choice for choice in Relation.choices if choice[0] != Relation.SELF]
    )
    id_number = forms.CharField(label=_("身份证号"), max_length=30, required=False)
    birth_date = DayField(label=_("出生日期"), required=False, help_text=_("填了身份证号就不用填。"))
    is_coresident = forms.BooleanField(label=_("共同生活"), required=False, initial=True)
    work_state = forms.ChoiceField(label=_("身份"), choices=[("", "—"), *WorkState.choices], required=False)
    stage = forms.ChoiceField(label=_("就读阶段"), choices=[("", "—"), *Stage.choices], required=False)
    school = forms.CharField(label=_("学校"), max_length=80, required=False)
    disability_grade = forms.IntegerField(label=_("残疾等级"), min_value=1, max_value=4, required=False)
    disability_number = forms.CharField(label=_("残疾证号"), max_length=30, required=False)


class IncomeForm(forms.Form):
    member = forms.ChoiceField(label=_("谁的"))
    kind = forms.ChoiceField(label=_("收入种类"), choices=IncomeKind.choices)
    amount = YuanField(label=_("一年金额"))
    months = forms.IntegerField(label=_("一年工作几个月"), min_value=0, max_value=12, required=False)
    proof = forms.ChoiceField(label=_("凭据"), choices=Income.Proof.choices)
    why = forms.CharField(
        label=_("为什么这样认"), max_length=200, required=False, help_text=_("和本人申报不一样的，要写；本人会看到。")
    )

    def __init__(self, *args: Any, members: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"] = forms.ChoiceField(label=_("谁的"), choices=list(members))


class ExpenseForm(forms.Form):
    member = forms.ChoiceField(label=_("谁的"))
    bucket = forms.ChoiceField(label=_("支出种类"), choices=Bucket.choices)
    day = DayField(label=_("日期"))
    total = YuanField(label=_("总金额"))
    basic = YuanField(label=_("基本医保报了"), required=False)
    serious = YuanField(label=_("大病保险报了"), required=False)
    assistance = YuanField(label=_("医疗救助给了"), required=False)
    commercial = YuanField(label=_("商业保险赔了"), required=False)
    mutual = YuanField(label=_("职工互助给了"), required=False)
    invoice = forms.CharField(label=_("票据号"), max_length=40, required=False)
    payee = forms.CharField(label=_("付给谁"), max_length=80, required=False)

    def __init__(self, *args: Any, members: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"] = forms.ChoiceField(label=_("谁的"), choices=list(members))


class AssetForm(forms.Form):
    """One belonging: only what fits its kind is kept."""

    kind = forms.ChoiceField(label=_("是什么"), choices=AssetKind.choices)
    member = forms.ChoiceField(label=_("谁的"))
    holding = forms.ChoiceField(label=_("自己的还是租借的"), choices=Holding.choices)
    housing = forms.ChoiceField(label=_("住房类型"), choices=[("", "—"), *Housing.choices], required=False)
    area = forms.DecimalField(
        label=_("面积（平方米）"), max_digits=8, decimal_places=2, required=False, help_text=_("住房和商铺填。")
    )
    vehicle_use = forms.ChoiceField(
        label=_("车做什么用"), choices=[("", "—"), *VehicleUse.choices], required=False,
        help_text=_("残疾、看病代步的不算有车。"),
    )  # fmt: skip
    controls = forms.BooleanField(label=_("企业由这家人控股或实际控制"), required=False)
    value = MaybeYuanField(label=_("值多少（元）"), required=False, help_text=_("存款、大额开销要填。"))
    origin = forms.ChoiceField(
        label=_("怎么知道的"), choices=Knowledge.choices, initial=Knowledge.SEEN,
        help_text=_("核对平台告知的，本人要先签核对授权。"),
    )  # fmt: skip
    words = forms.CharField(label=_("说明"), max_length=120, required=False)

    def __init__(self, *args: Any, members: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"] = forms.ChoiceField(label=_("谁的"), choices=[("", _("全家")), *members], required=False)


AGREES = [("yes", _("一样")), ("no", _("不一样")), ("unseen", _("没看到"))]


class VisitForm(forms.Form):
    """``facts``: what the household declared, to be looked at one by one: (what, how much)."""

    key = forms.CharField(max_length=40, widget=forms.HiddenInput)
    second = forms.CharField(label=_("同去的人"), max_length=50)
    day = DayField(label=_("哪天去的"))
    place = forms.CharField(label=_("地点"), max_length=120)
    seen = forms.CharField(label=_("见到了谁"), max_length=120)
    findings = forms.CharField(label=_("看到的情况"), max_length=2000, widget=forms.Textarea({"rows": 5}))
    opinion = forms.ChoiceField(label=_("申报是否属实"), choices=Visit.Opinion.choices, widget=forms.RadioSelect)
    application_signed = forms.BooleanField(label=_("申请书当面签了"), required=False)
    authorisation_signed = forms.BooleanField(label=_("核对授权书当面签了"), required=False)

    def __init__(self, *args: Any, facts: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.facts = list(facts)
        for place, (what, declared) in enumerate(self.facts):
            self.fields[f"agrees_{place}"] = forms.ChoiceField(
                label=f"{what} {declared}", choices=AGREES, widget=forms.RadioSelect
            )
            self.fields[f"words_{place}"] = forms.CharField(
                label=_("不一样在哪，看到的是多少"), max_length=120, required=False
            )

    @property
    def asked(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"agrees_{place}"], self[f"words_{place}"]) for place in range(len(self.facts))]

    @property
    def plain(self) -> list[forms.BoundField]:
        return [bound for bound in self if not bound.name.startswith(("agrees_", "words_"))]

    def visit(self) -> dict[str, Any]:
        """What the action takes: the plain answers, and the declared facts that were looked at."""
        data = {name: self.cleaned_data[name] for name in VisitForm.base_fields}
        data["checked"] = [
            {
                "what": what,
                "declared": declared,
                "agrees": self.cleaned_data[f"agrees_{place}"],
                "words": self.cleaned_data[f"words_{place}"].strip(),
            }
            for place, (what, declared) in enumerate(self.facts)
        ]
        return data


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("理由"), max_length=300, widget=forms.Textarea({"rows": 2}))


class ScreenForm(forms.Form):
    """Which service's rules look through those who agreed to be told."""

    organisation = forms.ChoiceField(label=_("在哪里找"))
    service = forms.ChoiceField(label=_("按哪一项的条件找"))

    def __init__(
        self, *args: Any, bodies: Iterable[tuple[str, str]], services: Iterable[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"] = forms.ChoiceField(label=_("在哪里找"), choices=list(bodies))
        self.fields["service"] = forms.ChoiceField(label=_("按哪一项的条件找"), choices=list(services))


class ContactForm(forms.Form):
    outcome = forms.ChoiceField(label=_("联系结果"), choices=Outreach.Outcome.choices, widget=forms.RadioSelect)
    words = forms.CharField(label=_("对方怎么说"), max_length=200, required=False)


class AppealForm(forms.Form):
    words = forms.CharField(
        label=_("哪里不对，为什么"), max_length=1000, widget=forms.Textarea({"rows": 5}),
        help_text=_("写清楚哪个数、哪一条不对。有新单据的，写上，工作人员会找你要。"),
    )  # fmt: skip


class ReportForm(forms.Form):
    """The answer of Civil Affairs' platform, as signs for a person."""

    number = forms.CharField(label=_("核对报告号"), max_length=40)
    day = DayField(label=_("报告日期"))
    odd = forms.MultipleChoiceField(  # an input called “matches” would hide that method of its form from scripts
        label=_("对不上的（没有就都不选）"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(signal, Signal(signal).label) for signal in FROM_OUTSIDE],
    )  # fmt: skip
    words = forms.CharField(
        label=_("对不上的写清楚"), max_length=160, required=False, widget=forms.Textarea({"rows": 2})
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        data["matches"] = data.pop("odd", [])
        return data


class PlanForm(forms.Form):
    at = forms.DateTimeField(
        label=_("约好哪天几点去"), widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    second = forms.CharField(label=_("同去的人"), max_length=50)


class CorrectForm(forms.Form):
    """What the papers say, beside what was told."""

    total = YuanField(label=_("总金额"))
    basic = YuanField(label=_("基本医保报了"), required=False)
    serious = YuanField(label=_("大病保险报了"), required=False)
    assistance = YuanField(label=_("医疗救助给了"), required=False)
    commercial = YuanField(label=_("商业保险赔了"), required=False)
    mutual = YuanField(label=_("职工互助给了"), required=False)
    why = forms.CharField(
        label=_("为什么这样认"), max_length=200, required=False, help_text=_("和本人申报不一样的，要写；本人会看到。")
    )


class NoForm(forms.Form):
    """A step that needs no words."""


class ResolveForm(forms.Form):
    outcome = forms.ChoiceField(label=_("处理结果"), choices=Finding.Outcome.choices, widget=forms.RadioSelect)
    words = forms.CharField(label=_("怎么核实的"), max_length=200)


class SignForm(forms.Form):
    note = forms.CharField(
        label=_("意见"), max_length=300, required=False, widget=forms.Textarea({"rows": 2}),
        help_text=_("要集体研究的，写明会议纪要；要全总批的，写明批复文号。"),
    )  # fmt: skip


class DecideForm(forms.Form):
    decided_class = forms.ChoiceField(label=_("结论"), choices=FileClass.choices, widget=forms.RadioSelect)
    reason = forms.CharField(label=_("理由"), max_length=500, widget=forms.Textarea({"rows": 3}))

    def __init__(self, *args: Any, grants: Iterable[Grant], funds: Iterable[Fund], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = [grant.item for grant in grants]
        choices = [("", "—"), *((fund.public_id, fund.name) for fund in funds)]
        for item in self.items:
            label = _("“{item}”用哪笔资金").format(item=ItemKind(item).label)
            self.fields[f"fund_{item}"] = forms.ChoiceField(label=label, choices=choices, required=False)


class MonthForm(forms.Form):
    month = DayField(label=_("哪个月（选当月任一天）"))
    net = YuanField(label=_("家里每人剩多少（元）"))


class CallForm(forms.Form):
    """A call at a household that left its file."""

    outcome = forms.ChoiceField(label=_("结果"), choices=Call.Outcome.choices, widget=forms.RadioSelect)
    net = MaybeYuanField(label=_("这个月家里每人剩多少（元）"), required=False)
    bill = MaybeYuanField(label=_("退档后新看病自己付了多少（元）"), required=False)
    lost_job = forms.BooleanField(label=_("家里唯一挣钱的人没了工作"), required=False)
    had_accident = forms.BooleanField(label=_("出了意外"), required=False)
    words = forms.CharField(label=_("对方怎么说"), max_length=300, widget=forms.Textarea({"rows": 2}))


class OutcomeForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("怎么退档"), widget=forms.RadioSelect,
        choices=[("exited", _("脱困：连续几个月都高于标准")), ("netted", _("转兜底保障：民政已经确认"))],
    )  # fmt: skip
    reason = forms.CharField(label=_("理由"), max_length=200)


class ReferForm(forms.Form):
    """To the state's own help."""

    to = forms.ChoiceField(label=_("转到"), choices=Referral.To.choices)
    words = forms.CharField(label=_("交给了哪个单位、谁"), max_length=200)


class ReferredForm(forms.Form):
    to = forms.ChoiceField(label=_("哪一项的答复"), choices=Referral.To.choices)
    outcome = forms.ChoiceField(label=_("民政的答复"), choices=Referral.Outcome.choices, widget=forms.RadioSelect)
    words = forms.CharField(label=_("说明"), max_length=200, required=False)


class ExplainForm(forms.Form):
    """The household answers what it was asked."""

    words = forms.CharField(
        label=_("你的说明"), max_length=1000, widget=forms.Textarea({"rows": 5}),
        help_text=_("照实写就行。有单据能说明的，写上，工作人员会找你要。"),
    )  # fmt: skip


LOOKED = (("yes", _("对得上")), ("no", _("对不上")))


def _agrees(label: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, choices=LOOKED, widget=forms.RadioSelect, coerce=lambda value: value == "yes"
    )


class SampleForm(forms.Form):
    """Three looks at one file."""

    papers_agree = _agrees(_("原件和档案里的数"))
    household_agrees = _agrees(_("电话或上门问本人"))
    reckoning_agrees = _agrees(_("按规则重算一遍"))
    words = forms.CharField(label=_("看了什么，看到什么"), max_length=300, widget=forms.Textarea({"rows": 3}))


class RelapseForm(forms.Form):
    confirmed = forms.ChoiceField(
        label=_("核查结果"), choices=[("yes", _("确实返困，恢复建档")), ("no", _("没有返困"))], widget=forms.RadioSelect
    )
    reason = forms.CharField(label=_("理由"), max_length=200)


class RehearsalForm(forms.Form):
    """Which figure to try, and what it would be: yuan, percent or a plain number, as the figure is written."""

    figure = forms.ChoiceField(label=_("改哪个数"))
    amount = forms.CharField(label=_("改成多少"), max_length=20)

    def __init__(self, *args: Any, figures: Iterable[tuple[str, Any, str, str, int]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {code: (change, unit) for code, change, _label, unit, _value in figures}
        choice = self.fields["figure"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(code, label) for code, _change, label, _unit, _value in figures]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        change, unit = self.known.get(data.get("figure", ""), (None, ""))
        if change is None or "amount" not in data:
            return data
        scale = {"yuan": 100, "rate": 100}.get(unit, 1)
        try:
            value = Decimal(data["amount"].strip().rstrip("%元")) * scale
        except InvalidOperation:
            value = Decimal("NaN")
        if not value.is_finite() or value != value.to_integral_value() or not 0 <= value < MOST_TRIED:
            self.add_error("amount", _("这里要写一个数，例如 1208 或 80%"))
            return data
        return {"figure": change, "amount": int(value)}
