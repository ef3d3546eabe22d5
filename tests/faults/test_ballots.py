"""kill -9 of the web server while ballots are cast: never two votes, never one lost without the voter learning of it."""

import http.client
import random
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest

from bench.boxes import Box, ballots_in, boxes_of
from bench.installation import Installation
from yiwang.platform.ballots.library.verifying import verify

DELEGATES = 40
CLIENTS = 4
KILLS = 4
PATIENCE = 120
FIRST_START = 600
NAMES = 2  # blank, two candidates, somebody else


@pytest.fixture(scope="module")
def installation(tmp_path_factory):
    made = Installation(tmp_path_factory.mktemp("installation"))
    made.start()
    try:
        made.wait_until_open(seconds=FIRST_START)
        yield made
    finally:
        made.remove()


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


def test_a_server_killed_between_taking_and_answering_loses_and_doubles_no_vote(installation):
    (box,) = boxes_of(installation, delegates=DELEGATES, candidates=NAMES)
    choices = [voter % 4 for voter in range(DELEGATES)]
    voters = Voters(box, [box.make(voter, choice) for voter, choice in enumerate(choices)])
    random.seed(20261129)

    with ThreadPoolExecutor(CLIENTS) as pool:
        cast = [pool.submit(voters.vote, voter) for voter in range(DELEGATES)]
        kill_while(installation, cast)

    assert voters.refused == []
    assert sorted(voters.taken) == list(range(DELEGATES)), installation.said
    assert voters.broken > 0  # the kills were felt
    box.close()
    for holder in range(3):
        box.share(holder)
    archive = box.archive()
    assert Counter(ballots_in(archive)).most_common(1)[0][1] == 1
    report = verify(archive)
    assert (report.ballots, report.counted) == (DELEGATES, DELEGATES)
    counted = Counter(choices)
    assert report.result == [[counted[place] for place in range(NAMES + 2)]]


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
