"""Reads back what a PDF of ours says: the text as a reader would copy it, and the fonts it carries."""

import re
import zlib

OBJECT = re.compile(rb"(?:^|\n)(\d+) 0 obj\s*(.*?)\nendobj", re.DOTALL)
PLAIN = rb"\\.|[^\\()]"  # a string may hold pairs of brackets without a backslash
NESTED = rb"(?:" + PLAIN + rb"|\((?:" + PLAIN + rb")*\))*"
STRING = re.compile(rb"/(f\d+) [\d.]+ Tf|\((" + NESTED + rb")\)|<([0-9A-Fa-f]+)>", re.DOTALL)
ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
NAMED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def pdf_text(pdf: bytes) -> str:
    """Every character drawn, in order, without spaces and line ends."""
    objects = dict(OBJECT.findall(pdf))
    fonts = {
        name: _unicode_map(_stream(objects[_reference(objects[number], b"ToUnicode")]))
        for name, number in re.findall(rb"/(f\d+) (\d+) 0 R", pdf)
    }
    pages = [_stream(body) for body in objects.values() if b"stream" in body]
    text = "".join(_drawn(page, fonts) for page in pages if b" Tf" in page)
    return re.sub(r"\s", "", text)


def embedded_fonts(pdf: bytes) -> set[str]:
    """Names of the fonts whose outlines are in the file."""
    described = re.findall(rb"/FontName/([^/\s]+)[^>]*?/FontFile3 \d+ 0 R", pdf, re.DOTALL)
    return {name.decode().split("+")[-1] for name in described}


def page_count(pdf: bytes) -> int:
    return int(re.search(rb"/Type/Pages/Count (\d+)", pdf)[1])


def _reference(body: bytes, name: bytes) -> bytes:
    return re.search(rb"/%s (\d+) 0 R" % name, body)[1]


def _stream(body: bytes) -> bytes:
    head, _, rest = body.partition(b"stream")
    content = rest.lstrip(b"\r\n")[: int(re.search(rb"/Length (\d+)", head)[1])]
    return zlib.decompress(content) if b"FlateDecode" in head else content


def _unicode_map(cmap: bytes) -> dict[int, str]:
    found: dict[int, str] = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", cmap, re.DOTALL):
        for code, text in re.findall(rb"<(\w+)>\s*<(\w+)>", block):
            found[int(code, 16)] = bytes.fromhex(text.decode()).decode("utf-16-be")
    return found


def _drawn(page: bytes, fonts: dict[bytes, dict[int, str]]) -> str:
    text, font = [], {}
    for name, plain, hexed in STRING.findall(page):
        if name:
            font = fonts.get(name, {})
            continue
        codes = bytes.fromhex(hexed.decode()) if hexed else ESCAPE.sub(_unescape, plain)
        text += [font.get(int.from_bytes(codes[n : n + 2], "big"), "") for n in range(0, len(codes), 2)]
    return "".join(text)


def _unescape(found: re.Match[bytes]) -> bytes:
    told = found[1]
    return bytes([int(told, 8)]) if told.isdigit() else NAMED.get(told, told)
