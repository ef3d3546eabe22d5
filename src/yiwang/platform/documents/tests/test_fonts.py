import struct

import pytest

from yiwang.platform.documents import fonts
from yiwang.platform.documents.words import clean_words


def test_packaged_fonts_cover_ordinary_and_rare_names():
    assert {ord(char) for char in "周文娟玥㐂𠮷囍·〔〕０１Ａ"} <= fonts.covered()
    assert ord("😀") not in fonts.covered()


def test_what_no_font_has_is_marked_and_what_is_invisible_falls_away():
    assert fonts.printable("喜😀了\ufe0f\n好") == "喜〓了\n好"


def font(kind: int) -> bytes:
    """A font with nothing but a cmap of “A” to “C”."""
    if kind == 12:
        table = struct.pack(">HHIII", 12, 0, 28, 0, 1) + struct.pack(">III", 0x41, 0x43, 1)
    elif kind == 4:
        table = struct.pack(">HHHHHHH", 4, 32, 0, 4, 0, 0, 0)
        table += struct.pack(">2H", 0x43, 0xFFFF) + b"\0\0" + struct.pack(">2H", 0x41, 0xFFFF)
    else:
        table = struct.pack(">HH", kind, 0)
    cmap = struct.pack(">HH", 0, 1) + struct.pack(">HHI", 3, 1, 12) + table
    return struct.pack(">IHHHH", 0x4F54544F, 1, 0, 0, 0) + b"cmap" + struct.pack(">III", 0, 28, len(cmap)) + cmap


@pytest.mark.parametrize("kind", [4, 12])
def test_characters_of_a_font_are_read_from_its_cmap(kind):
    assert fonts.characters_of(font(kind)) == {0x41, 0x42, 0x43}


def test_other_cmaps_and_fonts_without_any_say_nothing():
    assert fonts.characters_of(font(6)) == set()
    assert fonts.characters_of(struct.pack(">IHHHH", 0, 0, 0, 0, 0)) == set()


def test_words_lose_what_printers_refuse_at_every_depth():
    assert clean_words({"a": ["x\x00y\n", ("\x1b", 3, None)]}) == {"a": ["xy\n", ["", 3, None]]}
