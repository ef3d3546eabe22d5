"""Figures about congresses, each beside the rows it counts."""

import datetime as dt

import pytest
from django.urls import reverse

from yiwang.kernel.clock import today
from yiwang.register.organisations.models import Organisation
from yiwang.rights.congress import actions, policies
from yiwang.rights.congress.formulas import HandCount
from yiwang.rights.congress.models import AgendaItem, Congress, Report, ResolutionCheck, Session
from yiwang.rights.congress.queries_figures import Figures
from yiwang.rights.congress.tests import factories as made

pytestmark = pytest.mark.django_db


def count(cast, key, year=None):
    return Figures(cast.county, year or today().year).one(key).counts


@pytest.fixture
def congress(cast):
    return made.in_term(cast)


def test_a_unit_counts_with_its_own_congress_or_one_of_its_region(cast):
    units = Organisation.objects.active().filter(path__descendant=cast.county.path, kind__in=("E1", "E2", "E4"))
    assert count(cast, "built") == (0, units.count())
    made.in_term(cast)
    assert count(cast, "built") == (1, units.count())
    Congress.objects.update(organisation=cast.town, kind="regional")
    inside = units.filter(path__descendant=cast.town.path).count()
    assert count(cast, "built") == (inside, units.count())
    assert Figures(cast.county, today().year).shared()[0][1:] == (1, 268)


def held(cast, congress):
    session = made.opened(congress, cast.chair, made.hear)
    actions.note_item(session.items.get(), "", by=cast.chair)
    actions.close_session(session, by=cast.chair)
    return session


def test_a_session_is_sound_with_papers_minutes_and_report_in_time(cast, congress):
    assert count(cast, "held") == (0, 1)
    held(cast, congress)
    assert count(cast, "held") == (1, 1)
    assert count(cast, "sound") == (0, 1)
    Session.objects.update(short_notice_reason="", minutes="开了。")
    assert count(cast, "sound") == (1, 1)
    Report.objects.update(due_on=today() - dt.timedelta(days=1))
    assert count(cast, "sound") == (0, 1)
    report = Report.objects.get(about="session")
    actions.send_report(report, note="", by=cast.chair)
    assert count(cast, "sound") == (0, 1)
    assert count(cast, "sound", today().year - 1) == (0, 0)


def test_secret_items_are_counted_among_those_that_are_decided(cast, congress):
    held(cast, congress)
    AgendaItem.objects.update(kind="B", method="hands")
    assert count(cast, "secret") == (0, 1)
    AgendaItem.objects.update(method="secret")
    assert count(cast, "secret") == (1, 1)


def test_proposals_are_counted_from_filing_to_satisfied(cast, congress):
    first, *others = congress.delegates.filter(state="elected").order_by("pk")[:3]
    proposal = made.filed(first, others, by=cast.wenjuan)
    assert count(cast, "taken") == (0, 1)
    actions.review_proposal(proposal, "assigned", opinion="", handler="行政部", by=cast.chair)
    assert (count(cast, "taken"), count(cast, "answered")) == ((1, 1), (0, 0))
    type(proposal).objects.update(due_on=today() - dt.timedelta(days=1))
    assert count(cast, "answered") == (0, 1)
    type(proposal).objects.update(due_on=today())
    actions.reply_to_proposal(proposal, "十二月起发车。", by=cast.chair)
    actions.judge_reply(proposal, "yes", by=cast.wenjuan)
    assert [count(cast, key) for key in ("answered", "closed", "pleased")] == [(1, 1)] * 3


def test_disclosure_and_directors_are_counted(cast, congress):
    assert count(cast, "open") == (0, 1)
    item = made.disclosed(congress, cast.chair)
    assert (count(cast, "open"), count(cast, "on_time")) == ((1, 1), (1, 1))
    type(item).objects.update(published_on=today().replace(month=1, day=1), next_on=today() - dt.timedelta(days=1))
    assert count(cast, "on_time") == (0, 1)
    assert count(cast, "directors") == (0, 0)
    Congress.objects.update(headcount=300)
    assert count(cast, "directors") == (0, 1)


def test_a_resolution_is_carried_out_by_its_last_check(cast, congress):
    session = made.opened(congress, cast.chair, lambda session, by: made.hear(session, by, method="hands"))
    item = session.items.get()
    actions.decide_by_hands(item, HandCount(30, 0, 0), by=cast.chair)
    actions.close_session(session, by=cast.chair)
    resolution = item.resolution
    assert count(cast, "carried_out") == (0, 1)
    for result in ("partly", "done"):
        actions.check_resolution(resolution, on=today(), result=result, finding="看过。", by=cast.chair)
    assert ResolutionCheck.objects.count() == 2
    assert count(cast, "carried_out") == (1, 1)


def test_the_page_leads_to_the_rows_of_every_figure(cast, client_of, congress, django_assert_max_num_queries):
    held(cast, congress)
    above, page = client_of(cast.approver), reverse("congress:figures")
    with django_assert_max_num_queries(60):
        text = above.get(page).content.decode()
    assert "一线职工和技术人员" in text
    for figure in Figures(cast.county, today().year).all():
        rows = above.get(reverse("congress:figure-rows", args=[figure.key]))
        assert rows.status_code == 200
        assert figure.label in rows.content.decode()
    assert "第1届第1次会议" in above.get(reverse("congress:figure-rows", args=["sound"])).content.decode()
    assert above.get(reverse("congress:figure-rows", args=["nothing"])).status_code == 404
    assert above.get(page, {"year": "1999"}).status_code == 404
    assert above.get(page, {"org": cast.sibling_county.public_id}).status_code == 404
    assert above.get(page, {"org": cast.town.public_id, "year": today().year}).status_code == 200
    assert client_of(cast.wenjuan).get(page).status_code == 403
    assert policies.figures_body(cast.chair) == cast.unit
