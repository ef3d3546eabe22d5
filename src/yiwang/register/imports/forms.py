from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiwang.register.imports.library.sheets import LARGEST_FILE


class UploadForm(forms.Form):
    """One spreadsheet."""

    file = forms.FileField(
        label=gettext_lazy("会员名册"),
        help_text=gettext_lazy("用模板填的 .xlsx 或 .csv，最大20MB，最多20万行。先检查，不会马上写入。"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv", "class": "inp"}),
        error_messages={"required": gettext_lazy("请选一个文件。"), "empty": gettext_lazy("文件是空的。")},
        allow_empty_file=True,  # the reader says so in its own words
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size is not None and file.size > LARGEST_FILE:
            raise forms.ValidationError(_("文件超过20MB。请分成几个文件传。"))
        return file


class ApplyForm(forms.Form):
    """The decision to write, and what becomes of rows in the way."""

    leave_out = forms.BooleanField(required=False)

    def __init__(self, *args: Any, in_the_way: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        label = _("只导入没有问题的行，另外{count}行先不导入").format(count=in_the_way)
        self.fields["leave_out"].label = label


class UndoForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("为什么撤回"),
        max_length=200,
        help_text=gettext_lazy("会记入操作留痕。"),
    )
