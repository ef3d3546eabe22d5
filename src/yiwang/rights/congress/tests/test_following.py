"""Proposals, disclosure, resolutions, worker directors, papers."""

import datetime as dt
import hashlib
import io
import zipfile

import pytest

from yiwang.kernel.clock import add_months, today
from yiwang.platform.journal.models import JournalEntry
from yiwang.rights.congress import actions, papers
from yiwang.rights.congress import queries_following as queries
from yiwang.rights.congress.errors import NotReady
from yiwang.rights.congress.formulas import HandCount
from yiwang.rights.congress.models import AgendaItem, Disclosure, Proposal, Resolution
from yiwang.rights.congress.tests import factories as made

pytestmark = pytest.mark.django_db


@pytest.fixture
def congress(cast):
    return made.in_term(cast)


@pytest.fixture
def three(congress):
    return list(congress.delegates.order_by("pk")[:3])


def by_hands(session, by):
    return made.hear(session, by, method="hands", title="食堂管理办法")


def decided(congress, by):
    session = made.opened(congress, by, by_hands)
    actions.decide_by_hands(session.items.get(), HandCount(30, 0, 0), by=by)
    return session


def test_a_proposal_goes_from_filing_to_a_satisfied_proposer(cast, congress, three):
    proposal = made.filed(three[0], three[1:], by=cast.wenjuan)
    actions.review_proposal(proposal, "assigned", opinion="", handler="行政部", by=cast.chair)
    assert proposal.due_on == today() + dt.timedelta(days=30)
    actions.reply_to_proposal(proposal, "下月起发车。", by=cast.chair)
    actions.judge_reply(proposal, "mostly", by=cast.wenjuan)

    assert (proposal.state, proposal.satisfaction) == (Proposal.State.CLOSED, "mostly")
    rates = queries.rates_of(congress)
    assert (rates.filed, rates.taken, rates.replied, rates.content, rates.late) == (1, 1, 1, 1, 0)


def test_a_proposal_needs_two_others(cast, three):
    with pytest.raises(NotReady, match="2位别的代表"):
        made.filed(three[0], [three[0], three[1]], by=cast.wenjuan)
    assert made.filed(three[0], three, by=cast.wenjuan).number == 1


def test_an_unsatisfied_proposer_gets_one_more_round(cast, three):
    proposal = made.filed(three[0], three[1:], by=cast.wenjuan)
    actions.review_proposal(proposal, "assigned", opinion="", handler="行政部", by=cast.chair)
    for state in (Proposal.State.ASSIGNED, Proposal.State.CLOSED):
        actions.reply_to_proposal(proposal, "研究研究。", by=cast.chair)
        actions.judge_reply(proposal, "no", by=cast.wenjuan)
        assert proposal.state == state


def test_a_review_says_who_or_why(cast, three):
    proposal = made.filed(three[0], three[1:], by=cast.wenjuan)
    for to in ("assigned", "refused"):
        with pytest.raises(NotReady):
            actions.review_proposal(proposal, to, opinion=" ", handler=" ", by=cast.chair)
    actions.review_proposal(proposal, "suggestion", opinion="转给行政部参考", handler="", by=cast.chair)
    assert proposal.state == Proposal.State.SUGGESTION


def test_empty_replies_and_answers_are_refused(cast, congress, three):
    proposal = made.filed(three[0], three[1:], by=cast.wenjuan)
    item = made.disclosed(congress, cast.chair)
    with pytest.raises(NotReady):
        actions.ask_about(item, " ")
    question = actions.ask_about(item, "补缴了吗？")
    for verb in (
        lambda: actions.reply_to_proposal(proposal, "", by=cast.chair),
        lambda: actions.judge_reply(proposal, "great", by=cast.wenjuan),
        lambda: actions.answer_question(question, " ", by=cast.chair),
    ):
        with pytest.raises(NotReady):
            verb()


def test_readers_are_counted_once_and_nobody_is_named(cast, congress):
    item = made.disclosed(congress, cast.chair)
    entries = JournalEntry.objects.count()
    for user in (cast.wenjuan, cast.wenjuan, cast.clerk):
        actions.note_reading(item, user)

    assert queries.disclosures_of(congress).get().readers == 2
    assert JournalEntry.objects.count() == entries
    assert {len(row.reader) for row in item.readings.all()} == {64}
    assert not {str(cast.wenjuan.pk), str(cast.wenjuan_person.pk)} & {row.reader for row in item.readings.all()}
    assert queries.readers_said(item, 4) == "不到5人看过"
    assert queries.readers_said(item, 5) == "5人看过"


