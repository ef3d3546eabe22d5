"""The pages of programmes: what a worker, an officer and a leader see and do."""

from decimal import Decimal

import pytest
from django.urls import reverse

from yiwang.net.payments.tests.factories import make_account, make_fund
from yiwang.rights.aid import actions
from yiwang.rights.aid.models import Place, Programme
from yiwang.rights.aid.tests.factories import NOW
from yiwang.rights.aid.tests.test_programmes import entered, given, programme, worker

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_november(monkeypatch):
    monkeypatch.setattr("yiwang.kernel.clock.now", lambda: NOW)


def page_of(made, name="programme-detail"):
    return reverse(f"aid:{name}", args=[made.public_id])


def test_a_leader_makes_opens_and_changes_a_programme(client_of, cast):
    fund = make_fund(cast)
    lead = client_of(cast.approver)
    typed = {
        "organisation": cast.county.public_id, "kind": "warmth", "name": "2027春节送温暖", "choice": "rules",
        "opens_on": "2026-11-01", "closes_on": "2026-10-01", "quota": "20", "fund": fund.public_id, "budget": "9000",
    }  # fmt: skip
    refused = lead.post(reverse("aid:programme-new"), typed).text
    assert "截止日要在开始日以后" in refused
    assert "2027春节送温暖" in refused

    made_at = lead.post(reverse("aid:programme-new"), {**typed, "closes_on": "2026-12-31"}).headers["Location"]
    made = Programme.objects.get()
    assert made_at == page_of(made)
    assert client_of(cast.wenjuan).get(reverse("aid:own-programmes")).text.count("2027春节送温暖") == 0
    lead.post(reverse("aid:programme-act", args=[made.public_id, "open"]))
    assert "2027春节送温暖" in client_of(cast.wenjuan).get(reverse("aid:own-programmes")).text

    change = {
        "opens_on": "2026-11-01",
        "closes_on": "2026-12-31",
        "quota": "30",
        "fund": fund.public_id,
        "budget": "9500",
    }
    assert lead.post(page_of(made, "programme-change"), change).context["form"].errors.keys() == {"reason"}
    assert lead.post(page_of(made, "programme-change"), {**change, "reason": "追加"}).status_code == 302
    made.refresh_from_db()
    assert (made.state, made.quota, made.budget) == ("open", 30, Decimal(9500))
    assert client_of(cast.handler).get(reverse("aid:programme-new")).status_code == 403
    assert client_of(cast.handler).post(reverse("aid:programme-act", args=[made.public_id, "close"])).status_code == 403


def test_a_union_names_its_people_line_by_line(client_of, cast):
    made = programme(cast)
    for number in (1, 2):
        worker(cast, number)
    twin = worker(cast, 3)
    twin.name = "职工1"
    twin.save()
    worker(cast, 4, organisation=cast.sibling_unit)
    clerk = client_of(cast.clerk)
    address = page_of(made, "programme-names")

    refused = clerk.post(address, {"names": "职工1\n职工2\n职工4", "visit_reason": "front"}).text
    assert "职工1、职工4" in refused
    assert "职工2" in refused
    assert not Place.objects.exists()

    done = clerk.post(address, {"names": "职工1 0003\n职工2\n\n职工2", "visit_reason": "front"}, follow=True)
    assert "登记了2人" in done.text
    named = clerk.get(page_of(made)).text
    assert "职工2" in named
    assert "/work/aid/places/" not in named
    assert clerk.get(reverse("aid:place-detail", args=[Place.objects.first().public_id])).status_code == 404
    assert "/work/aid/places/" in client_of(cast.town_officer).get(page_of(made)).text
    assert {place.person for place in Place.objects.all()} == {twin, Place.objects.get(person__name="职工2").person}


