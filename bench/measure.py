"""Timing, memory and the JSON document that every benchmark prints."""

import os
import platform
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Sample:
    """Seconds of repeated calls of one thing."""

    seconds: list[float] = field(default_factory=list)

    def percentile(self, share: float) -> float:
        ordered = sorted(self.seconds)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)]

    @property
    def p95_ms(self) -> float:
        return round(self.percentile(0.95) * 1000, 1)

    @property
    def median_ms(self) -> float:
        return round(self.percentile(0.5) * 1000, 1)


def repeat(call: Callable[[], Any], *, times: int, warm: int = 3) -> Sample:
    """``times`` measured calls after ``warm`` unmeasured ones."""
    for _ in range(warm):
        call()
    sample = Sample()
    for _ in range(times):
        start = time.perf_counter()
        call()
        sample.seconds.append(time.perf_counter() - start)
    return sample


def once(call: Callable[[], Any]) -> float:
    start = time.perf_counter()
    call()
    return round(time.perf_counter() - start, 2)


def peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def resident_mb() -> int:
    """What this process holds now, in MB (Linux)."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) // 1024 for line in status if line.startswith("VmRSS"))


def document(name: str, *, ours: Any, peer: Any, ratio: float | None, unit: str, **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "ratio": ratio,
        "ours": ours,
        "peer": peer,
        "unit": unit,
        "peak_mb": peak_mb(),
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
        **more,
    }
