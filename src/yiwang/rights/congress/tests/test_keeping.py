"""Around the vote: objections to the roll, reports to the union above, the end of keys, recalls of directors."""

import csv
import datetime as dt
import io
import zipfile

import pytest
from django.urls import reverse

from yiwang.kernel.clock import add_months, add_workdays, now, today
from yiwang.platform.ballots.library import canonical, credentials
from yiwang.platform.ballots.models import Election
from yiwang.platform.notify.models import Message
from yiwang.platform.rules.queries import work_calendar
from yiwang.rights.congress import actions, papers, policies, queries, tasks
from yiwang.rights.congress import queries_keeping as kept
from yiwang.rights.congress.errors import NotReady, TooEarly
from yiwang.rights.congress.formulas import HandCount
from yiwang.rights.congress.models import (
    AgendaItem,
    DirectorRecall,
    Report,
    RollChallenge,
    Session,
    WorkerDirector,
)
from yiwang.rights.congress.tests import factories as made
from yiwang.rights.congress.tests.secret import drawn, held, make_keys, vote_all

pytestmark = pytest.mark.django_db
YES, NO = [1, 0, 0], [0, 1, 0]
MISSING = {"about": "missing", "name": "陆小兵", "reason": "选上了，名册里没有。"}


@pytest.fixture
def congress(cast):
    return made.in_term(cast)


def url(name, *args):
    return reverse(f"congress:{name}", args=args)


# The roll


def test_an_objection_to_the_roll_stops_the_vote_until_somebody_else_decides_it(cast):
    vote = drawn(cast, made.adopt)
    make_keys(vote)
    batch = credentials.make(vote.election.uuid, 30)
    challenge = actions.challenge_roll(vote.session, **MISSING, by=cast.wenjuan)
    assert Message.objects.filter(recipient_id=cast.chair.pk, template="congress/challenge").exists()

    with pytest.raises(NotReady, match="名册异议还没决定：1件"):
        actions.freeze_roll(vote.ballot, canonical.dump(batch.public), by=cast.handler)
    with pytest.raises(NotReady, match="请别人来决定"):
        actions.decide_challenge(challenge, "rejected", decision="不是", by=cast.wenjuan)
    with pytest.raises(NotReady, match="写下怎么决定"):
        actions.decide_challenge(challenge, "rejected", decision=" ", by=cast.chair)
    actions.decide_challenge(challenge, "rejected", decision="他那个选区还没选。", by=cast.chair)
    actions.freeze_roll(vote.ballot, canonical.dump(batch.public), by=cast.handler)

    challenge.refresh_from_db()
    assert (challenge.state, challenge.decided_by) == ("rejected", cast.chair)
    assert Message.objects.filter(recipient_id=cast.wenjuan.pk, template="congress/challenge_decided").exists()


def test_a_frozen_roll_can_be_contested_until_the_vote_begins(cast):
    vote = held(cast, made.adopt, opens=False)
    challenge = actions.challenge_roll(vote.session, **MISSING, by=cast.wenjuan)
    with pytest.raises(NotReady, match="1件"):
        actions.open_ballot(vote.ballot, by=cast.chair)
    with pytest.raises(NotReady, match="先把表决票作废"):
        actions.decide_challenge(challenge, "upheld", decision="是漏了。", by=cast.chair)
    actions.cancel_ballot(vote.ballot, by=cast.chair)
    actions.decide_challenge(challenge, "upheld", decision="是漏了。", by=cast.chair)

    assert RollChallenge.objects.get().state == "upheld"


def test_when_the_vote_begins_the_roll_stands(cast):
    vote = held(cast, made.adopt)
    with pytest.raises(NotReady, match="投票已经开始"):
        actions.challenge_roll(vote.session, **MISSING, by=cast.wenjuan)


def test_the_roll_lies_open_for_two_days_unless_the_presidium_took_it_upon_itself(cast):
    vote = held(cast, made.adopt, opens=False)
    Session.objects.update(short_notice_reason="", called_at=now() - dt.timedelta(days=1))
    with pytest.raises(TooEarly, match="要公开2天"):
        actions.open_ballot(vote.ballot, by=cast.chair)
    Session.objects.update(called_at=now() - dt.timedelta(days=2))
    actions.open_ballot(vote.ballot, by=cast.chair)

    assert vote.election.state == Election.State.OPEN
    assert kept.roll_contestable_until(Session()) is None
    assert not kept.roll_lay_open(Session())


