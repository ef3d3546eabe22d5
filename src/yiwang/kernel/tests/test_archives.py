import io
import zipfile

import pytest

from yiwang.kernel.archives import unpacks_within

MEGABYTE = 1 << 20


def archive(size: int, *, method=zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as made:
        made.writestr("xl/worksheets/sheet1.xml", b" " * size)
    return target.getvalue()


def lying(size: int, *, says: int) -> bytes:
    """An archive whose list names a much smaller size."""
    content = archive(size)
    return content.replace(size.to_bytes(4, "little"), says.to_bytes(4, "little"))


def test_an_archive_is_as_large_as_it_unpacks():
    for method in (zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED):
        assert unpacks_within(io.BytesIO(archive(3 * MEGABYTE, method=method)), 3 * MEGABYTE)
        assert not unpacks_within(io.BytesIO(archive(3 * MEGABYTE, method=method)), 3 * MEGABYTE - 1)


def test_a_list_that_lies_is_found_out():
    content = lying(64 * MEGABYTE, says=1000)

    with zipfile.ZipFile(io.BytesIO(content)) as made:
        assert made.infolist()[0].file_size == 1000
    assert not unpacks_within(io.BytesIO(content), 8 * MEGABYTE)
    assert unpacks_within(io.BytesIO(content), 64 * MEGABYTE)


def test_what_is_no_archive_or_is_damaged_says_so():
    with pytest.raises(zipfile.BadZipFile):
        unpacks_within(io.BytesIO(b"PK\x03\x04 nothing"), MEGABYTE)
    content = bytearray(archive(5 * MEGABYTE))
    content[54:60] = b"\xff" * 6  # where the packed bytes begin
    with pytest.raises(zipfile.BadZipFile):
        unpacks_within(io.BytesIO(bytes(content)), 5 * MEGABYTE)
    with pytest.raises(zipfile.BadZipFile):
        unpacks_within(io.BytesIO(archive(4000, method=zipfile.ZIP_BZIP2)), 4001)
