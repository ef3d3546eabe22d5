"""Virus scanning behind one small face. ``settings.SCANNER``: “none”, “unix:/run/clamav/clamd.ctl”, “tcp:host:port”."""

import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

BLOCK = 64 * 1024
TIMEOUT = 10.0


class ScannerAway(Exception):
    """Nobody answers, or the answer makes no sense: the file waits, it is not taken for clean."""


@dataclass(frozen=True)
class Finding:
    """``virus`` is the name of what was found, "" for nothing."""

    virus: str = ""


class Scanner(Protocol):
    def scan(self, path: Path) -> Finding: ...


class NullScanner:
    """Takes everything for clean: for demo and tests, and where another layer scans."""

    def scan(self, path: Path) -> Finding:
        return Finding()


class ClamdScanner:
    """Streams a file to clamd (INSTREAM), so that the two need no common folder."""

    def __init__(self, address: str, timeout: float = TIMEOUT) -> None:
        self.address = address
        self.timeout = timeout

    def scan(self, path: Path) -> Finding:
        try:
            with self._connection() as link, path.open("rb") as stream:
                link.sendall(b"zINSTREAM\0")
                while block := stream.read(BLOCK):
                    link.sendall(struct.pack("!L", len(block)) + block)
                link.sendall(struct.pack("!L", 0))
                answer = self._answer(link)
        except OSError as reason:
            raise ScannerAway(str(reason)) from reason
        return self._finding(answer)

    def ping(self) -> bool:
        """For ``yiwang doctor``."""
        try:
            with self._connection() as link:
                link.sendall(b"zPING\0")
                return self._answer(link) == "PONG"
        except OSError:
            return False

    @contextmanager
    def _connection(self) -> Iterator[socket.socket]:
        kind, _, place = self.address.partition(":")
        if kind == "unix":
            link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            target: str | tuple[str, int] = place
        else:
            host, _, port = place.rpartition(":")
            link = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            target = (host, int(port))
        with link:
            link.settimeout(self.timeout)
            link.connect(target)
            yield link

    def _answer(self, link: socket.socket) -> str:
        parts = bytearray()
        while b"\0" not in parts and len(parts) < 4096 and (block := link.recv(1024)):
            parts += block
        return parts.split(b"\0")[0].decode(errors="replace").strip()

    def _finding(self, answer: str) -> Finding:
        told = answer.removeprefix("stream: ")
        if told == "OK":
            return Finding()
        if told.endswith(" FOUND"):
            return Finding(virus=told.removesuffix(" FOUND") or "?")
        raise ScannerAway(answer or "no answer")


def scanner() -> Scanner:
    address = settings.SCANNER
    if address == "none":
        return NullScanner()
    kind, _, place = address.partition(":")
    if kind == "unix" and place:
        return ClamdScanner(address)
    if kind == "tcp" and place.rpartition(":")[2].isdigit() and place.rpartition(":")[0]:
        return ClamdScanner(address)
    raise ImproperlyConfigured("SCANNER must be “none”, “unix:/path/of/clamd.ctl” or “tcp:host:port”.")