def test_workers_read_the_roll_and_object_on_its_page(cast, client_of, congress):
    session = made.called(congress, cast.chair)
    worker, desk, page = client_of(cast.wenjuan), client_of(cast.chair), url("own-roll", session.public_id)
    text = worker.get(page).content.decode()
    assert kept.roll_hash_of(list(queries.delegates_of(congress))) in text
    assert "周文娟" in text
    assert "请填“说的是谁”" in worker.post(page, {**MISSING, "name": ""}).content.decode()
    assert not RollChallenge.objects.exists()
    assert worker.post(page, MISSING).url == page
    challenge = RollChallenge.objects.get()
    assert "等决定" in worker.get(page).content.decode()
    assert "陆小兵" in desk.get(url("session-detail", session.public_id)).content.decode()

    decide = url("challenge-decide", session.public_id, challenge.public_id)
    assert "写下怎么决定" in desk.post(decide, {"to": "rejected"}).content.decode()
    assert desk.post(url("challenge-decide", session.public_id, "nobody")).status_code == 404
    assert client_of(cast.approver).post(decide, {"to": "rejected", "decision": "不是"}).status_code in (403, 404)
    assert desk.post(decide, {"to": "rejected", "decision": "还没选。"}).status_code == 302
    assert "还没选。" in worker.get(page).content.decode()
    assert client_of(cast.sibling_handler).get(page).status_code == 404


def test_the_page_takes_no_objection_once_the_vote_began(cast, client_of):
    vote = held(cast, made.adopt)
    assert client_of(cast.wenjuan).post(url("own-roll", vote.session.public_id), MISSING).status_code == 404


# Reports


def test_an_election_and_a_session_are_reported_within_seven_working_days(cast, congress):
    election = Report.objects.get()
    assert (election.about, election.due_on) == ("election", add_workdays(today(), 7, work_calendar()))
    session = made.opened(congress, cast.chair, made.hear)
    actions.note_item(session.items.get(), "", by=cast.chair)
    actions.close_session(session, by=cast.chair)
    report = Report.objects.get(about="session")
    assert (report.session, report.since) == (session, today())

    actions.send_report(report, note="会上提了三条意见。", by=cast.chair)
    assert Message.objects.filter(template="congress/report").exists()
    with pytest.raises(NotReady, match="请上级工会的别人"):
        actions.receive_report(report, remark="", by=cast.chair)
    actions.receive_report(report, remark="夜班津贴要盯住。", by=cast.town_officer)
    report.refresh_from_db()
    assert (report.state, report.sent_on, report.received_on) == ("received", today(), today())
    assert kept.days_late(report) == 0
    assert report_words(report)[0].startswith("时间：")


def report_words(report):
    paper = papers.report_paper(report)
    assert paper.pdf.startswith(b"%PDF")
    return papers.facts_of_report(report)


def test_a_general_meeting_elects_nobody_and_reports_no_election(cast):
    meeting = actions.start_congress(
        cast.unit, kind="general", headcount=60, women=20, seats=60, years=5, by=cast.chair
    )
    actions.constitute(meeting, on=today(), by=cast.chair)
    assert not Report.objects.exists()


def test_a_union_without_one_above_reports_to_nobody_by_message(cast, congress):
    report = Report.objects.get()
    report.congress.organisation.parent = None
    Message.objects.all().delete()
    actions.send_report(report, note="", by=cast.chair)
    assert not Message.objects.exists()
    assert "职工268人" in report_words(report)[0]
    assert not policies.may_oversee(cast.town_officer, report.congress)


def test_who_keeps_a_congress_is_reminded_before_on_and_after_the_last_day(cast, congress):
    report = Report.objects.get()
    for day, told in ((-4, 0), (-3, 1), (0, 2), (0, 2), (1, 3), (2, 3)):
        actions.sweep_reports(report.due_on + dt.timedelta(days=day))
        assert Message.objects.filter(template="congress/report_due", recipient_id=cast.chair.pk).count() == told
    actions.send_report(report, note="", by=cast.chair)
    assert actions.sweep_reports(report.due_on) == 0
    tasks.sweep(0)


def test_a_report_is_sent_on_its_page_and_received_above(cast, client_of, congress):
    report = Report.objects.get()
    page = url("report-detail", congress.public_id, report.public_id)
    desk, above = client_of(cast.chair), client_of(cast.town_officer)
    assert "要上报" in desk.get(url("congress-detail", congress.public_id)).content.decode()
    Report.objects.update(due_on=today() - dt.timedelta(days=1))
    assert "过了期限" in desk.get(page).content.decode()
    assert "职代会情况要上报" in desk.get(reverse("portal:today")).content.decode()
    assert client_of(cast.approver).post(page, {"note": "好"}).status_code == 403
    assert desk.post(page, {"note": "无"}).status_code == 302
    assert "下级报来的职代会情况" in above.get(reverse("portal:today")).content.decode()
    assert desk.post(page, {"note": "无"}).status_code == 403
    assert above.post(page, {"remark": "夜班津贴要盯住。"}).status_code == 302
    assert "夜班津贴要盯住。" in desk.get(page).content.decode()
    for form in ("pdf", "docx"):
        assert desk.get(url("report-paper", congress.public_id, report.public_id, form)).status_code == 200
    assert desk.get(url("report-paper", congress.public_id, report.public_id, "txt")).status_code == 404
    assert desk.get(url("report-detail", congress.public_id, "nothing")).status_code == 404