def test_a_question_carries_no_name_and_has_thirty_days(cast, congress):
    item = made.disclosed(congress, cast.chair)
    question = actions.ask_about(item, "补缴了吗？")
    assert question.due_on == today() + dt.timedelta(days=30)
    assert {field.name for field in question._meta.fields} == {
        *("id", "disclosure", "public_id", "text", "asked_on", "due_on", "answer", "answered_on")
    }
    actions.answer_question(question, "补上了。", by=cast.chair)
    assert queries.questions_of_disclosure(item)[0].answer == "补上了。"


def test_the_next_period_is_due_and_then_not(cast, congress):
    item = made.disclosed(congress, cast.chair)
    assert item.next_on == add_months(today(), 3)
    assert not queries.is_overdue(item)
    Disclosure.objects.filter(pk=item.pk).update(
        published_on=today() - dt.timedelta(days=100), next_on=today() - dt.timedelta(days=5)
    )
    item.refresh_from_db()
    assert queries.is_overdue(item)
    made.disclosed(congress, cast.chair, period="2026年四季度")
    assert not queries.is_overdue(item)
    assert not queries.is_overdue(made.disclosed(congress, cast.chair, every=0, title="规章"))


def test_some_items_are_for_delegates_only(cast, congress, three):
    item = made.disclosed(congress, cast.chair, scope="delegates")
    assert list(queries.disclosures_for(congress, None)) == []
    assert list(queries.disclosures_for(congress, three[0])) == [item]


def test_a_resolution_is_looked_at_and_only_a_vote_replaces_it(cast, congress):
    session = decided(congress, cast.chair)
    first = Resolution.objects.get()
    actions.check_resolution(first, on=today(), result="partly", finding="还差二楼。", by=cast.chair)
    actions.close_session(session, by=cast.chair)
    decided(congress, cast.chair)

    newest = queries.resolutions_of(congress)[0]
    assert newest.replaces == first
    assert first.checks.get().result == "partly"
    assert queries.resolution_called(congress, newest.public_id) == newest


def elected(congress, by, name="王立群"):
    session = made.called(congress, by)
    item = session.items.get()
    AgendaItem.objects.filter(pk=item.pk).update(kind="E", outcome={"elected": [name], "run_off": []})
    item.refresh_from_db()
    return item


def test_a_worker_director_was_elected_and_stays_three_years_at_most(cast, congress):
    item = elected(congress, cast.chair)

    def record(**change):
        given = {
            "name": "王立群",
            "body": "board",
            "is_senior_manager": False,
            "since": today(),
            "until": add_months(today(), 36),
            "by": cast.chair,
        }
        return actions.record_director(item, **{**given, **change})

    for change, words in (
        ({"name": "李巧云"}, "不是这次会议"),
        ({"until": add_months(today(), 37)}, "最长3年"),
        ({"until": today()}, "最长3年"),
        ({"body": "supervisors", "is_senior_manager": True}, "不能当监事"),
    ):
        with pytest.raises(NotReady, match=words):
            record(**change)
    director = record()
    actions.note_report(director, by=cast.chair)
    director.refresh_from_db()
    assert director.reported_on == today()
    assert queries.directors_of(congress) == [director]
    assert queries.elections_of(congress) == [item]


def test_three_hundred_workers_need_a_worker_director(cast, congress):
    assert not queries.needs_director(congress)
    congress.headcount = 300
    assert queries.needs_director(congress)


def test_the_pack_holds_every_paper_and_its_hash(cast, congress):
    session = decided(congress, cast.chair)
    actions.write_minutes(session, "会议开得很好。", by=cast.chair)
    actions.close_session(session, by=cast.chair)
    session.refresh_from_db()

    pack = zipfile.ZipFile(io.BytesIO(papers.evidence_pack(session)))

    names = set(pack.namelist())
    assert {"会议纪要.pdf", "决议.docx", "代表名册.csv", "签到册.csv", "材料/1.txt", "说明.txt"} <= names
    for line in pack.read("SHA256SUMS").decode().splitlines():
        digest, _space, name = line.partition("  ")
        assert hashlib.sha256(pack.read(name)).hexdigest() == digest


def test_a_session_without_resolutions_prints_none(cast, congress):
    session = made.opened(congress, cast.chair, made.hear)
    actions.note_item(session.items.get(), "", by=cast.chair)
    actions.close_session(session, by=cast.chair)
    session.refresh_from_db()
    assert papers.resolutions_paper(session) is None
    assert papers.minutes_of(session).pdf.startswith(b"%PDF")
