"""Voters whose server is killed while they cast."""

import http.client
import random
import threading
import time
from dataclasses import dataclass, field

from bench.boxes import Box
from bench.installation import Installation

KILLS = 4
PATIENCE = 120


@dataclass
class Voters:
    """Devices that cast once, and where nothing came back ask where their ballot is before they cast again."""

    box: Box
    ballots: list[bytes]
    broken: int = 0
    found_after: int = 0
    refused: list[tuple[int, dict]] = field(default_factory=list)
    taken: list[int] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def vote(self, voter: int) -> None:
        raw, until = self.ballots[voter], time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                status, told = self.box.cast(raw, seconds=10)
            except (OSError, http.client.HTTPException):
                if self.is_there(raw, until):
                    break
                continue
            if status == 200:
                break
            self.refused.append((status, told))
            return
        else:
            return
        with self.lock:
            self.taken.append(voter)

    def is_there(self, raw: bytes, until: float) -> bool:
        """The truth after a broken connection, as soon as anybody answers."""
        with self.lock:
            self.broken += 1
        while time.monotonic() < until:
            try:
                place = self.box.place_of(raw)
            except (OSError, http.client.HTTPException):
                time.sleep(0.1)  # the server is being started again
                continue
            with self.lock:
                self.found_after += place in ("box", "board")
            return place in ("box", "board")
        return False


def kill_while(installation: Installation, cast: list) -> None:
    """At random moments, one web process or the whole server, until enough were killed or nobody casts any more."""
    for kill in range(KILLS):
        if all(one.done() for one in cast):
            return
        time.sleep(random.uniform(0.05, 0.6))  # the moment of death is what is tried here, not something waited for
        if kill % 4 == 3:
            installation.kill_the_web_server()
        else:
            installation.kill_a_web_process()
        installation.wait_until_open(seconds=PATIENCE)
