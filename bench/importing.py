"""Import of member rows: staged, compared, applied and undone, beside django-import-export on the same file.

The peer uses the same models, the same checks (identity numbers, credit codes, telephones, age), the same encryption
and blind indexes. It reads, runs its dry run with differences (which is its way to compare), imports, and deletes
what it made, row by row in its usual form and in bulk in its tuned form. YIWANG_BENCH_ROWS says how many rows we
read, YIWANG_BENCH_PEER_ROWS how many the peer does; speeds are rows per second of the whole way.
"""

import csv
import datetime as dt
import gc
import importlib
import io
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench.measure import document, once, peak_mb
from yiwang.kernel.identity import id_check_digit
from yiwang.register.imports import actions
from yiwang.register.imports.library.columns import COLUMNS, HEADINGS
from yiwang.register.organisations.models import OrganisationEmployer

ROWS = int(os.environ.get("YIWANG_BENCH_ROWS", "200000"))
PEER_ROWS = int(os.environ.get("YIWANG_BENCH_PEER_ROWS", "2000"))
UNIONS = 200
PEERS = Path(__file__).resolve().parent.parent / ".venv-bench"
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀兰霞平刚桂英华建国文辉玲红玉梅宇浩轩子涵雨欣怡博思远嘉诚志鹏晓东海波"


def make_rows(count: int, *, start: int = 0) -> Iterator[dict[str, str]]:
    """Made-up members of unions of this installation; every number is valid and its own."""
    links = OrganisationEmployer.objects.filter(
        valid_to=None, organisation__state="active", organisation__founded_on__lt=dt.date(2015, 1, 1)
    ).order_by("pk")
    units = list(links.values_list("organisation__code", "employer__uscc", "employer__name")[:UNIONS])
    for n in range(start, start + count):
        day = dt.date(1968, 1, 1) + dt.timedelta(days=n % 10_000)
        seventeen = f"{650100 + n // 4_000_000:06d}{day:%Y%m%d}{n // 10_000 % 400 + 500:03d}"
        union, uscc, employer = units[n * UNIONS // ROWS % len(units)]
        yield {
            "name": SURNAMES[n % 20] + GIVEN[n // 20 % 50] + GIVEN[n // 1000 % 50],
            "id_type": "居民身份证",
            "id_number": seventeen + id_check_digit(seventeen),
            "nation": "汉族",
            "political": "群众",
            "education": "大专",
            "phone": f"19{n:09d}",
            "household_type": "农业户口",
            "employer_name": employer,
            "uscc": uscc,
            "department": f"车间{n % 30}",
            "post": "装配工",
            "employ_kind": "合同制",
            "employ_state": "在岗",
            "is_migrant": "是" if n % 3 else "否",
            "skill_level": "中级工",
            "joined_on": f"{2015 + n % 9}-{n % 12 + 1:02d}-{n % 28 + 1:02d}",
            "organisation": union,
        }


def as_csv(count: int, *, start: int = 0) -> bytes:
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(HEADINGS[column.key] for column in COLUMNS)
    for row in make_rows(count, start=start):
        writer.writerow(row.get(column.key, "") for column in COLUMNS)
    return target.getvalue().encode()


def ours(content: bytes) -> dict[str, float]:
    """Seconds of each step."""
    made: list[Any] = []
    seconds = {"stage and compare": once(lambda: made.append(actions.stage_here(content, file_name="bench.csv")))}
    batch = made[0]
    seconds["apply"] = once(lambda: actions.apply_here(batch))
    again: list[Any] = []
    seconds["unchanged again"] = once(lambda: again.append(actions.stage_here(content + b"\n", file_name="again.csv")))
    seconds["undo"] = once(lambda: actions.undo_here(batch, reason="bench"))
    assert (batch.new, again[0].unchanged) == (batch.total, batch.total), (batch.total, again[0].unchanged)
    return seconds


def run() -> dict[str, Any]:
    peer_of = the_peer()
    small = as_csv(PEER_ROWS, start=3_000_000)
    peer = {
        "row by row": speed(PEER_ROWS, peer_of.row_by_row, small),
        "tuned bulk form": speed(PEER_ROWS, peer_of.bulk, small),
    }
    content = as_csv(ROWS)
    gc.collect()
    before = peak_mb()
    seconds = ours(content)
    cycle = seconds["stage and compare"] + seconds["apply"] + seconds["undo"]
    rate = round(ROWS / cycle)
    return document(
        "importing",
        ours={"rows": ROWS, "rows per second": rate, "seconds": seconds},
        peer={"rows": PEER_ROWS, "rows per second": peer},
        ratio=round(rate / peer["row by row"], 1),
        unit="rows per second staged, compared, applied and undone; ratio = ours / django-import-export row by row",
        ratio_to_bulk=round(rate / peer["tuned bulk form"], 1),
        peak_mb_before=before,
    )


def the_peer() -> Any:
    """What it imports is not among our own dependencies: it lies behind them on the path, in ``.venv-bench``."""
    sys.path += [str(folder) for folder in PEERS.glob("lib/python*/site-packages")]
    try:
        return importlib.import_module("bench.importing_peer")
    except ModuleNotFoundError as missing:
        told = f"yiwang: the peer of this benchmark is not installed ({missing.name}); run `make bench-setup` first."
        raise SystemExit(told) from missing


def speed(rows: int, way: Callable[[bytes], None], content: bytes) -> float:
    return round(rows / max(once(lambda: way(content)), 0.01), 1)
