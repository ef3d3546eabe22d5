"""Pages of desk, delegate and worker: a happy path, one refusal, one stranger each."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from yiwang.rights.congress import actions, queries
from yiwang.rights.congress.models import AgendaItem, Congress, Delegate, Session
from yiwang.rights.congress.tests import factories as made
from yiwang.rights.congress.tests.secret import held, vote_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def congress(cast):
    return made.in_term(cast)


def url(name, *args):
    return reverse(f"congress:{name}", args=args)


def test_the_desk_lists_its_own_congresses_only(cast, client_of, congress):
    assert "恒达精密工会" in client_of(cast.chair).get(url("congress-list")).content.decode()
    assert "恒达精密工会" not in client_of(cast.sibling_handler).get(url("congress-list")).content.decode()
    assert client_of(cast.wenjuan).get(url("congress-list")).status_code == 403


@pytest.mark.parametrize("size", [1, 3])
def test_a_congress_takes_few_queries_whatever_its_size(cast, client_of, django_assert_max_num_queries, size):
    congress = made.in_term(cast, delegates=30 + size)
    browser = client_of(cast.chair)
    browser.get(url("congress-detail", congress.public_id))
    with django_assert_max_num_queries(32):
        browser.get(url("congress-detail", congress.public_id))


def test_a_new_congress_keeps_what_was_typed_and_says_what_is_wrong(cast, client_of):
    browser = client_of(cast.chair)
    assert "268" in browser.get(url("congress-new")).content.decode()
    given = {"organisation": cast.unit.public_id, "kind": "congress", "number": 1, "years": 5, "headcount": 268}
    wrong = browser.post(url("congress-new"), {**given, "women": 90, "seats": 29}).content.decode()
    assert "至少30个" in wrong
    assert 'value="29"' in wrong

    answer = browser.post(url("congress-new"), {**given, "women": 90, "seats": 30})
    assert answer.url == url("congress-detail", Congress.objects.get().public_id)
    assert client_of(cast.approver).get(url("congress-new")).status_code == 403
    assert "都已经有职代会" in browser.get(url("congress-new")).content.decode()


def test_constituencies_are_drawn_filled_and_elected_on_their_pages(cast, client_of):
    congress, browser = made.started(cast), client_of(cast.chair)
    place = {"name": "质检班", "headcount": 28, "women": 4, "seats": 1}
    browser.post(url("congress-act", congress.public_id, "constituency"), place)
    found = congress.constituencies.get()
    page = url("constituency-detail", congress.public_id, found.public_id)

    def act(name, **given):
        return browser.post(url("constituency-act", congress.public_id, found.public_id, name), given)

    assert "没有这个人" in act("nominate", who="查无此人", category="worker").content.decode()
    assert act("nominate", who="周文娟", category="worker").url == page
    delegate = Delegate.objects.get()
    result = {"elected_on": "2026-11-02", "method": "secret", f"votes_{delegate.pk}": 15}
    assert "至少要到19人" in act("elect", present=18, **result).content.decode()
    assert act("elect", present=20, **result).url == page
    assert "选完了" in browser.get(page).content.decode()
    assert act("nothing").status_code == 404
    act("drop")
    assert congress.constituencies.count() == 1
    refused = browser.post(url("congress-act", congress.public_id, "constitute"), {"on": "2026-11-03"})
    assert "至少要30人" in refused.content.decode()
    assert client_of(cast.approver).post(url("congress-act", congress.public_id, "end")).status_code == 403


def test_a_session_goes_from_plan_to_publication_on_its_page(cast, client_of, congress):
    browser = client_of(cast.chair)
    planned = {"held_on": "2020-01-01", "place": "报告厅", "form": "hall", "called_by": "yearly"}
    browser.post(url("congress-act", congress.public_id, "session"), planned)
    session = Session.objects.get()
    page = url("session-detail", session.public_id)

    def act(name, **given):
        return browser.post(url("session-act", session.public_id, name), given)

    names = "\n".join(row.person.name for row in queries.delegates_of(congress)[:3])
    assert "代表里没有" in act("presidium", members="查无此人").content.decode()
    assert act("presidium", members=names).url == page
    item = {"kind": "A", "method": "hands", "title": "食堂管理办法", "seats": "", "text": ""}
    assert "材料全文" in act("item", **item).content.decode()
    assert act("item", **{**item, "text": "第一条"}).url == page
    heard = {**item, "method": "none", "title": "履行情况", "text": "好"}
    named = {**item, "method": "named", "title": "实施办法", "text": "好"}
    act("item", **heard)
    act("item", **named)
    assert "材料要提前7天" in act("call", reason="").content.decode()
    assert act("call", reason="主席团同意").url == page
    made.sign_in(session, 20, cast.chair)
    act("open")
    hands, note, vote = session.items.all()
    todo = ((hands, "hands", {"yes": 16, "no": 4, "abstain": 0}), (note, "note", {"opinions": "好"}))
    too_many = browser.post(
        url("item-act", session.public_id, "hands", hands.public_id), {"yes": 21, "no": 0, "abstain": 0}
    )
    assert "比在场的20人多" in too_many.content.decode()
    for found, name, given in todo:
        assert browser.post(url("item-act", session.public_id, name, found.public_id), given).url == page
    for name in ("vote", "count"):
        assert browser.post(url("item-act", session.public_id, name, vote.public_id)).url == page
    act("floor")
    act("close")
    act("minutes", minutes="开得很好。")
    act("publish")
    session.refresh_from_db()
    assert session.state == Session.State.PUBLISHED
    for kind, form in (("minutes", "pdf"), ("minutes", "docx"), ("resolutions", "pdf"), ("pack", "zip")):
        assert browser.get(url("session-paper", session.public_id, kind, form)).status_code == 200
    assert browser.get(url("session-paper", session.public_id, "minutes", "zip")).status_code == 404
    assert "开得很好" in client_of(cast.wenjuan).get(url("own-session", session.public_id)).content.decode()


def test_the_sign_in_sheet_and_the_screen_of_the_hall(cast, client_of, congress):
    session, browser = made.called(congress, cast.chair), client_of(cast.chair)
    delegate = queries.delegates_of(congress).first()
    for act, present in (("in", 1), ("out", 0)):
        browser.post(url("sign-in-act", session.public_id, act, delegate.public_id))
        assert queries.hall_of(session).present == present
    sheet = browser.get(url("sign-in-sheet", session.public_id), {"q": delegate.person.name}).content.decode()
    assert (delegate.person.name in sheet, "离场" in sheet) == (True, True)
    screen = browser.get(url("hall-screen", session.public_id)).content.decode()
    assert (session.code in screen, "还差20人" in screen) == (True, True)
    piece = browser.get(url("hall-screen", session.public_id), headers={"hx-request": "true"}).content.decode()
    assert "<html" not in piece


def test_a_delegate_signs_in_speaks_moves_and_votes_on_the_phone(cast, client_of, congress):
    def by_name(session, by):
        return made.hear(session, by, method="named")

    session, browser = made.called(congress, cast.chair, by_name), client_of(cast.wenjuan)
    page = url("own-session", session.public_id)
    wrong = browser.post(url("own-act", session.public_id, "in"), {"code": "1"}, follow=True).content.decode()
    assert "签到码不对" in wrong
    assert "我到会了" in browser.get(url("check-in", session.public_id, session.code)).content.decode()
    assert browser.post(url("check-in", session.public_id, session.code)).url == page
    made.sign_in(session, 20, cast.chair)
    actions.open_session(session, by=cast.chair)
    item = AgendaItem.objects.get()
    assert browser.post(url("own-act", session.public_id, "floor"), {"topic": "工资"}).url == page
    assert "已经在" in browser.post(url("own-act", session.public_id, "floor"), {"topic": ""}).content.decode()
    moved = {"item": item.public_id, "text": "补贴改为350元"}
    assert browser.post(url("own-act", session.public_id, "motion"), moved).url == page
    motion = queries.motions_of(session)[0]
    chair = client_of(cast.chair)
    counts = {"yes": 16, "no": 0, "abstain": 0}
    chair.post(url("item-act", session.public_id, "motion", motion.public_id), counts)
    actions.open_named_vote(AgendaItem.objects.get(), by=cast.chair)
    browser.post(url("own-vote", session.public_id, item.public_id), {"choice": "yes"})
    assert "你投了赞成" in browser.get(page).content.decode()
    assert "补贴改为350元" in browser.get(url("own-paper", session.public_id, item.public_id)).content.decode()
    assert client_of(cast.stranger).get(page).status_code == 404
    assert "还没有在这里办职代会" in client_of(cast.stranger).get(url("own-congress")).content.decode()


def test_the_pages_of_a_secret_vote(cast, client_of, client):
    vote = held(cast, made.adopt, present=20)
    uuid = vote.election.uuid
    assert "看一遍，再投" in client.get(url("vote", uuid)).content.decode()
    assert "发出投票卡" in client.get(url("board", uuid)).content.decode()
    vote_all(vote, [[[1, 0, 0]]] * 20)
    chair = client_of(cast.chair)
    chair.post(url("ballot-act", vote.ballot.public_id, "close"))
    assert "已经截止" in client.get(url("vote", uuid)).content.decode()
    assert "开箱，交我的一份" in client_of(cast.wenjuan).get(url("holder", vote.ballot.public_id)).content.decode()
    refused = client_of(cast.wenjuan).post(url("holder", vote.ballot.public_id), {"material": "{}"}, follow=True)
    assert "没有收" in refused.content.decode()
    for place in range(3):
        vote.share(place)
    code = queries.tracked_ballots(vote.election)[0].code
    assert "找到了" in client.get(url("board", uuid), {"q": code.lower()}).content.decode()
    assert "板上没有这个码" in client.get(url("board", uuid), {"q": "0000-0000-0000"}).content.decode()
    assert "验过了，没有问题" in client.post(url("verify", uuid)).content.decode()
    altered = bytearray(vote.archive)
    altered[len(altered) // 2] ^= 1
    file = SimpleUploadedFile("a.bel", bytes(altered))
    assert "被改过" in client.post(url("verify", uuid), {"archive": file}).content.decode()
    assert "已领卡" in client_of(cast.handler).get(url("codes", vote.ballot.public_id)).content.decode()
    assert client_of(cast.stranger).get(url("codes", vote.ballot.public_id)).status_code == 404
    assert client_of(cast.stranger).get(url("holder", vote.ballot.public_id)).status_code == 404


def test_the_voting_page_says_that_it_is_too_early(cast, client):
    vote = held(cast, made.adopt, present=20, opens=False)
    uuid = vote.election.uuid
    assert "还没有开始投票" in client.get(url("vote", uuid)).content.decode()
    assert client.get(url("board", uuid)).status_code == 404


def test_proposals_and_disclosure_on_their_pages(cast, client_of, congress):
    browser, chair = client_of(cast.wenjuan), client_of(cast.chair)
    others = "、".join(row.person.name for row in congress.delegates.exclude(person=cast.wenjuan_person)[:2])
    given = {"category": "life", "title": "班车", "reason": "没有公交", "suggestion": "加一趟", "seconders": others}
    assert "代表里没有" in browser.post(url("own-proposal-new"), {**given, "seconders": "张三"}).content.decode()
    browser.post(url("own-proposal-new"), given)
    proposal = congress.proposals.get()
    desk = url("proposal-detail", congress.public_id, proposal.public_id)
    assert "写明由哪个部门" in chair.post(desk, {"to": "assigned"}).content.decode()
    chair.post(desk, {"to": "assigned", "handler": "行政部"})
    chair.post(desk, {"reply": "下月起"})
    assert "你满意吗" in browser.get(url("own-proposal", proposal.public_id)).content.decode()
    browser.post(url("own-proposal", proposal.public_id), {"satisfaction": "yes"})
    proposal.refresh_from_db()
    assert proposal.state == "closed"
    assert "班车" in chair.get(url("proposal-list", congress.public_id)).content.decode()
    item = {"group": "insurance", "title": "社保", "content": "足额", "scope": "all", "every": 3, "period": "三季度"}
    chair.post(url("disclosure-list", congress.public_id), item)
    found = congress.disclosures.get()
    browser.post(url("own-disclosure", found.public_id), {"text": "补缴了吗？"})
    question = found.questions.get()
    answered = url("disclosure-answer", congress.public_id, found.public_id, question.public_id)
    assert "emsg" in chair.post(answered, {"answer": " "}).content.decode()
    chair.post(answered, {"answer": "补上了"})
    assert "补上了" in browser.get(url("own-disclosure", found.public_id)).content.decode()
    assert "不到5人看过" in chair.get(url("disclosure-list", congress.public_id)).content.decode()
    assert "还没有决议" in chair.get(url("resolution-list", congress.public_id)).content.decode()
    assert "社保" in browser.get(url("own-congress")).content.decode()


def test_the_hall_shows_the_way_to_vote_only_while_the_box_is_open(cast, client_of):
    vote = held(cast, made.adopt)
    browser, screen = client_of(cast.chair), url("hall-screen", vote.session.public_id)
    assert "投票页二维码" in browser.get(screen).content.decode()
    vote_all(vote, [[[1, 0, 0]]] * 20)
    actions.close_ballot(vote.ballot, by=cast.chair)
    closed = browser.get(screen).content.decode()
    assert "投票页二维码" not in closed
    assert "0 / 3" in closed
