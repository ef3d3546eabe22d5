"""Encrypting a ballot of 10 answers in headless Chromium: milliseconds, and how long the page ever stood still.

yiwang bench ballots_browser
"""

import json
import os
import shutil
import statistics
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from bench import measure
from yiwang.platform.ballots import testing
from yiwang.platform.ballots.library.voting import check_ballot

BUILT = Path(__file__).resolve().parents[1] / "src" / "yiwang" / "platform" / "ui" / "static" / "yw" / "ballots.js"
TIMES = 7
PAGE = """async ([raw, code, choices]) => {
    const worker = new Worker('/ballots.js', { type: 'module' })
    let longest = 0, last = performance.now()
    const beat = setInterval(() => {
        const now = performance.now()
        longest = Math.max(longest, now - last)
        last = now
    }, 5)
    const start = performance.now()
    const made = await new Promise((settle) => {
        worker.onmessage = ({ data }) => settle(data.result)
        worker.postMessage({ number: 1, task: 'makeBallot', given: [raw, code, choices] })
    })
    const taken = performance.now() - start
    clearInterval(beat)
    return { taken, longest, ballot: made.ballot }
}"""


def run() -> dict[str, Any]:
    held = testing.hold([testing.TEN], voters=1)
    given = [held.election.raw.decode(), held.codes[0], [[0] * 9 + [1]]]
    names = (os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    path = next((found for name in names if name and (found := shutil.which(name))), None)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page = browser.new_page()
        page.route("**/*", lambda route: route.fulfill(body="<!doctype html>", content_type="text/html"))
        script = BUILT.read_text()
        page.route("**/ballots.js", lambda route: route.fulfill(body=script, content_type="text/javascript"))
        page.goto("http://ballots.test/")
        answers = [page.evaluate(PAGE, given) for _ in range(TIMES)]
        browser.close()
    for answer in answers:
        check_ballot(held.election, answer["ballot"].encode())
    return measure.document(
        "ballots_browser",
        ours=round(statistics.median(answer["taken"] for answer in answers)),
        peer=None,
        ratio=None,
        unit="ms to encrypt a ballot of 10 answers, start of the worker included",
        worst=round(max(answer["taken"] for answer in answers)),
        page_stood_still_ms=round(max(answer["longest"] for answer in answers), 1),
        load=round(os.getloadavg()[0], 1),
    )


if __name__ == "__main__":
    print(json.dumps(run()))
