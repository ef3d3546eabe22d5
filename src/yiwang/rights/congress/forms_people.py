"""Input about who is around the delegates: committees, guests, the firms of a region."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yiwang.rights.congress.forms import ActionForm, delegates_named
from yiwang.rights.congress.formulas import Firm
from yiwang.rights.congress.models import Committee, Delegate, Guest

FIRM_FACTS = (2, 3)  # name and workers, and women where they are known


class CommitteeForm(ActionForm):
    head = forms.CharField(label=_("组长"), max_length=50, help_text=_("职工代表的姓名。"))
    members = forms.CharField(
        label=_("组员"), widget=forms.Textarea(attrs={"rows": 3}), help_text=_("一行一个代表的姓名。")
    )

    class Meta:
        model = Committee
        fields = ("kind", "task")

    field_order = ("kind", "task", "head", "members")

    def __init__(self, *args: Any, delegates: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.delegates = delegates

    def clean_head(self) -> Delegate:
        found = delegates_named(str(self.cleaned_data["head"]), self.delegates)
        if len(found) != 1:
            raise forms.ValidationError(_("组长只有一位。"))
        return found[0]

    def clean_members(self) -> list[Delegate]:
        return delegates_named(str(self.cleaned_data["members"]), self.delegates)


class GuestForm(ActionForm):
    class Meta:
        model = Guest
        fields = ("name", "post", "way")


class FirmsForm(forms.Form):
    """One firm in each line."""

    firms = forms.CharField(
        label=_("企业和职工数"),
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("一行一家：名称，空一格，职工数；知道的话再空一格写女职工数。人少的会合成一个选区。"),
    )

    def clean_firms(self) -> list[Firm]:
        found = []
        for number, line in enumerate(str(self.cleaned_data["firms"]).splitlines(), 1):
            parts = line.split()
            if not parts:
                continue
            facts = parts[1:]
            whole = len(parts) in FIRM_FACTS and all(part.isdecimal() for part in facts)
            if not whole or int(facts[0]) < 1 or int(facts[-1]) > int(facts[0]):
                text = _("第{n}行看不懂：“{line}”。写成“企业名称 职工数 女职工数”。")
                raise forms.ValidationError(text.format(n=number, line=line.strip()[:40]))
            found.append(Firm(parts[0], int(facts[0]), int(facts[1]) if len(facts) > 1 else 0))
        if len({firm.name for firm in found}) != len(found):
            raise forms.ValidationError(_("有两行是同一家企业。"))
        return found
