"""Every URL of the site, every role of the cast, and what each pair answers."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.db import transaction
from django.http import HttpResponseBase
from django.shortcuts import resolve_url
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.access.samples import SAMPLES, World

ANSWERS = Path(__file__).parent / "answers.csv"
METHODS = ("GET", "POST")

# Column of the table → member of the cast. The worker owns the sample records; the sibling is out of their scope.
ROLES: dict[str, str | None] = {
    "anonymous": None,
    "worker": "wenjuan",
    "other_worker": "stranger",
    "courier": "courier",
    "chair": "chair",
    "town": "town_officer",
    "handler": "handler",
    "approver": "approver",
    "supervisor": "supervisor",
    "leader": "leader",
    "sibling": "sibling_handler",
    "hotline": "hotline",
    "quality": "quality",
    "discipline": "discipline",
    "admin": "admin",
    "security": "security",
    "auditor": "auditor",
}


@dataclass(frozen=True)
class Place:
    """One URL pattern: its full name and its route as the site writes it."""

    name: str
    route: str
    parameters: tuple[str, ...]


def places() -> list[Place]:
    return sorted(_walk(get_resolver(), "", ()), key=lambda place: (place.route, place.name))


def _walk(resolver: URLResolver, route: str, names: tuple[str, ...]) -> Iterator[Place]:
    for pattern in resolver.url_patterns:
        full = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = (*names, pattern.namespace) if pattern.namespace else names
            yield from _walk(pattern, full, inner)
        elif isinstance(pattern, URLPattern):
            yield Place(
                name=":".join([*names, pattern.name or f"(unnamed {full})"]),
                route=full,
                parameters=tuple(pattern.pattern.regex.groupindex),
            )


def answers_of(place: Place, world: World, browsers: dict[str, Client]) -> dict[str, dict[str, str]]:
    """Method → role → answer, for one URL on the sample records; nothing that a request does stays."""
    url = reverse(place.name, kwargs=SAMPLES[place.name](world) if place.name in SAMPLES else {})
    return {method: {role: _ask(browser, method, url) for role, browser in browsers.items()} for method in METHODS}


def browser_of(world: World, who: str | None) -> Client:
    browser = Client(raise_request_exception=False)
    if who is not None:
        browser.force_login(getattr(world.cast, who))
        assert SESSION_KEY in browser.session
    return browser


def _ask(browser: Client, method: str, url: str) -> str:
    copy = Client(raise_request_exception=False)
    copy.cookies.update(browser.cookies)
    copy.handler = browser.handler  # its middleware is loaded already
    with transaction.atomic():
        response = copy.generic(method, url, content_type="application/x-www-form-urlencoded")
        transaction.set_rollback(True)
    for close in response._resource_closers:  # a served file; response.close() would also end the connection
        close()
    return answer_text(response)


def answer_text(response: HttpResponseBase) -> str:
    """The status, except that being sent to sign in is called so."""
    target = response.headers.get("Location", "")
    if response.status_code == 302 and target.startswith(resolve_url(settings.LOGIN_URL)):
        return "login"
    return str(response.status_code)


def table() -> dict[tuple[str, str], dict[str, str]]:
    with ANSWERS.open(encoding="utf-8", newline="") as lines:
        return {(row["url"], row["method"]): {role: row[role] for role in ROLES} for row in csv.DictReader(lines)}


def row_text(name: str, method: str, given: dict[str, Any]) -> str:
    return ",".join([name, method, *(given[role] for role in ROLES)])
