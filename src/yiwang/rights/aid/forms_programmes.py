"""What is set for a programme, whom the union names, and what the papers of a place say."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.money import fen
from yiwang.net.payments.models import Fund
from yiwang.platform.rules.library.model import Fact
from yiwang.rights.aid.forms import DayField, YuanField
from yiwang.rights.aid.kinds import Choice, Kind
from yiwang.rights.aid.models import Doubled, Place


class TermsForm(forms.Form):
    """Dates, quota and money."""

    opens_on = DayField(label=_("哪天开始"))
    closes_on = DayField(label=_("哪天截止"))
    quota = forms.IntegerField(label=_("名额"), min_value=1, max_value=10_000_000)
    fund = forms.ChoiceField(label=_("用哪笔资金"), required=False)
    budget = YuanField(label=_("预算（元）"), required=False)

    def __init__(self, *args: Any, funds: Iterable[Fund], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.funds = {fund.public_id: fund for fund in funds}
        choices = [(key, f"{fund.name}（{fund.year}）") for key, fund in self.funds.items()]
        self.fields["fund"] = forms.ChoiceField(
            label=_("用哪笔资金"), required=False, choices=[("", _("不给个人发钱")), *choices]
        )

    def terms(self) -> dict[str, Any]:
        return {**self.cleaned_data, "fund": self.funds.get(self.cleaned_data["fund"])}


class ProgrammeForm(TermsForm):
    organisation = forms.ChoiceField(label=_("哪个单位的项目"))
    kind = forms.ChoiceField(label=_("哪一种"), choices=Kind.choices)
    name = forms.CharField(label=_("项目名称"), max_length=80)
    choice = forms.ChoiceField(label=_("名额不够时"), choices=Choice.choices)
    premium = YuanField(label=_("医疗互助：每人每期交多少（元）"), required=False)
    covers_from = DayField(label=_("医疗互助：保障期从哪天"), required=False)
    covers_until = DayField(label=_("医疗互助：保障期到哪天"), required=False)
    field_order = ("organisation", "kind", "name", "choice", "opens_on", "closes_on", "quota", "fund", "budget")

    def __init__(self, *args: Any, offices: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"] = forms.ChoiceField(label=_("哪个单位的项目"), choices=list(offices))
        self.order_fields(self.field_order)


class ChangeForm(TermsForm):
    reason = forms.CharField(label=_("为什么调整"), max_length=200)


class ShareForm(forms.Form):
    organisation = forms.ChoiceField(label=_("分给哪个单位"))
    quota = forms.IntegerField(label=_("名额"), min_value=0, max_value=10_000_000)

    def __init__(self, *args: Any, bodies: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"] = forms.ChoiceField(label=_("分给哪个单位"), choices=list(bodies))


class FactsForm(forms.Form):
    """What the rules look at and nobody has on file."""

    def __init__(self, *args: Any, facts: Sequence[Fact], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= _fields(facts)
        self.told = list(facts)

    def facts(self) -> dict[str, Any]:
        return _facts(self.told, self.cleaned_data)


class NamesForm(FactsForm):
    """A list as unions write it: one person a line."""

    names = forms.CharField(
        label=_("职工姓名，一行一个"),
        widget=forms.Textarea({"rows": 6}),
        max_length=4000,
        help_text=_("有同名的，在姓名后面加空格，写手机号后四位。"),
    )


def _fields(facts: Sequence[Fact]) -> dict[str, forms.Field]:
    language = "en" if (get_language() or "").startswith("en") else "zh"
    fields: dict[str, forms.Field] = {}
    for fact in facts:
        label = fact.label.read(language)
        if fact.type == "choice":
            choices = [(choice.value, choice.words.read(language)) for choice in fact.choices]
            fields[fact.name] = forms.ChoiceField(label=label, choices=choices)
        elif fact.type == "bool":
            yes_no = [("no", _("不是")), ("yes", _("是的"))]
            fields[fact.name] = forms.ChoiceField(label=label, choices=yes_no, widget=forms.RadioSelect)
        else:
            fields[fact.name] = YuanField(label=_("{what}（元）").format(what=label))
    return fields


def _facts(facts: Sequence[Fact], data: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for fact in facts:
        value = data[fact.name]
        told[fact.name] = value if fact.type == "choice" else value == "yes" if fact.type == "bool" else fen(value)
    return told


class PremiumForm(forms.Form):
    """Paid for taking part in mutual aid."""

    day = DayField(label=_("哪天交的"))
    payer = forms.ChoiceField(label=_("谁交的"), choices=Place.Payer.choices)
    voucher = forms.CharField(label=_("凭证号"), max_length=60)


class UnionPremiumForm(forms.Form):
    """A union pays for its members."""

    organisation = forms.ChoiceField(label=_("哪个工会交的"))
    day = DayField(label=_("哪天交的"))
    voucher = forms.CharField(label=_("凭证号"), max_length=60)

    def __init__(self, *args: Any, unions: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"] = forms.ChoiceField(label=_("哪个工会交的"), choices=list(unions))


class PlaceReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("理由（本人会看到）"), max_length=300, widget=forms.Textarea({"rows": 2}), required=False
    )


class DoubleForm(forms.Form):
    outcome = forms.ChoiceField(label=_("处理结果"), choices=Doubled.Outcome.choices)
    words = forms.CharField(label=_("说明"), max_length=200)


class AnnounceForm(forms.Form):
    source = forms.CharField(
        label=_("用哪个公开随机数"),
        max_length=200,
        help_text=_("要在名单公布以后才产生、人人查得到的，比如某天的双色球开奖号码。"),
    )
    draws_on = DayField(label=_("哪天开签"))


class HoldForm(forms.Form):
    public = forms.CharField(label=_("公开随机数"), max_length=200)
    witness = forms.CharField(label=_("见证人"), max_length=60)