# Keys


@pytest.fixture
def counted(cast):
    vote = held(cast, made.adopt, present=20)
    vote_all(vote, [[YES]] * 16 + [[NO]] * 4)
    vote.finish()
    return vote


def test_keys_and_codes_are_destroyed_after_the_days_of_protest_before_a_witness(cast, counted):
    holder = queries.holders_of(counted.ballot)[0]
    gone = {"how": "当众删除文件", "witness": "顾晓东"}
    with pytest.raises(NotReady, match="15天内可能有人要求复核"):
        actions.destroy_key(holder, **gone, by=holder.user)
    assert kept.destructions_due(holder.user) == []
    Election.objects.update(tallied_at=now() - dt.timedelta(days=15))
    assert kept.destructions_due(holder.user) == [(counted.ballot, "key")]
    assert kept.destructions_due(cast.handler) == [(counted.ballot, "codes")]
    with pytest.raises(NotReady, match="见证人要是别人"):
        actions.destroy_key(holder, how="删了", witness=f" {holder.user.name} ", by=holder.user)
    actions.destroy_key(holder, **gone, by=holder.user)
    with pytest.raises(NotReady, match="已经登记过"):
        actions.destroy_key(holder, **gone, by=holder.user)
    actions.destroy_codes(counted.ballot, how="碎了剩下的卡", witness="刘芳", by=cast.handler)
    assert kept.destructions_due(holder.user) == kept.destructions_due(cast.handler) == []

    actions.write_minutes(counted.session, "通过了。", by=cast.chair)
    actions.close_session(counted.session, by=cast.chair)
    session = Session.objects.get()
    pack = zipfile.ZipFile(io.BytesIO(papers.evidence_pack(session)))
    rows = list(csv.reader(io.StringIO(pack.read("钥匙和投票码销毁记录.csv").decode("utf-8-sig"))))
    assert [row[3] for row in rows[1:]] == [today().isoformat(), "还没销毁", "还没销毁", today().isoformat()]
    assert rows[2][4:] == ["", ""]
    assert "名册30人，发出投票卡20张；票箱里有20个码的票" in papers.facts_of_report(session.report)[4]
    assert rows[4][1:] == ["投票码", "沈佳", today().isoformat(), "碎了剩下的卡", "刘芳"]


def test_no_key_is_destroyed_before_a_result_and_any_after_a_cancelled_paper(cast):
    vote = drawn(cast, made.adopt)
    holder = queries.holders_of(vote.ballot)[0]
    with pytest.raises(NotReady, match="还没有公布"):
        actions.destroy_key(holder, how="删了", witness="顾晓东", by=holder.user)
    actions.cancel_ballot(vote.ballot, by=cast.chair)
    actions.destroy_key(holder, how="删了", witness="顾晓东", by=holder.user)
    assert kept.destruction_of(vote.ballot, holder).witness == "顾晓东"


def test_holders_and_the_code_maker_tell_of_it_on_their_pages(cast, client_of, counted):
    chair, maker, ballot = client_of(cast.chair), client_of(cast.handler), counted.ballot.public_id
    assert "先留着" in chair.get(url("holder", ballot)).content.decode()
    Election.objects.update(tallied_at=now() - dt.timedelta(days=20))
    assert "销毁钥匙" in chair.get(url("own-congress")).content.decode()
    given = {"how": "删了文件，清了浏览器", "witness": "顾晓东"}
    refused = chair.post(url("gone", ballot, "key"), {**given, "witness": cast.chair.name}, follow=True)
    assert "见证人要是别人" in refused.content.decode()
    assert "顾晓东" in chair.post(url("gone", ballot, "key"), given, follow=True).content.decode()
    told = chair.get(url("holder", ballot)).content.decode()
    assert f'data-forget="yw-key-{counted.election.uuid}-1"' in told
    assert "顾晓东" in maker.post(url("gone", ballot, "codes"), given, follow=True).content.decode()
    assert maker.post(url("gone", ballot, "key"), given).status_code == 404
    assert chair.post(url("gone", ballot, "codes"), given).status_code == 404
    assert chair.post(url("gone", ballot, "box"), given).status_code == 404
    assert "见证人" in chair.get(url("session-detail", counted.session.public_id)).content.decode()


# Recalls


