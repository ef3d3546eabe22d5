"""kill -9 of web, worker and database while ballots are cast and requests submitted: what was acknowledged is there, once.

One installation for all of it: its first start makes a database, which takes most of the time.
"""

import http.client
import json
import random
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest

from bench.boxes import ballots_in, boxes_of
from bench.installation import Installation
from tests.faults.voters import Voters, kill_while
from yiwang.platform.ballots.library.verifying import verify

REQUESTS = 200
PEOPLE = 20
CLIENTS = 8
PATIENCE = 75
DELEGATES = 40
VOTING = 4  # at once
NAMES = 2  # blank, two candidates, somebody else
FIRST_START = 600
TOKEN = "t" * 32
ANSWERS = {
    "name": "职工",
    "phone": "13900000000",
    "monthly_income": "3200.00",
    "kinds": ["living"],
    "payee_kind": "member_card",
}

PREPARE = """
import json
from importlib import import_module
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import transaction
from tests.cast import build_cast
from tests.faults.accounts import make_members

SessionStore = import_module(settings.SESSION_ENGINE).SessionStore
with transaction.atomic():
    cast = build_cast()
    users = make_members(cast, {people})
sessions = []
for user in users:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    sessions.append(session.session_key)
print(json.dumps({{"sessions": sessions}}))
"""

COUNT = """
import json
from yiwang.net.cases.models import Case
from yiwang.platform.journal.actions import seal_batch
from yiwang.platform.journal.models import JournalEntry

while seal_batch():
    pass
rows = Case.objects.values_list("idempotency_key", "number")
told = JournalEntry.objects.filter(name="cases.case_submitted").count()
print(json.dumps({"cases": [list(row) for row in rows], "told": told}))
"""


@dataclass
class Clients:
    """Browsers that ask again with the same key until they are told a number, or run out of patience."""

    installation: Installation
    sessions: list[str]
    acknowledged: dict[str, str] = field(default_factory=dict)
    odd: list[tuple[str, int, str]] = field(default_factory=list)
    again: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def submit(self, n: int) -> None:
        key, until = f"request-{n:05}", time.monotonic() + PATIENCE
        headers = {
            "Cookie": f"yw_session={self.sessions[n % PEOPLE]}; csrftoken={TOKEN}",
            "X-CSRFToken": TOKEN,
            "Content-Type": "application/json",
            "Idempotency-Key": key,
        }
        body = json.dumps({"service": "HP-0002", "answers": {**ANSWERS, "reason": f"第{n}件，𠮷"}}).encode()
        while time.monotonic() < until:
            try:
                status, text = self.installation.ask("POST", "/api/v1/cases", body, headers, seconds=10)
            except (OSError, http.client.HTTPException):
                status, text = 0, b""
            if status == 201:
                with self.lock:
                    self.acknowledged[key] = json.loads(text)["number"]
                return
            with self.lock:
                self.again += 1
                if 0 < status < 500:
                    self.odd.append((key, status, text.decode()[:200]))
            time.sleep(0.2)

    def wait_for(self, number: int) -> None:
        until = time.monotonic() + PATIENCE
        while len(self.acknowledged) < number and time.monotonic() < until:
            time.sleep(0.02)


@pytest.fixture(scope="module")
def installation(tmp_path_factory):
    made = Installation(tmp_path_factory.mktemp("installation"))
    made.start()
    try:
        made.wait_until_open(seconds=FIRST_START)
        yield made
    finally:
        made.remove()


def test_a_server_killed_between_taking_and_answering_loses_and_doubles_no_vote(installation):
    """Never two votes, never one lost without the voter learning of it."""
    (box,) = boxes_of(installation, delegates=DELEGATES, candidates=NAMES)
    choices = [voter % 4 for voter in range(DELEGATES)]
    voters = Voters(box, [box.make(voter, choice) for voter, choice in enumerate(choices)])
    random.seed(20261129)

    with ThreadPoolExecutor(VOTING) as pool:
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


def test_every_acknowledged_request_is_there_once_whatever_is_killed(installation):
    clients = Clients(installation, installation.manage(PREPARE.format(people=PEOPLE))["sessions"])

    submit_and_kill(clients)

    assert clients.odd == []
    assert len(clients.acknowledged) == REQUESTS, installation.said
    assert clients.again > 0  # the kills were felt
    found = installation.manage(COUNT)
    assert sorted(found["cases"]) == sorted(map(list, clients.acknowledged.items()))
    assert found["told"] == REQUESTS
    verified = installation.command("journal", "verify", "--json")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert json.loads(verified.stdout)["sealed"] > REQUESTS


def submit_and_kill(clients: Clients) -> None:
    installation = clients.installation
    kills = (
        (25, installation.kill_a_web_process),
        (60, installation.kill_the_worker),
        (95, installation.kill_the_database),
        (140, installation.kill_the_web_server),
    )
    with ThreadPoolExecutor(CLIENTS) as pool:
        sent = [pool.submit(clients.submit, n) for n in range(REQUESTS)]
        for after, kill in kills:
            clients.wait_for(after)
            kill()
        for one in sent:
            one.result()


def test_a_term_signal_stops_everything_and_leaves_nothing(installation):
    installation.wait_until_open(seconds=PATIENCE)
    assert len(installation.processes()) > 4

    assert installation.stop(seconds=40) == 0

    assert installation.processes() == []
    assert not installation.port_is_open()
