"""The national file on one page, its way out with a purpose, and the numbers that come back."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yiwang.rights.aid.models import Member
from yiwang.rights.aid.national import OF_FILE, OF_MEMBER, Column
from yiwang.rights.aid.queries_national import Told


def _field(column: Column) -> forms.Field:
    if column.options:
        return forms.ChoiceField(label=column.label, choices=[("", "—"), *column.options], required=False)
    return forms.CharField(label=column.label, max_length=column.longest, required=False)


class NationalForm(forms.Form):
    def __init__(
        self, *args: Any, people: Sequence[Member], told: tuple[Told, Mapping[str, Told]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        household, members = told
        for column in OF_FILE:
            self._add("file", column, household)
        for member in people:
            for column in OF_MEMBER:
                self._add(member.public_id, column, members.get(member.public_id, {}))

    def _add(self, of: str, column: Column, told: Told) -> None:
        self.fields[f"{of}-{column.key}"] = _field(column)
        self.initial[f"{of}-{column.key}"] = told.get(column.key, "")

    def _told(self, of: str, columns: Sequence[Column]) -> Told:
        values = {column.key: str(self.cleaned_data[f"{of}-{column.key}"]).strip() for column in columns}
        return {key: value for key, value in values.items() if value}

    def household(self) -> Told:
        return self._told("file", OF_FILE)

    def members(self) -> dict[str, Told]:
        return {member.public_id: self._told(member.public_id, OF_MEMBER) for member in self.people}

    def parts(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The household, then each person, with their fields."""
        found = [(str(_("这一户")), [self[f"file-{column.key}"] for column in OF_FILE])]
        for member in self.people:
            found.append((member.name, [self[f"{member.public_id}-{column.key}"] for column in OF_MEMBER]))
        return found


class ExportForm(forms.Form):
    purpose = forms.CharField(label=_("为什么导出"), max_length=200)


class NumbersForm(forms.Form):
    numbers = forms.CharField(
        label=_("档案编号和全国系统编号，一行一户"),
        widget=forms.Textarea({"rows": 6}),
        max_length=100_000,
        help_text=_("中间用空格或逗号隔开。"),
    )