def test_a_place_is_checked_by_one_and_decided_by_another_on_pages(client_of, cast):
    make_account(cast.wenjuan_person)
    place = entered(cast, programme(cast), check=False)
    detail = reverse("aid:place-detail", args=[place.public_id])
    handler, lead = client_of(cast.handler), client_of(cast.approver)

    assert "批准" not in lead.get(detail).text.split("规则怎么说")[1].split("可能重复")[0]
    assert lead.post(reverse("aid:place-act", args=[place.public_id, "give"]), {"reason": "好"}).status_code == 403
    handler.post(reverse("aid:place-act", args=[place.public_id, "check"]), {"visit_reason": "ill"})
    assert handler.post(reverse("aid:place-act", args=[place.public_id, "give"]), {"reason": "好"}).status_code == 403
    assert "请写明理由" in lead.post(reverse("aid:place-act", args=[place.public_id, "give"]), {}).text
    lead.post(reverse("aid:place-act", args=[place.public_id, "give"]), {"reason": "符合规定"})

    place.refresh_from_db()
    assert (place.state, place.amount) == ("given", Decimal(800))
    own = client_of(cast.wenjuan).get(reverse("aid:own-place", args=[place.public_id])).text
    assert "符合规定" in own
    assert "800" in own
    receipt = client_of(cast.wenjuan).get(reverse("aid:own-place-receipt", args=[place.public_id]))
    assert receipt.json()["answer"]["verdict"] == "yes"
    assert client_of(cast.stranger).get(reverse("aid:own-place", args=[place.public_id])).status_code == 404
    assert client_of(cast.sibling_handler).get(detail).status_code == 404


@pytest.mark.parametrize("size", [1, 3])
def test_lists_cost_the_same_whatever_their_size(client_of, cast, django_assert_max_num_queries, size):
    made = programme(cast, quota=9)
    for number in range(size):
        entered(cast, made, worker(cast, number))
        if number:
            programme(cast, "rest", name=f"第{number}批")
    desk = client_of(cast.handler)
    with django_assert_max_num_queries(24):
        listed = desk.get(reverse("aid:programme-list")).text
    with django_assert_max_num_queries(34):
        detail = desk.get(page_of(made)).text
    assert page_of(made) in listed
    assert detail.count("职工") >= size


def test_a_draw_is_announced_and_held_on_pages_and_read_by_everybody(client, client_of, cast, monkeypatch):
    made = programme(cast, "rest", choice="draw", quota=1)
    people = [worker(cast, number) for number in range(3)]
    for person in people:
        entered(cast, made, person, told={})
    lead = client_of(cast.approver)
    lead.post(reverse("aid:programme-act", args=[made.public_id, "close"]))
    act = reverse("aid:programme-act", args=[made.public_id, "announce"])
    assert "请选以后的日子" in lead.post(act, {"source": "双色球", "draws_on": "2026-11-01"}).text
    lead.post(act, {"source": "双色球11月19日开奖号码", "draws_on": "2026-11-20"})
    made.refresh_from_db()
    public = reverse("portal:draw-detail", args=[made.draw.public_id])
    before = client.get(public).text
    hold = reverse("aid:programme-act", args=[made.public_id, "hold"])
    assert "到那天再开签" in lead.post(hold, {"public": "1", "witness": "何静"}).text

    monkeypatch.setattr("yiwang.kernel.clock.now", lambda: NOW.replace(day=21))
    lead.post(hold, {"public": "03 08 11 + 07", "witness": "何静"})

    after = client.get(public)
    won = Place.objects.get(state="given")
    assert "双色球11月19日开奖号码" in before
    assert won.ticket in after.text
    assert all(person.name not in after.text for person in people)
    assert "noindex" in after.headers["X-Robots-Tag"]
    assert "中签了" in client.get(public, {"ticket": won.ticket.lower()}).text
    assert "名单里没有" in client.get(public, {"ticket": "ZZZZZZZZ"}).text
    assert "有你的名额" in client_of(won.person.user).get(reverse("aid:own-place", args=[won.public_id])).text
    assert made.name in client.get(reverse("portal:draw-list")).text


def test_a_programme_is_printed_with_masked_numbers(client_of, cast):
    made = programme(cast)
    given(cast, entered(cast, made))

    paper = client_of(cast.handler).get(page_of(made, "programme-paper"))

    assert paper.content[:2] == b"PK"
    assert actions.close_due(made.opens_on) == 0
