"""The sections of the editor: which parts of the definition each page shows and writes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yiwang.net.catalogue.definitions import Json
from yiwang.net.catalogue.forms.rows import (
    LEVELS,
    BasisForm,
    BundledForm,
    ConditionForm,
    FieldForm,
    FormStepForm,
    Label,
    MaterialForm,
    PartForm,
    StepForm,
    WayForm,
    choice,
    line,
    paragraph,
    pick,
    whole,
)
from yiwang.net.catalogue.vocabulary import AUDIENCES, CHANNELS, DELIVERIES, RESULTS, SITUATIONS, TIMINGS, UNITS
from yiwang.platform.forms.library.definition import FormDefinition
from yiwang.platform.rules import queries as rules
from yiwang.platform.ui.icons import drawings


def several(label: Label, choices: Sequence[tuple[Any, str | Promise]]) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, required=False, choices=list(choices), widget=forms.CheckboxSelectMultiple
    )


class BasicsForm(PartForm):
    texts = ("name", "summary")
    plain = ("situation", "audience", "icon", "channels", "minutes", "anonymous_allowed", "evaluation", "province_item")
    template_rows = (
        ("name_zh", "name_en"),
        ("summary_zh", "summary_en"),
        ("gain_zh", "gain_en"),
        ("situation", "icon", "minutes"),
        ("audience", "levels", "channels"),
        ("province_item",),
        ("anonymous_allowed", "evaluation"),
    )
    name_zh = line(_("名称"), 40)
    name_en = line(_("英文"), 80)
    summary_zh = paragraph(_("一句话说明"), _("说给职工听：谁能办、能得到什么。"))
    summary_en = paragraph(_("英文"))
    gain_zh = line(_("得到什么"), 40)
    gain_en = line(_("英文"), 80)
    situation = choice(_("什么时候用得上"), pick(SITUATIONS))
    icon = forms.ChoiceField(label=_("图标"), required=False)
    minutes = whole(_("填表大约几分钟"), 1, 60)
    audience = several(_("给谁办"), list(AUDIENCES.items()))
    levels = forms.TypedMultipleChoiceField(
        label=_("哪几级办"), required=False, coerce=int, choices=list(LEVELS)[1:], widget=forms.CheckboxSelectMultiple
    )
    channels = several(_("怎么办"), list(CHANNELS.items()))
    province_item = line(_("对应的全省事项编码"), 20, _("本地做法不同、其实是同一件事的，写全省的编码，像HP-0002。"))
    anonymous_allowed = forms.BooleanField(label=_("可以不说自己是谁"), required=False)
    evaluation = forms.BooleanField(label=_("办完请人评价"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        icon = self.fields["icon"]
        assert isinstance(icon, forms.ChoiceField)
        icon.choices = [(name, name) for name in sorted(drawings())]

    @classmethod
    def initial_of(cls, data: Json) -> dict[str, Any]:
        unit = (data.get("gain") or {}).get("unit") or {}
        pair = unit if isinstance(unit, dict) else {"zh": unit}
        found = super().initial_of(data) | {"levels": data.get("levels") or []}
        found["evaluation"] = data.get("evaluation", True)
        return found | {"gain_zh": pair.get("zh", ""), "gain_en": pair.get("en", "")}

    def to_json(self, before: Json) -> Json:
        values = self.cleaned_data
        unit = {"zh": values.get("gain_zh", ""), "en": values.get("gain_en", "")}
        gain = {**(before.get("gain") or {}), "unit": unit}
        return super().to_json(before) | {"levels": values.get("levels") or [], "gain": gain}


class RulesForm(PartForm):
    plain = ("ruleset",)
    ruleset = forms.ChoiceField(
        label=_("用哪一套规则"),
        required=False,
        help_text=_("规则能马上告诉人符不符合、为什么。没有合适的就空着，把条件写在下面，由人来看。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ruleset = self.fields["ruleset"]
        assert isinstance(ruleset, forms.ChoiceField)
        ruleset.choices = [("", _("不用规则，由人来看")), *[(key, key) for key in sorted(rules.ruleset_keys())]]


class LimitsForm(PartForm):
    texts = ("visit_reason", "fee_basis")
    plain = ("timing", "visits", "fee")
    template_rows = (
        ("timing", "opens", "closes", "quota"),
        ("promised_amount", "promised_unit"),
        ("legal_amount", "legal_unit", "legal_basis_zh"),
        ("visits", "visit_reason_zh", "visit_reason_en"),
        ("fee", "fee_basis_zh", "fee_basis_en"),
    )
    timing = choice(_("什么时候能申请"), pick(TIMINGS))
    opens = line(_("每年哪天开始"), 5, _("像03-01。"))
    closes = line(_("哪天截止"), 5)
    quota = whole(_("名额"), 1, 1_000_000)
    promised_amount = whole(_("承诺多久有结果"), 1, 400)
    promised_unit = choice(pgettext_lazy("measure", "单位"), pick(UNITS))
    legal_amount = whole(_("最长不能超过"), 1, 400)
    legal_unit = choice(pgettext_lazy("measure", "单位"), pick(UNITS))
    legal_basis_zh = line(_("最长时限的依据"))
    visits = whole(_("要到现场几次"), 0, 3)
    visit_reason_zh = line(_("为什么非来不可"))
    visit_reason_en = line(_("英文"))
    fee = forms.DecimalField(label=_("收费（元）"), required=False, min_value=0, max_digits=8, decimal_places=2)
    fee_basis_zh = line(_("收费依据"))
    fee_basis_en = line(_("英文"))

    @classmethod
    def initial_of(cls, data: Json) -> dict[str, Any]:
        found = super().initial_of({"timing": "limit", "visits": 0, "fee": "0", **data})
        for name in ("promised", "legal"):
            limit = data.get(f"{name}_limit") or {}
            found |= {f"{name}_amount": limit.get("amount"), f"{name}_unit": limit.get("unit", "")}
        basis = (data.get("legal_limit") or {}).get("basis") or {}
        window = data.get("window") or {}
        return found | {
            "legal_basis_zh": basis.get("zh", "") if isinstance(basis, dict) else basis,
            **{name: window.get(name) for name in ("opens", "closes", "quota")},
        }

    def to_json(self, before: Json) -> Json:
        values = self.cleaned_data
        written = super().to_json(before)
        written |= {"visits": values.get("visits") or 0, "fee": str(values.get("fee") or 0)}
        for name in ("promised", "legal"):
            written[f"{name}_limit"] = self._limit(name, before.get(f"{name}_limit") or {})
        window = {name: values.get(name) for name in ("opens", "closes", "quota") if values.get(name)}
        written["window"] = {**(before.get("window") or {}), **window} if values.get("timing") == "window" else None
        return written

    def _limit(self, name: str, before: Json) -> Json | None:
        values = self.cleaned_data
        if not values.get(f"{name}_amount"):
            return None
        limit = {**before, "amount": values[f"{name}_amount"], "unit": values.get(f"{name}_unit", "")}
        if name == "legal" and values.get("legal_basis_zh"):
            known = before.get("basis") if isinstance(before.get("basis"), dict) else {}
            limit["basis"] = {**(known or {}), "zh": values["legal_basis_zh"]}
        return limit


class ResultForm(PartForm):
    texts = ("name",)
    plain = ("kind", "delivery", "template")
    template_rows = (("kind",), ("name_zh", "name_en"), ("delivery",), ("template",))
    kind = choice(_("最后给人什么"), pick(RESULTS))
    name_zh = line(_("结果的名称"), 60)
    name_en = line(_("英文"), 120)
    delivery = several(_("怎么送到"), list(DELIVERIES.items()))
    template = line(_("文书模板"), 60, _("文书模板的名字，由管模板的人给。"))

    @classmethod
    def initial_of(cls, data: Json) -> dict[str, Any]:
        return super().initial_of(data.get("result") or {})

    def to_json(self, before: Json) -> Json:
        return {**before, "result": super().to_json(before.get("result") or {})}


class WordsForm(PartForm):
    aliases = forms.CharField(
        label=_("老百姓怎么说"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("一行一个，像“拖欠工资”“不发工资”。搜这些词能找到这个事项。"),
    )

    @classmethod
    def initial_of(cls, data: Json) -> dict[str, Any]:
        return {"aliases": "\n".join(data.get("aliases") or [])}

    def to_json(self, before: Json) -> Json:
        words = [word.strip() for word in self.cleaned_data["aliases"].splitlines()]
        return {**before, "aliases": list(dict.fromkeys(filter(None, words)))}


@dataclass(frozen=True)
class RowList:
    """A list in the definition, edited as rows that can be added, moved and taken away."""

    name: str
    title: str | Promise
    noun: str | Promise
    form: type[PartForm]
    key_letter: str = ""  # rows that others refer to get a key: m1, s2 …
    settings: Callable[[Json], dict[str, Any]] = field(default=lambda _definition: {})


@dataclass(frozen=True)
class Section:
    key: str
    title: str | Promise
    form: type[PartForm] | None = None
    lists: tuple[RowList, ...] = ()


def uploads(definition: Json) -> dict[str, Any]:
    """The upload fields of the form, for materials to point at."""
    fields = FormDefinition.from_json(definition.get("form") or {}).fields()
    return {"uploads": [(part.key, str(part.label)) for part in fields if part.is_file]}


SECTIONS = (
    Section("basics", _("基本情况"), BasicsForm),
    Section(
        "conditions",
        _("条件和依据"),
        RulesForm,
        (
            RowList("conditions", _("写给人看的条件"), _("条件"), ConditionForm),
            RowList("legal_basis", _("依据"), _("依据"), BasisForm),
        ),
    ),
    Section("materials", _("材料"), None, (RowList("materials", _("材料"), _("材料"), MaterialForm, "m", uploads),)),
    Section("form", _("表单"), None, (RowList("form.steps", _("一页一页怎么问"), _("页面"), FormStepForm, "p"),)),
    Section("steps", _("步骤和时限"), LimitsForm, (RowList("steps", _("申请之后"), _("步骤"), StepForm, "s"),)),
    Section("result", _("结果"), ResultForm),
    Section("bundle", _("一件事"), None, (RowList("bundle", _("一次办好这些"), _("事项"), BundledForm),)),
    Section("words", _("说法和别的办法"), WordsForm, (RowList("other_ways", _("别的办法"), _("办法"), WayForm),)),
)
BY_KEY = {section.key: section for section in SECTIONS}


def fields_list(step: int) -> RowList:
    """The questions on one page of the form."""
    return RowList(f"form.steps.{step}.fields", _("问题"), _("问题"), FieldForm, "q")
