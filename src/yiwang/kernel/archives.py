"""How large a zip archive really is: what its own list says may be a lie."""

import struct
import zlib
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

PIECE = 1 << 20
STEEPEST = 1032  # deflate makes nothing smaller than this share
LOCAL_HEADER = 30


def unpacks_within(source: BinaryIO, most: int) -> bool:
    """Whether all that an archive holds unpacks to at most ``most`` bytes. Raises ``BadZipFile`` for what is none.

    1. Believe the list where it admits to be too large. 2. Where even the steepest compression could not reach the
    bound, be content. 3. Else unpack piece by piece, keep nothing, and stop at the bound.
    """
    with ZipFile(source) as archive:
        parts = archive.infolist()
    if sum(part.file_size for part in parts) > most:
        return False
    if sum(part.compress_size for part in parts) * STEEPEST <= most:
        return True
    left = most
    for part in parts:
        left -= _unpacked(source, part, left)
        if left < 0:
            return False
    return True


def _unpacked(source: BinaryIO, part: ZipInfo, most: int) -> int:
    """How many bytes this part gives; counting stops beyond ``most``."""
    source.seek(part.header_offset)
    head = source.read(LOCAL_HEADER)
    if len(head) < LOCAL_HEADER or part.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise BadZipFile("not an archive that spreadsheet programs write")
    source.seek(sum(struct.unpack("<HH", head[26:])), 1)
    if part.compress_type == ZIP_STORED:
        return part.compress_size
    return _inflated(source, part.compress_size, most)


def _inflated(source: BinaryIO, packed: int, most: int) -> int:
    reader, count = zlib.decompressobj(-zlib.MAX_WBITS), 0
    try:
        while packed > 0 and not reader.eof and count <= most:
            piece = source.read(min(PIECE, packed))
            if not piece:
                break
            packed -= len(piece)
            while piece and count <= most:
                count += len(reader.decompress(piece, PIECE))
                piece = reader.unconsumed_tail
    except zlib.error as reason:
        raise BadZipFile("the packed bytes are damaged") from reason
    return count
