"""A worker's pages on the worst phone: narrow, large type, the text doubled; accessible, and nothing runs out sideways."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.journeys.people import People
from tests.journeys.test_ui_parts import faults
from yiwang.net.cases import actions
from yiwang.net.cases.models import Case
from yiwang.net.cases.tests.factories import accepted, decided, make_service
from yiwang.net.catalogue.actions import load_seed
from yiwang.net.catalogue.queries import current_version
from yiwang.platform.ui.actions import remember_elder_mode

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

RUNS_OUT = """() => document.documentElement.scrollWidth - innerWidth"""
ONE_CHARACTER_A_LINE = """() => [...document.querySelectorAll('main :is(.ttl, dd, .btn)')]
    .filter(e => e.textContent.trim().length > 6 && e.offsetWidth > 0)
    .filter(e => e.clientWidth < 2 * parseFloat(getComputedStyle(e).fontSize))
    .map(e => e.outerHTML.slice(0, 120))"""


@pytest.fixture
def worker(pages, cast, client_of):
    load_seed()
    return People(pages, client_of).phone(cast.wenjuan)


def addresses(cast) -> list[str]:
    waiting = accepted(make_service("HP-0900"), cast.wenjuan_person, by=cast.handler)
    actions.request_supplement(waiting, items=[{"name": "出院结算单", "why": "看不清"}], by=cast.handler)
    over: Case = decided(make_service("HP-0901"), cast.wenjuan_person, handler=cast.handler, approver=cast.approver)
    return [
        "/",
        "/services/",
        "/services/HP-0002/",
        "/services/entitlements/",
        "/matters/",
        reverse("cases:matter-detail", args=[waiting.number]),
        reverse("cases:matter-supplement", args=[waiting.number]),
        reverse("cases:matter-detail", args=[over.number]),
        reverse("cases:matter-print", args=[over.number]),
        "/me/",
        "/messages/",
    ]


def test_a_workers_pages_are_accessible_in_large_type_on_a_narrow_phone(worker, cast):
    remember_elder_mode(cast.wenjuan, elder=True)
    worker.set_viewport_size({"width": 320, "height": 640})
    found = {}
    for path in addresses(cast):
        worker.goto(path)
        found[path] = faults(worker) + [f"{wide} px" for wide in [worker.evaluate(RUNS_OUT)] if wide > 0]

    assert {path: lines for path, lines in found.items() if lines} == {}


def test_a_workers_pages_hold_when_the_text_is_doubled(worker, cast):
    found = {}
    for path in addresses(cast):
        worker.goto(path)
        worker.evaluate("document.documentElement.style.fontSize = '32px'")
        squeezed = worker.evaluate(ONE_CHARACTER_A_LINE)
        found[path] = squeezed + [f"{wide} px" for wide in [worker.evaluate(RUNS_OUT)] if wide > 0]

    assert {path: lines for path, lines in found.items() if lines} == {}


def test_a_question_that_depends_on_another_comes_when_it_is_needed(worker, cast):
    drafting, _resumed = actions.open_drafting(cast.wenjuan, current_version("RT-0005"))
    worker.goto(reverse("cases:apply-step", args=[drafting.draft.public_id, "employer"]))
    asked = worker.get_by_label("哪天离开的")

    expect(asked).to_be_hidden()
    worker.get_by_label("否", exact=True).check()
    expect(asked).to_be_visible()
    worker.get_by_label("是", exact=True).check()
    expect(asked).to_be_hidden()
