import io

import pytest
from PIL import Image

from yiwang.platform.files import images
from yiwang.platform.files.errors import FileRefused
from yiwang.platform.files.images import redraw

from . import factories as f

LIMIT = 10 * 1024 * 1024


def drawn(tmp_path, content, limit=LIMIT):
    path = tmp_path / "x"
    path.write_bytes(content)
    return redraw(path, "单据.jpg", limit)


def opened(content):
    return Image.open(io.BytesIO(content))


def test_photo_comes_out_upright_without_place_or_device(tmp_path):
    made = drawn(tmp_path, f.photo_with_place())

    image = opened(made.content)
    assert made.content_type == "image/jpeg"
    assert image.size == (40, 80)  # it stood on its side
    assert not dict(image.getexif())
    assert b"Secret Phone" not in made.content
    assert image.info.keys() & {"exif", "icc_profile", "comment"} == set()


@pytest.mark.parametrize("format", ["PNG", "GIF", "BMP"])
def test_drawings_stay_without_loss(tmp_path, format):
    assert drawn(tmp_path, f.picture(format)).content_type == "image/png"


@pytest.mark.parametrize("format", ["JPEG", "HEIF", "WEBP", "TIFF"])
def test_photos_become_jpeg(tmp_path, format):
    assert drawn(tmp_path, f.picture(format)).content_type == "image/jpeg"


@pytest.mark.parametrize(
    ("mode", "colour"), [("RGBA", (0, 0, 0, 0)), ("LA", (0, 0)), ("L", 9), ("1", 1), ("P", 3), ("I;16", 9)]
)
def test_every_kind_of_pixel_is_drawn(tmp_path, mode, colour):
    made = drawn(tmp_path, f.picture("PNG", mode=mode, colour=colour))

    assert opened(made.content).mode in ("RGB", "RGBA")


def test_what_shines_through_stands_on_white_in_the_small_picture(tmp_path):
    made = drawn(tmp_path, f.picture("PNG", mode="RGBA", colour=(0, 0, 0, 0)))

    assert opened(made.thumb).getpixel((5, 5)) == (255, 255, 255)


def test_long_sides_are_brought_down(tmp_path, monkeypatch):
    monkeypatch.setattr(images, "LONGEST", 100)

    assert max(opened(drawn(tmp_path, f.picture("JPEG", size=(400, 200))).content).size) == 100


def test_a_drawing_that_is_too_heavy_becomes_a_photo(tmp_path):
    content = f.noisy((400, 400), "PNG")

    assert drawn(tmp_path, content, limit=200_000).content_type == "image/jpeg"


def test_nothing_fits_a_limit_that_is_too_small(tmp_path):
    assert drawn(tmp_path, f.noisy((400, 400)), limit=1000) is None


def test_quality_goes_down_before_a_photo_is_refused(tmp_path):
    full = drawn(tmp_path, f.noisy((400, 400)))
    smaller = drawn(tmp_path, f.noisy((400, 400)), limit=len(full.content) - 1)

    assert len(smaller.content) < len(full.content)


@pytest.mark.parametrize("content", [f.picture("JPEG")[:200], b"\xff\xd8\xff\xe0broken", f.picture("PNG")[:60]])
def test_broken_pictures_are_refused(tmp_path, content):
    with pytest.raises(FileRefused, match="“单据.jpg”坏了，打不开") as refusal:
        drawn(tmp_path, content)

    assert refusal.value.reason == "broken"


def test_a_picture_that_would_fill_the_memory_is_refused_unopened(tmp_path):
    with pytest.raises(FileRefused, match="画面太大") as refusal:
        drawn(tmp_path, f.bomb_png())
    assert refusal.value.reason == "bomb"
    with pytest.raises(FileRefused, match="画面太大"):
        drawn(tmp_path, f.bomb_png(8_000))


def picture_of_room(size=(640, 480), shade=0):
    """Windows and shadows: something to recognise."""
    image = Image.new("RGB", size, (90 + shade, 90 + shade, 90 + shade))
    width, height = size
    for n, (left, top) in enumerate([(0.1, 0.1), (0.5, 0.2), (0.2, 0.6), (0.7, 0.55), (0.4, 0.8)]):
        box = [int(left * width), int(top * height), int((left + 0.2) * width), int((top + 0.15) * height)]
        image.paste((200 + shade - 30 * n,) * 3, box)
    return image


def test_a_picture_saved_smaller_and_lighter_is_alike_and_another_is_not():
    whole = images.likeness(picture_of_room())
    again = images.likeness(picture_of_room((320, 240), shade=12))
    turned = images.likeness(picture_of_room().transpose(Image.Transpose.FLIP_LEFT_RIGHT))

    assert bits(whole ^ again) <= 4
    assert bits(whole ^ turned) > 4


def test_an_even_surface_is_like_nothing():
    assert images.likeness(Image.new("RGB", (400, 300), "white")) is None


def bits(number):
    return (number & (2**64 - 1)).bit_count()
