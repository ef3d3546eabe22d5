"""The register as officers use it: search by name, by pinyin, by the last four of a document; a member's page; lists.

Whole pages, as the county's handler and as the province's see them. `yiwang demo --size province` fills the tables.
Each address is asked twice: “first” is what its rows cost while they still lie on the disk, the other figure counts.
"""

from collections.abc import Callable
from typing import Any

from django.test import Client

from bench.measure import Sample, document, repeat
from yiwang.register.access.models import Appointment
from yiwang.register.members.models import Membership
from yiwang.register.organisations.models import Organisation

PEOPLE, TIMES = 30, 30
LIST = "/work/members/"


def signed_in(role: str) -> Client:
    post = Appointment.objects.select_related("user").filter(role=role)
    if role == "county_handler":
        post = post.filter(organisation__name="昆山市总工会")
    browser = Client()
    browser.force_login(post.order_by("pk")[0].user)
    return browser


def some_members() -> list[Membership]:
    """Spread over the county: of every union with some members, one."""
    county = Organisation.objects.get(name="昆山市总工会", level=4)
    ids = Membership.objects.under(str(county.path)).current().order_by("pk").values_list("pk", flat=True)
    step = max(len(ids) // PEOPLE, 1)
    return list(Membership.objects.filter(pk__in=list(ids)[::step][:PEOPLE]).select_related("person"))


def timed(browser: Client, addresses: list[str]) -> Sample:
    turn = iter(range(10**9))

    def call() -> None:
        answer = browser.get(addresses[next(turn) % len(addresses)])
        assert answer.status_code == 200

    return repeat(call, times=TIMES)


def twice(what: str, browser: Client, addresses: list[str]) -> dict[str, float]:
    first = timed(browser, addresses).p95_ms
    return {f"{what} p95 (ms)": timed(browser, addresses).p95_ms, f"{what}, first p95 (ms)": first}


def run() -> dict[str, Any]:
    people = some_members()
    ways: dict[str, Callable[[Membership], str]] = {
        "name": lambda row: f"{LIST}?q={row.person.name}",
        "part of a name": lambda row: f"{LIST}?q={row.person.name[-2:]}",
        "pinyin": lambda row: f"{LIST}?q={row.person.pinyin_full}",
        "last four": lambda row: f"{LIST}?q={row.person.id_number[-4:]}",
        "document": lambda row: f"{LIST}?q={row.person.id_number}",
    }
    found: dict[str, Any] = {}
    for role in ("county_handler", "province_handler"):
        browser = signed_in(role)
        for way, address in ways.items():
            found |= twice(f"{role}, {way}", browser, [address(row) for row in people])
        found |= twice(f"{role}, whole list", browser, [LIST])
        found |= twice(f"{role}, member page", browser, [f"{LIST}{row.person.public_id}/" for row in people])
    return document(
        "register",
        ours=found,
        peer=None,
        ratio=None,
        unit="ms",
        members=Membership.objects.count(),
        bodies=Organisation.objects.count(),
    )
