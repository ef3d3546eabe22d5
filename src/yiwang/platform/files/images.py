"""Pictures are drawn anew: what a camera hides in them (place, device, thumbnail) does not come along."""

import io
import warnings
from dataclasses import dataclass
from pathlib import Path

import pillow_heif
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from yiwang.platform.files.errors import FileRefused

pillow_heif.register_heif_opener()

LONGEST = 4096  # px: an A4 page at 350 dpi
PIXELS_JPEG = 250_000_000  # drawn at a fraction of their size, so even 200-megapixel phones are fine
PIXELS = 50_000_000
QUALITIES = (88, 75, 60)
THUMB = (176, 208)
STEP = 2  # of 255: less is noise
PLAIN = 6  # of 64 points
FORMATS = ("JPEG", "PNG", "HEIF", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "MPO")


@dataclass(frozen=True)
class Picture:
    content: bytes
    content_type: str
    thumb: bytes
    likeness: int | None


def redraw(path: Path, name: str, limit: int) -> Picture | None:
    """The picture upright, at most ``LONGEST`` on its long side, without any metadata; None if it stays above limit.

    Raises ``FileRefused`` for what is broken, or so large unpacked that opening it would take the machine down.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # we count pixels ourselves, just below
            with Image.open(path, formats=FORMATS) as image:
                _refuse_bomb(image, name)
                was_png = image.format in ("PNG", "GIF", "BMP")
                image.draft("RGB", (LONGEST, LONGEST))
                upright = ImageOps.exif_transpose(image)
                drawn = _plain(upright)
    except (Image.DecompressionBombError, MemoryError):
        raise _bomb(name) from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, IndexError):
        message = _("“{name}”坏了，打不开。请重新拍一张，或者换一个文件。")
        raise FileRefused(message.format(name=name), reason="broken") from None
    drawn.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
    thumb = _thumb(drawn)
    if was_png and len(content := _encode(drawn, "PNG")) <= limit:
        return Picture(content, "image/png", thumb, likeness(drawn))
    flat = _flat(drawn)
    for quality in QUALITIES:
        if len(content := _encode(flat, "JPEG", quality=quality)) <= limit:
            return Picture(content, "image/jpeg", thumb, likeness(drawn))
    return None


def _refuse_bomb(image: Image.Image, name: str) -> None:
    limit = PIXELS_JPEG if image.format == "JPEG" else PIXELS
    if image.width * image.height > limit:
        raise _bomb(name)


def _bomb(name: str) -> FileRefused:
    return FileRefused(_("“{name}”的画面太大，打不开。请截取要看的部分再传。").format(name=name), reason="bomb")


def _plain(image: Image.Image) -> Image.Image:
    """A copy with pixels only: RGB, or RGBA where something shines through."""
    has_alpha = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    pixels = image.convert("RGBA" if has_alpha else "RGB")
    plain = Image.new(pixels.mode, pixels.size)
    plain.paste(pixels)
    return plain


def _flat(image: Image.Image) -> Image.Image:
    if image.mode == "RGB":
        return image
    ground = Image.new("RGB", image.size, "white")
    ground.paste(image, mask=image.getchannel("A"))
    return ground


def likeness(image: Image.Image) -> int | None:
    """Difference hash: for each point of a 9×8 grey copy, whether it is brighter than the next. It stays nearly the
    same when a picture is made smaller, lighter or saved again. None for an even surface, which is like any other.
    """
    points = _flat(image).convert("L").resize((9, 8), Image.Resampling.LANCZOS).tobytes()
    bits = [points[n] > points[n + 1] + STEP for n in range(len(points)) if n % 9 != 8]
    if sum(bits) < PLAIN:
        return None
    whole = sum(bit << place for place, bit in enumerate(bits))
    return int.from_bytes(whole.to_bytes(8), signed=True)  # as the database keeps eight bytes


def _thumb(image: Image.Image) -> bytes:
    small = _flat(image.copy())
    small.thumbnail(THUMB)
    return _encode(small, "JPEG", quality=70)


def _encode(image: Image.Image, format: str, **options: int) -> bytes:
    out = io.BytesIO()
    image.save(out, format, optimize=format == "PNG", **options)
    return out.getvalue()
