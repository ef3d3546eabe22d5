from django import forms
from django.utils.translation import gettext_lazy as _

from yiwang.platform.ui.widgets import IdentityInput
from yiwang.register.members.codes import IdKind


class BindForm(forms.Form):
    """Name and document, as they stand on the card. Whether they fit is for the action to say."""

    name = forms.CharField(label=_("姓名"), max_length=50, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    id_type = forms.ChoiceField(label=_("证件类型"), choices=IdKind, initial=IdKind.RESIDENT)
    id_number = forms.CharField(
        label=_("证件号码"), max_length=40, help_text=_("只用来核对你是谁，加密保存。"), widget=IdentityInput()
    )


class RevealForm(forms.Form):
    """Why somebody needs to see a full number; the person can read it."""

    purpose = forms.CharField(
        label=_("为什么要看"), max_length=200, help_text=_("会员本人能看到你写的原因。例如：核对入会登记表。")
    )
