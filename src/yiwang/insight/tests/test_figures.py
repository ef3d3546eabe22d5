import datetime as dt

import pytest
from django.urls import reverse

from yiwang.insight.queries import DONE, FAR, ON_TIME, Row, class_of, exceptions, picture_of
from yiwang.net.cases.tests.factories import NOW, decided, make_service, submit
from yiwang.register.organisations.models import Organisation

pytestmark = pytest.mark.django_db


def page_of(browser, body=None):
    return browser.get(reverse("insight:overview-of", args=[body.public_id]) if body else "/work/figures/")


def total_of(answer):
    return answer.context["total"]


def test_one_request_moves_every_figure_above_it_by_one(cast, client_of):
    browser = client_of(cast.leader)
    before = total_of(page_of(browser, cast.county)).open

    submit(make_service(), cast.wenjuan_person)

    for body in (cast.county, cast.city, cast.province):
        total = total_of(page_of(browser, body))
        assert (total.open, total.received) == (before + 1, before + 1)
    assert total_of(page_of(browser, cast.sibling_county)).open == 0


def test_a_decided_case_counts_as_done_and_opens_its_row(cast, client_of):
    case = decided(make_service(), cast.wenjuan_person, handler=cast.handler, approver=cast.approver)
    browser = client_of(cast.approver)

    total = total_of(page_of(browser, cast.county))

    assert total.done == 1
    assert total.on_time is None  # one case says nothing about a share
    assert case.number in browser.get(total.done_url).text


def test_the_open_figure_opens_the_very_rows(cast, client_of):
    case = submit(make_service(), cast.wenjuan_person)
    browser = client_of(cast.approver)

    total = total_of(page_of(browser, cast.county))

    assert case.number in browser.get(total.open_url).text


def test_who_may_see_figures_only_finds_no_link_that_is_refused(cast, client_of):
    """审计、纪检 read the figures; the rows behind them are for who works on them."""
    submit(make_service(), cast.wenjuan_person)
    listed = reverse("members:member-list")

    for who, opens in ((cast.leader, True), (cast.audit, False), (cast.discipline, False)):
        browser = client_of(who)
        answer = page_of(browser)
        assert (total_of(answer).open_url in answer.content.decode().replace("&amp;", "&")) is opens
        assert (f'href="{listed}?org=' in answer.content.decode()) is opens
        if not opens:
            assert browser.get(total_of(answer).open_url).status_code == 403


def test_an_overdue_case_stands_in_the_sentences_and_opens(cast, client_of):
    case = submit(make_service(), cast.wenjuan_person, now=NOW - dt.timedelta(days=60))
    browser = client_of(cast.leader)

    answer = page_of(browser, cast.province)
    total = total_of(answer)

    assert total.overdue == 1
    assert "有1件逾期没有办结" in answer.text
    assert case.number in browser.get(total.overdue_url).text


def test_the_page_opens_at_the_own_body_and_names_the_line_above(cast, client_of):
    answer = page_of(client_of(cast.approver))

    assert answer.context["body"] == cast.county
    assert [row.organisation for row in answer.context["children"]] == [cast.town]


def test_the_lowest_body_says_that_nothing_is_below(cast, client_of):
    assert "下面没有工会" in page_of(client_of(cast.leader), cast.unit).text


def test_a_body_outside_ones_scope_does_not_exist(cast, client_of):
    assert page_of(client_of(cast.approver), cast.sibling_county).status_code == 404
    assert page_of(client_of(cast.approver), cast.city).status_code == 404


def test_figures_are_for_those_who_lead(cast, client_of):
    assert page_of(client_of(cast.wenjuan)).status_code == 404
    assert page_of(client_of(None)).status_code == 302


def test_the_page_speaks_english(cast, client_of):
    cast.leader.language = "en"
    cast.leader.save(update_fields=["language"])

    assert "正在办" not in page_of(client_of(cast.leader)).text


@pytest.mark.parametrize("towns", [1, 3])
def test_the_number_of_queries_does_not_grow_with_the_bodies_below(
    cast, client_of, django_assert_max_num_queries, towns
):
    for n in range(towns - 1):
        Organisation.objects.create(
            pk=900_000 + n,
            code=f"3205831{n:02}X",
            name=f"第{n}镇总工会",
            kind=cast.town.kind,
            level=5,
            parent=cast.county,
            path=f"{cast.county.path}.n{900_000 + n}",
            division_code="320583100",
            valid_from=dt.date(2020, 1, 1),
        )
    browser = client_of(cast.approver)
    page_of(browser)

    with django_assert_max_num_queries(20):
        page_of(browser)


def row(name, **figures):
    overdue = figures.pop("overdue", 0)
    named = {"open": "cases.open", "received": "cases.received", "done": "cases.done", "on_time": "cases.on_time"}
    body = Organisation(name=name, short_name=name, public_id="abcdefghjk")
    return Row(body, {named.get(key, "organisations.bodies"): n for key, n in figures.items()}, overdue)


def test_what_is_out_of_the_ordinary_is_said_in_sentences():
    slow = row("慢镇", received=9, done=10, on_time=5, overdue=2, bodies=1)
    idle = row("静镇", bodies=3)

    said = [remark.sentence for remark in exceptions(row("县", received=9, overdue=2), [slow, idle])]

    assert said == [
        "有2件逾期没有办结。",
        "慢镇逾期最多，2件。",
        "慢镇按时办结率只有50.0%。",
        "1个下级一件申请也没有收到过。",
    ]


def test_nothing_is_said_where_nothing_is():
    good = row("好镇", received=9, done=10, on_time=10, bodies=1)

    assert exceptions(row("县", received=9), [good]) == []


def shares(body, done, on_time):
    return Row(body, {DONE: done, ON_TIME: on_time}, 0)


def test_the_picture_shows_each_part_against_the_whole(cast):
    whole, part = shares(cast.province, 20, 18), shares(cast.city, 10, 8)

    picture = picture_of(whole, [part])

    assert picture is not None
    spread = picture.spreads[cast.city.pk]
    assert (spread.mean, spread.target) == (0.8, 0.9)
    assert picture.low < 0.8 < 0.9 < picture.high
    assert picture.shades == []  # the map is drawn only when every area has its body
    assert [tone for tone, _ in picture.legend] == ["d4", "d3", "d2", "d1"]


@pytest.mark.parametrize(
    ("share", "tone"),
    [(None, "none"), (0.9, "d3"), (0.9 + FAR, "d4"), (0.89, "d2"), (0.9 - 2 * FAR, "d1")],
)
def test_below_the_whole_the_map_is_brick(share, tone):
    assert class_of(share, 0.9) == tone


def test_there_is_no_picture_of_a_county_nor_of_too_few_decisions(cast):
    assert picture_of(shares(cast.county, 20, 18), [shares(cast.town, 10, 8)]) is None
    assert picture_of(shares(cast.province, 4, 4), [shares(cast.city, 4, 4)]) is None
    assert picture_of(shares(cast.province, 20, 18), [shares(cast.city, 4, 4)]) is None
