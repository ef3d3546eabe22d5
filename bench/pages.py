"""Server time and query counts of the main pages on the small demo, beside the cheapest possible Django page.

Peer: a view with session, user and one query, through the same middleware. Limits: issue 2, part 7. Handing in a
request is measured through the last step of the form and taken back each time; what its commit would cost is measured
beside it and added. Weight, layout shift, memory and the first request of a process: ``weight``.
"""

import time
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import path

from bench.measure import Sample, document, repeat, resident_mb
from config.serving import warm
from yiwang.net.cases.actions import open_drafting
from yiwang.net.cases.models import Case
from yiwang.net.cases.policies import may_be_asked_for
from yiwang.platform.forms.actions import save_step
from yiwang.register.accounts.models import User

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
TIMES = 60
SUBMITS = 20
ANSWERS = {
    "name": "职工",
    "phone": "13900000000",
    "monthly_income": "3200.00",
    "kinds": ["living"],
    "payee_kind": "member_card",
    "reason": "住院",
}


def one_query(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{request.user} {Case.objects.only('pk').first()}")


urlpatterns = [path("one/", one_query)]


def client_of(phone: str) -> Client:
    client = Client(REMOTE_ADDR="127.0.0.1")
    client.force_login(User.objects.get(phone=phone), backend=BACKEND)
    return client


def figures(sample: Sample, queries: int) -> dict[str, Any]:
    return {"p95_ms": sample.p95_ms, "median_ms": sample.median_ms, "queries": queries}


def submits(client: Client, user: User) -> tuple[Sample, int]:
    """The last step of a form, with everything it sets off in its transaction, and a commit."""
    sample, queries = Sample(), 0
    version = may_be_asked_for(user, "HP-0002")
    for n in range(SUBMITS + 3):
        with transaction.atomic():
            draft = open_drafting(user, version)[0].draft
            for step in draft.form.steps:
                draft = save_step(draft, step.key, typed={}, answers=ANSWERS)
            with CaptureQueriesContext(connection) as captured:
                start = time.perf_counter()
                answer = client.post(f"/apply/check/{draft.public_id}/", {"truthful": "on", "sharing": "on"})
                seconds = time.perf_counter() - start
                queries = len(captured)
            assert answer.status_code == 302, answer.content.decode()
            transaction.set_rollback(True)
        start = time.perf_counter()
        User.objects.filter(pk=user.pk).update(name=user.name)
        if n >= 3:
            sample.seconds.append(seconds + time.perf_counter() - start)
    return sample, queries


def run() -> dict[str, Any]:
    """p95 in ms and queries of each page, median of the peer, and the memory of a web process after them."""
    warm()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")  # what a database in use has behind it, and a demo of a minute ago before it
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
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
            queries = len(captured)  # now: the next request empties the log
        sample = repeat(partial(client.get, url), times=TIMES)
        ours[name] = figures(sample, queries)
    slowest = max(row["median_ms"] for row in ours.values())
    ours["submit"] = figures(*submits(worker, User.objects.get(phone="13800000001")))
    with override_settings(ROOT_URLCONF="bench.pages"):
        peer = repeat(lambda: worker.get("/one/"), times=TIMES)
    return document(
        "pages",
        ours=ours,
        peer={"one-query page": {"p95_ms": peer.p95_ms, "median_ms": peer.median_ms}},
        ratio=round(peer.median_ms / slowest, 2),
        unit="ms per page; ratio = peer / our slowest",
        resident_mb=resident_mb(),
    )
