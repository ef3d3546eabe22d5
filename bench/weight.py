"""What a first visit costs over real HTTP: bytes on the wire, the first answer of a process, its memory, layout shift.

A web process is started as ``yiwang run`` starts it. Bytes are those of the answers as they came, compressed or not,
of the page and of everything it names: styles, scripts, icons, fonts. The shift is Chromium's own (CLS); without
Playwright or a browser it is left out.
"""

import gzip
import http.client
import os
import re
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from bench.measure import document
from bench.pages import client_of
from config import postgres
from config.supervisor import web_command
from yiwang.net.cases.models import Case

HOST = "127.0.0.1"
PATIENCE = 60
NAMED = re.compile(r'(?:href|src)="(/static/[^"]+)"')
FONTS = re.compile(r"url\(([^)]+\.woff2?)\)")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
SHIFT = """() => new Promise(done => {
  let sum = 0
  new PerformanceObserver(list => { for (const e of list.getEntries()) if (!e.hadRecentInput) sum += e.value })
    .observe({type: "layout-shift", buffered: true})
  setTimeout(() => done(sum), 1200)
})"""


def get(port: int, path: str, session: str = "") -> tuple[int, dict[str, str], bytes]:
    headers = {"Accept-Encoding": "gzip", "Cookie": f"yw_session={session}"}
    connection = http.client.HTTPConnection(HOST, port, timeout=PATIENCE)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def text_of(headers: dict[str, str], body: bytes) -> str:
    coding = headers.get("content-encoding", "")
    if coding == "gzip":
        body = gzip.decompress(body)
    return body.decode()


def first_visit(port: int, path: str, session: str) -> dict[str, int]:
    """Bytes on the wire of the page and of each file it names, once each."""
    status, headers, body = get(port, path, session)
    assert status == 200, (path, status)
    found = {"page": len(body)}
    names = sorted(set(NAMED.findall(text_of(headers, body))))
    for name in names:
        status, headers, body = get(port, name, session)
        assert status == 200, (name, status)
        found[name.split("?")[0].rsplit("/", 1)[-1]] = len(body)
        for font in FONTS.findall(text_of(headers, body)) if name.split("?")[0].endswith(".css") else ():
            found[font.rsplit("/", 1)[-1]] = len(get(port, f"/static/yw/{font.rsplit('/', 1)[-1]}", session)[2])
    return found


def wait_for(port: int, process: subprocess.Popen[bytes]) -> float:
    """Seconds until the first page is answered: the process's start and its first request together."""
    start = time.monotonic()
    while time.monotonic() - start < PATIENCE:
        assert process.poll() is None, "the web process ended"
        with suppress(OSError, http.client.HTTPException):
            assert get(port, "/help/")[0] == 200
            return round(time.monotonic() - start, 2)
        time.sleep(0.02)
    raise TimeoutError("no answer")


def memory_mb(parent: int) -> int:
    """Of the largest process below ``parent``: the one that answers requests."""
    found = [0]
    for status in Path("/proc").glob("[0-9]*/status"):
        with suppress(OSError):
            lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
            if int(lines["PPid"]) == parent and "VmRSS" in lines:
                found.append(int(lines["VmRSS"].split()[0]) // 1024)
    return max(found)


def shifts(port: int, visits: dict[str, tuple[str, str]]) -> dict[str, float] | None:
    """Cumulative layout shift of each page at the size of a phone and of a desk, the larger of the two."""
    browser_path = os.environ.get("CHROMIUM") or next((found for n in BROWSERS if (found := shutil.which(n))), None)
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415 -- optional dependency
    except ImportError:
        return None
    if browser_path is None:
        return None
    worst: dict[str, float] = {}
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        for name, (path, session) in visits.items():
            for width, height in ((390, 844), (1440, 900)):
                context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
                context.add_cookies([{"name": "yw_session", "value": session, "url": f"http://{HOST}:{port}"}])
                page = context.new_page()
                page.goto(f"http://{HOST}:{port}{path}")
                worst[name] = max(worst.get(name, 0.0), round(float(page.evaluate(SHIFT)), 4))
                context.close()
        browser.close()
    return worst


def run() -> dict[str, Any]:
    worker, handler = client_of("13800000001"), client_of("13800000005")
    mine, theirs = (client.cookies["yw_session"].value for client in (worker, handler))
    case = Case.objects.filter(organisation__name="昆山市总工会").open().first()
    visits = {
        "home": ("/", mine),
        "search": ("/search/?q=欠薪", mine),
        "service": ("/services/HP-0002/", mine),
        "queue": ("/work/?heap=subtree", theirs),
        "case": (f"/work/cases/{case}/", theirs),
    }
    visits = {name: (quote(path, safe="/?=&"), session) for name, (path, session) in visits.items()}
    port = postgres.free_port()
    process = subprocess.Popen(web_command(HOST, port, workers=1), start_new_session=True)
    try:
        first = wait_for(port, process)
        timed: dict[str, float] = {}
        for name, (path, session) in visits.items():
            start = time.monotonic()
            get(port, path, session)
            timed[name] = round(time.monotonic() - start, 3)
        weights = {name: first_visit(port, path, session) for name, (path, session) in visits.items()}
        shift = shifts(port, visits)
        memory = memory_mb(process.pid)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=PATIENCE)
    return document(
        "weight",
        ours={
            name: {
                "kb": round(sum(parts.values()) / 1000, 1),
                "parts": parts,
                "first_s": timed[name],
                "cls": shift[name] if shift else None,
            }
            for name, parts in weights.items()
        },
        peer=None,
        ratio=None,
        unit="kB on the wire at a first visit; seconds of the first request for a page in a new process",
        start_to_first_answer_s=first,
        web_mb=memory,
    )
