"""One explanation of hardship aid for one household, with every reason and step, and its receipt: milliseconds.

``yiwang bench explain``. Every household differs from every other, so that nothing is answered from memory.
"""

import dataclasses
import json
import os
import time
from pathlib import Path
from typing import Any

from bench.measure import Sample, document
from yiwang.platform.rules.library.receipts import Recourse, issue
from yiwang.platform.rules.library.words import Words
from yiwang.rights.aid.explain_inputs import read_inputs
from yiwang.rights.aid.household import Household
from yiwang.rights.aid.packaged import packaged_version
from yiwang.rights.aid.reckoning import assess_by

TIMES = 400
OWED = 40.0
EXAMPLES = Path(__file__).resolve().parents[1] / "src" / "yiwang" / "rights" / "aid" / "tests" / "households.json"


def run(times: int = TIMES) -> dict[str, Any]:
    known = [read_inputs(example["inputs"]) for example in json.loads(EXAMPLES.read_text("utf-8"))["examples"]]
    explained, receipted, used = Sample(), Sample(), time.process_time()
    for turn in range(-3, times):  # the first ones warm up
        household, on = known[turn % len(known)]
        household = changed(household, turn)
        start = time.perf_counter()
        found = assess_by(packaged_version, household, on)
        told = time.perf_counter()
        recourse = Recourse(on, Words("县总工会", "County federation"), Words("本会", "Us"))
        issue(packaged_version("aid"), found.facts, on, recourse)
        if turn >= 0:
            explained.seconds.append(told - start)
            receipted.seconds.append(time.perf_counter() - told)
    return document(
        "explain",
        ours={"p95_ms": explained.p95_ms, "median_ms": explained.median_ms},
        peer=None,
        ratio=None,
        unit="ms for one explanation",
        receipt={"p95_ms": receipted.p95_ms, "median_ms": receipted.median_ms},
        processor_ms=round((time.process_time() - used) / times * 1000, 1),
        promise=OWED,
        met=explained.p95_ms <= OWED,
        load=round(os.getloadavg()[0], 1),
    )


def changed(household: Household, turn: int) -> Household:
    """The same family in the next year of its life: other wages, other bills."""
    persons = tuple(
        dataclasses.replace(one, wage_net=one.wage_net + 100 * turn + 300, medical_total=one.medical_total + turn + 3)
        for one in household.persons
    )
    return dataclasses.replace(household, persons=persons)
