"""Server time and query counts of the main pages on the small demo, beside the cheapest possible Django page.

Peer: a view with session, user and one query, through the same middleware. Limits: issue 2, part 7.
"""

from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import path

from bench.measure import document, repeat, resident_mb
from yiwang.net.cases.models import Case
from yiwang.register.accounts.models import User

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
TIMES = 60


def one_query(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{request.user} {Case.objects.only('pk').first()}")


urlpatterns = [path("one/", one_query)]


def client_of(phone: str) -> Client:
    client = Client(REMOTE_ADDR="127.0.0.1")
    client.force_login(User.objects.get(phone=phone), backend=BACKEND)
    return client


def run() -> dict[str, Any]:
    """p95 in ms and queries of each page, median of the peer, and the memory of a web process after them."""
    worker, handler, leader = (client_of(f"1380000000{n}") for n in (1, 5, 8))
    own = Case.objects.filter(applicant__user__phone="13800000001").first()
    case = Case.objects.filter(organisation__name="昆山市总工会").open().first()
    pages = {
        "home": (worker, "/"),
        "search": (worker, "/search/?q=欠薪"),
        "search by pinyin": (worker, "/search/?q=kunshan"),
        "service": (worker, "/services/HP-0002/"),
        "entitlements": (worker, "/services/entitlements/"),
        "matter": (worker, f"/matters/{own}/"),
        "queue": (handler, "/work/?heap=subtree"),
        "case": (handler, f"/work/cases/{case}/"),
        "figures of the province": (leader, "/work/figures/"),
    }
    ours: dict[str, Any] = {}
    for name, (client, url) in pages.items():
        assert client.get(url).status_code == 200, url
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(url)
        sample = repeat(lambda client=client, url=url: client.get(url), times=TIMES)
        ours[name] = {"p95_ms": sample.p95_ms, "median_ms": sample.median_ms, "queries": len(queries)}
    with override_settings(ROOT_URLCONF="bench.pages"):
        peer = repeat(lambda: worker.get("/one/"), times=TIMES)
    slowest = max(row["median_ms"] for row in ours.values())
    return document(
        "pages",
        ours=ours,
        peer={"one-query page": {"p95_ms": peer.p95_ms, "median_ms": peer.median_ms}},
        ratio=round(peer.median_ms / slowest, 2),
        unit="ms per page; ratio = peer / our slowest",
        resident_mb=resident_mb(),
    )
