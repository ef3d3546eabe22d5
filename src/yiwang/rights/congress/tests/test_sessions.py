"""A session: papers, quorum, what hands and open votes decide."""

import datetime as dt

import pytest

from yiwang.kernel.clock import today
from yiwang.platform.journal.models import JournalEntry
from yiwang.rights.congress import actions, queries
from yiwang.rights.congress.errors import BadCount, NoQuorum, NotPresent, NotReady, WrongCode
from yiwang.rights.congress.formulas import HandCount
from yiwang.rights.congress.models import AgendaItem, Attendance, Congress, Delegate, Resolution, Session
from yiwang.rights.congress.tests import factories as made

pytestmark = pytest.mark.django_db


@pytest.fixture
def congress(cast):
    return made.in_term(cast)


def by_hands(session, by):
    return made.hear(session, by, method="hands")


def by_name(session, by):
    return made.hear(session, by, method="named", title="职代会实施办法")


def test_papers_are_sent_seven_days_before_or_with_a_reason(cast, congress):
    session = made.planned(congress, cast.chair, in_days=6)
    made.adopt(session, cast.chair)
    with pytest.raises(NotReady) as refusal:
        actions.call_session(session, by=cast.chair)
    assert "6天" in refusal.value.fields["reason"]

    actions.call_session(session, reason="主席团同意", by=cast.chair)
    session.refresh_from_db()
    assert (session.state, session.short_notice_reason) == (Session.State.CALLED, "主席团同意")


def test_seven_days_before_needs_no_reason(cast, congress):
    session = made.planned(congress, cast.chair, in_days=7)
    made.adopt(session, cast.chair)
    actions.call_session(session, by=cast.chair)
    assert session.__class__.objects.get(pk=session.pk).state == Session.State.CALLED


def test_nothing_is_called_without_agenda_or_presidium(cast, congress):
    session = actions.plan_session(
        congress, held_on=today() + dt.timedelta(days=9), place="厅", form="hall", called_by="union", by=cast.chair
    )
    with pytest.raises(NotReady, match="议程"):
        actions.call_session(session, by=cast.chair)
    made.adopt(session, cast.chair)
    with pytest.raises(NotReady, match="主席团"):
        actions.call_session(session, by=cast.chair)


def test_a_presidium_has_three_and_half_from_the_front_line(cast, congress):
    session = made.planned(congress, cast.chair)
    rows = list(queries.delegates_of(congress)[:4])
    with pytest.raises(NotReady, match="至少3人"):
        actions.name_presidium(session, rows[:2], by=cast.chair)
    Delegate.objects.filter(pk__in=[row.pk for row in rows[:3]]).update(category="leader")
    rows = list(Delegate.objects.filter(pk__in=[row.pk for row in rows]))
    with pytest.raises(NotReady, match="一线"):
        actions.name_presidium(session, rows, by=cast.chair)


def test_sessions_follow_the_term(cast, congress):
    with pytest.raises(NotReady, match="届满日"):
        actions.plan_session(
            congress,
            held_on=congress.ends_on + dt.timedelta(days=1),
            place="厅",
            form="hall",
            called_by="union",
            by=cast.chair,
        )
    made.planned(congress, cast.chair)
    with pytest.raises(NotReady, match="已经有一次会"):
        made.planned(congress, cast.chair)


def test_no_session_before_the_delegates(cast):
    with pytest.raises(NotReady, match="先选代表"):
        made.planned(made.started(cast), cast.chair)


def test_what_must_be_secret_is_tabled_secret(cast, congress):
    session = made.planned(congress, cast.chair)
    with pytest.raises(NotReady, match="无记名"):
        actions.table_item(session, kind="B", method="hands", title="集体合同", text="全文", by=cast.chair)
    with pytest.raises(NotReady, match="材料"):
        actions.table_item(session, kind="B", method="secret", title="集体合同", by=cast.chair)


@pytest.mark.parametrize(
    ("names", "seats"), [([], 1), ([{"name": "甲"}, {"name": "甲"}], 1), ([{"name": "甲"}, {"name": "乙"}], 2)]
)
def test_an_election_has_more_candidates_than_seats(cast, congress, names, seats):
    session = made.planned(congress, cast.chair)
    with pytest.raises(NotReady):
        actions.table_item(session, kind="E", method="secret", title="选举", names=names, seats=seats, by=cast.chair)


def test_sixty_five_percent_cannot_open_and_two_thirds_can(cast, congress):
    """19 of 30 are 63 %, 20 are two thirds."""
    session = made.called(congress, cast.chair)
    made.sign_in(session, 19, cast.chair)
    with pytest.raises(NoQuorum, match="现在到会19人，要到20人"):
        actions.open_session(session, by=cast.chair)

    made.sign_in(session, 20, cast.chair)
    actions.open_session(session, by=cast.chair)
    session.refresh_from_db()
    assert (session.state, session.entitled, session.present_at_opening) == (Session.State.OPEN, 30, 20)


