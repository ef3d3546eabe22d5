"""Files as people send them."""

import io
import struct
import zipfile
import zlib
from typing import Any

from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
EXE = b"MZ\x90\x00\x03\x00" + b"\x00" * 200
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600


def picture(
    format: str = "JPEG", size: tuple[int, int] = (60, 40), mode: str = "RGB", colour: Any = "teal", **options: Any
) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, colour).save(out, format, **options)
    return out.getvalue()


def photo_with_place() -> bytes:
    """A JPEG turned by 90°, with the place and the device in its EXIF."""
    image = Image.new("RGB", (80, 40), "teal")
    image.paste("red", (0, 0, 20, 40))
    exif = Image.Exif()
    exif[0x0112] = 6  # orientation: lies on its side
    exif[0x010F] = "Secret Phone"
    exif.get_ifd(0x8825)[2] = (31.0, 23.0, 5.0)  # GPS latitude
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


def noisy(size: tuple[int, int], format: str = "JPEG", **options: Any) -> bytes:
    """A picture that does not compress: what a photo of a bill at night weighs."""
    out = io.BytesIO()
    Image.effect_noise(size, 120).convert("RGB").save(out, format, **options)
    return out.getvalue()


def archive(**entries: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, content in entries.items():
            made.writestr(name, content)
    return out.getvalue()


def word_file(*more: str) -> bytes:
    names = ["[Content_Types].xml", "word/document.xml", *more]
    return archive(**dict.fromkeys(names, b"<x/>"))


def sheet_file() -> bytes:
    return archive(**{"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>"})


def bomb_png(side: int = 20_000) -> bytes:
    """A PNG of a few bytes that says it is 400 million pixels."""
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    small = picture("PNG")
    start = small.index(b"IHDR")
    check = struct.pack(">I", zlib.crc32(b"IHDR" + header))
    return small[:start] + b"IHDR" + header + check + small[start + 21 :]


def upload(content: bytes, name: str = "单据.jpg", content_type: str = "image/jpeg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type)


def make_user(phone: str = "13912345520", name: str = "周文娟") -> Any:
    user, _is_new = get_user_model().objects.get_or_create(phone=phone, defaults={"name": name})
    return user
