"""The smallest parts, which stand on every row of every list, written out by hand: a template each would cost more
than all the rest of the row."""

from collections.abc import Iterable
from functools import cache, lru_cache

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from yiwang.platform.ui.clockface import ClockFace, State
from yiwang.platform.ui.icons import drawings
from yiwang.platform.ui.parts import Badge

_RING = '<circle class="trk" cx="10" cy="10" r="8" stroke-width="3"/>'
_FACES: dict[State, str] = {
    "over": '<circle cx="10" cy="10" r="9" fill="currentColor" stroke="none"/>'
    '<path d="M10 5.2v5.6M10 14.2v.1" stroke="#fff" stroke-width="2.4" stroke-linecap="round"/>',
    "paused": '<circle cx="10" cy="10" r="8" stroke-width="2" stroke-dasharray="3 2.027"/>'
    '<path d="M8 7.2v5.6M12 7.2v5.6" stroke-width="2" stroke-linecap="round"/>',
    "done": '<circle cx="10" cy="10" r="8" stroke-width="2"/>'
    '<path d="m6.5 10.2 2.4 2.4 4.6-4.9" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/>',
}
_HANDS = '<path d="M10 6v4.5l2.6 1.5" stroke-width="1.8" stroke-linecap="round"/>'


@cache
def icon(name: str, size: int = 20, css: str = "") -> SafeString:
    """KeyError when no drawing has that name."""
    drawings()[name]
    classes = f"ic {css}" if css else "ic"
    return format_html(
        '<svg class="{}" width="{}" height="{}" viewBox="0 0 24 24" aria-hidden="true"><use href="#i-{}"/></svg>',
        classes,
        size,
        size,
        name,
    )


def badge(label: object, tone: str = "neutral", drawing: str = "") -> SafeString:
    return _badge(str(label), tone, drawing)


@lru_cache(maxsize=1024)
def _badge(label: str, tone: str, drawing: str) -> SafeString:
    css = "" if tone == "neutral" else f" {tone}"
    return format_html('<span class="badge{}">{}{}</span>', css, icon(drawing, 14) if drawing else "", label)


def badges(found: Iterable[Badge]) -> SafeString:
    each = "".join(badge(one.label, one.tone, one.icon) for one in found)
    return mark_safe(f'<span class="badges">{each}</span>')  # noqa: S308 -- made of escaped parts


def clock(face: ClockFace | None, size: int = 30, *, has_words: bool = True) -> SafeString:
    """The ring of a due clock; without words beside it they are read out."""
    if face is None:
        return mark_safe("")
    drawing = _FACES.get(face.state) or _running(face)
    text, subtext = conditional_escape(face.text), conditional_escape(face.subtext)
    if has_words:
        below = f"<span>{subtext}</span>" if face.subtext else ""
        words = f'<span class="clk-t"><b>{text}</b>{below}</span>'
    else:
        words = f'<span class="vh">{text}</span>'
    return mark_safe(  # noqa: S308 -- the words are escaped, all else is ours
        f'<span class="clk {face.state}"><svg width="{size}" height="{size}" viewBox="0 0 20 20" fill="none"'
        f' stroke="currentColor" aria-hidden="true">{drawing}</svg>{words}</span>'
    )


def _running(face: ClockFace) -> str:
    hands = _HANDS if face.state == "today" else ""
    return (
        f'{_RING}<circle cx="10" cy="10" r="8" stroke-width="3" stroke-dasharray="{face.dashes}"'
        f' transform="rotate(-90 10 10)"/>{hands}'
    )
