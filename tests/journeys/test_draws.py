"""A draw is worked out again in the reader's own browser; an altered file is found there."""

import datetime as dt

import pytest

from yiwang.platform.draws.actions import announce_draw, hold_draw
from yiwang.platform.draws.library.protocol import new_ticket
from yiwang.platform.draws.models import Draw

pytestmark = pytest.mark.django_db(transaction=True)
NOW = dt.datetime(2026, 11, 5, 2, 0, tzinfo=dt.UTC)


def drawn(cast):
    draw = announce_draw(
        "疗休养名额", organiser="昆山市总工会", places=3, tickets=[new_ticket() for _ in range(12)],
        source="双色球11月19日开奖号码", draws_on=dt.date(2026, 11, 20), subject="journey", subject_id=1,
        by=cast.approver, now=NOW,
    )  # fmt: skip
    hold_draw(draw, public="03 08 11 + 07", witness="何静", by=cast.approver, now=NOW + dt.timedelta(days=16))
    return draw


def test_a_reader_works_the_draw_out_again(pages, cast):
    draw = drawn(cast)
    page = pages.open(f"/draws/{draw.public_id}/")

    page.get_by_role("button", name="在我的手机上再算一遍").click()

    page.locator("[data-said=sound]").wait_for()
    assert page.locator("[data-step]:visible").count() == 5
    assert page.locator("[data-no]:visible").count() == 0
    assert pages.complaints == []


def test_an_altered_file_is_found_in_the_browser(pages, cast):
    draw = drawn(cast)
    page = pages.open(f"/draws/{draw.public_id}/")
    Draw.objects.filter(pk=draw.pk).update(document=draw.document.replace('"public":"03', '"public":"04'))

    page.get_by_role("button", name="在我的手机上再算一遍").click()

    page.locator("[data-said=unsound]").wait_for()
    assert page.locator("[data-step=seed] [data-no]").is_visible()
    assert page.locator("[data-step=list] [data-no]").is_hidden()