def test_a_session_does_not_open_before_its_day(cast, congress):
    session = made.planned(congress, cast.chair, in_days=8)
    made.adopt(session, cast.chair)
    actions.call_session(session, by=cast.chair)
    made.sign_in(session, 30, cast.chair)
    with pytest.raises(NotReady, match="还没到"):
        actions.open_session(session, by=cast.chair)


def test_a_quorum_is_lost_when_people_leave_and_found_when_they_return(cast, congress):
    session = made.opened(congress, cast.chair, by_hands, present=20)
    item = session.items.get()
    one = session.attendances.first().delegate
    actions.leave_hall(session, one, by=cast.chair)
    with pytest.raises(NoQuorum):
        actions.decide_by_hands(item, HandCount(16, 0, 0), by=cast.chair)

    actions.check_in(session, one, by=cast.chair)
    actions.decide_by_hands(item, HandCount(16, 2, 1), by=cast.chair)
    item.refresh_from_db()
    assert (item.state, item.needed, item.entitled) == (AgendaItem.State.PASSED, 16, 30)
    assert Attendance.objects.filter(session=session).count() == 20


def test_a_majority_counts_all_delegates_not_those_present(cast, congress):
    """15 of 20 present are three quarters of the hall and half of the 30: not enough."""
    session = made.opened(congress, cast.chair, by_hands, present=20)
    item = session.items.get()
    with pytest.raises(BadCount, match="比在场"):
        actions.decide_by_hands(item, HandCount(15, 5, 1), by=cast.chair)

    actions.decide_by_hands(item, HandCount(15, 5, 0), by=cast.chair)
    item.refresh_from_db()
    assert item.state == AgendaItem.State.FAILED
    assert not Resolution.objects.exists()


def test_who_was_never_there_does_not_leave(cast, congress):
    session = made.called(congress, cast.chair)
    (there,) = made.sign_in(session, 1, cast.chair)
    absent = congress.delegates.order_by("-pk").first()

    for delegate in (absent, there, there):
        actions.leave_hall(session, delegate, by=cast.chair)

    left = JournalEntry.objects.filter(name="congress.delegate_left").values_list("data__delegate", flat=True)
    assert list(left) == [there.public_id]


def test_the_code_of_the_hall_signs_a_delegate_in(cast, congress):
    session = made.called(congress, cast.chair)
    delegate = congress.delegates.get(person=cast.wenjuan_person)
    wrong = "000000"
    with pytest.raises(WrongCode):
        actions.check_in_with_code(session, delegate, wrong, by=cast.wenjuan)

    for _twice in range(2):
        actions.check_in_with_code(session, delegate, session.code, by=cast.wenjuan)
    assert queries.hall_of(session).present == 1


def test_who_is_no_delegate_is_not_signed_in(cast, congress):
    session = made.called(congress, cast.chair)
    delegate = congress.delegates.get(person=cast.wenjuan_person)
    actions.end_delegate(delegate, reason="left", by=cast.chair)
    with pytest.raises(NotReady, match="不是这届"):
        actions.check_in(session, delegate, by=cast.chair)


def test_the_floor_goes_round(cast, congress):
    session = made.opened(congress, cast.chair, by_hands, present=20)
    first, second = [row.delegate for row in session.attendances.order_by("pk")[:2]]
    absent = congress.delegates.order_by("-pk").first()
    with pytest.raises(NotPresent):
        actions.ask_floor(session, absent, "工资", by=cast.chair)
    actions.ask_floor(session, first, "工资", by=cast.chair)
    actions.ask_floor(session, second, "", by=cast.chair)
    with pytest.raises(NotReady, match="已经在"):
        actions.ask_floor(session, first, "再说", by=cast.chair)

    assert actions.give_floor(session, by=cast.chair).delegate == first
    assert actions.give_floor(session, by=cast.chair).delegate == second
    assert actions.give_floor(session, by=cast.chair) is None


