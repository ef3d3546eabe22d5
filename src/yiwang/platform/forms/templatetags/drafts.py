"""``{% load drafts %}``: what every page of a draft carries inside its form."""

from typing import Any

from django import template

from yiwang.platform.forms.actions import draft_token
from yiwang.platform.forms.models import Draft

register = template.Library()


@register.inclusion_tag("forms/page_parts.html")
def draft_form(draft: Draft, step: str) -> dict[str, Any]:
    """First thing inside the ``<form>``: whose page this is, autosave, and the button that Enter presses."""
    return {"draft": draft, "step": step, "token": draft_token(draft)}


@register.inclusion_tag("forms/saved.html")
def draft_saved(draft: Draft) -> dict[str, Any]:
    return {"draft": draft}
