import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yiwang.net.catalogue.definitions import Json
from yiwang.net.catalogue.vocabulary import DOMAINS
from yiwang.register.organisations.models import Organisation

CODE_END = re.compile(r"[0-9A-Z]{4,12}")


class ReasonForm(forms.Form):
    """A sentence beside a decision about a version."""

    reason = forms.CharField(label=_("说明"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class NewServiceForm(forms.Form):
    """A local service starts with its name, its code and the body that offers it."""

    owner_id = forms.ChoiceField(label=_("哪个工会的事项"), widget=forms.RadioSelect)
    name = forms.CharField(label=_("名称"), max_length=40, help_text=_("职工看到的名字，像“夏季送清凉登记”。"))
    domain = forms.ChoiceField(label=_("领域"), choices=list(DOMAINS.items())[1:])
    number = forms.CharField(
        label=_("编码后半段"), max_length=12, help_text=_("4到12位数字或大写字母，像KS01。前面会加上领域。")
    )

    def __init__(self, *args: Any, owners: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owners = {owner.public_id: owner for owner in owners}
        choices = [(owner.public_id, owner.name) for owner in owners]
        self.fields["owner_id"] = forms.ChoiceField(
            label=_("哪个工会的事项"), choices=choices, widget=forms.RadioSelect, initial=choices[0][0]
        )

    def clean_number(self) -> str:
        number = str(self.cleaned_data["number"]).strip().upper()
        if not CODE_END.fullmatch(number):
            raise forms.ValidationError(_("编码后半段要4到12位数字或大写字母，像KS01。"))
        return number

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "number" in cleaned and "domain" in cleaned:
            cleaned["code"] = f"{cleaned['domain']}-{cleaned['number']}"
        return cleaned

    @property
    def owner(self) -> Organisation:
        return self.owners[self.cleaned_data["owner_id"]]

    @property
    def definition(self) -> Json:
        """The beginnings of a definition; everything else is asked for by the list of problems."""
        return {
            "name": {"zh": self.cleaned_data["name"], "en": ""},
            "levels": [self.owner.level],
            "channels": ["web", "phone", "counter"],
            "minutes": 5,
            "icon": "file",
            "timing": "limit",
            "evaluation": True,
        }
