"""``{% load yw %}``: the parts of the design language as tags and filters (docs/reference/ui.md)."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django import template
from django.contrib.staticfiles import finders
from django.forms import BaseForm, BoundField
from django.template.base import Parser, Token
from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe

from yiwang.kernel import clock as kernel_clock
from yiwang.kernel.identity import mask_id, mask_name, mask_phone
from yiwang.platform.ui import drawn, formats
from yiwang.platform.ui.clockface import ClockFace
from yiwang.platform.ui.fields import anchor_of, field_context
from yiwang.platform.ui.icons import SPRITE_PLACE
from yiwang.platform.ui.tables import Table

register = template.Library()


@register.simple_tag
def icon(name: str, size: int = 20, css: str = "") -> SafeString:
    """A drawing beside text; it is hidden from screen readers, so the words must stand beside it."""
    try:
        return drawn.icon(name, size, css)
    except KeyError:
        problem = f"No icon is called “{name}”; the names are in ui/assets/icons.svg."
        raise template.TemplateSyntaxError(problem) from None


@register.simple_tag
def sprite_place() -> SafeString:
    return mark_safe(SPRITE_PLACE)  # noqa: S308 -- a constant


@cache
def _fingerprint(name: str) -> str:
    found = finders.find(name)
    return hashlib.sha256(Path(found).read_bytes()).hexdigest()[:12] if isinstance(found, str) else ""


@register.simple_tag
def asset(name: str) -> str:
    """A built file under static/yw/, with its fingerprint so that a new build is fetched at once."""
    mark = _fingerprint(f"yw/{name}")
    return f"{static(f'yw/{name}')}?v={mark}" if mark else static(f"yw/{name}")


@register.simple_tag
def badge(label: object, tone: str = "neutral", icon: str = "") -> SafeString:
    return drawn.badge(label, tone, icon)


@register.simple_tag
def clock(face: ClockFace | None, size: int = 30, text: bool = True) -> SafeString:
    return drawn.clock(face, size, has_words=text)


@register.inclusion_tag("ui/parts/clock_bar.html")
def clock_bar(face: ClockFace, start: object = "", middle: object = "", end: object = "") -> dict[str, Any]:
    """The straight form of the clock, with words under its ends."""
    return {"face": face, "start": start, "middle": middle, "end": end}


@register.inclusion_tag("ui/parts/bar.html")
def bar(share: float, tone: str = "") -> dict[str, Any]:
    """A thin bar filled to ``share`` (0–1); the figure must stand beside it in words."""
    return {"percent": f"{min(max(share, 0.0), 1.0) * 100:.1f}", "tone": tone}


@register.inclusion_tag("ui/parts/field.html")
def field(bound: BoundField) -> dict[str, Any]:
    return field_context(bound)


@register.inclusion_tag("ui/parts/error_summary.html")
def error_summary(form: BaseForm | None) -> dict[str, Any]:
    if form is None or not form.errors:
        return {"lines": []}
    lines = [("", error) for error in form.non_field_errors()]
    lines += [(anchor_of(bound), error) for bound in form for error in bound.errors]
    return {"lines": lines}


@register.inclusion_tag("ui/parts/empty.html")
def empty(
    title: object, text: object = "", link: str = "", label: object = "", icon: str = "inbox-empty"
) -> dict[str, Any]:
    return {"title": title, "text": text, "link": link, "label": label, "icon": icon}


@register.inclusion_tag("ui/parts/note.html")
def note(text: object, tone: str = "info", icon: str = "") -> dict[str, Any]:
    drawing = icon or {"ok": "check-circle", "warn": "alert", "bad": "alert-circle", "wait": "pause"}.get(tone, "info")
    return {"text": text, "tone": tone, "icon": drawing}


@register.inclusion_tag("ui/parts/steps.html")
def steps(current: int, total: int, title: object = "", saved: object = "") -> dict[str, Any]:
    """第3步，共6步：看病花了多少."""
    return {"current": current, "total": total, "title": title, "saved": saved, "numbers": range(1, total + 1)}


@register.inclusion_tag("ui/parts/timeline.html")
def timeline(entries: Iterable[Any]) -> dict[str, Any]:
    """``ui.parts.TimelineEntry`` in order: done, now (in its tone), coming (numbered)."""
    return {"entries": entries}


@register.inclusion_tag("ui/parts/check_answers.html")
def check_answers(
    groups: Iterable[tuple[str, Iterable[tuple[str, object, str]]]], edit_urls: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """What will be handed in: (step, [(label, value, field key)]), and where each key is changed."""
    urls = edit_urls or {}
    lines = [(title, [(label, value, urls.get(key, "")) for label, value, key in answers]) for title, answers in groups]
    return {"groups": lines}


@register.inclusion_tag("ui/parts/progress.html", takes_context=True)
def progress(context: template.Context, run: Any, url: str = "", cancel_url: str = "") -> dict[str, Any]:
    """A long job: ``run`` has title, state, done, total and, if it likes, remaining, note, failures_url and _text."""
    return {"run": run, "url": url, "cancel_url": cancel_url, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("ui/parts/strip.html")
def strip(cells: Iterable[Any], label: object = "") -> dict[str, Any]:
    """``ui.parts.StripCell``s; those with a URL are filters."""
    return {"cells": cells, "label": label}


@register.inclusion_tag("ui/parts/eligibility.html")
def eligibility(card: Any) -> dict[str, Any]:
    return {"card": card}


@register.inclusion_tag("ui/parts/scale.html")
def scale(scale: Any) -> dict[str, Any]:
    return {"scale": scale}


@register.inclusion_tag("ui/parts/org_picker.html")
def org_picker(
    name: str,
    url: str,
    label: object,
    value: str = "",
    value_text: str = "",
    hint: object = "",
    error: object = "",
    hits: Iterable[Any] = (),
) -> dict[str, Any]:
    """A search field for one organisation: hits come from ``url``?q=…

    Without JavaScript the typed text arrives as ``<name>_text``; the view searches and hands ``hits`` back as choices.
    """
    return {
        "name": name,
        "url": url,
        "label": label,
        "value": value,
        "value_text": value_text,
        "hint": hint,
        "error": error,
        "hits": hits,
    }


@register.inclusion_tag("ui/parts/table.html", takes_context=True)
def table(context: template.Context, table: Table) -> dict[str, Any]:
    """A ``ui.tables.Table`` with its filters, bulk bar, rows and foot."""
    return {"table": table, "request": context.get("request"), "csrf_token": context.get("csrf_token")}


class CaptureNode(template.Node):
    def __init__(self, nodelist: template.NodeList, name: str) -> None:
        self.nodelist = nodelist
        self.name = name

    def render(self, context: template.Context) -> str:
        context[self.name] = mark_safe(self.nodelist.render(context).strip())  # noqa: S308 -- already rendered
        return ""


@register.tag
def capture(parser: Parser, token: Token) -> CaptureNode:
    """``{% capture as cta %}{% block cta %}{% endblock %}{% endcapture %}``: lets a base page see an empty block."""
    parts = token.split_contents()
    if len(parts) != 3 or parts[1] != "as":
        raise template.TemplateSyntaxError("Write {% capture as name %}…{% endcapture %}.")
    nodelist = parser.parse(("endcapture",))
    parser.delete_first_token()
    return CaptureNode(nodelist, parts[2])


def both(name: str, function: Any) -> None:
    """The same text as a filter ``{{ x|day }}`` and as a tag ``{% day x %}``."""
    register.filter(name, function)
    register.simple_tag(function, name=name)


def due_day(value: dt.datetime | None) -> str:
    """The day on which a deadline's instant falls: it ends at 24:00, so the instant itself is the day after."""
    return formats.day_text(kernel_clock.due_day(value)) if value is not None else formats.MISSING


def masked_phone(value: str) -> str:
    return mask_phone(value) if value else formats.MISSING


def masked_id(value: str) -> str:
    return mask_id(value) if value else formats.MISSING


def masked_name(value: str) -> str:
    return mask_name(value) if value else formats.MISSING


def dash(value: object) -> object:
    return formats.MISSING if value is None or value == "" else value


def money(value: Decimal | None) -> str:
    return formats.money_text(value)


both("day", formats.day_text)
both("plain_day", formats.plain_day_text)
both("short_day", formats.short_day_text)
both("clock_time", formats.time_text)
both("moment", formats.moment_text)
both("short_moment", formats.short_moment_text)
both("due_day", due_day)
both("number", formats.number_text)
both("big_number", formats.big_number_text)
both("percent", formats.percent_text)
both("money", money)
both("about_money", formats.about_money_text)
both("masked_phone", masked_phone)
both("masked_id", masked_id)
both("masked_name", masked_name)
both("dash", dash)
