"""A whole installation of its own, started as an operator starts it: embedded database, web and worker.

For benchmarks, and for the tests that kill parts of it.
"""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from config import postgres

YIWANG = [sys.executable, "-c", "from config.cli import main; main()"]
ROOT = Path(__file__).resolve().parents[1]


class Visitor:
    """One device, whose connection stays open from one request to the next as a browser's does."""

    def __init__(self, port: int, *, seconds: float) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)

    def __enter__(self) -> "Visitor":
        return self

    def __exit__(self, *_error: object) -> None:
        self.connection.close()

    def ask(self, method: str, path: str, body=None, headers=None) -> tuple[int, bytes]:
        """Once more on a new connection if the server closed the old one meanwhile."""
        try:
            return self._asked(method, path, body, headers)
        except (http.client.RemoteDisconnected, ConnectionError):
            self.connection.close()
            return self._asked(method, path, body, headers)

    def _asked(self, method: str, path: str, body, headers) -> tuple[int, bytes]:
        self.connection.request(method, path, body, headers or {})
        answer = self.connection.getresponse()
        return answer.status, answer.read()


class Installation:
    """One ``yiwang run`` with its own var folder and port."""

    def __init__(self, folder: Path) -> None:
        self.var = folder / "var"
        self.port = postgres.free_port()
        self.output = folder / "output"
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_URL", "DJANGO_"))}
        self.environment = {
            **kept,
            "YIWANG_VAR": str(self.var),
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
        }
        self.process: subprocess.Popen | None = None

    @property
    def place(self) -> postgres.Place:
        return postgres.place_for(self.var, "pg")

    def start(self) -> None:
        with self.output.open("wb") as out:
            self.process = subprocess.Popen(
                [*YIWANG, "run", "--port", str(self.port)],
                env=self.environment,
                cwd=ROOT,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_until_open(self, *, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            assert self.process is not None
            assert self.process.poll() is None, self.said
            with contextlib.suppress(OSError, http.client.HTTPException):
                if self.ask("GET", "/help/")[0] == 200:
                    return
            time.sleep(0.2)
        raise AssertionError(f"not open after {seconds} s: {self.said}")

    @property
    def said(self) -> str:
        return self.output.read_text(errors="replace")[-4000:]

    def ask(self, method: str, path: str, body=None, headers=None, *, seconds: float = 20) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=seconds)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def visitor(self, *, seconds: float = 60) -> Visitor:
        return Visitor(self.port, seconds=seconds)

    def database(self) -> dict[str, str]:
        """The environment of another command beside the running installation."""
        port = postgres.running_port(self.place)
        assert port is not None, self.said
        return {**self.environment, "DATABASE_URL": postgres.url_of(self.place, port)}

    def manage(self, script: str) -> dict:
        """Run a script with Django ready; it prints one JSON document."""
        setup = "import django; django.setup()\n"
        done = subprocess.run(
            [sys.executable, "-c", setup + script],
            env=self.database(),
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return json.loads(done.stdout)

    def command(self, *arguments: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [*YIWANG, *arguments], env=self.database(), cwd=ROOT, capture_output=True, text=True, check=False
        )

    def processes(self) -> list[int]:
        """Every living process of this installation: what the supervisor started, and the database server."""
        assert self.process is not None
        mine = f"YIWANG_VAR={self.var}\0".encode()
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                words = (folder / "cmdline").read_bytes()
                ours = mine in (folder / "environ").read_bytes() + b"\0" or str(self.place.data).encode() in words
                if ours and (folder / "stat").read_text().rsplit(")", 1)[1].split()[0] != "Z":
                    found.append(int(folder.name))
        return found

    def children_of(self, pid: int) -> list[int]:
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                state, parent = (folder / "stat").read_text().rsplit(")", 1)[1].split()[:2]
                if int(parent) == pid and state != "Z":
                    found.append(int(folder.name))
        return found

    def lives(self, pid: int) -> bool:
        try:
            return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
        except OSError:
            return False

    def child(self, word: str) -> int:
        """The supervised process whose command line has the word."""
        assert self.process is not None
        for pid in self.children_of(self.process.pid):
            if word in Path(f"/proc/{pid}/cmdline").read_text().split("\0"):
                return pid
        raise AssertionError(f"no {word} process: {self.said}")

    def kill_a_web_process(self) -> None:
        os.kill(self.children_of(self.child("granian"))[0], signal.SIGKILL)

    def kill_the_web_server(self, *, seconds: float = 10) -> None:
        """Back when its web processes are gone too: for a moment these still answer, then are ended in mid-answer."""
        server = self.child("granian")
        orphans = self.children_of(server)
        os.kill(server, signal.SIGKILL)
        until = time.monotonic() + seconds
        while any(self.lives(pid) for pid in orphans):
            assert time.monotonic() < until, self.said
            time.sleep(0.05)

    def kill_the_worker(self) -> None:
        os.kill(self.child("procrastinate"), signal.SIGKILL)

    def kill_the_database(self) -> None:
        os.kill(int((self.place.data / "postmaster.pid").read_text().split("\n", 1)[0]), signal.SIGKILL)

    def stop(self, *, seconds: float) -> int:
        """SIGTERM, as an operator or systemd sends it; the exit status."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(seconds)

    def remove(self) -> None:
        """Whatever a failed test left behind, by its process id."""
        for pid in self.processes() if self.process else []:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        if self.process is not None:
            self.process.wait(10)
        if self.place.uid is not None:
            subprocess.run(["rm", "-rf", str(self.place.home.parent)], check=False)

    def port_is_open(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0
