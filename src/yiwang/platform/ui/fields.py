"""How one field of a Django form is drawn: which of the shapes of the design language its widget takes."""

from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

DASHES = ">---------<"
GROUPS = (forms.RadioSelect, forms.CheckboxSelectMultiple)


def shape_of(widget: forms.Widget) -> str:
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, GROUPS):
        return "group"
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    if isinstance(widget, forms.FileInput):
        return "file"
    if widget.use_fieldset:
        return "set"
    return "line"


def anchor_of(bound: BoundField) -> str:
    """The id that a link to this field jumps to."""
    return f"{bound.auto_id}_set" if shape_of(bound.field.widget) in ("group", "set") else bound.id_for_label


def field_context(bound: BoundField) -> dict[str, Any]:
    """``data-suffix`` of the widget becomes the unit behind the box; ``choice_hints`` a line below each choice."""
    widget = bound.field.widget
    shape = shape_of(widget)
    hints = getattr(widget, "choice_hints", {})
    choices = [(option, hints.get(option.data["value"], "")) for option in bound] if shape == "group" else []
    repair = getattr(bound.form, "repairs", {}).get(bound.name)
    return {
        "field": bound,
        "anchor": anchor_of(bound),
        "shape": shape,
        "choices": choices,
        "suffix": widget.attrs.get("data-suffix", ""),
        "is_optional": not bound.field.required and shape not in ("check", "hidden") and marks_optional(bound.form),
        "control": control(bound, shape),
        "columns": "data-columns" in widget.attrs,
        "repair": repair,
    }


def marks_optional(form: forms.BaseForm) -> bool:
    """A form of which any part may wait says ``marks_optional = False``: the words would stand at every field."""
    return bool(getattr(form, "marks_optional", True))


def control(bound: BoundField, shape: str) -> str:
    if shape == "group":
        return ""
    css = {"check": "chk", "file": "file-in", "hidden": "", "set": ""}.get(shape, "inp")
    own = bound.field.widget.attrs.get("class", "")
    names = " ".join(filter(None, (css, own, "err" if bound.errors and shape in ("line", "set") else "")))
    return _in_words(bound.as_widget(attrs={"class": names} if names else None), is_required=bound.field.required)


def _in_words(html: str, *, is_required: bool) -> str:
    """The framework's row of dashes for “nothing chosen yet” says nothing to anybody."""
    words = _("请选择") if is_required else _("不选")
    return mark_safe(html.replace(DASHES, f">{escape(words)}<"))  # noqa: S308 -- the widget's own HTML
