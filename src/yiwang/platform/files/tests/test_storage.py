import errno
import os

import pytest

from yiwang.platform.files import storage
from yiwang.platform.files.errors import DiskFull


def incoming(media):
    return list((media / "incoming").glob("*"))


def test_content_arrives_in_pieces_and_is_hashed_on_the_way(media):
    received = storage.receive([b"ab", b"c"], limit=3)

    assert (received.size, received.sha256) == (3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    assert received.path.read_bytes() == b"abc"


def test_too_much_stops_at_the_limit_and_leaves_nothing(media):
    def endless():
        while True:
            yield b"x" * 1000

    with pytest.raises(storage.Overflow) as overflow:
        storage.receive(endless(), limit=2500)

    assert overflow.value.size == 3000
    assert incoming(media) == []


def test_a_full_disk_is_a_sentence_and_leaves_nothing(media):
    def full():
        yield b"x"
        raise OSError(errno.ENOSPC, "full")

    with pytest.raises(DiskFull, match="存储空间满了"):
        storage.receive(full(), limit=10)
    assert incoming(media) == []


def test_another_fault_stays_what_it_is(media):
    def broken():
        yield b"x"
        raise OSError(errno.EIO, "gone")

    with pytest.raises(OSError, match="gone"):
        storage.receive(broken(), limit=10)


def test_the_same_content_lies_there_once(media):
    first = storage.put_in_place(storage.receive([b"abc"], limit=9))
    again = storage.put_in_place(storage.receive([b"abc"], limit=9))

    assert first == again == media / "ba" / "78" / first.name
    assert incoming(media) == []


def test_dropping_twice_is_harmless(media):
    received = storage.receive([b"abc"], limit=9)
    path = storage.put_in_place(received)
    storage.put_thumb(received.sha256, b"small")

    storage.drop(received.sha256)
    storage.drop(received.sha256)

    (path.parent / "stray").write_bytes(b"not ours")
    assert not path.exists()
    assert list(storage.stored_hashes()) == []


def test_leftovers_are_only_those_before_a_time(media):
    received = storage.receive([b"abc"], limit=9)
    os.utime(received.path, (100, 100))

    assert list(storage.leftovers(99)) == []
    assert list(storage.leftovers(101)) == [received.path]
