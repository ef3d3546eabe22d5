"""The fonts that documents are set in, and which characters they have."""

import struct
from functools import cache
from pathlib import Path

import pylopdf_fonts_cjk
import pylopdf_fonts_zh_cn
import typst
from django.conf import settings

# Noto Serif and Sans for Chinese; the Japanese cut has some characters of Chinese names that the other lacks (𠮷).
PACKAGED = tuple(Path(str(package.__file__)).parent for package in (pylopdf_fonts_zh_cn, pylopdf_fonts_cjk))
GETA = "〓"  # the printer's old mark for a character he does not have
INVISIBLE = frozenset("\u200d\ufe0e\ufe0f")  # joiners and variant marks belong to the character before them


@cache
def fonts() -> typst.Fonts:
    """Packaged fonts first; a folder of licensed 仿宋 and 小标宋 may stand beside them (``FONT_FOLDERS``)."""
    return typst.Fonts(include_system_fonts=False, font_paths=[str(path) for path in folders()])


def folders() -> list[Path]:
    return [*PACKAGED, *(Path(folder) for folder in settings.FONT_FOLDERS)]


@cache
def covered() -> frozenset[int]:
    """Every character that some packaged or given font can draw."""
    found: set[int] = set()
    for folder in folders():
        for path in sorted(folder.glob("*.[ot]tf")):
            found |= characters_of(path.read_bytes())
    return frozenset(found)


def printable(text: str) -> str:
    """The text with 〓 for what no font has (emoji, the rarest characters), so that paper never shows an empty box."""
    known = covered()
    marked = []
    for char in text:
        if ord(char) in known or char in "\n\t":
            marked.append(char)
        elif char not in INVISIBLE:
            marked.append(GETA)
    return "".join(marked)


def characters_of(font: bytes) -> set[int]:
    """The characters in the cmap table of an OpenType font (formats 4 and 12)."""
    count = struct.unpack_from(">H", font, 4)[0]
    for place in range(12, 12 + 16 * count, 16):
        if font[place : place + 4] == b"cmap":
            start = struct.unpack_from(">I", font, place + 8)[0]
            return _cmap(font, start)
    return set()


def _cmap(font: bytes, start: int) -> set[int]:
    found: set[int] = set()
    for index in range(struct.unpack_from(">H", font, start + 2)[0]):
        table = start + struct.unpack_from(">I", font, start + 8 + 8 * index)[0]
        kind = struct.unpack_from(">H", font, table)[0]
        if kind == 12:
            for group in range(struct.unpack_from(">I", font, table + 12)[0]):
                first, last = struct.unpack_from(">II", font, table + 16 + 12 * group)
                found.update(range(first, last + 1))
        elif kind == 4:
            segments = struct.unpack_from(">H", font, table + 6)[0] // 2
            lasts = struct.unpack_from(f">{segments}H", font, table + 14)
            firsts = struct.unpack_from(f">{segments}H", font, table + 16 + 2 * segments)
            for first, last in zip(firsts, lasts, strict=True):
                found.update(range(first, last + 1))
    return found - {0xFFFF}
