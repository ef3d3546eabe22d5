from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from yiwang.register.organisations.models import Organisation

if TYPE_CHECKING:
    OrganisationForm = forms.ModelForm[Organisation]
else:  # Django's forms are generic for the type checker only
    OrganisationForm = forms.ModelForm


class ContactForm(OrganisationForm):
    """What workers read on the card of a union: kept by its own officers and those above."""

    class Meta:
        model = Organisation
        fields = ("short_name", "phone", "contact", "hours", "email", "address", "postcode")
        help_texts = {"phone": _("座机写上区号，对外公开。"), "hours": _("例如：周一至周五 9:00–17:00。")}
