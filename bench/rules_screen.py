"""Screening people by rules, and answering one person: households per second and milliseconds, one JSON line each.

    python bench/rules_screen.py [ROWS] [RULE FOLDER] [PROGRAMME]

Without arguments: the aid rules of the handbook (about 35 formulas) over 1,000,000 made-up households.
"""

import datetime as dt
import json
import platform
import resource
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa

from yiwang.platform.rules.library.book import read_book
from yiwang.platform.rules.library.commands import made_up_people
from yiwang.platform.rules.library.compiling import compile_ruleset
from yiwang.platform.rules.library.explaining import Version, explain, explain_many
from yiwang.platform.rules.library.screening import screen

ROOT = Path(__file__).resolve().parent.parent / "src" / "yiwang"
AID = ROOT / "platform" / "rules" / "tests" / "aid"
SERVICES = ROOT / "net" / "catalogue" / "rules"
DAY = dt.date(2026, 11, 22)
BLOCK = 20_000


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    folder = Path(sys.argv[2]) if len(sys.argv) > 2 else AID
    programme = sys.argv[3] if len(sys.argv) > 3 else "aid"
    rules = read_book([folder]).rulesets[programme]
    people = pa.concat_tables([made_up_people([rules], min(rows, BLOCK), unknown=0.02)] * max(1, rows // BLOCK))
    counts = set()
    for engine in ("duckdb", "polars"):
        seconds = []
        for _ in range(3):
            started = time.perf_counter()
            verdicts = screen(rules, people, on=DAY, engine=engine, figures=True)["verdict"]
            seconds.append(time.perf_counter() - started)
        counts.add(str(verdicts.value_counts()))
        say(f"rules_screen {programme} {engine}", round(people.num_rows / statistics.median(seconds)), "rows/s")
    say("engines agree", int(len(counts) == 1), "bool")
    one_person()


def one_person() -> None:
    book = read_book([SERVICES])
    versions = [Version(rules, compile_ruleset(rules)) for rules in book.rulesets.values()]
    facts = {"membership_state": "active", "employ_state": "working", "city": "320500", "hardship_class": "none"}
    explain_many(versions, facts, DAY)
    ages = iter(range(1, 10_000))
    several = [milliseconds(lambda: explain_many(versions, {**facts, "months_in_union": next(ages) % 900}, DAY))]
    say(f"explain {len(versions)} services, new facts", several[0], "ms")
    say(f"explain {len(versions)} services, same facts", milliseconds(lambda: explain_many(versions, facts, DAY)), "ms")
    single = next(version for version in versions if version.ruleset.key == "hp-0001")
    say(
        "explain one service",
        milliseconds(lambda: explain(single, {**facts, "months_at_employer": next(ages)}, DAY)),
        "ms",
    )


def milliseconds(call: Callable[[], Any]) -> float:
    taken = []
    for _ in range(40):
        started = time.perf_counter()
        call()
        taken.append(time.perf_counter() - started)
    return round(statistics.median(taken) * 1000, 1)


def say(name: str, ours: float, unit: str) -> None:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"name": name, "ours": ours, "unit": unit, "peak_mb": peak, "machine": platform.platform()}))


if __name__ == "__main__":
    main()
