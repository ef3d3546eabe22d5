"""The editor's inputs: lenient, because a draft may be half-written; ``problems`` says what is missing.

Each form reads its part of the definition (``initial_of``) and writes it back (``to_json``). What it does not know,
such as a rare setting of a form field, stays as it is.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yiwang.net.catalogue.definitions import Json
from yiwang.net.catalogue.vocabulary import EVIDENCE, SOURCES, UNITS, Words
from yiwang.platform.forms.library.fields import KINDS
from yiwang.register.access.roles import CAPABILITIES

Label = Any  # text now or text later: fields take both
Choices = Sequence[tuple[Any, str | Promise]]
EMPTY: tuple[str, Promise] = ("", _("请选"))


def pick(words: Words) -> Choices:
    return [EMPTY, *words.items()]


def line(label: Label, length: int = 200, hint: Label = "") -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=length, help_text=hint)


def paragraph(label: Label, hint: Label = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 2})
    return forms.CharField(label=label, required=False, max_length=1000, help_text=hint, widget=widget)


def whole(label: Label, low: int = 0, high: int = 10_000) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=low, max_value=high)


def choice(label: Label, choices: Choices) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=list(choices))


class PartForm(forms.Form):
    """One part of a definition. Texts are the pairs ``<name>_zh`` and ``<name>_en``."""

    texts: ClassVar[tuple[str, ...]] = ()
    plain: ClassVar[tuple[str, ...]] = ()
    template_rows: ClassVar[tuple[tuple[str, ...], ...]] = ()
    marks_optional = False

    @classmethod
    def initial_of(cls, data: Json) -> dict[str, Any]:
        found = {name: data.get(name) for name in cls.plain}
        for name in cls.texts:
            text = data.get(name)
            pair = text if isinstance(text, dict) else {"zh": text or ""}
            found |= {f"{name}_zh": pair.get("zh", ""), f"{name}_en": pair.get("en", "")}
        return found

    def to_json(self, before: Json) -> Json:
        values = self.cleaned_data
        written = {name: values.get(name) for name in self.plain}
        for name in self.texts:
            written[name] = {"zh": values.get(f"{name}_zh", ""), "en": values.get(f"{name}_en", "")}
        return {**before, **written}

    @property
    def lines(self) -> list[list[tuple[str, forms.BoundField]]]:
        """The fields as the page lays them out, each with its anchor: an inner list stands side by side."""
        names = self.template_rows or tuple((name,) for name in self.fields)
        return [[(self._anchor(name), self[name]) for name in line] for line in names]

    def _anchor(self, name: str) -> str:
        """Where a problem's link leads. Rows have one anchor for the whole row."""
        if self.prefix != "main":
            return ""
        return name.removesuffix("_zh").replace("_en", "-en").replace("_amount", "_limit")

    @property
    def headline(self) -> str:
        """What the folded row is called."""
        found = (self[f"{text}_zh"].value() for text in self.texts)
        return next((str(value) for value in found if value), "")


class ConditionForm(PartForm):
    texts = ("text",)
    template_rows = (("text_zh", "text_en"),)
    text_zh = line(_("条件"), hint=_("像“是工会会员”，一条一个意思。"))
    text_en = line(_("英文"))

    @classmethod
    def initial_of(cls, data: Json) -> dict[str, Any]:
        return super().initial_of({"text": data})

    def to_json(self, before: Json) -> Json:
        text: Json = super().to_json({})["text"]
        return text


class WayForm(ConditionForm):
    text_zh = line(_("不符合或等不及，还可以怎么办"), 300)
    text_en = line(_("英文"), 300)


class BasisForm(PartForm):
    texts = ("title", "article", "text")
    plain = ("evidence",)
    template_rows = (("title_zh", "title_en"), ("article_zh", "article_en"), ("text_zh", "text_en"), ("evidence",))
    title_zh = line(_("依据"))
    title_en = line(_("英文"))
    article_zh = line(_("哪一条"), 60)
    article_en = line(_("英文"), 60)
    text_zh = paragraph(_("说了什么"))
    text_en = paragraph(_("英文"))
    evidence = choice(_("核对过原文吗"), pick(EVIDENCE))