def test_an_adopted_amendment_is_written_below_the_text(cast, congress):
    session = made.opened(congress, cast.chair, by_hands, present=20)
    item, delegate = session.items.get(), session.attendances.first().delegate
    before = item.fingerprint
    with pytest.raises(NotReady, match="写一句"):
        actions.put_motion(session, delegate, " ", by=cast.chair)
    absent = congress.delegates.order_by("-pk").first()
    with pytest.raises(NotPresent):
        actions.put_motion(session, absent, "补贴改为350元", by=cast.chair)
    motion = actions.put_motion(session, delegate, "补贴改为350元", item=item, by=cast.chair)
    rejected = actions.put_motion(session, delegate, "休会十分钟", by=cast.chair)

    assert actions.decide_motion(rejected, HandCount(15, 0, 0), by=cast.chair).state == "rejected"
    assert actions.decide_motion(motion, HandCount(16, 0, 0), by=cast.chair).state == "adopted"
    with pytest.raises(NotReady, match="已经表决过"):
        actions.decide_motion(motion, HandCount(16, 0, 0), by=cast.chair)
    item.refresh_from_db()
    assert "补贴改为350元" in item.text
    assert item.fingerprint != before
    actions.decide_by_hands(item, HandCount(20, 0, 0), by=cast.chair)
    item.refresh_from_db()
    with pytest.raises(NotReady, match="不能再提"):
        actions.put_motion(session, delegate, "再改", item=item, by=cast.chair)


def test_an_open_vote_by_name_counts_each_delegate_once(cast, congress):
    session = made.opened(congress, cast.chair, by_name)
    item = session.items.get()
    delegates = [row.delegate for row in session.attendances.all()]
    with pytest.raises(NotReady, match="不在表决"):
        actions.vote_by_name(item, delegates[0], "yes", by=cast.chair)
    actions.open_named_vote(item, by=cast.chair)
    for place, delegate in enumerate(delegates):
        actions.vote_by_name(item, delegate, "yes" if place < 16 else "no", by=cast.chair)
    actions.vote_by_name(item, delegates[0], "abstain", by=cast.chair)
    actions.vote_by_name(item, delegates[0], "yes", by=cast.chair)
    with pytest.raises(NotReady, match="选赞成"):
        actions.vote_by_name(item, delegates[0], "maybe", by=cast.chair)
    actions.leave_hall(session, delegates[29], by=cast.chair)
    with pytest.raises(NotPresent):
        actions.vote_by_name(item, delegates[29], "yes", by=cast.chair)

    actions.close_named_vote(item, by=cast.chair)

    item.refresh_from_db()
    assert item.counts == [{"title": item.title, "votes": [["yes", 16], ["no", 14], ["abstain", 0]]}]
    assert item.state == AgendaItem.State.PASSED
    assert Resolution.objects.get().item == item
    with pytest.raises(NotReady):
        actions.close_named_vote(item, by=cast.chair)


def test_each_item_is_decided_its_own_way(cast, congress):
    session = made.opened(congress, cast.chair, by_hands, by_name, made.hear)
    hands, named, heard = session.items.all()
    with pytest.raises(NotReady):
        actions.decide_by_hands(named, HandCount(20, 0, 0), by=cast.chair)
    with pytest.raises(NotReady):
        actions.open_named_vote(hands, by=cast.chair)
    with pytest.raises(NotReady):
        actions.note_item(hands, "好", by=cast.chair)
    actions.note_item(heard, "请公布明细。", by=cast.chair)
    heard.refresh_from_db()
    assert (heard.state, heard.opinions) == (AgendaItem.State.NOTED, "请公布明细。")


def test_a_session_closes_when_all_is_decided_and_is_published_with_minutes(cast, congress):
    session = made.opened(congress, cast.chair, by_hands, made.hear)
    hands, heard = session.items.all()
    actions.decide_by_hands(hands, HandCount(30, 0, 0), by=cast.chair)
    with pytest.raises(NotReady, match="还有没处理完"):
        actions.close_session(session, by=cast.chair)
    actions.withdraw_item(heard, by=cast.chair)
    actions.close_session(session, by=cast.chair)
    with pytest.raises(NotReady, match="纪要"):
        actions.publish_session(session, by=cast.chair)
    actions.write_minutes(session, "会议开得很好。", by=cast.chair)
    actions.publish_session(session, by=cast.chair)

    session.refresh_from_db()
    assert session.state == Session.State.PUBLISHED
    with pytest.raises(NotReady, match="已公布"):
        actions.open_session(session, by=cast.chair)


def test_a_cancelled_session_says_why_and_gives_its_number_back(cast, congress):
    session = made.planned(congress, cast.chair)
    with pytest.raises(NotReady, match="为什么"):
        actions.cancel_session(session, reason=" ", by=cast.chair)
    actions.cancel_session(session, reason="台风", by=cast.chair)
    assert made.planned(congress, cast.chair).number == 1


def test_a_year_without_a_session_is_seen(cast, congress):
    assert not queries.session_is_due(congress)
    Congress.objects.filter(pk=congress.pk).update(starts_on=today() - dt.timedelta(days=367))
    congress.refresh_from_db()
    assert queries.session_is_due(congress)
