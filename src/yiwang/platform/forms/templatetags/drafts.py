"""``{% load drafts %}``: what every page of a draft carries inside its form."""

from typing import Any

from django import template

from yiwang.platform.forms.actions import draft_token
from yiwang.platform.forms.models import Draft
from yiwang.platform.forms.queries import saved_text

register = template.Library()


@register.inclusion_tag("forms/page_parts.html")
def draft_form(draft: Draft) -> dict[str, Any]:
    """First thing inside the ``<form>``: whose page this is, and the button that Enter presses."""
    return {"token": draft_token(draft)}


@register.simple_tag
def draft_saved(draft: Draft) -> str:
    """When it was saved last; stands in an element with ``data-saved``, which autosave rewrites."""
    return saved_text(draft)
