"""Committees, guests without a vote, seats for each firm of a region."""

import io
import zipfile

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from yiwang.rights.congress import actions, formulas, papers, queries
from yiwang.rights.congress.errors import NotReady
from yiwang.rights.congress.formulas import Firm
from yiwang.rights.congress.models import Kind
from yiwang.rights.congress.tests import factories as made

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"congress:{name}", args=args)


@given(st.lists(st.integers(1, 5000), min_size=1, max_size=30), st.integers(0, 200))
def test_seats_are_all_given_each_firm_has_one_and_more_workers_never_fewer(sizes, spare):
    seats = formulas.seats_by_size(sizes, len(sizes) + spare)

    assert sum(seats) == len(sizes) + spare
    assert min(seats) >= 1
    assert all(seats[a] >= seats[b] for a in range(len(sizes)) for b in range(len(sizes)) if sizes[a] > sizes[b])


def test_a_committee_is_formed_and_formed_anew(cast, client_of):
    congress, browser = made.in_term(cast), client_of(cast.chair)
    names = [row.person.name for row in queries.delegates_of(congress)]
    send = lambda **more: browser.post(  # noqa: E731
        url("congress-act", congress.public_id, "committee"), {"kind": "proposals", "task": "收提案、审提案", **more}
    )

    assert "连组长至少3人" in send(head=names[0], members=names[1]).content.decode()
    assert "代表里没有这些人：无此人" in send(head="无此人", members=names[1]).content.decode()
    assert "组长只有一位" in send(head=f"{names[0]}、{names[1]}", members=names[2]).content.decode()
    assert send(head=names[0], members="\n".join(names[1:3])).status_code == 302
    assert send(head=names[4], members="\n".join(names[5:8])).status_code == 302

    (committee,) = queries.committees_of(congress)
    assert (committee.head.person.name, committee.members.count()) == (names[4], 4)
    assert f"组长{names[4]}" in client_of(cast.wenjuan).get(url("own-congress")).content.decode()
    actions.end_delegate(committee.head, reason="moved", by=cast.chair)
    assert "请另定一位" in browser.get(url("congress-detail", congress.public_id)).content.decode()


def test_a_committee_waits_for_the_delegates(cast):
    congress = made.started(cast)
    delegate = made.place_with(congress, made.enrol(cast.unit, 1), by=cast.chair).delegates.get()
    with pytest.raises(NotReady, match="先选代表"):
        actions.form_committee(congress, kind="pay", task="管工资", head=delegate, members=[], by=cast.chair)


def test_a_guest_changes_neither_quorum_nor_majority_and_is_in_the_minutes(cast, client_of):
    session, browser = made.called(made.in_term(cast), cast.chair, made.hear), client_of(cast.chair)
    before = queries.hall_of(session)
    ask = lambda **more: browser.post(url("session-act", session.public_id, "guest"), more)  # noqa: E731

    assert "按代表签到" in ask(name=cast.wenjuan_person.name, post="", way="observer").content.decode()
    ask(name="钱总", post="总经理", way="observer")
    ask(name="孙老师", post="镇总工会", way="invited")
    assert "已经在列席名单上" in ask(name="钱总", post="", way="observer").content.decode()
    first, second = queries.guests_of(session)[::-1]
    browser.post(url("sign-in-act", session.public_id, "guest-in", first.public_id))
    browser.post(url("sign-in-act", session.public_id, "guest-in", first.public_id))
    browser.post(url("sign-in-act", session.public_id, "guest-drop", first.public_id))
    assert queries.hall_of(session) == before
    assert {row.name for row in queries.guests_of(session) if row.came_at} == {first.name}
    browser.post(url("sign-in-act", session.public_id, "guest-drop", second.public_id))
    assert [row.name for row in queries.guests_of(session)] == [first.name]
    assert first.name in browser.get(url("sign-in-sheet", session.public_id)).content.decode()
    assert browser.post(url("sign-in-act", session.public_id, "guest-in", "nobody")).status_code == 404

    made.sign_in(session, 20, cast.chair)
    actions.open_session(session, by=cast.chair)
    actions.note_item(session.items.get(), "按月发夜班津贴。", by=cast.chair)
    actions.close_session(session, by=cast.chair)
    session.refresh_from_db()
    assert any(first.name in fact for fact in papers._facts(session))
    pack = zipfile.ZipFile(io.BytesIO(papers.evidence_pack(session)))
    assert first.name in pack.read("列席名单.csv").decode("utf-8-sig")
    with pytest.raises(NotReady):
        actions.ask_guest(session, name="李四", post="", way="invited", by=cast.chair)


def test_a_regional_congress_gives_each_firm_its_seats_and_small_ones_share(cast, client_of):
    congress, browser = made.started(cast, kind=Kind.REGIONAL, seats=30, headcount=600), client_of(cast.chair)
    send = lambda text: browser.post(url("congress-act", congress.public_id, "firms"), {"firms": text})  # noqa: E731

    assert "第2行看不懂" in send("甲厂 300\n乙厂 很多人").content.decode()
    assert "同一家企业" in send("甲厂 300\n甲厂 20").content.decode()
    assert send("甲厂 300 100\n乙厂 180\n丙店 20 5\n\n丁店 25\n戊店 40").status_code == 302

    places = {row.name: (row.headcount, row.women, row.seats) for row in queries.constituencies_of(congress)}
    assert places == {"甲厂": (300, 100, 15), "乙厂": (180, 0, 9), "丙店等2家": (45, 5, 3), "戊店": (40, 0, 3)}
    assert "已经划了选区" in send("己厂 30").content.decode()


def test_seats_by_firm_are_for_regions_and_need_a_seat_each(cast):
    congress = made.started(cast)
    with pytest.raises(NotReady, match="区域性"):
        actions.draw_by_firms(congress, [Firm("甲厂", 30)], by=cast.chair)
    congress.kind, congress.seats = Kind.INDUSTRY, 1
    congress.save()
    with pytest.raises(NotReady, match="不够2个选区"):
        actions.draw_by_firms(congress, [Firm("甲厂", 60), Firm("乙厂", 60)], by=cast.chair)