class MaterialForm(PartForm):
    texts = ("name", "hint", "origin", "when")
    plain = ("key", "source", "optional", "field")
    template_rows = (
        ("name_zh", "name_en"),
        ("source", "field"),
        ("hint_zh", "hint_en"),
        ("origin_zh", "origin_en"),
        ("when_zh", "when_en"),
        ("optional", "key"),
    )
    key = forms.CharField(required=False, widget=forms.HiddenInput)
    name_zh = line(_("材料名称"), 60, _("写清楚是哪一样，不能写“其他材料”。"))
    name_en = line(_("英文"), 120)
    source = choice(_("怎么来"), pick(SOURCES))
    field = forms.ChoiceField(label=_("对应表单里哪一项上传"), required=False)
    hint_zh = line(_("提示"))
    hint_en = line(_("英文"))
    origin_zh = line(_("谁开的，或向谁查"), 60)
    origin_en = line(_("英文"), 120)
    when_zh = line(_("什么情况才要"), 60)
    when_en = line(_("英文"), 120)
    optional = forms.BooleanField(label=_("没有也能申请"), required=False)

    def __init__(self, *args: Any, uploads: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["field"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [EMPTY, *uploads]


LEVELS: Choices = [
    ("", EMPTY[1]),
    (2, _("省")),
    (3, _("市")),
    (4, _("县、区")),
    (5, _("乡镇、街道")),
    (6, _("村、社区")),
    (7, _("单位工会")),
]
WORKING_ROLES = [role for role, held in CAPABILITIES.items() if "cases.handle" in held]


class BundledForm(PartForm):
    """One service of a 一件事: what it waits for, when it is asked for, and where its answers come from."""

    plain = ("code", "needs")
    template_rows = (("code", "needs"), ("if_field", "if_values"), ("answers", "renamed"), ("later",))
    code = line(_("事项编码"), 20, _("像MB-0002。"))
    needs = line(_("等哪一件办成才开始"), 20, _("写排在前面的那件的编码；不用等就空着。"))
    if_field = line(_("只在这一项"), 40, _("写表单里问题的键，像wants。"))
    if_values = line(_("答了这些时才办"), 200, _("几个用逗号隔开。"))
    answers = forms.CharField(
        label=_("替人定好的回答"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("一行一个，像：kind=new。"),
    )
    renamed = forms.CharField(
        label=_("换一个问题的回答"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("一行一个，事项的问题=一件事的问题，像：since=retired_on。"),
    )
    later = line(_("前一件办成才知道的问题"), 200, _("由经办人补，几个用逗号隔开。"))

    @classmethod
    def initial_of(cls, data: Json) -> dict[str, Any]:
        part = data if isinstance(data, dict) else {"code": data}
        shown = _first(part.get("when"))
        pairs = {name: _lines(part.get(name)) for name in ("answers", "renamed")}
        return super().initial_of(part) | {
            **pairs,
            "if_field": shown.get("field", ""),
            "if_values": ",".join(map(str, shown.get("in") or [])),
            "later": ",".join(part.get("later") or []),
        }

    def to_json(self, before: Json) -> Json:
        values = self.cleaned_data
        known = before if isinstance(before, dict) else {}
        code, needs = (str(values.get(name) or "").strip().upper() for name in ("code", "needs"))
        return {
            **known,
            "code": code,
            "needs": needs,
            "when": _show_if(values, {"show_if": known.get("when")}),
            "answers": _pairs(values.get("answers") or ""),
            "renamed": _pairs(values.get("renamed") or ""),
            "later": _listed(values.get("later") or ""),
        }

    @property
    def headline(self) -> str:
        return str(self["code"].value() or "")


def _lines(pairs: Any) -> str:
    return "\n".join(f"{key}={value}" for key, value in (pairs or {}).items())


def _pairs(text: str) -> dict[str, str]:
    rows = (row.partition("=") for row in text.splitlines() if "=" in row)
    return {key.strip(): value.strip() for key, _sep, value in rows}


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.replace("，", ",").split(",") if part.strip()]


class StepForm(PartForm):
    texts = ("title", "text")
    plain = ("key", "level", "role", "capability", "limit_days", "limit_unit", "two_person", "at")
    template_rows = (
        ("title_zh", "title_en"),
        ("text_zh", "text_en"),
        ("level", "role", "capability"),
        ("limit_days", "limit_unit", "two_person"),
        ("key", "at"),
    )
    key = forms.CharField(required=False, widget=forms.HiddenInput)
    at = forms.CharField(required=False, widget=forms.HiddenInput)
    title_zh = line(_("这一步做什么"), 60)
    title_en = line(_("英文"), 120)
    text_zh = line(_("告诉申请人"))
    text_en = line(_("英文"))
    level = forms.TypedChoiceField(
        label=_("哪一级"), required=False, coerce=int, empty_value=None, choices=list(LEVELS)
    )
    role = choice(_("谁来办"), [EMPTY, *[(role.value, role.label) for role in WORKING_ROLES]])
    capability = choice(_("要什么权"), [EMPTY, ("cases.handle", _("办理")), ("cases.decide", _("审批"))])
    limit_days = whole(_("最多多久"), 1, 400)
    limit_unit = choice(pgettext_lazy("measure", "单位"), pick(UNITS))
    two_person = forms.BooleanField(label=_("办过前面步骤的人不能办这一步"), required=False)

    @classmethod
    def initial_of(cls, data: Json) -> dict[str, Any]:
        two_person = data.get("two_person", data.get("capability") == "cases.decide")
        return super().initial_of(data) | {"two_person": two_person}


class FormStepForm(PartForm):
    texts = ("title", "hint")
    plain = ("key",)
    template_rows = (("title_zh", "title_en"), ("hint_zh", "hint_en"), ("key",))
    key = forms.CharField(required=False, widget=forms.HiddenInput)
    title_zh = line(_("这一页问什么"), 60)
    title_en = line(_("英文"), 120)
    hint_zh = line(_("提示"))
    hint_en = line(_("英文"))


KIND_NAMES: Words = {
    "text": _("一行字"),
    "textarea": _("一段话"),
    "number": _("数字"),
    "money": _("金额"),
    "date": _("日期"),
    "phone": _("电话"),
    "identity": _("证件号码"),
    "choice": _("选一个"),
    "choices": _("选几个"),
    "yesno": _("是或否"),
    "file": _("上传一个文件"),
    "files": _("上传几个文件"),
    "organisation": _("选一个工会"),
    "division": _("选一个地方"),
    "person_rows": _("一行一个人的表"),
    "info": _("只是说明，不用答"),
}
assert set(KIND_NAMES) == KINDS

PREFILLS: Words = {
    "person.name": _("本人姓名"),
    "person.phone": _("本人手机号"),
    "membership.organisation": _("所在工会"),
    "membership.employer": _("单位名称"),
    "membership.division": _("单位所在地"),
    "membership.post": _("岗位"),
    "membership.new_form": _("新就业群体"),
    "membership.skill_level": _("技能等级"),
    "finder.needs": _("答过的：需要哪些帮助"),
    "finder.trouble": _("答过的：遇到什么事"),
    "finder.complaints": _("答过的：投诉哪些事"),
    "finder.child_stage": _("答过的：孩子读到哪"),
}


class FieldForm(PartForm):
    """One question of the form builder. Columns of a people table keep what they are; rarely used settings too."""

    texts = ("label", "hint")
    plain = ("key", "kind", "optional", "sensitive", "max_length", "max_files", "prefill")
    template_rows = (
        ("label_zh", "label_en"),
        ("kind", "prefill"),
        ("hint_zh", "hint_en"),
        ("options",),
        ("max_length", "max_files", "min", "max"),
        ("if_field", "if_values"),
        ("optional", "sensitive", "key"),
    )
    key = forms.CharField(required=False, widget=forms.HiddenInput)
    label_zh = line(_("问题"), 100)
    label_en = line(_("英文"), 200)
    kind = choice(_("怎么答"), pick(KIND_NAMES))
    prefill = choice(_("先替他填上"), [("", _("不填")), *PREFILLS.items()])
    hint_zh = line(_("提示"))
    hint_en = line(_("英文"))
    options = forms.CharField(
        label=_("选项"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("一行一个，像：a|在岗|Working。人员表的列写成：name|text|姓名|Name。"),
    )
    max_length = whole(_("最多几个字"), 1, 20_000)
    max_files = whole(_("最多几个文件"), 1, 20)
    min = line(_("最小"), 20)
    max = line(_("最大"), 20)
    if_field = line(_("只在这一项"), 40, _("写前面问题的键，像 kinds。"))
    if_values = line(_("答了这些时才问"), 200, _("几个用逗号隔开。"))
    optional = forms.BooleanField(label=_("可不填"), required=False)
    sensitive = forms.BooleanField(label=_("敏感，加密保存"), required=False)

    @classmethod
    def initial_of(cls, data: Json) -> dict[str, Any]:
        shown = _first(data.get("show_if"))
        rows = data.get("columns") or [] if data.get("kind") == "person_rows" else data.get("options") or []
        values = shown.get("in") or []
        return super().initial_of(data) | {
            "options": "\n".join(_option_line(row) for row in rows),
            "min": data.get("min"),
            "max": data.get("max"),
            "if_field": shown.get("field", ""),
            "if_values": ",".join(map(str, values if isinstance(values, list) else [values])),
        }

    def to_json(self, before: Json) -> Json:
        values = self.cleaned_data
        written = super().to_json(before)
        written |= _options(values, before)
        for bound in ("min", "max"):
            written[bound] = _figure(values.get(bound) or "", written.get("kind", ""))
        written["show_if"] = _show_if(values, before)
        return written


def _first(data: Any) -> Json:
    found = data[0] if isinstance(data, list) and data else data
    return found if isinstance(found, dict) else {}


def _option_line(row: Json) -> str:
    label = row.get("label") or {}
    words = (label.get("zh", ""), label.get("en", "")) if isinstance(label, dict) else (label, "")
    head = (row.get("value", ""),) if "value" in row else (row.get("key", ""), row.get("kind", ""))
    return "|".join([*head, *words])


def _options(values: Json, before: Json) -> Json:
    lines = [
        [cell.strip() for cell in text.split("|")]
        for text in (values.get("options") or "").splitlines()
        if text.strip()
    ]
    if values.get("kind") == "person_rows":
        known = {column.get("key"): column for column in before.get("columns") or []}
        return {"columns": [_column(cells, known) for cells in lines], "options": None}
    if values.get("kind") in ("choice", "choices"):
        return {"options": [_option(cells) for cells in lines], "columns": None}
    return {"options": None, "columns": None}


def _option(cells: list[str]) -> Json:
    value, zh, en = [*cells, "", "", ""][:3]
    return {"value": value, "label": {"zh": zh or value, "en": en}}


def _column(cells: list[str], known: dict[Any, Json]) -> Json:
    key, kind, zh, en = [*cells, "", "", "", ""][:4]
    return {**known.get(key, {}), "key": key, "kind": kind or "text", "label": {"zh": zh, "en": en}}


def _figure(text: str, kind: str) -> int | str | None:
    if not text:
        return None
    return int(text) if kind in ("number", "money") and text.lstrip("-").isdigit() else text


def _show_if(values: Json, before: Json) -> Any:
    if not values.get("if_field"):
        return None
    wanted = _listed(values.get("if_values") or "")
    shown = _first(before.get("show_if"))
    if shown.get("field") == values["if_field"] and (shown.get("in") or []) == wanted:
        return before["show_if"]
    return {"field": values["if_field"], "in": wanted}
