"""Hardship aid for a million households: ours beside OpenFisca-core with the same rules and data, in one run.

``yiwang bench screening``; SCREENING_ROWS and SCREENING_ROUNDS change the size. The peer lives in ``.venv-bench``;
SCREENING_PEER=none runs ours alone, SCREENING_FILES=plain gives both of them files that are not compressed. Every
figure is of a process of its own that has imported what it needs.

Ours counts taking up the rules of the day (the kernel is looked up on disk) and reckoning; from files also reading and
writing. The peer counts the same: the build of its simulation and its compute, from files also reading and writing.
The kernel is made once for a version of the rules and the figures of a day, in the first screening by them: that
process is not among the measured ones, its seconds are ``compile_s``. In memory the peer's rules are there before its
clock starts, as ours are.
"""

import datetime as dt
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from bench.measure import document
from bench.screening_data import CLASSES, figures, people, write
from yiwang.rights.aid.packaged import packaged_version
from yiwang.rights.aid.screening_columns import grouping, screen_columns, screen_parquet

HERE = Path(__file__).resolve().parent
PEER = Path(os.environ.get("SCREENING_PEER", HERE.parent / ".venv-bench" / "bin" / "python"))
COMMANDS = {
    "ours": [sys.executable, "-m", "bench.screening"],
    "peer": [str(PEER), str(HERE / "peers" / "openfisca_aid.py")],
}
if str(PEER) == "none":
    del COMMANDS["peer"]
DAY = dt.date(2026, 11, 22)


def run() -> dict[str, Any]:
    rows, rounds = int(os.environ.get("SCREENING_ROWS", "1000000")), int(os.environ.get("SCREENING_ROUNDS", "3"))
    with tempfile.TemporaryDirectory(prefix="yiwang-screening-") as name:
        folder = Path(name)
        prepare(folder, rows)
        first = one(COMMANDS["ours"], folder, "memory")
        ways: dict[str, dict[str, list[float]]] = {way: {who: [] for who in COMMANDS} for way in ("memory", "parquet")}
        used: dict[str, list[float]] = {}
        peaks: dict[str, int] = {}
        for _ in range(rounds):
            for way, seconds in ways.items():
                for who, command in COMMANDS.items():
                    told = one(command, folder, way)
                    seconds[who].append(told["seconds"])
                    used.setdefault(f"{way} {who}", []).append(told["processor"])
                    peaks[f"{who}_{way}_peak_mb"] = max(peaks.get(f"{who}_{way}_peak_mb", 0), told["peak_mb"])
        equal = same(folder) if "peer" in COMMANDS else None
    best = {way: {who: min(taken) for who, taken in seconds.items()} for way, seconds in ways.items()}
    ratios = {way: round(taken["peer"] / taken["ours"], 1) if "peer" in taken else None for way, taken in best.items()}
    return document(
        "screening",
        ours=round(rows / best["memory"]["ours"]),
        peer=round(rows / best["memory"]["peer"]) if "peer" in COMMANDS else None,
        ratio=ratios["memory"],
        unit="households/s",
        ratio_parquet=ratios["parquet"],
        seconds=best,
        every=ways,
        processor={what: round(min(taken), 2) for what, taken in used.items()},
        compile_s=round(first["compile_seconds"], 2),
        load=round(os.getloadavg()[0], 1),
        households=rows,
        equal=equal,
        **peaks,
    )


def prepare(folder: Path, rows: int) -> None:
    rules, person = packaged_version("aid").ruleset, packaged_version("aid-person").ruleset
    persons, households = people(rows)
    packed = os.environ.get("SCREENING_FILES") != "plain"
    write(folder, persons, households, figures(rules, person, DAY), packed=packed)


def one(command: list[str], folder: Path, way: str) -> dict[str, Any]:
    """A process of its own each time: nobody inherits a warm cache or the other's memory."""
    environment = {**os.environ, "YIWANG_VAR": str(folder)}  # where ours keeps its kernel
    command = [*command, str(folder), way]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=HERE.parent, env=environment)
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def same(folder: Path) -> bool:
    """Whether every household got the same class and the same amounts from both."""
    ours, peer = pq.read_table(folder / "ours.parquet"), pq.read_table(folder / "peer.parquet")
    classes = np.array(ours["file_class"].to_pylist())
    equal = bool((classes == np.array(CLASSES)[peer["file_class"].to_numpy()]).all())
    amounts = [name for name in ours.column_names if name != "file_class"]
    return equal and all(bool((ours[name].to_numpy() == peer[name].to_numpy()).all()) for name in amounts)


def ours(folder: Path, way: str) -> None:
    """The part that is measured: planning and reckoning; from files also reading and writing."""
    packaged_version("aid"), packaged_version("aid-person")
    if way == "memory":
        tables = [pq.read_table(folder / f"{name}.parquet") for name in ("persons", "households")]
        persons, households = ({name: table[name].to_numpy() for name in table.column_names} for table in tables)
        del tables
    started, used = time.perf_counter(), time.process_time()
    if way == "parquet":
        screen_parquet(packaged_version, folder, folder / "ours.parquet", DAY)
        compiled = 0.0
    else:
        groups = grouping(packaged_version, DAY)
        screen_columns(groups, persons, households)
        compiled = groups.compile_seconds
    taken, used = time.perf_counter() - started, time.process_time() - used
    with open("/proc/self/status") as status:
        peak = next(int(line.split()[1]) // 1024 for line in status if line.startswith("VmHWM"))
    print(json.dumps({"seconds": taken, "processor": used, "peak_mb": peak, "compile_seconds": compiled}))


if __name__ == "__main__":
    ours(Path(sys.argv[1]), sys.argv[2])
