"""Care of the tree: moving a county with all its bodies, asking whether a body may be closed, the page of a subtree.

The county is moved twice: the first time its rows still lie on the disk, the second time counts.
"""

from typing import Any

from django.test import Client

from bench.measure import document, once, repeat
from bench.routing import move_and_undo
from yiwang.register.access.models import Appointment
from yiwang.register.organisations import coverage
from yiwang.register.organisations.actions import members_staying
from yiwang.register.organisations.models import Organisation


def run() -> dict[str, Any]:
    county = Organisation.objects.get(name="昆山市总工会")
    unions = list(Organisation.objects.live().filter(kind="E1")[:50])
    bodies = Organisation.objects.under(county.path).count()
    browser = Client()
    handler = Appointment.objects.select_related("user").filter(organisation=county, role="county_handler").first()
    assert handler is not None
    browser.force_login(handler.user)

    def subtree() -> None:
        answer = browser.get(f"/organisations/{county.public_id}/overview/")
        assert answer.status_code == 200

    first, moved = once(move_and_undo), once(move_and_undo)
    page, dissolve = repeat(subtree, times=20), repeat(lambda: members_staying(unions[0]), times=50)
    reach = repeat(lambda: coverage.coverage(county), times=20)
    return document(
        "tree",
        ours=moved,
        peer=None,
        ratio=None,
        unit="seconds to move a county",
        bodies_moved=bodies,
        first_move_s=first,
        dissolve_check_p95_ms=dissolve.p95_ms,
        subtree_page_p95_ms=page.p95_ms,
        coverage_p95_ms=reach.p95_ms,
    )
