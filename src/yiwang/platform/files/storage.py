"""The disk under ``MEDIA_ROOT``: content by its hash, so that the same content lies there once.

``ab/cd/abcd…`` content · ``….thumb`` small picture · ``incoming/`` being received · ``quarantine/`` infected ·
``held/`` sent by somebody whose session had ended.
"""

import errno
import hashlib
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.conf import settings

from yiwang.platform.files.errors import DiskFull

INCOMING, QUARANTINE, HELD = "incoming", "quarantine", "held"
THUMB = ".thumb"


@dataclass(frozen=True)
class Received:
    """A file that arrived whole, in ``incoming/``."""

    path: Path
    size: int
    sha256: str


class Overflow(Exception):
    """More came than may; ``size`` is how much had come when we stopped."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.size = size


def root() -> Path:
    return Path(settings.MEDIA_ROOT)


def path_of(sha256: str) -> Path:
    return root() / sha256[:2] / sha256[2:4] / sha256


def thumb_of(sha256: str) -> Path:
    path = path_of(sha256)
    return path.with_name(path.name + THUMB)


def quarantine_of(public_id: str) -> Path:
    return root() / QUARANTINE / public_id


def held_of(place: str) -> Path:
    return root() / HELD / place


def receive(chunks: Iterable[bytes], limit: int) -> Received:
    """Write chunk by chunk to ``incoming/``, hashing on the way. Raises ``Overflow``, ``DiskFull``."""
    path = root() / INCOMING / secrets.token_hex(16)
    digest, size = hashlib.sha256(), 0
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as out:
            for chunk in chunks:
                size += len(chunk)
                if size > limit:
                    raise Overflow(size)
                digest.update(chunk)
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
    except BaseException as reason:
        with suppress(OSError):
            path.unlink(missing_ok=True)
        if isinstance(reason, OSError) and reason.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull from reason
        raise
    return Received(path, size, digest.hexdigest())


def put_in_place(received: Received) -> Path:
    """Move what arrived to its place; when the same content lies there already, that one stays."""
    target = path_of(received.sha256)
    if target.exists():
        received.path.unlink(missing_ok=True)
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    os.replace(received.path, target)
    return target


def hold(received: Received, place: str) -> None:
    """Out of ``incoming/``, unlooked at, to wait for its sender."""
    target = held_of(place)
    target.parent.mkdir(parents=True, exist_ok=True)
    os.replace(received.path, target)


def take_held(place: str) -> IO[bytes] | None:
    """Open and forget: the name goes at once, the content when the reader closes it."""
    path = held_of(place)
    try:
        stream = path.open("rb")
    except FileNotFoundError:
        return None
    path.unlink(missing_ok=True)
    return stream


def put_thumb(sha256: str, content: bytes) -> None:
    place = thumb_of(sha256)
    part = place.with_name(f"{place.name}.{secrets.token_hex(4)}")
    part.write_bytes(content)
    os.replace(part, place)


def drop(sha256: str) -> None:
    """Take the content off the disk; harmless when it is gone already."""
    path_of(sha256).unlink(missing_ok=True)
    thumb_of(sha256).unlink(missing_ok=True)


def release(public_id: str) -> None:
    """Delete what lay in quarantine."""
    quarantine_of(public_id).unlink(missing_ok=True)


def stored_hashes() -> Iterator[tuple[str, float]]:
    """(hash, time of last change) of everything that lies in place."""
    for path in root().glob("??/??/*"):
        if path.is_file() and len(path.name) == 64:
            yield path.name, path.stat().st_mtime


def leftovers(before: float) -> Iterator[Path]:
    """Files of uploads that broke off before that time."""
    for path in (root() / INCOMING).glob("*"):
        if path.stat().st_mtime < before:
            yield path
