"""Our own drawings: pages name them, the sprite of a page holds only the ones it names."""

import re
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).parent / "assets" / "icons.svg"
SPRITE_PLACE = "<!--yw-sprite-->"
_SYMBOL = re.compile(r'<symbol id="i-([a-z0-9-]+)" viewBox="0 0 24 24">(.*?)</symbol>', re.S)
_USE = re.compile(r'<use href="#i-([a-z0-9-]+)"/>')


@cache
def drawings() -> dict[str, str]:
    """Every icon's inner drawing by name, on a grid of 24."""
    return dict(_SYMBOL.findall(SOURCE.read_text(encoding="utf-8")))


def sprite(names: set[str]) -> str:
    known = drawings()
    symbols = "".join(f'<symbol id="i-{name}" viewBox="0 0 24 24">{known[name]}</symbol>' for name in sorted(names))
    return f'<svg class="sprite" width="0" height="0" aria-hidden="true">{symbols}</svg>'


def with_sprite(html: str) -> str:
    """Put one sprite of the icons this page uses where the base template left its place."""
    used = set(_USE.findall(html)) & drawings().keys()
    return html.replace(SPRITE_PLACE, sprite(used), 1)


def with_drawings(html: str) -> str:
    """A swapped fragment cannot count on the page's sprite, so it carries its drawings itself."""
    known = drawings()
    return _USE.sub(lambda found: known.get(found[1], found[0]), html)
