"""Hardship aid for a million households: ours beside OpenFisca-core with the same rules and data, in one run.

``yiwang bench screening``; SCREENING_ROWS and SCREENING_ROUNDS change the size. The peer lives in ``.venv-bench``.
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
from yiwang.rights.aid.screening_columns import screen_households, screen_parquet

HERE = Path(__file__).resolve().parent
PEER = Path(os.environ.get("SCREENING_PEER", HERE.parent / ".venv-bench" / "bin" / "python"))
COMMANDS = {
    "ours": [sys.executable, "-m", "bench.screening"],
    "peer": [str(PEER), str(HERE / "peers" / "openfisca_aid.py")],
}
DAY = dt.date(2026, 11, 22)


def run() -> dict[str, Any]:
    rows, rounds = int(os.environ.get("SCREENING_ROWS", "1000000")), int(os.environ.get("SCREENING_ROUNDS", "3"))
    with tempfile.TemporaryDirectory(prefix="yiwang-screening-") as name:
        folder = Path(name)
        prepare(folder, rows)
        ways: dict[str, dict[str, list[float]]] = {way: {"ours": [], "peer": []} for way in ("memory", "parquet")}
        used: dict[str, list[float]] = {}
        peaks: dict[str, int] = {}
        for _ in range(rounds):
            for way, seconds in ways.items():
                for who, command in COMMANDS.items():
                    told = one(command, folder, way)
                    seconds[who].append(told["seconds"])
                    used.setdefault(f"{way} {who}", []).append(told["processor"])
                    peaks[f"{who}_peak_mb"] = max(peaks.get(f"{who}_peak_mb", 0), told["peak_mb"])
        equal = same(folder)
    best = {way: {who: min(taken) for who, taken in seconds.items()} for way, seconds in ways.items()}
    ratios = {way: round(taken["peer"] / taken["ours"], 1) for way, taken in best.items()}
    return document(
        "screening",
        ours=round(rows / best["memory"]["ours"]),
        peer=round(rows / best["memory"]["peer"]),
        ratio=ratios["memory"],
        unit="households/s",
        ratio_parquet=ratios["parquet"],
        seconds=best,
        processor={what: round(min(taken), 2) for what, taken in used.items()},
        load=round(os.getloadavg()[0], 1),
        households=rows,
        equal=equal,
        **peaks,
    )


def prepare(folder: Path, rows: int) -> None:
    rules, person = packaged_version("aid").ruleset, packaged_version("aid-person").ruleset
    persons, households = people(rows)
    write(folder, persons, households, figures(rules, person, DAY))


def one(command: list[str], folder: Path, way: str) -> dict[str, Any]:
    """A process of its own each time: nobody inherits a warm cache or the other's memory."""
    done = subprocess.run([*command, str(folder), way], check=True, capture_output=True, text=True, cwd=HERE.parent)
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
    if way == "parquet":
        started, used = time.perf_counter(), time.process_time()
        screen_parquet(packaged_version, folder, folder / "ours.parquet", DAY)
        taken, used = time.perf_counter() - started, time.process_time() - used
    else:
        tables = [pq.read_table(folder / f"{name}.parquet") for name in ("persons", "households")]
        persons, households = ({name: table[name].to_numpy() for name in table.column_names} for table in tables)
        started, used = time.perf_counter(), time.process_time()
        screen_households(packaged_version, persons, households, DAY)
        taken, used = time.perf_counter() - started, time.process_time() - used
    with open("/proc/self/status") as status:
        peak = next(int(line.split()[1]) // 1024 for line in status if line.startswith("VmHWM"))
    print(json.dumps({"seconds": taken, "processor": used, "peak_mb": peak}))


if __name__ == "__main__":
    ours(Path(sys.argv[1]), sys.argv[2])
