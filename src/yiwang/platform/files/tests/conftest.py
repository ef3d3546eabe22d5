import socket
import struct
import threading

import pytest

from .factories import EICAR


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """Every test has a disk of its own."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


class FakeClamd:
    """Speaks the part of clamd's protocol that we use; finds the EICAR test file. ``answer`` overrides what it says."""

    def __init__(self, link: socket.socket) -> None:
        self.link = link
        self.answer: bytes | None = None
        self.scanned: list[int] = []
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self) -> None:
        while True:
            try:
                peer, _address = self.link.accept()
            except OSError:
                return
            with peer:
                self.talk(peer)

    def talk(self, peer: socket.socket) -> None:
        command = self.read_command(peer)
        if command == b"zPING":
            peer.sendall(self.answer or b"PONG\0")
            return
        content = b""
        while length := struct.unpack("!L", self.exactly(peer, 4))[0]:
            content += self.exactly(peer, length)
        self.scanned.append(len(content))
        found = b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0"
        peer.sendall(self.answer if self.answer is not None else found)

    def read_command(self, peer: socket.socket) -> bytes:
        command = b""
        while not command.endswith(b"\0"):
            command += self.exactly(peer, 1)
        return command[:-1]

    def exactly(self, peer: socket.socket, count: int) -> bytes:
        content = b""
        while len(content) < count:
            block = peer.recv(count - len(content))
            if not block:
                raise ConnectionError
            content += block
        return content


@pytest.fixture
def clamd(settings, tmp_path):
    """A scanner on a socket, as in production."""
    place = tmp_path / "clamd.sock"
    link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    link.bind(str(place))
    link.listen()
    settings.SCANNER = f"unix:{place}"
    fake = FakeClamd(link)
    yield fake
    link.shutdown(socket.SHUT_RDWR)
    link.close()
    fake.thread.join(timeout=5)
