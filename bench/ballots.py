"""Verifying, counting and decrypting an election, beside Debian's belenios-tool on the same file in the same run.

yiwang bench ballots            500 ballots with 10 answers
python bench/ballots.py 100     a shorter run
"""

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench import measure
from yiwang.platform.ballots import testing
from yiwang.platform.ballots.library import holding, trustees, verifying
from yiwang.platform.ballots.library.archive import read_archive

TOOL = "belenios-tool"
BALLOTS = 500
TRUSTEES = 3


def run(ballots: int = BALLOTS) -> dict[str, Any]:
    if shutil.which(TOOL) is None:
        raise SystemExit("the peer is missing; install it (Debian: apt-get install belenios-tool).")
    held = testing.hold([testing.TEN], voters=ballots, singles=TRUSTEES)
    one = timed(lambda: [held.vote(n, [[int(n % 11 == k) for k in range(10)]]) for n in range(ballots)])
    open_archive = held.raw
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"{held.election.uuid}.bel"
        file.write_bytes(open_archive)
        for owner, key in held.keys.items():
            (Path(folder) / f"{owner}.privkey").write_text(f'"{key}"')
        verify_peer = timed(lambda: tool(folder, "election", "verify"))
        verify_ours = timed(lambda: verifying.verify(file.read_bytes(), processes=os.cpu_count() or 1))
        count_peer = timed(lambda: count_by_tool(folder))
        counted_peer = verifying.verify(file.read_bytes(), processes=os.cpu_count() or 1).result
        file.write_bytes(open_archive)
        answers: list[Any] = []
        count_ours = timed(lambda: answers.append(count(file, held.keys)))
    assert answers[0] == counted_peer, "both must count the same"
    return measure.document(
        "ballots",
        ours={"verify_s": verify_ours["wall"], "count_s": count_ours["wall"]},
        peer={"verify_s": verify_peer["wall"], "count_s": count_peer["wall"]},
        ratio=round(verify_peer["wall"] / verify_ours["wall"], 2),
        unit=f"seconds for {ballots} ballots of 10 answers",
        ratio_count=round(count_peer["wall"] / count_ours["wall"], 2),
        ratio_cpu_verify=round(verify_peer["cpu"] / verify_ours["cpu"], 2),
        cpu={"ours": verify_ours["cpu"], "peer": verify_peer["cpu"]},
        make_and_check_ms=round(one["wall"] / ballots * 1000, 1),
        load=round(os.getloadavg()[0], 1),
    )


def timed(work: Any) -> dict[str, float]:
    """Wall and processor seconds, children included."""
    cpu, start = processor(), time.perf_counter()
    work()
    return {"wall": round(time.perf_counter() - start, 2), "cpu": round(processor() - cpu, 2)}


def processor() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def tool(folder: str, *arguments: str, given: str = "") -> str:
    done = subprocess.run([TOOL, *arguments], cwd=folder, input=given, capture_output=True, text=True, check=True)
    return done.stdout


def count_by_tool(folder: str) -> None:
    """Close, count, three shares, result: the steps of its own example."""
    tool(folder, "archive", "add-event", "--type=EndBallots")
    for kind, *command in (
        ("EncryptedTally", "compute-encrypted-tally"),
        *(
            ("PartialDecryption", "decrypt", f"--privkey={n}.privkey", f"--trustee-id={n}")
            for n in range(1, TRUSTEES + 1)
        ),
        ("Result", "compute-result"),
    ):
        tool(folder, "archive", "add-event", f"--type={kind}", given=tool(folder, "election", *command))


def count(file: Path, keys: dict[int, Any]) -> list[list[int]]:
    """The same from the same file, every ballot judged anew before it is counted."""
    raw = file.read_bytes()
    archive = read_archive(raw)
    setup = verifying.read_setup(archive)
    seen = verifying.judge_ballots(archive, setup, processes=os.cpu_count() or 1)
    summed = holding.close(archive, [(ballot.credential, ballot.ciphers) for ballot in seen], setup)
    for owner, key in keys.items():
        share = trustees.decrypt(setup.election.hash, summed, key)
        holding.add_share(archive, setup, summed, owner, share)
    return holding.publish(archive, setup, summed, len(seen))


if __name__ == "__main__":
    print(json.dumps(run(int(sys.argv[1]) if len(sys.argv) > 1 else BALLOTS)))