@pytest.fixture
def director(cast, congress):
    session = made.called(congress, cast.chair)
    item = session.items.get()
    AgendaItem.objects.filter(pk=item.pk).update(kind="E", outcome={"elected": ["王立群"], "run_off": []})
    item.refresh_from_db()
    found = actions.record_director(
        item,
        name="王立群",
        body="board",
        is_senior_manager=False,
        since=today(),
        until=add_months(today(), 36),
        by=cast.chair,
    )
    actions.cancel_session(session, reason="改期", by=cast.chair)
    return found


def ask(director, by, **changes):
    given = {"askers": "delegates", "signed": 10, "reason": "一年没有述职。", "statement": ""}
    return actions.ask_recall(director, **{**given, **changes}, by=by)


def test_a_third_of_the_delegates_or_a_tenth_of_the_workers_ask_for_a_recall(cast, director):
    """30 delegates: 10; 268 workers: 27."""
    for change, words in (
        ({"signed": 9}, "30人里至少要10人联名"),
        ({"signed": 31}, "一共30人"),
        ({"askers": "workers", "signed": 26}, "268人里至少要27人联名"),
    ):
        with pytest.raises(NotReady, match=words):
            ask(director, cast.chair, **change)
    recall = ask(director, cast.chair, askers="workers", signed=27)
    assert recall.entitled == 268
    with pytest.raises(NotReady, match="已经有一件"):
        ask(director, cast.chair)


def tabled(cast, recall):
    session = made.planned(recall.director.congress, cast.chair, in_days=0)
    return session, actions.table_recall(recall, session, by=cast.chair)


@pytest.mark.parametrize(("yes", "state"), [(16, "recalled"), (15, "kept")])
def test_more_than_half_of_all_delegates_recall_a_director(cast, director, yes, state):
    recall = ask(director, cast.chair)
    session, item = tabled(cast, recall)
    assert (item.method, item.title) == ("secret", "罢免职工董事王立群")
    actions.call_session(session, reason="主席团一致同意", by=cast.chair)
    made.sign_in(session, 30, cast.chair)
    actions.open_session(session, by=cast.chair)
    AgendaItem.objects.update(method="hands")  # the count is what matters here, not how it was taken
    item.refresh_from_db()
    actions.decide_by_hands(item, HandCount(yes, 30 - yes, 0), by=cast.chair)

    recall.refresh_from_db()
    director.refresh_from_db()
    assert recall.state == state
    assert (director.recalled_on == today()) == (state == "recalled")
    if state == "recalled":
        with pytest.raises(NotReady, match="已经不在任"):
            ask(director, cast.chair)


def test_a_recall_taken_off_the_agenda_may_be_tabled_again(cast, director):
    recall = ask(director, cast.chair, statement="身体不好。")
    with pytest.raises(NotReady, match="先定一次会议"):
        actions.table_recall(recall, None, by=cast.chair)
    session, item = tabled(cast, recall)
    assert "身体不好。" in item.text
    actions.withdraw_item(item, by=cast.chair)
    again = actions.table_recall(recall, session, by=cast.chair)
    recall.refresh_from_db()
    assert (recall.state, recall.item) == (DirectorRecall.State.TABLED, again)
    assert not kept.recall_fell_off(DirectorRecall())
    actions.cancel_session(session, reason="改期", by=cast.chair)
    assert kept.recall_fell_off(kept.recall_called(director.congress, recall.public_id))


def test_a_recall_is_asked_for_and_tabled_on_the_page_of_directors(cast, client_of, congress, director):
    desk, page = client_of(cast.chair), url("resolution-list", congress.public_id)
    assert "有人要罢免王立群" in desk.get(page).content.decode()
    send = url("recall-new", congress.public_id, director.public_id)
    given = {"askers": "delegates", "signed": 3, "reason": "一年没有述职。"}
    assert "至少要10人联名" in desk.post(send, given).content.decode()
    assert desk.post(send, {**given, "signed": 10}).url == page
    recall = DirectorRecall.objects.get()
    table = url("recall-table", congress.public_id, recall.public_id)
    assert "先定一次会议" in desk.post(table, follow=True).content.decode()
    made.planned(congress, cast.chair)
    assert "罢免职工董事王立群" in desk.post(table, follow=True).content.decode()
    assert desk.post(url("recall-table", congress.public_id, "nothing")).status_code == 404
    assert desk.post(url("recall-new", congress.public_id, "nobody"), given).status_code == 404
    assert client_of(cast.wenjuan).post(send, given).status_code == 403
    assert client_of(cast.approver).post(send, given).status_code == 403


def test_every_seat_has_its_name(director):
    assert [kept.office_of(WorkerDirector(body=body)) for body in ("board", "supervisors", "audit")] == [
        "职工董事",
        "职工监事",
        "审计委员会职工委员",
    ]
