import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiwang.register.imports.library.layouts import Layout
from yiwang.register.imports.library.sheets import LARGEST_FILE
from yiwang.register.imports.models import ImportBatch


class UploadForm(forms.Form):
    """One spreadsheet."""

    file = forms.FileField(
        label=gettext_lazy("会员名册"),
        help_text=gettext_lazy("用模板填的 .xlsx 或 .csv，最大50MB。先检查，不会马上写入。"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv", "class": "inp"}),
        error_messages={"required": gettext_lazy("请选一个文件。"), "empty": gettext_lazy("文件是空的。")},
        allow_empty_file=True,  # the reader says so in its own words
    )

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].label = ImportBatch.Kind(kind).label

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size is not None and file.size > LARGEST_FILE:
            raise forms.ValidationError(_("文件超过50MB。请分成几个文件传。"))
        return file


class ApplyForm(forms.Form):
    """The decision to write, and what becomes of rows in the way."""

    leave_out = forms.BooleanField(required=False)
    only = forms.ChoiceField(
        label=gettext_lazy("写哪些"),
        required=False,
        choices=[
            ("", gettext_lazy("新增和有变化的都写")),
            ("new", gettext_lazy("只写新增的")),
            ("changed", gettext_lazy("只写有变化的")),
        ],
    )
    lines = forms.CharField(
        label=gettext_lazy("只写这些行"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("例如：2-50，63。不填就是全部。"),
    )

    def __init__(self, *args: Any, in_the_way: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        label = _("只导入没有问题的行，另外{count}行先不导入").format(count=in_the_way)
        self.fields["leave_out"].label = label

    def clean_lines(self) -> list[list[int]]:
        """“2-50，63” as stretches of line numbers."""
        text = unicodedata.normalize("NFKC", self.cleaned_data["lines"]).replace("、", ",").replace(" ", "")
        ranges = []
        for part in filter(None, text.split(",")):
            match = re.fullmatch(r"(\d{1,7})(?:[-–—~](\d{1,7}))?", part)
            if match is None:
                raise forms.ValidationError(_("行号写成2-50，63这样。"))
            low = int(match[1])
            ranges.append([low, int(match[2] or low)])
        return ranges

    def selection(self) -> dict[str, Any]:
        only, ranges = self.cleaned_data["only"], self.cleaned_data["lines"]
        return {**({"verdicts": [only]} if only else {}), **({"ranges": ranges} if ranges else {})}


class MatchForm(forms.Form):
    """Which column of the file is which of ours; for columns the file lacks, what holds for all rows."""

    def __init__(
        self, *args: Any, layout: Layout, headings: Sequence[str], places: Mapping[str, int], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.layout = layout
        offered = [("", "—"), *((str(place), heading) for place, heading in enumerate(headings) if heading)]
        for column in layout.columns:
            if column.key in layout.passed_over:
                continue
            place = places.get(column.key)
            self.fields[column.key] = forms.ChoiceField(
                label=column.heading, choices=offered, required=False, initial="" if place is None else str(place)
            )
            if column.key in layout.for_all_rows:
                self.fields[f"all-{column.key}"] = forms.CharField(
                    label=_("{heading}（所有行都是）").format(heading=column.heading), max_length=60, required=False
                )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        taken = [value for key, value in given.items() if value and not key.startswith("all-")]
        if len(taken) != len(set(taken)):
            raise forms.ValidationError(_("同一列不能当两样用。"))
        for column in self.layout.required:
            if not given.get(column.key) and not given.get(f"all-{column.key}"):
                self.add_error(column.key, _("这是必填的列。"))
        return given

    def answer(self) -> tuple[dict[str, int], dict[str, str]]:
        given = self.cleaned_data
        constants = {key.removeprefix("all-"): v for key, v in given.items() if key.startswith("all-") and v}
        places = {k: int(v) for k, v in given.items() if v and not k.startswith("all-") and k not in constants}
        return places, constants


class UndoForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("为什么撤回"),
        max_length=200,
        help_text=gettext_lazy("会记入操作留痕。"),
    )
