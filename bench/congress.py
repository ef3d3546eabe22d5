"""A congress of 1,000 delegates over HTTP: all vote, the box closes, the holders open it, the result is judged.

yiwang bench congress           makes an installation of its own, with its own database
python bench/congress.py 100    fewer delegates

Ballots of ten answers are encrypted beforehand, as the voters' devices do it at home. The first paper is voted on as
people vote: each opens the page, fetches the wording, casts and asks where the ballot is. The second is cast as fast as
the clients can, one half of the codes twice. Every ballot is then looked for on both boards: none lost, none doubled.
"""

import contextlib
import hashlib
import json
import os
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from bench import measure

DELEGATES = 1000
CANDIDATES = 9  # ten answers with “somebody else”, and the blank one
CLIENTS = 16
FIRST_START = 600
SOUND = "验过了，没有问题"
OWED = {"whole_vote_s": 60.0, "verified_s": 20.0, "ballots_per_s": 50.0}

Cast = tuple[bytes, int]
"""A sealed ballot, and what is in it."""


def run(delegates: int = DELEGATES) -> dict[str, Any]:
    import django  # noqa: PLC0415 -- slow import

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from bench.boxes import boxes_of  # noqa: PLC0415 -- needs settings first
    from bench.installation import Installation  # noqa: PLC0415 -- needs settings first

    with tempfile.TemporaryDirectory() as folder:
        installation = Installation(Path(folder))
        installation.start()
        try:
            installation.wait_until_open(seconds=FIRST_START)
            hall, rush = boxes_of(installation, delegates=delegates, papers=2, candidates=CANDIDATES)
            return _measured(hall, rush, delegates)
        finally:
            installation.remove()


def _measured(hall: Any, rush: Any, delegates: int) -> dict[str, Any]:
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        votes = [(hall.document, hall.codes[voter], voter % 11) for voter in range(delegates)]
        wave = [(rush.document, rush.codes[voter], voter % 7) for voter in range(delegates)]
        again = [(rush.document, rush.codes[voter], 10) for voter in range(delegates // 2)]
        first = list(pool.map(_made, votes, chunksize=20))
        second = list(pool.map(_made, [*wave, *again], chunksize=20))
    load = os.getloadavg()[0]
    used_hall, mine = _processor(hall.installation), time.process_time()
    voting, waits = _vote(hall, first)
    used_hall, mine = _processor(hall.installation) - used_hall, time.process_time() - mine
    closing = _result(hall)
    used = _processor(rush.installation)
    rushing, answers = _rush(rush, second[:delegates])
    more, answers_more = _rush(rush, second[delegates:])
    used = _processor(rush.installation) - used
    _result(rush)
    _prove(hall, first, counted=first)
    _prove(rush, second, counted=[*second[delegates:], *second[delegates // 2 : delegates]])
    ours = {
        "whole_vote_s": voting,
        "verified_s": round(sum(closing[step] for step in ("close", "shares", "judged")), 2),
        "ballots_per_s": round(len(second) / (rushing + more), 1),
    }
    return measure.document(
        "congress",
        ours=ours,
        peer=None,
        ratio=None,
        unit=f"seconds and ballots of 10 answers; {delegates} delegates, {CLIENTS} clients, {len(second)} in the rush",
        promise=OWED,
        met={
            "whole_vote_s": voting <= OWED["whole_vote_s"],
            "verified_s": ours["verified_s"] <= OWED["verified_s"],
            "ballots_per_s": ours["ballots_per_s"] >= OWED["ballots_per_s"],
        },
        vote_p95_s=round(measure.Sample(waits).percentile(0.95), 2),
        cast_p95_s=round(measure.Sample([*answers, *answers_more]).percentile(0.95), 2),
        closing_s=closing,
        server_processor_ms_per_ballot=round(used / len(second) * 1000, 1),
        processor_ms_per_delegate={
            "server": round(used_hall / delegates * 1000, 1),
            "client": round(mine / delegates * 1000, 1),
        },
        lost=0,
        doubled=0,
        load_before=round(load, 1),
        load=round(os.getloadavg()[0], 1),
    )


def _made(vote: tuple[str, str, int]) -> Cast:
    from bench.boxes import sealed  # noqa: PLC0415 -- needs settings first

    document, code, candidate = vote
    return sealed(document, code, candidate), candidate


def _vote(box: Any, casts: Iterable[Cast]) -> tuple[float, list[float]]:
    """Each delegate with a device of their own."""

    def work(cast: Cast) -> None:
        with box.installation.visitor() as visitor:
            box.vote(cast[0], visitor)

    return _all(work, casts)


def _rush(box: Any, casts: Iterable[Cast]) -> tuple[float, list[float]]:
    """The clients keep their connections, as a web server in front does."""
    mine = threading.local()

    def work(cast: Cast) -> None:
        if not hasattr(mine, "visitor"):
            mine.visitor = box.installation.visitor()
        box.send(cast[0], mine.visitor)

    return _all(work, casts)


def _all(work: Callable[[Cast], None], casts: Iterable[Cast]) -> tuple[float, list[float]]:
    """Seconds for all of them by so many clients, and for each."""

    def timed(cast: Cast) -> float:
        start = time.perf_counter()
        work(cast)
        return time.perf_counter() - start

    start = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        each = list(pool.map(timed, casts))
    return round(time.perf_counter() - start, 2), each


def _processor(installation: Any) -> float:
    """Seconds of processor that web, worker and database have used so far: the same on a busy machine."""
    found = 0
    for pid in installation.processes():
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            found += int(fields[11]) + int(fields[12])
    return found / os.sysconf("SC_CLK_TCK")


def _result(box: Any) -> dict[str, float]:
    """The chair closes, three holders open, the board says that the result was judged.

    ``anew``, beyond the promise: somebody has every proof judged once more from the archive alone, until it says so.
    """
    closed = measure.once(box.close)
    opened = measure.once(lambda: [box.share(holder) for holder in range(3)])
    judged = measure.once(lambda: _until(box.board, "出结果时本机验过，没有问题"))
    return {"close": closed, "shares": opened, "judged": judged, "anew": measure.once(lambda: _until(box.judge, SOUND))}


def _until(page: Callable[[], str], words: str) -> None:
    until = time.monotonic() + 300
    while words not in page():
        assert time.monotonic() < until, "the archive was not judged"
        time.sleep(0.5)


def _prove(box: Any, sent: list[Cast], *, counted: list[Cast]) -> None:
    """Exactly what was answered for is on the board, once; and the counts are those of each code's last ballot."""
    from bench.boxes import ballots_in  # noqa: PLC0415 -- needs settings first
    from yiwang.platform.ballots.library.verifying import verify  # noqa: PLC0415 -- slow import

    archive = box.archive()
    found = Counter(ballots_in(archive))
    wanted = Counter(hashlib.sha256(raw).hexdigest() for raw, _choice in sent)
    assert found == wanted, f"{(wanted - found).total()} lost, {(found - wanted).total()} doubled"
    choices = Counter(choice for _raw, choice in counted)
    report = verify(archive, processes=os.cpu_count() or 1)
    assert report.result == [[choices[place] for place in range(CANDIDATES + 2)]], report.result


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    print(json.dumps(run(int(sys.argv[1]) if len(sys.argv) > 1 else DELEGATES)))
