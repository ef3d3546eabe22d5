"""``{% load yw %}``: the parts of the design language as tags and filters (docs/reference/ui.md)."""

import hashlib
from functools import cache
from typing import Any

from django import template
from django.contrib.staticfiles import finders
from django.forms import BaseForm, BoundField
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from yiwang.platform.ui.clockface import ClockFace
from yiwang.platform.ui.icons import SPRITE_PLACE, drawings

register = template.Library()


@register.simple_tag
def icon(name: str, size: int = 20, css: str = "") -> SafeString:
    """A drawing beside text; it is hidden from screen readers, so the words must stand beside it."""
    if name not in drawings():
        raise template.TemplateSyntaxError(f"No icon is called “{name}”; the names are in ui/assets/icons.svg.")
    return format_html(
        '<svg class="ic{}" width="{}" height="{}" viewBox="0 0 24 24" aria-hidden="true"><use href="#i-{}"/></svg>',
        f" {css}" if css else "",
        size,
        size,
        name,
    )


@register.simple_tag
def sprite_place() -> SafeString:
    return mark_safe(SPRITE_PLACE)  # noqa: S308 -- a constant


@cache
def _fingerprint(name: str) -> str:
    found = finders.find(name)
    if not isinstance(found, str):
        return ""
    with open(found, "rb") as content:
        return hashlib.sha256(content.read()).hexdigest()[:12]


@register.simple_tag
def asset(name: str) -> str:
    """A built file under static/yw/, with its fingerprint so that a new build is fetched at once."""
    mark = _fingerprint(f"yw/{name}")
    return f"{static(f'yw/{name}')}?v={mark}" if mark else static(f"yw/{name}")


@register.inclusion_tag("ui/parts/badge.html")
def badge(label: object, tone: str = "neutral", icon: str = "") -> dict[str, Any]:
    return {"label": label, "tone": tone, "icon": icon}


@register.inclusion_tag("ui/parts/clock.html")
def clock(face: ClockFace | None, size: int = 30, text: bool = True) -> dict[str, Any]:
    return {"face": face, "size": size, "text": text}


@register.inclusion_tag("ui/parts/field.html")
def field(bound: BoundField) -> dict[str, Any]:
    return {"field": bound}


@register.inclusion_tag("ui/parts/error_summary.html")
def error_summary(form: BaseForm | None) -> dict[str, Any]:
    return {"form": form}


@register.inclusion_tag("ui/parts/empty.html")
def empty(
    title: object, text: object = "", link: str = "", label: object = "", icon: str = "inbox-empty"
) -> dict[str, Any]:
    return {"title": title, "text": text, "link": link, "label": label, "icon": icon}


class CaptureNode(template.Node):
    def __init__(self, nodelist: template.NodeList, name: str) -> None:
        self.nodelist = nodelist
        self.name = name

    def render(self, context: template.Context) -> str:
        context[self.name] = mark_safe(self.nodelist.render(context).strip())  # noqa: S308 -- already rendered
        return ""


@register.tag
def capture(parser: template.base.Parser, token: template.base.Token) -> CaptureNode:
    """``{% capture as cta %}{% block cta %}{% endblock %}{% endcapture %}``: lets a base page see an empty block."""
    parts = token.split_contents()
    if len(parts) != 3 or parts[1] != "as":
        raise template.TemplateSyntaxError("Write {% capture as name %}…{% endcapture %}.")
    nodelist = parser.parse(("endcapture",))
    parser.delete_first_token()
    return CaptureNode(nodelist, parts[2])
