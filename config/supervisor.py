"""``yiwang run``: database, migrations, web and worker as one process group that starts, heals and stops together."""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import psycopg

from config import postgres

PATIENCE_SECONDS = 20
CALM_SECONDS = 30
REVIVAL_SECONDS = 60
PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36


def say(sentence: str) -> None:
    print(sentence, flush=True)  # noqa: T201 -- this process talks to the person who started it


def die_with_parent() -> None:
    """Runs in the child before exec: a supervisor that is killed takes web and worker along (Linux)."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def adopt_orphans() -> None:
    """What a killed process leaves behind becomes our child (Linux): ended by us, never a zombie."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)


def end_group(leader: int) -> None:
    """End what a dead process left running: web processes without their server would keep its port."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-leader, os.WNOHANG)[0]:
            continue


@dataclass
class Child:
    """One process we keep alive: started again after it died, more slowly each time in a row."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0
    failures: int = 0
    next_start: float = field(default=0)

    def start(self) -> None:
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 -- our own commands
            self.command,
            stdin=subprocess.DEVNULL,
            preexec_fn=die_with_parent if sys.platform == "linux" else None,
            start_new_session=True,
        )

    def look_after(self, now: float) -> None:
        if self.process is not None and self.process.poll() is None:
            return
        if self.process is not None:
            lived = now - self.started_at
            self.failures = 0 if lived > CALM_SECONDS else self.failures + 1
            self.next_start = now + min(2**self.failures / 4, 15)
            say(f"{self.name} ended with status {self.process.returncode}; starting it again.")
            end_group(self.process.pid)
            self.process = None
        if now >= self.next_start:
            self.start()

    def end(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)

    def end_for_good(self, until: float) -> None:
        if self.process is None:
            return
        try:
            self.process.wait(max(until - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        end_group(self.process.pid)


def port_is_free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def web_command(host: str, port: int, workers: int) -> list[str]:
    # One blocking thread per worker: measured fastest, and one database connection per worker (performance.md 4).
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)),
        *("--workers", str(workers), "--blocking-threads", "1", "--backpressure", "128"),
        *("--respawn-failed-workers", "--workers-kill-timeout", "10", "--no-ws", "--log-level", "warning"),
        "config.serving:application",
    ]


def worker_command() -> list[str]:
    return [sys.executable, "-m", "django", "procrastinate", "worker"]


def managed(*arguments: str) -> None:
    """Run one of our own commands to its end; its failure is ours."""
    status = subprocess.run([sys.executable, *arguments], check=False).returncode  # noqa: S603 -- our own command
    if status != 0:
        raise SystemExit(status)


def run(*, host: str, port: int, workers: int, var: Path, readying: tuple[str, ...]) -> None:
    """Start everything, keep it alive, and stop it all cleanly on ctrl-C or SIGTERM.

    ``readying`` are the words of the ``yiwang`` command that brings the database to this version.
    """
    if not port_is_free(host, port):
        raise SystemExit(
            f"yiwang: port {port} on {host} is taken by another program; stop that program, "
            f"or choose another port: make run PORT={port + 1}"
        )
    stopping = Stopping()
    adopt_orphans()
    place = None
    if "DATABASE_URL" not in os.environ:
        place = postgres.place_for(var, "pg")
        if postgres.running_port(place) is not None:
            say("Found the embedded database still running from an earlier start; using it.")
        os.environ["DATABASE_URL"] = postgres.start(place)
    children: list[Child] = []
    try:
        managed("-c", "from config.cli import main; main()", *readying)
        children += [Child("web", web_command(host, port, workers)), Child("worker", worker_command())]
        announce = Announcement(host, port)
        while not stopping.asked:
            if place is not None:
                revive(place)
            for child in children:
                child.look_after(time.monotonic())
            announce.when_ready()
            time.sleep(0.2)
    finally:
        say("Stopping …")
        for child in children:
            child.end()
        until = time.monotonic() + PATIENCE_SECONDS
        for child in children:
            child.end_for_good(until)
        if place is not None:
            postgres.stop(place)
        say("Stopped. Nothing was lost.")


def revive(place: postgres.Place) -> None:
    """Start the embedded database again, on the same port, if something killed it."""
    if postgres.alive(place):
        return
    say("The database was gone; starting it again.")
    port = int(os.environ["DATABASE_URL"].rsplit(":", 1)[1].split("/")[0])
    until = time.monotonic() + REVIVAL_SECONDS
    while True:
        try:
            postgres.start(place, port=port)
        except (postgres.DatabaseTrouble, psycopg.Error):
            # The killed server's children may still hold its memory or its port; they go within moments.
            if time.monotonic() > until:
                raise
            time.sleep(0.5)
        else:
            return


class Stopping:
    """Whether ctrl-C or SIGTERM has come; a second one changes nothing, so that the stop stays clean."""

    def __init__(self) -> None:
        self.asked = False
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.ask)

    def ask(self, _number: int, _frame: FrameType | None) -> None:
        self.asked = True


class Announcement:
    """Says the address once, when the web server answers."""

    def __init__(self, host: str, port: int) -> None:
        self.host = "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104 -- compared, not bound
        self.port = port
        self.said = False

    def when_ready(self) -> None:
        if self.said:
            return
        try:
            socket.create_connection((self.host, self.port), timeout=0.2).close()
        except OSError:
            return
        self.said = True
        say(f"\n  Yiwang is open: http://{self.host}:{self.port}\n  Stop it with ctrl-C.\n")
