"""kill -9 of web, worker and database while requests are being submitted: what was acknowledged is there, once."""

import http.client
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest

from bench.installation import Installation

REQUESTS = 200
PEOPLE = 20
CLIENTS = 8
PATIENCE = 75
FIRST_START = 300
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
    """Started once: the first start makes a database, which takes most of the time."""
    made = Installation(tmp_path_factory.mktemp("installation"))
    made.start()
    try:
        made.wait_until_open(seconds=FIRST_START)
        yield made
    finally:
        made.remove()


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
