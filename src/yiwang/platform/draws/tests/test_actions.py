import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from yiwang.kernel.states import NotAllowedInState
from yiwang.platform.draws import errors, queries
from yiwang.platform.draws.actions import announce_draw, hold_draw, void_draw
from yiwang.platform.draws.library.protocol import verify
from yiwang.platform.draws.models import Draw
from yiwang.platform.journal.models import JournalEntry

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 5, 2, 0, tzinfo=dt.UTC)
LATER = dt.datetime(2026, 11, 20, 2, 0, tzinfo=dt.UTC)
TICKETS = ["AAAAAAAA", "BBBBBBBB", "CCCCCCCC", "DDDDDDDD"]


def announced(cast, **more):
    given = {
        "organiser": "昆山市总工会", "places": 2, "tickets": TICKETS, "source": "双色球11月19日开奖号码",
        "draws_on": dt.date(2026, 11, 20), "subject": "test", "subject_id": 1, "by": cast.handler, "now": NOW, **more,
    }  # fmt: skip
    return announce_draw("夏令营名额", **given)


def test_the_secret_is_told_only_with_the_draw(cast, client):
    draw = announced(cast)
    address = f"/draws/{draw.public_id}/draw.json"

    before = client.get(address).text
    found = hold_draw(draw, public="01 02 03", witness="经审会何静", by=cast.handler, now=LATER)
    after = client.get(address)

    assert draw.secret not in before
    assert draw.secret in after.text
    assert verify(after.content, commitment=draw.commitment) == found
    assert set(found.order) == set(TICKETS)
    assert len(found.winners) == 2
    assert "noindex" in after.headers["X-Robots-Tag"]


def test_a_draw_is_held_once_and_not_before_its_day(cast):
    draw = announced(cast)
    with pytest.raises(errors.TooEarly):
        hold_draw(draw, public="1", witness="何静", by=cast.handler, now=NOW)
    with pytest.raises(errors.WordsMissing):
        hold_draw(draw, public="1", witness=" ", by=cast.handler, now=LATER)

    hold_draw(draw, public="1", witness="何静", by=cast.handler, now=LATER)

    with pytest.raises(NotAllowedInState):
        hold_draw(draw, public="2", witness="何静", by=cast.handler, now=LATER)
    assert queries.drawn(Draw.objects.get()).places == 2
    assert JournalEntry.objects.filter(name="draws.draw_held").count() == 1


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"draws_on": dt.date(2026, 11, 5)}, errors.NotAhead),
        ({"source": " "}, errors.WordsMissing),
        ({"tickets": []}, errors.NothingToDraw),
    ],
)
def test_what_would_prove_nothing_is_not_announced(cast, more, error):
    with pytest.raises(error):
        announced(cast, **more)
    assert not Draw.objects.exists()


def test_a_record_has_one_draw_until_it_is_void(cast):
    draw = announced(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        announced(cast)

    with pytest.raises(errors.WordsMissing):
        void_draw(draw, reason="", by=cast.handler)
    void_draw(draw, reason="名单漏了一个单位", by=cast.handler)

    assert queries.draw_of("test", 1) is None
    assert announced(cast).state == "announced"


def test_a_draw_that_is_not_there_is_not_found(client):
    assert client.get("/draws/none/").status_code == 404
